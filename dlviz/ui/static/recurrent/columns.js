// The sequence as columns of the picture: what is read, what is said, and what would be right.

import { softmax } from "../lib/softmax.js";
import { likeliest } from "./states.js";

/**
 * Columns from first to last: {part, t, token, value, values, fed, asked, said, sure, target, early, state}.
 *
 * `token`: the text read, or a number; `values`: all features of a step. `fed`: it reads what was just said. `asked`: an
 * answer is wanted here; `said`: the answer's text, or a number in the unit shown; `sure`: its probability, null of a number;
 * `target`: the right text or number, null where nobody knows. `early`: what it would say if the sequence ended here. `state`: see states.js.
 */
export function columnsOf({ scene, frame, states }) {
  const { pattern, vocabulary, classes, spec } = scene.numbers;
  const { ids, values, targets } = scene.arrays;
  const steps = (ids ?? values).shape[0];
  const isNumber = classes.length === 0;
  const part = pattern === "decoder" ? "encoder" : "core";
  const goal = (i) => {
    const target = targets?.data[i];
    if (target === undefined || Number.isNaN(target) || (!isNumber && target < 0)) return null;
    return isNumber ? shownAs(scene, target) : classes[target];
  };
  const framed = frame && { said: frame.arrays.said?.data, sure: frame.arrays.sure.data };
  const columns = Array.from({ length: steps }, (_, t) => {
    const width = ids ? 1 : values.shape[1];
    const row = ids ? null : [...values.data.subarray(t * width, (t + 1) * width)];
    const isAsked = pattern === "every" ? !targets || goal(t) !== null : pattern === "last" && t === steps - 1;
    const target = pattern === "every" ? goal(t) : isAsked ? goal(0) : null;
    return { part, t, token: ids ? vocabulary[ids.data[t]] : shownAs(scene, row[0]), values: row, fed: false, asked: isAsked, target, state: states?.[part][t] ?? null };
  });
  for (const column of columns) {
    if (column.asked) Object.assign(column, answerAt(framed, pattern === "last" ? 0 : column.t, column.state, scene));
    else if (pattern === "last" && column.state?.logits) column.early = answerOf(column.state.logits, scene);
  }
  if (pattern === "decoder") columns.push(...decoderColumns({ scene, framed, states, goal }));
  if (spec.writes) columns.push(...(states?.fed ?? []).map((state, t) => ({
    part, t: steps + t, token: vocabulary[state.token], values: null, fed: !state.typed, asked: true, target: null, state, ...answerOf(state.logits, scene),
  })));
  return columns;
}

/** A number of the data as it is told to people: of weather in °C. */
export function shownAs(scene, x) {
  const { spread, offset } = scene.numbers.shown_as;
  return x * spread + offset;
}

// Of the frame, which is newest; of the weights, where the frame is not there yet.
function answerAt(framed, i, state, scene) {
  const isNumber = scene.numbers.classes.length === 0;
  if (framed && i < framed.sure.length) return isNumber ? { said: shownAs(scene, framed.sure[i]), sure: null } : { said: scene.numbers.classes[framed.said[i]], sure: framed.sure[i] };
  return state?.logits ? answerOf(state.logits, scene) : { said: null, sure: null };
}

function answerOf(logits, scene) {
  const { classes } = scene.numbers;
  if (!classes.length) return { said: shownAs(scene, logits[0]), sure: null };
  const at = likeliest(logits);
  return { said: classes[at], sure: softmax(logits)[at] };
}

function decoderColumns({ scene, framed, states, goal }) {
  const { classes, vocabulary } = scene.numbers;
  const end = vocabulary.indexOf("$");
  const said = framed ? [...framed.said] : (states?.decoder ?? []).map(({ logits }) => likeliest(logits));
  const stop = said.indexOf(end);
  const length = stop < 0 ? said.length : stop + 1;
  return Array.from({ length }, (_, t) => {
    const state = states?.decoder[t] ?? null;
    return {
      part: "decoder", t, token: t === 0 ? vocabulary[0] : classes[said[t - 1]], values: null, fed: t > 0, asked: true, state,
      target: goal(t), ...answerAt(framed, t, state, scene),
    };
  });
}
