// The number that is pointed at, opened: its largest products, bias, sum, norm and activation.

import { count, h, replace, setText, steady } from "../lib/dom.js";
import { shapeText } from "./parameters.js";
import { doing, largest, nameOf, sumOf } from "./playerstations.js";

const MOST = 6; // products written out
const HOW = "Point at any number of either network, or walk there with the arrow keys, to open its sum. A click or Enter holds it, Escape lets go.";
const FUNCTIONS = { relu: "ReLU", leaky: "leaky ReLU", tanh: "tanh" };

/** What is known of number `at` of a station: {at, value, sum (see `sumOf`), top}. `before`: values of the station before it. */
export function opened(gan, station, { at, values, before, label }) {
  const sum = before && sumOf(gan, station, before, { at, label });
  return { at, value: values[at], sum, top: sum ? largest(sum.terms, MOST) : [] };
}

export function buildSums() {
  const head = h("h4.gp-head");
  const shape = h("p.small.muted.value");
  const terms = h("div.gp-terms");
  const written = h("p.gp-written.code");
  const about = h("p.small");
  const how = h("p.small.muted", HOW);
  const element = h("div.gp-sums", { role: "region", "aria-label": "The number that is read" }, head, shape, terms, written, about, how);
  return {
    element,
    /** `found` as `opened` gives it; `source`: the station before; `isHeld`: it stays while the pointer goes elsewhere. */
    show({ station, source, found, values, numbers, isHeld }) {
      const name = nameOf(station, found.at, numbers);
      const whose = station.part === "generator" ? "generator" : "discriminator";
      setText(head, `${name[0].toUpperCase()}${name.slice(1)}, ${station.row ? doing(station) : station.title.toLowerCase()}, ${whose}: ${steady(found.value)}${isHeld ? " (held)" : ""}`);
      setText(shape, shapeWords(station, source, values));
      replace(terms, found.sum ? termRows(found, source, numbers, station.row.bias) : []);
      setText(about, aboutWindow(station));
      setText(written, found.sum ? sumWords(station, found.sum) : aboutInput(station));
    },
    words: () => element.textContent,
  };
}

function shapeWords(station, source, values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = values.length > 1 ? `from ${steady(low)} to ${steady(high)}` : "one number";
  const from = station.row ? `${shapeText(station.row.input_shape)} → ` : "";
  const told = source?.told;
  return `${from}${shapeText(station.row?.output_shape ?? station.shape)}, ${range}${told ? `; the last ${count(told)} of the inputs are the class` : ""}.`;
}

function termRows({ sum, top }, source, numbers, hasBias) {
  if (!top.length) return [h("p.small.muted", "Every input is 0 here; only the bias is left.")];
  const most = Math.abs(top[0].value);
  const shown = top.reduce((all, { value }) => all + value, 0);
  const rest = sum.terms.reduce((all, term) => all + term, 0) - shown;
  const others = sum.terms.reduce((all, term) => all + (term !== 0), 0) - top.length;
  const line = (name, text, value) => h("div.gp-term", h("span.small", name), h("span.small.muted.value", text),
    h("span.gp-bar", h("i", { class: value < 0 ? "below" : "above", style: { width: `${Math.min(50, (50 * Math.abs(value)) / most)}%` } })), h("b.value.small", steady(value)));
  return [
    ...top.map(({ at, value }) => line(nameOf(source.station, at, numbers), `${steady(sum.weights[at])} · ${steady(sum.inputs[at])}`, value)),
    others ? line(`${count(others)} other${others === 1 ? "" : "s"}`, "", rest) : null,
    hasBias ? line("bias", "", sum.bias) : null,
  ];
}

function sumWords({ row, act, norm, key }, { sum, bias, scale, shift, normed, value }) {
  const sign = (x) => `${x < 0 ? "−" : "+"} ${steady(Math.abs(x))}`;
  const parts = [row.bias ? `Σ w x + b = ${steady(sum - bias)} ${sign(bias)} = ${steady(sum)}` : `Σ w x = ${steady(sum)}`];
  if (norm) parts.push(`batch norm: ${steady(scale)} · ${steady(sum)} ${sign(shift)} = ${steady(normed)}`);
  if (act) parts.push(`${FUNCTIONS[act]}(${steady(normed)}) = ${steady(value)}`);
  return `${key === "discriminator.output" ? "l: " : ""}${parts.join(";  ")}`;
}

const aboutInput = ({ key }) => (key === "noise" ? "It was drawn once and stays the same at every step, so that one sees G change and not the dice."
  : "What goes into the discriminator; it is never told whether this is real.");

function aboutWindow({ row }) {
  if (row?.kind === "conv") return `It sees a window of ${row.kernel} × ${row.kernel} numbers in each of ${count(row.input_shape[0])} maps.`;
  if (row?.kind === "transposed") return `Every input number adds a kernel of ${row.kernel} × ${row.kernel} to what comes out; it is reached by those nearby, in each of ${count(row.input_shape[0])} maps.`;
  return "";
}
