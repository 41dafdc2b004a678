// The grid of decoded pictures: canvases one can click and walk, with the classifier's answer under each.

import { h, percent, replace, setText } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";

/** `onpick(at)`. `show({pictures, size, columns, rows, chosen, answers, classes})`: `rows` are names of rows, or null. */
export function buildSheet({ onpick }) {
  const grid = h("div.sample-grid", { role: "listbox", "aria-label": "Pictures drawn", onkeydown: keys });
  const element = h("div.frame", grid);
  let [cells, columns, painted] = [[], 1, null];

  function keys(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const at = cells.findIndex(({ button }) => button === event.composedPath().find((node) => node.tagName === "BUTTON"));
    const next = cells[at + way];
    if (at < 0 || !next) return;
    next.button.focus();
    onpick(at + way);
  }

  function build(count, names) {
    cells = Array.from({ length: count }, (_, at) => {
      const parts = { canvas: h("canvas", { width: 1, height: 1 }), words: h("span.sample-said.value") };
      parts.button = h("button.plain.sample-one", { type: "button", role: "option", onclick: () => onpick(at) }, parts.canvas, parts.words);
      return parts;
    });
    replace(grid, names ? names.flatMap((name, r) => [h("span.sample-row-name", name), ...cells.slice(r * columns, (r + 1) * columns).map(({ button }) => button)]) : cells.map(({ button }) => button));
  }

  return {
    element,
    show(now) {
      const key = `${now.pictures.length} ${now.columns} ${now.rows?.join() ?? ""}`;
      columns = now.columns;
      if (grid.dataset.key !== key) {
        grid.dataset.key = key;
        grid.style.gridTemplateColumns = `${now.rows ? "auto " : ""}repeat(${columns}, minmax(${now.rows ? 30 : 26}px, ${now.pictures.length > 40 ? 62 : 92}px))`;
        build(now.pictures.length, now.rows);
        painted = null;
      }
      grid.classList.toggle("told", now.answers);
      cells.forEach(({ canvas, words, button }, at) => {
        const { picture, answer, confidence } = now.pictures[at];
        if (painted !== now.pictures) paintPixels(canvas, picture, now.size);
        const said = answer === undefined ? "" : `${now.classes[answer]} ${percent(confidence, 0)}`;
        setText(words, now.answers ? said : "");
        words.classList.toggle("sure", confidence > 0.8);
        button.setAttribute("aria-label", `Picture ${at + 1}${said ? `: read as ${said}` : ""}`);
        button.setAttribute("aria-selected", at === now.chosen);
        button.tabIndex = at === (now.chosen ?? 0) ? 0 : -1;
      });
      painted = now.pictures;
    },
    middle(at) {
      const box = cells[at].button.getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    },
  };
}
