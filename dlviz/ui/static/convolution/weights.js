// Editing the cells of a kernel in place: a small field over the cell, or a drag up and down on it.

import { h, number, parseNumber, setText } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";
import { outputsOf, settingsNow, shortest } from "./fitting.js";

const NUDGE = 0.1;
const PER_PIXEL = 0.02; // what a pixel of dragging adds
const STILL_A_CLICK = 4; // px
const SEND_EVERY = 150; // ms while dragging

/** Every weight of the stage in the order of torch, before any turn of the kernel: what `spec.weights` lists. */
export function designedWeights(stage) {
  const edited = settingsOf(stage).value("weights");
  if (edited.length > 0) return [...edited];
  const { scene } = stage.live;
  const all = [];
  scene.numbers.layers.forEach((layer, at) => {
    const slid = scene.arrays[`weight.${at}`]?.data ?? [];
    for (let flat = 0; flat < slid.length; flat += 1) all.push(shortest(slid[turned(scene, at, flat)]));
  });
  return all;
}

/** Where a weight that slides stands in the spec: a kernel turned by half a turn is read backwards. */
function turned(scene, layer, flat) {
  if (!scene.numbers.spec.flip) return flat;
  const [kh, kw] = scene.numbers.layers[layer].kernel_size;
  const size = kh * kw;
  return flat - (flat % size) + (size - 1 - (flat % size));
}

/** Write one weight that slides. Resolves true when the server took it, else the reason stands in the settings. */
export function changeWeight(stage, layer, flat, value) {
  const { scene } = stage.live;
  const weights = designedWeights(stage);
  let start = 0;
  for (let at = 0; at < layer; at += 1) start += scene.arrays[`weight.${at}`]?.data.length ?? 0;
  weights[start + turned(scene, layer, flat)] = shortest(value);
  return settingsOf(stage).change({ weights });
}

/** The bias of one map, as chosen here. */
export function biasOf(stage, filter) {
  const bias = settingsOf(stage).value("bias");
  return bias.length > 1 ? bias[filter] ?? 0 : bias[0] ?? 0;
}

export function changeBias(stage, filter, value) {
  const now = settingsNow(stage);
  const bias = Array.from({ length: outputsOf(now) }, (_, o) => (o === filter ? shortest(value) : biasOf(stage, o)));
  return settingsOf(stage).change({ bias: bias.every((each) => each === 0) ? [] : bias });
}

/**
 * {edit(layer, flat, rect), editBias(filter, rect), drag(layer, flat, event, rect), close(), cellRect}
 * Set `cellRect(layer, flat)` → rect of the cell or null, and Tab goes to the next one.
 */
export function buildWeightEditor(stage) {
  const settings = settingsOf(stage);
  const editor = { edit, editBias, drag, close, cellRect: null };
  let [box, dragged] = [null, null];

  function edit(layer, flat, rect) {
    const shape = stage.layers[layer];
    const place = flat % (shape.kh * shape.kw);
    open({
      rect, field: "weights", value: stage.layers[layer].weight[flat],
      label: `Weight in row ${Math.floor(place / shape.kw) + 1}, column ${(place % shape.kw) + 1}`,
      submit: (value) => changeWeight(stage, layer, flat, value),
      next: (way) => step(layer, flat, way),
    });
  }

  function editBias(filter, rect) {
    open({ rect, field: "bias", value: biasOf(stage, filter), label: "Bias", submit: (value) => changeBias(stage, filter, value) });
  }

  // Tab stays inside the kernel that is seen.
  function step(layer, flat, way) {
    const size = stage.layers[layer].kh * stage.layers[layer].kw;
    const start = flat - (flat % size);
    const next = start + ((flat - start + way + size) % size);
    const rect = editor.cellRect?.(layer, next);
    if (rect) edit(layer, next, rect);
  }

  function close() {
    box?.remove();
    box = null;
  }

  function open({ rect, field: name, value, label, submit, next = () => {} }) {
    close();
    const { low, high } = settings.fields[name];
    const before = plain(value);
    const field = h("input.value", { type: "text", inputmode: "decimal", value: before, "aria-label": `${label}, a number`, spellcheck: "false", autocomplete: "off" });
    const hint = h("p.small.muted", { role: "alert" }, "Enter takes it, Esc leaves it.");
    const mine = h("div.cell-editor", { role: "dialog", "aria-label": label }, h("span.label", label), field, hint);
    box = mine;

    function refuse(words) {
      field.setAttribute("aria-invalid", "true");
      setText(hint, words);
      hint.classList.add("wrong");
    }

    /** True when what was typed stands. */
    async function take() {
      if (field.value.trim() === before) return true;
      const typed = parseNumber(field.value);
      if (!Number.isFinite(typed)) {
        refuse(`“${field.value.trim().slice(0, 24)}” is not a number. Try ${number(value)}.`);
        return false;
      }
      if (typed < low || typed > high) {
        refuse(`A ${name === "bias" ? "bias" : "weight"} lies between ${number(low)} and ${number(high)}. Got ${number(typed)}.`);
        return false;
      }
      if (await submit(typed)) return true;
      refuse(settings.problem(name));
      settings.problems.delete(name); // it is said here
      return false;
    }

    async function finish(then = () => {}) {
      if (!(await take())) return;
      if (box === mine) close();
      then();
    }

    field.addEventListener("keydown", (event) => {
      event.stopPropagation(); // arrows and Escape are the field's here, not the grid's
      const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (event.key === "Enter") finish();
      else if (event.key === "Escape") close();
      else if (event.key === "Tab") finish(() => next(event.shiftKey ? -1 : 1));
      else if (up) nudge(field, up * (event.shiftKey ? 1 : NUDGE));
      else return;
      event.preventDefault();
    });
    field.addEventListener("blur", () => {
      if (field.value.trim() === before && box === mine) close();
    });
    stage.ctx.root.append(mine);
    place(mine, rect, stage.ctx.root);
    field.focus();
    field.select();
  }

  /** From a press on a cell: up and down changes it, a mere click opens the field. */
  function drag(layer, flat, event, rect) {
    if (event.button) return;
    event.preventDefault();
    const { weight } = stage.layers[layer];
    const [from, y, { pointerId, target }] = [weight[flat], event.clientY, event];
    const leaving = new AbortController();
    let [moved, sent] = [false, 0];
    target.setPointerCapture?.(pointerId);

    const send = () => {
      sent = performance.now();
      return changeWeight(stage, layer, flat, dragged.value);
    };
    const finish = () => {
      leaving.abort();
      if (!moved) edit(layer, flat, rect);
      else send().then((taken) => settle(taken));
    };
    const settle = (taken) => {
      dragged = null;
      if (!taken) preview(layer, flat, from);
    };
    const follow = (move) => {
      if (!moved && Math.abs(move.clientY - y) < STILL_A_CLICK) return;
      moved = true;
      const { low, high } = settings.fields.weights;
      const value = Math.round((from + (y - move.clientY) * PER_PIXEL) * 20) / 20;
      dragged = { layer, flat, value: Math.max(low, Math.min(high, value)) };
      preview(layer, flat, dragged.value);
      if (performance.now() - sent > SEND_EVERY) send();
    };
    target.addEventListener("pointermove", follow, { signal: leaving.signal });
    target.addEventListener("pointerup", finish, { signal: leaving.signal });
    target.addEventListener("pointercancel", finish, { signal: leaving.signal });
  }

  function preview(layer, flat, value) {
    const weights = stage.layers[layer]?.weight;
    if (!weights || flat >= weights.length) return;
    weights[flat] = value;
    stage.recompute();
  }

  stage.on("scene", () => {
    if (dragged) preview(dragged.layer, dragged.flat, dragged.value); // an older word of the server's, on its way since
  });
  return editor;
}

function nudge(field, by) {
  const typed = parseNumber(field.value);
  if (Number.isFinite(typed)) field.value = plain(Math.round((typed + by) * 1e4) / 1e4);
}

const plain = (x) => String(shortest(Number(x.toPrecision(5))));

// Under the cell where there is room, never past the edge of the stage.
function place(box, rect, root) {
  const home = root.getBoundingClientRect();
  const left = rect.left + rect.width / 2 - home.left - box.offsetWidth / 2;
  box.style.left = `${Math.max(0, Math.min(left, home.width - box.offsetWidth))}px`;
  box.style.top = `${rect.bottom - home.top + 6}px`;
}
