// The pad: the picture that the network is shown, to be chosen, drawn, erased, moved, turned and scaled. Every change
// goes to the run at once, also while it trains.

import { h, setText } from "../lib/dom.js";
import { buildSheet } from "../lib/pad.js";
import { penIcon } from "../lib/padtools.js";
import { textOf } from "../lib/pixels.js";
import { makeSender } from "../lib/sender.js";
import { PICTURE, fieldOf, isMap } from "./rows.js";
import { buildWalk } from "./walk.js";

const ROOM = 900; // px of the stage
const BLANK = "Nothing is drawn yet: what the bars show is the network's answer to an empty picture.";

export function buildPad(area, stage) {
  const sender = makeSender({
    live: stage.live, frames: (fn) => stage.on("frame", fn), refused: say, settled: () => setText(status, wordsNow()),
    drawing: (on) => { stage.drawing = on; },
  });
  const sheet = buildSheet({
    redraw: () => stage.ctx.redraw(), ready: () => Boolean(stage.scene), changed, said: say,
    pointed: (at) => stage.point(at && { row: PICTURE, channel: null, ...at }),
  });
  const { drawing } = sheet;
  const status = h("p.small.pad-words", { role: "status" });
  const walk = buildWalk(stage, { leave: () => sender.drop() });
  const opener = h("button.chip.opener", { type: "button", "aria-expanded": "false", onclick: () => open(!area.classList.contains("open")) }, penIcon(), h("span", "Draw"));
  area.append(sheet.element, walk.element, opener, status);
  let [own, words] = [false, ""];
  let opened = false; // it opens by itself once, where there is room beside it

  function open(on) {
    area.classList.toggle("open", on);
    opener.setAttribute("aria-expanded", String(on));
    setText(opener.lastChild, on ? "Put the pad away" : "Draw");
    sheet.forget();
    stage.ctx.redraw();
  }
  const wordsNow = () => words || (own && drawing.isBlank ? BLANK : "");
  function say(text) {
    words = text;
    setText(status, wordsNow());
  }

  // A person changed the drawing: shown here and on the stage at once, by the network with its next frame.
  function changed(bytes, event) {
    own = true;
    say("");
    stage.emit("painted", Float32Array.from(bytes, (byte) => byte / 255));
    sender.send(textOf(bytes), event?.timeStamp ?? performance.now());
    stage.live.shared.set("happened.drew", true);
    walk.show(own);
  }

  stage.on("scene", (scene) => {
    const text = scene.numbers.spec.own_pixels;
    own = text !== "";
    walk.show(own);
    const { shape, data } = scene.arrays.picture;
    const mine = own && (sender.busy || text === sender.last) && String(shape) === String(drawing.shape);
    if (mine) return;
    sheet.load(shape, data);
    say("");
  });

  stage.ctx.host.dlvizPad = {
    open,
    bytes: () => [...sheet.bytes()],
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
      if (area.classList.contains("open")) sheet.draw(stage.ctx.colors, seen());
    },
  };
}
