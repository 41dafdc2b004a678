// The principal directions opened: the mean picture, the first 16 directions as pictures, the variance along each, and how far
// the space of a linear autoencoder is turned against theirs.

import { css, rgb } from "../lib/color.js";
import { fit, h, number, percent, replace, setText } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";

const TALL = 210;
const WIDEST = 44; // px, of a bar

export function buildPrincipal() {
  const mean = h("canvas.thumb", { role: "img", "aria-label": "The mean of all training pictures" });
  const tiles = h("div.compression-eigen");
  const ramp = h("canvas.ramp", { width: 65, height: 1, "aria-hidden": "true" });
  const [low, high] = [h("span"), h("span")];
  const shares = h("canvas.compression-shares", { role: "img", style: { height: `${TALL}px` } });
  const sharesWords = h("p.small.muted.value");
  const angles = h("canvas.compression-angles", { role: "img", style: { height: `${TALL}px` } });
  const anglesWords = h("p.small.muted.value");
  const anglesTitle = h("h4", "Principal angles");
  const note = h("span.small.muted");
  const element = h("section.compression-part", { "aria-label": "Principal components" }, h("h3", "Inside PCA"),
    h("p.compression-words", "PCA is the mean picture plus a weighted sum of fixed pictures, the directions in which the training pictures vary most. Its code is those weights: x̂ = x̄ + Σ zᵢ uᵢ with zᵢ = uᵢ · (x − x̄)."),
    h("div.row.compression-legend", note, h("span.grow"), h("span.row.small.muted", low, ramp, high)),
    tiles,
    h("div.compression-two", h("figure.stack", h("h4", "Variance explained"), shares, sharesWords), h("figure.stack", anglesTitle, angles, anglesWords)));

  function paintDirection(canvas, values, [channels, height, width], limit, colors) {
    if (channels === 3) { // colours: grey is zero
      paintPixels(canvas, Float32Array.from(values, (value) => 0.5 + value / (2 * limit)), [channels, height, width]);
      return;
    }
    Object.assign(canvas, { width, height });
    const image = new ImageData(width, height);
    values.forEach((value, i) => image.data.set([...colors.diverging(value / limit), 255], 4 * i));
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  function drawPictures(sweep, colors) {
    const size = sweep.eigen.data.length / sweep.eigen.shape[0];
    const shape = sweep.eigen.shape.slice(1);
    const limit = sweep.eigen.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    setText(low, `−${number(limit, 2)}`);
    setText(high, number(limit, 2));
    setText(note, `The mean, then the first ${sweep.eigen.shape[0]} directions, ${shape.join(" × ")} each, with their share of the variance${shape[0] === 3 ? "; grey is 0" : ""}`);
    ramp.parentElement.classList.toggle("hidden", shape[0] === 3);
    if (tiles.of !== sweep.eigen || tiles.dark !== colors.dark) {
      Object.assign(tiles, { of: sweep.eigen, dark: colors.dark });
      paintPixels(mean, sweep.mean.data, shape);
      replace(tiles, h("figure", mean, h("figcaption.value", "mean")), Array.from({ length: sweep.eigen.shape[0] }, (_, i) => {
        const canvas = h("canvas.thumb", { role: "img", "aria-label": `Principal direction ${i + 1}, ${percent(sweep.share[i])} of the variance` });
        paintDirection(canvas, sweep.eigen.data.subarray(i * size, (i + 1) * size), shape, limit, colors);
        return h("figure", canvas, h("figcaption.value", percent(sweep.share[i])));
      }));
    }
    const pen = ramp.getContext("2d");
    for (let x = 0; x <= 64; x += 1) {
      pen.fillStyle = css(colors.diverging((x - 32) / 32));
      pen.fillRect(x, 0, 1, 1);
    }
  }

  /** Bars of values up to `most`, with a scale at the left; the first `strong` stand out. */
  function bars(canvas, values, most, colors, { unit, strong, line, color }) {
    if (!canvas.clientWidth) return;
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const box = { left: 46, right: width - 8, top: 10, bottom: height - 24 };
    const toY = (value) => box.bottom - (value / most) * (box.bottom - box.top);
    pen.font = `12px ${colors.font}`;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const share of [0, 0.5, 1]) {
      pen.strokeStyle = colors.line;
      pen.beginPath();
      pen.moveTo(box.left, Math.round(toY(share * most)) + 0.5);
      pen.lineTo(box.right, Math.round(toY(share * most)) + 0.5);
      pen.stroke();
      pen.fillStyle = colors.muted;
      pen.fillText(unit(share * most), box.left - 6, toY(share * most));
    }
    const wide = Math.min(WIDEST, (box.right - box.left) / Math.max(1, values.length));
    values.forEach((value, i) => {
      pen.fillStyle = css(rgb(color), i < strong ? 0.95 : 0.35);
      pen.fillRect(box.left + i * wide + 0.5, toY(value), Math.max(1, wide - 1), Math.max(1, box.bottom - toY(value)));
    });
    pen.fillStyle = colors.muted;
    pen.textBaseline = "top";
    pen.textAlign = "left";
    pen.fillText("1", box.left, box.bottom + 6);
    pen.textAlign = "right";
    if (values.length > 1) pen.fillText(String(values.length), box.left + values.length * wide - 1, box.bottom + 6);
    if (!line) return;
    pen.strokeStyle = colors.ink;
    pen.lineWidth = 1.8;
    pen.beginPath();
    line.forEach((value, i) => pen[i ? "lineTo" : "moveTo"](box.left + (i + 0.5) * wide, toY(value)));
    pen.stroke();
  }

  function draw({ sweep, chosen }, colors) {
    drawPictures(sweep, colors);
    const size = sweep.sizes[chosen];
    let sum = 0;
    const total = sweep.share.map((share) => (sum += share));
    bars(shares, sweep.share, 1, colors, { unit: (value) => percent(value, 0), strong: size, line: total, color: colors.pca });
    const kept = total[Math.min(size, total.length) - 1];
    setText(sharesWords, `Bars: each direction's share of the variance of the training pictures. Line: their sum. The first ${size} explain ${percent(kept)}, all ${total.length} shown ${percent(total.at(-1))}.`);
    shares.setAttribute("aria-label", sharesWords.textContent);
    setText(anglesTitle, `Principal angles of ${size} direction${size > 1 ? "s" : ""}`);
    const found = sweep.angles[chosen];
    bars(angles, found, 90, colors, { unit: (value) => `${number(value)}°`, strong: size, color: colors.linear });
    setText(anglesWords, found.length ? about(found) : "Train to see how far the space that a linear autoencoder reaches is turned against that of PCA.");
    angles.setAttribute("aria-label", anglesWords.textContent);
  }

  return { element, draw };
}

/** What the angles say. */
function about(found) {
  const [most, mean] = [Math.max(...found), found.reduce((sum, angle) => sum + angle, 0) / found.length];
  const facts = `Between the space that the linear autoencoder's decoder reaches and that of the first ${found.length} principal directions: ${found.length > 1 ? `${number(mean)}° on average, ${number(most)}° at most` : `${number(most)}°`}. `;
  if (most < 10) return `${facts}Nearly the same space, found by gradient descent alone; its own axes may be any within it.`;
  if (mean < 10) return `${facts}All but a few directions agree; the last ones have nearly the same variance as the next, so training tells them apart slowly.`;
  return `${facts}It has not found that space yet: train for longer.`;
}
