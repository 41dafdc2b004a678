// What this one picture lost on its way: the error of each pixel as a map, and reconstruction, KL and ELBO with their numbers.

import { count, h, number, replace, setText, steady } from "../lib/dom.js";
import { Mosaic } from "./mosaic.js";
import { lossOf } from "./sums.js";

export function buildLost(area, stage) {
  const canvas = h("canvas.glass-error", { role: "img", "aria-label": "Error of each pixel: reconstruction minus picture" });
  const scale = h("div.glass-scale");
  const lines = h("div.glass-losses.value");
  const words = h("p.small.muted");
  area.append(h("div.glass-lost", h("figure", h("figcaption.label", "Error, x̂ − x"), canvas, scale), h("div.glass-equations", h("h4", "What it lost, in nats"), lines, words)));
  const mosaic = new Mosaic();
  let [now, drawn] = [null, null];

  /** The loss of the way as shown: `picture` may be newer than the page's own network. */
  function show(way, shown) {
    const { spec, shape } = stage.scene.numbers;
    const { colors } = stage.ctx;
    const key = [way, shown.picture, colors, stage.frame?.numbers.beta];
    if (drawn?.every((each, i) => each === key[i])) return;
    drawn = key;
    const x = stage.moment.pixels;
    const error = shown.picture.map((value, i) => value - x[i]);
    const found = lossOf(x, shown.picture, { bernoulli: spec.likelihood === "bernoulli", mean: shown.mean, logVariance: shown.logVariance });
    now = { ...found, error };
    const [channels, height, width] = shape;
    const limit = Math.max(1, error.reduce((most, e) => Math.max(most, Math.abs(e)), 0));
    mosaic.paintSigned(placeOf(height, width), channels === 3 ? meanOf(error, height * width) : error, limit, colors);
    Object.assign(canvas, { width, height });
    canvas.getContext("2d").drawImage(mosaic.canvas, 0, 0);
    say(found, limit, channels, way);
  }

  let place = null;
  function placeOf(rows, cols) {
    if (place?.rows !== rows) place = { rows, cols, at: (i) => [i % cols, Math.floor(i / cols)] };
    return place;
  }

  function say({ reconstruction, least, kl, elbo, squared_error: squared }, limit, channels, { z, mean }) {
    const { spec, shape } = stage.scene.numbers;
    const all = count(shape.reduce((a, n) => a * n, 1));
    const of = spec.likelihood === "bernoulli" ? "−Σ (x log x̂ + (1 − x) log(1 − x̂))" : "½ Σ (x̂ − x)²";
    const line = (name, formula, value, strong) => h("div.glass-loss", h("span", name), h("span.small.muted", formula), h(strong ? "b" : "span", value));
    const rows = [line("Reconstruction", of, steady(reconstruction, 2))];
    if (kl !== null) {
      rows.push(line("KL", "½ Σ (μ² + σ² − 1 − log σ²)", steady(kl, 2)), line("ELBO", `−(${steady(reconstruction, 2)} + ${steady(kl, 2)})`, steady(elbo, 2), true));
      const beta = stage.frame?.numbers.beta;
      if (beta !== undefined && beta !== 1) rows.push(line("Trained for", `${steady(reconstruction, 2)} + β · ${steady(kl, 2)}, β = ${number(beta)} now`, steady(reconstruction + beta * kl, 2)));
    }
    replace(lines, rows);
    const floor = spec.likelihood === "bernoulli" ? ` No reconstruction of this picture could cost less than ${steady(least, 1)}${least > 0 ? ", because some of its values are neither 0 nor 1" : ""}.` : "";
    const from = kl === null ? "" : z === mean ? " Decoded from z = μ." : " Decoded from one drawn z: the ELBO is an average over such draws.";
    setText(words, `Over ${all} ${channels === 3 ? "numbers (three a pixel)" : "pixels"} the squared error is ${steady(squared, 4)} on average.${floor}${from}`);
    replace(scale, h("span.value", `−${number(limit)}`), h("i", { style: { background: gradient(stage.ctx.colors.diverging, -1) } }), h("span.value", `+${number(limit)}`));
  }

  return { show, read: () => now && { ...now, error: [...now.error] } };
}

const meanOf = (values, count) => Float32Array.from({ length: count }, (_, i) => (values[i] + values[count + i] + values[2 * count + i]) / 3);

/** A scale of the theme as a CSS gradient, from `low` to 1. */
export function gradient(color, low) {
  const stops = Array.from({ length: 9 }, (_, k) => `rgb(${color(low + ((1 - low) * k) / 8).join(" ")})`);
  return `linear-gradient(to right, ${stops.join(", ")})`;
}
