// Receptive field: a stack of layers, how far back into the picture one number of it looks, and how evenly.

import { css, rgb } from "../lib/color.js";
import { count, h, percent, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { problemLine, settingsOf } from "../lib/settings.js";
import { fieldView, shade } from "./field.js";
import { pathsView } from "./paths.js";
import { sideView } from "./side.js";
import { comparison, coneOf, pathsOf, rowsOf, sideFor, spanOf } from "./stack.js";
import { stackTable } from "./table.js";

export const styles = ["lib/grid.css"];

const FOCUS = "convolution.focus";
const SIDE = "convolution.receptive.side"; // shared, so that they stay while another panel is open
const CHANNELS = "convolution.receptive.channels";
const LARGEST_SIDE = 224;
const plain = (k, n = 1) => Array.from({ length: n }, () => ({ k, s: 1, d: 1 }));
const PRESETS = [
  ["Two 3 × 3", plain(3, 2)],
  ["One 5 × 5", plain(5)],
  ["Three 3 × 3", plain(3, 3)],
  ["One 7 × 7", plain(7)],
  ["Dilated 1, 2, 4", [1, 2, 4].map((d) => ({ k: 3, s: 1, d }))],
  ["Strided 2, 2, 2", [2, 2, 2].map((s) => ({ k: 3, s, d: 1 }))],
];
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export default mount((root, live, ctx) => {
  const settings = settingsOf({ live, ctx });
  let chosen = null; // {level, y, x}: the cell whose field is shown; null: the middle one of the last map
  let now = null; // {layers, rows, at}
  let counted = ""; // the layers whose paths are shown

  const presets = PRESETS.map(([name, layers]) => h("button.chip", { type: "button", onclick: () => change(layers) }, name));
  const table = stackTable({ onchange: change });
  const side = sideView({ redraw: ctx.redraw, onpick: ({ level, at }) => choose({ level, x: at }) });
  const field = fieldView({ redraw: ctx.redraw, onpick: moveTo, onhover: (place) => shareFocus(place) });
  const paths = pathsView({ redraw: ctx.redraw });
  const channels = knob({ name: "channels", kind: "range", label: "Channels in and out, c", low: 1, high: 512, whole: true, default: 64 }, {
    value: live.shared.get(CHANNELS) ?? 64, onchange: (value) => live.shared.set(CHANNELS, value),
  });
  const picture = knob({ name: "picture", kind: "range", label: "Picture", unit: "cells", low: 1, high: LARGEST_SIDE, whole: true, default: 12 }, {
    value: live.shared.get(SIDE) ?? 12, onchange: (value) => live.shared.set(SIDE, value),
  });
  const grown = h("p.small.muted.grown");
  const sentence = h("p.sentence");
  const cost = h("p.cost");
  const problems = ["stack_kernels", "stack_strides", "stack_dilations"].map((name) => problemLine(settings, name));
  root.append(h("div.receptive",
    h("div.row.presets", { role: "group", "aria-label": "Stacks to try" }, presets),
    table.element, problems,
    h("div.verdict", sentence, h("div.costs", channels.element, cost)),
    h("div.views", h("div.left", field.element, picture.element, grown), h("section.right", { "aria-label": "From the side" }, h("div.label", "From the side: every row is one map"), side.element)),
    paths.element));

  for (const kind of ["scene", "shared"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  settings.on(() => ctx.redraw());
  ctx.host.dlviz = { receptive: read };

  function stack() {
    const [kernels, strides, dilations] = ["stack_kernels", "stack_strides", "stack_dilations"].map((name) => settings.value(name));
    return kernels.map((k, i) => ({ k, s: strides[i] ?? 1, d: dilations[i] ?? 1 }));
  }

  function change(layers) {
    chosen = null;
    settings.change({ stack_kernels: layers.map(({ k }) => k), stack_strides: layers.map(({ s }) => s), stack_dilations: layers.map(({ d }) => d) });
    ctx.redraw();
  }

  function choose(next) {
    const depth = now.layers.length;
    // The squares belong to a cell of the last map; a cell below it is only pointed at in the view from the side.
    chosen = next.level === depth ? { level: depth, y: next.y ?? now.at[0], x: next.x } : { level: next.level, x: next.x, y: now.at[0], last: now.at[1] };
    ctx.redraw();
  }

  function moveTo(place) {
    const { jump, field: width, side: cells } = now.rows.at(-1);
    const [y, x] = place.map((cell) => Math.min(cells - 1, Math.max(0, Math.round((cell - (width - 1) / 2) / jump))));
    choose({ level: now.layers.length, y, x });
  }

  // The picture of the stage has the same cells only where it has as many.
  const isStage = () => live.scene?.arrays.input.shape[2] === now?.rows[0].side;

  function shareFocus(place) {
    if (isStage()) live.shared.set(FOCUS, place ? { kind: "input", channel: 0, y: place[0], x: place[1] } : null);
  }

  function focused() {
    const focus = live.shared.get(FOCUS);
    return focus?.kind === "input" && isStage() ? [focus.y, focus.x] : null;
  }

  function take() {
    const layers = stack();
    const wanted = live.shared.get(SIDE);
    const stage = live.scene.arrays.input.shape[2];
    // One map cell is enough where a person chose the size; by itself the picture leaves room to move the field.
    const rows = rowsOf(layers, wanted ? Math.max(wanted, sideFor(layers)) : Math.max(stage, sideFor(layers, 3)));
    const { side: shown } = rows[0];
    if (shown !== wanted) picture.set(Math.min(shown, LARGEST_SIDE));
    setText(grown, shown > (wanted ?? stage) ? `Enlarged from ${wanted ?? stage} to ${count(shown)} so that the stack fits.` : "");
    const depth = layers.length;
    const middle = (rows[depth].side - 1) >> 1;
    const inside = (cell) => Math.min(cell ?? middle, rows[depth].side - 1);
    const at = [inside(chosen?.y), inside(chosen?.level === depth ? chosen.x : chosen?.last)];
    const pointed = chosen && chosen.level < depth ? { level: chosen.level, at: Math.min(chosen.x, rows[chosen.level].side - 1) } : { level: depth, at: at[1] };
    now = { layers, rows, at, pointed };
  }

  function say() {
    const { layers } = now;
    const c = live.shared.get(CHANNELS) ?? 64;
    const [each, all] = [comparison(layers, 1), comparison(layers, c)];
    const { field: width } = each;
    const name = layers.length === 1 ? "One layer sees" : `${["", "", "Two", "Three", "Four", "Five", "Six"][layers.length]} layers see`;
    const against = layers.length === 1 && each.stack === each.one ? "" : `; one ${count(width)} × ${count(width)} layer needs ${count(each.one)}`;
    setText(sentence, `${name} ${count(width)} × ${count(width)} cells with ${count(each.stack)} weights for a channel in and a channel out${against}.`);
    const parts = `${layers.map(({ k }) => `${k}²`).join(" + ")}`;
    const share = all.stack / all.one - 1;
    const verdict = share < -0.99 ? "over 99 % fewer" : share < 0 ? `${percent(-share, 0)} fewer` : share > 0 ? `${percent(share, 0)} more` : "the same";
    const between = layers.length > 1 ? ` Between its layers the stack has room for ${layers.length - 1} ${layers.length === 2 ? "activation" : "activations"}; the one layer has none.` : "";
    setText(cost, `With ${count(c)} channels in and out: (${parts}) · ${count(c)}² = ${count(all.stack)} weights, against ${count(width)}² · ${count(c)}² = ${count(all.one)}: ${verdict}.${between}`);
    presets.forEach((button, k) => button.setAttribute("aria-pressed", same(PRESETS[k][1], layers)));
  }

  function draw() {
    if (!live.scene) return;
    take();
    const { layers, rows, at, pointed } = now;
    const accent = rgb(ctx.colors.accent);
    const alpha = shade(layers.length);
    const swatches = rows.map((_, k) => (k === 0 ? "transparent" : css(accent, 1 - (1 - alpha) ** (layers.length - k + 1))));
    table.show(layers, rows, swatches);
    say();
    side.show(layers, rows, pointed);
    field.show({ layers, rows, at, picture: live.scene.arrays.input, version: live.scene.version, focus: focused() });
    const key = JSON.stringify(layers);
    if (key !== counted) paths.show(pathsOf(layers));
    counted = key;
    for (const view of [field, side, paths]) view.draw(ctx.colors);
  }

  function read() {
    if (!now) return null;
    const { layers, rows, pointed } = now;
    return {
      layers, rows, paths: [...pathsOf(layers)], squares: field.squares, sentence: sentence.textContent, cost: cost.textContent,
      cone: coneOf(layers, pointed.level, pointed.at), span: spanOf(rows, pointed.level, pointed.at), pointed,
    };
  }

  return { draw, update: () => ctx.redraw() };
});
