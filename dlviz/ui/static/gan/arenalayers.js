// Which layers the arena shows, and what their colours, arrows and shades stand for, with numbers.

import { css, rgb } from "../lib/color.js";
import { h, number, setText } from "../lib/dom.js";
import { drawScale } from "../lib/heat.js";
import { hue } from "./arenafold.js";
import { fakeInk } from "./arenapaint.js";
import { SCALE_WORDS } from "./arenascale.js";

const LAYERS = [
  ["map", "D’s map", "What D says at every place"], ["real", "Real", "Real points"], ["fake", "Fakes", "What the generator makes of the noise shown"],
  ["arrows", "Pushes", "The way each fake is pushed: against the gradient of its loss"], ["fold", "G’s sheet", "Where the generator puts a regular grid of the noise"],
  ["density", "Density", "Cells of the sheet shaded by how densely fakes lie there"], ["modes", "Modes", "Middles of the modes with how many fakes each has"],
];
const FIRST = { map: true, real: true, fake: true, arrows: true, fold: true, density: false, modes: true };
const KEPT = "gan.layers";

/** {element, on, draw(…)}; what is on outlives the component while its page is open. */
export function buildLayers(live, changed) {
  const on = { ...FIRST, ...(live.shared.get(KEPT) ?? {}) };
  const chips = Object.fromEntries(LAYERS.map(([name, word, title]) => [name, h("button.chip.ga-layer", {
    type: "button", title, "data-layer": name, "aria-pressed": String(on[name]), onclick: () => {
      on[name] = !on[name];
      chips[name].setAttribute("aria-pressed", String(on[name]));
      live.shared.set(KEPT, { ...on });
      changed();
    },
  }, h("i.ga-mark", { "data-mark": name }), word)]));
  const element = h("div.ga-layers", { role: "group", "aria-label": "What the arena shows" }, Object.values(chips));
  return {
    element, on,
    draw(look, colors) {
      element.style.setProperty("--ga-real", colors.positive);
      element.style.setProperty("--ga-fake", fakeInk(colors));
      element.style.setProperty("--ga-sheet", css(rgb(colors.classes[3])));
      const isGrid = look.fold.kind === "grid";
      chips.density.classList.toggle("hidden", !isGrid);
      chips.modes.classList.toggle("hidden", !look.modes);
    },
  };
}

/** {element, draw(…), read()}: the scales under the arena. */
export function buildLegend() {
  const [mapBar, foldBar, key] = [h("canvas.ga-bar"), h("canvas.ga-bar"), h("canvas.ga-key")];
  const ends = [1, 2, 3].map(() => h("span.value.small"));
  const names = [1, 2, 3].map(() => h("span.small.muted"));
  const mapWords = h("p.small.muted");
  const resolution = h("p.small.muted.ga-resolution");
  const map = h("div.ga-legend", mapWords, mapBar, h("div.ga-ends", ends.map((end, n) => h("span", end, " ", names[n]))), resolution);
  const arrowWords = h("span.small");
  const arrows = h("div.ga-legend.ga-arrow", key, arrowWords);
  const foldWords = h("p.small.muted");
  const foldEnds = [1, 2, 3].map(() => h("span.value.small"));
  const fold = h("div.ga-legend", foldWords, foldBar, h("div.ga-ends", foldEnds));
  const element = h("div.ga-legends", map, arrows, fold);
  let painted = "";

  return {
    element,
    draw(look, scale, { on, colors, unit, pixels }) {
      map.classList.toggle("hidden", !on.map);
      arrows.classList.toggle("hidden", !on.arrows);
      const isLine = look.fold.kind === "line";
      fold.classList.toggle("hidden", !on.fold);
      const words = SCALE_WORDS[scale.kind];
      setText(mapWords, `${words[0]}. The line is where it says “${words[2]}”.`);
      scale.ends.forEach((end, n) => {
        setText(ends[n], number(end));
        setText(names[n], words[n + 1]);
      });
      setText(resolution, `${look.field.side} × ${look.field.side} cells computed at step ${number(look.step)}, smoothed between them${look.told ? `; D is told class ${look.scene.numbers.classes[look.label]}` : ""}.`);
      setText(arrowWords, `slope ${number(unit)} of the loss of one fake`);
      setText(foldWords, isLine ? "The generator’s line: where each number of the noise goes." : on.density ? "The generator’s sheet: every cell holds equally many fakes. Share of all fakes per unit of area:" : `The generator’s sheet: lines of equal ${name(look, 0)} and of equal ${name(look, 1)}; every cell holds equally many fakes, small cells are dense.`);
      foldBar.classList.toggle("hidden", !isLine && !on.density);
      const { at } = look.fold;
      const texts = isLine ? [at[0], at[(at.length - 1) / 2], at.at(-1)].map((z) => number(z, 2)) : ["0.1 and less", "3.2", "100 and more"];
      foldEnds.forEach((end, n) => {
        setText(end, texts[n]);
        end.classList.toggle("hidden", !isLine && !on.density);
      });
      const wanted = [colors.paper, isLine, unit, Math.round(pixels)].join();
      if (wanted === painted) return;
      painted = wanted;
      drawScale(mapBar, colors);
      paintFoldBar(foldBar, isLine, colors);
      paintKey(key, pixels, colors);
    },
    read: () => ({ ends: ends.map((end) => end.textContent), resolution: resolution.textContent, arrow: arrowWords.textContent, map: mapWords.textContent }),
  };
}

const name = (look, n) => `z${"₁₂₃₄₅₆₇₈₉"[look.fold.axes[n]] ?? look.fold.axes[n] + 1}`;

function paintFoldBar(canvas, isLine, colors) {
  Object.assign(canvas, { width: 64, height: 1 });
  const pen = canvas.getContext("2d");
  for (let x = 0; x < 64; x += 1) {
    pen.clearRect(x, 0, 1, 1);
    pen.fillStyle = isLine ? css(hue(colors, x / 63)) : css(rgb(colors.classes[3]), ((colors.dark ? 0.8 : 0.6) * x) / 63);
    pen.fillRect(x, 0, 1, 1);
  }
}

function paintKey(canvas, length, colors) {
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  Object.assign(canvas, { width: (length + 4) * ratio, height: 14 * ratio });
  canvas.style.width = `${length + 4}px`;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.strokeStyle = colors.ink;
  pen.fillStyle = colors.ink;
  pen.lineWidth = 1.4;
  pen.beginPath();
  pen.moveTo(1, 7);
  pen.lineTo(length - 4, 7);
  pen.stroke();
  pen.beginPath();
  pen.moveTo(length + 1, 7);
  pen.lineTo(length - 5, 4);
  pen.lineTo(length - 5, 10);
  pen.fill();
}

