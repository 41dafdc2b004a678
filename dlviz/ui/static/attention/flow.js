// The flow: the whole network in one picture, line by line, with its heads below and words and shapes above.

import { fit, h, percent, replace, setText } from "../lib/dom.js";
import { keysOf } from "./stage.js";
import { layoutOf, stackAt, underOf } from "./layout.js";
import { paintLine } from "./painting.js";
import { Strips } from "./sprites.js";
import { Thumbs } from "./thumbs.js";
import { STACKS } from "./words.js";

export function buildFlow(area, stage) {
  const { ctx } = stage;
  const strips = new Strips();
  let layout = null; // of layout.js
  let lines = []; // {places, canvas, captions, thumbs}
  let shape = ""; // what the lines were built for
  let dirty = true;
  let longest = 1; // vector of the stream
  const means = new Map(); // of the weights over all heads, a moment

  stage.on("moment", () => { dirty = true; means.clear(); });
  stage.on("focus", () => { dirty = true; });
  stage.on("theme", () => { dirty = true; });

  // ---- what is drawn

  /** Rows that are shown of each stack: a translator's decoder ends with the end sign. */
  function countsOf() {
    const counts = Object.fromEntries(Object.values(stage.moment.pass.stacks).map(({ name, tokens }) => [name, tokens]));
    if (counts.decoder) counts.decoder = stage.answers.length;
    return counts;
  }

  function namesOf() {
    const { scene, pass } = stage.moment;
    const { vocabulary, classes } = scene.numbers;
    return Object.fromEntries(Object.values(pass.stacks).map(({ name, ids }) => [name, ids.map((id) => (name === "decoder" ? classes : vocabulary)[id])]));
  }

  /** Weights of an attention as its lines show them: of the chosen head, else the mean over all: {values, keys, head}. */
  function weightsOf(id) {
    const { part } = stage.moment.pass.grids.find((grid) => grid.id === id);
    const head = stage.chosenIn(id);
    if (head !== null) return { values: part.weights[head], keys: part.keys, head };
    if (!means.has(id)) {
      const mean = new Float64Array(part.weights[0].length);
      for (const weights of part.weights) for (let i = 0; i < mean.length; i += 1) mean[i] += weights[i] / part.weights.length;
      means.set(id, mean);
    }
    return { values: means.get(id), keys: part.keys, head: null };
  }

  // ---- building

  function arrange() {
    const { scene, pass } = stage.moment;
    const room = Math.floor(area.clientWidth);
    const { spec } = scene.numbers;
    const key = JSON.stringify([scene.version, room, spec.norm, Object.values(pass.stacks).map(({ tokens }) => tokens)]);
    if (key === shape) return;
    shape = key;
    layout = layoutOf(scene, pass, room);
    lines = layout.lines.map((places, k) => buildLine(places, k));
    replace(area, lines.map(({ element }) => element));
    dirty = true;
  }

  function buildLine(places, k) {
    const { row } = layout;
    const canvas = h("canvas.flow-canvas", {
      role: "img",
      onpointermove: (event) => point(event, places), onpointerleave: () => stage.point(null, null),
      onclick: (event) => { const at = tokenAt(event, places); if (at) stage.pin(...at); },
    });
    Object.assign(canvas.style, { height: `${places.rows * row}px`, width: `${Math.ceil(places.width)}px` });
    const captions = places.stations.filter(({ title, shape: size }) => title || size).map((station) => {
      const note = h("span.note", station.note ?? "");
      const element = h("span.caption", { "data-kind": station.kind, style: { left: `${station.x}px`, width: `${station.width}px` } }, h("b", station.title), h("span.shape.value", station.shape ?? ""), note);
      return { station, element, note };
    });
    let right = 0;
    const thumbs = places.stations.filter(({ kind }) => kind === "strands").map((station) => {
      const own = new Thumbs(stage, idOf(station));
      const [from, to] = underOf(places, station);
      own.fit(from - right, to - from);
      right = to;
      return own;
    });
    const blocks = blocksOf(places);
    const element = h("div.flow-line", { "data-line": k },
      h("div.blocks", blocks.map(({ from, to, text }) => h("span.block-name", { style: { left: `${from}px`, width: `${to - from}px` } }, text))),
      h("div.captions", captions.map((caption) => caption.element)), canvas,
      thumbs.length ? h("div.thumbs", thumbs.map((each) => each.element)) : null);
    return { element, places, canvas, captions, thumbs };
  }

  // The blocks of a line and their names, and where a stack begins: {from, to, text}.
  function blocksOf({ stations }) {
    const found = [];
    for (const { layer, stack, x, width, kind } of stations) {
      if ((kind === "token" || (kind === "stream" && layer === null)) && STACKS[stack] && !found.some((each) => each.stack === stack)) found.push({ layer, stack, from: x, to: x + width, text: STACKS[stack] });
      if (layer === null) {
        if (kind !== "labels" && kind !== "memory" && kind !== "answers" && STACKS[stack]) found.at(-1).to = x + width;
        continue;
      }
      const last = found.at(-1);
      if (last && last.layer === layer && last.stack === stack) last.to = x + width;
      else found.push({ layer, stack, from: x, to: x + width, text: `${stack === "core" ? "" : `${stack}, `}block ${layer + 1} of ${stage.scene.numbers.spec.layers}`.replace(/^./, (letter) => letter.toUpperCase()) });
    }
    return found;
  }

  // ---- pointing

  function tokenAt(event, places) {
    const stack = stackAt(places, event.offsetX);
    const at = Math.floor(event.offsetY / layout.row);
    return at >= 0 && at < countsOf()[stack] ? [stack, at] : null;
  }

  function point(event, places) {
    stage.point(...(tokenAt(event, places) ?? [null, null]));
    ctx.redraw();
  }

  function draw() {
    if (!stage.moment || !area.clientWidth) return;
    arrange();
    if (!dirty && lines.every(({ canvas }) => canvas.width > 0)) return;
    dirty = false;
    strips.make(stage);
    const counts = countsOf();
    longest = Math.max(...Object.values(stage.streams).flatMap((stream) => stream.flatMap(({ norms }) => [...norms])), 1e-9);
    const view = { stage, row: layout.row, colors: ctx.colors, sprites: strips, weightsOf, focus: stage.focus, names: namesOf(), counts, longest, wordy: isWordy() };
    for (const { canvas, places, thumbs, captions } of lines) {
      const { pen, width, height } = fit(canvas);
      pen.clearRect(0, 0, width, height);
      paintLine(pen, places, view);
      for (const each of thumbs) each.draw(counts);
      for (const { station, note } of captions) {
        if (station.kind === "strands") {
          setText(note, noteOf(station));
          note.classList.toggle("chosen", stage.chosenIn(idOf(station)) !== null);
        }
        if (station.kind === "feed") setText(note, `${percent(activeOf(station, counts), 0)} active`);
      }
    }
  }

  const isWordy = () => stage.scene.numbers.classes.some((name) => name.length > 2);

  const idOf = ({ stack, layer, part }) => `${stack}.${layer}.${part}`;

  function noteOf(station) {
    const head = stage.chosenIn(idOf(station));
    return head === null ? "mean of heads" : `head ${head + 1}`;
  }

  /** The share of a feed-forward network's units that are not 0, of the token looked at or of all. */
  function activeOf({ stack, layer }, counts) {
    const { units } = stage.moment.pass.stacks[stack].blocks[layer].feed_forward;
    const { feed_forward: size } = stage.scene.numbers.spec;
    const { focus } = stage;
    const some = focus?.stack === stack ? units.subarray(focus.at * size, (focus.at + 1) * size) : units.subarray(0, counts[stack] * size);
    return some.reduce((sum, x) => sum + (x > 0), 0) / some.length;
  }

  return {
    draw,
    strips,
    longest: () => longest,
    active: (stack, layer) => activeOf({ stack, layer }, countsOf()),
    say: (words) => { for (const { canvas } of lines) if (canvas.getAttribute("aria-label") !== words) canvas.setAttribute("aria-label", words); },
    isDrawn: () => lines.length > 0 && strips.key === stage.moment,
    weightsOf,
    counts: countsOf,
    layout: () => layout,
    captions: () => lines.flatMap(({ captions }) => captions.map(({ element }) => element.innerText.split("\n").filter(Boolean))),
    heads: () => lines.flatMap(({ thumbs }) => thumbs.flatMap((each) => each.heads.map(({ head, canvas }) => ({ grid: each.id, head, keys: keysOf(each.grid()), pixels: [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data], shape: [canvas.height, canvas.width] })))),
    /** The middle of a token's row in the first station of a kind, on the page. */
    middle(stack, at, kind = "labels") {
      const line = lines.find(({ places }) => places.stations.some((station) => station.stack === stack && station.kind === kind));
      const box = line.canvas.getBoundingClientRect();
      const station = line.places.stations.find((each) => each.stack === stack && each.kind === kind);
      return [box.left + station.x + station.width / 2, box.top + (at + 0.5) * layout.row];
    },
  };
}
