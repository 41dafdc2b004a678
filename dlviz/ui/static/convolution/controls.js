// The strip of knobs above the grids: picture, kernel, layer. One line of words under it says what was done.

import { h, setText } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";
import { buildKernelGroup } from "./kernelgroup.js";
import { buildLayerGroup } from "./layergroup.js";
import { buildPictureGroup } from "./picturegroup.js";
import { showRefusals } from "./refusals.js";
import { buildWeightEditor } from "./weights.js";

/**
 * Builds the strip into `area`; gives the stage `say(words, undo?, kind?)`, the line under it. Takes the stage's own
 * `editor` (weights.js) and `picture` (picture.js), or makes them. Returns {update()}.
 */
export function buildControls(area, stage) {
  const settings = settingsOf(stage);
  area.classList.add("controls");
  stage.editor ??= buildWeightEditor(stage);
  const notice = buildNotice(stage);
  const groups = [["Picture", buildPictureGroup], ["Kernel", buildKernelGroup], ["Layer", buildLayerGroup]].map(([name, build]) => {
    const group = build(stage);
    const said = h("span.muted.summary");
    const head = h("button.group-head", { type: "button", "aria-expanded": "false", onclick: () => {
      head.setAttribute("aria-expanded", String(box.classList.toggle("open")));
    } }, h("span.group-name", name), said);
    const box = h("section.knob-box", { "aria-label": name }, head, h("div.group-body", group.rows));
    box.dataset.group = name.toLowerCase();
    settings.on(() => setText(said, group.summary()));
    return { ...group, box };
  });
  const strip = h("div.refusals");
  area.append(h("div.knob-boxes", groups.map(({ box }) => box)), strip, notice);
  showRefusals(stage, Object.assign({}, ...groups.map(({ controls }) => controls)), strip);
  return {
    update() {
      for (const group of groups) group.update?.();
    },
  };
}

// What was just done with a thing a person brought or edited, and a way back.
function buildNotice(stage) {
  const words = h("p.small.grow");
  const undo = h("button.chip.hidden", { type: "button" }, "Undo");
  const notice = h("div.notice.hidden", { role: "status" }, words, undo,
    h("button.chip.plain", { type: "button", "aria-label": "Close", onclick: () => notice.classList.add("hidden") }, "Close"));
  let back = null;
  undo.addEventListener("click", () => {
    notice.classList.add("hidden");
    back?.();
  });
  stage.say = (text, way = null, kind = "done") => {
    setText(words, text);
    back = way;
    undo.classList.toggle("hidden", !way);
    notice.classList.toggle("wrong", kind === "problem");
    notice.classList.remove("hidden");
  };
  return notice;
}
