// A control built from a field of a spec (dlviz.core.spec.describe): label, unit, help and limits are all there.

import { h, number, parseNumber, replace } from "./dom.js";
import { asPosition, asValue, tidy } from "./scale.js";

const SEGMENTS_AT_MOST = 4;
const SEGMENT_LETTERS = 34; // in all labels together; longer lists become a menu
const WHILE_DRAGGING = 60; // ms between two calls of onchange

let knobs = 0;

/** Calls `fn` at once, then at most every `pause` ms, the last call always. */
function calmly(fn, pause) {
  let [last, waiting] = [-Infinity, 0];
  return (value) => {
    clearTimeout(waiting);
    const wait = last + pause - performance.now();
    const go = () => {
      last = performance.now();
      fn(value);
    };
    if (wait <= 0) go();
    else waiting = setTimeout(go, wait);
  };
}

const word = (field, option) => field.labels?.[field.options.indexOf(option)] ?? option.replaceAll("_", " ");

function rangeKnob(field, id, change) {
  const scale = { low: field.low, high: field.high, log: field.log, whole: field.whole, typical: field.default };
  const steps = field.whole ? Math.min(field.high - field.low, 1000) : 1000;
  const send = calmly(change, WHILE_DRAGGING);
  let value = field.default;
  const slider = h("input", { type: "range", min: 0, max: steps, step: 1, "aria-labelledby": `${id}-label` });
  const typed = h("input.value", { type: "text", id, inputmode: "decimal", autocomplete: "off", spellcheck: "false", size: 6 });
  const wrong = h("span.wrong.small", { role: "alert" });

  function show() {
    const share = asPosition(scale, value);
    slider.value = Math.round(share * steps);
    slider.style.setProperty("--share", share);
    slider.setAttribute("aria-valuetext", number(value) + (field.unit ? ` ${field.unit}` : ""));
    if (typed.getRootNode().activeElement !== typed) typed.value = number(value);
    typed.removeAttribute("aria-invalid");
    wrong.textContent = "";
  }

  slider.addEventListener("input", () => {
    value = tidy(scale, asValue(scale, slider.valueAsNumber / steps));
    show();
    send(value);
  });
  // A value is rounded to what a person would write; an arrow key must get past that rounding.
  slider.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const before = value;
    for (let at = slider.valueAsNumber + way; value === before && at >= 0 && at <= steps; at += way) value = tidy(scale, asValue(scale, at / steps));
    if (value === before) return;
    show();
    send(value);
  });
  typed.addEventListener("change", () => {
    const given = parseNumber(typed.value);
    if (!(given >= field.low && given <= field.high) || (field.whole && !Number.isInteger(given))) {
      typed.setAttribute("aria-invalid", "true");
      const kind = field.whole ? "a whole number" : "a number";
      wrong.textContent = `Give ${kind} from ${number(field.low)} to ${number(field.high)}, such as ${number(value)}.`;
      return;
    }
    value = given;
    typed.blur();
    show();
    change(value);
  });
  typed.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      typed.blur();
      show();
    }
  });
  typed.addEventListener("focus", () => typed.select());
  typed.addEventListener("blur", () => { if (!typed.hasAttribute("aria-invalid")) typed.value = number(value); });
  // A picture that is drawn again sets the value it has: that must not wipe a complaint that a person is reading.
  function set(next) {
    if (next === value && typed.hasAttribute("aria-invalid")) return;
    value = next;
    show();
  }
  const body = h("div.range", slider, h("span.typed", typed, field.unit ? h("span.unit", field.unit) : null), wrong);
  return { body, labelled: id, parts: [slider, typed], set };
}

function segments(field, id, change) {
  const buttons = field.options.map((option) => h("button", {
    type: "button", role: "radio", value: option,
    onclick: () => { set(option); change(option); },
  }, word(field, option)));
  const body = h("div.segments", { role: "radiogroup", "aria-labelledby": `${id}-label`, onkeydown: arrows }, buttons);

  function set(value) {
    for (const button of buttons) {
      const chosen = button.value === value;
      button.setAttribute("aria-checked", chosen);
      button.tabIndex = chosen ? 0 : -1;
    }
  }

  function arrows(event) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const at = buttons.findIndex((button) => button.tabIndex === 0);
    const next = buttons[(at + way + buttons.length) % buttons.length];
    next.click();
    next.focus();
  }

  return { body, parts: buttons, set };
}

function menu(field, id, change) {
  const { repeat } = field;
  const select = h("select", { id, onchange: () => change(repeat ? [select.value] : select.value) },
    field.options.map((option) => h("option", { value: option }, word(field, option))));
  const mixed = h("option", { value: "", disabled: true }, "one per layer");
  function set(value) {
    const one = repeat ? new Set(value).size === 1 : true;
    mixed.remove();
    if (!one) select.prepend(mixed);
    select.value = one ? (repeat ? value[0] : value) : "";
  }
  return { body: h("span.menu", select), labelled: id, parts: [select], set };
}

function choiceKnob(field, id, change) {
  const letters = field.options.reduce((sum, option) => sum + word(field, option).length, 0);
  const short = field.options.length <= SEGMENTS_AT_MOST && letters <= SEGMENT_LETTERS;
  return (short ? segments : menu)(field, id, change);
}

function chipsKnob(field, id, change) {
  let chosen = new Set();
  const buttons = field.options.map((option) => h("button.chip", {
    type: "button", value: option,
    onclick: () => {
      const next = new Set(chosen);
      if (!next.delete(option)) next.add(option);
      if (next.size < field.at_least || next.size > field.at_most) return;
      const value = field.options.filter((each) => next.has(each));
      set(value);
      change(value);
    },
  }, word(field, option)));
  function set(value) {
    chosen = new Set(value);
    for (const button of buttons) button.setAttribute("aria-pressed", chosen.has(button.value));
  }
  return { body: h("div.chips", { role: "group", "aria-labelledby": `${id}-label` }, buttons), parts: buttons, set };
}

function sizesKnob(field, id, change) {
  const body = h("div.sizes", { role: "group", "aria-labelledby": `${id}-label` });
  let sizes = [];
  const parts = [];
  const put = (next) => {
    set(next);
    change(next);
  };
  const small = (text, title, disabled, onclick) => {
    const button = h("button.square", { type: "button", title, "aria-label": title, disabled, onclick }, text);
    parts.push(button);
    return button;
  };
  function set(value) {
    sizes = [...value];
    parts.length = 0;
    replace(body,
      sizes.map((n, i) => h("span.size",
        small("−", `One fewer in layer ${i + 1}`, n <= field.low, () => put(sizes.with(i, n - 1))),
        h("span.value", { "aria-label": `Layer ${i + 1}: ${n}` }, n),
        small("+", `One more in layer ${i + 1}`, n >= field.high, () => put(sizes.with(i, n + 1))))),
      h("span.size",
        small("−", "Remove the last layer", sizes.length <= field.at_least, () => put(sizes.slice(0, -1))),
        h("span.label", "layer"),
        small("+", "Add a layer", sizes.length >= field.at_most, () => put([...sizes, sizes.at(-1) ?? field.low]))));
  }
  return { body, parts, set };
}

function flagKnob(field, id, change) {
  const button = h("button.switch", {
    type: "button", role: "switch", id, "aria-labelledby": `${id}-label`,
    onclick: () => {
      const on = button.getAttribute("aria-checked") !== "true";
      set(on);
      change(on);
    },
  }, h("span.thumb"));
  const set = (on) => button.setAttribute("aria-checked", on);
  return { body: button, labelled: id, parts: [button], set };
}

const KINDS = { range: rangeKnob, choice: choiceKnob, sizes: sizesKnob, flag: flagKnob };

function kindOf(field) {
  if (field.kind === "several") return field.repeat ? menu : chipsKnob;
  return KINDS[field.kind];
}

function help(field, id) {
  if (!field.help) return null;
  return h("span.help", { tabindex: 0, role: "note", "aria-label": field.help },
    "?", h("span.bubble", { id: `${id}-help`, "aria-hidden": "true" }, field.help));
}

/**
 * The control of one field, or null for a kind that no person types (coded).
 *
 * Returns {element, set(value), disable(reason), enable(), field}. `onchange(value)` is called for what a
 * person does, never for `set`; while a slider is dragged at most every 60 ms, the last value always.
 */
export function knob(field, { value = field.default, onchange, label = true } = {}) {
  const build = kindOf(field);
  if (!build) return null;
  knobs += 1;
  const id = `knob-${knobs}`;
  const { body, parts, set, labelled } = build(field, id, onchange);
  const name = field.label || field.name.replaceAll("_", " ");
  const words = h(labelled ? "label" : "span", { id: `${id}-label`, ...(labelled ? { for: labelled } : {}) }, name);
  const head = h("div.knob-head.label", words, help(field, id));
  if (!label) head.classList.add("unseen");
  const why = h("span.why.small.muted");
  const element = h("div.knob", { "data-field": field.name, "data-kind": field.kind }, head, body, why);
  set(value);
  return {
    element,
    field,
    set(next) {
      set(next);
    },
    disable(reason) {
      for (const part of parts) part.disabled = true;
      element.classList.add("disabled");
      why.textContent = reason ?? "";
    },
    enable() {
      if (!element.classList.contains("disabled")) return;
      for (const part of parts) part.disabled = false;
      element.classList.remove("disabled");
      why.textContent = "";
    },
  };
}
