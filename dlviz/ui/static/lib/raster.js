// The picture on the pad as numbers: channel after channel, row after row, in [0, 1]. Shape: [channels, height, width].

export const STILL = Object.freeze({ dx: 0, dy: 0, turn: 0, scale: 1 });
const SOFT = 1.4; // cells over which the edge of a stroke fades, as that of scanned ink does

export const isStill = ({ dx, dy, turn, scale }) => dx === 0 && dy === 0 && turn === 0 && scale === 1;

/**
 * The picture scaled and turned (degrees, clockwise) around its middle, then moved by (dx, dy) cells; bilinear. What
 * comes in from outside is black in a grey picture, and goes on as the edge does in a coloured one.
 */
export function warped(data, [channels, height, width], pose) {
  if (isStill(pose)) return data.slice();
  const made = new Float32Array(data.length);
  const angle = (pose.turn * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) / pose.scale, Math.sin(angle) / pose.scale];
  const [my, mx] = [(height - 1) / 2, (width - 1) / 2];
  const size = height * width;
  const hold = channels > 1;
  const inside = (v, end) => Math.min(Math.max(v, 0), end - 1);
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, to += 1) {
      const [down, across] = [y - my - pose.dy, x - mx - pose.dx];
      const [sy, sx] = [cos * down - sin * across + my, cos * across + sin * down + mx];
      const [top, left] = [Math.floor(sy), Math.floor(sx)];
      for (let corner = 0; corner < 4; corner += 1) {
        let [cy, cx] = [top + (corner >> 1), left + (corner & 1)];
        const weight = (corner >> 1 ? sy - top : 1 - sy + top) * (corner & 1 ? sx - left : 1 - sx + left);
        if (weight === 0) continue;
        if (hold) [cy, cx] = [inside(cy, height), inside(cx, width)];
        else if (cy < 0 || cx < 0 || cy >= height || cx >= width) continue;
        for (let c = 0; c < channels; c += 1) made[c * size + to] += weight * data[c * size + cy * width + cx];
      }
    }
  }
  return made;
}

/** Lay a piece of a stroke onto its mask (height, width): from and to as [y, x] in cells, `thick` cells wide. */
export function stroke(mask, [, height, width], [y0, x0], [y1, x1], thick) {
  const reach = thick / 2 + SOFT / 2;
  const [dy, dx] = [y1 - y0, x1 - x0];
  const length = dy * dy + dx * dx;
  const low = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - reach));
  const high = (a, b, end) => Math.min(end - 1, Math.ceil(Math.max(a, b) + reach));
  for (let y = low(y0, y1); y <= high(y0, y1, height); y += 1) {
    for (let x = low(x0, x1); x <= high(x0, x1, width); x += 1) {
      const [py, px] = [y + 0.5 - y0, x + 0.5 - x0];
      const along = length > 0 ? Math.min(1, Math.max(0, (py * dy + px * dx) / length)) : 0;
      const far = Math.hypot(py - along * dy, px - along * dx);
      const ink = Math.min(1, Math.max(0, (reach - far) / SOFT));
      const at = y * width + x;
      if (ink > mask[at]) mask[at] = ink;
    }
  }
}

/** The picture with `ink` (a value for each channel) where the mask is. */
export function inked(data, mask, ink) {
  const size = mask.length;
  return data.map((old, i) => old + (ink[Math.floor(i / size)] - old) * mask[i % size]);
}

/** Whole cells to move by so that the middle of what is bright comes to the middle: {dx, dy}; null for a blank one. */
export function toMiddle(data, [channels, height, width]) {
  let [sum, down, across] = [0, 0, 0];
  data.forEach((value, i) => {
    const at = i % (height * width);
    sum += value;
    down += value * Math.floor(at / width);
    across += value * (at % width);
  });
  return sum > 0 && channels > 0 ? { dy: Math.round((height - 1) / 2 - down / sum), dx: Math.round((width - 1) / 2 - across / sum) } : null;
}

/** RGBA of a square as a picture of so many channels; grey as the eye weighs it. */
export function fromRgba(rgba, channels) {
  const size = rgba.length / 4;
  const made = new Float32Array(channels * size);
  for (let i = 0; i < size; i += 1) {
    const [r, g, b] = [rgba[4 * i] / 255, rgba[4 * i + 1] / 255, rgba[4 * i + 2] / 255];
    if (channels === 1) made[i] = 0.299 * r + 0.587 * g + 0.114 * b;
    else [made[i], made[size + i], made[2 * size + i]] = [r, g, b];
  }
  return made;
}

/** True where the rim of a grey picture is bright: ink on paper, where the digits here are light on black. */
export function isOnPaper(data, [channels, height, width]) {
  if (channels > 1) return false;
  const rim = data.filter((_, i) => i < width || i >= (height - 1) * width || i % width === 0 || i % width === width - 1);
  return rim.reduce((sum, value) => sum + value, 0) / rim.length > 0.5;
}
