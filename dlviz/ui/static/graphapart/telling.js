// Three ways to put messages together by three to read a graph out: who tells the two apart; one of them opened.

import { h, percent, replace, setText, steady } from "../lib/dom.js";
import { css } from "../lib/color.js";
import { HOW, NETWORKS } from "./network.js";
import { summary } from "./saying.js";
import { refill } from "./small.js";

const NODES = "nodes"; // the column of the picked nodes

const share = (value) => (value < 1e-4 ? value.toExponential(0).replace(/e-(\d+)/, (_, power) => ` × 10⁻${[...power].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]).join("")}`) : percent(value, value < 0.01 ? 2 : 1));

export function buildTelling({ stage, open }) {
  const cells = new Map();
  const cell = (how, by) => {
    const [word, more] = [h("b"), h("span.small")];
    const element = h("button.ga-cell", { type: "button", onclick: () => open({ how, by, network: null }) }, word, more);
    cells.set(`${how} ${by}`, { element, word, more, how, by });
    return h("span", { role: "cell" }, element);
  };
  const nodesHead = h("span", { role: "columnheader" }, "Picked nodes");
  const grid = h("div.ga-grid", { role: "table", "aria-label": "Who tells the two apart" },
    h("div.ga-line.label", { role: "row" }, h("span", { role: "columnheader" }, "Messages"), HOW.map((by) => h("span", { role: "columnheader" }, `Read by ${by}`)), nodesHead),
    HOW.map((how) => h("div.ga-line", { role: "row" }, h("b.ga-how", { role: "rowheader" }, how), [...HOW, NODES].map((by) => cell(how, by)))));
  const [words, title, table] = [h("p.ga-sum", { role: "status" }), h("h4"), h("div.ga-vectors.value", { tabindex: 0, role: "table", "aria-label": "Both vectors and their difference" })];
  const draws = h("div.row", { role: "group", "aria-label": "Which draw of weights" });
  const reading = h("p.small.value");
  const element = h("section.ga-part", { "aria-label": "Who tells them apart" }, h("h3", "Who tells them apart"), words,
    h("p.ga-about.small.muted", `Rows: how a node puts its messages together. Columns: how the graph is read out; the last one compares the two picked nodes. Each cell compares two vectors, for ${NETWORKS} draws of random weights. "The same": no draw makes them differ by more than 10⁻⁹ of their largest number (rounding is 10⁻¹⁵). Press a cell to see its numbers.`),
    grid, h("div.stack.ga-opened", title, draws, table, reading));

  const outcome = ({ how, by }) => (by === NODES ? stage.found.nodes(stage.state.round, how, ...stage.state.picked) : stage.found.read(stage.state.round, how, by));

  function showOpened() {
    const { state, found, ctx } = stage;
    const { how, by } = state.cell;
    const { vectors, shares, at } = outcome(state.cell);
    const n = state.cell.network ?? at;
    const [one, other] = vectors[n];
    const names = by === NODES ? state.picked.map((node, side) => found.joint.names[side ? found.joint.cut + node : node]) : ["Left", "Right"];
    setText(title, `${how} messages, ${by === NODES ? `the embeddings of ${names[0]} and ${names[1]}` : `read out by ${by}`}, ${state.round === 0 ? "before the first layer" : `after layer ${state.round}`}: two vectors of ${one.length}`);
    refill(draws, [h("span.label", "Draw of weights"), ...shares.map((each, k) => h("button.chip", { type: "button", "aria-pressed": String(k === n), "aria-label": `Draw ${k + 1}: differs by ${share(each)}`, onclick: () => open({ how, by, network: k }) }, String(k + 1)))]);
    const most = Math.max(...one.map(Math.abs), ...other.map(Math.abs)) || 1;
    const gap = one.map((value, f) => value - other[f]);
    const shown = (value) => h("span.ga-number", { role: "cell", style: { background: css(ctx.colors.diverging(value / most), 0.45) } }, steady(value, 3));
    const zeroed = (value) => (Math.abs(value) <= 1e-9 * most ? 0 : value); // rounding is not a difference
    const line = (name, values) => h("div.ga-vector", { role: "row" }, h("span.label", { role: "rowheader" }, name), [...values].map(shown));
    replace(table, line(names[0], one), line(names[1], other), line("Difference", [...gap].map(zeroed)));
    setText(reading, `Colours from −${steady(most, 2)} (orange) to ${steady(most, 2)} (blue). ${shares[n] > 1e-9 ? `The largest difference is ${share(shares[n])} of the largest number: this draw tells them apart.` : "No number differs: whatever comes after cannot tell them apart either."}`);
  }

  return {
    element,
    show() {
      const { state, found } = stage;
      setText(words, summary(found, state.round));
      setText(nodesHead, `${found.joint.names[state.picked[0]]} and ${found.joint.names[found.joint.cut + state.picked[1]]}`);
      for (const { element: button, word, more, how, by } of cells.values()) {
        const { told, most } = outcome({ how, by });
        button.dataset.told = String(told > 0);
        button.setAttribute("aria-pressed", String(state.cell.how === how && state.cell.by === by));
        setText(word, told ? "Told apart" : "The same");
        setText(more, told ? `${told} of ${NETWORKS}, by up to ${share(most)}` : `0 of ${NETWORKS}`);
      }
      showOpened();
    },
    read: () => ({
      words: words.textContent, title: title.textContent, reading: reading.textContent,
      cells: Object.fromEntries([...cells].map(([name, { how, by, word, more }]) => [name, { word: word.textContent, more: more.textContent, told: outcome({ how, by }).told, most: outcome({ how, by }).most }])),
      vectors: [...table.children].map((line) => [...line.children].slice(1).map((each) => each.textContent)),
      exact: outcome(stage.state.cell).vectors[stage.state.cell.network ?? outcome(stage.state.cell).at].map((each) => [...each]),
    }),
  };
}
