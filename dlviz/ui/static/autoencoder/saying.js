// The number that is pointed at, in words and sums: what it is made of, and what it reaches.

import { count, h, number, replace, setText, steady } from "../lib/dom.js";
import { subscript } from "./glasspaint.js";
import { ACTIVATIONS, formulaOf, shapeText } from "./stations.js";

const HOW = "Point at a number of any layer, or walk with the arrow keys: you see what it is the sum of, and what it adds to what comes after it. A click or Enter holds it, Escape lets go.";
const CHANNELS = ["red", "green", "blue"];

export function buildSaying(area) {
  const head = h("h4.glass-head");
  const sum = h("p.glass-sum.code");
  const terms = h("div.glass-terms");
  const on = h("p.small.glass-on");
  const how = h("p.small.muted", HOW);
  const box = h("div.glass-saying", { role: "status" }, head, sum, terms, on, how);
  area.append(box);
  let told = null;

  return {
    words: () => box.innerText ?? box.textContent,
    /** `opened` as way.js has it; `isExample`: nothing is pointed at, and this is one of the numbers. */
    show(stations, opened, { isHeld, isExample, numbers }) {
      const key = [opened, isHeld, isExample];
      if (told && key.every((each, i) => each === told[i])) return;
      told = key;
      how.classList.toggle("hidden", !isExample);
      const station = stations[opened.station];
      setText(head, `${isExample ? "For example " : ""}${nameAt(station, opened.at, numbers)}, ${whereOf(station)}: ${number(opened.value)}${isHeld ? " (held)" : ""}`);
      setText(sum, station.row ? sumOf(station, opened) : "");
      replace(terms, station.row ? termsOf(stations, station, opened, numbers) : []);
      setText(on, reachedOf(stations, station, opened, numbers));
    },
  };
}

const whereOf = ({ kind, part, title, act }) => {
  if (kind === "picture") return "the picture that goes in";
  if (kind === "again") return "the reconstruction";
  if (kind === "code") return "the code";
  const name = title === "Flatten" ? "the picture as a list" : title === "Output" ? "the output, before it becomes a pixel" : `${title.toLowerCase()}${act ? ` with ${ACTIVATIONS[act]}` : ""}`;
  return part === "encoder" ? `encoder, ${name}` : `decoder, ${name}`;
};

/** "unit 37", "map 3 at row 4, column 9", "pixel at row 14, column 9", "z₂"; counted from 1. */
export function nameAt({ kind, shape, size, title }, at, { classes, shape: picture }) {
  if (at >= size) return `told: ${classes[at - size]}`;
  if (kind === "code") return `z${subscript(at + 1)}`;
  const isPixel = kind === "picture" || kind === "again" || title === "Flatten" || title === "Output";
  if (kind === "cells" && !isPixel) return `Unit ${at + 1}`;
  const [channels, height, width] = isPixel ? picture : shape;
  const [map, row, col] = [Math.floor(at / (height * width)), (Math.floor(at / width) % height) + 1, (at % width) + 1];
  const place = `row ${row}, column ${col}`;
  if (!isPixel) return `Map ${map + 1} at ${place}`;
  return `${channels === 3 ? `${CHANNELS[map][0].toUpperCase()}${CHANNELS[map].slice(1)} of pixel` : "Pixel"} at ${place}`;
}

const small = (text) => (/^z/.test(text) ? text : text[0].toLowerCase() + text.slice(1));

function sumOf({ act, kind }, { bias, sum, computed }) {
  const products = sum - bias;
  const written = `Σ w x + b = ${steady(products)} ${bias < 0 ? "−" : "+"} ${steady(Math.abs(bias))} = ${steady(sum)}`;
  const name = kind === "code" && !act ? "μ = " : "";
  return act ? `${ACTIVATIONS[act]}(${written}) = ${steady(computed)}` : `${name}${written}`;
}

function termsOf(stations, station, opened, numbers) {
  const { top, terms, inputs } = opened;
  if (!top.length) return [h("p.small.muted", "Everything that it sees is 0; only the bias is left.")];
  const source = stations[opened.from];
  const most = Math.abs(top[0]?.value ?? 1);
  const more = terms.reduce((all, term) => all + (term !== 0), 0) - top.length; // a product with 0 is no term
  const others = terms.reduce((all, term) => all + term, 0) - top.reduce((all, { value }) => all + value, 0);
  const row = (name, text, value, isOne = true) => h("div.glass-term", h("span.small", name), h("span.small.muted.value", text),
    h("span.glass-bar", isOne && h("i", { class: value < 0 ? "below" : "above", style: { width: `${Math.min(50, (50 * Math.abs(value)) / most)}%` } })), h("b.value.small", steady(value)));
  return [...top.map(({ at, value }) => row(nameAt(source, at, numbers), `${steady(value / inputs[at])} · ${steady(inputs[at])}`, value)), more ? row(`${count(more)} others`, "", others, false) : null];
}

function reachedOf(stations, station, opened, numbers) {
  if (opened.reached) {
    const target = stations[opened.to];
    const most = opened.reachedTop.map(({ at, value }) => `${small(nameAt(target, at, numbers))} (${value < 0 ? "" : "+"}${steady(value)})`).join(", ");
    const reached = opened.reached.reduce((all, value) => all + (value !== 0), 0);
    const into = target.kind === "code" ? "μ of the code" : target.title === "Output" || target.kind === "again" ? "pixels of the reconstruction, before the last function" : "numbers of the next layer";
    return reached ? `It adds to ${count(reached)} ${into}; most to ${most}.` : `It is 0 and adds nothing to the ${target.kind === "code" ? "code" : "next layer"}.`;
  }
  if (!opened.cost) return "";
  const { wanted, nats } = opened.cost;
  return `The network ends here: the same number of the picture that went in is ${steady(wanted)}, which costs ${steady(nats)} nats.`;
}

/** What stands with a station: name, shape, parameters and their formula. */
export function captionOf(station, { variational }) {
  const { kind, title, act, shape, parameters, row } = station;
  const of = kind === "code" ? `${variational ? "2 · (" : ""}${formulaOf(row).split(" = ")[0]}${variational ? ")" : ""} = ${count(parameters)}` : row ? formulaOf(row) : "no parameters";
  const shown = kind === "code" || kind === "again" ? title : act ? `${title}, ${ACTIVATIONS[act]}` : title;
  return { name: shown, shape: shapeText(shape), parameters: parameters ? count(parameters) : "", formula: parameters || kind === "code" ? of : "no parameters" };
}
