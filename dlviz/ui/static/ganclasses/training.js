// What is trained told and not told: set, steps and seed; the training itself, and the last race of each choice.

import { h, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";
import { Race } from "./race.js";

const RECIPES = {
  ring8: ["Ring of 8", 3000, "Dense layers of 64 and 64, two numbers of noise: both in well under a minute."],
  digits: ["Digits 8 × 8", 1500, "Dense layers of 64 and 64, 16 numbers of noise: both in about half a minute."],
  mnist: ["Digits 28 × 28, dense", 800, "Dense layers, 32 numbers of noise: a minute or two for both."],
  dcgan: ["Digits 28 × 28, DCGAN", 300, "Transposed convolutions, 32 numbers of noise: minutes for both. The first digits come after some 200 steps."],
  run: ["As the run above", 1000, "The settings of the run of this page, with the class and without; that run stays as it is."],
};
const RECIPE = { name: "gc_recipe", kind: "choice", label: "Trained on", options: Object.keys(RECIPES), labels: Object.values(RECIPES).map(([label]) => label), default: "ring8" };
const STEPS = { name: "gc_steps", kind: "range", label: "Training", unit: "steps", low: 20, high: 10000, whole: true, log: true, default: 3000, help: "Steps of each of the two: a step is a move of D, then one of G." };
const SEED = { name: "gc_seed", kind: "range", label: "Seed", low: 1, high: 20, whole: true, default: 1, help: "First weights, real points, batches and noise. One seed is one throw of the dice: look at several." };

/** `{element, race, running, nudge()}`; `onrace(isNew)` when there is another race or another moment of it. */
export function buildTraining({ live, ctx, onrace, happened }) {
  const wanted = { recipe: "ring8", steps: RECIPES.ring8[1], seed: 1 };
  const races = new Map();
  let begun = null;
  const about = h("p.small.muted");
  const steps = knob(STEPS, { value: wanted.steps, onchange: (value) => { wanted.steps = value; } });
  const recipe = knob(RECIPE, { value: wanted.recipe, onchange: (value) => {
    Object.assign(wanted, { recipe: value, steps: RECIPES[value][1] });
    steps.set(wanted.steps);
    nudge();
    onrace(true);
  } });
  const seed = knob(SEED, { value: wanted.seed, onchange: (value) => { wanted.seed = value; onrace(true); } });
  const keyOf = () => JSON.stringify([wanted.recipe, wanted.seed, wanted.recipe === "run" ? ownOf(live.scene) : ""]);
  const job = buildJob({
    live, ctx, label: "Train both", again: "Train again",
    command: () => ({ do: "probe", panel: "conditional", options: { recipe: begun.settings.recipe, steps: begun.settings.steps, race_seed: begun.settings.seed } }),
    onbegin() {
      begun = new Race({ ...wanted, key: keyOf() });
      hold(true);
    },
    took(answer) {
      const isFirst = !begun.moments.length;
      if (!begun.take(answer)) return;
      races.set(begun.settings.key, begun);
      if (begun.isDone) happened("conditional_raced");
      onrace(isFirst);
    },
  });
  job.element.querySelector("button").classList.add("primary");
  const element = h("div.gc-training", h("div.gc-knobs", recipe.element, steps.element, seed.element), about, job.element);

  // While they train, the choice is theirs.
  function hold(on) {
    for (const each of [recipe, steps, seed]) on ? each.disable("") : each.enable();
  }

  function nudge() {
    if (!job.running) hold(false);
    const isOwn = wanted.recipe === "run";
    const cannot = isOwn && live.scene && !live.scene.numbers.classes.length;
    setText(about, cannot ? "The set of the run above has no classes: there is nothing to tell. Choose one of the others here." : RECIPES[wanted.recipe][2]);
    if (!job.running && live.scene) job.element.querySelector("button").disabled = Boolean(cannot);
  }

  return {
    element, nudge,
    get running() { return job.running; },
    get race() { return (job.running && begun.moments.length ? begun : live.scene && races.get(keyOf())) ?? null; },
    labelOf: (settings) => RECIPES[settings.recipe][0],
  };
}

const LIVE = ["seed", "conditional", "moves"]; // of the run's settings, those that a race sets by itself
const ownOf = (scene) => scene && Object.entries(scene.numbers.spec).filter(([name]) => !LIVE.includes(name));
