// One pair: picture → hidden answer → learner's answer → error, computed here from the weights of the moment shown.

import { readLayers, through } from "../lib/conv.js";
import { h, icon, number, setText, steady } from "../lib/dom.js";
import { Grid, limitOf } from "../lib/grid.js";

const LARGEST = 24; // px of a cell

export function pairView({ ctx }) {
  let at = 0;
  let place = null; // the cell of the answer that is pointed at
  let shown = null; // what the grids show: {layers, picture, hidden, learned, error, …}
  const arrow = (name, label, way) => h("button.square", {
    "aria-label": label, title: label,
    onclick: () => { at = (at + way + (shown?.count ?? 1)) % (shown?.count ?? 1); place = null; ctx.redraw(); },
  }, icon(name));
  const which = h("span.value");
  const grid = (label) => new Grid({
    label, largest: LARGEST, onhover: (where) => point(where), onwalk: point,
  });
  const [picture, hidden, learned, error] = [
    new Grid({ label: "Picture", largest: LARGEST, walks: false }), grid("Hidden answer"), grid("Learner’s answer"), grid("Error"),
  ];
  const reading = h("p.small.muted.reading", { "aria-live": "off" });
  const step = (sign) => h("span.sign", { "aria-hidden": "true" }, sign);
  const element = h("section.pair", { "aria-label": "One pair" },
    h("header.row", h("h3", "One test pair"), h("span.turn.row", arrow("left", "Previous pair", -1), which, arrow("right", "Next pair", 1))),
    h("div.flow", picture.element, step("→"), hidden.element, step("→"), learned.element, step("→"), error.element),
    reading);

  function point(where) {
    place = where;
    ctx.redraw();
  }

  function compute(scene, frame, o, channel) {
    const { pairs, answers } = scene.arrays;
    const [count, channels, height, width] = pairs.shape;
    const [, outputs, rows, cols] = answers.shape;
    at = Math.min(at, count - 1);
    const input = pairs.data.subarray(at * channels * height * width, (at + 1) * channels * height * width);
    const all = answers.data.subarray(at * outputs * rows * cols, (at + 1) * outputs * rows * cols);
    const layers = readLayers(scene, frame);
    const given = through(layers, input).at(-1);
    const of = (values, k, size) => values.subarray(k * size, (k + 1) * size);
    const [target, answer] = [of(all, o, rows * cols), of(given, o, rows * cols)];
    shown = {
      count, at, o, channel, layers, rows, cols, height, width,
      picture: of(input, channel, height * width), hidden: target, learned: answer, error: answer.map((value, k) => value - target[k]), all: given,
    };
    return shown;
  }

  // The cells of the picture that the pointed answer is made of; of two layers the patch of the first.
  function patch() {
    const { layers } = shown;
    let cells = [place];
    for (const layer of [...layers].reverse()) {
      const seen = new Map();
      for (const [y, x] of cells) {
        for (const term of layer.terms(new Float32Array(layer.inputs * layer.height * layer.width), 0, y, x)) {
          if (term.inside) seen.set(term.y * layer.width + term.x, [term.y, term.x]);
        }
      }
      cells = [...seen.values()];
    }
    return cells;
  }

  function say() {
    const k = place ? place[0] * shown.cols + place[1] : null;
    if (k === null) {
      const squares = shown.error.reduce((total, value) => total + value * value, 0) / shown.error.length;
      setText(reading, `Mean squared error of this map: ${number(squares)}. Point at a cell to compare.`);
    } else {
      setText(reading, `Row ${place[0] + 1}, column ${place[1] + 1}: hidden ${steady(shown.hidden[k])}, learner ${steady(shown.learned[k])}, error ${steady(shown.error[k])}.`);
    }
  }

  return {
    element,
    get shown() { return shown; },
    /** Take this moment: output channel o of the answers, a channel of the picture. */
    show(scene, frame, o, channel) {
      compute(scene, frame, o, channel);
      const { rows, cols, height, width } = shown;
      setText(which, `${at + 1} of ${shown.count}`);
      const signed = shown.picture.some((value) => value < 0);
      picture.set({ values: shown.picture, rows: height, cols: width, signed, limit: signed ? limitOf(shown.picture) : 1 });
      const limit = limitOf(shown.hidden);
      for (const [one, values] of [[hidden, shown.hidden], [learned, shown.learned], [error, shown.error]]) one.set({ values, rows, cols, limit });
      for (const one of [picture, hidden, learned, error]) one.element.style.maxWidth = one.canvas.style.maxWidth;
      if (place && !hidden.holds(place)) place = null;
      const { accent } = ctx.colors;
      for (const one of [hidden, learned, error]) one.light("pointed", place ? { cells: [place], stroke: accent } : null);
      picture.light("patch", place ? { cells: patch(), stroke: accent, width: 1.5 } : null);
      say();
    },
    draw(colors) {
      for (const one of [picture, hidden, learned, error]) one.draw(colors);
    },
  };
}
