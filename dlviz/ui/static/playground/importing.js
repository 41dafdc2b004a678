// The dialog that turns a pasted or chosen table into own points. Nothing leaves the browser here.

import { count, h, icon, replace, setText } from "../lib/dom.js";
import { guessColumns, parseTable, readFile, TableProblem, takePoints } from "./csv.js";
import { drawPoints } from "./thumbnail.js";

const EXAMPLE = "height, weight, species\n61.2, 3.4, cat\n58.9, 31.0, dog\n…";
const PASTE_PAUSE = 250; // ms after the last key before a pasted table is read

/** Open the dialog inside `home`; `done(points, classes)` when the person takes the table. */
export function openImport(home, stage, done) {
  const { ctx } = stage;
  let table = null;
  let taken = null;
  let split = false;
  let text = "";
  let timer = 0;

  const area = h("textarea.code", { rows: 6, spellcheck: "false", placeholder: EXAMPLE, "aria-label": "Table as text", oninput: typed });
  const chooser = h("input.unseen", { type: "file", accept: ".csv,.tsv,.txt,text/*", tabindex: -1, onchange: () => take(chooser.files[0]) });
  const drop = h("div.drop", {
    ondragover: (event) => { event.preventDefault(); drop.classList.add("over"); },
    ondragleave: () => drop.classList.remove("over"),
    ondrop: (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      const [file] = event.dataTransfer.files;
      if (file) take(file);
      else read(event.dataTransfer.getData("text/plain"));
    },
  }, area, h("div.row.tight",
    h("button.chip", { onclick: () => chooser.click() }, icon("upload", 15), "Choose a file"), chooser,
    h("span.muted.small", "or drop one here. It is read in this browser and not uploaded.")));
  const problem = h("p.problem", { role: "alert" });
  const median = h("button.chip.hidden", { onclick: () => { split = true; refresh(); } }, "Split at the median into two classes");
  const selects = Object.fromEntries(["x", "y", "target"].map((key) => [key, h("select", {
    onchange: () => { split = false; refresh(); },
  })]));
  const picture = h("canvas.import-picture", { role: "img", "aria-label": "The points as they will be placed" });
  const legend = h("ul.legend");
  const notes = h("ul.notes.small.muted");
  const mapping = h("div.mapping.hidden",
    h("div.columns", [["x", "x₁, across"], ["y", "x₂, up"], ["target", "class"]].map(([key, label]) =>
      h("label", h("span.label", label), h("span.menu", selects[key])))),
    h("div.import-preview", picture, h("div.stack.grow", legend, notes)));
  const use = h("button.primary", { disabled: true, onclick: accept }, "Use these points");
  const dialog = h("dialog.import", { "aria-labelledby": "import-title", onclose: finish, onclick: (event) => { if (event.target === dialog) dialog.close(); } },
    h("div.import-content",
      h("div.row", h("h3#import-title.grow", "Import a table"), h("button.plain.round", { "aria-label": "Close", onclick: () => dialog.close() }, icon("cross", 18))),
      h("p.muted.small", "Two columns of numbers become x₁ and x₂; a column with two to eight different values becomes the class."),
      drop, problem, median, mapping,
      h("div.row.end", h("button", { onclick: () => dialog.close() }, "Cancel"), use)));

  home.append(dialog);
  dialog.showModal();
  area.focus();

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(() => read(area.value), PASTE_PAUSE);
  }

  async function take(file) {
    if (!file) return;
    chooser.value = "";
    await attempt(async () => {
      setText(problem, "");
      busy(`Reading ${file.name}…`);
      read(await readFile(file), file.name);
    });
  }

  function read(given, name) {
    if (given === text && table) return;
    text = given;
    table = null;
    if (!given.trim() && !name) {
      say("");
      return;
    }
    attempt(() => {
      table = parseTable(given);
      const guess = guessColumns(table);
      for (const [key, select] of Object.entries(selects)) {
        replace(select, table.names.map((column, i) => h("option", { value: String(i) }, column)));
        select.value = String(guess[key]);
      }
      split = false;
      if (name) area.value = `${given.slice(0, 2000)}${given.length > 2000 ? "\n…" : ""}`;
      refresh();
    });
  }

  function refresh() {
    attempt(() => {
      const columns = Object.fromEntries(Object.entries(selects).map(([key, select]) => [key, Number(select.value)]));
      taken = takePoints(table, { ...columns, split });
      show();
    });
  }

  // Whatever was wrong with the table is said; anything else is our fault and goes on to the console.
  async function attempt(action) {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof TableProblem)) {
        say("This table could not be read. Try it as plain CSV.");
        throw error;
      }
      say(error.message, error.canSplit);
    }
  }

  function busy(words) {
    setText(problem, words);
    problem.classList.add("busy");
  }

  function say(words, canSplit = false) {
    taken = null;
    problem.classList.remove("busy");
    setText(problem, words);
    median.classList.toggle("hidden", !canSplit);
    mapping.classList.toggle("hidden", !table);
    mapping.classList.toggle("failed", true);
    use.disabled = true;
    setText(use, "Use these points");
  }

  function show() {
    const found = taken;
    say("");
    taken = found;
    mapping.classList.remove("failed");
    replace(legend, found.classes.map(({ name, count: n }, label) => h("li",
      h("i.swatch", { style: { background: ctx.colors.classes[label] } }), h("span", name), h("span.muted.value", count(n)))));
    const how = `${count(table.rows)} rows, ${table.hasHeader ? "the first line names the columns" : "no line of names"}, ` +
      `divided by ${table.separator}${table.decimalComma ? ", decimal commas" : ""}.`;
    replace(notes, [how, ...found.notes].map((note) => h("li", note)));
    drawPoints(picture, found.points, ctx.colors, found.points.length > 500 ? 1.2 : 2);
    use.disabled = false;
    setText(use, `Use ${count(found.points.length)} points`);
  }

  function accept() {
    if (!taken) return;
    done(taken.points, taken.classes.length);
    dialog.close();
  }

  function finish() {
    clearTimeout(timer);
    dialog.remove();
  }

  return dialog;
}
