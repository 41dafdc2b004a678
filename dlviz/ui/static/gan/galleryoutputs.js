// D's outputs of the real pictures and of the fakes as two histograms about one axis, and what they come to in words.

import { css } from "../lib/color.js";
import { fit, h, number, percent, setText } from "../lib/dom.js";
import { ticks } from "../lib/scale.js";
import { meanOf } from "../lib/verdicts.js";

const BINS = 20;
const SURE = 0.8; // as the run counts it: labs/gan/measuring.py
const [AXIS, SIDE] = [22, 8]; // px

/** How many of `values` lie in each of `BINS` cells from low to high; what is beyond counts in the last. */
export function histogram(values, low, high) {
  const counts = new Array(BINS).fill(0);
  for (const value of values) counts[Math.min(BINS - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * BINS)))] += 1;
  return counts;
}

export function buildOutputs() {
  const canvas = h("canvas.gallery-histogram", { role: "img" });
  const swatches = ["real", "fake"].map((name) => h("i.gallery-swatch", { "data-of": name }));
  const keys = h("div.gallery-keys.small.muted", h("span", swatches[0], "above: real"), h("span", swatches[1], "below: fake"));
  const title = h("h4");
  const element = h("figure.gallery-outputs", title, keys, canvas);
  let shown = null;

  return {
    element,
    show({ scale, real, fake, colors }) {
      const [x, y] = [real, fake].map((list) => Array.from(list, scale.value));
      let [low, high] = [0, 1];
      if (!scale.odds) {
        [low, high] = [Math.min(...x, ...y), Math.max(...x, ...y)];
        if (!(high > low)) [low, high] = [low - 0.5, high + 0.5];
      }
      const [above, below] = [histogram(x, low, high), histogram(y, low, high)];
      shown = { low, high, above, below, means: [meanOf(x), meanOf(y)] };
      setText(title, scale.odds ? "What D says: its probability of “real”" : "What D says: the height it gives");
      const inks = [colors.diverging(0.8), colors.diverging(-0.8)].map((color) => css(color));
      swatches.forEach((swatch, i) => { swatch.style.background = inks[i]; });
      canvas.setAttribute("aria-label", `Histograms of D's output from ${number(low)} to ${number(high)}. Real, mean ${number(shown.means[0])}: ${above.join(", ")}. Fake, mean ${number(shown.means[1])}: ${below.join(", ")}.`);
      const { pen, width, height } = fit(canvas);
      if (!width) return;
      pen.clearRect(0, 0, width, height);
      const most = Math.max(...above, ...below);
      const half = (height - AXIS) / 2;
      const toX = (value) => SIDE + ((value - low) / (high - low)) * (width - 2 * SIDE);
      const wide = (width - 2 * SIDE) / BINS;
      [above, below].forEach((counts, i) => {
        pen.fillStyle = inks[i];
        counts.forEach((count, k) => {
          const tall = (count / most) * (half - 14);
          pen.fillRect(SIDE + k * wide + 0.5, i ? half + AXIS : half - tall, wide - 1, tall);
        });
      });
      pen.font = `11.5px ${colors.font}`;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillStyle = colors.muted;
      for (const value of ticks(low, high, Math.max(3, width / 80))) {
        const at = Math.min(width - 14, Math.max(10, toX(value)));
        pen.fillText(number(value), at, half + AXIS / 2);
      }
      shown.means.forEach((mean, i) => {
        const at = Math.round(toX(mean)) + 0.5;
        pen.strokeStyle = colors.ink;
        pen.lineWidth = 1.5;
        pen.setLineDash([4, 3]);
        pen.beginPath();
        pen.moveTo(at, i ? half + AXIS : half);
        pen.lineTo(at, i ? height : 0);
        pen.stroke();
        pen.setLineDash([]);
        pen.fillStyle = colors.ink;
        pen.textAlign = at > width - 80 ? "right" : "left";
        pen.fillText(`mean ${scale.words(mean)}`, at + (at > width - 80 ? -5 : 5), i ? height - 7 : 7);
      });
    },
    read: () => shown,
  };
}

/** `asked`: the classes that G was told, or null. D's means, how far it tells them apart, and what is read of the fakes: from the numbers on screen. */
export function inWords({ scale, real, fake, readings, classes, asked }) {
  const [x, y] = [real, fake].map((list) => Array.from(list, scale.value));
  const means = `${scale.odds ? "D gives real pictures" : "D puts real pictures at"} ${scale.words(meanOf(x))} on average and fakes ${scale.odds ? "" : "at "}${scale.words(meanOf(y))}`;
  const apart = separation(x, y);
  const verdict = apart > 0.97 ? "it tells nearly every fake from a real one" : apart > 0.75 ? "it mostly tells them apart" : apart > 0.6 ? "it is often fooled" : apart >= 0.4 ? "it can hardly do better than guess" : "it prefers the fakes";
  const order = `of a real one and a fake, it puts the real one higher ${percent(apart, 0)} of the time: ${verdict}.`;
  if (!readings) return `${means}; ${order}`;
  const sure = readings.filter(({ confidence }) => confidence > SURE);
  const seen = new Set(sure.map(({ answer }) => answer));
  const missing = classes.filter((_, k) => !seen.has(k));
  const reads = `A classifier that knows only real pictures reads ${sure.length} of ${readings.length} fakes surely (over ${percent(SURE, 0)}), and sees ${seen.size} of ${classes.length} classes among them${missing.length && missing.length < classes.length ? `: not ${missing.join(", ")}` : ""}.`;
  const right = asked ? ` ${readings.filter(({ answer }, k) => answer === asked[k]).length} of ${readings.length} are read as the class that G was told.` : "";
  return `${means}; ${order} ${reads}${right}`;
}

/** The chance that a value of `x` lies above one of `y`; ties count half. */
export function separation(x, y) {
  let wins = 0;
  for (const a of x) for (const b of y) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (x.length * y.length);
}
