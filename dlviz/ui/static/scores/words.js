// The equations with their numbers put in, and the sentences about what the five functions make of the vectors.

import { number, percent } from "../lib/dom.js";
import { attend, dot, insideOf, KINDS, lengthOf, NAMES, times } from "./rules.js";

export const two = (x) => {
  const text = (Math.abs(x) < 0.005 ? 0 : x).toFixed(2).replace("-", "−");
  return text.length > 9 ? number(x) : text;
};
const factor = (x) => (x <= -0.005 ? `(${two(x)})` : two(x));
const product = (a, b) => `${two(a)} · ${factor(b)}`;
const sum = (a, b) => `${product(a[0], b[0])} + ${product(a[1], b[1])}`;
const wrap = (text) => `(${text})`;

/** Lines of the score of one key: [letters and numbers]. The result stands in the last one. */
export function equation(kind, q, k, score, matrices) {
  const { w, v, repeats } = matrices;
  const many = repeats > 1 ? `${repeats} · ` : "";
  const whole = many ? wrap(sum(q, k)) : sum(q, k);
  if (kind === "dot") return [`${many}${whole}`, `= ${two(score)}`];
  if (kind === "scaled") return [`${many ? many + whole : wrap(whole)} / √${2 * repeats}`, `= ${two(repeats * dot(q, k))} / ${two(Math.sqrt(2 * repeats))} = ${two(score)}`];
  if (kind === "cosine") {
    const inside = lengthOf(q) * lengthOf(k);
    if (inside < 1e-8) return ["A vector of length 0 has no direction.", "= 0.00"];
    return [`${wrap(sum(q, k))} / ${wrap(`${two(lengthOf(q))} · ${two(lengthOf(k))}`)}`, `= ${two(dot(q, k))} / ${two(inside)} = ${two(score)}`];
  }
  if (kind === "bilinear") {
    const turned = times(w, k);
    return [`W k = (${two(turned[0])}, ${two(turned[1])})`, `${many}${many ? wrap(sum(q, turned)) : sum(q, turned)} = ${two(score)}`];
  }
  const inside = insideOf(q, k, matrices);
  return [`tanh(${two(inside[0])}) = ${two(Math.tanh(inside[0]))}, tanh(${two(inside[1])}) = ${two(Math.tanh(inside[1]))}`,
    `${sum(v, inside.map(Math.tanh))} = ${two(score)}`];
}

/** What bounds the scores of a function, in words. */
export function bounds(kind, { v }) {
  if (kind === "cosine") return "Between −1 and 1. Lengths do not count.";
  if (kind === "additive") return `Never beyond |v₁| + |v₂| = ${number(Math.abs(v[0]) + Math.abs(v[1]))}: tanh saturates.`;
  if (kind === "scaled") return "Without bound; divided by √d.";
  return kind === "dot" ? "Without bound: grows with either length." : "Without bound; W says which directions count.";
}

const list = (words) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);
const degrees = (a, b) => (Math.acos(Math.min(1, Math.max(-1, dot(a, b) / (lengthOf(a) * lengthOf(b))))) * 180) / Math.PI;

/** Who wins by which function: "Dot product and scaled dot choose b; …". `found`: kind → attend(…). */
export function winners(found, keys) {
  const groups = new Map(); // winner's place or "tie" → kinds
  for (const kind of KINDS) {
    const { winner, tied } = found[kind];
    const who = tied > 1 ? "tie" : winner;
    groups.set(who, [...(groups.get(who) ?? []), NAMES[kind].toLowerCase()]);
  }
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  if (groups.size === 1) {
    const [who] = groups.keys();
    if (who === "tie") return "No function has one winner here: each gives its best score to several keys at once.";
    const sure = KINDS.map((kind) => [found[kind].weights[who], kind]).sort((a, b) => a[0] - b[0]);
    return `All five choose ${keys[who].name}, but not as surely: its weight is ${percent(sure[0][0], 0)} by the ${NAMES[sure[0][1]].toLowerCase()} score and ${percent(sure.at(-1)[0], 0)} by the ${NAMES[sure.at(-1)[1]].toLowerCase()} score.`;
  }
  const parts = [...groups].map(([who, kinds]) => (who === "tie"
    ? `${list(kinds)} ${kinds.length > 1 ? "see" : "sees"} a tie`
    : `${list(kinds)} ${kinds.length > 1 ? "choose" : "chooses"} ${keys[who].name}`));
  return `${capital(parts.join("; "))}.`;
}

/** Why dot product and cosine differ, or what they share; "" where there is nothing to say. */
export function reason(found, query, keys, matrices) {
  const [byDot, byCosine] = [found.dot, found.cosine];
  if (lengthOf(query) < 1e-8) {
    const spread = Math.max(...found.additive.scores) - Math.min(...found.additive.scores);
    const rest = spread > 1e-9 ? `The additive score adds W_k k before the tanh, so it still prefers ${keys[found.additive.winner].name}.` : "The additive score sees no difference either.";
    return `The query is zero, so every product with it is zero and the weights are even, ${percent(1 / keys.length, 0)} each. ${rest}`;
  }
  const said = [];
  const [long, near] = [keys[byDot.winner], keys[byCosine.winner]];
  if (byDot.tied === 1 && byCosine.tied === 1 && long !== near) {
    said.push(`${long.name} stands ${degrees(query, long.at).toFixed(0)}° from the query and ${near.name} only ${degrees(query, near.at).toFixed(0)}°, but ${long.name} is ${number(lengthOf(long.at) / lengthOf(near.at), 2)} times as long: the dot product counts that, the cosine does not.`);
  } else if (byCosine.tied > 1) {
    said.push(`${byCosine.tied} keys stand at the same angle to the query, ${degrees(query, near.at).toFixed(0)}°: the cosine cannot tell them apart${byDot.tied === 1 ? `, the dot product prefers the longest, ${long.name}` : ""}.`);
  }
  const other = found.bilinear;
  if (other.tied === 1 && byDot.tied === 1 && other.winner !== byDot.winner) {
    const turned = times(matrices.w, keys[other.winner].at);
    said.push(`W sends ${keys[other.winner].name} to (${two(turned[0])}, ${two(turned[1])}), which fits the query better than what it makes of ${long.name}.`);
  }
  return said.join(" ");
}

/** The weight of the winner now, and if the query were twice as long. */
export function doubled(kind, found, query, keys, matrices) {
  const { winner, weights } = found[kind];
  const twice = attend(kind, query.map((x) => 2 * x), keys.map((k) => k.at), keys.map((k) => k.value), matrices);
  return { now: weights[winner], then: twice.weights[winner], text: `A query twice as long: ${keys[winner].name} ${percent(weights[winner], 0)} → ${percent(twice.weights[winner], 0)}` };
}

/** What the d slider does here, with its numbers. */
export function aboutDimensions(repeats) {
  if (repeats === 1) return "d = 2: the vectors as drawn. More repeats both coordinates, so that all sums run over d numbers.";
  return `Each coordinate stands ${repeats} times: a dot product is ${repeats} times as large, the scaled one ${number(Math.sqrt(repeats))} times. Repeated coordinates all agree, which is the extreme; of d independent ones the sum grows like √d, and dividing by √d undoes just that.`;
}
