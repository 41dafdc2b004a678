// Small controls of the strip: choices, and a stepper for whole numbers and the bias.

import { h, number, parseNumber, setText } from "../lib/dom.js";
import { fieldControl, settingsOf } from "../lib/settings.js";
import { fittedChanges } from "./fitting.js";

let steppers = 0;

/** Send changes with all that must change with them. Resolves true when they were taken. */
export function send(stage, changes, options) {
  const fitted = fittedChanges(stage, changes, options);
  stage.asked = fitted;
  return settingsOf(stage).change(fitted);
}

/** The knob of a field whose change is fitted to what was edited; null when the page was given no such field. */
export function choice(stage, name) {
  return fieldControl(stage, name, {
    changes: (value) => {
      stage.asked = fittedChanges(stage, { [name]: value });
      return stage.asked;
    },
  });
}

/** The same as a menu, whatever the number of options: where the strip has no room for them side by side. */
export function menu(stage, name) {
  const settings = settingsOf(stage);
  const field = settings.fields[name];
  if (!field) return null;
  const id = `menu-${name}`;
  const select = h("select", { id, title: field.help, onchange: () => send(stage, { [name]: select.value }) },
    field.options.map((option, i) => h("option", { value: option }, field.labels[i])));
  const element = h("div.knob", { "data-field": name, "data-kind": "choice" },
    h("div.knob-head.label", h("label", { for: id, title: field.help }, field.label)), h("span.menu", select));
  settings.on(() => {
    element.classList.toggle("hidden", settings.isHidden(name));
    select.value = settings.value(name);
  });
  return { element, field };
}

/**
 * [−] value [+]. `read()` gives the value, `write(value)` sends it; by default the setting of that name.
 * Arrow keys count, and the number can be typed.
 */
export function stepper(stage, name, { read, write, by = 1, label } = {}) {
  const settings = settingsOf(stage);
  const field = settings.fields[name];
  if (!field) return null;
  const { low, high } = field;
  const get = read ?? (() => settings.value(name));
  const put = write ?? ((value) => send(stage, { [name]: value }));
  steppers += 1;
  const id = `stepper-${steppers}`;
  const whole = field.whole ?? false;
  const typed = h("input.value", { type: "text", id, inputmode: whole ? "numeric" : "decimal", autocomplete: "off", spellcheck: "false", size: 3, title: field.help });
  const less = h("button.plain", { type: "button", tabindex: -1, "aria-label": `Less: ${field.label}`, onclick: () => count(-1) }, "−");
  const more = h("button.plain", { type: "button", tabindex: -1, "aria-label": `More: ${field.label}`, onclick: () => count(1) }, "+");
  const wrong = h("p.bubble-line.small", { role: "alert" });
  const words = h("label", { for: id, title: field.help }, label ?? field.label);
  const element = h("div.knob", { "data-field": name, "data-kind": "stepper" },
    h("div.knob-head.label", words), h("div.stepper", less, typed, more), wrong);

  const tidy = (value) => (whole ? value : Math.round(value * 1e4) / 1e4);
  let isTyping = false;
  function count(way) {
    isTyping = false;
    say("");
    const next = tidy(Math.min(Math.max(get() + way * by, low), high));
    if (next !== get()) put(next);
    show();
  }
  function take() {
    const given = parseNumber(typed.value);
    if (given >= low && given <= high && (!whole || Number.isInteger(given))) {
      say("");
      isTyping = false;
      if (given !== get()) put(given);
      show();
      return;
    }
    typed.setAttribute("aria-invalid", "true");
    say(`“${typed.value.trim().slice(0, 16)}” is not ${whole ? "a whole number" : "a number"} from ${number(low)} to ${number(high)}. Try ${number(get())}.`);
  }
  function leave() {
    isTyping = false;
    say("");
    show();
    typed.blur();
  }
  function say(text) {
    setText(wrong, text);
    if (!text) typed.removeAttribute("aria-invalid");
    nearer(wrong, stage.ctx.root);
  }
  function show() {
    const value = get();
    less.disabled = value <= low;
    more.disabled = value >= high;
    if (!isTyping) typed.value = number(value); // else it would wipe what is being typed
  }
  typed.addEventListener("change", take);
  typed.addEventListener("focus", () => typed.select());
  typed.addEventListener("input", () => { isTyping = true; });
  typed.addEventListener("blur", () => {
    if (typed.hasAttribute("aria-invalid")) return; // what was typed stays beside what was wrong with it
    isTyping = false;
    show();
  });
  typed.addEventListener("keydown", (event) => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    event.stopPropagation();
    if (way) count(way);
    else if (event.key === "Escape") leave();
    else if (event.key === "Enter") take();
    else return;
    event.preventDefault();
  });
  settings.on(() => {
    element.classList.toggle("hidden", settings.isHidden(name));
    show();
  });
  return { element, field, show, rename: (text) => setText(words, text) };
}

/** Shift what hangs under a control so that it stays on the stage. */
export function nearer(bubble, root) {
  bubble.style.removeProperty("left");
  const [box, home] = [bubble.getBoundingClientRect(), root.getBoundingClientRect()];
  const over = box.right - home.right;
  if (over > 0) bubble.style.left = `${-Math.ceil(over) - 2}px`;
}
