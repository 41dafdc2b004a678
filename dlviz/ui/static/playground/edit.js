// A small field at the place of a weight or a bias: type a number, Enter sets it, Escape leaves it.

import { h, number, parseNumber, setText } from "../lib/dom.js";

const NUDGE = 0.1; // what an arrow key adds

/**
 * Open the field in `plane` at (x, y). `submit(value)` may return a promise of a message: a note of level
 * error keeps the field open with its words. Returns a function that closes it.
 */
export function openEditor(plane, { x, y, label, value, submit, closed = () => {} }) {
  const field = h("input.value", { type: "text", inputmode: "decimal", value: plain(value), "aria-label": `${label}, a number`, spellcheck: "false", autocomplete: "off" });
  const hint = h("p.small.muted", { role: "alert" });
  const box = h("div.editor", { role: "dialog", "aria-label": label }, h("span.label", label), field, hint);
  let open = true;

  function close() {
    if (!open) return;
    open = false;
    box.remove();
    closed();
  }

  function refuse(words) {
    field.setAttribute("aria-invalid", "true");
    setText(hint, words);
    hint.classList.add("wrong");
  }

  async function commit() {
    const typed = parseNumber(field.value);
    if (!Number.isFinite(typed)) {
      refuse(`${label} must be a number. Got “${field.value.trim().slice(0, 24)}”. Try ${number(value)}.`);
      return;
    }
    const answer = await submit(typed);
    if (answer?.kind === "note" && answer.numbers.level === "error") refuse(answer.numbers.text);
    else close();
  }

  function nudge(by) {
    const typed = parseNumber(field.value);
    if (Number.isFinite(typed)) field.value = plain(typed + by);
  }

  field.addEventListener("keydown", (event) => {
    event.stopPropagation(); // arrows and Escape are the field's here, not the picture's
    if (event.key === "Enter") commit();
    else if (event.key === "Escape") close();
    else if (event.key === "ArrowUp") nudge(NUDGE);
    else if (event.key === "ArrowDown") nudge(-NUDGE);
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", () => {
    if (field.value === plain(value)) close();
  });
  box.addEventListener("click", (event) => event.stopPropagation());
  setText(hint, "Enter sets it, Esc leaves it.");
  plane.append(box);
  const left = Math.min(Math.max(x - box.offsetWidth / 2, 4), plane.clientWidth - box.offsetWidth - 4);
  box.style.left = `${left + plane.scrollLeft}px`;
  box.style.top = `${Math.max(4, Math.min(y - box.offsetHeight / 2, plane.clientHeight - box.offsetHeight - 4))}px`;
  field.focus();
  field.select();
  return close;
}

const plain = (x) => String(Number(x.toPrecision(4)));
