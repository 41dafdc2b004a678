// Pictures as numbers: (channel, row, column), in [0, 1]. Nothing here draws but `drawOutline`.

/** Brightness of the cells of a picture, one number each: the mean of its channels. */
export function brightness(picture, channels, count) {
  const found = new Float32Array(count);
  for (let i = 0; i < channels * count; i += 1) found[i % count] += picture[i] / channels;
  return found;
}

/** The picture as it is: [r, g, b] of a cell. */
export function trueColor(picture, channels, count, i) {
  return [0, 1, 2].map((c) => 255 * picture[(channels === 3 ? c : 0) * count + i]);
}

/** The bytes that a run is given, and the text they travel as (see dlviz/labs/cnn/picture.py). */
export const bytesOf = (data) => Uint8Array.from(data, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
export const textOf = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** The lines between cells of a mask that are inside and cells that are not: [[x0, y0, x1, y1], …] in cells. */
export function outlineOf(mask, rows, cols) {
  const inside = (r, c) => r >= 0 && c >= 0 && r < rows && c < cols && mask[r * cols + c] > 0.5;
  const lines = [];
  for (let r = 0; r <= rows; r += 1) {
    for (let c = 0; c <= cols; c += 1) {
      if (inside(r, c) !== inside(r, c - 1)) lines.push([c, r, c, r + 1]);
      if (inside(r, c) !== inside(r - 1, c)) lines.push([c, r, c + 1, r]);
    }
  }
  return lines;
}

/** The true shape as a thin line over a Grid of its cells. */
export function drawOutline(grid, lines, colors) {
  if (!lines.length || !grid.canvas.clientWidth) return;
  const pen = grid.canvas.getContext("2d");
  const { cell } = grid;
  pen.beginPath();
  for (const [x0, y0, x1, y1] of lines) {
    pen.moveTo(x0 * cell, y0 * cell);
    pen.lineTo(x1 * cell, y1 * cell);
  }
  pen.strokeStyle = colors.ink;
  pen.globalAlpha = 0.55;
  pen.lineWidth = 1;
  pen.stroke();
  pen.globalAlpha = 1;
}

/** Paint a picture of numbers in [0, 1], (channel, row, column), onto a canvas of as many pixels; one channel is grey. */
export function paintPixels(canvas, values, [channels, height, width]) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const image = new ImageData(width, height); // its bytes round, and stop at 0 and 255
  const count = height * width;
  for (let i = 0; i < count; i += 1) {
    for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = 255 * values[(channels === 1 ? 0 : c) * count + i];
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}
