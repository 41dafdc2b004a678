// One's own distribution: points set with a pen, sprayed or erased on the arena. What is drawn is kept whatever the server says.

import { css, rgb } from "../lib/color.js";
import { count, h, icon, setText } from "../lib/dom.js";
import { decodePlaces, encodePlaces } from "../lib/placing.js";
import { penIcon } from "../lib/padtools.js";
import { problemLine, settingsOf } from "../lib/settings.js";
import { HALF_WIDTH } from "./arenalook.js";
import { SHAPES } from "./arenashapes.js";

export const MOST_POINTS = 2000;
const COPIED = 400; // real points of the set before, to begin with
const APART = 0.03; // of the pen's points along a stroke
const SPRAY = { reach: 0.22, points: 6 };
const ERASER = 0.16;
const UNDOS = 50;

/** `changed()` draws anew. {element, isOn, press, move, lift, paint, enter, leave, read}. */
export function buildDrawing(stage, changed) {
  const { live, ctx } = stage;
  const settings = settingsOf(stage);
  const state = { on: false, tool: "pen", points: [], past: [], stroke: null, cursor: null, sent: null, from: null };

  const open = h("button.ga-own", { type: "button", onclick: () => (state.on ? leave() : enter()) });
  const tools = [["pen", "Pen", penIcon()], ["spray", "Spray", sprayIcon()], ["erase", "Erase", icon("eraser", 16)]].map(([name, word, image]) => h("button", {
    type: "button", role: "radio", "data-tool": name, onclick: () => { state.tool = name; show(); },
  }, image, word));
  const undo = h("button.chip", { type: "button", onclick: takeBack }, "Undo");
  const clear = h("button.chip", { type: "button", onclick: () => edit([]) }, "Clear");
  const shapes = Object.entries(SHAPES).map(([name, make]) => h("button.chip", { type: "button", onclick: () => edit(make()) }, name));
  const words = h("p.small.ga-own-words", { role: "status" });
  const body = h("div.ga-own-tools.hidden",
    h("div.segments", { role: "radiogroup", "aria-label": "What the pointer does on the arena" }, tools), h("div.row.ga-tight", undo, clear),
    h("div.row.ga-tight", h("span.label", "Begin with"), shapes), words, problemLine(settings, "own_points"));
  const element = h("div.ga-drawing", open, body);

  function enter() {
    state.on = true;
    const own = settings.value("own_points");
    if (!state.points.length) {
      if (own) state.points = decodePlaces(own, HALF_WIDTH);
      else if (stage.scene) {
        const real = stage.scene.arrays.real.data;
        state.points = Array.from({ length: Math.min(COPIED, real.length / 2) }, (_, k) => [real[2 * k], real[2 * k + 1]]);
        state.from = settings.value("dataset");
      }
    }
    send();
    show();
  }

  function leave() {
    Object.assign(state, { on: false, stroke: null, cursor: null });
    show();
  }

  function edit(points) {
    remember();
    state.points = points;
    send();
    show();
  }

  function remember() {
    state.past.push(state.points);
    if (state.past.length > UNDOS) state.past.shift();
  }

  function takeBack() {
    if (!state.past.length) return;
    state.points = state.past.pop();
    send();
    show();
  }

  const differ = () => new Set(state.points.map((place) => encodePlaces([place], HALF_WIDTH))).size;

  // The server would refuse fewer than two different points: then nothing is sent, and the run goes on with what it has.
  function send() {
    if (differ() < 2) return;
    const text = encodePlaces(state.points, HALF_WIDTH);
    const isOwn = settings.value("dataset") === "own";
    if (isOwn && text === settings.value("own_points")) return;
    state.sent = text;
    live.shared.set("happened.own_points_drawn", true);
    settings.change({ own_points: text, ...(isOwn ? {} : { dataset: "own" }), ...(settings.value("conditional") ? { conditional: false } : {}) });
  }

  // --- the pointer ----------------------------------------------------------------------------------

  function press(place) {
    remember();
    state.stroke = { last: place };
    touch(place, true);
  }

  function move(place, isPressed) {
    state.cursor = place;
    if (!place || !state.stroke) return;
    if (!isPressed) return;
    const { last } = state.stroke;
    const far = Math.hypot(place[0] - last[0], place[1] - last[1]);
    const steps = state.tool === "pen" ? Math.floor(far / APART) : Math.ceil(far / 0.08);
    for (let k = 1; k <= steps; k += 1) touch([0, 1].map((i) => last[i] + ((place[i] - last[i]) * k) / steps), false);
    if (steps) state.stroke.last = place;
  }

  function touch(place, isFirst) {
    const inside = (at) => at.map((value) => Math.min(HALF_WIDTH, Math.max(-HALF_WIDTH, value)));
    if (state.tool === "erase") state.points = state.points.filter(([x, y]) => Math.hypot(x - place[0], y - place[1]) > ERASER);
    else if (state.tool === "pen" || isFirst) add(inside(place));
    if (state.tool === "spray") {
      for (let k = 0; k < SPRAY.points; k += 1) {
        const [far, way] = [SPRAY.reach * Math.sqrt(Math.random()), 2 * Math.PI * Math.random()];
        add(inside([place[0] + far * Math.cos(way), place[1] + far * Math.sin(way)]));
      }
    }
    show();
  }

  function add(place) {
    if (state.points.length < MOST_POINTS) state.points = [...state.points, place];
  }

  function lift() {
    if (!state.stroke) return;
    state.stroke = null;
    send();
    show();
  }

  // --- what is shown --------------------------------------------------------------------------------

  function show() {
    const isOwn = settings.value("dataset") === "own";
    setText(open, state.on ? "Done drawing" : isOwn ? "Draw on" : "Draw your own points");
    open.setAttribute("aria-pressed", String(state.on));
    body.classList.toggle("hidden", !state.on);
    for (const button of tools) button.setAttribute("aria-checked", String(button.dataset.tool === state.tool));
    undo.disabled = !state.past.length;
    clear.disabled = !state.points.length;
    setText(words, sentence());
    words.classList.toggle("ga-problem", differ() < 2);
    changed();
  }

  function sentence() {
    const n = state.points.length;
    const different = differ();
    if (!n) return "Draw on the arena. The run goes on with the points before until there are two different ones.";
    if (different < 2) return `${n === 1 ? "One point" : `${count(n)} points at one place`}: there is nothing to imitate but a place. Set at least one more elsewhere; until then the run keeps the points before.`;
    if (n >= MOST_POINTS) return `${count(n)} points, which is the most. Erase some to set others.`;
    return `${count(n)} of ${count(MOST_POINTS)} points${state.from && !state.past.length ? ", copied from the set before: change them or clear" : ""}. The run begins anew after each stroke.`;
  }

  settings.on(() => {
    const [text, dataset] = [settings.value("own_points"), settings.value("dataset")];
    // Points that came from elsewhere, such as a link; not those that were drawn since.
    if (dataset === "own" && text && text !== state.sent && !state.on) [state.points, state.sent] = [decodePlaces(text, HALF_WIDTH), text];
    if (stage.scene) show();
  });
  // Another set was chosen: the pen is put down.
  stage.on("scene", ({ numbers }) => {
    if (state.on && numbers.spec.dataset !== "own" && state.wasOwn) leave();
    state.wasOwn = numbers.spec.dataset === "own";
    show();
  });
  stage.on("draw", enter);

  return {
    element, enter, leave, press, move, lift,
    get isOn() { return state.on; },
    /** The points as they are drawn, whatever the run has, and what the pointer would touch. */
    paint(pen, plane, colors) {
      if (!state.on) return;
      pen.beginPath();
      for (const place of state.points) {
        const [x, y] = plane.toPixel(place);
        pen.rect(x - 2, y - 2, 4, 4);
      }
      pen.strokeStyle = css(rgb(colors.paper), 0.9);
      pen.lineWidth = 2;
      pen.stroke();
      pen.fillStyle = colors.ink;
      pen.fill();
      if (!state.cursor) return;
      const [x, y] = plane.toPixel(state.cursor);
      const reach = state.tool === "pen" ? APART : state.tool === "spray" ? SPRAY.reach : ERASER;
      pen.beginPath();
      pen.arc(x, y, Math.max(4, (reach / (2 * HALF_WIDTH)) * plane.canvas.clientWidth), 0, 2 * Math.PI);
      pen.strokeStyle = colors.accent;
      pen.lineWidth = 2;
      pen.stroke();
    },
    read: () => ({ on: state.on, tool: state.tool, points: state.points, words: words.textContent, problem: settings.problem("own_points") }),
  };
}

function sprayIcon() {
  const image = icon("plus", 16);
  image.firstChild.setAttribute("d", "M6 7v.1M12 4.5v.1M17.5 7.5v.1M9 11v.1M14.5 11.5v.1M5 14.5v.1M19 15v.1M11.5 16v.1M8 19.5v.1M16 19v.1");
  image.setAttribute("stroke-width", "2.6");
  return image;
}
