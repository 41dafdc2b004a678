// The equations as a list one steps through, and the current one line by line with the numbers put in.

import { h, replace, steady } from "../lib/dom.js";
import { typeset } from "./drawing.js";

// Signs that cannot be misread: a negative number behind an operation stands in brackets.
const after = (x) => (x < 0 ? `(${steady(x)})` : steady(x));
const added = (x) => (x < 0 ? `− ${steady(-x)}` : `+ ${steady(x)}`);

const SQUASH = { "σ": (s) => `σ(${steady(s)})`, tanh: (s) => `tanh(${steady(s)})` };

/** The equation in one line, with its last numbers. */
export function short(equation) {
  const { kind, letter, value } = equation;
  if (kind === "gate") return `${letter} = ${SQUASH[equation.curve](equation.sum)} = ${steady(value)}`;
  if (kind === "cell") return `c = ${steady(equation.kept)} ${added(equation.written)} = ${steady(value)}`;
  if (kind === "output") return `h = ${steady(equation.o)} · ${after(equation.squashed)} = ${steady(value)}`;
  return `h = ${steady(equation.written)} ${added(equation.kept)} = ${steady(value)}`;
}

/** The equation in its letters. */
export function letters({ kind, letter, curve, gated }) {
  if (kind === "cell") return "c = f · c_{t−1} + i · g";
  if (kind === "output") return "h = o · tanh(c)";
  if (kind === "mix") return "h = (1 − z) · n + z · h_{t−1}";
  if (gated !== null) return "n = tanh(Σ w·x + b_{ih} + r · (Σ u·h + b_{hh}))";
  return `${letter} = ${curve}(Σ w·x + Σ u·h + b_{ih} + b_{hh})`;
}

/** All lines of the equation: letters, then numbers, then fewer numbers, then the answer. */
export function lines(equation) {
  const { kind, curve, value } = equation;
  const first = letters(equation);
  if (kind === "cell") {
    const { f, before, i, g, kept, written } = equation;
    return [first, `  = ${steady(f)} · ${after(before)} + ${steady(i)} · ${after(g)}`, `  = ${steady(kept)} ${added(written)}`, `  = ${steady(value)}`];
  }
  if (kind === "output") {
    const { o, c, squashed } = equation;
    return [first, `  = ${steady(o)} · tanh(${steady(c)})`, `  = ${steady(o)} · ${after(squashed)}`, `  = ${steady(value)}`];
  }
  if (kind === "mix") {
    const { z, n, before, kept, written } = equation;
    return [first, `  = (1 − ${steady(z)}) · ${after(n)} + ${steady(z)} · ${after(before)}`, `  = ${steady(written)} ${added(kept)}`, `  = ${steady(value)}`];
  }
  const { input, state, bi, bh, gated, recurrent, sum } = equation;
  const inside = gated === null
    ? `${steady(input.sum)} ${added(state.sum)} ${added(bi)} ${added(bh)}`
    : `${steady(input.sum)} ${added(bi)} + ${steady(gated)} · ${after(recurrent)}`;
  return [first, `  = ${curve}(${inside})`, `  = ${SQUASH[curve](sum)}`, `  = ${steady(value)}`];
}

// Only what has changed is written, so that nothing is read out twice.
function write(place, texts) {
  const key = texts.join("\n");
  if (place.dataset.text === key) return;
  place.dataset.text = key;
  replace(place, texts.map((text) => h("div", typeset(text))));
}

/** `onchoose(position)`. `show({equations, at, reached})` writes the list and the current equation. */
export function buildEquations({ onchoose }) {
  const list = h("div.list", { role: "listbox", "aria-label": "Equations of the cell, in their order" });
  const worked = h("div.worked.value", { role: "status", "aria-live": "polite" });
  const element = h("div.equations", list, worked);
  let rows = [];
  let built = "";

  function build(equations) {
    rows = equations.map((equation, k) => h("button.equation", { type: "button", role: "option", onclick: () => onchoose(k) },
      h("span.name", equation.name), h("span.text.value")));
    replace(list, rows);
  }

  return {
    element,
    show({ equations, at, reached }) {
      const key = equations.map((equation) => equation.id).join();
      if (key !== built) build(equations);
      built = key;
      rows.forEach((row, k) => {
        row.setAttribute("aria-selected", k === at);
        row.classList.toggle("later", k > reached);
        row.tabIndex = k === at ? 0 : -1;
        write(row.lastChild, [k > reached ? letters(equations[k]) : short(equations[k])]);
      });
      write(worked, lines(equations[at]));
    },
  };
}
