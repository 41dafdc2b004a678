// Painting on the picture with pen and eraser: seen at once, sent a moment later as the person's own picture.

import { settingsOf } from "../lib/settings.js";
import { isRow } from "./fitting.js";

const SEND_AFTER = 250; // ms after the last touch
const MOST_UNDOS = 20;

/** Bytes as the text of `own_pixels`: base64 with the letters of links. The twin of labs/convolution/pixels.py. */
export function encodePixels(bytes) {
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Values in [0, 1] as bytes. */
export const toBytes = (values) => Uint8Array.from(values, (x) => Math.round(255 * Math.min(Math.max(x, 0), 1)));

/** Why the picture cannot be painted on now; "" when it can. */
export function whyNotPaint(stage) {
  const settings = settingsOf(stage);
  if (settings.value("channels") === "maps") return "Maps are computed, not painted. Choose Grey or RGB.";
  if (isRow(settings.value("layer"))) return "One row only. Choose a two-dimensional layer to paint.";
  return "";
}

/**
 * {setTool(null | "pen" | "eraser"), ink, clear(), invert(), undo(), canUndo, bring(pixels, side, extra)}
 * `ink`: the numbers that the pen leaves, one for each channel, or one for all. Hears the stage's "paint".
 */
export function buildPicture(stage) {
  const settings = settingsOf(stage);
  const undos = [];
  let [last, pending, timer, sending] = [null, null, 0, 0];

  const picture = {
    ink: [1],
    get canUndo() {
      return undos.length > 0;
    },
    setTool(name) {
      if (stage.tool !== name) stage.setTool(name);
    },
    clear: () => change((values) => values.fill(0)),
    invert: () => change((values) => values.forEach((x, i) => { values[i] = 1 - x; })),
    undo() {
      const before = undos.pop();
      if (!before) return;
      clearTimeout(timer);
      pending = null;
      settings.change(before);
      stage.emit("undos");
    },
    /** Make `bytes` (channel by channel, side² each) the picture, together with other settings. */
    bring(bytes, extra = {}) {
      remember();
      pending = null;
      return settings.change({ picture: "own", own_pixels: encodePixels(bytes), ...extra });
    },
  };

  function remember() {
    undos.push(Object.fromEntries(["picture", "own_pixels", "channels", "side"].map((name) => [name, settings.value(name)])));
    if (undos.length > MOST_UNDOS) undos.shift();
    stage.emit("undos");
  }

  function change(paint) {
    if (!stage.input || whyNotPaint(stage)) return;
    remember();
    paint(stage.input);
    show();
    send();
  }

  // What is on the screen now is the truth until the server has it.
  function show() {
    pending = stage.input.slice();
    stage.recompute();
    clearTimeout(timer);
    timer = setTimeout(send, SEND_AFTER);
  }

  async function send() {
    clearTimeout(timer);
    if (!pending) return;
    sending += 1;
    const mine = pending;
    const taken = await settings.change({ picture: "own", own_pixels: encodePixels(toBytes(mine)) });
    sending -= 1;
    if (pending === mine && !taken) pending = null;
  }

  function dab([row, column]) {
    const [channels, rows, columns] = stage.live.scene.arrays.input.shape;
    if (row < 0 || column < 0 || row >= rows || column >= columns) return;
    for (let c = 0; c < channels; c += 1) {
      const ink = stage.tool === "eraser" ? 0 : picture.ink[c] ?? picture.ink[0];
      stage.input[(c * rows + row) * columns + column] = Math.fround(Math.round(ink * 255) / 255);
    }
  }

  stage.on("paint", ({ place, event }) => {
    if (!stage.tool || !stage.input || whyNotPaint(stage)) return;
    const begins = event?.type === "pointerdown" || event?.type === "keydown" || !last;
    if (begins) remember();
    for (const cell of begins ? [place] : line(last, place)) dab(cell);
    last = place;
    show();
  });
  stage.ctx.root.addEventListener("pointerup", () => { last = null; }, { signal: stage.ctx.signal });

  stage.on("scene", (scene) => {
    if (!pending) return;
    const [now, here] = [scene.arrays.input.data, pending];
    const same = now.length === here.length && now.every((x, i) => Math.abs(x - here[i]) < 1e-6);
    const isOther = now.length !== here.length || scene.numbers.spec.picture !== "own";
    if (same || (isOther && sending === 0)) {
      clearTimeout(timer);
      pending = null; // it has come, or something else was chosen since
    } else if (now.length === here.length) {
      stage.input.set(here); // an older word of the server's, on its way while the hand went on
      stage.recompute();
    }
  });

  stage.on("tool", () => { last = null; });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && stage.tool) picture.setTool(null);
  }, { signal: stage.ctx.signal });
  return picture;
}

/** The cells from the one after `from` to `to`: a fast hand leaves no gaps. */
function line([r0, c0], [r1, c1]) {
  const steps = Math.max(Math.abs(r1 - r0), Math.abs(c1 - c0), 1);
  return Array.from({ length: steps }, (_, i) => [
    Math.round(r0 + ((r1 - r0) * (i + 1)) / steps), Math.round(c0 + ((c1 - c0) * (i + 1)) / steps),
  ]);
}
