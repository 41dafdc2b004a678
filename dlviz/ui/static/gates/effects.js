// The effect of held gates, in words.

import { count, number } from "../lib/dom.js";
import { letterOf, wordsOf } from "./rows.js";

const steps = ({ from, to }) => (from === to ? `at step ${from + 1}` : `from step ${from + 1} to ${to + 1}`);

/** "f of 3 units": what one clamp holds. */
function heldOf(cell, { name, units }) {
  const letter = letterOf(cell, name);
  return units === null ? letter : `${letter} of ${units.length === 1 ? `unit ${units[0] + 1}` : `${units.length} units`}`;
}

/** "forget gate f, all 64 units, step 12 to 30": a line of the list. */
export function lineOf(cell, clamp, all, layers) {
  const { name, units, from, to, layer, direction, part } = clamp;
  const which = units === null ? `all ${all} units` : units.length === 1 ? `unit ${units[0] + 1}` : `${units.length} units`;
  const where = [layers > 1 ? `layer ${layer + 1}` : "", direction ? "backward" : "", part === "core" ? "" : part].filter(Boolean).map((word) => `, ${word}`).join("");
  return `${wordsOf(name)} ${letterOf(cell, name)}, ${which}${where}, ${from === to ? `step ${from + 1}` : `steps ${from + 1}–${to + 1}`}`;
}

const SMALL = 0.001; // a loss that changes by less stays as it is, for a reader
const costs = ({ before, now }, nats, each) => {
  const more = now - before;
  return Math.abs(more) < SMALL ? `moves the loss by less than ${SMALL} ${nats} ${each}` : `${more >= 0 ? "costs" : "saves"} ${number(Math.abs(more), 2)} ${nats} ${each}`;
};
const fromTo = ({ before, now }) => `(${number(before)} → ${number(now)})`;

/**
 * One or two sentences. `names`: {each: "a letter", loss: "nats"}; `said(t, pass)`: an answer in words.
 */
export function sentenceOf(effect, { cell, clamps, free, clamped, names, said }) {
  const one = clamps.length === 1;
  const what = one ? `Holding ${heldOf(cell, clamps[0])} at ${number(clamps[0].value)} ${steps(clamps[0])}` : `Holding these ${count(clamps.length)} together`;
  const changed = effect.changed.length;
  if (free.network.pattern === "last") {
    const last = free.logits.length - 1;
    const answer = free.classes.length && free.saidAt(last) === clamped.saidAt(last) ? `The answer is still ${said(last, clamped)}` : `The answer is now ${said(last, clamped)} instead of ${said(last, free)}`;
    if (!effect.all.count) return `${what}: ${answer[0].toLowerCase()}${answer.slice(1)}.`;
    return `${what} ${costs(effect.all, names.loss, "at the answer")} ${fromTo(effect.all)}. ${answer}.`;
  }
  const others = `${changed ? `Something else is likeliest at ${count(changed)} of ${count(free.logits.length)} steps` : "The likeliest answer changes nowhere"}.`;
  const numbers = free.classes.length ? others : `The answer moves by more than a hundredth at ${count(changed)} of ${count(free.logits.length)} steps.`;
  if (!effect.all.count) return `${what}. ${numbers}`;
  const parts = [];
  if (effect.after.count) parts.push(`${costs(effect.after, names.loss, names.each)} ${effect.backward ? "elsewhere" : one ? "after it" : "after them"} ${fromTo(effect.after)}`);
  if (effect.within.count) parts.push(`${costs(effect.within, names.loss, names.each)} while ${one ? "it is" : "they are"} held ${fromTo(effect.within)}`);
  const written = clamped.written && clamped.written.join() !== free.written.join()
    ? ` By itself it now writes “${names.text(clamped.written)}” instead of “${names.text(free.written)}”.` : clamped.written ? " What it writes by itself stays the same." : "";
  return `${what} ${parts.join(", and ")}. ${numbers}${written}`;
}
