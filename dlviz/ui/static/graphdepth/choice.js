// One of a few, as a row of buttons; and buttons that are on or off.

import { h } from "../lib/dom.js";

/** `{element, value}`; `options` [[value, text], …]; `onchange(value)`. */
export function oneOf(label, options, value, onchange) {
  const buttons = options.map(([name, text]) => h("button.chip", { type: "button", "data-value": name, onclick: () => take(name) }, text));
  const element = h("div.gd-choice", { role: "group", "aria-label": label }, h("span.label", label), h("div.gd-chips", buttons));
  function mark(chosen) {
    value = chosen;
    for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.value === chosen);
  }
  function take(chosen) {
    if (chosen === value) return;
    mark(chosen);
    onchange(chosen);
  }
  mark(value);
  return { element, set: mark, get value() { return value; }, hold(on) { for (const button of buttons) button.disabled = on; } };
}

/** `{element, chosen}`: any of them; those in `always` stay on. */
export function someOf(label, options, chosen, onchange, always = []) {
  const on = new Set([...always, ...chosen]);
  const buttons = options.map(([name, text]) => h("button.chip", { type: "button", "data-value": name, "aria-pressed": String(on.has(name)), onclick: (event) => flip(name, event.currentTarget) }, text));
  function flip(name, button) {
    if (on.has(name)) on.delete(name);
    else on.add(name);
    button.setAttribute("aria-pressed", String(on.has(name)));
    onchange();
  }
  const element = h("div.gd-choice", { role: "group", "aria-label": label }, h("span.label", label), h("div.gd-chips", buttons));
  return { element, get chosen() { return options.map(([name]) => name).filter((name) => on.has(name)).concat(always.filter((name) => !options.some(([known]) => known === name))); }, hold(off) { for (const button of buttons) button.disabled = off; } };
}
