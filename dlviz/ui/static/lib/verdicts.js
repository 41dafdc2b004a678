// What a discriminator's outputs mean to its loss, as colours: orange what it takes for fake, blue what it takes for real.

import { h, setText, steady } from "./dom.js";
import { said } from "./gan.js";

const ODDS = new Set(["minimax", "nonsaturating"]);
const LEAST_REACH = 1e-6;

/**
 * The scale of one moment. {odds, low, middle, high, share(logit) in [−1, 1], value(logit), words(value), name}. Odds lie between
 * 0 and 1 about ½; least squares is trained for 0 and 1, the hinge for −1 and 1; a critic's height means nothing by itself, so its
 * middle lies half-way between the mean heights of real and fake.
 */
export function verdictScale(loss, realLogits, fakeLogits) {
  const odds = ODDS.has(loss);
  let [middle, reach] = [0.5, 0.5];
  if (loss === "hinge") [middle, reach] = [0, 1];
  else if (!odds && loss !== "leastsquares") {
    middle = (meanOf(realLogits) + meanOf(fakeLogits)) / 2;
    reach = LEAST_REACH;
    for (const list of [realLogits, fakeLogits]) for (const value of list) reach = Math.max(reach, Math.abs(value - middle));
  }
  const value = (logit) => said(loss, logit);
  return {
    odds, low: middle - reach, middle, high: middle + reach, value,
    share: (logit) => Math.min(1, Math.max(-1, (value(logit) - middle) / reach)),
    words: (given) => steady(given, 2),
    name: odds ? "D's probability that it is real" : "D's output",
  };
}

export const meanOf = (values) => (values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0);

/** The bar of the scale with its numbers: {element, show(scale, colors)}. */
export function buildVerdictLegend() {
  const name = h("span.label");
  const bar = h("canvas", { "aria-hidden": "true", width: 120, height: 10, style: { width: "100%", height: "10px", "border-radius": "3px", display: "block" } });
  const marks = [0, 1, 2].map(() => h("span"));
  const numbers = h("div.small.muted.value", { style: { display: "flex", "justify-content": "space-between" } }, marks);
  const element = h("div", { style: { display: "flex", "flex-direction": "column", gap: "3px", "max-width": "340px" } }, name, bar, numbers);
  let painted = null; // in the colours of this theme
  return {
    element,
    show(scale, colors) {
      setText(name, `Colours: ${scale.name}. Orange: taken for fake; blue: for real`);
      const pen = bar.getContext("2d");
      for (let x = 0; painted !== colors && x < bar.width; x += 1) {
        pen.fillStyle = `rgb(${colors.diverging((2 * (x + 0.5)) / bar.width - 1).join(" ")})`;
        pen.fillRect(x, 0, 1, bar.height);
      }
      painted = colors;
      const unbounded = !scale.odds;
      setText(marks[0], `${scale.words(scale.low)}${unbounded ? " and less" : ""}`);
      setText(marks[1], scale.words(scale.middle));
      setText(marks[2], `${scale.words(scale.high)}${unbounded ? " and more" : ""}`);
    },
  };
}
