// A table of numbers that is written again and again, as wide as it may be: only the columns in sight are there.

import { css, rgb } from "../lib/color.js";
import { h, replace, setText, steady } from "../lib/dom.js";
import { setLowered } from "./lowered.js";

const PITCH = 48; // px of a column
const NAMES = 118; // px of the names of the rows

const light = ([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** `label` names the table for those who do not see it; `onhover(column)`, `onpick(column)` hear the pointer. */
export function buildNumbers({ label, onhover, onpick }) {
  const head = h("thead");
  const body = h("tbody");
  const columnOf = (event) => {
    const cell = event.target.closest("td, th");
    return cell && cell.cellIndex > 0 ? first + cell.cellIndex - 1 : null;
  };
  let hovered = null;
  const table = h("table", {
    onpointermove: (event) => {
      const column = columnOf(event);
      if (column === hovered || column === null) return;
      hovered = column;
      onhover?.(column);
    },
    onpointerleave: () => { hovered = null; },
    onclick: (event) => { const column = columnOf(event); if (column !== null) onpick?.(column); },
  }, head, body);
  const room = h("div.columns", table);
  const element = h("div.numbers", { tabindex: 0, role: "region", "aria-label": label, onscroll }, room);
  let [state, shape, first, visible] = [null, "", 0, 0];
  let [kept, heads] = [[], []];

  let [scrolled, wished] = [0, null]; // px; asking the element for them would lay the page out anew, in each frame

  const firstNow = () => Math.min(Math.max(0, Math.round((wished ?? scrolled) / PITCH)), Math.max(0, state.columns.length - visible));

  function onscroll() {
    scrolled = element.scrollLeft;
    if (state && firstNow() !== first) write();
  }

  function build(rows) {
    heads = Array.from({ length: visible }, () => h("th", { scope: "col" }));
    replace(head, h("tr", h("td.corner"), heads));
    kept = rows.map(() => ({ name: h("th", { scope: "row" }), cells: heads.map(() => ({ element: h("td"), tint: "", chosen: false })) }));
    replace(body, kept.map(({ name, cells }) => h("tr", name, cells.map((cell) => cell.element))));
    table.style.width = `${NAMES + visible * PITCH}px`;
  }

  function write() {
    const { columns, rows, chosen, colors } = state;
    first = firstNow();
    const [ink, paper] = [colors.ink, colors.paper];
    const [dark, bright] = [light(rgb(ink)), light(rgb(paper))];
    heads.forEach((cell, i) => {
      setText(cell, String(columns[first + i]));
      cell.classList.toggle("chosen", first + i === chosen);
    });
    rows.forEach(({ name, values, high, kind, decimals = 2, strong }, r) => {
      const row = kept[r];
      setLowered(row.name, name);
      row.name.parentElement.classList.toggle("strong", Boolean(strong));
      row.cells.forEach((cell, i) => {
        const value = values[first + i];
        const missing = value === null || value === undefined;
        setText(cell.element, missing ? "–" : steady(Math.abs(value) < 0.5 * 10 ** -decimals ? 0 : value, decimals));
        const isChosen = first + i === chosen;
        if (isChosen !== cell.chosen) cell.element.classList.toggle("chosen", isChosen);
        cell.chosen = isChosen;
        const back = missing || !kind ? null : kind === "sequential" ? colors.sequential(value / high) : colors.diverging(value / high);
        const tint = back ? css(back) : "";
        if (tint === cell.tint) return;
        cell.tint = tint;
        cell.element.style.backgroundColor = tint;
        cell.element.style.color = back ? (Math.abs(light(back) - dark) > Math.abs(light(back) - bright) ? ink : paper) : "";
      });
    });
  }

  return {
    element,
    /** How wide it is, in px: to be told before `show` whenever that has changed. */
    fit(width) {
      visible = Math.max(1, Math.floor((width - NAMES) / PITCH));
    },
    /**
     * `columns`: names; `rows`: {name, values, high, kind, decimals, strong}: kind "diverging" or "sequential" tints the cells up to
     * `high`; a null among the values is written –. `chosen`: a column to mark, or null.
     */
    show({ columns, rows, chosen = null }, colors) {
      state = { columns, rows, chosen, colors };
      visible = Math.min(visible, columns.length);
      const now = `${columns.length} ${rows.length} ${visible}`;
      if (now !== shape) {
        build(rows);
        room.style.width = `${NAMES + columns.length * PITCH}px`;
      }
      shape = now;
      write();
    },
    /** Bring a column into sight; then `settle`. */
    reveal(column) {
      if (column >= first && column < first + visible) return;
      wished = Math.max(0, column - Math.floor(visible / 2)) * PITCH;
      write();
    },
    /** To be called when all tables have been written: moves the scroll bar to where the table is. */
    settle() {
      if (wished === null) return;
      element.scrollLeft = scrolled = wished;
      wished = null;
    },
  };
}
