// A table out of pasted text or a file, read here in the browser: nothing is uploaded. Every row is
// looked at, only the sample that is used is kept. What cannot work raises a TableProblem whose one
// line says what was wrong, what was given and what would work.

import { count, number } from "../lib/number.js";
import { stream } from "../lib/tinytrain.js";
import { HALF_WIDTH, MOST_CLASSES, MOST_POINTS } from "./points.js";

export const MOST_BYTES = 32 * 2 ** 20;
const LOOKED_AT = 1000;
const MISSING = new Set(["", "na", "n/a", "#n/a", "nan", "null", "?", "inf", "-inf", "+inf", "infinity", "-infinity"]);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const COMMA_NUMBER = /^[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?$/;
const SEPARATOR_WORDS = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces" };
const TARGET_NAME = /^(target|label|labels|class|classes|species|category|group|kind|type)$/i;
const INDEX_NAME = /^(id|index|row|nr|no|number|#|unnamed.*|)$/i;

/** A table that cannot be used; its message is for the person at the screen. */
export class TableProblem extends Error {}

const megabytes = (bytes) => `${Math.round(bytes / 2 ** 20)} MB`;
const quoted = (text) => `"${text.length > 24 ? `${text.slice(0, 23)}…` : text}"`;
const isMissing = (text) => MISSING.has(text.toLowerCase());

/** The text of a file, if it is one. A file that is too big is refused before it is read. */
export async function readFile(file) {
  if (file.size > MOST_BYTES) {
    throw new TableProblem(`${file.name} is too big to read here: ${megabytes(file.size)}, and at most ` +
      `${megabytes(MOST_BYTES)} are read. Try a part of it; ${count(MOST_POINTS)} points are used at most.`);
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const utf16 = { "255,254": "utf-16le", "254,255": "utf-16be" }[bytes.slice(0, 2).join()];
  const head = bytes.subarray(0, 4096);
  if (!utf16 && head.includes(0) || head.length && startsLikeArchive(head)) {
    throw new TableProblem(`${file.name} is not a text file. Save the table as CSV and try that file.`);
  }
  try {
    return new TextDecoder(utf16 ?? "utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Western text without UTF-8: only names of columns and classes can differ, numbers do not.
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function startsLikeArchive(bytes) {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] <= 0x08; // a zip file, and so .xlsx and .ods
}

/** Where rows start, how cells are divided, what the columns are called. */
export function parseTable(given) {
  let text = given.replace(/^\uFEFF/, "");
  if (!text.includes("\n")) text = text.replaceAll("\r", "\n");
  if (/[\0\uFFFD]/.test(text.slice(0, 4096))) {
    throw new TableProblem("This is not a text table: it holds bytes that no CSV has. Save the table as CSV and try that.");
  }
  const ends = rowEnds(text);
  if (!ends.length) {
    throw new TableProblem("The table is empty. Try one with two columns of numbers and one with the class.");
  }
  const line = (row) => text.slice(row ? ends[row - 1] + 1 : 0, ends[row]).trimEnd();
  const separator = guessSeparator(Array.from({ length: Math.min(ends.length, 30) }, (_, row) => line(row)));
  const cells = (row) => splitCells(line(row), separator);
  const first = cells(0);
  if (first.length < 3) {
    const columns = first.length === 1 ? "1 column" : `${first.length} columns`;
    throw new TableProblem(`The table has ${columns}; three are needed: x₁, x₂ and the class. ` +
      "Try commas, semicolons or tabs between them.");
  }
  const head = Array.from({ length: Math.min(ends.length - 1, LOOKED_AT) }, (_, i) => cells(i + 1));
  const decimalComma = head.some((row) => row.some((cell) => COMMA_NUMBER.test(cell))) &&
    !head.some((row) => row.some((cell) => NUMBER.test(cell) && cell.includes(".")));
  const toNumber = (cell) => readNumber(cell, decimalComma);
  const mostlyNumbers = first.map((_, column) => head.length > 0 && isMostlyNumbers(head, column, toNumber));
  const isText = (cell) => !isMissing(cell) && Number.isNaN(toNumber(cell));
  const hasHeader = first.some((cell, i) => mostlyNumbers[i] && isText(cell)) || (!head.length && first.every(isText));
  const names = first.map((cell, i) => (hasHeader && cell ? cell : `column ${i + 1}`));
  const isIndex = first.map((cell) => hasHeader && INDEX_NAME.test(cell));
  const start = hasHeader ? 1 : 0;
  const rows = ends.length - start;
  if (rows < 2) {
    throw new TableProblem(`The table has ${rows ? "only 1 row" : "no row"} of data. Try at least two rows, of two classes.`);
  }
  return { names, hasHeader, separator: SEPARATOR_WORDS[separator], decimalComma, rows, mostlyNumbers, isIndex, toNumber,
    cells: (row) => cells(row + start), fileRow: (row) => row + start + 1 };
}

// Ends of the rows that hold anything; a line break inside quotes does not end a row.
function rowEnds(text) {
  const ends = [];
  let from = 0;
  const hasQuotes = text.includes("\"");
  const quotesIn = (start, end) => {
    let quotes = 0;
    for (let at = text.indexOf("\"", start); at >= 0 && at < end; at = text.indexOf("\"", at + 1)) quotes += 1;
    return quotes;
  };
  while (from < text.length) {
    let end = text.indexOf("\n", from);
    if (end < 0) end = text.length;
    if (hasQuotes) {
      let quotes = quotesIn(from, end);
      for (let start = end; quotes % 2 && end < text.length; start = end) {
        end = text.indexOf("\n", end + 1);
        if (end < 0) end = text.length;
        quotes += quotesIn(start, end);
      }
    }
    if (text.slice(from, Math.min(end, from + 200)).trim()) ends.push(end);
    else if (ends.length) ends[ends.length - 1] = end; // a blank line belongs to a row beside it and is trimmed away
    from = end + 1;
  }
  return ends;
}

// The separator that gives most lines the same number of cells, the more the better.
function guessSeparator(lines) {
  let best = ",";
  let bestScore = 0;
  for (const separator of ["\t", ";", "|", ",", " "]) {
    const widths = lines.map((line) => splitCells(line, separator).length);
    const width = widths[0];
    const score = width > 1 ? widths.filter((each) => each === width).length / widths.length : 0;
    if (score > bestScore + 1e-9) [best, bestScore] = [separator, score];
  }
  return best;
}

function splitCells(line, separator) {
  if (!line.includes("\"")) {
    const parts = separator === " " ? line.trim().split(/ +/) : line.split(separator);
    return parts.map((cell) => cell.trim());
  }
  const cells = [];
  let cell = "";
  let inside = false;
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at];
    if (inside) {
      if (letter !== "\"") cell += letter;
      else if (line[at + 1] === "\"") [cell, at] = [`${cell}"`, at + 1];
      else inside = false;
    } else if (letter === "\"" && !cell.trim()) [cell, inside] = ["", true];
    else if (letter === separator) [cells[cells.length], cell] = [cell.trim(), ""];
    else cell += letter;
  }
  cells.push(cell.trim());
  return cells;
}

function readNumber(cell, decimalComma) {
  const plain = (decimalComma ? cell.replace(",", ".") : cell).replace("\u2212", "-");
  return NUMBER.test(plain) ? Number(plain) : NaN;
}

function isMostlyNumbers(rows, column, toNumber) {
  const filled = rows.map((row) => row[column] ?? "").filter((cell) => !isMissing(cell));
  return filled.length > 0 && filled.filter((cell) => !Number.isNaN(toNumber(cell))).length > filled.length / 2;
}

/** The columns a person would probably choose: {x, y, target} as column numbers. */
export function guessColumns(table) {
  const shown = Array.from({ length: Math.min(table.rows, LOOKED_AT) }, (_, row) => table.cells(row));
  const kinds = table.names.map((name, column) => {
    const distinct = new Set(shown.map((row) => row[column] ?? "").filter((cell) => !isMissing(cell)));
    return { column, name, few: distinct.size >= 2 && distinct.size <= MOST_CLASSES, text: !table.mostlyNumbers[column] };
  });
  const last = kinds.length - 1;
  const target = (kinds.findLast((kind) => kind.few && TARGET_NAME.test(kind.name)) ??
    kinds.findLast((kind) => kind.few && kind.text) ?? kinds.findLast((kind) => kind.few && !kinds[last].text) ??
    kinds.findLast((kind) => kind.text) ?? kinds[last]).column;
  const numeric = kinds.filter((kind) => kind.column !== target && !kind.text).map((kind) => kind.column);
  const others = kinds.map((kind) => kind.column).filter((column) => column !== target && !numeric.includes(column));
  const [x, y] = [...numeric.filter((column) => !table.isIndex[column]), ...numeric.filter((column) => table.isIndex[column]), ...others];
  return { x, y, target };
}

/**
 * Points out of three columns: {points, classes: [{name, count}], notes}. `notes` say what was dropped,
 * sampled and scaled. With `split`, a target of many numbers becomes two classes, cut at its median.
 */
export function takePoints(table, { x, y, target, split = false }) {
  const names = table.names;
  if (x === y) throw new TableProblem(`x₁ and x₂ are both "${names[x]}". Choose two different columns.`);
  if (target === x || target === y) {
    throw new TableProblem(`"${names[target]}" is both a coordinate and the class. Choose another column for one of them.`);
  }
  const kept = sampleRows(table, x, y, target);
  const used = split ? splitAtMedian(kept, names[target]) : kept;
  checkClasses(used.distinct, names[target]);
  const labels = split ? [...used.distinct] : inOrder([...used.distinct]);
  const notes = [];
  if (used.dropped) {
    notes.push(`${used.dropped === 1 ? "1 row was" : `${count(used.dropped)} rows were`} dropped: a value is missing.`);
  }
  if (used.complete > used.rows.length) {
    notes.push(`${count(used.complete)} rows: ${count(used.rows.length)} of them are used, drawn evenly with a fixed seed.`);
  }
  const { scaled, note } = scaleToPlane(used.rows, names[x], names[y]);
  const points = used.rows.map((row, i) => ({ ...scaled[i], label: labels.indexOf(row.label) }));
  const classes = labels.map((name, label) => ({ name, count: points.filter((point) => point.label === label).length }));
  for (const each of classes.filter((one) => !one.count)) {
    notes.push(`No row of the class ${quoted(each.name)} is among those drawn.`);
  }
  return { points, classes, notes: [...notes, note] };
}

// One look at every row: those without a missing value are counted, and an even sample of them kept.
function sampleRows(table, x, y, target) {
  const random = stream(1);
  const rows = [];
  const distinct = new Set();
  let complete = 0;
  let dropped = 0;
  for (let row = 0; row < table.rows; row += 1) {
    const cells = table.cells(row);
    const [first, second, label] = [cells[x] ?? "", cells[y] ?? "", cells[target] ?? ""];
    if (isMissing(first) || isMissing(second) || isMissing(label)) {
      dropped += 1;
      continue;
    }
    const asNumber = table.toNumber(label);
    const name = Number.isNaN(asNumber) ? label : String(asNumber); // 1, 1.0 and 1e0 are one class
    const entry = { x1: coordinate(table, first, x, row), x2: coordinate(table, second, y, row), label: name };
    if (distinct.size <= LOOKED_AT) distinct.add(name);
    complete += 1;
    if (rows.length < MOST_POINTS) rows.push(entry);
    else {
      const place = Math.floor(random() * complete);
      if (place < MOST_POINTS) rows[place] = entry;
    }
  }
  if (complete < 2) {
    throw new TableProblem(`${complete ? "Only 1 row is" : "No row is"} left: ${count(dropped)} of ${count(table.rows)} ` +
      "rows have a missing value. Choose other columns.");
  }
  return { rows, distinct, complete, dropped };
}

function coordinate(table, cell, column, row) {
  const value = table.toNumber(cell);
  if (Number.isFinite(value)) return value;
  throw new TableProblem(`"${table.names[column]}" has text where a number should be: ${quoted(cell)} in row ` +
    `${count(table.fileRow(row))}. Choose a column of numbers, or mend that cell.`);
}

function splitAtMedian(kept, name) {
  const values = kept.rows.map((row) => Number(row.label));
  if (values.some((value) => !Number.isFinite(value))) {
    throw new TableProblem(`"${name}" cannot be split at its median: it holds text. Choose a column of numbers or of classes.`);
  }
  const sorted = Float64Array.from(values).sort();
  const median = sorted[Math.floor(sorted.length / 2)];
  const middle = median > sorted[0] ? median : sorted.find((value) => value > median);
  const [low, high] = [`below ${number(middle)}`, `${number(middle)} and above`];
  const rows = kept.rows.map((row, i) => ({ ...row, label: values[i] < middle ? low : high }));
  return { ...kept, rows, distinct: new Set(middle === undefined ? [low] : [low, high]) };
}

const areNumbers = (labels) => labels.every((label) => label !== "" && Number.isFinite(Number(label)));

function checkClasses(distinct, name) {
  const numbers = areNumbers([...distinct]);
  if (distinct.size < 2) {
    throw new TableProblem(`"${name}" has one class only: ${quoted([...distinct][0])}. Choose a column with two to eight.`);
  }
  if (distinct.size > MOST_CLASSES) {
    const many = distinct.size > LOOKED_AT ? `more than ${count(LOOKED_AT)}` : count(distinct.size);
    const problem = new TableProblem(numbers
      ? `"${name}" has ${many} different numbers; own data are classes, at most ${MOST_CLASSES}. ` +
        "Choose a column of classes, or split this one at its median into two."
      : `"${name}" has ${many} different classes; at most ${MOST_CLASSES} fit. Choose another column, or keep the rows of eight.`);
    problem.canSplit = numbers;
    throw problem;
  }
}

function inOrder(labels) {
  return labels.sort(areNumbers(labels) ? (a, b) => a - b : new Intl.Collator("en", { numeric: true }).compare);
}

// Both axes get one scale where their ranges are alike, so that shapes keep their proportions;
// otherwise each axis fills the plane by itself.
function scaleToPlane(rows, xName, yName) {
  const reach = HALF_WIDTH - 0.5;
  const ends = (key) => rows.reduce(([low, high], row) => [Math.min(low, row[key]), Math.max(high, row[key])], [Infinity, -Infinity]);
  const [xEnds, yEnds] = [ends("x1"), ends("x2")];
  const half = ([low, high]) => (high - low) / 2;
  const [smaller, common] = [half(xEnds), half(yEnds)].sort((a, b) => a - b);
  const alike = smaller > 0 && common <= 3 * smaller;
  const axis = (pair) => {
    const centre = (pair[0] + pair[1]) / 2;
    return { centre: Math.abs(centre) > half(pair) / 1000 ? centre : 0, unit: (alike ? common : half(pair) || 1) / reach };
  };
  const [first, second] = [axis(xEnds), axis(yEnds)];
  const scaled = rows.map((row) => ({ x1: (row.x1 - first.centre) / first.unit, x2: (row.x2 - second.centre) / second.unit }));
  const formula = (name, symbol, { centre, unit }) => {
    const moved = centre ? `(${name} ${centre < 0 ? "+" : "−"} ${number(Math.abs(centre))})` : name;
    return `${symbol} = ${moved} / ${number(unit)}`;
  };
  const how = alike ? "with one scale for both axes" : "each axis by itself";
  return { scaled, note: `Scaled to fit the plane, ${how}: ${formula(xName, "x₁", first)}, ${formula(yName, "x₂", second)}.` };
}
