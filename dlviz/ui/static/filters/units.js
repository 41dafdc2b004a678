// The units of a network that one can ask about, by its rows: maps of a layer, units of a dense one, classes.

import { count } from "../lib/number.js";

const KINDS = ["conv", "norm", "activation", "pool", "linear"];
const COLOURS = ["red", "green", "blue"];

export const isMap = (row) => row.output_shape.length === 3;
export const shapeText = (shape) => shape.map((n) => count(n)).join(" × ");
export const unitRows = (rows) => rows.filter(({ kind }) => KINDS.includes(kind));
export const convolutions = (rows) => rows.filter(({ kind }) => kind === "conv");
export const rowOf = (rows, name) => rows.find((row) => row.name === name) ?? null;

/** A unit that the network has: the one given where it has it, else the nearest channel of that row, else the first. */
export function held(rows, unit) {
  const row = unit && unitRows(rows).find(({ name }) => name === unit.row);
  if (!row) return { row: convolutions(rows)[0].name, channel: 0 };
  const channel = Math.min(unit.channel, row.output_shape[0] - 1);
  return channel === unit.channel ? unit : { ...unit, channel };
}

/** "map 5", "unit 3" or the name of a class. */
export function channelName(row, channel, classes) {
  return row.name === "output" ? classes[channel] : `${isMap(row) ? "map" : "unit"} ${channel + 1}`;
}

/** "conv1 · map 5", "the class 7". */
export function unitName(row, channel, classes) {
  const name = channelName(row, channel, classes);
  return row.name === "output" ? `the class ${name}` : `${row.name} · ${name}`;
}

/** What a convolution reads, one by one: "the picture", "the red of the picture", "map 3 of pool1". */
export function inputName(rows, row, channel) {
  const before = rows[rows.findIndex(({ name }) => name === row.name) - 1];
  if (before) return `map ${channel + 1} of ${before.name}`;
  return row.input_shape[0] === 1 ? "the picture" : `the ${COLOURS[channel]} of the picture`;
}
