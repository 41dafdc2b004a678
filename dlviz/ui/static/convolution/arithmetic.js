// From the products to the answer: the sum written out, the running sum as a picture, the bias, the result.

import { h, number, replace, setText } from "../lib/dom.js";
import { written } from "../lib/cells.js";
import { bracketed, figure, keep } from "../lib/totals.js";
import { buildWaterfall } from "../lib/waterfall.js";
import { buildPairs } from "./pairs.js";

export function buildArithmetic(area, stage, editor) {
  const blocks = h("div");
  const pairs = buildPairs(blocks, stage, editor);
  const falls = h("div.waterfall");
  const waterfall = buildWaterfall(falls, stage);
  const caption = h("p.label");
  const equation = h("p.equation.value");
  const parts = { sum: figure("sum"), bias: figure("bias", "button"), result: figure("result") };
  const between = h("span.sign", "+");
  const line = h("div.totals", parts.sum.element, between, parts.bias.element, h("span.sign", "="), parts.result.element);
  const shown = {}; // the numbers on screen, as numbers
  parts.bias.element.addEventListener("click", () => {
    if (stage.editable) editor.editBias?.(stage.view.filter, parts.bias.element.getBoundingClientRect());
  });
  area.append(blocks, h("div.sums", caption, falls), equation, line);

  function show() {
    pairs.show();
    const sums = sumsOf(stage);
    Object.assign(shown, sums);
    waterfall.show(sums);
    area.classList.toggle("no-sum", stage.shown.kind !== "output");
    if (stage.shown.kind === "output") showSum(sums);
    else replace(equation, words(stage));
  }

  function showSum(sums) {
    const { layer, terms } = stage;
    replace(equation, layer.kind === "max" ? largest(sums) : writtenOut(sums));
    const { known } = sums;
    const done = known === terms.length;
    setText(caption, layer.kind === "max" ? "Values in the window" : "Running sum");
    between.textContent = layer.kind === "average" ? "÷" : "+";
    between.classList.toggle("hidden", layer.kind === "max");
    parts.bias.element.classList.toggle("hidden", layer.kind === "max");
    if (layer.kind === "max") parts.sum.set("max", `of ${number(sums.values)} ${sums.values === 1 ? "value" : "values"}`);
    else parts.sum.set(layer.kind === "average" ? sums.read : sums.sum, done ? `sum of ${number(known)}` : `${number(known)} of ${number(terms.length)}`);
    if (layer.kind === "average") parts.bias.set(terms.length, "cells", number);
    else parts.bias.set(sums.bias, "bias", number);
    parts.bias.element.disabled = layer.pools || !stage.editable;
    parts.bias.element.title = stage.editable && !layer.pools ? "Change the bias" : "";
    parts.result.set(done ? sums.result : null, `row ${stage.shown.y + 1}, column ${stage.shown.x + 1}`);
  }

  /** The sum as text, its middle left out where it is long; the term pointed at always stands in it. */
  function writtenOut({ known }) {
    const { layer, terms } = stage;
    if (!terms.length) return ["No cell of the input reaches this place: the bias alone."];
    const kept = keep(known, stage.term);
    const out = [];
    let last = -1;
    for (const k of kept) {
      if (k > last + 1) out.push(h("span.muted.more", `+ … ${number(k - last - 1)} more`));
      const { value, weight } = terms[k];
      const text = layer.pools ? written(value) : `${written(value)}·${bracketed(weight)}`;
      if (out.length) out.push(" + ");
      out.push(h("span.term", { class: k === stage.term ? "lit" : "" }, text));
      last = k;
    }
    return out;
  }

  function largest({ values }) {
    const { terms } = stage;
    const winner = terms.find((term) => term.wins);
    const rest = terms.length - values;
    return [h("span", `The largest of ${number(values)} is `), h("span.term.lit", number(winner.value, 4)),
      h("span", `, at row ${winner.y + 1}, column ${winner.x + 1}${rest ? `; ${number(rest)} cells of padding do not count` : ""}.`)];
  }

  return {
    show,
    draw() {
      pairs.draw();
      waterfall.draw();
    },
    numbers: () => ({ ...shown, written: equation.textContent, sum_text: parts.sum.text, bias_text: parts.bias.text, result_text: parts.result.text }),
  };
}

/** Sum of the products known so far, and what becomes of it, as the layer does it. */
function sumsOf({ terms, layer, shown, made, focus, sliding, term }) {
  if (shown.kind !== "output") return { known: 0, running: [], values: 0 };
  const known = focus && focus === sliding && sliding.term !== null ? term + 1 : terms.length;
  const running = [];
  let [sum, read] = [0, 0];
  for (const { product, value } of terms.slice(0, known)) {
    sum += product;
    read += value;
    running.push(layer.kind === "average" ? read : sum);
  }
  return {
    known, running, sum, read, bias: layer.bias?.[shown.o] ?? 0, values: terms.filter((each) => each.inside).length,
    result: made[(shown.o * layer.outHeight + shown.y) * layer.outWidth + shown.x],
  };
}

/** What an input cell or a weight does, in words. */
function words(stage) {
  const { shown, layer, view, taken } = stage;
  const count = (n, one, more = `${one}s`) => `${number(n)} ${n === 1 ? one : more}`;
  const place = (y, x) => `row ${y + 1}, column ${x + 1}`;
  if (shown.kind === "input") {
    const touched = layer.touched(shown.channel, shown.y, shown.x);
    const here = touched.filter((each) => each.o === view.filter);
    const value = taken[(shown.channel * layer.height + shown.y) * layer.width + shown.x];
    const weights = new Set(here.map(({ ky, kx }) => ky * layer.kw + kx)).size;
    const cells = new Set(here.map(({ y, x }) => y * layer.outWidth + x)).size;
    const maps = new Set(touched.map(({ o }) => o)).size;
    const subject = `The input cell at ${place(shown.y, shown.x)}, ${number(value)},`;
    if (!here.length) return `${subject} goes into no cell of this map: the filter never stands on it.`;
    const through = layer.pools ? "" : `, through ${count(weights, "weight")}`;
    return `${subject} goes into ${count(cells, "output")}${through}${maps > 1 ? ` here, and as many in each of ${number(maps)} maps` : ""}.`;
  }
  const met = layer.met(shown.ky, shown.kx);
  const outside = met.filter(([y, x]) => y < 0 || x < 0 || y >= layer.height || x >= layer.width).length;
  const weight = layer.pools ? "This place of the window" : `This weight, ${number(layer.weightAt(view.filter, layer.channelsOf(view.filter).indexOf(shown.channel), shown.ky, shown.kx), 4)},`;
  const padded = outside ? `, ${number(outside)} of them in the padding` : "";
  return `${weight} stands on ${count(met.length, "cell")} in turn${padded}: the same number everywhere.`;
}
