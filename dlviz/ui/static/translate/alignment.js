// Cross-attention as an alignment of what is written with what was read: at this moment, and at moments of the training.

import { css } from "../lib/color.js";
import { fit, h, number, percent, replace, setText } from "../lib/dom.js";
import { Pattern } from "../lib/pattern.js";
import { spoken } from "../lib/tokens.js";
import { entropyOf } from "../lib/transformer.js";

const THUMB = { side: 9, tall: 7, most: 160 }; // px of a cell, and across a whole small grid

/** Cross-attention (target · source) of one head, or the mean of all: `grids` of a pass, `which` {grid, head} or null. */
export function alignmentOf(grids, which) {
  const one = which && grids.find(({ id }) => id === which.grid);
  if (one) return one.part.weights[Math.min(which.head, one.part.weights.length - 1)];
  const all = grids.flatMap(({ part }) => part.weights);
  const mean = new Float64Array(all[0].length);
  for (const weights of all) for (let i = 0; i < mean.length; i += 1) mean[i] += weights[i] / all.length;
  return mean;
}

/** On how many source tokens a row's attention lies, as a mean over the rows: exp of the entropy. */
export function breadth(values, keys) {
  const rows = values.length / keys;
  let total = 0;
  for (let q = 0; q < rows; q += 1) total += Math.exp(entropyOf(values.subarray(q * keys, (q + 1) * keys)));
  return total / rows;
}

/** `onwhich(which)`, `onhover(step)`, `onpick(step)`: the target's row; `onseek(step)`: a moment; `ongather()`. */
export function buildAlignment({ ctx, onwhich, onpick, onseek, ongather }) {
  const menu = h("select", { id: "translate-head", onchange: () => onwhich(menu.value === "" ? null : options[Number(menu.value)]) });
  const pattern = new Pattern({ label: "Cross-attention, what is written down, what was read across", redraw: ctx.redraw, side: 34, onhover: (query, key) => { pointed = [query, key]; ctx.redraw(); }, onpick: (query) => { if (query !== null) onpick(query); } });
  const read = h("p.small.value.read");
  const sentence = h("p.sentence", { "aria-live": "polite" });
  const strip = h("div.strip", { role: "group", "aria-label": "The same at moments of the training" });
  const gather = h("button", { type: "button", onclick: ongather }, "Fetch moments of this training");
  const ramp = h("canvas.ramp", { role: "img", "aria-label": "Colour scale of the weights" });
  const end = h("span");
  const element = h("section.part", { "aria-label": "Cross-attention over time" },
    h("h3", "Where it looks in the source, and how it learned to"),
    h("div.row", h("label.label", { for: "translate-head" }, "Head"), menu, h("span.scale.value.small", "weight 0", ramp, end)),
    sentence, h("div.grid", pattern.element), read,
    h("h4", "The same source at moments of the training"), strip,
    h("div.row", gather, h("span.small.muted", "Moments that were on this page are kept here by themselves; this button goes to others, one after the other, and back. Training pauses for it.")));
  let [options, shown, pointed, thumbs, high] = [[], null, [null, null], [], 1];

  /** `found`: {ids, tokens, grids}; `values` the alignment; `at`: the step looked at; `moments`: [{step, tokens, values, text, isNow}]. */
  function show(found, { values, which, name, at, moments, vocabulary, busy }) {
    shown = { values, at, moments };
    const wanted = found.grids.flatMap(({ id, layer, part }) => part.weights.map((_, head) => ({ grid: id, head, label: `Layer ${layer + 1}, head ${head + 1}` })));
    if (wanted.map(({ label }) => label).join() !== options.map(({ label }) => label).join()) {
      replace(menu, h("option", { value: "" }, "Mean of all heads"), wanted.map(({ label }, i) => h("option", { value: i }, label)));
    }
    options = wanted;
    const chosen = options.findIndex(({ grid, head }) => which?.grid === grid && which.head === head);
    menu.value = chosen < 0 ? "" : String(chosen);
    const sign = (id) => (vocabulary[id] === "$" ? "end" : vocabulary[id]);
    const [rows, columns] = [found.tokens.map(sign), found.ids.map(sign)];
    shown = { ...shown, rows, columns, name };
    // One scale for the grid and all small ones, to the next tenth above the largest weight.
    high = Math.max(0.1, Math.ceil(10 * moments.reduce((most, { values: each }) => Math.max(most, ...(each ?? [0])), Math.max(...values))) / 10);
    setText(end, number(high));
    pattern.set({ rows, columns, values, high });
    point();
    const wide = breadth(values, columns.length);
    const first = moments.find(({ isNow }) => !isNow);
    const before = first && first.values ? breadth(first.values, columns.length) : null;
    const now = `${capital(name)} lies on ${number(wide, 2)} of ${columns.length} source tokens at a time (the exponential of its entropy)`;
    setText(sentence, before === null ? `${now}; spread evenly it would be ${columns.length}.` : `${now}; at step ${first.step} it was ${number(before, 2)}. ${Math.abs(before - wide) < 0.3 ? "That has hardly changed." : before > wide ? "It has learned where to look." : "It has spread."}`);
    showStrip(moments, found.ids.length);
    gather.disabled = busy;
    setText(gather, busy ? "Fetching …" : "Fetch moments of this training");
  }

  /** What is pointed at, or the step that is looked at. */
  function point() {
    const { values, at, rows, columns, name } = shown;
    const [query, key] = pointed[0] === null && pointed[1] === null ? [at, null] : pointed;
    pattern.light(query, key, { pinned: pointed[0] === null });
    if (query === null) setText(read, `${spoken(columns[key])}, token ${key + 1} of the source: it gets most while ${spoken(rows[most(values, key, columns.length, rows.length)])} is chosen.`);
    else {
      const row = values.subarray(query * columns.length, (query + 1) * columns.length);
      const to = key ?? row.indexOf(Math.max(...row));
      setText(read, `While it chooses ${spoken(rows[query])} (step ${query + 1}), ${percent(row[to])} of ${name} lies on ${spoken(columns[to])}, token ${to + 1}${key === null ? ", the most" : ""}. The grid is ${rows.length} × ${columns.length}.`);
    }
  }

  const most = (values, key, keys, rows) => [...Array(rows).keys()].reduce((best, q) => (values[q * keys + key] > values[best * keys + key] ? q : best), 0);

  function showStrip(moments, keys) {
    if (thumbs.length !== moments.length) {
      thumbs = moments.map(() => {
        const thumb = { canvas: h("canvas"), step: h("b.value.small"), text: h("span.code.small") };
        thumb.button = h("button.moment", { type: "button", onclick: () => onseek(thumb.at) }, thumb.canvas, thumb.step, thumb.text);
        return thumb;
      });
      replace(strip, thumbs.map(({ button }) => button));
    }
    const side = Math.min(THUMB.side, THUMB.most / keys);
    moments.forEach((moment, i) => {
      const thumb = thumbs[i];
      thumb.at = moment.step;
      setText(thumb.step, `step ${moment.step}`);
      setText(thumb.text, moment.text ?? "…");
      thumb.button.setAttribute("aria-pressed", moment.isNow);
      thumb.button.setAttribute("aria-label", `Step ${moment.step}: it writes ${moment.text ?? "…"}. Go to that moment.`);
      Object.assign(thumb.canvas.style, { width: `${side * keys}px`, height: `${THUMB.tall * (moment.tokens?.length ?? 1)}px` });
    });
  }

  function drawStrip(colors) {
    shown.moments.forEach(({ values, tokens }, i) => {
      const { pen, width, height } = fit(thumbs[i].canvas);
      pen.clearRect(0, 0, width, height);
      if (!values) return;
      const keys = values.length / tokens.length;
      const [side, tall] = [width / keys, height / tokens.length];
      for (let k = 0; k < values.length; k += 1) {
        pen.fillStyle = css(colors.sequential(values[k] / high));
        pen.fillRect((k % keys) * side, Math.floor(k / keys) * tall, side + 0.3, tall + 0.3);
      }
    });
  }

  function draw(colors) {
    if (!shown) return;
    point();
    pattern.draw(colors);
    drawStrip(colors);
    const { pen, width, height } = fit(ramp);
    for (let x = 0; x < width; x += 1) {
      pen.fillStyle = css(colors.sequential(x / Math.max(1, width - 1)));
      pen.fillRect(x, 0, 1.5, height);
    }
  }

  return { element, show, draw, middle: (query, key) => pattern.middle(query, key) };
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);
