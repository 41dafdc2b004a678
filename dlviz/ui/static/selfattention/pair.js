// A query and a key, worked out from their numbers to what the token becomes: products, score, softmax, values, W_O, residual.

import { h, number, setText, steady } from "../lib/dom.js";
import { buildNumbers } from "./numbers.js";
import { softmaxRow } from "./origins.js";
import { lowered, setLowered } from "./lowered.js";
import { largest } from "./parts.js";

const OF_STEP = { scores: 0, scale: 0, alibi: 0, mask: 1, softmax: 1, mix: 2, out: 3, heads: 3, residual: 3 }; // which part works a step out
const NAMED = 4; // keys whose values are written out; the others stand together in one row

const row = (part, r) => [...part.values.subarray(r * part.columns, (r + 1) * part.columns)];
const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);
const added = (x) => (x < 0 ? `− ${steady(-x)}` : `+ ${steady(x)}`);
const share = (x) => `${(100 * x).toFixed(x < 0.0995 ? 1 : 0)} %`;

/** Everything about a pair as numbers. */
export function workOf(parts, { query, key, element, feature }) {
  const { by, facts } = parts;
  const [q, k] = [row(by.q, query), row(by.k, key)];
  const products = q.map((x, m) => x * k[m]);
  const running = products.map(((sum) => (x) => (sum += x))(0));
  const softmax = softmaxRow(parts, query);
  const weighted = softmax.keys.map(({ weight }, j) => row(by.v, j).map((x) => weight * x));
  const order = softmax.keys.map((_, j) => j).sort((a, b) => softmax.keys[b].weight - softmax.keys[a].weight || a - b);
  const at = query * facts.width + feature;
  return {
    query, key, element, feature, q, k, products, running, dot: running.at(-1), score: by.p.values[query * facts.keys + key],
    biased: by.b ? by.b.values[query * facts.keys + key] : null, hidden: softmax.keys[key].hidden, softmax, weighted, order, z: row(by.z, query),
    input: (by.r ?? by.x).values[at], adds: facts.adds.map((one) => one[at]), bias: facts.bias[feature], output: by.t.values[at], sum: by.y.values[at],
  };
}

/** `on`: {key(j): another key is chosen, element(m), feature(c): which number is followed}. */
export function buildPair({ on }) {
  const title = h("h4.pair-title");
  const meaning = h("p.sentence", { "aria-live": "polite" });
  const products = buildNumbers({ label: "The products of query and key, number by number", onhover: (m) => { if (m !== null) on.element(m); } });
  const score = h("p.lines.value");
  const weights = buildNumbers({ label: "The softmax of the query's row", onpick: on.key });
  const sum = h("p.lines.value");
  const values = buildNumbers({ label: "The weighted values and their sum", onhover: (m) => { if (m !== null) on.element(m); } });
  const mixture = h("p.lines.value");
  const onto = buildNumbers({ label: "What each head adds, the bias and what came in, number by number", onhover: (c) => { if (c !== null) on.feature(c); } });
  const result = h("p.lines.value");
  const part = (place, name, ...children) => h("div.work", h("h5", h("span.count", place), h("span", lowered(name))), children);
  const parts = [
    part("1", "The score: query times key, number by number", products.element, score),
    part("2", "The softmax of the row", weights.element, sum),
    part("3", "The values, each times its weight", values.element, mixture),
    part("4", "W_O, the other heads and the residual", onto.element, result),
  ];
  const element = h("section.pair", { "aria-label": "The chosen pair, worked out" }, title, meaning, parts);
  let before = "";

  return {
    element,
    /** To be called when the room may have changed, before `show`. */
    fit() {
      for (const table of [products, weights, values, onto]) table.fit(products.element.parentElement.clientWidth);
    },
    /** Mark the part that works out a step of steps.js; none where null. */
    mark: (step) => parts.forEach((each, i) => each.classList.toggle("now-at", i === OF_STEP[step])),
    show(work, { facts }, labels, colors, pinned) {
      const [asks, answers] = [`“${labels.query[work.query]}” (${work.query + 1})`, `“${labels.key[work.key]}” (${work.key + 1})`];
      const { softmax, hidden, query, key } = work;
      const weight = softmax.keys[key].weight;
      setText(title, `${asks} asks, ${answers} is asked${pinned ? "; pinned" : ""}`);
      setText(meaning, meaningOf(work, facts, asks, answers));

      const high = largest([...work.q, ...work.k]);
      products.show({
        columns: upTo(facts.size), chosen: work.element,
        rows: [
          { name: `q_{${query + 1}}`, values: work.q, high, kind: "diverging" },
          { name: `k_{${key + 1}}`, values: work.k, high, kind: "diverging" },
          { name: "q · k", values: work.products, high: largest(work.products), kind: "diverging" },
          { name: "sum so far", values: work.running },
        ],
      }, colors);
      setLowered(score, scoreLines(work, facts));

      const chosen = softmax.keys;
      weights.show({
        columns: labels.key, chosen: key,
        rows: [
          { name: "score", values: chosen.map((one) => (one.hidden ? null : one.score)), high: largest(chosen.filter((one) => !one.hidden).map((one) => one.score)), kind: "diverging" },
          { name: "e^{score − max}", values: chosen.map((one) => (one.hidden ? null : one.power)) },
          { name: "weight", values: chosen.map((one) => one.weight), high: 1, kind: "sequential", decimals: 3, strong: true },
        ],
      }, colors);
      setLowered(sum, hidden ? `${answers} is hidden from ${asks}: weight 0. The ${chosen.filter((one) => !one.hidden).length} others share e^{…} = ${steady(softmax.total)} in all.`
        : `max = ${steady(softmax.largest)};  Σ e^{score − max} = ${steady(softmax.total)};  weight = ${steady(chosen[key].power)} ÷ ${steady(softmax.total)} = ${steady(weight)}`);

      const top = work.order.slice(0, Math.min(NAMED, facts.keys));
      if (!top.includes(key)) top[top.length - 1] = key;
      const rest = work.order.filter((j) => !top.includes(j));
      const together = work.z.map((_, m) => rest.reduce((total, j) => total + work.weighted[j][m], 0));
      const scale = largest([...top.flatMap((j) => work.weighted[j]), ...together, ...work.z]);
      const rows = top.map((j) => ({ name: `${steady(chosen[j].weight)} · v_{${j + 1}} “${labels.key[j]}”`, values: work.weighted[j], high: scale, kind: "diverging", strong: j === key }));
            values.show({
        columns: upTo(facts.size), chosen: work.element,
        rows: [...rows, { name: rest.length ? `the other ${rest.length}` : "no others", values: together, high: scale, kind: "diverging" }, { name: `z_{${query + 1}}, their sum`, values: work.z, high: scale, kind: "diverging", strong: true }],
      }, colors);
      setLowered(mixture, `number ${work.element + 1}: ${top.map((j, i) => (i ? added(work.weighted[j][work.element]) : steady(work.weighted[j][work.element]))).join(" ")}${rest.length ? ` ${added(together[work.element])}` : ""} = ${steady(work.z[work.element])}`);

      const all = facts.width;
      const from = query * all;
      const slice = (values) => [...values.subarray(from, from + all)];
      const heads = facts.adds.map(slice);
      const bias = [...facts.bias];
      const input = slice(facts.input);
      const total = input.map((x, c) => heads.reduce((sum_, one) => sum_ + one[c], x) + bias[c]);
      const most = largest([...input, ...total]);
      onto.show({
        columns: upTo(all), chosen: work.feature,
        rows: [
          { name: `x_{${query + 1}}`, values: input, high: most, kind: "diverging" },
          ...heads.map((one, k) => ({ name: k === facts.head ? `head ${k + 1} (z · W_O)` : `head ${k + 1}`, values: one, high: most, kind: "diverging", strong: k === facts.head })),
          { name: "b_O", values: bias, high: most, kind: "diverging" },
          { name: "sum", values: total, high: most, kind: "diverging", strong: true },
        ],
      }, colors);
      setLowered(result, `number ${work.feature + 1}: ${steady(work.input)} (x) ${work.adds.map((x, k) => `${added(x)} (head ${k + 1})`).join(" ")} ${added(work.bias)} (b_O) = ${steady(work.sum)}`);

      const now = `${facts.id} ${facts.head} ${query} ${key} ${work.element} ${work.feature}`;
      if (now === before) return;
      before = now;
      weights.reveal(key);
      products.reveal(work.element);
      values.reveal(work.element);
      onto.reveal(work.feature);
      for (const table of [products, weights, values, onto]) table.settle();
    },
  };
}

function scoreLines(work, facts) {
  const lines = [`q_{${work.query + 1}} · k_{${work.key + 1}} = ${steady(work.dot)}`];
  if (facts.divided) lines.push(`÷ √${facts.size} = ÷ ${steady(Math.sqrt(facts.size))} → ${steady(work.score)}`);
  else lines.push("not divided");
  if (work.biased !== null) lines.push(`− ${number(facts.slope, 4)} · ${Math.abs(work.query - work.key)} (distance) → ${steady(work.biased)}`);
  lines.push(work.hidden ? "hidden by the mask → −∞" : facts.hides ? "not hidden" : "no mask");
  return lines.join(";  ");
}

// What the numbers of this pair mean.
function meaningOf(work, facts, asks, answers) {
  const { weight } = work.softmax.keys[work.key];
  const best = work.order[0];
  if (work.softmax.keys.every((one) => one.hidden)) return `Everything is hidden from ${asks}: it gets nothing from this head.`;
  if (work.hidden) return `${answers} is hidden from ${asks} and gets nothing; the most, ${share(work.softmax.keys[best].weight)}, goes to token ${best + 1}.`;
  const visible = work.softmax.keys.filter((one) => !one.hidden).length;
  const against = visible === 1 ? "the only one it may look at" : `${steady(weight * visible, 1)} times an equal share among ${visible}`;
  const away = work.query - work.key;
  const where = facts.crosses ? "" : away === 0 ? ", which is itself" : `, ${Math.abs(away)} ${Math.abs(away) === 1 ? "token" : "tokens"} ${away > 0 ? "before" : "after"} it`;
  const strongest = work.products.reduce((most, x, m) => (Math.abs(x) > Math.abs(work.products[most]) ? m : most), 0);
  return `${asks} gives ${share(weight)} of its attention to ${answers}${where}: ${against}${work.key === best ? ", and the most of all" : ""}. Of the ${facts.size} products, number ${strongest + 1} weighs most: ${steady(work.products[strongest])}.`;
}
