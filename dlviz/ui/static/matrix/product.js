// One row of the matrix times the input, written out: every entry that is not zero, what it meets, and the sum.

import { count, h, number, replace, setText, steady } from "../lib/dom.js";

const MOST = 64; // terms written out; the rest are summed up in one

/** `show({title, terms, bias, sum, means, column})`; `onpoint(column | null)` when a term is pointed at. */
export function buildProduct({ onpoint }) {
  const title = h("h4");
  const list = h("div.terms", { role: "list" });
  const sum = h("p.sum.value");
  const means = h("p.small.muted");
  const element = h("section.product", title, list, sum, means);
  let chips = [];
  let shown = "";

  list.addEventListener("pointerover", (event) => {
    const chip = event.target.closest?.(".term");
    if (chip?.dataset.column) onpoint(Number(chip.dataset.column));
  });
  list.addEventListener("pointerleave", () => onpoint(null));

  return {
    element,
    show({ title: text, terms, bias, sum: total, means: said, column }) {
      setText(title, text);
      const key = JSON.stringify([terms, bias]);
      if (key !== shown) {
        const first = terms.length > MOST ? terms.slice(0, MOST - 1) : terms;
        chips = first.map(({ weight, value, column: at, where }) => h("span.term.value", { role: "listitem", "data-column": at, title: where, class: value === 0 ? "nothing" : null },
          h("b", number(weight)), " × ", number(value)));
        const rest = terms.slice(first.length);
        if (rest.length) chips.push(h("span.term.rest", `and ${count(rest.length)} more, together ${number(rest.reduce((all, { weight, value }) => all + weight * value, 0))}`));
        if (!terms.length) chips.push(h("span.term.rest", "No entry of this row is different from zero."));
        replace(list, chips.map((chip, i) => [i ? h("span.plus", "+") : null, chip]));
        shown = key;
      }
      for (const chip of chips) chip.classList.toggle("lit", column !== null && chip.dataset.column === String(column));
      setText(sum, `${bias ? `+ bias ${number(bias)} ` : ""}= ${steady(total)}`);
      setText(means, said);
    },
  };
}
