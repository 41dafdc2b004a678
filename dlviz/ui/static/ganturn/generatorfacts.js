// What the sub-steps of the generator's move say (see facts.js).

import { count, number, percent, steady } from "../lib/dom.js";
import { pullOf } from "../lib/gan.js";
import { change, fact, kindOf, meanSaid, ofShown, outputName, sized } from "./naming.js";
import { border, generatorTerms, written } from "./terms.js";
import { lengthOf, meanOf } from "./turn.js";

export function generatorFacts(turn, { id }) {
  return OF[id](turn, turn.generator);
}

const OF = { gfakes: fakeFacts, gjudge: judgeFacts, gloss: lossFacts, gback: backFacts, gstep: stepFacts, bug: bugFacts };
const lengths = (list, move, size) => Array.from({ length: move.shown }, (_, i) => lengthOf(list, i, size));

function fakeFacts(turn, { batch, shown, z }) {
  return {
    sentence: `Now it is G’s turn. ${count(batch)} new draws become ${count(batch)} new fakes; there are no real ${kindOf(turn, 2)} in this half of the step.`,
    formulas: ["fake = G(z)"], histogram: { title: "The numbers drawn", border: 0, sets: [{ label: "noise", ink: "accent", values: z }] },
    numbers: [fact("Noise", turn.noise, sized([batch, turn.noise])), fact(`Its mean${ofShown(batch, shown)}`, meanOf(z)), fact("Fakes", batch, sized([batch, ...turn.shape]))],
  };
}

function judgeFacts(turn, move) {
  const { spec } = turn;
  const mean = meanSaid(spec, move.logits);
  const edge = border(spec);
  const fooled = edge === null ? null : move.logits.reduce((sum, x) => sum + (x > edge ? 1 : 0), 0) / move.batch;
  const who = turn.discriminator.length ? "The D that has just learned" : "D, which stands still,";
  return {
    sentence: `${who} says ${steady(mean)} of the new fakes on average${fooled === null ? "" : `; it takes ${percent(fooled)} of them for real`}.`,
    formulas: [],
    numbers: [fact(`Mean ${outputName(spec)}, fakes`, mean), fact("Mean logit", meanOf(move.logits)), ...(fooled === null ? [] : [fact("Taken for real", fooled, percent(fooled))]),
      ...(spec.instance_noise ? [fact("Instance noise on them, σ", spec.instance_noise)] : [])],
    histogram: { title: spec.loss.startsWith("wgan") ? "D’s heights of the new fakes" : "D’s logits of the new fakes", border: edge, sets: [{ label: "fake", ink: "negative", values: move.logits }] },
  };
}

function lossFacts(turn, move) {
  const { spec, size } = turn;
  const pull = meanOf(Float64Array.from(move.logits, (x) => pullOf(spec.loss, x)));
  const arrows = lengths(move.gradient, move, size);
  const text = written(spec);
  const starving = spec.loss === "minimax" && Math.abs(pull) < 0.1 ? " Minimax pulls little where D is sure of a fake: G starves." : "";
  return {
    sentence: `G’s loss is ${steady(move.loss)}. Its gradient at each fake says how that ${kindOf(turn, 1)} should change to look more real to D: the only thing G ever learns about the data.${starving}`,
    formulas: [`L(G) = mean of ${text.generator} = ${steady(move.loss, 4)}`, "∂ℓ/∂fake = ∂ℓ/∂logit · ∂logit/∂fake"],
    numbers: [fact("G’s loss", move.loss), fact("∂ℓ/∂logit, mean", pull), fact(`Length of ∂ℓ/∂fake, mean${ofShown(move.batch, move.shown)}`, meanOf(arrows), number(meanOf(arrows))), fact("Longest", Math.max(...arrows), number(Math.max(...arrows)))],
    histogram: { title: "What each fake adds to G’s loss", border: null, sets: [{ label: "fake", ink: "negative", values: generatorTerms(spec, move.logits) }] },
  };
}

function backFacts(turn, move) {
  const names = turn.layers.generator;
  const most = move.layerGradients.indexOf(Math.max(...move.layerGradients));
  const passed = move.bug ? "D’s weights take it too: that is the bug, shown last." : "It has passed through D, whose weights do not take it.";
  return {
    sentence: `The gradients of all ${count(move.batch)} fakes are carried on through G and added up at its weights; it is largest at ${names[most].name}. ${passed}`,
    formulas: ["∂L/∂θG = mean of ∂ℓ/∂fake · ∂fake/∂θG"],
    numbers: [fact("Norm of G’s gradient", move.norm, number(move.norm)), ...names.map(({ name }, k) => fact(name, move.layerGradients[k], number(move.layerGradients[k])))],
    layers: [{ title: "Gradient norm, layer by layer of G", names, values: move.layerGradients }],
  };
}

function stepFacts(turn, move) {
  const { spec, size } = turn;
  const went = lengths(move.moved.map((value, k) => value - move.fakes[k]), move, size);
  const known = move.cosines.filter((value) => !Number.isNaN(value));
  const along = known.filter((value) => value > 0).length;
  const [cosine, after] = [meanOf(move.cosines), meanOf(generatorTerms(spec, move.logitsAfter))];
  const whom = move.shown < move.batch ? `${count(known.length)} fakes shown` : `${count(known.length)} fakes`;
  const why = cosine > 0.9 ? "They go nearly where they were told." : "Fakes share one set of weights and cannot each go their own way; the optimizer adds what it remembers of earlier steps.";
  return {
    sentence: known.length ? `${count(along)} of the ${whom} moved along their arrow, not against it; the cosine of move and arrow is ${steady(cosine, 2)} on average. ${why}` : "No fake moved, or none was told where to go.",
    formulas: ["θG ← θG − step(∂L/∂θG)", `L(G) on the same noise, by the same D: ${steady(move.loss, 4)} → ${steady(after, 4)}`],
    numbers: [fact("Norm of G’s gradient", move.norm, number(move.norm)), fact("Norm of the change", move.change, number(move.change)), fact("Largest change of a weight", move.largest, number(move.largest)),
      fact(`A fake moved by, mean${ofShown(move.batch, move.shown)}`, meanOf(went), number(meanOf(went))), fact("Cosine with −gradient, mean", cosine, steady(cosine, 2)), fact("Along the arrow", known.length ? along / known.length : NaN, known.length ? percent(along / known.length) : "–"), change("G’s loss", move.loss, after, 4)],
    histogram: known.length ? { title: "Cosine of each move with its arrow", border: 0, range: [-1, 1], sets: [{ label: "fakes", ink: "negative", values: known }] } : null,
    layers: [{ title: "Change, layer by layer of G", names: turn.layers.generator, values: move.layerChanges }],
  };
}

function bugFacts(turn, move) {
  const { spec } = turn;
  const { bug } = move;
  const [before, after] = [meanSaid(spec, move.logits), meanSaid(spec, bug.logits)];
  const learned = after > before ? "D was taught to call fakes real, and undoes part of what it had learned" : "this time its optimizer’s memory was stronger than the gradient";
  return {
    sentence: `The optimizer holds D’s weights too, and nobody took the gradient away from them. On the same fakes D now says ${steady(after)} instead of ${steady(before)}: ${learned}.`,
    formulas: ["θD ← θD − step(∂L(G)/∂θD)", "Mended by: detach D, or clear its gradient, or give each player an optimizer of its own."],
    numbers: [fact("Norm of the gradient at D", bug.norm, number(bug.norm)), fact("Norm of D’s change", bug.change, number(bug.change)), fact("Largest change of a weight", bug.largest, number(bug.largest)), change("Fakes", before, after)],
    histogram: { title: "The same fakes before (outlined) and after", border: border(spec), sets: [{ label: "after", ink: "negative", values: bug.logits }, { label: "before", ink: "negative", values: move.logits, outline: true }] },
    layers: [{ title: "Change in G’s step, layer by layer of D", names: turn.layers.discriminator, values: bug.layerChanges }],
  };
}
