// The settings of an ascent: where it begins, how far it goes, and what keeps the picture readable.

import { h } from "../lib/dom.js";
import { knob } from "../lib/knob.js";

const range = (name, label, low, high, usual, more) => ({ name, kind: "range", label, low, high, default: usual, ...more });

const FIELDS = [
  { name: "start", kind: "choice", label: "Begin with", options: ["flat", "noise", "picture"], labels: ["Mean colour", "Noise", "The picture"], default: "flat",
    help: "The mean colour of the training pictures; every cell by chance; or the picture on the stage." },
  range("steps", "Steps", 1, 512, 128, { whole: true, log: true, help: "How often the picture is moved along the gradient of the activation." }),
  range("rate", "Step size", 0.005, 1, 0.03, { log: true, help: "How far a cell goes along the gradient in a step, root mean square, of a brightness from 0 to 1." }),
  range("seed", "Seed", 0, 9999, 0, { whole: true, help: "Fixes the noise it begins with and the jitter." }),
];
const REGULARIZERS = [
  range("jitter", "Jitter, in cells", 0, 4, 1, { whole: true, help: "The picture is moved by up to so many cells before each gradient is taken: what depends on an exact place averages out. 0: off." }),
  range("blur", "Blur, in cells", 0, 2, 0.5, { help: "Every fourth step the picture goes through a Gaussian of this standard deviation, which takes away what changes from cell to cell. 0: off." }),
  range("decay", "L2 decay", 0, 0.2, 0.005, { help: "In each step every cell goes back this share of its way to the mean colour: only what the gradient keeps asking for stays. 0: off." }),
  range("variation", "Total variation", 0, 2, 0.2, { help: "Each step also goes down the slope of the total variation, the sum of the differences between neighbours, with this weight: flat parts with sharp edges are cheap. 0: off." }),
];
const OFF = { jitter: 0, blur: 0, decay: 0, variation: 0 };
const USUAL = Object.fromEntries(REGULARIZERS.map(({ name, default: usual }) => [name, usual]));
// Alone, each must be stronger than where four of them work together.
const ALONE = { jitter: 2, blur: 0.6, decay: 0.05, variation: 0.5 };

/** Settings of the regularizers to compare: none, each alone, all four. */
export const COMPARED = [OFF, ...Object.entries(ALONE).map(([name, value]) => ({ ...OFF, [name]: value })), USUAL];

/** `first` stands before the other settings. */
export function buildSliders({ first, changed }) {
  const values = Object.fromEntries([...FIELDS, ...REGULARIZERS].map(({ name, default: usual }) => [name, usual]));
  const set = (some) => {
    Object.assign(values, some);
    for (const [name, value] of Object.entries(some)) knobs[name].set(value);
    changed();
  };
  const knobs = Object.fromEntries([...FIELDS, ...REGULARIZERS].map((field) => [field.name, knob(field, {
    value: field.default, onchange: (value) => { values[field.name] = value; changed(); },
  })]));
  const group = (fields) => fields.map(({ name }) => knobs[name].element);
  const element = h("div.sliders",
    h("div.group", first, group(FIELDS)),
    h("div.group", group(REGULARIZERS), h("div.row.presets", h("button.chip", { type: "button", onclick: () => set(OFF) }, "All off"), h("button.chip", { type: "button", onclick: () => set(USUAL) }, "The usual"))));
  return { element, settings: () => ({ ...values }) };
}
