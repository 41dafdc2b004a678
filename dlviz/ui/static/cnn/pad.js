// The pad: the picture that the network is shown, to be chosen, drawn, erased, moved, turned and scaled. Every change
// goes to the run at once, also while it trains.

import { outline } from "../lib/cells.js";
import { fit, h, setText } from "../lib/dom.js";
import { Sprites } from "../lib/sprites.js";
import { fileChooser, readPicture, resizePicture } from "../lib/upload.js";
import { makeDrawing } from "./drawing.js";
import { buildTools, penIcon } from "./padtools.js";
import { bytesOf, fromRgba, isOnPaper, textOf } from "./raster.js";
import { PICTURE, fieldOf, isMap } from "./rows.js";
import { makeSender } from "./sender.js";
import { buildWalk } from "./walk.js";

const ROOM = 900; // px of the stage
const BLANK = "Nothing is drawn yet: what the bars show is the network's answer to an empty picture.";

export function buildPad(area, stage) {
  const drawing = makeDrawing(changed);
  const sender = makeSender(stage, { refused: say, settled: () => setText(status, wordsNow()) });
  const upload = fileChooser(bring);
  const tools = buildTools(drawing, [h("button.chip", { type: "button", title: "A picture from a file, reduced to this size", onclick: upload.choose }, "From a file"), upload.field]);
  const sprites = new Sprites();
  const status = h("p.small.pad-words", { role: "status" });
  const canvas = h("canvas.pad-canvas", { tabindex: 0, role: "application", "aria-label": "Draw pad. Arrow keys move the picture by one cell." });
  const walk = buildWalk(stage, { leave: () => sender.drop() });
  const sheet = h("div.sheet", h("div.pad-frame", canvas), tools.element);
  const opener = h("button.chip.opener", { type: "button", "aria-expanded": "false", onclick: () => open(!area.classList.contains("open")) }, penIcon(), h("span", "Draw"));
  area.append(sheet, walk.element, opener, status);
  let [own, ring, painted, said] = [false, null, null, ""];
  let opened = false; // it opens by itself once, where there is room beside it

  function open(on) {
    area.classList.toggle("open", on);
    opener.setAttribute("aria-expanded", String(on));
    setText(opener.lastChild, on ? "Put the pad away" : "Draw");
    painted = null;
    stage.ctx.redraw();
  }
  const wordsNow = () => said || (own && drawing.isBlank ? BLANK : "");
  function say(text) {
    said = text;
    setText(status, wordsNow());
  }

  // A person changed the drawing: shown here and on the stage at once, by the network with its next frame.
  function changed(event) {
    if (!stage.scene) return; // nothing is shown yet
    own = true;
    say("");
    const bytes = bytesOf(drawing.data);
    stage.emit("painted", Float32Array.from(bytes, (byte) => byte / 255));
    sender.send(textOf(bytes), event?.timeStamp ?? performance.now());
    stage.live.shared.set("happened.drew", true);
    tools.show();
    walk.show(own);
    stage.ctx.redraw();
  }

  stage.on("scene", (scene) => {
    const text = scene.numbers.spec.own_pixels;
    own = text !== "";
    walk.show(own);
    const { shape, data } = scene.arrays.picture;
    const mine = own && (sender.busy || text === sender.last) && String(shape) === String(drawing.shape);
    if (mine) return;
    drawing.load(shape, data);
    painted = null;
    say("");
    tools.show();
  });

  // ---- the pointer

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
    stage.point({ row: PICTURE, channel: null, y, x });
    if (grip) {
      const [dy, dx] = [0, 1].map((i) => Math.round(ring[i] - grip.at[i]));
      const next = { dy: grip.from.dy + dy, dx: grip.from.dx + dx };
      if (next.dy !== drawing.pose.dy || next.dx !== drawing.pose.dx) drawing.place(next, event);
    } else if (canvas.hasPointerCapture(event.pointerId)) {
      const all = event.getCoalescedEvents?.() ?? [];
      drawing.go(all.length ? all.map(placeOf) : [ring], event);
    }
    stage.ctx.redraw();
  });
  const stop = () => {
    drawing.end();
    grip = null;
  };
  canvas.addEventListener("pointerup", stop);
  canvas.addEventListener("pointercancel", stop);
  canvas.addEventListener("pointerleave", () => {
    ring = null;
    stage.point(null);
    stage.ctx.redraw();
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
      say(notes.join(" "));
    } catch (problem) {
      say(problem.message);
    }
  }

  stage.ctx.host.dlvizPad = {
    open,
    bytes: () => [...bytesOf(drawing.data)],
    pose: () => ({ ...drawing.pose }),
    busy: () => sender.busy,
    times: () => [...sender.times],
    words: () => status.textContent,
    spec: () => stage.live.scene.numbers.spec,
    scenePicture: () => [...stage.live.scene.arrays.picture.data],
    live: () => stage.live,
  };

  /** What the cell pointed at sees of the picture, or null. */
  function seen() {
    const at = stage.focus ?? stage.pinned;
    if (at?.row === PICTURE) return null;
    const row = at?.y === null || at?.y === undefined ? null : stage.row(at.row);
    return row && isMap(row) ? fieldOf(stage.rows, at.row, at.y, at.x) : null;
  }

  return {
    draw() {
      walk.show(own);
      if (!opened) open(stage.ctx.root.clientWidth >= ROOM);
      opened = true;
      if (!area.classList.contains("open")) return;
      const [channels, height, width] = drawing.shape;
      if (painted !== drawing.data) {
        painted = drawing.data;
        sprites.paintPicture({ channels, height, width, data: drawing.data });
      }
      const { pen, width: across, height: down } = fit(canvas);
      pen.imageSmoothingEnabled = false;
      sprites.drawTo(pen, 0, 0, 0, across, down);
      const field = seen();
      const cell = across / width;
      if (field) {
        const [top, left] = [Math.max(field.top, 0), Math.max(field.left, 0)];
        outline(pen, [left * cell, top * cell, (Math.min(field.right + 1, width) - left) * cell, (Math.min(field.bottom + 1, height) - top) * cell], stage.ctx.colors.accent, 2);
      }
      canvas.dataset.tool = tools.tool;
      if (!ring || tools.tool === "move") return;
      pen.beginPath();
      pen.arc(ring[1] * cell, ring[0] * cell, (tools.thick / 2) * cell, 0, 2 * Math.PI);
      pen.strokeStyle = stage.ctx.colors.accent;
      pen.lineWidth = 1.5;
      pen.stroke();
    },
  };
}
