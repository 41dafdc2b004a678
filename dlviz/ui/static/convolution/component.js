// The stage of the Convolution lab: input, kernel, output, and the arithmetic between them.

import { h, replace, setText } from "../lib/dom.js";
import { icon } from "../lib/icon.js";
import { mount } from "../lib/mount.js";
import { buildArithmetic } from "./arithmetic.js";
import { buildControls } from "./controls.js";
import { buildCurtain } from "./curtain.js";
import { buildFormula } from "./formula.js";
import { buildGrids } from "./grids.js";
import { light } from "./lights.js";
import { buildPicture } from "./picture.js";
import { buildPipeline } from "./pipeline.js";
import { buildSlide } from "./slide.js";
import { LEARNED, makeStage } from "./stage.js";
import { buildThreads } from "./threads.js";
import { buildWeightEditor } from "./weights.js";

export const styles = ["lib/grid.css", "convolution/controls.css", "lib/arithmetic.css"];

const HINT = "Point at any cell: of the input, of the kernel, of the output. A click pins it, arrow keys walk on from it.";

export default mount((root, live, ctx) => {
  const names = ["knobs", "pipeline", "input", "arithmetic", "output", "status", "transport", "formula"];
  const areas = Object.fromEntries(names.map((name) => [name, h(`div.${name}`)]));
  const learned = h("div.segments.learned.hidden", { role: "radiogroup", "aria-label": "Weights shown" });
  const middle = h("div.middle", learned, areas.arithmetic);
  const table = h("div.table", areas.input, middle, areas.output);
  root.append(h("div.convolution", areas.knobs, areas.pipeline, areas.transport, table, areas.status, areas.formula));

  const stage = Object.assign(makeStage(live, ctx), { frames: [], timings: [] });
  stage.picture = buildPicture(stage);
  const editor = buildWeightEditor(stage);
  stage.editor = editor;
  const controls = buildControls(areas.knobs, stage);
  const pipeline = buildPipeline(areas.pipeline, stage);
  const grids = buildGrids(areas, stage);
  const arithmetic = buildArithmetic(areas.arithmetic, stage, editor);
  const threads = buildThreads(table, stage);
  const slide = buildSlide(areas.transport, stage);
  const formula = buildFormula(areas.formula, stage);
  const status = buildStatus(areas.status, stage);
  const weights = buildLearned(learned, stage);
  const curtain = buildCurtain(middle, stage);
  exposeForTests(ctx.host, stage, { arithmetic, slide, formula });

  live.on("scene", (scene) => stage.takeScene(scene), ctx.signal);
  live.on("frame", (frame) => stage.takeFrame(frame), ctx.signal);

  return {
    update(data, context) {
      controls?.update?.(data, context);
      ctx.redraw();
    },
    draw() {
      if (!stage.shown) return;
      const began = performance.now();
      for (const part of [grids, arithmetic, status, weights, curtain, slide]) part.show();
      table.classList.toggle("one-row", stage.layer.height === 1);
      const lit = light(stage);
      stage.lit = lit;
      for (const part of [pipeline, grids, arithmetic]) part.draw();
      threads.draw(lit);
      controls?.draw?.();
      stage.timings.push(performance.now() - began);
      if (stage.timings.length > 240) stage.timings.shift();
      stage.drawn = stage.version;
    },
  };
});

/** The line under the grids: what one can do, and what is pinned. */
function buildStatus(area, stage) {
  const words = h("p.small.muted");
  const name = h("span");
  const chip = h("button.chip.pinned.hidden", { type: "button", title: "Unpin (Escape)", onclick: () => stage.unpin() }, name, icon("cross", 15));
  area.append(words, chip);
  return {
    show() {
      const { pinned, at } = stage;
      const here = pinned && (pinned.layer ?? 0) === at;
      chip.classList.toggle("hidden", !here);
      if (here) setText(name, `Pinned: ${placeOf(pinned)}`);
      const rest = stage.focus === null ? "Shown: the output farthest from zero. " : "";
      setText(words, rest + HINT);
    },
  };
}

function placeOf({ kind, y, x, ky, kx }) {
  if (kind === "kernel") return `weight in row ${ky + 1}, column ${kx + 1}`;
  return `${kind === "input" ? "input " : ""}row ${y + 1}, column ${x + 1}`;
}

/** Designed weights or those being learned; offered once something has been learned. */
function buildLearned(area, stage) {
  const choices = [["Designed", false], ["Learned", true]].map(([word, value]) => ({
    value,
    button: h("button", { type: "button", role: "radio", onclick: () => stage.live.shared.set(LEARNED, value) }, word),
  }));
  replace(area, choices.map(({ button }) => button));
  return {
    show() {
      const { frame } = stage.live;
      area.classList.toggle("hidden", !(frame?.step > 0 && frame.arrays["weight.0"] && stage.layer.weight));
      for (const { value, button } of choices) button.setAttribute("aria-checked", stage.learned === value);
    },
  };
}

/** Read-only views for the browser tests: what is on screen, as plain numbers. */
function exposeForTests(host, stage, { arithmetic, slide, formula }) {
  host.dlviz = {
    stage: "convolution",
    get ready() {
      return stage.drawn > 0 && stage.drawn === stage.version;
    },
    outputs: () => stage.outputs.map((values) => [...values]),
    shape: () => [stage.layers.at(-1).outputs, stage.layers.at(-1).outHeight, stage.layers.at(-1).outWidth],
    spec: () => stage.scene.numbers.spec,
    shown: () => stage.shown,
    focus: () => stage.focus,
    pinned: () => stage.pinned,
    terms: () => stage.terms,
    lit: () => stage.lit,
    arithmetic: () => arithmetic.numbers(),
    formula: () => formula.text(),
    slide: () => ({ ...slide.state, known: stage.grids.output[0].known, frames: [...stage.frames] }),
    timings: () => [...stage.timings],
    learned: () => (stage.learned ? stage.live.frame.step : null),
    happened: (word) => stage.live.shared.get(`happened.${word}`) ?? false,
    choose: (kind, k) => (kind === "filter" ? stage.chooseFilter(k) : stage.chooseChannel(k)),
    explain: (at) => stage.explain(at),
    speed: (value) => { slide.state.speed = value; },
    /** The middle of a cell on the screen, of the grid "input", "output", "kernel" or "products". */
    middle(grid, place, which = 0) {
      const found = stage.grids[grid][which];
      const box = found.canvas.getBoundingClientRect();
      const [x, y] = found.middle(place);
      return [box.left + x, box.top + y];
    },
  };
}
