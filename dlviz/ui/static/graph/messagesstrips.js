// Vectors as strips of cells one can point at and walk through; long lists and wide vectors are folded.

import { readable } from "../lib/cells.js";
import { css } from "../lib/color.js";
import { h, setText } from "../lib/dom.js";
import { number, steady } from "../lib/number.js";
import { classFill } from "../lib/graphview.js";

const ROWS = 12;
/** Features shown of a wide vector. */
export const CELLS = 16;
const SMALL = 0.2;
const ONE_HOT = 10; // from so many cells on, a one among zeros is said in words

// A short number for a cell: two decimals, three where all are small; large ones with fewer.
function short(value, most) {
  const decimals = most < SMALL ? 3 : 2;
  if (Math.abs(value) < 0.5 * 10 ** -decimals) return "0";
  return Math.abs(value) < 9.995 ? steady(value, decimals) : Math.abs(value) < 99.95 ? steady(value, 1) : number(value, 2);
}

/** `listeners`: onopen(key, f), onhover(node | null), onpick(node), onfold(). */
export function buildStrips(listeners) {
  const grid = h("div.gm-groups", { role: "grid" });
  // An application: the page leaves the arrow keys, which otherwise train a step, to what has this role.
  const element = h("div.gm-strips", { role: "application", "aria-label": "Vectors. Arrow keys go from cell to cell, Enter picks the node of a row." }, grid);
  let [known, opened, groups, unfolded] = ["", null, [], new Set()];
  let drawn = []; // [{row, nodes: {element, cells: [[f, element]]}}]

  function structure() {
    return JSON.stringify(groups.map((group, g) => [group.title, group.columns, group.rows.map((row) => [row.key, row.values.length, hotOf(row)]), unfolded.has(`rows${g}`), unfolded.has(`cells${g}`)]));
  }

  function show(given, { colors, hovered, open, fill }) {
    groups = given;
    opened = open;
    const now = structure();
    if (now !== known) { known = now; build(); }
    paint(colors, hovered, fill);
  }

  function build() {
    const before = element.contains(element.getRootNode().activeElement) ? element.getRootNode().activeElement?.dataset : null;
    drawn = [];
    grid.replaceChildren(...groups.map((group, g) => {
      const all = unfolded.has(`rows${g}`) || group.rows.length <= ROWS + 1;
      const shown = all ? group.rows : group.rows.slice(0, ROWS);
      const width = Math.max(0, ...group.rows.map((row) => row.values.length));
      const isWide = width > CELLS && group.rows.some((row) => hotOf(row) === null);
      const cells = isWide && !unfolded.has(`cells${g}`) ? CELLS : width;
      const rows = shown.map((row) => buildRow(row, g, Math.min(cells, row.values.length), group.columns));
      const more = group.rows.length - shown.length;
      return h("section.gm-group",
        h("p.gm-group-head", h("span.gm-group-title", group.title), h("span.gm-shape.value", group.shape), isWide && foldButton(`cells${g}`, unfolded.has(`cells${g}`) ? "Fewer features" : `${width - CELLS} more features`)),
        group.columns && h("div.gm-row.gm-columns", { "aria-hidden": "true" }, h("span.gm-name"), h("span.gm-before"), h("span.gm-cells", { style: { "--cells": group.columns.length } }, group.columns.map((column) => h("span.gm-column", { title: column }, column)))),
        rows,
        (more > 0 || (all && group.rows.length > ROWS + 1)) && foldButton(`rows${g}`, more > 0 ? `${more} more` : "Fewer"));
    }));
    if (before?.key) cellOf(before.key, Number(before.f))?.focus();
  }

  function foldButton(key, words) {
    return h("button.gm-fold", { type: "button", onclick: () => { if (!unfolded.delete(key)) unfolded.add(key); listeners.onfold(); } }, words);
  }

  function buildRow(row, g, count, columns) {
    const hot = hotOf(row);
    const parts = { name: h("span.gm-name-words"), before: h("span.gm-before.value"), swatch: h("i.gm-swatch"), cells: [], hot: null };
    const cell = (f) => {
      const made = h("span.gm-cell.value", { role: "gridcell", tabindex: -1, "data-key": row.key, "data-f": f, "data-g": g, "data-colored": !columns });
      parts.cells.push([f, made]);
      return made;
    };
    if (hot !== null) parts.hot = h("span.gm-cell.gm-hot", { role: "gridcell", tabindex: -1, "data-key": row.key, "data-f": hot, "data-g": g });
    parts.element = h(`div.gm-row${row.isResult ? ".gm-result" : ""}${row.isOwn ? ".gm-own" : ""}`, { role: "row", "data-node": row.node },
      h(`span.gm-name${row.node === null ? "" : ".gm-pickable"}`, { title: row.name }, parts.swatch, parts.name), parts.before,
      h("span.gm-cells", { style: { "--cells": columns ? columns.length : Math.min(8, count) } }, parts.hot ?? Array.from({ length: count }, (_, f) => cell(f))));
    drawn.push({ key: row.key, g, parts });
    return parts.element;
  }

  function paint(colors, hovered, fill) {
    const most = Math.max(1e-12, ...groups.filter((group) => !group.columns).map((group) => mostOf(group.rows)));
    const tops = new Map(groups.map((group) => [group, mostOf(group.rows)]));
    element.style.setProperty("--most", most);
    for (const { key, g, parts } of drawn) {
      const group = groups[g];
      const row = group.rows.find((each) => each.key === key);
      setText(parts.name, row.isOwn ? `${row.name}, itself` : row.name);
      setText(parts.before, row.before);
      parts.swatch.style.background = row.node === null ? "transparent" : fill(row.node);
      parts.element.classList.toggle("gm-lit", row.node !== null && row.node === hovered);
      if (parts.hot) {
        const f = hotOf(row);
        setText(parts.hot, `only “${group.feature?.(f) ?? `feature ${f + 1}`}” is 1, the other ${row.values.length - 1} are 0`);
        mark(parts.hot, key, f);
      }
      for (const [f, cell] of parts.cells) {
        const value = row.values[f];
        setText(cell, group.columns ? number(value) : short(value, tops.get(group)));
        const back = group.columns ? null : colors.diverging(value / most);
        cell.style.background = back ? css(back) : "";
        cell.style.color = back ? css(readable(back, colors)) : "";
        cell.setAttribute("aria-label", `${row.name}, ${group.columns?.[f] ?? group.feature?.(f) ?? `feature ${f + 1}`}: ${number(value)}`);
        cell.classList.toggle("gm-won", row.won?.includes(f) ?? false);
        mark(cell, key, f);
      }
    }
    if (!element.querySelector('[tabindex="0"]')) element.querySelector(".gm-cell")?.setAttribute("tabindex", 0);
  }

  function mark(cell, key, f) {
    const isOpen = opened?.key === key && opened.f === f;
    cell.classList.toggle("gm-open", isOpen);
    cell.tabIndex = isOpen ? 0 : -1;
  }

  const cellOf = (key, f) => element.querySelector(`.gm-cell[data-key="${key}"][data-f="${f}"]`);
  const at = (event) => event.target.closest?.(".gm-cell");
  const openAt = (cell) => cell && listeners.onopen(cell.dataset.key, Number(cell.dataset.f));
  element.addEventListener("focusin", (event) => openAt(at(event)));
  element.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse") openAt(at(event));
    const node = event.target.closest?.(".gm-row")?.dataset.node;
    listeners.onhover(node === undefined ? null : Number(node));
  });
  element.addEventListener("pointerleave", () => listeners.onhover(null));
  element.addEventListener("click", (event) => {
    const cell = at(event);
    if (cell) cell.focus();
    const node = event.target.closest?.(".gm-pickable")?.parentElement.dataset.node;
    if (node !== undefined) listeners.onpick(Number(node));
  });
  element.addEventListener("keydown", (event) => {
    const cell = at(event);
    if (!cell) return;
    const row = cell.closest(".gm-row");
    if (event.key === "Enter" && row.dataset.node !== undefined) { listeners.onpick(Number(row.dataset.node)); event.preventDefault(); return; }
    const next = neighbour(cell, row, event.key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  });

  function neighbour(cell, row, key) {
    const mine = [...row.querySelectorAll(".gm-cell")];
    const k = mine.indexOf(cell);
    if (key === "ArrowRight") return mine[k + 1];
    if (key === "ArrowLeft") return mine[k - 1];
    if (key === "Home") return mine[0];
    if (key === "End") return mine.at(-1);
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (!step) return null;
    const rows = [...element.querySelectorAll(".gm-row:not(.gm-columns)")];
    const cells = [...(rows[rows.indexOf(row) + step]?.querySelectorAll(".gm-cell") ?? [])];
    return cells[Math.min(k, cells.length - 1)];
  }

  /** What is drawn: rows with their cells as words. */
  const read = () => drawn.map(({ key, g, parts }) => ({ key, group: groups[g].title, name: parts.name.textContent, before: parts.before.textContent, cells: parts.hot ? [parts.hot.textContent] : parts.cells.map(([, cell]) => cell.textContent), won: parts.cells.filter(([, cell]) => cell.classList.contains("gm-won")).map(([f]) => f) }));
  return { element, show, read };
}

const mostOf = (rows) => rows.reduce((most, row) => row.values.reduce((top, value) => Math.max(top, Math.abs(value)), most), 0);

/** The place of the only 1 among zeros of a long vector, or null. */
export function hotOf({ values }) {
  if (values.length < ONE_HOT) return null;
  let found = null;
  for (let f = 0; f < values.length; f += 1) {
    if (values[f] === 0) continue;
    if (values[f] !== 1 || found !== null) return null;
    found = f;
  }
  return found;
}

/** The colour of a node as the drawing has it. */
export const fillOf = (graph, colors) => (k) => classFill(colors, graph.labels[k]);

/** The scale of the cells: a ramp with its numbers. */
export function buildScale() {
  const ramp = h("span.gm-ramp");
  const [low, high] = [h("span.value"), h("span.value")];
  return {
    element: h("p.gm-scale.label", low, ramp, high),
    show(most, colors) {
      ramp.style.background = `linear-gradient(to right, ${Array.from({ length: 9 }, (_, k) => css(colors.diverging(k / 4 - 1))).join(", ")})`;
      setText(low, number(-most, 2));
      setText(high, number(most, 2));
    },
  };
}
