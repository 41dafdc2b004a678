// A kernel that is to be guessed stands behind question marks until a person asks for it; and the guess made before.

import { h, replace, setText } from "../lib/dom.js";

export const REVEALED = "convolution.revealed"; // shared, so that it stays while another panel is open
const GUESSED = "happened.guessed";

/** Question marks in place of a grid of rows × cols. */
export function questionMarks() {
  const cells = h("div.cells-veiled", { "aria-hidden": "true" });
  let shape = "";
  return {
    element: cells,
    show(rows, cols, largest) {
      if (shape === `${rows},${cols}`) return;
      shape = `${rows},${cols}`;
      cells.style.gridTemplateColumns = `repeat(${cols}, minmax(0, 1fr))`;
      cells.style.maxWidth = `${cols * largest + 1}px`;
      replace(cells, Array.from({ length: rows * cols }, () => h("span", "?")));
    },
  };
}

/** The switch "Reveal" with the menu of guesses; `names(o)` is what the kernel is called, or null where it has no name. */
export function veil({ live, field, onchange }) {
  const menu = h("select", { "aria-label": "Your guess", onchange }, h("option", { value: "" }, "Your guess …"),
    (field?.options ?? []).map((name, k) => h("option", { value: field.labels[k] }, field.labels[k])));
  const button = h("button.chip.reveal", { type: "button", onclick: () => reveal(!revealed()) });
  const verdict = h("span.verdict.small", { role: "status" });
  const revealed = () => live.shared.get(REVEALED) !== false; // nothing is hidden that nobody asked to hide

  function reveal(on) {
    live.shared.set(REVEALED, on);
    if (on) live.shared.set(GUESSED, true);
    onchange();
  }

  return {
    element: h("div.row.guess", h("span.menu", menu), button),
    verdict,
    revealed,
    hide() {
      menu.value = "";
      reveal(false);
    },
    show(name) {
      const known = (field?.labels ?? []).includes(name);
      menu.parentElement.classList.toggle("hidden", !known);
      setText(button, revealed() ? "Hide it" : "Reveal");
      button.setAttribute("aria-pressed", revealed());
      const right = menu.value === name;
      setText(verdict, !revealed() || !known ? "" : !menu.value ? `It is: ${name}.` : right ? `✓ You guessed it: ${name}.` : `It is: ${name}. Your guess: ${menu.value}.`);
    },
  };
}
