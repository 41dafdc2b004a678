// Two numbers from 0 to 1 for every class, before and after, one bar above the other. A class can be chosen.

import { h, percent, replace, setText, steady } from "../lib/dom.js";

/**
 * `show({before, after, truth, focus, change})`: shares of every class (no `before` where nothing was changed), the true class or null, the class in question, and
 * of each class a signed number, or null. `points`: the change is written in percentage points, else with two decimals.
 */
export function buildBars(stage, { label, heads, points = false }) {
  const head = h("div.line.heads.label", { "aria-hidden": "true" }, heads.map((text) => h("span", text)));
  const body = h("div.body");
  const element = h("div.bars", { role: "group", "aria-label": label }, head, body);
  element.classList.toggle("short", heads.length < 4);
  let rows = [];
  let built = "";

  function build(names) {
    built = names.join();
    rows = names.map((name, k) => {
      const [was, is] = [h("i.was"), h("i.is")];
      const [before, after, change] = [h("span.value.before"), h("span.value.after"), h("span.value.change")];
      const arrow = h("span.arrow", { "aria-hidden": "true" });
      const mark = h("span.mark");
      const button = h("button.line", { type: "button", onclick: () => stage.choose(k) },
        h("span.name", h("span", name), mark), h("span.track", { "aria-hidden": "true" }, was, is),
        h("span.pair", before, arrow, after), change);
      return { arrow, name, button, was, is, before, after, change, mark };
    });
    replace(body, rows.map(({ button }) => button));
    element.classList.toggle("wordy", names.some((name) => name.length > 3));
  }

  return {
    element,
    show({ before, after, truth, focus, change }) {
      const { names } = stage;
      if (built !== names.join()) build(names);
      for (let i = 2; i < heads.length; i += 1) setText(head.children[i], before ? heads[i] : "");
      const [was, is] = [indexOfMost(before), indexOfMost(after)];
      rows.forEach((row, k) => {
        row.was.style.transform = `scaleX(${before ? before[k] : 0})`;
        row.is.style.transform = `scaleX(${after ? after[k] : 0})`;
        setText(row.arrow, before ? "→" : "");
        setText(row.before, before ? percent(before[k]) : "");
        setText(row.after, after ? percent(after[k]) : "…");
        setText(row.change, change && before ? signed(change[k], points) : "");
        setText(row.mark, k === truth ? "✓" : "");
        row.button.classList.toggle("focus", k === focus);
        row.button.classList.toggle("first", k === is && !points);
        row.button.classList.toggle("moved", k === is && was >= 0 && is !== was && !points);
        row.button.setAttribute("aria-pressed", k === focus);
        row.button.title = k === truth ? `${row.name}, the true class` : row.name;
      });
    },
  };
}

const indexOfMost = (values) => (values ? values.indexOf(Math.max(...values)) : -1);

/** A change with its sign: +1.25, −0.3; 0 for one too small to be written. */
export function signed(value, points) {
  const [shown, decimals] = points ? [100 * value, 1] : [value, 2];
  if (Math.abs(shown) < 0.5 * 10 ** -decimals) return "0";
  return `${shown > 0 ? "+" : ""}${steady(shown, decimals)}`;
}
