// A choice of a few as a row of chips, of which one is pressed. What cannot be chosen now says why, instead of being refused.

import { h, setText } from "../lib/dom.js";
import { problemLine, settingsOf } from "../lib/settings.js";

/**
 * The control of a field with options: {element}. `groups`: [[name, [option, …]]]; `changes(value)` what to send;
 * `reason(value)` why not, or ""; `wordOf(value)` its label; `more`: an element under the reason; `head`: for a label of its own.
 */
export function chipsControl(stage, name, { groups, changes, reason = () => "", wordOf = null, more = null }) {
  const settings = settingsOf(stage);
  const field = settings.fields[name];
  if (!field) return null;
  const label = (value) => wordOf?.(value) ?? field.labels[field.options.indexOf(value)] ?? value;
  const chips = new Map();
  const why = h("p.gnb-why.small", { role: "status" });
  let asked = null; // what was asked for and cannot be

  const choose = (value) => {
    asked = reason(value) ? value : null;
    if (!asked && value !== settings.value(name)) settings.change(changes(value));
    else show();
  };
  const walk = (event) => {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...chips.keys()].filter((value) => !reason(value));
    const next = all.at((all.indexOf(settings.value(name)) + way) % all.length);
    chips.get(next).focus();
    choose(next);
  };
  const chip = (value) => {
    const button = h("button.chip.gnb-chip", { type: "button", role: "radio", value, onclick: () => choose(value) });
    chips.set(value, button);
    return button;
  };
  const help = h("span.help", { tabindex: 0, role: "note", "aria-label": field.help }, "?", h("span.bubble", { "aria-hidden": "true" }, field.help));
  const element = h("div.knob.gnb-choice", { "data-field": name, "data-kind": "chips" },
    h("div.knob-head.label", h("span", field.label), help),
    h("div.gnb-groups", { role: "radiogroup", "aria-label": field.label, onkeydown: walk },
      groups.map(([group, values]) => h("div.gnb-group", group ? h("span.gnb-group-name.small.muted", group) : null, values.map(chip)))),
    why, more, problemLine(settings, name));

  function show() {
    const now = settings.value(name);
    if (asked && (!reason(asked) || asked === now)) asked = null;
    for (const [value, button] of chips) {
      const isNow = value === now;
      setText(button, label(value));
      button.setAttribute("aria-checked", isNow);
      const against = isNow ? "" : reason(value);
      button.classList.toggle("off", Boolean(against)); // it may be pressed: then it says why not
      button.setAttribute("aria-description", against);
      button.tabIndex = isNow ? 0 : -1;
    }
    setText(why, asked ? reason(asked) : "");
    more?.classList.toggle("hidden", !asked);
  }

  settings.on(show);
  return { element, refresh: show };
}
