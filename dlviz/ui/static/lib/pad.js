// A sheet to draw on: the picture itself, its tools, and pictures from files. Give "lib/pad.css".

import { outline } from "./cells.js";
import { fit, h } from "./dom.js";
import { makeDrawing } from "./drawing.js";
import { buildTools } from "./padtools.js";
import { bytesOf } from "./pixels.js";
import { fromRgba, isOnPaper } from "./raster.js";
import { Sprites } from "./sprites.js";
import { fileChooser, readPicture, resizePicture } from "./upload.js";

/**
 * {element, drawing, bytes(), load(shape, data), forget(), draw(colors, field)}.
 *
 * `changed(bytes, event)`: a person changed the picture, now these bytes; `said(words)`: what is to be known of a file.
 * `pointed({y, x} | null)`: the cell under the pointer. `field` {top, left, bottom, right}: cells to outline, or null.
 */
export function buildSheet({ redraw, ready, changed, said, pointed = () => {} }) {
  const drawing = makeDrawing((event) => {
    if (!ready()) return; // nothing is shown yet
    changed(bytesOf(drawing.data), event);
    tools.show();
    redraw();
  });
  const upload = fileChooser(bring);
  const tools = buildTools(drawing, [h("button.chip", { type: "button", title: "A picture from a file, reduced to this size", onclick: upload.choose }, "From a file"), upload.field]);
  const sprites = new Sprites();
  const canvas = h("canvas.pad-canvas", { tabindex: 0, role: "application", "aria-label": "Draw pad. Arrow keys move the picture by one cell." });
  const element = h("div.sheet", h("div.pad-frame", canvas), tools.element);
  let [ring, painted] = [null, null];

  const placeOf = (event) => {
    const box = canvas.getBoundingClientRect();
    const [, height, width] = drawing.shape;
    return [((event.clientY - box.top) / box.height) * height, ((event.clientX - box.left) / box.width) * width];
  };
  const ink = () => (tools.tool === "eraser" ? [0, 0, 0] : tools.ink);
  let grip = null; // where a drag began, and how the picture was placed then

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const at = placeOf(event);
    if (tools.tool === "move") {
      drawing.remember();
      grip = { at, from: drawing.pose };
    } else {
      drawing.begin(at, { ink: ink(), thick: tools.thick }, event);
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    ring = placeOf(event);
    const [y, x] = ring.map((at, i) => Math.min(drawing.shape[1 + i] - 1, Math.max(0, Math.floor(at))));
    pointed({ y, x });
    if (grip) {
      const [dy, dx] = [0, 1].map((i) => Math.round(ring[i] - grip.at[i]));
      const next = { dy: grip.from.dy + dy, dx: grip.from.dx + dx };
      if (next.dy !== drawing.pose.dy || next.dx !== drawing.pose.dx) drawing.place(next, event);
    } else if (canvas.hasPointerCapture(event.pointerId)) {
      const all = event.getCoalescedEvents?.() ?? [];
      drawing.go(all.length ? all.map(placeOf) : [ring], event);
    }
    redraw();
  });
  const stop = () => {
    drawing.end();
    grip = null;
  };
  canvas.addEventListener("pointerup", stop);
  canvas.addEventListener("pointercancel", stop);
  canvas.addEventListener("pointerleave", () => {
    ring = null;
    pointed(null);
    redraw();
  });
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) drawing.shift(...way, event);
    else if (event.key === "z" && (event.ctrlKey || event.metaKey)) drawing.undo(event);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  async function bring(file) {
    try {
      const [channels, side] = drawing.shape;
      const picture = await readPicture(file);
      let data = fromRgba(resizePicture(picture, side), channels);
      const notes = [...picture.notes];
      if (isOnPaper(data, drawing.shape)) {
        data = data.map((value) => 1 - value);
        notes.push("Its light and dark are exchanged: the pictures here are light on black.");
      }
      drawing.replace(data);
      said(notes.join(" "));
    } catch (problem) {
      said(problem.message);
    }
  }

  return {
    element, drawing,
    bytes: () => bytesOf(drawing.data),
    /** A picture from outside takes the place of what is drawn. */
    load(shape, data) {
      drawing.load(shape, data);
      painted = null;
      tools.show();
    },
    /** Paint the picture anew, as after it was out of sight. */
    forget() {
      painted = null;
    },
    draw(colors, field = null) {
      const [channels, height, width] = drawing.shape;
      if (painted !== drawing.data) {
        painted = drawing.data;
        sprites.paintPicture({ channels, height, width, data: drawing.data });
      }
      const { pen, width: across, height: down } = fit(canvas);
      pen.imageSmoothingEnabled = false;
      sprites.drawTo(pen, 0, 0, 0, across, down);
      const cell = across / width;
      if (field) {
        const [top, left] = [Math.max(field.top, 0), Math.max(field.left, 0)];
        outline(pen, [left * cell, top * cell, (Math.min(field.right + 1, width) - left) * cell, (Math.min(field.bottom + 1, height) - top) * cell], colors.accent, 2);
      }
      canvas.dataset.tool = tools.tool;
      if (!ring || tools.tool === "move") return;
      pen.beginPath();
      pen.arc(ring[1] * cell, ring[0] * cell, (tools.thick / 2) * cell, 0, 2 * Math.PI);
      pen.strokeStyle = colors.accent;
      pen.lineWidth = 1.5;
      pen.stroke();
    },
  };
}
