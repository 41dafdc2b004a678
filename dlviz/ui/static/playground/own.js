// Own data: points placed on the output map, painted, erased, copied from a data set or imported.
// Training goes on while they change. What is on the screen here is ahead of the server, never behind.
//
// buildOwn(el, stage) → {enter(), changesFor(classes), points(), update()}

import { count, h, icon, replace, setText } from "../lib/dom.js";
import { openImport } from "./importing.js";
import { decodePoints, encodePoints, MOST_CLASSES, MOST_POINTS } from "./points.js";
import { settingsOf } from "../lib/settings.js";

const SEND_EVERY = 100; // ms
const PATIENCE = 3000; // ms for an answer, which a lost connection may have swallowed
const LONG_LINK = 6000; // characters of points; many proxies refuse addresses past 8 KB
const BRUSH = 0.35; // spacing and spread of painted points, in units of the plane
const ERASER = 0.5;
const UNDO_STEPS = 50;
const STARTS = ["moons", "blobs", "rings", "spiral"];

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

export function buildOwn(el, stage) {
  const { live, ctx } = stage;
  const settings = settingsOf(stage);
  const state = { points: [], text: "", label: 0, past: [], dirty: false, sending: false, stroke: null };

  const swatches = h("div.row.tight", { role: "radiogroup", "aria-label": "Class of the points to place" });
  const place = toolButton("place", h("i.dot"), "Place", "Click the output to place a point, drag to paint");
  const erase = toolButton("erase", icon("eraser", 16), "Erase", "Drag over points to take them away");
  const undo = h("button.chip", { onclick: takeBack, title: "Undo" }, icon("reset", 15), "Undo");
  const clear = h("button.chip", { onclick: () => edit([]), title: "Take away every point" }, "Clear");
  const starts = STARTS.map((name) => h("button.chip", { onclick: () => startFrom(name) }, settingLabel(name)));
  const words = h("p.muted.small", { role: "status" });
  const root = h("section.own", { "aria-label": "Your own points" },
    swatches,
    h("div.row.tight", place, erase, undo, clear),
    words,
    h("div.label", "Start from"), h("div.row.tight", starts),
    h("button.import-button", { onclick: () => openImport(root, stage, takeImport) }, icon("upload", 16), "Import a table…"));
  el.append(root);

  function settingLabel(name) {
    const field = settings.fields.dataset;
    return field?.labels?.[field.options.indexOf(name)] ?? name;
  }

  function toolButton(tool, picture, label, title) {
    return h("button.chip", { title, "aria-pressed": "false", onclick: () => stage.setTool(stage.tool === tool ? null : tool) }, picture, label);
  }

  const classes = () => settings.value("classes");

  // ---- changing the points

  function edit(points, { classes: wanted = classes(), undoable = true } = {}) {
    if (undoable) remember();
    state.points = points.slice(0, MOST_POINTS);
    state.wanted = wanted;
    state.dirty = true;
    flush();
    show();
  }

  function remember() {
    state.past.push(encodePoints(state.points));
    if (state.past.length > UNDO_STEPS) state.past.shift();
  }

  function takeBack() {
    if (!state.past.length) return;
    const points = decodePoints(state.past.pop());
    edit(points, { classes: Math.max(classes(), neededClasses(points)), undoable: false });
  }

  // One change under way at a time, at most ten a second; what was done meanwhile goes with the next.
  async function flush() {
    if (state.sending || !state.dirty) return;
    state.sending = true;
    while (state.dirty && !ctx.signal.aborted) {
      state.dirty = false;
      state.text = encodePoints(state.points);
      const changes = { own_points: state.text };
      if (settings.value("dataset") !== "own") changes.dataset = "own";
      if (state.wanted !== classes()) changes.classes = state.wanted;
      const pause = wait(SEND_EVERY);
      await Promise.race([settings.change(changes), wait(PATIENCE)]);
      await pause;
    }
    state.sending = false;
  }

  const neededClasses = (points) => Math.max(2, ...points.map((point) => point.label + 1));

  function copyScreen() {
    const { scene } = live;
    if (scene?.numbers.problem !== "classification") return [];
    return ["train", "test"].flatMap((set) => {
      const points = scene.arrays[`${set}_points`].data;
      return Array.from(scene.arrays[`${set}_targets`].data, (label, p) => ({ x1: points[2 * p], x2: points[2 * p + 1], label }));
    });
  }

  function startFrom(name) {
    const sets = ctx.data.previews?.sets?.[name] ?? {};
    const wanted = sets[classes()] ? classes() : 2;
    edit(decodePoints(sets[wanted] ?? ""), { classes: classes() });
  }

  function takeImport(points, wanted) {
    edit(points, { classes: wanted });
    stage.setTool(null);
  }

  // ---- the pointer on the output map

  stage.on("pointer", ({ kind, x1, x2, event }) => {
    if (settings.value("dataset") !== "own" || settings.value("problem") !== "classification") return;
    if (stage.tool !== "place" && stage.tool !== "erase") return;
    const isPressed = Boolean(event?.buttons & 1);
    if (kind === "move" && isPressed) drag(x1, x2);
    else if (kind === "click" && !state.stroke) touch(x1, x2, true);
    if (kind === "leave" || (kind === "move" && !isPressed)) state.stroke = null;
    if (kind === "click") state.stroke = null;
  });

  function drag(x1, x2) {
    if (!state.stroke) state.stroke = { x1, x2, isNew: true };
    else if (Math.hypot(x1 - state.stroke.x1, x2 - state.stroke.x2) < BRUSH) return;
    touch(x1, x2, state.stroke.isNew);
    state.stroke = { x1, x2, isNew: false };
  }

  function touch(x1, x2, undoable) {
    if (stage.tool === "erase") {
      const left = state.points.filter((point) => Math.hypot(point.x1 - x1, point.x2 - x2) > ERASER);
      if (left.length < state.points.length) edit(left, { undoable });
      return;
    }
    if (state.points.length >= MOST_POINTS) return;
    const spread = undoable && !state.stroke ? 0 : BRUSH; // a click is exact, a stroke is a spray
    const jitter = () => (Math.random() - 0.5) * spread;
    edit([...state.points, { x1: x1 + jitter(), x2: x2 + jitter(), label: state.label }], { undoable });
  }

  // ---- what is shown

  function show() {
    const k = classes();
    if (state.label >= k) state.label = k - 1;
    const buttons = Array.from({ length: k }, (_, label) => h("button.plain.class-button", {
      role: "radio", "aria-checked": String(label === state.label), "aria-label": `class ${label}`, title: `Class ${label}`,
      tabindex: label === state.label ? 0 : -1,
      onclick: () => pick(label), onkeydown: (event) => walk(event, k),
    }, h("i", { style: { background: ctx.colors.classes[label] } })));
    const more = k < MOST_CLASSES && h("button.plain.class-button.more", {
      title: "One class more: the network gets one output more and starts anew", "aria-label": "One class more",
      onclick: () => { state.label = k; edit(state.points, { classes: k + 1 }); },
    }, icon("plus", 14));
    replace(swatches, buttons, more);
    for (const [button, tool] of [[place, "place"], [erase, "erase"]]) button.setAttribute("aria-pressed", String(stage.tool === tool));
    place.style.setProperty("--class", ctx.colors.classes[state.label]);
    undo.disabled = !state.past.length;
    clear.disabled = !state.points.length;
    setText(words, sentence());
  }

  function pick(label) {
    state.label = label;
    stage.setTool("place");
    show();
  }

  function walk(event, k) {
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!move) return;
    event.preventDefault();
    pick((state.label + move + k) % k);
    swatches.children[state.label].focus();
  }

  function sentence() {
    const n = state.points.length;
    if (n < 4) return "Click the output map to place points, drag to paint. Training needs two points; half of them are for the test.";
    const size = n >= MOST_POINTS ? `${count(n)} points, which is the most.` : `${count(n)} points.`;
    return `${size} ${aboutLink()}`;
  }

  function aboutLink() {
    const { scene } = live;
    const isKnown = state.text && scene?.numbers.spec.own_points === state.text;
    if (isKnown && !("playground.own_points" in scene.numbers.link)) return "They are too many for a link, which opens without them.";
    if (state.text.length > LONG_LINK) return "The link carries them, but is long: some mail programs and proxies cut it.";
    return "The link carries them.";
  }

  function arrived(scene) {
    const text = scene.numbers.spec.own_points;
    if (!state.sending && text !== state.text) {
      state.text = text;
      state.points = decodePoints(text);
    }
    const isTool = stage.tool === "place" || stage.tool === "erase";
    if (isTool && scene.numbers.spec.dataset !== "own" && settings.value("dataset") !== "own") stage.setTool(null);
    show();
  }

  live.on("scene", arrived, ctx.signal);
  stage.on("tool", show);

  return {
    /** What to set so that own data are shown: the points of the screen, if there are none yet. */
    enter() {
      const points = state.points.length ? state.points : copyScreen();
      edit(points, { classes: Math.max(neededClasses(points), points.length ? 2 : classes()), undoable: false });
      stage.setTool("place");
    },
    /** The changes that give own data another number of classes: points of classes no longer there go. */
    changesFor(wanted) {
      const kept = state.points.filter((point) => point.label < wanted);
      if (kept.length < state.points.length) remember();
      state.points = kept;
      state.text = encodePoints(kept);
      return { classes: wanted, own_points: state.text };
    },
    points: () => state.points,
    update: show,
    root,
  };
}
