// What is on the plane, which plane it is, and the classes: the controls around it.

import { h, number, replace, setText } from "../lib/dom.js";
import { name as nameOf } from "../lib/latentslice.js";

const LAYERS = [
  ["points", "Test pictures", "The codes of up to 500 test pictures, in the colours of their classes."],
  ["clouds", "Clouds q(z|x)", "For each test picture the ellipses of one and two standard deviations: the encoder says a cloud, not a point."],
  ["prior", "Prior p(z)", "The circles of one, two and three standard deviations of the prior N(0, I), which the codes are pressed towards."],
  ["density", "Density", "How densely the codes lie: the mean of all clouds, or of points an estimate with a kernel."],
  ["tiles", "Decoded pictures", "20 × 20 pictures, each decoded at the middle of its cell."],
  ["classes", "Classifier", "What a small classifier reads in each decoded picture: the colour of the class, fuller where it is surer, faded outside the codes."],
];
const BETTER = 0.7; // a number of the code stays chosen while it tells at least so much of what a busier one does

/**
 * `options` is what was chosen: {on: {layer: bool}, quantiles, principal, a, b, chosen (by a person), label (null: the picture's),
 * alone (the class looked at)}. `changed(what)` hears every choice, `zoom(factor | null)` the buttons.
 */
export function buildControls(options, { changed, zoom }) {
  const switches = Object.fromEntries(LAYERS.map(([key, text, title]) => [key, h("button.chip", {
    type: "button", title, "aria-pressed": String(options.on[key]), "data-layer": key, onclick: () => {
      options.on[key] = !options.on[key];
      if (key === "classes" && options.on.classes) options.on.tiles = true;
      if (key === "tiles" && !options.on.tiles) options.on.classes = false;
      changed(key);
    },
  }, text)]));
  const spacing = segments("Steps along the axes", [["even", "Even steps"], ["quantiles", "Quantiles of the prior"]], (value) => {
    options.quantiles = value === "quantiles";
    changed("spacing");
  });
  const zooms = h("div.plane-zoom", { role: "group", "aria-label": "Zoom" },
    h("button.square", { type: "button", "aria-label": "Zoom out", title: "Zoom out (−, or the wheel with Ctrl or ⌘)", onclick: () => zoom(1.5) }, "−"),
    h("button.square", { type: "button", "aria-label": "Zoom in", title: "Zoom in (+, or the wheel with Ctrl or ⌘)", onclick: () => zoom(1 / 1.5) }, "+"),
    h("button", { type: "button", title: "Show everything (0)", onclick: () => zoom(null) }, "Fit"));
  const pick = (axis) => h("select", {
    "aria-label": axis === "a" ? "Number across" : "Number upwards", onchange: (event) => {
      const [value, other] = [Number(event.target.value), axis === "a" ? "b" : "a"];
      if (options[other] === value) options[other] = options[axis];
      Object.assign(options, { [axis]: value, chosen: true, principal: false });
      changed("plane");
    },
  });
  const picks = { a: pick("a"), b: pick("b") };
  const kind = segments("Plane", [["pair", "Two numbers"], ["principal", "Principal plane"]], (value) => {
    options.principal = value === "principal";
    changed("plane");
  });
  const which = h("div.plane-which", labelled("Plane of", kind.element), h("span.plane-pair", h("span.label", "across"), picks.a, h("span.label", "up"), picks.b));
  const told = h("div.chips", { role: "group", "aria-label": "The class that the decoder is told" });
  const telling = labelled("The decoder is told", told);
  const legend = h("div.plane-legend", { role: "group", "aria-label": "Classes: look at one alone" });
  let [builtClasses, builtPicks, hovered] = ["", "", null];
  const alone = () => hovered ?? options.alone;

  function buildClasses(classes, colors) {
    builtClasses = `${classes.join()}/${colors.classes.join()}`;
    replace(legend, classes.length > 1 ? classes.map((text, k) => h("button.chip", {
      type: "button", "aria-pressed": "false", title: `Only ${text}: point at it, or press to keep it so`,
      onclick: () => { options.alone = options.alone === k ? null : k; changed("alone"); },
      onpointerenter: (event) => { if (event.pointerType === "mouse") { hovered = k; changed("alone"); } },
      onpointerleave: () => { if (hovered !== null) { hovered = null; changed("alone"); } },
    }, h("i.dot", { style: { background: colors.classes[k % colors.classes.length] } }), text)) : []);
    replace(told, classes.map((text, k) => h("button.chip", {
      type: "button", "aria-pressed": "false", title: `Decode as ${text}; pressed again, as the class of the picture`, onclick: () => { options.label = options.label === k ? null : k; changed("label"); },
    }, text)));
  }

  function showPicks(frame, latent) {
    const { dimension_kl: kl, dimension_spread: spread, log_variance: clouds } = frame.arrays;
    if (builtPicks !== String(latent)) {
      builtPicks = String(latent);
      for (const select of Object.values(picks)) replace(select, Array.from({ length: latent }, (_, i) => h("option", { value: i }, nameOf(i))));
    }
    for (const [axis, select] of Object.entries(picks)) {
      [...select.options].forEach((option, i) => setText(option, `${nameOf(i)} · ${clouds ? `KL ${number(kl.data[i], 2)}` : `variance ${number(spread.data[i], 2)}`}${spread.data[i] < 0.01 ? " · collapsed" : ""}`));
      if (select.value !== String(options[axis])) select.value = String(options[axis]);
    }
  }

  return {
    options, alone, legend, spacing: spacing.element, zooms, which, telling,
    layers: h("div.chips", { role: "group", "aria-label": "What is on the plane" }, Object.values(switches)),
    show({ classes, colors, frame, latent, variational, reader, toldCount, label }) {
      if (builtClasses !== `${classes.join()}/${colors.classes.join()}`) buildClasses(classes, colors);
      for (const [key, button] of Object.entries(switches)) {
        button.setAttribute("aria-pressed", String(options.on[key]));
        button.classList.toggle("hidden", (!variational && (key === "clouds" || key === "prior")) || (!reader && key === "classes"));
      }
      [...legend.children].forEach((chip, k) => {
        chip.setAttribute("aria-pressed", String(options.alone === k));
        chip.classList.toggle("dim", alone() !== null && alone() !== k);
      });
      [...told.children].forEach((chip, k) => chip.setAttribute("aria-pressed", String(label === k)));
      telling.classList.toggle("hidden", !toldCount);
      which.classList.toggle("hidden", latent < 3);
      spacing.element.parentElement?.classList.toggle("hidden", !variational);
      spacing.set(options.quantiles && variational ? "quantiles" : "even");
      kind.set(options.principal ? "principal" : "pair");
      which.classList.toggle("principal", options.principal);
      if (latent > 2) showPicks(frame, latent);
    },
  };
}

/** The two numbers of the code that tell the most, by KL or by spread; those of `options` stay while they nearly do. */
export function choosePair(options, { dimension_kl: kl, dimension_spread: spread, log_variance: clouds }) {
  const busy = (clouds ? kl : spread).data;
  const order = [...busy.keys()].sort((i, j) => busy[j] - busy[i] || i - j);
  const isSound = options.a < busy.length && options.b < busy.length && options.a !== options.b;
  if (isSound && (options.chosen || Math.min(busy[options.a], busy[options.b]) >= BETTER * busy[order[1]])) return;
  [options.a, options.b] = busy.length > 1 ? order.slice(0, 2).sort((i, j) => i - j) : [0, 0];
  options.chosen = false;
}

export const labelled = (text, ...children) => h("div.plane-control", h("span.label", text), children);

function segments(label, choices, change) {
  const buttons = choices.map(([value, text]) => h("button", { type: "button", role: "radio", value, onclick: () => change(value) }, text));
  const element = h("div.segments", {
    role: "radiogroup", "aria-label": label, onkeydown: (event) => {
      const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      const next = buttons[(buttons.findIndex((button) => button.tabIndex === 0) + way + buttons.length) % buttons.length];
      next.click();
      next.focus();
    },
  }, buttons);
  return {
    element,
    set(value) {
      for (const button of buttons) {
        button.setAttribute("aria-checked", String(button.value === value));
        button.tabIndex = button.value === value ? 0 : -1;
      }
    },
  };
}
