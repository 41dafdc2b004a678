// The controls of the picture: which one, how large, painting on it, and pictures that a person brings.

import { css } from "../lib/color.js";
import { h, icon, replace, setText } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";
import { buildBringing } from "./bringing.js";
import { choice, stepper } from "./knobs.js";
import { buildPicture, whyNotPaint } from "./picture.js";

const GREYS = [[1, "Full"], [0.66, "Two thirds"], [0.33, "One third"]].map(([x, name]) => ({ ink: [x], name }));
// Colours of light, as bytes of the picture are: what the pen leaves in each channel.
const LIGHTS = [
  ["White", [1, 1, 1]], ["Red", [1, 0, 0]], ["Yellow", [1, 1, 0]], ["Green", [0, 1, 0]], ["Cyan", [0, 1, 1]], ["Blue", [0, 0, 1]],
].map(([name, ink]) => ({ ink, name }));

/** {controls, rows, update()}: the controls by field, and the rows to put into the group. */
export function buildPictureGroup(stage) {
  const settings = settingsOf(stage);
  const picture = (stage.picture ??= buildPicture(stage));
  const controls = {
    picture: choice(stage, "picture"),
    digit: stepper(stage, "digit"),
    photo: choice(stage, "photo"),
    side: stepper(stage, "side", { label: "Size" }),
    channels: choice(stage, "channels"),
  };
  const bringing = buildBringing(stage, picture);
  const pen = h("button.tool-opener", { type: "button", "aria-pressed": "false", onclick: () => picture.setTool(stage.tool ? null : "pen") },
    penIcon(), "Paint on it");
  const why = h("p.small.muted.why-not");
  const swatches = h("div.swatches", { role: "radiogroup", "aria-label": "What the pen leaves" });
  const undo = h("button.square.plain", { type: "button", title: "Take the last stroke back", "aria-label": "Undo", onclick: () => picture.undo() }, icon("reset", 17));
  const tools = h("div.tools.hidden", { role: "toolbar", "aria-label": "Painting" },
    swatches, h("button.chip.plain", { type: "button", onclick: picture.clear }, "Clear"),
    h("button.chip.plain", { type: "button", onclick: picture.invert }, "Invert"), undo,
    h("button.square", { type: "button", title: "Put the pen away (Escape)", "aria-label": "Done", onclick: () => picture.setTool(null) }, icon("check", 17)));
  const resting = h("div.knob-row", controls.channels?.element, h("div.knob-row.buttons", pen, bringing.button));
  let kind = null;

  function fillSwatches() {
    const now = settings.value("channels");
    if (now === kind) return;
    kind = now;
    const inks = kind === "rgb" ? LIGHTS : GREYS;
    picture.ink = inks[0].ink;
    replace(swatches, inks.map(({ ink, name }) => h("button.swatch-button", {
      type: "button", role: "radio", title: name, "aria-label": `Pen: ${name}`, "data-ink": ink.join(),
      onclick: () => {
        picture.ink = ink;
        picture.setTool("pen");
        mark();
      },
    }, h("i"))), h("button.swatch-button", {
      type: "button", role: "radio", title: "Eraser", "aria-label": "Eraser", "data-ink": "eraser",
      onclick: () => {
        picture.setTool("eraser");
        mark();
      },
    }, icon("eraser", 18)));
    tint();
  }

  function tint() {
    const { colors } = stage.ctx;
    for (const { dataset, firstChild } of swatches.children) {
      if (dataset.ink === "eraser") continue;
      const ink = dataset.ink.split(",").map(Number);
      const color = ink.length === 1 ? colors.sequential(ink[0]) : ink.map((x) => 255 * x);
      firstChild.style.background = css(color);
    }
  }

  function mark() {
    const held = stage.tool === "eraser" ? "eraser" : picture.ink.join();
    for (const button of swatches.children) button.setAttribute("aria-checked", String(button.dataset.ink === held));
  }

  function show() {
    const name = settings.value("picture");
    controls.digit?.element.classList.toggle("unused", name !== "digit");
    controls.photo?.element.classList.toggle("unused", name !== "photo");
    const reason = whyNotPaint(stage);
    pen.disabled = Boolean(reason);
    setText(why, reason);
    if (reason && stage.tool) picture.setTool(null);
    fillSwatches();
    mark();
    undo.disabled = !picture.canUndo;
    tools.classList.toggle("hidden", !stage.tool);
    resting.classList.toggle("hidden", Boolean(stage.tool));
    pen.setAttribute("aria-pressed", String(Boolean(stage.tool)));
  }

  settings.on(show);
  for (const event of ["tool", "undos"]) stage.on(event, show);
  return {
    controls,
    rows: [h("div.knob-row", ["picture", "digit", "photo", "side"].map((name) => controls[name]?.element)), resting, tools, why],
    summary() {
      const side = settings.value("side");
      const word = (name) => settings.fields[name].labels[settings.fields[name].options.indexOf(settings.value(name))];
      const what = { digit: () => `Digit ${settings.value("digit")}`, photo: () => word("photo") }[settings.value("picture")] ?? (() => word("picture"));
      return `${what()}, ${side} × ${side}, ${word("channels").toLowerCase().replace("rgb", "RGB")}`;
    },
    update: tint,
  };
}

function penIcon() {
  const image = icon("compare", 18);
  image.firstChild.setAttribute("d", "M4.5 19.5l1-4L16 5a1.6 1.6 0 0 1 2.3 0l.7.7a1.6 1.6 0 0 1 0 2.3L8.5 18.5zM14 7l3 3");
  return image;
}
