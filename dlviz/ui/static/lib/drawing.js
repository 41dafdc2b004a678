// What is on the pad: a picture, how it is turned and moved, the stroke under way, and the way back.

import { bytesOf } from "./pixels.js";
import { STILL, inked, isStill, stroke, toMiddle, warped } from "./raster.js";

const UNDOS = 60;

/** The drawing. `changed(event?)` hears of every change that a person made. */
export function makeDrawing(changed) {
  let past = [];
  let line = null; // {mask, before, ink, thick, at}
  const drawing = {
    shape: [1, 1, 1], base: new Float32Array(1), pose: STILL, data: new Float32Array(1),

    /** A picture from outside: (channel, height, width) in [0, 1]. */
    load(shape, data) {
      [drawing.shape, drawing.base, drawing.pose, past, line] = [shape, data.slice(), STILL, [], null];
      drawing.data = drawing.base;
    },
    get canUndo() {
      return past.length > 0;
    },
    get isBlank() {
      const bytes = bytesOf(drawing.data);
      const size = bytes.length / drawing.shape[0];
      return bytes.every((byte, i) => byte === bytes[i - (i % size)]);
    },
    /** Remember how it is now, before a change. */
    remember() {
      past.push({ base: drawing.base, pose: drawing.pose });
      past = past.slice(-UNDOS);
    },
    undo(event) {
      const before = past.pop();
      if (!before) return;
      Object.assign(drawing, before);
      show(event);
    },
    replace(data, event) {
      drawing.remember();
      [drawing.base, drawing.pose] = [data, STILL];
      show(event);
    },
    clear: (event) => drawing.replace(new Float32Array(drawing.data.length), event),
    /** Turn, scale or move what there is; changes of one gesture follow one `remember`. */
    place(pose, event) {
      drawing.pose = { ...drawing.pose, ...pose };
      show(event);
    },
    shift(dx, dy, event) {
      drawing.remember();
      drawing.place({ dx: drawing.pose.dx + dx, dy: drawing.pose.dy + dy }, event);
    },
    center(event) {
      const way = toMiddle(drawing.data, drawing.shape);
      if (way && (way.dx || way.dy)) drawing.shift(way.dx, way.dy, event);
    },
    begin(at, { ink, thick }, event) {
      drawing.remember();
      if (!isStill(drawing.pose)) [drawing.base, drawing.pose] = [drawing.data, STILL];
      line = { mask: new Float32Array(drawing.data.length / drawing.shape[0]), before: drawing.base, ink, thick, at };
      drawing.go([at], event);
    },
    /** On through these places, [y, x] in cells. */
    go(places, event) {
      if (!line) return;
      for (const to of places) {
        stroke(line.mask, drawing.shape, line.at, to, line.thick);
        line.at = to;
      }
      drawing.base = inked(line.before, line.mask, line.ink);
      show(event);
    },
    end() {
      line = null;
    },
  };

  function show(event) {
    drawing.data = warped(drawing.base, drawing.shape, drawing.pose);
    changed(event);
  }
  return drawing;
}
