// Ten classes and the score that a dense layer gives to each, as bars from zero.

import { h, percent, setText, steady } from "../lib/dom.js";
import { winner } from "./moving.js";

const [LOW, HIGH] = [-0.6, 1.4]; // ridge regression aims at 0 and 1 and lands around them

/** One read-out: `show({scores, home, truth})`, `tell({accuracy, held})`. `scores` now, `home` before the move. */
export function readOut(title, made) {
  const says = h("p.says", { "aria-live": "polite" });
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const row = { bar: h("i.fill"), ghost: h("i.ghost"), value: h("span.value") };
    row.element = h("div.class", { role: "row" }, h("span.digit", { role: "rowheader" }, String(digit)),
      h("span.track", { "aria-hidden": "true" }, row.ghost, row.bar), row.value);
    row.value.setAttribute("role", "cell");
    return row;
  });
  const heading = h("h4", title);
  const size = h("p.label", made);
  const tested = h("p.label.tested");
  const element = h("section.read-out", h("div.head", heading, size), says,
    h("div.classes", { role: "table", "aria-label": `Score of each class: ${title}` }, rows.map((row) => row.element)), tested);
  return {
    element,
    name(text, how) {
      setText(heading, text);
      setText(size, how);
    },
    show({ scores, home, truth }) {
      const said = winner(scores);
      const right = said === truth;
      setText(says, right ? `says ${said} ✓` : `says ${said}, it is ${truth}`);
      says.classList.toggle("wrong", !right);
      rows.forEach((row, digit) => {
        place(row.bar, scores[digit]);
        row.ghost.style.left = `${share(home[digit]) * 100}%`;
        row.element.classList.toggle("said", digit === said);
        row.element.classList.toggle("truth", digit === truth);
        setText(row.value, steady(scores[digit], 2));
      });
    },
    tell({ accuracy, held }) {
      setText(tested, `${percent(accuracy)} of ${held} right where they stand`);
    },
  };
}

const share = (score) => Math.min(1, Math.max(0, (score - LOW) / (HIGH - LOW)));

function place(bar, score) {
  const [from, to] = [share(0), share(score)].sort((a, b) => a - b);
  bar.style.left = `${from * 100}%`;
  bar.style.width = `${(to - from) * 100}%`;
  bar.classList.toggle("below", score < 0);
}
