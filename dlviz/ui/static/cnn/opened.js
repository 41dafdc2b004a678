// One map opened: what goes into it, the arithmetic of one of its cells, and the map itself, large.

import { h, icon, number, replace, setText } from "../lib/dom.js";
import { Grid, limitOf } from "../lib/grid.js";
import { makeAsking } from "./asking.js";
import { formulaOf } from "./formulas.js";
import { buildIncoming } from "./incoming.js";
import { PICTURE, isAmount, isMap, layerOf, nameOf, shapeText } from "./rows.js";
import { buildSums, sumOf } from "./sums.js";

const CHANNEL_NAMES = ["Red", "Green", "Blue"];

export function buildOpened(area, stage) {
  const asking = makeAsking(stage);
  const title = h("h3");
  const facts = h("p.small.muted.value");
  const close = h("button.square.plain", { type: "button", title: "Close (Escape)", "aria-label": "Close", onclick: () => stage.pin(null) }, icon("cross", 18));
  const areas = Object.fromEntries(["incoming", "arithmetic", "by-itself", "made"].map((name) => [name, h(`div.${name}`)]));
  const wait = h("p.muted.wait", { role: "status" });
  const heading = h("p.label");
  const before = new Grid({ label: "What it is given", largest: 28, walks: false, onhover: (place) => hover(reader(place)), onpick: (place) => pick(reader(place)) });
  const made = new Grid({ label: "The map", largest: 28, onhover: hover, onpick: pick, onwalk: pick, onkey: (event) => event.key === "Escape" && (stage.pin(null), true) });
  const formula = { letters: h("p.letters.value"), lines: h("div.lines.value"), facts: h("p.small.muted") };
  areas["by-itself"].append(formula.letters, formula.lines, formula.facts);
  area.append(h("div.opened-head", h("div.grow", title, facts), close), wait, h("div.opened-body", areas.incoming, areas.arithmetic, areas["by-itself"], areas.made));
  const maps = h("div");
  areas.incoming.append(heading, maps, before.element);
  areas.made.append(made.element);
  let pointed = null; // the step of the running sum that the pointer is at: an incoming map, or a term of the only one
  const sums = buildSums(areas.arithmetic, stage, pointStep);
  const incoming = buildIncoming(maps, (k) => pointStep(shown?.partials?.length === 1 ? null : k));
  let shown = null; // what is on screen, as numbers
  let wasOpen = "";

  function pointStep(k) {
    if (k === pointed) return;
    pointed = k;
    stage.ctx.redraw();
  }
  const cell = (place) => (place ? { row: stage.pinned.row, channel: stage.pinned.channel, y: place[0], x: place[1] } : null);
  function hover(place) {
    if (stage.pinned) stage.point(cell(place));
  }
  function pick(place) {
    if (stage.pinned && place) stage.pin(cell(place));
  }
  /** The cell of the map that reads a cell of what it is given; null where a pool leaves that one out. */
  function reader(place) {
    const row = stage.row(stage.pinned?.row);
    if (!place || row?.kind !== "pool") return place;
    const [y, x] = place.map((at) => Math.floor(at / 2));
    return y < row.output_shape[1] && x < row.output_shape[2] ? [y, x] : null;
  }

  area.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !stage.pinned) return;
    event.preventDefault();
    event.stopPropagation();
    stage.pin(null);
  });
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && stage.pinned && !event.defaultPrevented) stage.pin(null);
  }, { signal: stage.ctx.signal });

  function draw() {
    const { pinned } = stage;
    const row = pinned && pinned.row !== PICTURE && pinned.channel !== null ? stage.row(pinned.row) : null;
    area.classList.toggle("hidden", !row);
    if (!row) {
      [shown, wasOpen] = [null, ""];
      return;
    }
    asking.want(pinned);
    const { data, problem } = asking;
    setText(title, nameOf(stage, pinned));
    wait.classList.toggle("hidden", Boolean(data));
    setText(wait, problem || "Asking for the exact numbers …");
    area.classList.toggle("waiting", !data);
    if (wasOpen !== asking.key) {
      wasOpen = asking.key;
      pointed = null;
      requestAnimationFrame(() => area.scrollIntoView({ block: "nearest", behavior: stage.ctx.reducedMotion ? "auto" : "smooth" }));
    }
    if (data) show(row, data);
  }

  function show(row, { arrays, step, channel }) {
    const { colors } = stage.ctx;
    const output = arrays.output.data;
    const [height, width] = isMap(row) ? row.output_shape.slice(1) : [1, 1];
    const { y, x } = placeIn(row, channel, output, width);
    const value = output[y * width + x];
    const late = stage.frame && step !== stage.frame.step ? ` The numbers here are of step ${number(step)}.` : "";
    const [low, high] = [output.reduce((a, b) => Math.min(a, b), Infinity), output.reduce((a, b) => Math.max(a, b), -Infinity)];
    setText(facts, `${row.label}, ${shapeText(row.input_shape)} → ${shapeText(row.output_shape)}. ${isMap(row) ? `This map goes from ${number(low)} to ${number(high)}.` : ""}${late}`);
    shown = { row: row.name, channel, y, x, step, value };

    areas.made.classList.toggle("hidden", !isMap(row));
    area.classList.toggle("unit", !isMap(row));
    if (isMap(row)) {
      const amount = isAmount(stage.rows, row, stage.setting("activation"));
      made.set({ values: output, rows: height, cols: width, signed: !amount, limit: limitOf(output), title: nameOf(stage, { row: row.name, channel }), shape: `row ${y + 1}, column ${x + 1}` });
      const { pinned } = stage;
      made.cursor = Number.isInteger(pinned.y) ? [pinned.y, pinned.x] : [y, x];
      made.light("cell", { cells: [[y, x]], stroke: colors.accent, width: 2.5 });
      made.draw(colors);
    }
    const layer = layerOf(stage.rows, row, stage.setting("pool"), arrays.weight?.data, arrays.bias?.data);
    areas.arithmetic.classList.toggle("hidden", !layer);
    areas["by-itself"].classList.toggle("hidden", Boolean(layer));
    if (layer) showSum(row, layer, arrays, { y, x, value });
    else showFormula(row, arrays, { y, x, at: y * width + x });
  }

  /** The cell explained: the one pointed at, else the pinned one, else the one farthest from zero. */
  function placeIn(row, channel, output, width) {
    if (!isMap(row)) return { y: 0, x: 0 };
    for (const focus of [stage.focus, stage.pinned]) {
      if (focus?.row === row.name && focus.channel === channel && focus.y !== null && focus.y !== undefined) return { y: focus.y, x: focus.x };
    }
    let best = 0;
    for (let k = 0; k < output.length; k += 1) if (Math.abs(output[k]) > Math.abs(output[best])) best = k;
    return { y: Math.floor(best / width), x: best % width };
  }

  function showSum(row, layer, arrays, { y, x, value }) {
    const { colors } = stage.ctx;
    const input = arrays.input.data;
    const sum = sumOf({ layer, input, made: value, y, x });
    let strongest = 0;
    sum.partials.forEach((partial, k) => { if (Math.abs(partial) > Math.abs(sum.partials[strongest])) strongest = k; });
    const step = pointed !== null && pointed < sum.steps.length ? pointed : null;
    const chosen = step === null ? strongest : sum.steps[step].channel;
    const alone = layer.pools || layer.inputs === 1; // one map goes in: it is shown large, its window lit
    maps.classList.toggle("hidden", alone);
    before.element.classList.toggle("hidden", !alone);
    const first = stage.rows[0].name === row.name;
    const kind = first ? "channels of the picture" : layer.height > 1 ? "incoming maps" : "incoming units";
    heading.classList.toggle("hidden", alone);
    setText(heading, `${number(layer.inputs)} ${kind}, each × its ${layer.kh * layer.kw > 1 ? "kernel" : "weight"}`);
    if (alone) showBefore(input, row, { cells: sum.terms.map((term) => term.at), hull: true });
    else incoming.show({ layer, input, y, x, partials: sum.partials, chosen }, colors);
    const names = Array.from({ length: layer.inputs }, (_, k) => (first ? (layer.inputs === 3 ? CHANNEL_NAMES[k] : "Picture") : `Map ${k + 1}`));
    sums.show(sum, { layer, chosen, names, pointed: step });
    if (!alone) incoming.draw(colors);
    sums.draw(colors);
    Object.assign(shown, { terms: sum.terms, partials: [...sum.partials], sum: sum.sum, read: sum.read, bias: sum.bias, result: sum.result, text: sums.text(), chosen });
  }

  function showBefore(input, row, light) {
    const [height, width] = row.input_shape.slice(1);
    const isPicture = stage.rows[0].name === row.name;
    before.set({
      values: input, rows: height, cols: width, signed: input.some((value) => value < 0), limit: limitOf(input),
      paint: isPicture ? (r, c) => Array(3).fill(Math.round(255 * Math.min(1, Math.max(0, input[r * width + c])))) : null,
      title: isPicture ? "Picture" : "What it is given", shape: `${height} × ${width}`,
    });
    before.light("window", { stroke: stage.ctx.colors.accent, width: 2.5, ...light });
    before.draw(stage.ctx.colors);
  }

  function showFormula(row, arrays, { y, x, at }) {
    maps.classList.add("hidden");
    before.element.classList.toggle("hidden", !isMap(row));
    heading.classList.add("hidden");
    if (isMap(row)) showBefore(arrays.input.data, row, { cells: [[y, x]] });
    const found = formulaOf(row, stage.setting("activation"), arrays.input.data[at], arrays);
    setText(formula.letters, found.letters);
    replace(formula.lines, found.lines.map((line) => h("p", line)));
    setText(formula.facts, found.facts);
    Object.assign(shown, { x_value: arrays.input.data[at], result: found.value, text: { lines: found.lines } });
  }

  return { draw, numbers: () => shown };
}
