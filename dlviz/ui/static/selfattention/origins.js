// Where one cell of a matrix comes from: the cells it was computed of, and the arithmetic with its numbers. Nothing here draws.
//
// An origin is {letters, terms: [[a, b], …] (their products are added), then: [[sign and name, number], …] (added behind),
// numbers: text instead of terms, value, lit: [{id, row, column}] with row or column left out where all of it counts}.

import { number, steady } from "../lib/dom.js";
import { spread } from "./parts.js";

const n = (x) => steady(x);
const inBrackets = (x) => (x < 0 ? `(${n(x)})` : n(x));
const added = (x) => (x < 0 ? `− ${n(-x)}` : `+ ${n(x)}`);
const BASE = 10_000; // of RoPE

/** The origin of cell (row, column) of the part `id`. */
export function originOf(parts, id, row, column) {
  const part = parts.by[id];
  const value = part.values[row * part.columns + column];
  const found = FINDERS[id](parts, row, column, value);
  return { terms: null, then: [], numbers: null, ...found, id, row, column, value };
}

const cell = ({ values, columns }, r, c) => values[r * columns + c];
const rowOf = ({ values, columns }, r) => values.subarray ? values.subarray(r * columns, (r + 1) * columns) : values.slice(r * columns, (r + 1) * columns);

// A row of `a` times a column of `b`.
const dot = (a, r, b, c, count = a.columns) => Array.from({ length: count }, (_, k) => [cell(a, r, k), cell(b, k, c)]);

function normalized(input, { gain, shift }, r, c, source) {
  const { mean, deviation } = spread([...input]);
  return {
    letters: "(x − mean) ÷ deviation · gain + shift",
    numbers: `(${n(input[c])} ${added(-mean)}) ÷ ${n(deviation)} · ${inBrackets(gain[c])} ${added(shift[c])}`,
    lit: [{ id: source, row: r }],
  };
}

function arriving({ by, facts }, r, c) {
  const { layer, token, place, width, crosses } = facts;
  if (layer || crosses) return { letters: layer && !crosses ? "what layer " + layer + " left for this token" : "what the part before left for this token", lit: [] };
  const at = r * width + c;
  if (!place) return { letters: "the embedding of the token, learned", lit: [] };
  return { letters: "embedding of the token + its place", numbers: `${n(token[at])} ${added(place[at])}`, lit: [] };
}

function projected(source, weight) {
  return ({ by, facts }, r, c) => ({
    letters: `Σ ${source} · w + b`,
    terms: dot(by[source], r, by[weight], c, facts.width),
    then: [["b", cell(by[weight], facts.width, c)]],
    lit: [{ id: source, row: r }, { id: weight, column: c }],
  });
}

// Queries and keys that RoPE turns are projected first, then turned.
function asked(letter) {
  const source = (parts) => (letter !== "q" && parts.facts.crosses ? "m" : "x");
  const plain = (parts, r, c) => projected(source(parts), `w${letter}`)(parts, r, c);
  return { plain, turned: (parts, r, c) => (parts.by[`${letter}0`] ? turned(parts, letter, r, c) : plain(parts, r, c)) };
}

function turned({ by, facts }, letter, r, c) {
  const before = by[`${letter}0`];
  const even = c - (c % 2);
  const angle = r / BASE ** (even / facts.size);
  const [a, b, sin, cos] = [cell(before, r, even), cell(before, r, even + 1), Math.sin(angle), Math.cos(angle)];
  return {
    letters: c % 2 ? `first · sin θ + second · cos θ, with θ = ${n(angle)}` : `first · cos θ − second · sin θ, with θ = ${n(angle)}`,
    terms: c % 2 ? [[a, sin], [b, cos]] : [[a, cos], [-b, sin]],
    lit: [{ id: before.id, row: r, column: even }, { id: before.id, row: r, column: even + 1 }],
  };
}

const weight = (onto, of, names) => ({ facts }, r, c) => {
  const isBias = onto !== "o" && r === facts.width;
  return {
    letters: isBias ? `a learned bias, added to number ${c + 1} of every row of ${names[1]}` : `a learned weight: times number ${r + 1} of a row of ${names[0]}, into number ${c + 1} of the same row of ${names[1]}`,
    lit: [...(isBias ? [] : [{ id: of, column: r }]), { id: onto, column: c }],
  };
};
const weightOf = (letter) => (parts, r, c) => {
  const memory = letter !== "q" && parts.facts.crosses;
  return weight(parts.by[`${letter}0`] ? `${letter}0` : letter, memory ? "m" : "x", [memory ? "M" : "X", letter.toUpperCase()])(parts, r, c);
};

const query = asked("q");
const key = asked("k");
const value = asked("v");

const FINDERS = {
  r: arriving,
  x: (parts, r, c) => (parts.by.r ? normalized(rowOf(parts.by.r, r), parts.facts.normed, r, c, "r") : arriving(parts, r, c)),
  m: () => ({ letters: "what the encoder has made of this token of the source", lit: [] }),
  wq: weightOf("q"),
  wk: weightOf("k"),
  wv: weightOf("v"),
  q0: query.plain,
  k0: key.plain,
  q: query.turned,
  k: key.turned,
  v: value.plain,
  s: ({ by, facts }, r, c) => ({
    letters: "Σ q · k",
    terms: Array.from({ length: facts.size }, (_, m) => [cell(by.q, r, m), cell(by.k, c, m)]),
    lit: [{ id: "q", row: r }, { id: "k", row: c }],
  }),
  p: ({ by, facts }, r, c) => ({
    letters: facts.divided ? "q · k ÷ √d" : "q · k, not divided",
    numbers: facts.divided ? `${n(cell(by.s, r, c))} ÷ √${facts.size}` : n(cell(by.s, r, c)),
    lit: [{ id: "s", row: r, column: c }],
  }),
  b: ({ by, facts }, r, c) => ({
    letters: "score − slope · distance",
    numbers: `${n(cell(by.p, r, c))} − ${number(facts.slope, 4)} · ${Math.abs(r - c)}`,
    lit: [{ id: "p", row: r, column: c }],
  }),
  h: ({ by, facts }, r, c) => ({
    letters: facts.hidden[r * facts.keys + c] ? "hidden: this query may not look at this key, so it counts as −∞" : "not hidden: the score stays",
    lit: [{ id: facts.biased ? "b" : "p", row: r, column: c }],
  }),
  a: (parts, r, c) => {
    const row = softmaxRow(parts, r);
    const one = row.keys[c];
    return {
      letters: one.hidden ? "hidden: no weight" : "e to the power of (score − largest) ÷ the sum of these over the row",
      numbers: one.hidden ? null : `e^(${n(one.score)} ${added(-row.largest)}) ÷ ${n(row.total)} = ${n(one.power)} ÷ ${n(row.total)}`,
      lit: [{ id: parts.facts.hides ? "h" : parts.facts.biased ? "b" : "p", row: r }],
    };
  },
  z: ({ by, facts }, r, c) => ({ letters: "Σ weight · v", terms: dot(by.a, r, by.v, c, facts.keys), lit: [{ id: "a", row: r }, { id: "v", column: c }] }),
  wo: (parts, r, c) => weight("o", "z", ["Z", "what this head adds"])(parts, r, c),
  o: ({ by, facts }, r, c) => ({ letters: "Σ z · w", terms: dot(by.z, r, by.wo, c, facts.size), lit: [{ id: "z", row: r }, { id: "wo", column: c }] }),
  t: ({ facts }, r, c) => ({
    letters: facts.heads === 1 ? "what the head adds + b_O" : "what each head adds + b_O",
    numbers: `${facts.adds.map((one, k) => (k ? added(one[r * facts.width + c]) : n(one[r * facts.width + c]))).join(" ")} ${added(facts.bias[c])}`,
    lit: [{ id: "o", row: r, column: c }],
  }),
  y: ({ by }, r, c) => ({
    letters: "what came in + what attention adds",
    numbers: `${n(cell(by.r ?? by.x, r, c))} ${added(cell(by.t, r, c))}`,
    lit: [{ id: by.r ? "r" : "x", row: r, column: c }, { id: "t", row: r, column: c }],
  }),
  n: ({ by, facts }, r, c) => normalized(rowOf(by.y, r), facts.normed, r, c, "y"),
};

/** The softmax of one query worked out: {largest, total, keys: [{score, hidden, power, weight}]}. */
export function softmaxRow({ by, facts }, r) {
  const scores = rowOf(by.b ?? by.p, r);
  const hidden = (k) => Boolean(facts.hidden?.[r * facts.keys + k]);
  const seen = [...scores].filter((_, k) => !hidden(k));
  const most = seen.length ? Math.max(...seen) : 0;
  const keys = [...scores].map((score, k) => ({ score, hidden: hidden(k), power: hidden(k) ? 0 : Math.exp(score - most), weight: by.a.values[r * facts.keys + k] }));
  return { largest: most, total: keys.reduce((sum, { power }) => sum + power, 0), keys };
}
