// How one cell comes about where a layer sums or picks: the terms of one incoming map, the partial sums, the bias.

import { written } from "../lib/cells.js";
import { h, number, replace, setText } from "../lib/dom.js";
import { Grid, limitOf } from "../lib/grid.js";
import { bracketed, figure, keep } from "../lib/totals.js";
import { buildWaterfall } from "../lib/waterfall.js";

const MANY = 49; // terms of one map, above which the running sum goes map by map only

/**
 * What a cell is made of: `terms` as lib/conv.js gives them, `partials` (the sum of each incoming map), bias, result.
 * `steps` of the running sum: the terms where there is one incoming map, or one term of each; else the partial sums.
 */
export function sumOf({ layer, input, made, y, x }) {
  const terms = layer.terms(input, 0, y, x);
  const partials = new Float64Array(layer.inputs);
  for (const { channel, product } of terms) partials[channel] += product;
  const single = layer.inputs === 1 || layer.kh * layer.kw === 1;
  const steps = single ? terms : Array.from(partials, (product, channel) => ({ channel, product, value: product, inside: true }));
  const running = [];
  let [sum, read] = [0, 0];
  for (const { product, value } of steps) {
    sum += product;
    read += value;
    running.push(layer.kind === "average" ? read : sum);
  }
  return { terms, partials, single, steps, running, sum, read, bias: layer.bias?.[0] ?? 0, known: steps.length, result: made };
}

export function buildSums(area, stage, onpoint) {
  const kernel = new Grid({ label: "Kernel", largest: 40, walks: false });
  const products = new Grid({
    label: "Products", largest: 58, walks: false,
    onhover: (place) => onpoint(place && source.layer.inputs === 1 ? place[0] * source.layer.kw + place[1] : null),
  });
  const times = h("span.sign.times");
  const pair = h("div.pairs.single", h("div.pair", h("div.pair-kernel", kernel.element), times, h("div.pair-products", products.element)));
  const falls = h("div.waterfall");
  const caption = h("p.label");
  const equation = h("p.equation.value");
  const parts = { sum: figure("sum"), bias: figure("bias"), result: figure("result") };
  const sign = h("span.sign", "+");
  area.append(pair, h("div.sums", caption, falls), equation,
    h("div.totals", parts.sum.element, sign, parts.bias.element, h("span.sign", "="), parts.result.element));

  // What the waterfall of lib/ asks of a stage.
  const source = {
    ctx: stage.ctx, terms: [], layer: null, term: null, shown: { kind: "output" },
    pointTerm: onpoint,
  };
  const waterfall = buildWaterfall(falls, source);

  return {
    /** `sum` of `sumOf`, `chosen`: the incoming map whose terms are laid out. */
    show(sum, { layer, chosen, names, pointed }) {
      Object.assign(source, { terms: sum.steps, layer, term: pointed });
      waterfall.show(sum);
      const terms = sum.terms.filter((term) => term.channel === chosen);
      const flat = layer.kh * layer.kw === 1;
      pair.classList.toggle("hidden", flat);
      pair.classList.toggle("window", layer.pools);
      kernel.element.parentElement.classList.toggle("hidden", layer.pools);
      times.classList.toggle("hidden", layer.pools);
      if (!flat) showPair(terms, layer, names[chosen], layer.inputs === 1 ? pointed : null);
      setText(caption, layer.kind === "max" ? "Values in the window" : layer.inputs === 1 ? "Running sum" : `Running sum over ${number(layer.inputs)} incoming ${layer.height > 1 ? "maps" : "units"}`);
      replace(equation, layer.kind === "max" ? largest(sum) : writtenOut(sum, layer, pointed));
      for (const each of [sign, parts.bias.element]) each.classList.toggle("hidden", layer.kind === "max");
      setText(sign, layer.kind === "average" ? "÷" : "+");
      if (layer.kind === "max") parts.sum.set("max", "of 4 values");
      else parts.sum.set(layer.kind === "average" ? sum.read : sum.sum, `sum of ${number(sum.terms.length)}`);
      if (layer.kind === "average") parts.bias.set(4, "cells", number);
      else parts.bias.set(sum.bias, "bias", number);
      parts.result.set(sum.result, "this cell");
    },
    draw(colors) {
      if (!source.layer) return;
      if (!pair.classList.contains("hidden")) {
        if (!source.layer.pools) kernel.draw(colors);
        products.draw(colors);
      }
      waterfall.draw();
    },
    text: () => ({ written: equation.textContent, sum: parts.sum.text, bias: parts.bias.text, result: parts.result.text }),
  };

  function showPair(terms, layer, name, pointed) {
    const { kh, kw } = layer;
    const small = kh * kw > MANY / 2;
    kernel.largest = small ? 26 : 40;
    products.largest = small ? 30 : 58;
    if (!layer.pools) {
      const weights = terms.map(({ weight }) => weight);
      kernel.set({ values: weights, rows: kh, cols: kw, limit: limitOf(layer.weight), title: "Kernel", shape: `${kh} × ${kw}` });
    }
    const values = terms.map((term) => (layer.pools ? term.value : term.product));
    const signed = layer.pools ? values.some((value) => value < 0) : true;
    products.set({
      values, rows: kh, cols: kw, signed, tall: layer.pools || small ? 1 : 0.78, title: layer.pools ? "Window" : name, shape: layer.pools ? `${kh} × ${kw}` : "value × weight",
      lines: layer.pools ? null : (row, column) => {
        const { value, weight } = terms[row * kw + column];
        return [`${written(value)} × ${bracketed(weight)}`, `${written(value)}×${written(weight)}`];
      },
    });
    const winner = terms.find(({ wins }) => wins);
    products.light("winner", winner ? { cells: [[winner.ky, winner.kx]], stroke: stage.ctx.colors.accent, width: 3 } : null);
    const lit = terms[pointed ?? -1];
    for (const grid of [kernel, products]) grid.light("term", lit ? { cells: [[lit.ky, lit.kx]], stroke: stage.ctx.colors.ink, width: 2.5 } : null);
    for (const { element, canvas } of [kernel, products]) element.style.maxWidth = canvas.style.maxWidth;
  }

  function largest({ terms }) {
    const winner = terms.find(({ wins }) => wins);
    return [`The largest of ${terms.length} is `, h("span.term.lit", number(winner.value, 4)), `, at row ${winner.y + 1}, column ${winner.x + 1}.`];
  }

  function writtenOut({ steps, single }, layer, pointed) {
    const out = [];
    let before = -1;
    for (const k of keep(steps.length, pointed)) {
      if (k > before + 1) out.push(h("span.muted.more", `+ … ${number(k - before - 1)} more`));
      const { value, weight, product } = steps[k];
      const text = layer.pools ? written(value) : single ? `${written(value)}·${bracketed(weight)}` : bracketed(product);
      if (out.length) out.push(" + ");
      out.push(h("span.term", { class: k === pointed ? "lit" : "" }, text));
      before = k;
    }
    return out;
  }
}
