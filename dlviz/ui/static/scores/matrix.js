// A small matrix or vector as fields one can type into; what is no number is said, and nothing is lost.

import { h, number, parseNumber, replace, setText } from "../lib/dom.js";

export const LARGEST = 20; // of an entry

/** `rows`, `columns`: 1 column is a vector. `changed(row, column, value)` hears each number that is one. */
export function buildMatrix({ name, letters, rows = 2, columns = 2, changed }) {
  const problem = h("p.problem.small", { role: "alert" });
  let shown = [];
  const fields = Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => {
    const where = columns === 1 ? `number ${r + 1}` : `row ${r + 1}, column ${c + 1}`;
    const field = h("input.value", { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", "aria-label": `${name}, ${where}` });
    field.addEventListener("focus", () => field.select());
    field.addEventListener("change", () => {
      const given = parseNumber(field.value);
      const isFine = Math.abs(given) <= LARGEST;
      if (isFine) field.removeAttribute("aria-invalid");
      else field.setAttribute("aria-invalid", "true");
      setText(problem, isFine ? "" : `Give a number from ${number(-LARGEST)} to ${LARGEST}, such as ${number(shown[r][c])}.`);
      if (isFine) changed(r, c, given);
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      field.value = number(shown[r][c]);
      field.removeAttribute("aria-invalid");
      setText(problem, "");
      field.blur();
    });
    return field;
  }));
  const letter = h("span.letter");
  replace(letter, ...letters);
  const body = h("div.entries", { role: "group", "aria-label": name, style: { "--columns": columns } }, fields.flat());
  const element = h("div.matrix", h("div.matrix-row", letter, h("span.equals", "="), body), problem);

  function set(values) {
    shown = values;
    fields.forEach((row, r) => row.forEach((field, c) => {
      if (field.getRootNode().activeElement === field || field.hasAttribute("aria-invalid")) return;
      const text = number(values[r][c]);
      if (field.value !== text) field.value = text;
    }));
  }

  return { element, set };
}
