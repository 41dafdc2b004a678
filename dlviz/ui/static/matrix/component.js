// The layer on the stage as one matrix, and one row of it times the picture.

import { readLayers, through } from "../lib/conv.js";
import { h, setText } from "../lib/dom.js";
import { limitOf } from "../lib/grid.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { LARGEST_CELL, MatrixPicture, TALLEST } from "./picture.js";
import { buildProduct } from "./product.js";
import { matrixOf } from "./sparse.js";
import * as words from "./words.js";

const [FOCUS, PINNED, LEARNED] = ["convolution.focus", "convolution.pinned", "convolution.learned"];
const ALL = "all";
const LARGE = 640; // columns from which the matrix needs the whole width
const SLIM = 400; // px of width below which the words get the larger part

export default mount((root, live, ctx) => {
  const view = { at: 0, filter: 0, channel: ALL, turned: false, scene: null, hovered: null, matrix: null, focus: null, mine: null };
  const controls = h("div.bar");
  const [size, structure, transpose] = [h("p.measure"), h("p.small"), h("p.small.muted")];
  const picture = new MatrixPicture({ onpoint: point, onpick: pin });
  const names = { top: h("span"), side: h("span"), tip: h("span.value") };
  const product = buildProduct({ onpoint: (column) => point(column === null ? null : { row: view.row, column, part: "matrix", term: true }) });
  const body = h("div.body",
    h("figure", h("figcaption.label", names.top, names.tip), picture.element, h("div.label", names.side)),
    h("div.beside", product.element, h("div.words", structure, transpose)));
  root.append(h("div.matrix", controls, size, body));
  ctx.host.dlviz = { matrix: () => expose(view) };

  // ---- what there is

  function read() {
    const { scene } = live;
    const frame = live.frame?.version === scene.version ? live.frame : null;
    const learned = live.shared.get(LEARNED) && frame?.step > 0 && frame.arrays["weight.0"];
    view.layers = readLayers(scene, learned ? frame : null);
    view.values = through(view.layers, scene.arrays.input.data);
    const shape = JSON.stringify(scene.numbers.layers.map(({ inputs, outputs, kind }) => [inputs, outputs, kind]));
    if (shape !== view.shape) Object.assign(view, { shape, at: Math.min(view.at, view.layers.length - 1), filter: 0, channel: ALL });
    view.scene = scene;
    rebuild();
  }

  function rebuild() {
    const begun = performance.now();
    const layer = view.layers[view.at];
    const taken = view.values[view.at];
    view.layer = layer;
    view.channels = layer.pools ? [view.filter] : view.channel === ALL ? Array.from({ length: layer.inputs }, (_, i) => i) : [view.channel];
    const straight = matrixOf(layer, taken, view.filter, view.channels);
    view.matrix = view.turned ? straight.transposed() : straight;
    view.counts = straight.count();
    const cells = layer.height * layer.width;
    const input = new Float32Array(view.channels.length * cells);
    view.channels.forEach((channel, i) => input.set(taken.subarray(channel * cells, (channel + 1) * cells), i * cells));
    const out = layer.outHeight * layer.outWidth;
    view.input = input;
    view.output = view.values[view.at + 1].subarray(view.filter * out, (view.filter + 1) * out);
    view.bias = layer.bias?.[view.filter] ?? 0;
    [view.top, view.side] = view.turned ? [view.output, null] : [view.input, view.output];
    view.side ??= view.matrix.times(view.top);
    const limits = { matrix: limitOf(view.matrix.entries.values), top: limit(view.top), side: limit(view.side) };
    const [rowBlock, columnBlock] = [layer.outWidth, layer.width];
    const wide = view.channels.map((_, i) => (i + 1) * cells);
    picture.set({ matrix: view.matrix, top: view.top, side: view.side, limits,
      blocks: view.turned ? [columnBlock, rowBlock] : [rowBlock, columnBlock], wide: view.turned ? [out] : wide });
    const { rows, cols } = view.matrix;
    body.classList.toggle("large", cols > LARGE || (rows > LARGE && cols > LARGE / 2));
    body.classList.toggle("slim", cols * Math.min(LARGEST_CELL, Math.max(1, TALLEST / rows)) < SLIM);
    view.strongest = strongest(view.side);
    const dimensions = `${view.matrix.rows} × ${view.matrix.cols}`;
    if (dimensions !== view.dimensions) view.hovered = null;
    view.dimensions = dimensions;
    view.built = performance.now() - begun;
    say();
    build();
    relight();
  }

  // ---- controls

  const menu = (name, label, options, labels, value, onchange, help) => knob({ name, kind: "choice", label, options, labels, help }, { value, onchange }).element;

  function build() {
    const { layers, layer, scene, at } = view;
    const key = JSON.stringify([view.shape, at, scene.numbers.filter_names, scene.numbers.channel_names]);
    if (key === view.shownFor) return;
    view.shownFor = key;
    const choose = (change) => { Object.assign(view, change); rebuild(); };
    const indexes = (n) => Array.from({ length: n }, (_, i) => String(i));
    const parts = [];
    if (layers.length > 1) {
      parts.push(menu("layer", "Layer", indexes(layers.length), ["Depthwise", "Pointwise"], String(at), (value) => choose({ at: Number(value), filter: 0, channel: ALL })));
    }
    if (layer.outputs > 1) parts.push(menu("filter", layer.pools ? "Channel" : "Filter", indexes(layer.outputs), indexes(layer.outputs).map((i) => filterName(Number(i))), String(view.filter), (value) => choose({ filter: Number(value) })));
    if (layer.inputs > 1 && !layer.pools) {
      parts.push(menu("channel", "Input channels", [ALL, ...indexes(layer.inputs)], ["All, side by side", ...indexes(layer.inputs).map((i) => channelName(Number(i)))], String(view.channel), (value) => choose({ channel: value === ALL ? ALL : Number(value) })));
    }
    parts.push(menu("turned", "Matrix", ["no", "yes"], ["M", "Mᵀ"], view.turned ? "yes" : "no", (value) => choose({ turned: value === "yes" }), "Mᵀ is M turned over: rows become columns."));
    controls.replaceChildren(...parts);
  }

  const channelName = (channel) => (view.at === 0 ? view.scene.numbers.channel_names[channel] : `map ${channel + 1}`) ?? `map ${channel + 1}`;
  const filterName = (o) => {
    if (view.layer.pools) return channelName(o);
    const name = view.at === view.layers.length - 1 ? view.scene.numbers.filter_names[o] : null;
    return name && !name.startsWith("filter") ? `${o + 1}: ${name}` : `${o + 1}`;
  };

  // ---- words

  function say() {
    const { layer, turned, matrix } = view;
    setText(size, words.size(matrix, view.counts, { kind: layer.kind, turned, several: layer.outputs > 1 }));
    setText(structure, words.structure(layer));
    setText(transpose, words.transpose(layer, turned));
    const among = view.channels.length > 1 ? `, ${view.channels.length} channels side by side` : layer.inputs > 1 ? `, ${channelName(view.channels[0])}` : "";
    const [input, output] = [`the input, ${layer.height} × ${layer.width} cells in one line${among}`, `the map, ${layer.outHeight} × ${layer.outWidth} cells in one line`];
    setText(names.top, `Along the top: ${turned ? output : input}.`);
    setText(names.side, `Down the side: ${turned ? `Mᵀ times the map, as large as ${input}` : output}.`);
  }

  function sayPlace() {
    const { lit, matrix } = view;
    const place = view.hovered;
    if (place?.part !== "matrix") {
      setText(names.tip, lit.tap === null ? "" : `weight ${tapName(lit.tap)}: ${lit.places.length} times in M`);
      return;
    }
    const e = matrix.entryAt(place.row, place.column);
    const at = `row ${place.row + 1}, column ${place.column + 1}: `;
    const text = e < 0 ? `${at}no weight, 0` : `${at}${words.value(matrix.entries.values[e])}, weight ${tapName(lit.tap)}, ${lit.places.length} times`;
    setText(names.tip, text);
    picture.tell(text);
  }

  function tapName(tap) {
    const { channel, ky, kx } = fromTap(view.layer, tap);
    return words.cell({ y: ky, x: kx, channel: view.layer.inputs > 1 && !view.layer.pools ? channel : undefined, name: channelName(channel) });
  }

  // ---- pointing

  function focusOf(place) {
    if (!place) return null;
    const { layer, at, filter, matrix, turned } = view;
    const taps = place.part === "matrix" ? matrix.tapsAt(place.row, place.column) : [];
    if (taps.length && layer.weight) return { kind: "kernel", layer: at, o: filter, ...fromTap(layer, taps[0]) };
    const output = turned ? place.column : place.row;
    const input = turned ? place.row : place.column;
    if (output !== null && (place.part !== "matrix" || !turned)) return { kind: "output", layer: at, o: filter, y: Math.floor(output / layer.outWidth), x: output % layer.outWidth };
    return { kind: "input", layer: at, ...inputCell(view, input) };
  }

  function point(place) {
    view.hovered = place;
    view.mine = focusOf(place);
    live.shared.set(FOCUS, view.mine);
    relight();
  }

  function pin(place) {
    const focus = focusOf(place);
    const same = JSON.stringify(focus) === JSON.stringify(live.shared.get(PINNED));
    if (!same) live.shared.set("happened.pinned", true);
    live.shared.set(PINNED, same ? null : focus);
  }

  /** What lights for what is pointed at here, elsewhere on the page, or pinned. */
  function relight() {
    const { matrix } = view;
    if (!matrix) return;
    const lit = { rows: [], columns: [], places: [], tap: null };
    const place = view.hovered;
    const shared = live.shared.get(FOCUS) ?? live.shared.get(PINNED) ?? null;
    const focus = (shared?.layer ?? 0) === view.at ? shared : null;
    let row = place?.row ?? null;
    if (place) {
      if (place.row !== null) lit.rows.push(place.row);
      if (place.column !== null) lit.columns.push(place.column);
      if (place.part === "matrix") lit.tap = matrix.tapsAt(place.row, place.column)[0] ?? null;
      if (place.part === "top" && view.turned) row = null;
    } else if (focus) {
      const at = placeOf(view, focus);
      if (at.row !== undefined) lit.rows.push(at.row);
      if (at.column !== undefined) lit.columns.push(at.column);
      row = at.row ?? null;
      lit.tap = at.tap ?? null;
    }
    if (lit.tap !== null) lit.places = matrix.placesOf(lit.tap);
    view.row = row ?? Math.min(view.row ?? view.strongest, matrix.rows - 1);
    if (row === null && !place && !focus) view.row = view.strongest;
    if (!lit.rows.length && !lit.columns.length && lit.tap === null) lit.rows.push(view.row); // the row that is written out
    view.lit = lit;
    picture.light(lit);
    sayPlace();
    sayProduct(place?.part === "matrix" ? place.column : null);
    ctx.redraw();
  }

  function sayProduct(column) {
    const { matrix, layer, turned, row, top } = view;
    const { starts, columns, values } = matrix.entries;
    const terms = [];
    let sum = 0;
    for (let e = starts[row]; e < starts[row + 1]; e += 1) {
      if (values[e] === 0) continue;
      terms.push({ weight: values[e], value: top[columns[e]], column: columns[e], where: placeName(columns[e], !turned) });
      sum += values[e] * top[columns[e]];
    }
    const bias = turned ? 0 : view.bias;
    view.sum = sum + bias;
    const partial = !turned && !layer.pools && view.channels.length < layer.inputs;
    const means = turned ? `The cell at ${placeName(row, true)} of what Mᵀ makes of the map.`
      : partial ? `A part of the cell at ${placeName(row, false)} of the map: what ${channelName(view.channels[0])} adds, and the bias.`
        : `The cell at ${placeName(row, false)} of the map, as on the stage.`;
    product.show({ title: `Row ${row + 1} of ${turned ? "Mᵀ, times the map" : "M, times the input"}`, terms, bias, sum: view.sum, means, column });
  }

  function placeName(index, isInput) {
    const { layer } = view;
    if (!isInput) return words.cell({ y: Math.floor(index / layer.outWidth), x: index % layer.outWidth });
    const { channel, y, x } = inputCell(view, index);
    return words.cell({ y, x, channel: layer.inputs > 1 ? channel : undefined, name: channelName(channel) });
  }

  live?.on("scene", read, ctx.signal);
  live?.on("frame", () => { if (live.shared.get(LEARNED)) read(); }, ctx.signal);
  live?.on("shared", ({ key, value }) => {
    if (key === LEARNED && view.scene) read();
    if (key !== FOCUS && key !== PINNED) return;
    if (key === FOCUS && value !== view.mine) view.hovered = picture.lens = null;
    relight();
  }, ctx.signal);

  return { draw: () => picture.draw(ctx.colors), update: () => ctx.redraw() };
});

/** How values are coloured: about zero where there are negative ones. */
function limit(values) {
  return { limit: limitOf(values), signed: values.some((value) => value < 0) };
}

function strongest(values) {
  let best = 0;
  for (let k = 0; k < values.length; k += 1) if (Math.abs(values[k]) > Math.abs(values[best])) best = k;
  return best;
}

function fromTap(layer, tap) {
  const size = layer.kh * layer.kw;
  return { channel: Math.floor(tap / size), ky: Math.floor((tap % size) / layer.kw), kx: tap % layer.kw };
}

/** The cell of the input that a number of its line is. */
function inputCell({ layer, channels }, index) {
  const cells = layer.height * layer.width;
  return { channel: channels[Math.floor(index / cells)], y: Math.floor((index % cells) / layer.width), x: index % layer.width };
}

/** Where what the page points at is in the matrix: {row}, {column}, {tap} or {}. */
function placeOf({ layer, channels, turned, filter }, focus) {
  if (focus.kind === "output") {
    const at = focus.y * layer.outWidth + focus.x;
    const inside = focus.y < layer.outHeight && focus.x < layer.outWidth && at >= 0;
    return inside ? { [turned ? "column" : "row"]: at } : {};
  }
  const i = channels.indexOf(focus.channel);
  if (i < 0) return {};
  if (focus.kind === "kernel") return focus.o === filter && layer.weight ? { tap: (focus.channel * layer.kh + focus.ky) * layer.kw + focus.kx } : {};
  const inside = focus.y >= 0 && focus.y < layer.height && focus.x >= 0 && focus.x < layer.width;
  return inside ? { [turned ? "row" : "column"]: i * layer.height * layer.width + focus.y * layer.width + focus.x } : {};
}

function expose(view) {
  if (!view.matrix) return null;
  const { matrix } = view;
  const { starts, columns, values } = matrix.entries;
  const entries = [];
  for (let r = 0; r < matrix.rows; r += 1) for (let e = starts[r]; e < starts[r + 1]; e += 1) entries.push([r, columns[e], values[e]]);
  return {
    rows: matrix.rows, cols: matrix.cols, entries, counts: view.counts, product: [...matrix.times(view.top)], top: [...view.top], side: [...view.side],
    bias: view.bias, row: view.row, sum: view.sum, lit: view.lit, built: view.built, turned: view.turned, at: view.at, filter: view.filter,
  };
}
