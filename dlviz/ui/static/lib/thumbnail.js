// A small copy of a picture, cell for pixel.

import { h } from "./dom.js";

/** A canvas with a picture of bytes, (channel, height, width); grey ones have one channel. */
export function thumbnail({ pixels, channels, height, width }, label) {
  const canvas = h("canvas.thumb", { width, height, role: "img", "aria-label": label });
  const image = new ImageData(width, height);
  const cells = height * width;
  for (let i = 0; i < cells; i += 1) {
    for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = pixels[(channels === 1 ? 0 : c) * cells + i];
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
