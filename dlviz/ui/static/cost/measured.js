// Measured here: the job, its two charts with fitted lines, the table, and what the numbers say.

import { count, h, number, replace, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { bytes } from "./formulas.js";
import { crossed, fitted } from "./fitting.js";
import { logChart } from "./loglog.js";

const READ = { attention: "Attention", lstm: "LSTM", gru: "GRU" };
const WAYS = { uncached: "without cache", cached: "with cache" };
const SHAPES = { attention: "circle", lstm: "square", gru: "triangle", uncached: "square", cached: "circle" };

const list = (words) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);

/** `sizes()`: what to measure, {width, heads, layers, feed_forward}. */
export function buildMeasured({ live, ctx, sizes, began }) {
  let of = null; // the sizes that are being measured
  let shown = null; // {lengths, written, ms: {name: [...]}, bytes, cacheBytes, done, of}
  const job = buildJob({
    live, ctx, label: "Measure on this machine", again: "Measure again",
    command: () => ({ do: "probe", panel: "cost", options: { ...of, measure: true } }),
    onbegin() {
      of = sizes();
      began();
      ctx.redraw();
    },
    took(answer) {
      if (answer.arrays.lengths) shown = { ...read(answer.arrays), done: !answer.numbers.progress, of };
      ctx.redraw();
    },
  });
  job.element.querySelector("button").classList.add("primary");
  const reading = logChart({ label: "Milliseconds of one pass over so many tokens", redraw: ctx.redraw });
  const writing = logChart({ label: "Milliseconds of writing so many tokens", redraw: ctx.redraw });
  const keys = (names) => h("div.keys.small", Object.entries(names).map(([name, title]) => h("span", { "data-name": name }, h("i.swatch"), title)));
  const [readKeys, writeKeys] = [keys(READ), keys(WAYS)];
  const words = h("div.stack.words", { "aria-live": "polite" });
  const table = h("table.times.value");
  const about = h("p.small.muted.value");
  const plan = h("p.small.muted.value");
  const result = h("div.stack.result", words,
    h("div.charts",
      h("figure.stack", h("figcaption.label", "One layer reads n tokens, one forward pass"), readKeys, reading.element),
      h("figure.stack", h("figcaption.label", "The whole stack writes n tokens, one after the other"), writeKeys, writing.element)),
    h("div.frame", table), about);
  const element = h("section.part", { "aria-label": "Measured here" }, h("h3", "Measured here"),
    h("p.about", "Formulas count operations; a machine also has overhead, and it does many at once or one after the other. This times torch on the machine that runs dlviz, one sequence at a time, forward only, the best of a few passes. It takes ten seconds at most."),
    plan, job.element, result);

  function read(arrays) {
    const ms = Object.fromEntries([...Object.keys(READ), ...Object.keys(WAYS)].map((name) => [name, [...arrays[`${name}_ms`].data]]));
    return { lengths: [...arrays.lengths.data], written: [...arrays.written.data], ms, bytes: [...arrays.attention_bytes.data], cacheBytes: [...arrays.cache_bytes.data] };
  }

  const colorOf = (name, colors) => ({ attention: colors.accent, lstm: colors.classes[0], gru: colors.classes[3], uncached: colors.classes[0], cached: colors.accent })[name];

  function chart(into, at, names, xs, fits) {
    into.show({ xs, series: Object.entries(names).map(([name, label]) => ({ label, ys: shown.ms[name], color: colorOf(name, ctx.colors), shape: SHAPES[name], fit: fits[name].large })) });
    into.draw(ctx.colors);
    for (const key of at.children) key.style.setProperty("--own", colorOf(key.dataset.name, ctx.colors));
  }

  function growth(fits) {
    const said = Object.entries(READ).filter(([name]) => fits[name].large).map(([name, title]) => `${title} n^${number(fits[name].large.p, 2)}`);
    const { attention } = fits;
    if (!said.length) return "";
    const small = attention.small ? ` From ${count(attention.small.from)} to ${count(attention.small.to)} tokens attention grew only like n^${number(attention.small.p, 2)}: there most of the time goes into starting each operation, not into the numbers.` : "";
    const odd = attention.large?.p > 2.3 ? " More than 2 is not the formula: the cells no longer fit into the processor's fast memory, or other work took its time." : "";
    const last = attention.large ? ` Its formula is part n, part n², so the exponent nears 2 only as n leaves 2d = ${count(2 * shown.of.width)} far behind.${odd}` : "";
    return `Fitted to the longest lengths measured, time grows like ${list(said)}.${small}${last}`;
  }

  function crossings() {
    const told = ["lstm", "gru"].map((cell) => {
      const found = crossed(shown.lengths, shown.ms.attention, shown.ms[cell]);
      if (!found) return "";
      const name = READ[cell];
      if (found.times.length === 0) return `The ${name} was ${found.lower === "first" ? "slower" : "faster"} than attention at every length measured${found.ratio ? `, ${number(found.ratio, 2)} times at n = ${count(found.at)}` : ""}.`;
      const place = list(found.times.map((x) => `n ≈ ${count(Number(x.toPrecision(2)))}`));
      return `Attention and the ${name} crossed at ${place}; for longer sequences ${found.lower === "first" ? "attention" : `the ${name}`} was faster here.`;
    });
    return told.filter(Boolean).join(" ");
  }

  function cache() {
    const last = shown.written.findLastIndex((_, i) => shown.ms.uncached[i] > 0 && shown.ms.cached[i] > 0);
    if (last < 0) return "";
    const ratio = shown.ms.uncached[last] / shown.ms.cached[last];
    const size = shown.cacheBytes[last];
    return `Writing ${count(shown.written[last])} tokens took ${number(shown.ms.uncached[last])} ms without the cache and ${number(shown.ms.cached[last])} ms with it, ${ratio >= 1 ? `${number(ratio, 2)} times less` : "which did not pay here"}; the cache then held ${bytes(size)}, counted in its tensors.`;
  }

  function fill(fits) {
    const xs = [...new Set([...shown.lengths, ...shown.written])].sort((a, b) => a - b);
    const cell = (name, row, x) => {
      const i = row.indexOf(x);
      return h("td", i >= 0 && shown.ms[name][i] > 0 ? number(shown.ms[name][i]) : "–");
    };
    const size = (values, row, x) => h("td", values[row.indexOf(x)] > 0 ? bytes(values[row.indexOf(x)]) : "–");
    const exponents = [...Object.keys(READ), ...Object.keys(WAYS)].map((name) => [name, fits[name].all]);
    const p = (name) => h("td", exponents.find(([each]) => each === name)[1] ? `n^${number(fits[name].all.p, 2)}` : "–");
    replace(table,
      h("thead", h("tr", h("th", "n"), Object.values(READ).map((title) => h("th", `${title}, ms`)), h("th", "weights"), Object.values(WAYS).map((title) => h("th", `${title}, ms`)), h("th", "cache"))),
      h("tbody", xs.map((x) => h("tr", { "data-n": x }, h("th", { scope: "row" }, count(x)), Object.keys(READ).map((name) => cell(name, shown.lengths, x)), size(shown.bytes, shown.lengths, x), Object.keys(WAYS).map((name) => cell(name, shown.written, x)), size(shown.cacheBytes, shown.written, x))),
        h("tr.fit", h("th", { scope: "row" }, "fit of all"), Object.keys(READ).map(p), h("td", ""), Object.keys(WAYS).map(p), h("td", ""))));
  }

  function draw() {
    const next = sizes();
    setText(plan, `Next: d = ${count(next.width)}, ${next.heads} heads, ${next.layers} layers, ${count(next.feed_forward)} units${next.limited ? ", which is as large as a network of this page can be" : ""}.`);
    result.classList.toggle("hidden", !shown);
    if (!shown) return;
    const fits = Object.fromEntries(Object.keys(shown.ms).map((name) => [name, fitted(name in READ ? shown.lengths : shown.written, shown.ms[name])]));
    chart(reading, readKeys, READ, shown.lengths, fits);
    chart(writing, writeKeys, WAYS, shown.written, fits);
    const lines = shown.done ? [crossings(), growth(fits), cache()].filter(Boolean) : ["Measuring."];
    if (words.dataset.said !== lines.join()) replace(words, lines.map((line, k) => h(k ? "p" : "p.sentence", line)));
    words.dataset.said = lines.join();
    fill(fits);
    const left = shown.lengths.filter((_, i) => !(shown.ms.attention[i] > 0));
    const { width, heads, layers, feed_forward: units } = shown.of;
    setText(about, `d = ${count(width)}, ${heads} heads; the writing stack has ${layers} layers and ${count(units)} feed-forward units. Dotted: the fit of the longest lengths.${shown.done && left.length ? ` Attention over ${list(left.map((x) => count(x)))} tokens was left out: one pass would have taken too long here, or too much memory.` : ""} Other work on this machine makes times longer, never shorter.`);
    shown.fits = fits;
  }

  return { element, draw, read: () => shown && { ...shown, words: words.innerText, running: job.running } };
}
