// A bar for each mode: how many of the good fakes are on it, against the fair share and the part of it that counts as covered.

import { count, h, number, percent, setText } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";

const ROOM = 1.15; // of the tallest bar or the fair share

export function buildModes({ ctx }) {
  const [sentence, chart, lines] = [h("p.gc-about.value"), h("div.gc-modes", { role: "list", "aria-label": "Good fakes on each mode" }), h("p.label.gc-lines.value")];
  const none = h("p.gc-about", "This set has no modes to count: it is one piece. Read how much of it is covered from recall, below.");
  const title = h("h3", "Which modes are covered");
  const element = h("section.gc-part", { "aria-label": "Modes" }, title, none, sentence, chart, lines);
  let shown = null;

  function column(moment, k, most) {
    const { arrays, numbers, classes, shape, planar } = moment;
    const value = arrays.mode_counts.data[k];
    const isCovered = value >= numbers.needed;
    const name = planar ? String(k + 1) : classes[k];
    const bar = h("div.gc-track", h("i", { style: { height: `${(100 * value) / most}%` } }));
    const one = h("div.gc-mode", { role: "listitem", "data-covered": String(isCovered), title: `Mode ${name}: ${count(value)} fakes, ${isCovered ? "covered" : "not covered"}`, "aria-label": `Mode ${name}: ${count(value)} fakes, ${isCovered ? "covered" : "not covered"}` },
      h("span.gc-count.value", count(value)), bar, h("span.gc-name", name));
    if (arrays.mode_examples) {
      const [, each, ...rest] = arrays.mode_examples.shape;
      const size = rest.reduce((product, n) => product * n, 1);
      one.append(...Array.from({ length: each }, (_, i) => {
        const canvas = h("canvas.gc-thumb", { width: 1, height: 1, "aria-hidden": "true" });
        if (i < arrays.mode_shown.data[k]) paintPixels(canvas, arrays.mode_examples.data.subarray((k * each + i) * size, (k * each + i + 1) * size), shape);
        else canvas.classList.add("gc-empty");
        return canvas;
      }));
    }
    return one;
  }

  return {
    element,
    show(moment) {
      const { hasModes, numbers, arrays, classes, planar } = moment;
      none.classList.toggle("hidden", hasModes);
      for (const each of [sentence, chart, lines]) each.classList.toggle("hidden", !hasModes);
      shown = null;
      if (!hasModes) return;
      const counts = [...arrays.mode_counts.data];
      const good = counts.reduce((sum, n) => sum + n, 0);
      const most = ROOM * Math.max(numbers.fair, ...counts);
      const missing = counts.map((n, k) => (n < numbers.needed ? (planar ? String(k + 1) : classes[k]) : null)).filter((name) => name !== null);
      chart.classList.toggle("gc-many", counts.length > 12);
      chart.style.setProperty("--fair", numbers.fair / most);
      chart.style.setProperty("--needed", numbers.needed / most);
      chart.replaceChildren(...counts.map((_, k) => column(moment, k, most)));
      setText(sentence, `${numbers.modes} of ${counts.length} modes have at least a fifth of their fair share. ${missing.length ? `Missing: ${missing.join(", ")}.` : "None is missing."} ${count(numbers.measured - good)} of ${count(numbers.measured)} fakes (${percent(1 - good / numbers.measured, 0)}) are on no mode.`);
      setText(lines, `Line: the fair share, ${number(numbers.fair)} fakes. Dashes: a fifth of it, ${number(numbers.needed)}, from which a mode is covered.${arrays.mode_examples ? " Below: fakes that are read as this class with a probability over 0.8." : planar ? " The numbers stand at the modes in the plane below." : ""}`);
      shown = { counts, covered: counts.filter((n) => n >= numbers.needed).length, missing, words: sentence.textContent };
    },
    draw() { chart.style.setProperty("--missing", ctx.colors.negative); },
    read: () => shown,
  };
}
