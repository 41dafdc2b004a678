// One row a class: logit, minus the largest, exponential, probability, gradient, as bars with numbers. The logit's
// bar is a handle: dragged or moved by the arrow keys, it says what would be.

import { h, number, percent, replace, setText, steady } from "../lib/dom.js";

const STEP = 0.1; // of a logit, an arrow key

/** `onpoint(k | null)`, `onchoose(k)`, `ondrag(k, z)`. `show(state)` writes everything. */
export function buildRows({ onpoint, onchoose, ondrag }) {
  const head = h("div.line.heads.label", { "aria-hidden": "true" });
  const body = h("div.body");
  const foot = h("div.line.foot.value");
  const element = h("div.rows", { role: "group", "aria-label": "Softmax, class by class" }, head, body, foot);
  let rows = [];
  let built = "";
  let state = null;

  function bar(kind) {
    const fill = h("i.fill");
    const value = h("span.value");
    return { element: h("span.cell", { class: kind }, h("span.track", { "aria-hidden": "true" }, fill), value), fill, value };
  }

  function makeRow(name, k) {
    const logit = bar("logit");
    const ghost = h("i.ghost");
    const handle = h("i.handle");
    const track = logit.element.firstChild;
    track.append(ghost, handle);
    track.removeAttribute("aria-hidden");
    for (const [key, value] of Object.entries({ role: "slider", tabindex: 0, "aria-label": `Logit of ${name}` })) track.setAttribute(key, value);
    const at = (event) => {
      const box = track.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      return Math.round((2 * share - 1) * state.limit * 100) / 100;
    };
    track.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      track.focus({ preventScroll: true });
      track.setPointerCapture(event.pointerId);
      ondrag(k, at(event));
    });
    track.addEventListener("pointermove", (event) => { if (track.hasPointerCapture(event.pointerId)) ondrag(k, at(event)); });
    track.addEventListener("keydown", (event) => {
      const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      const moved = state.logits[k] + way * STEP * (event.shiftKey ? 10 : 1);
      ondrag(k, Math.min(state.limit, Math.max(-state.limit, Math.round(moved * 100) / 100)));
    });
    const parts = { logit, shifted: bar("shifted"), exponential: bar("exponential"), probability: bar("probability"), gradient: bar("gradient") };
    const label = h("button.plain.name", { type: "button", onclick: () => onchoose(k) }, h("span", name), h("i.tick", ""));
    const line = h("div.line", { onpointerenter: () => onpoint(k), onpointerleave: () => onpoint(null), onfocusin: () => onpoint(k) },
      label, Object.values(parts).map((part) => part.element));
    return { ...parts, ghost, handle, track, label, line, tick: label.lastChild };
  }

  function signed(fill, value, limit) {
    const share = Math.min(1, Math.abs(value) / limit) * 50;
    fill.style.left = `${value < 0 ? 50 - share : 50}%`;
    fill.style.width = `${share}%`;
    fill.classList.toggle("below", value < 0);
  }

  function fromRight(fill, share) {
    fill.style.left = `${(1 - share) * 100}%`;
    fill.style.width = `${share * 100}%`;
  }

  function show(next) {
    state = next;
    const { names, logits, own, steps, gradient, truth, focus, temperature, limit, moved } = state;
    if (built !== names.join()) {
      built = names.join();
      rows = names.map(makeRow);
      replace(body, rows.map((row) => row.line));
      element.classList.toggle("long", names.some((name) => name.length > 2));
    }
        replace(head, h("span", "class"), h("span", "logit z"), h("span", "z − m"), h("span", temperature === 1 ? "exp" : `exp(… / ${number(temperature)})`),
      h("span", "÷ sum = p"), h("span", truth === null ? "gradient" : temperature === 1 ? "p − y" : "(p − y) / T"));
    const answered = steps.probabilities.indexOf(Math.max(...steps.probabilities));
    const slope = gradient ? Math.max(...gradient.map(Math.abs), 1) : 1;
    rows.forEach((row, k) => {
      signed(row.logit.fill, logits[k], limit);
      row.handle.style.left = `${50 + 50 * Math.min(1, Math.max(-1, logits[k] / limit))}%`;
      row.ghost.style.left = `${50 + 50 * Math.min(1, Math.max(-1, own[k] / limit))}%`;
      row.ghost.classList.toggle("hidden", !moved.has(k));
      row.track.setAttribute("aria-valuemin", -limit);
      row.track.setAttribute("aria-valuemax", limit);
      row.track.setAttribute("aria-valuenow", logits[k]);
      fromRight(row.shifted.fill, Math.min(1, -steps.shifted[k] / (2 * limit)));
      row.exponential.fill.style.width = `${steps.exponentials[k] * 100}%`;
      row.probability.fill.style.width = `${steps.probabilities[k] * 100}%`;
      setText(row.logit.value, steady(logits[k], 2));
      setText(row.shifted.value, steady(steps.shifted[k], 2));
      setText(row.exponential.value, steady(steps.exponentials[k], 3));
      setText(row.probability.value, percent(steps.probabilities[k], 1));
      row.gradient.element.classList.toggle("none", !gradient);
      if (gradient) signed(row.gradient.fill, gradient[k], slope);
      setText(row.gradient.value, gradient ? steady(gradient[k], 3) : "–");
      row.line.classList.toggle("focus", k === focus);
      row.line.classList.toggle("answered", k === answered);
      row.line.classList.toggle("truth", k === truth);
      row.line.classList.toggle("moved", moved.has(k));
      setText(row.tick, k === truth ? (k === answered ? "✓" : "◂ truth") : "");
      row.label.setAttribute("aria-pressed", k === focus);
    });
    replace(foot, h("span", ""), h("span.cell", h("span.label", "largest m"), h("span", steady(steps.largest, 2))), h("span"),
      h("span.cell", h("span.label", "sum"), h("span", steady(steps.sum, 3))), h("span.cell", h("span.label", "sum"), h("span", "100 %")),
      h("span.cell", h("span.label", gradient ? "sum" : ""), h("span", gradient ? "0" : "")));
  }

  return { element, show };
}
