// What the parts found, in sentences with their numbers. Nothing here draws.

import { h, number, percent, steady } from "../lib/dom.js";
import { argmax } from "./stage.js";

/** A share in a sentence: its sign stays on its line. */
export const share = (p) => percent(p).replace(" ", "\u00a0");

/** "It answers 7, 91.1 %; with the change 2, 51.0 %." */
export function answerWords({ names }, before, after, changed, how = "with the change") {
  const [was, is] = [argmax(before), argmax(after)];
  const first = `${names[was]}, ${share(before[was])}`;
  if (!changed) return `The network answers ${first}.`;
  if (was === is) return `It answers ${names[is]} as before: ${share(before[was])} became ${share(after[is])}.`;
  return `It answered ${first}; ${how} it answers ${names[is]}, ${share(after[is])}.`;
}

/** Which class suffers most from a change. */
export function accuracyWords({ names }, { classesBefore, classesAfter, count }, changed) {
  const total = count.reduce((sum, n) => sum + n, 0);
  if (!changed) return `Of ${number(total)} test pictures, as the network is.`;
  const losses = Array.from(classesAfter, (after, k) => after - classesBefore[k]);
  const worst = argmax(losses.map((loss) => -loss));
  const best = argmax(losses);
  if (losses[worst] >= 0) return losses[best] > 0 ? `No class suffers; ${names[best]} gains most.` : "No class gains or loses a single test picture's worth.";
  return `${names[worst]} suffers most: ${share(classesBefore[worst])} of its ${number(count[worst])} test pictures were right, now ${share(classesAfter[worst])}.`;
}

/** What silence means at a layer. */
export function layerWords({ rows }, { name, maps }) {
  const at = rows.findIndex((row) => row.name === name);
  const [row, next] = [rows[at], rows[at + 1]];
  if (next?.kind === "norm") return `Batch norm follows ${name} and takes off a mean that stays as it was learned: a silenced map does not vanish, it becomes a constant. Behind the activation, silence means nothing.`;
  if (row.kind === "activation") return `${name} is what the next layer gets: a silenced ${maps ? "map" : "unit"} is 0 everywhere.`;
  return `The activation follows ${name}: a negative gain turns ${maps ? "the map" : "the unit"} round before it.`;
}

/** Where the patch is and what it does to the class in question. */
export function patchWords({ names }, k, [top, left], size, before, after) {
  const was = argmax(before);
  const is = argmax(after);
  const place = `Rows ${number(top + 1)} to ${number(top + size)}, columns ${number(left + 1)} to ${number(left + size)} are covered: ${names[k]} goes from ${share(before[k])} to ${share(after[k])}`;
  return is === was ? `${place}, and the answer stays ${names[is]}.` : `${place}, and the answer becomes ${names[is]}.`;
}

/** Where a class falls lowest, how often the answer changes, and how much of the fall lies on the shape. */
export function mapWords({ names }, k, { before, lowest, place, others, places, onShape, evenly }) {
  const fall = before[k] - lowest;
  const worst = fall > 0
    ? `${names[k]} falls lowest, to ${share(lowest)}, with the patch at row ${number(place[0] + 1)}, column ${number(place[1] + 1)}.`
    : `${names[k]} falls nowhere.`;
  const turned = `${others ? `At ${number(others)} of ${number(places)} places` : `At none of ${number(places)} places`} the answer is another class.`;
  if (onShape === null || fall <= 0) return `${worst} ${turned}`;
  return `${worst} ${turned} ${share(onShape)} of its fall lies on the shape; if every place mattered alike it would be ${share(evenly)}.`;
}

/** Where the answer switches, and what random noise of that size does. */
export function switchWords({ names }, { switches, answer, label, towards, random, flat }) {
  if (flat) return "The gradient is 0 at every cell: the loss is so flat here that its sign says nothing, and nothing changes.";
  const noise = random === null
    ? "Random signs of the same size do not change the answer up to 0.3."
    : `Random signs change the answer only from ε = ${steady(random, 3)} on.`;
  if (!switches.length) return `Up to ε = 0.3 the answer stays ${names[answer]}. ${random === null ? "Random signs do not change it either." : noise}`;
  const [first] = switches;
  const reached = switches.find(({ to }) => to === label);
  const aim = towards && first.to !== label ? (reached ? ` It becomes ${names[label]} at ε = ${steady(reached.above, 4)}.` : ` ${names[label]} is not reached.`) : "";
  return `At ε = ${steady(first.above, 4)} the answer switches from ${names[first.from]} to ${names[first.to]}.${aim} ${random !== null && random < first.above ? `The random signs drawn here change it earlier, from ε = ${steady(random, 3)} on.` : noise}`;
}

/** x′ = clip(x + ε sign ∇ₓ L), with the numbers put in: lines of what stands in them. */
export function equation({ names }, { epsilon, label, towards, loss, lossAfter, slope }) {
  const sign = towards ? "−" : "+";
  return [
    ["x′ = clip(x ", sign, " ", h("b", steady(epsilon, 4)), " · sign ∇", h("sub", "x"), ` L(x, ${names[label]}), 0, 1)`],
    [`L(x, ${names[label]}) = −ln p(${names[label]}) = ${steady(loss)}  →  L(x′, ${names[label]}) = `, h("b", steady(lossAfter))],
    [`The slope at x alone promises L(x) + Σ ∂L/∂x · (x′ − x) = ${steady(loss)} ${slope < 0 ? "−" : "+"} ${steady(Math.abs(slope))} = ${steady(loss + slope)}`],
  ];
}
