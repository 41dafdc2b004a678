// What a sub-step says: one computed sentence, the formula with this step's numbers, and its numbers by name.

import { count, number, percent, steady } from "../lib/dom.js";
import { generatorFacts } from "./generatorfacts.js";
import { change, fact, kindOf, meanSaid, ofShown, outputName, sized } from "./naming.js";
import { border, discriminatorTerms, hasLabels, hasOdds, written } from "./terms.js";
import { lengthOf, meanOf } from "./turn.js";

/**
 * {sentence, formulas: [text], numbers: [[name, value, words]], histogram, layers}. `histogram`: {title, border, sets:
 * [{label, ink, values, outline}]}; `layers`: [{title, names, values}].
 */
export function factsOf(turn, sub) {
  return sub.move.kind === "d" ? OF[sub.id](turn, sub.move) : generatorFacts(turn, sub);
}

const OF = { real: realFacts, noise: noiseFacts, fakes: fakeFacts, judge: judgeFacts, loss: lossFacts, step: stepFacts };

function realFacts(turn, { batch, real, realSeen, shown }) {
  const { spec, shape, size, scene } = turn;
  const off = realSeen ? meanOf(Array.from({ length: shown }, (_, i) => lengthOf(realSeen.map((value, k) => value - real[k]), i, size))) : null;
  return {
    sentence: `${count(batch)} real ${kindOf(turn, batch)} are drawn from the ${count(scene.numbers.split.train)} there are. Only D is ever shown them; G never sees one.`,
    formulas: [], histogram: valuesOf(turn, [{ label: "real", ink: "positive", values: real.subarray(0, shown * size) }]),
    numbers: [fact("Real batch", batch, sized([batch, ...shape])), fact(`Mean of its numbers${ofShown(batch, shown)}`, meanOf(real.subarray(0, shown * size))),
      ...(realSeen ? [fact("Instance noise, σ", spec.instance_noise, number(spec.instance_noise)), fact(`Moved by it, mean of the ${shown} shown`, off)] : [])],
  };
}

function noiseFacts(turn, { batch, shown, z }) {
  const { spec, noise } = turn;
  const mean = meanOf(z);
  const spread = Math.sqrt(meanOf(z.map((value) => (value - mean) ** 2)));
  const wanted = spec.noise === "uniform" ? "evenly between −1 and 1" : "from N(0, 1)";
  return {
    sentence: `${count(batch)} times ${noise === 1 ? "one number is" : `${count(noise)} numbers are`} drawn ${wanted}. Nothing of the data is in them: all that G will make comes out of these dice.`,
    formulas: [], histogram: { title: "The numbers drawn", border: 0, sets: [{ label: "noise", ink: "accent", values: z }] },
    numbers: [fact("Noise", noise, sized([batch, noise])), fact(`Its mean${ofShown(batch, shown)}`, mean), fact(`Standard deviation${ofShown(batch, shown)}`, spread)],
  };
}

const valuesOf = ({ planar }, sets) => ({ title: planar ? "Both coordinates of the points" : "Pixels of the pictures shown, −1 to 1", border: null, sets });

function fakeFacts(turn, { batch, real, fakes, shown }) {
  const { shape, size, planar } = turn;
  return {
    sentence: `G turns each draw into a ${kindOf(turn, 1)}. In D’s move G stands still: its weights get no gradient.`,
    formulas: ["fake = G(z)"], histogram: valuesOf(turn, [{ label: "real", ink: "positive", values: real }, { label: "fake", ink: "negative", values: fakes }]),
    numbers: [fact("Fakes", batch, sized([batch, ...shape])), fact(planar ? "Mean of their coordinates" : `Mean of their pixels, −1 to 1${ofShown(batch, shown)}`, meanOf(fakes.subarray(0, shown * size)))],
  };
}

/** How often D is right; of a critic, how often a real example stands higher than a fake of the same place in the batch. */
function rightness(spec, real, fake) {
  const edge = border(spec);
  const hits = (list, wanted) => list.reduce((sum, x) => sum + (x > edge === wanted ? 1 : 0), 0);
  if (edge === null) return ["Real above fake, pair by pair", real.reduce((sum, x, i) => sum + (x > fake[i] ? 1 : 0), 0) / real.length];
  return ["D is right about", (hits(real, true) + hits(fake, false)) / (real.length + fake.length)];
}

function judgeFacts(turn, move) {
  const { spec } = turn;
  const [real, fake] = [meanSaid(spec, move.realLogits), meanSaid(spec, move.fakeLogits)];
  const [name, share] = rightness(spec, move.realLogits, move.fakeLogits);
  const gap = real - fake;
  const judged = Math.abs(gap) < 0.02 ? "it can hardly tell them apart" : gap > 0 ? "it tells them apart, the right way round" : "it has them the wrong way round";
  return {
    sentence: `Of the real ${kindOf(turn, 2)} D says ${steady(real)} on average, of the fakes ${steady(fake)}: ${judged}.`,
    formulas: hasOdds(spec) ? ["D(x) = σ(logit) = 1 / (1 + e^−logit)"] : spec.loss.startsWith("wgan") ? ["D(x) is a height, not odds: only differences count"] : [],
    numbers: [fact(`Mean ${outputName(spec)}, real`, real), fact(`Mean ${outputName(spec)}, fake`, fake), fact("Mean logit, real", meanOf(move.realLogits)), fact("Mean logit, fake", meanOf(move.fakeLogits)), fact(name, share, percent(share))],
    histogram: { title: spec.loss.startsWith("wgan") ? "D’s heights of this batch" : "D’s logits of this batch", border: border(spec), sets: [{ label: "real", ink: "positive", values: move.realLogits }, { label: "fake", ink: "negative", values: move.fakeLogits }] },
  };
}

function lossFacts(turn, move) {
  const { spec } = turn;
  const terms = discriminatorTerms(spec, move.realLogits, move.fakeLogits);
  const [real, fake] = [meanOf(terms.real), meanOf(terms.fake)];
  const text = written(spec);
  const hasPenalty = move.slopes !== null;
  const slope = hasPenalty ? meanOf(move.slopes) : null;
  const miss = hasPenalty ? meanOf(move.slopes.map((value) => (value - 1) ** 2)) : null;
  const heavier = spec.loss.startsWith("wgan") ? `Real ${kindOf(turn, 2)} stand ${steady(-real - fake)} above fakes on average.` : `The ${real > fake ? "real examples" : "fakes"} add more to it.`;
  return {
    sentence: `D’s loss is ${steady(move.loss)}. ${heavier}${hasPenalty ? ` Between real and fake D’s slope is ${steady(slope)} on average, where 1 costs nothing.` : ""}`,
    formulas: [
      `L(D) = mean of ${text.real}  +  mean of ${text.fake}${hasPenalty ? "  +  λ · mean of (‖∇D‖ − 1)²" : ""}`,
      `     = ${steady(real, 4)} + ${fake < 0 ? `(${steady(fake, 4)})` : steady(fake, 4)}${hasPenalty ? ` + ${number(spec.penalty)} · ${steady(miss, 4)}` : ""} = ${steady(move.loss, 4)}`,
    ],
    numbers: [fact("Real term, mean", real), fact("Fake term, mean", fake),
      ...(hasPenalty ? [fact("Slope between, mean", slope), fact("Mean (slope − 1)²", miss), fact(`Penalty, λ = ${number(spec.penalty)}`, move.penalty)] : []),
      ...(hasLabels(spec) && spec.label_smoothing ? [fact("Label of the real ones", 1 - spec.label_smoothing)] : []),
      ...(spec.instance_noise ? [fact("Instance noise on both, σ", spec.instance_noise)] : []), fact("D’s loss", move.loss)],
    histogram: hasPenalty ? { title: "Slopes ‖∇D‖ between real and fake", border: 1, sets: [{ label: "slope", ink: "accent", values: move.slopes }] }
      : { title: "What each example adds to the loss", border: null, sets: [{ label: "real", ink: "positive", values: terms.real }, { label: "fake", ink: "negative", values: terms.fake }] },
  };
}

function stepFacts(turn, move) {
  const { spec } = turn;
  const mean = (logits) => meanSaid(spec, logits);
  const loss = (real, fake) => { const terms = discriminatorTerms(spec, real, fake); return meanOf(terms.real) + meanOf(terms.fake); };
  const [before, after] = [loss(move.realLogits, move.fakeLogits), loss(move.realAfter, move.fakeAfter)];
  const better = after < before ? "lower, as the gradient promised" : "not lower: the step was too long for that, or the optimizer still followed older gradients";
  const name = spec.optimizer === "adam" ? "Adam" : spec.optimizer === "momentum" ? "momentum" : "plain descent";
  return {
    sentence: `D is changed. On the same batch it now says ${steady(mean(move.realAfter))} of real and ${steady(mean(move.fakeAfter))} of fake; its loss there${move.slopes ? ", the penalty apart," : ""} goes from ${steady(before, 4)} to ${steady(after, 4)}, ${better}.`,
    formulas: [`θD ← θD − step(∂L/∂θD), by ${name}, rate ${number(spec.learning_rate * spec.rate_ratio)}`],
    numbers: [fact("Norm of D’s gradient", move.norm, number(move.norm)), fact("Norm of the change", move.change, number(move.change)), fact("Largest change of a weight", move.largest, number(move.largest)),
      ...(move.clipped === null ? [] : [fact(`Weights at the clip, ± ${number(spec.clip)}`, move.clipped, count(move.clipped))]),
      change("Real", mean(move.realLogits), mean(move.realAfter)), change("Fake", mean(move.fakeLogits), mean(move.fakeAfter)), change("Loss", before, after, 4)],
    histogram: { title: "The same batch before (outlined) and after", border: border(spec), sets: [
      { label: "real, after", ink: "positive", values: move.realAfter }, { label: "fake, after", ink: "negative", values: move.fakeAfter },
      { label: "real, before", ink: "positive", values: move.realLogits, outline: true }, { label: "fake, before", ink: "negative", values: move.fakeLogits, outline: true }] },
    layers: [{ title: "Gradient norm, layer by layer of D", names: turn.layers.discriminator, values: move.layerGradients }, { title: "Change, layer by layer", names: turn.layers.discriminator, values: move.layerChanges }],
  };
}
