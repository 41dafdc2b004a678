// An alarm with its reason: what goes wrong in the game, said from its scores alone. The same rule as dlviz/labs/gan/alarm.py;
// a test holds both against each other, word for word.

const [GOOD, BAD, FEW, MOST] = [0.5, 0.25, 0.5, 0.9];
const [LOW_RECALL, FAIR_RECALL, LOW_DIVERSITY, ALIKE] = [0.2, 0.3, 0.5, 0.1];
const [ONE, SETTLED, LATE] = [0.01, 50, 300];
const [SURE, FLAT, GUESSING] = [0.98, 0.05, 0.6];
const [ENOUGH, MOST_STEPS] = [[64, 64], 10];

/** `kind` → what stands on its badge. */
export const KINDS = { collapse: "Collapse", strong: "D too strong", blind: "D blind", early: "Not there yet", fine: "Fine" };
/** Kinds that are an alarm. */
export const ALARMS = ["collapse", "strong", "blind"];

/** {kind, sentence, mend, changes} of the scores of one moment; `spec`: its values and its `classes`. */
export function alarm(numbers, spec) {
  const has = (name) => numbers[name] !== null && numbers[name] !== undefined && Number.isFinite(numbers[name]);
  if (!has("separation") || !has("precision")) return said("early", "Nothing is measured yet.");
  const { separation, recall, diversity } = numbers;
  const [slope, total] = [pull(spec.loss, numbers.d_fake), spec.classes.length];
  const step = has("step") ? numbers.step : Infinity;
  const hasModes = total > 0 && has("modes");
  const good = hasModes ? Math.min(numbers.quality, numbers.precision) : numbers.precision;
  const share = hasModes ? numbers.modes / total : 1;
  const made = `${percent(good)} of the fakes are good`;
  const covers = hasModes ? `${Math.trunc(numbers.modes)} of ${total} modes are covered` : `recall is ${two(recall)}`;
  const ranks = `it puts the real one above the fake in ${percent(separation)} of pairs`;
  if (separation >= SURE && slope <= FLAT) {
    return said("strong", `D is too strong: ${ranks}, and the slope of G's loss at the fakes is ${two(slope)} of 1. G hears nothing.`,
      "A loss that is steep where D is sure of a fake: non-saturating.", { loss: "nonsaturating" });
  }
  if (diversity < ONE && step >= SETTLED) {
    return said("collapse", `G has collapsed: all fakes are one (diversity ${percent(diversity)}), ${made}.`,
      "Begin again with a smaller learning rate: a generator whose units are all off does not come back.");
  }
  const lacks = [];
  if (hasModes && share <= FEW) lacks.push(`only ${covers}`);
  if (recall < LOW_RECALL) lacks.push(`only ${percent(recall)} of real examples have fakes around them (recall)`);
  if (diversity < LOW_DIVERSITY) lacks.push(`fakes differ by ${percent(diversity)} of what real ones do (diversity)`);
  if (good >= GOOD && lacks.length) {
    return said("collapse", `G has collapsed: ${made}, but ${lacks.join(" and ")}.`, ...varied(spec));
  }
  if (separation <= GUESSING && good < BAD && step >= LATE) {
    return said("blind", `D is blind: ${ranks}, where 50 % is guessing, though only ${made} and ${covers}. G learns little from it.`,
      "A stronger D: its full rate, more units, or more D-steps.", stronger(spec));
  }
  if (good >= GOOD && share >= MOST && recall >= FAIR_RECALL) {
    return said("fine", `All is well: ${made}, ${covers}, diversity is ${percent(diversity)} of that of real ones.`);
  }
  if (diversity < ALIKE) return said("early", `Not there yet: the fakes are nearly all alike (diversity ${percent(diversity)}), ${made}.`);
  return said("early", `Not there yet: ${made}, ${covers}. Of D: ${ranks}, and the slope of G's loss is ${two(slope)} of 1.`);
}

const said = (kind, sentence, mend = "", changes = {}) => ({ kind, sentence, mend, changes });

/** The mean of |d loss_G / d logit| over the fakes, at most 1, from the mean of what D says of them. */
export function pull(loss, fake) {
  switch (loss) {
    case "minimax": return fake;
    case "nonsaturating": return 1 - fake;
    case "leastsquares": return Math.abs(1 - fake);
    default: return 1;
  }
}

const percent = (share) => `${Math.floor(100 * share + 0.5)} %`;

function two(value) {
  const cents = Math.floor(100 * Math.abs(value) + 0.5);
  return `${value < 0 && cents ? "−" : ""}${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

function varied(spec) {
  if (spec.network === "dcgan" && spec.batch_norm !== "both") return ["Batch norm in both networks: D then sees how alike a batch of fakes is.", { batch_norm: "both" }];
  return ["A loss that feels how far the fakes are as a whole: Wasserstein with gradient penalty.", { loss: "wgangp", discriminator_steps: 3 }];
}

function stronger(spec) {
  const units = (sizes) => sizes.reduce((sum, n) => sum + n, 0);
  if (spec.rate_ratio < 1) return { rate_ratio: 1 };
  if (spec.network === "dense" && units(spec.discriminator_hidden) < units(ENOUGH)) return { discriminator_hidden: ENOUGH };
  return { discriminator_steps: Math.min(MOST_STEPS, spec.discriminator_steps + 2) };
}

/**
 * Where an alarm rose in the curve of a run: [{step, kind, sentence}]. One measurement alone may be chance: it counts from the
 * second in a row of the same kind, at the first of them.
 */
export function risings({ names, steps, rows }, spec) {
  const found = [];
  let [before, isTold] = [null, false];
  for (let i = 0; i < steps.length; i += 1) {
    const numbers = { step: steps[i] };
    for (const name of names) numbers[name] = rows[name][i];
    const now = { step: steps[i], ...alarm(numbers, spec) };
    if (now.kind !== before?.kind) isTold = false;
    else if (!isTold && ALARMS.includes(now.kind)) {
      found.push({ step: before.step, kind: before.kind, sentence: before.sentence });
      isTold = true;
    }
    if (!isTold) before = now;
  }
  return found;
}
