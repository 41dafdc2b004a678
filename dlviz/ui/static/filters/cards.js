// Test pictures as cards: the picture with what the winning cell sees outlined, that patch beside it, and the numbers.

import { paintBytes, thumbnail } from "../lib/album.js";
import { h, percent, steady } from "../lib/dom.js";

/** {top, bottom, left, right} of the picture that cell (y, x) sees; `field` as the probe has it. */
export function boxOf(field, y, x) {
  return { top: field[2 * y], bottom: field[2 * y + 1], left: field[2 * x], right: field[2 * x + 1] };
}

/** The outline of a box on a picture of that size, to be laid over its canvas. */
export function frameOf({ top, bottom, left, right }, { height, width }) {
  const share = (value, whole) => `${(100 * value) / whole}%`;
  return h("i.seen", { style: { top: share(top, height), left: share(left, width), height: share(bottom - top + 1, height), width: share(right - left + 1, width) } });
}

/** The part of a picture inside a box, as a picture. */
export function cropped(picture, { top, bottom, left, right }) {
  const [height, width] = [bottom - top + 1, right - left + 1];
  const pixels = new Uint8Array(picture.channels * height * width);
  for (let c = 0, to = 0; c < picture.channels; c += 1) {
    for (let y = top; y <= bottom; y += 1) {
      const from = (c * picture.height + y) * picture.width;
      pixels.set(picture.pixels.subarray(from + left, from + right + 1), to);
      to += width;
    }
  }
  return { pixels, channels: picture.channels, height, width };
}

/** A canvas of a patch, as large as its side is of `size` cells, so that patches at the rim are smaller. */
export function patchOf(picture, box, size) {
  const patch = cropped(picture, box);
  const canvas = h("canvas.patch", { role: "img", "aria-label": `What the cell sees: rows ${box.top + 1} to ${box.bottom + 1}, columns ${box.left + 1} to ${box.right + 1}` });
  paintBytes(canvas, patch);
  canvas.style.width = `${(100 * patch.width) / size}%`;
  return h("span.patch-room", canvas);
}

/** One test picture: {picture, value, truth, answer, confidence, box, size}, box null where there is no map. */
export function card({ picture, value, truth, answer, confidence, box, size }, classes, onpick) {
  const words = truth === answer ? `${classes[truth]} ✓` : `${classes[truth]} → ${classes[answer]}`;
  const label = `Test picture ${picture.index + 1}: ${classes[truth]}, answered ${classes[answer]} with ${percent(confidence)}, activation ${steady(value)}`;
  const wide = box && box.bottom - box.top + 1 === picture.height && box.right - box.left + 1 === picture.width;
  return h("button.plain.exciting", { type: "button", "data-index": picture.index, title: `${label}. Press to look at it on the stage.`, onclick: () => onpick(picture.index) },
    h("span.looked-at", h("span.framed", thumbnail(picture, label), box && !wide ? frameOf(box, picture) : null), box && !wide ? patchOf(picture, box, size) : null),
    h("b.value", steady(value)),
    h("span.value.said", { class: truth === answer ? "" : "wrong" }, words, h("span.label", ` ${percent(confidence, 0)}`)));
}
