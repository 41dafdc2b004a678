// Pictures asked for: one noise a row, one class a column; and a few more of the class chosen, each of a noise of its own.

import { h, percent, replace, setText } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";
import { pixelsOf } from "./asking.js";

/** Pictures one can pick and walk. `onpick(at)`; `show({made, columns, shape, classes, picked, chosen, heads})`. */
export function buildBoard({ label, onpick }) {
  const grid = h("div.gc-board", { role: "listbox", "aria-label": label, onkeydown: keys });
  let [cells, columns, painted, key] = [[], 1, null, ""];

  function keys(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const at = cells.findIndex(({ button }) => button === event.composedPath().find((node) => node.tagName === "BUTTON"));
    if (at < 0 || !cells[at + way]) return;
    cells[at + way].button.focus();
    onpick(at + way);
  }

  function build(count) {
    cells = Array.from({ length: count }, (_, at) => {
      const parts = { canvas: h("canvas", { width: 1, height: 1 }), words: h("span.gc-said.value") };
      parts.button = h("button.plain.gc-one", { type: "button", role: "option", onclick: () => onpick(at) }, parts.canvas, parts.words);
      return parts;
    });
    replace(grid, cells.map(({ button }) => button));
  }

  return {
    element: grid,
    show(now) {
      columns = now.columns;
      const next = `${now.made.length} ${columns} ${now.shape}`;
      if (key !== next) {
        key = next;
        grid.style.setProperty("--columns", columns);
        build(now.made.length);
        painted = null;
      }
      cells.forEach(({ canvas, words, button }, at) => {
        const { example, reading, label: asked } = now.made[at];
        if (painted !== now.made) paintPixels(canvas, pixelsOf(example), now.shape);
        const isRight = reading?.answer === asked;
        setText(words, reading ? `${now.classes[reading.answer]} ${percent(reading.confidence, 0)}` : "");
        button.classList.toggle("wrong", Boolean(reading) && !isRight);
        button.classList.toggle("column", now.chosen === asked && columns > 1);
        button.setAttribute("aria-label", `${now.classes[asked]} asked for${reading ? `, read as ${now.classes[reading.answer]} with ${percent(reading.confidence, 0)}` : ""}`);
        button.setAttribute("aria-selected", at === now.picked);
        button.tabIndex = at === (now.picked ?? 0) ? 0 : -1;
      });
      painted = now.made;
    },
  };
}
