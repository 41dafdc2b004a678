// The layers as a list: how separable the points are in each, and on which axes the chosen one is seen.

import { h, percent, replace, setText } from "../lib/dom.js";

export function layerList({ go, changed }) {
  const rows = h("div.layers", { role: "list", "aria-label": "How well one flat cut separates the points in each space" });
  const axes = h("div.axes");
  const head = h("div.list-head.label");
  const choices = new Map(); // "layer/units" → choice: a choice outlives a new scene of the same shape
  let stops = [], parts = [], shownAxes = "";
  const list = { element: h("div.list", head, rows, axes), scores: new Map(), build, show, mark, choice };

  const key = (stop) => `${stop.layer}/${stop.part === "features"}/${stop.units}`;

  /** How a stop is seen: the person's choice, else its principal components where it has more than two units. */
  function choice(stop) {
    return choices.get(key(stop)) ?? { mode: stop.units > 2 ? "components" : "units", units: [0, 1, 2] };
  }

  function build(next, model) {
    stops = next;
    shownAxes = "";
    list.scores = new Map();
    setText(head, model.problem === "classification"
      ? "On the right side of a flat cut, fitted by least squares"
      : "Explained by a flat fit, by least squares (R²)");
    parts = stops.map((stop, k) => {
      if (stop.part === "sum") return null;
      const units = stop.units === 1 ? "1 unit" : `${stop.units} units`;
      const bar = h("i.fill"), value = h("span.value", "–");
      const row = h("button.space.plain", { type: "button", onclick: () => go(k) },
        h("span.name", stop.name, h("span.label", stop.part === "plane" ? "x₁, x₂" : units)), h("span.bar", bar), value);
      return { k, row, bar, value };
    });
    replace(rows, parts.filter(Boolean).map(({ row }) => h("div", { role: "listitem" }, row)));
  }

  function show(scores) {
    list.scores = scores;
    for (const part of parts) {
      if (!part) continue;
      const score = scores.get(stops[part.k]);
      setText(part.value, Number.isNaN(score) ? "–" : percent(score));
      part.value.dataset.value = score;
      part.bar.style.setProperty("--share", Math.max(0, score || 0));
    }
  }

  /** Which stop is on the screen; its axes can be chosen when it has more units than the picture. */
  function mark(k, deep) {
    const shown = stops[k].part === "sum" ? k + 1 : k;
    for (const part of parts) if (part) part.row.setAttribute("aria-current", part.k === shown ? "true" : "false");
    const stop = stops[k], seen = deep ? 3 : 2;
    const now = stop.units > 2 ? JSON.stringify([key(stop), choice(stop), seen]) : "none";
    if (now === shownAxes) return;
    shownAxes = now;
    replace(axes, stop.units > 2 ? controls(stop, seen) : []);
  }

  function controls(stop, seen) {
    const current = choice(stop);
    const put = (next) => {
      choices.set(key(stop), { ...current, ...next });
      changed();
    };
    const mode = (name, text) => h("button.chip", {
      type: "button", "aria-pressed": String(current.mode === name), onclick: () => put({ mode: name }),
    }, text);
    const pick = (axis) => h("select", {
      "aria-label": `Axis ${axis + 1}`,
      onchange: (event) => put({ units: exchanged(current.units, axis, Number(event.target.value)) }),
    }, Array.from({ length: stop.units }, (_, u) => h("option", { value: u, selected: current.units[axis] === u }, stop.unit(u))));
    const picks = current.mode === "units" ? Array.from({ length: Math.min(seen, stop.units) }, (_, axis) => pick(axis)) : [];
    return [h("div.label", "Seen along"), h("div.row", mode("components", "Principal components"), mode("units", "Units")),
      picks.length ? h("div.row.picks", picks) : null];
  }

  return list;
}

// Two axes never show the same unit: choosing the other's unit exchanges them.
function exchanged(units, axis, unit) {
  const next = [...units];
  const other = next.indexOf(unit);
  if (other >= 0) next[other] = next[axis];
  next[axis] = unit;
  return next;
}
