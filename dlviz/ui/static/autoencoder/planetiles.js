// The manifold: what is decoded at the middles of cells over the plane, and what the classifier reads there.

import { isAmong } from "./planecodes.js";

export const SURE = 0.8; // a confidence above which a cell counts as read

/**
 * Decode every place of xs × ys, rows of ys in their order. A generator of how many are done; it ends in {sheet: a canvas of
 * all pictures side by side, pictures, inside, confidence, answer (each a number a cell; the last two null without a reader),
 * xs, ys, z(i)}. `begun(sheet, flush)` may draw what is there before all is.
 */
export function* tilesOf({ network, read, slice, label, xs, ys, codes, reach }, begun) {
  const [channels, height, width] = network.shape;
  const [across, down] = [xs.length, ys.length];
  const size = channels * height * width;
  const pictures = new Float32Array(across * down * size);
  const inside = new Uint8Array(across * down);
  const [confidence, answer] = read ? [new Float32Array(across * down), new Uint8Array(across * down)] : [null, null];
  const sheet = Object.assign(document.createElement("canvas"), { width: across * width, height: down * height });
  const pen = sheet.getContext("2d");
  const z = (i) => slice.toCode([xs[i % across], ys[Math.floor(i / across)]]);
  begun?.(sheet);
  for (let i = 0; i < across * down; i += 1) {
    const code = z(i);
    const { picture } = network.decode(code, label);
    pictures.set(picture, i * size);
    pen.putImageData(imageOf(picture, channels, height, width), (i % across) * width, Math.floor(i / across) * height);
    inside[i] = Number(isAmong(code, codes, reach));
    if (read) {
      const said = read(picture);
      answer[i] = said.indexOf(Math.max(...said));
      confidence[i] = said[answer[i]];
    }
    yield i + 1;
  }
  return { sheet, pictures, inside, confidence, answer, xs, ys, z };
}

function imageOf(picture, channels, height, width) {
  const image = new ImageData(width, height); // its bytes round, and stop at 0 and 255
  const cells = height * width;
  for (let i = 0; i < cells; i += 1) {
    for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = 255 * picture[(channels === 1 ? 0 : c) * cells + i];
    image.data[4 * i + 3] = 255;
  }
  return image;
}

/** {cells, inside, sure}: how many cells, how many among the codes, and how many of these are read with more than 0.8. */
export function countsOf({ inside, confidence }) {
  let [among, sure] = [0, 0];
  inside.forEach((is, i) => {
    among += is;
    if (is && confidence?.[i] > SURE) sure += 1;
  });
  return { cells: inside.length, inside: among, sure: confidence ? sure : null };
}
