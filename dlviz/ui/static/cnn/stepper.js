// [−] value [+] for a whole number: arrow keys count, and the number can be typed.

import { h, number, parseNumber } from "../lib/dom.js";

/**
 * {element, set(value)}. `write(value)` hears what a person does. `step(value, way)` is the next value of a press, by
 * default one more or one less; `refuse(words)` hears why a typed text is no value, and "" when that is over.
 */
export function stepper({ label, low, high, write, step = (value, way) => value + way, refuse = () => {} }) {
  let value = low;
  const typed = h("input.value", { type: "text", inputmode: "numeric", autocomplete: "off", spellcheck: "false", "aria-label": label, title: label });
  const button = (sign, name, way) => h("button.plain", { type: "button", tabindex: -1, "aria-label": `${name}: ${label}`, onclick: () => press(way) }, sign);
  const [less, more] = [button("−", "Less", -1), button("+", "More", 1)];
  const element = h("span.stepper", less, typed, more);

  function press(way) {
    const next = Math.min(Math.max(Math.round(step(value, way)), low), high);
    if (next !== value) put(next);
  }
  function put(next) {
    show(next);
    write(next);
  }
  function show(next) {
    value = next;
    typed.value = String(next);
    typed.style.width = `${Math.max(2, typed.value.length) + 0.9}ch`;
    typed.removeAttribute("aria-invalid");
    [less.disabled, more.disabled] = [next <= low, next >= high];
    refuse("");
  }
  typed.addEventListener("change", () => {
    const given = parseNumber(typed.value);
    if (Number.isInteger(given) && given >= low && given <= high) {
      if (given !== value) put(given);
      return;
    }
    typed.setAttribute("aria-invalid", "true");
    refuse(`${label}: “${typed.value.trim().slice(0, 16)}” is not a whole number from ${number(low)} to ${number(high)}. Try ${number(value)}.`);
  });
  typed.addEventListener("focus", () => typed.select());
  typed.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (way) press(way);
    else if (event.key === "Escape") {
      show(value);
      typed.blur();
    } else return;
    event.preventDefault();
  });
  return {
    element,
    set(next) {
      if (next !== value || typed.value === "") show(next);
    },
  };
}
