// A pattern of attention as a small picture: one pixel a cell, which the browser enlarges. Hidden cells stay clear.

const LEVELS = 510; // entries of the theme's table of colours, less one

/** Paint `values` (row · column), 0 to `high`; `hidden` as in lib/pattern.js. The canvas takes their shape. */
export function paintThumb(canvas, { values, rows, columns, hidden = null, high = 1 }, colors) {
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
  canvas.style.aspectRatio = `${columns} / ${rows}`;
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(columns, rows);
  const { table } = colors.sequential;
  for (let i = 0; i < values.length; i += 1) {
    const from = Math.round(Math.min(1, values[i] / high) * LEVELS) * 3;
    image.data[4 * i] = table[from];
    image.data[4 * i + 1] = table[from + 1];
    image.data[4 * i + 2] = table[from + 2];
    image.data[4 * i + 3] = hidden?.[i] ? 0 : 255;
  }
  pen.putImageData(image, 0, 0);
}
