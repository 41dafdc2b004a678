// The stations of the picture's way: the rows of the plan as one sees them, a layer together with its activation.

export const ACTIVATIONS = { relu: "ReLU", tanh: "tanh", sigmoid: "sigmoid" };

/**
 * From the numbers of a scene. Each: {key, kind: "picture" | "cells" | "maps" | "code" | "again", part, title, shape, size,
 * row (what makes it; null for the picture), act (its activation, or null), source (the station whose values its row takes),
 * target (the station that its own values go to), parameters}. `source` and `target` are places in the list or null.
 */
export function stationsOf({ rows, spec, shape, variational }) {
  const pixels = product(shape);
  const found = [station({ key: "picture", kind: "picture", part: "encoder", title: "Picture", shape, size: pixels })];
  const act = spec.activation === "linear" ? null : spec.activation;
  const heads = rows.filter(({ part }) => part === "code");
  for (const row of rows) {
    if (row === heads[0]) found.push(codeStation(row, heads, spec, variational));
    if (row.part === "code") continue;
    if (row.kind === "activation") found.at(-1).act = act;
    else if (row.kind === "unflatten" && row.label === "Maps") Object.assign(found.at(-1), { kind: "maps", shape: row.output_shape });
    else if (row.kind === "flatten" && found.length === 1) found.push(station({ key: row.name, kind: "cells", part: row.part, title: "Flatten", shape: row.output_shape, size: pixels }));
    else if (row.parameters && !(row.name === "decoder.output" && row.kind === "transposed")) found.push(layerStation(row));
  }
  const output = rows.find(({ name }) => name === "decoder.output");
  found.push(station({
    key: "again", kind: "again", part: "decoder", title: "Reconstruction", shape, size: pixels, row: output,
    act: spec.likelihood === "bernoulli" ? "sigmoid" : null, parameters: output.kind === "transposed" ? output.parameters : 0,
  }));
  join(found);
  return found;
}

const product = (shape) => shape.reduce((all, n) => all * n, 1);
const station = (given) => ({ row: null, act: null, parameters: 0, source: null, target: null, ...given });

const layerStation = (row) => station({
  key: row.name, kind: row.output_shape.length === 3 ? "maps" : "cells", part: row.part, title: row.name === "decoder.output" ? "Output" : titleOf(row),
  shape: row.output_shape, size: product(row.output_shape), row, parameters: row.parameters,
});

const titleOf = ({ kind }) => ({ linear: "Linear", conv: "Convolution", transposed: "Transposed" })[kind];

const codeStation = (row, heads, spec, variational) => station({
  key: "code", kind: "code", part: "code", title: variational ? "Code: μ, σ, z" : "Code", shape: row.output_shape, size: spec.latent, row,
  act: spec.kind === "sparse" ? "sigmoid" : null, parameters: heads.reduce((sum, { parameters }) => sum + parameters, 0),
});

// The strip of a dense output and the picture made of it are the same numbers: both have the same source.
function join(list) {
  list.forEach((each, k) => {
    if (!each.row) return;
    each.source = k - 1;
    if (each.kind === "again" && list[k - 1].row === each.row) each.source = k - 2;
    list[each.source].target ??= k;
  });
  if (list[1].title === "Flatten") list[0].target = 2;
}

/** "3 × 24 × 24" */
export const shapeText = (shape) => shape.map(grouped).join(" × ");

const grouped = (n) => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ",");

/** The parameters of a row by formula, with the numbers put in: "(784 + 1) · 256 = 200,960". */
export function formulaOf({ kind, input_shape: from, output_shape: to, parameters }) {
  if (!parameters) return "0";
  const left = {
    linear: () => `(${from[0]} + 1) · ${to[0]}`,
    conv: () => `(3 · 3 · ${from[0]} + 1) · ${to[0]}`,
    transposed: () => `3 · 3 · ${from[0]} · ${to[0]} + ${to[0]}`,
  }[kind]();
  return `${left} = ${grouped(parameters)}`;
}

/** The same, evaluated from the shapes alone. */
export function countOf({ kind, input_shape: from, output_shape: to }) {
  switch (kind) {
    case "linear": return (from[0] + 1) * to[0];
    case "conv": return (9 * from[0] + 1) * to[0];
    case "transposed": return 9 * from[0] * to[0] + to[0];
    default: return 0;
  }
}

/** The symbols of that formula. */
export const SYMBOLS = { linear: "(inputs + 1) · outputs", conv: "(3 · 3 · maps in + 1) · maps out", transposed: "3 · 3 · maps in · maps out + maps out" };
