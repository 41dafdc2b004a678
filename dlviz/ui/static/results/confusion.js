// The confusion matrix: rows are the truth, columns the answer. Pointed at for its shares, pressed for its pictures.

import { mix, rgb } from "../lib/color.js";
import { h, percent, replace, setText } from "../lib/dom.js";
import { Grid } from "../lib/grid.js";
import { cellWords } from "./words.js";

const LARGEST = 46;
const FULL = 0.8; // how far the colours go, so that numbers can be read on them

/**
 * `onpick(truth, answer)` hears which cell was pressed; `under` stands under the scores. `show({confusion, scores, names, chosen})`, then `draw()`.
 */
export function buildConfusion({ ctx, onpick, under }) {
  const grid = new Grid({
    label: "Confusion matrix, rows the truth, columns the answer", largest: LARGEST,
    onhover: (place) => point(place), onwalk: (place) => point(place), onpick: (place) => onpick(...place),
  });
  const rows = h("div.row-names");
  const columns = h("div.column-names");
  const reading = h("p.small.reading", { "aria-live": "polite" });
  const table = h("table.scores");
  const matrix = h("div.matrix", h("span.label.corner", "truth ↓"), h("span.label.axis", "answer →"), columns, rows, grid.canvas);
  const element = h("div.confusion", h("div.matrix-side", matrix, reading), h("div.table-side", table, under));
  let state = null;
  let pointed = null;
  let built = "";
  let cells = [];

  function build(names) {
    built = names.join();
    const long = names.some((name) => name.length > 2);
    matrix.classList.toggle("long", long);
    matrix.style.setProperty("--classes", names.length);
    replace(rows, names.map((name) => h("span", name)));
    replace(columns, names.map((name) => h("span", h("i", name))));
    const head = (text, title) => h("th.label", { scope: "col", title }, text);
    cells = names.map(() => ["recall", "precision", "accuracy"].map((score) => h(`td.value.${score}`)));
    replace(table, h("caption.unseen", "Scores of every class on the test pictures"),
      h("thead", h("tr", head("Class"), head("Pictures", "Test pictures of this class"),
        head("Recall", "Of the pictures of this class, the share that was recognised"),
        head("Precision", "Of the pictures called so, the share that is so"),
        head("Accuracy", "This class against the rest: the share of all test pictures put on the right side"))),
      h("tbody", names.map((name, k) => h("tr", {
        onpointerenter: () => point([k, k]), onpointerleave: () => point(null),
      }, h("th", { scope: "row" }, name), h("td.value"), cells[k]))));
  }

  function point(place) {
    pointed = place;
    read();
    ctx.redraw();
  }

  function read() {
    if (!state) return;
    const at = pointed ?? state.chosen;
    const [truth, answer] = at ?? [];
    setText(reading, at ? cellWords({ truth, answer, n: state.confusion[truth * state.names.length + answer], ...state })
      : "Point at a cell for its shares, press it for its pictures.");
    [...rows.children].forEach((name, k) => name.classList.toggle("at", k === truth));
    [...columns.children].forEach((name, k) => name.classList.toggle("at", k === answer));
  }

  function show(next) {
    state = next;
    const { confusion, scores, names } = next;
    const n = names.length;
    if (built !== names.join()) build(names);
    const { colors } = ctx;
    const [paper, warn] = [rgb(colors.paper), rgb(getComputedStyle(grid.canvas).getPropertyValue("--warn").trim())];
    grid.set({
      values: Array.from(confusion, (value, k) => (value === 0 && k % (n + 1) ? null : value)), rows: n, cols: n, hatched: false,
      paint: (truth, answer) => {
        const share = scores.ofTruth[truth] ? confusion[truth * n + answer] / scores.ofTruth[truth] : 0;
        // The root, so that one mistake in a hundred can still be seen.
        return truth === answer ? colors.sequential(FULL * share) : mix(paper, warn, Math.sqrt(share));
      },
    });
    grid.canvas.style.maxWidth = "none";
    [...table.tBodies[0].rows].forEach((row, k) => setText(row.cells[1], String(scores.ofTruth[k])));
    cells.forEach((row, k) => row.forEach((cell, i) => {
      const value = scores[["recall", "precision", "accuracy"][i]][k];
      setText(cell, value === null ? "–" : percent(value));
      cell.style.setProperty("--share", value ?? 0);
    }));
    read();
  }

  function draw() {
    const { accent, ink } = ctx.colors;
    grid.light("chosen", state?.chosen ? { cells: [state.chosen], stroke: accent, width: 3 } : null);
    grid.light("pointed", pointed ? { cells: [pointed], stroke: ink, width: 1.5 } : null);
    grid.draw(ctx.colors);
  }

  return { element, show, draw, grid };
}
