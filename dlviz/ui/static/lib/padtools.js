// The tools beside the pad: what the pointer does, how thick, which colour; moving, turning, scaling.

import { css } from "./color.js";
import { h, icon, number, replace } from "./dom.js";

const LIGHTS = [["White", [1, 1, 1]], ["Black", [0, 0, 0]], ["Red", [1, 0, 0]], ["Yellow", [1, 1, 0]], ["Green", [0, 1, 0]], ["Cyan", [0, 1, 1]], ["Blue", [0, 0, 1]]];
const WHITE = LIGHTS[0][1];
const SIDE_OF_TWO = 14; // the pen is a fourteenth of the side: two cells of 28

/** {element, tool, ink, thick, show()}; `more` stands beside Undo and Clear. */
export function buildTools(drawing, more) {
  const tools = { tool: "pen", ink: WHITE, thick: 2 };
  let shape = "";
  const kinds = [["pen", "Pen", penIcon()], ["eraser", "Eraser", icon("eraser", 17)], ["move", "Move", moveIcon()]].map(([name, word, image]) => h("button", {
    type: "button", role: "radio", "data-tool": name, title: word, onclick: () => { tools.tool = name; show(); },
  }, image, word));
  const swatches = h("div.swatches", { role: "radiogroup", "aria-label": "Colour of the pen" });
  const thickness = slider("Thickness", { low: 0.5, high: 6, step: 0.1, read: () => tools.thick, write: (value) => { tools.thick = value; }, text: (value) => number(value, 2) });
  const gesture = { begin: () => drawing.remember() };
  const turn = slider("Turn", { low: -90, high: 90, step: 1, read: () => drawing.pose.turn, write: (value, event) => drawing.place({ turn: value }, event), text: (value) => `${number(value)}°`, ...gesture });
  const scale = slider("Scale", { low: -1, high: 1, step: 0.02, read: () => Math.log2(drawing.pose.scale), write: (value, event) => drawing.place({ scale: 2 ** value }, event), text: (value) => `× ${number(2 ** value, 3)}`, ...gesture });
  const push = (dx, dy, word, text) => h("button.square", { type: "button", title: word, "aria-label": word, onclick: (event) => drawing.shift(dx, dy, event) }, text);
  const undo = h("button.chip", { type: "button", onclick: (event) => drawing.undo(event) }, "Undo");
  const element = h("div.pad-tools",
    h("div.segments", { role: "radiogroup", "aria-label": "What the pointer does" }, kinds), swatches,
    thickness.element, turn.element, scale.element,
    h("div.row.pushes", push(-1, 0, "Move left by one cell", "←"), push(0, -1, "Move up by one cell", "↑"), push(0, 1, "Move down by one cell", "↓"), push(1, 0, "Move right by one cell", "→"),
      h("button.chip", { type: "button", title: "Bring the middle of what is bright to the middle, as the digits of MNIST are placed", onclick: (event) => drawing.center(event) }, "Centre")),
    h("div.row", undo, h("button.chip", { type: "button", onclick: (event) => drawing.clear(event) }, "Clear"), more));

  function show() {
    for (const button of kinds) {
      const chosen = button.dataset.tool === tools.tool;
      button.setAttribute("aria-checked", String(chosen));
    }
    if (String(drawing.shape) !== shape) {
      shape = String(drawing.shape);
      [tools.thick, tools.ink] = [Math.max(1.2, Number((drawing.shape[1] / SIDE_OF_TWO).toFixed(1))), WHITE];
      replace(swatches, drawing.shape[0] > 1 ? LIGHTS.map(swatch) : []);
    }
    for (const button of swatches.children) button.setAttribute("aria-checked", String(button.dataset.ink === tools.ink.join()));
    for (const each of [thickness, turn, scale]) each.show();
    undo.disabled = !drawing.canUndo;
  }

  function swatch([name, ink]) {
    const button = h("button.swatch-button", { type: "button", role: "radio", title: name, "aria-label": `Pen: ${name}`, "data-ink": ink.join(), onclick: () => {
      [tools.ink, tools.tool] = [ink, "pen"];
      show();
    } }, h("i"));
    button.firstChild.style.background = css(ink.map((x) => 255 * x));
    return button;
  }
  return Object.assign(tools, { element, show });
}

function slider(label, { low, high, step, read, write, text, begin = () => {} }) {
  const input = h("input", { type: "range", min: low, max: high, step, "aria-label": label });
  const said = h("span.value");
  let moving = false;
  const show = () => {
    const value = read();
    if (input.valueAsNumber !== value) input.value = value;
    input.style.setProperty("--share", (value - low) / (high - low));
    said.textContent = text(value);
    input.setAttribute("aria-valuetext", said.textContent);
  };
  input.addEventListener("input", (event) => {
    if (!moving) begin();
    moving = true;
    write(input.valueAsNumber, event);
    show();
  });
  input.addEventListener("change", () => { moving = false; });
  return { element: h("label.pad-slider", h("span.label", label), input, said), show };
}

export function penIcon() {
  const image = icon("compare", 17);
  image.firstChild.setAttribute("d", "M4.5 19.5l1-4L16 5a1.6 1.6 0 0 1 2.3 0l.7.7a1.6 1.6 0 0 1 0 2.3L8.5 18.5zM14 7l3 3");
  return image;
}

function moveIcon() {
  const image = icon("compare", 17);
  image.firstChild.setAttribute("d", "M12 4v16M4 12h16M9.5 6.5L12 4l2.5 2.5M9.5 17.5L12 20l2.5-2.5M6.5 9.5L4 12l2.5 2.5M17.5 9.5L20 12l-2.5 2.5");
  return image;
}
