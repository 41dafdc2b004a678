// What the panel shows of a pass: the rows of the strip with their names and scales, the tokens, the words of the task.

import { number } from "../lib/dom.js";
import { letterOf, limitOf, isSigned, rowsOf, seriesOf, valuesOf, wordsOf } from "./rows.js";

const WITHIN = 0.97; // of all units' values lie within the colours: a few units with large states must not pale the others
const LONGEST = 14; // letters of a word that make its column wider

/** Names of a part's steps: letters, words or numbers, and how they are to be written. */
export function tokensOf(scene, pass, part) {
  const { vocabulary, features, words } = scene.numbers;
  const { inputs } = pass.parts[part];
  const isText = vocabulary.length > 0;
  const tokens = isText ? inputs.map((id) => vocabulary[id]) : inputs;
  const labels = isText ? tokens : inputs.map((row) => (features.includes("mark") && row[1] > 0.5 ? `✓ ${number(row[0], 2)}` : number(row[0], 2)));
  const kind = !isText ? "numbers" : words ? "words" : "letters";
  return { tokens, labels, kind, longest: Math.min(LONGEST, labels.reduce((most, label) => Math.max(most, label.length), 1)) };
}

/** Words of the task: what is asked at a step, how its losses are called. */
export function namesOf(scene, pass) {
  const { classes, unit, words, vocabulary, spec } = scene.numbers;
  const loss = classes.length ? "nats" : unit ? "squared standard deviations" : "squared error";
  const each = spec.task === "characters" || pass.answering === "decoder" ? "a letter" : words ? "a word" : "a step";
  const next = spec.task === "characters" || pass.answering === "decoder" || ["weather", "sines"].includes(spec.task);
  return {
    loss, each,
    question: next ? "Next it expects" : "It says",
    came: pass.answering === "decoder" ? "Right would be" : next ? "What came" : "Right",
    text: (tokens) => tokens.map((k) => vocabulary[k]).filter((token) => token !== "$").join(""),
  };
}

/** Values of one row of another pass less those of this one. */
function less(a, b) {
  const found = new Float32Array(a.length);
  for (let i = 0; i < found.length; i += 1) found[i] = a[i] - b[i];
  return found;
}

/**
 * The strip's model without what is brushed or sorted. `shown`: the pass that is painted; with `against` the difference
 * to it. `choice`: {part, place: {layer, direction}, unit, open, zoom}.
 */
export function stripModel(scene, shown, against, { part, place, unit, open, zoom }) {
  const { spec, classes, features } = scene.numbers;
  const { read } = shown.parts[part];
  const { steps, units } = read;
  const { cell, task } = spec;
  const rows = rowsOf(cell).map((name) => {
    const own = valuesOf(read, name, place);
    const values = against ? less(own, valuesOf(against.parts[part].read, name, place)) : own;
    const series = seriesOf(values, steps, units, unit);
    const isOpen = name === open;
    const signed = isSigned(name) || Boolean(against);
    return { name, letter: letterOf(cell, name), words: wordsOf(name), values, series, signed, limit: signed ? (isOpen ? limitOf(values, WITHIN) : limitOf(series)) : 1, open: isOpen };
  });
  const text = tokensOf(scene, shown, part);
  return {
    ...text, steps, units, rows, unit, zoom, cell, task, part, place, read, pass: shown, layers: spec.layers,
    inputs: shown.network.parts[part][place.layer][place.direction].inputs,
    order: Array.from({ length: units }, (_, k) => k), pattern: null, changed: new Set(), matches: [],
    text: { task, part, tokens: text.tokens, features, classes, targets: shown.targets },
  };
}

/** A span to begin with: the first longer word of a text, or the middle third. */
export function firstSpan({ tokens, kind, steps }) {
  if (kind === "letters") {
    let from = null;
    for (let t = 0; t <= steps; t += 1) {
      const inside = t < steps && /\p{L}/u.test(tokens[t]);
      if (inside) from ??= t;
      else if (from !== null && t - from >= 4 && from > 8) return { from, to: t - 1 };
      else from = null;
    }
  }
  return { from: Math.floor(steps / 3), to: Math.max(Math.floor(steps / 3), Math.ceil((2 * steps) / 3) - 1) };
}
