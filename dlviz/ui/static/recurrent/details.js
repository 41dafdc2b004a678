// One step opened: what is read, what its gates do, what it says, the five likeliest with their probabilities.

import { h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { softmax } from "../lib/softmax.js";
import { spoken, written } from "../lib/tokens.js";
import { CELLS, GATES } from "./words.js";

const TOP = 5;
const SHARES = ["input_gate", "forget_gate", "output_gate", "reset_gate", "update_gate"];

/** The `count` likeliest answers of logits: [{name, share}], and the place of `target` if it is not among them. */
export function likeliestOf(logits, classes, target, most = TOP) {
  const shares = softmax(logits);
  const order = [...shares.keys()].sort((a, b) => shares[b] - shares[a]);
  const rows = order.slice(0, most).map((k) => ({ name: classes[k], share: shares[k] }));
  const at = target === null ? -1 : classes.indexOf(target);
  if (at >= 0 && !rows.some(({ name }) => name === target)) rows.push({ name: target, share: shares[at] });
  return rows;
}

const norm = (values) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;

export function buildDetails(area, stage) {
  const title = h("h3");
  const pinned = h("span.small.muted");
  const inside = h("div.inside");
  const heading = h("h4.says-heading");
  const bars = h("ol.bars");
  const note = h("p.small.muted.note");
  area.append(h("div.row.head", title, pinned), h("div.step-columns", h("section", { "aria-label": "Inside" }, h("h4", "Inside"), inside), h("section", { "aria-label": "Answer" }, heading, bars, note)));
  let shown = null;

  function draw() {
    const { columns, scene } = stage;
    const column = columns[stage.at];
    if (!column) return;
    const key = [column.state, column.said, column.sure, stage.at, stage.steps.pinned, scene.version];
    if (shown?.every((each, i) => each === key[i])) return;
    shown = key;
    const { spec, pattern } = scene.numbers;
    const part = column.part === "core" ? "" : ` of the ${column.part}`;
    setText(title, `Step ${column.t + 1}${part} reads ${quoted(column.token, stage)}`);
    setText(pinned, stage.steps.pinned ? "pinned; click it again to let go" : "point at a step, click to pin it");
    showInside(column, spec);
    showAnswer(column, scene.numbers, pattern);
  }

  function showInside(column, spec) {
    if (!column.state) {
      replace(inside, h("p.small.muted", "…"));
      return;
    }
    const rows = column.state.rows.flatMap((ways, layer) => ways.map((gates, direction) => ({ gates, layer, direction, ways: ways.length })));
    const several = rows.length > 1;
    const name = ({ layer, direction, ways }) => `${spec.layers > 1 ? `layer ${layer + 1}` : CELLS[spec.cell]}${ways > 1 ? (direction ? " ←" : " →") : ""}`;
    const gates = SHARES.filter((gate) => rows[0].gates[gate]);
    const cells = (value, bar) => rows.map(({ gates: found }) => {
      const x = value(found);
      return h("td.value", bar ? h("span.share-bar", { style: { "--share": x } }) : null, bar ? steady(x, 2) : number(x));
    });
    const line = (label, value, bar = false) => h("tr", h("th", { scope: "row" }, label), cells(value, bar));
    replace(inside, h("table.gates",
      several ? h("thead", h("tr", h("th"), rows.map((row) => h("th", { scope: "col" }, name(row))))) : null,
      h("tbody",
        gates.map((gate) => line(GATES[gate], (found) => mean(found[gate]), true)),
        rows[0].gates.cell ? line("length of c", (found) => norm(found.cell)) : null,
        line("length of h", (found) => norm(found.hidden)))),
    gates.length ? h("p.small.muted", "Gates: the mean over all units, from 0 (shut) to 1 (open).") : null);
  }

  function showAnswer(column, { classes, chance, chance_words: why }, pattern) {
    const { state, asked, early, target, said } = column;
    bars.classList.toggle("of-classes", classes.length >= TOP && column.part !== "encoder");
    if (column.part === "encoder") {
      setText(heading, "Says nothing");
      replace(bars);
      setText(note, "An encoder only reads. All that the decoder learns of it is the state after its last step.");
      return;
    }
    if (!classes.length) {
      const value = asked ? said : early?.said ?? null;
      setText(heading, asked ? "Says" : "If the sequence ended here");
      replace(bars, value === null ? [] : [h("li.plain-number", h("b.big.value", stage.format(value)), target === null ? null : h("span.value", ` right: ${stage.format(target)}, off by ${stage.format(Math.abs(value - target), true)}`))]);
      setText(note, value === null ? "Nobody asks here." : `Chance: ${why}, which costs a squared error of ${number(chance)} on average.`);
      return;
    }
    setText(heading, asked ? "Says" : early ? "If the sequence ended here" : "Says nothing yet");
    if (!state?.logits) {
      replace(bars);
      setText(note, pattern === "last" ? "The answer comes after the last step." : "");
      return;
    }
    if (!asked && !early) {
      setText(heading, "Nobody asks here");
      replace(bars);
      setText(note, "What it would say at this step is not asked for and not trained.");
      return;
    }
    const rows = likeliestOf(state.logits, classes, target);
    replace(bars, rows.map(({ name, share }) => h("li", { class: name === target ? "right" : "" },
      h("bdi.bar-name.code", { "aria-label": spoken(name) }, written(name)),
      h("span.track", h("span.fill", { style: { width: `${100 * share}%` } })),
      h("span.value.bar-share", percent(share)), h("span.bar-mark", name === target ? "✓" : ""))));
    const right = target === null ? null : rows.find(({ name }) => name === target);
    setText(note, right ? `✓ is right. Its loss is −ln ${number(right.share)} = ${steady(-Math.log(right.share), 2)} nats.` : "Nobody knows what is right here.");
  }

  stage.on("focus", () => stage.ctx.redraw());
  return {
    draw,
    update() { shown = null; },
    numbers: () => ({ title: title.textContent, heading: heading.textContent, bars: [...bars.querySelectorAll("li")].map((li) => li.innerText.replace(/\s+/g, " ")), inside: inside.innerText, note: note.textContent }),
  };
}

function quoted(token, stage) {
  return typeof token === "number" ? stage.format(token) : `“${written(token)}”`;
}

