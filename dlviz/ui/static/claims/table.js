// The numbers behind a verdict as a table: one row an experiment, numbers right-aligned and in one format.

import { h, number } from "../lib/dom.js";

const words = (name) => name.replaceAll("_", " ");

function text(value) {
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(text).join(", ");
  return value === null || value === undefined ? "–" : words(String(value));
}

/** A table of rows (one object each); columns in the order in which they first appear. */
export function table(rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (columns.length === 0) return null;
  const isNumber = (column) => rows.every((row) => typeof (row[column] ?? 0) === "number");
  const kind = (column) => (isNumber(column) ? ".number" : "");
  return h("div.scroll", { tabindex: 0, role: "region", "aria-label": "Numbers behind the verdict" }, h("table",
    h("thead", h("tr", columns.map((column) => h(`th${kind(column)}`, { scope: "col" }, words(column))))),
    h("tbody", rows.map((row) => h("tr", columns.map((column) => h(`td${kind(column)}`, text(row[column]))))))));
}
