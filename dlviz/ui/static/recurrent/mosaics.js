// The states of all cells as small mosaics, one pixel a unit, painted once for new weights and drawn at any size.

/** Tiles across and down for so many units in a box. */
export function tiling(units, { width, height }) {
  const across = Math.max(1, Math.min(units, Math.ceil(Math.sqrt((units * width) / height))));
  return { across, down: Math.ceil(units / across) };
}

export class Mosaics {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.key = null;
  }

  /** Paint `hidden` of every column and row of the picture; nothing is done twice. */
  paint(columns, places, units, colors) {
    this.tiles = tiling(units, places.cell);
    const { across, down } = this.tiles;
    const states = columns.map(({ state }) => state);
    const isSame = this.key && this.key.colors === colors && this.key.across === across && this.key.states.length === states.length && this.key.states.every((state, i) => state === states[i]);
    if (isSame) return;
    this.key = { colors, across, states };
    this.canvas.width = Math.max(1, columns.length * across);
    this.canvas.height = places.rows.length * down;
    const pen = this.canvas.getContext("2d");
    const image = pen.createImageData(this.canvas.width, this.canvas.height);
    states.forEach((state, i) => {
      places.rows.forEach(({ layer, direction }, r) => {
        const values = state?.rows[layer]?.[direction]?.hidden;
        if (!values) return;
        for (let k = 0; k < units; k += 1) {
          const at = 4 * ((r * down + Math.floor(k / across)) * this.canvas.width + i * across + (k % across));
          image.data.set(colors.diverging(values[k]), at);
          image.data[at + 3] = 255;
        }
      });
    });
    pen.putImageData(image, 0, 0);
  }

  /** Draw the mosaic of column i, row r into a box. */
  drawTo(pen, i, r, x, y, width, height) {
    const { across, down } = this.tiles;
    pen.imageSmoothingEnabled = false;
    pen.drawImage(this.canvas, i * across, r * down, across, down, x, y, width, height);
  }
}
