// What happens at the step one looks at: what was read, the equations with their numbers, and the answer.

import { h, number, percent, replace, setText } from "../lib/dom.js";
import { written } from "../lib/tokens.js";
import { equationsOf, shapesOf } from "./equations.js";
import { letterOf, rowsOf, valuesOf } from "./rows.js";

const SHOWN = 5;
const ROW = 27; // px

export function buildReadout() {
  const where = h("p.where");
  const lines = h("dl.equations");
  const shapes = h("p.label");
  const hint = h("p.label");
  const head = h("p.where");
  const bars = h("ol.best");
  const truth = h("p.truth");
  const element = h("div.readout", h("div.cell-words", where, lines, hint, shapes), h("div.answer", head, bars, truth));
  let lineCells = [];
  let shownCell = "";

  /** What one unit had at a step, by letter; before the first step a decoder has the encoder's last state. */
  function unitAt({ cell, pass, part, place, unit }, step) {
    const { read } = pass.parts[part];
    const at = (name, t) => valuesOf(read, name, place)[t * read.units + unit];
    const before = place.direction ? step + 1 : step - 1;
    const first = part === "decoder" ? pass.parts.encoder.read.state : null;
    const index = place.layer * pass.network.directions + place.direction;
    const earlier = (name, from) => (before >= 0 && before < read.steps ? at(name, before) : (from?.[index][unit] ?? 0));
    const found = Object.fromEntries(rowsOf(cell).map((name) => [letterOf(cell, name), at(name, step)]));
    return { ...found, h_: earlier("hidden", first?.h), c_: cell === "lstm" ? earlier("cell", first?.c) : 0 };
  }

  function showEquations(model, step) {
    const { cell, unit, units, inputs } = model;
    if (shownCell !== cell) {
      shownCell = cell;
      lineCells = equationsOf(cell, null).map(() => [h("dt"), h("dd"), h("dd.numbers")]);
      replace(lines, lineCells);
    }
    const values = unit === null || step === null ? null : unitAt(model, step);
    equationsOf(cell, values).forEach((line, i) => {
      setText(lineCells[i][0], `${line[0]} =`);
      setText(lineCells[i][1], line[1]);
      setText(lineCells[i][2], line[2] && `= ${line[2]}`);
    });
    setText(hint, unit === null ? `Choose a unit to put its numbers in; the rows now show the mean of all ${units}.` : `Unit ${unit + 1} of ${units}.`);
    setText(shapes, shapesOf(cell, inputs, units));
  }

  function showAnswer({ pass, part, names }, step) {
    const { pattern } = pass.network;
    const asked = part === pass.answering ? step : null;
    const row = asked === null ? null : pass.logits[asked];
    const last = pattern === "last" && asked === pass.logits.length - 1;
    bars.style.minHeight = `${ROW * (pass.classes.length ? Math.min(SHOWN + 1, pass.classes.length) : 1)}px`;
    if (!row) {
      setText(head, part === "encoder" ? "The encoder only reads; the decoder then writes:" : "It answers after the last step.");
      replace(bars, part === "encoder" ? h("li.one", h("bdi.token-name", names.text(pass.written))) : null);
      setText(truth, part === "encoder" && pass.targets ? `Right would be: ${names.text([...pass.targets].filter((k) => k >= 0))}.` : "");
      return;
    }
    const when = pattern === "last" ? (last ? "It answers" : "If the sequence ended here, it would answer") : names.question;
    setText(head, `${when}:`);
    const target = pass.targetAt(asked);
    if (!pass.classes.length) {
      replace(bars, h("li.one", h("b.value", number(row[0], 4))));
      setText(truth, target === null ? "" : `Right: ${number(target, 4)}, off by ${number(Math.abs(row[0] - target))}.`);
      return;
    }
    const best = pass.best(asked, SHOWN);
    replace(bars, best.map(({ k, share, right, place }) => h("li", { class: right ? "right" : "" },
      h("span.place.label", place > SHOWN ? `${place}.` : ""), h("bdi.token-name", written(pass.classes[k])),
      h("span.bar", h("i", { style: { width: `${100 * share}%` } })), h("span.value", percent(share)), h("span.tick", right ? "✓" : ""))));
    const loss = pass.losses[asked];
    setText(truth, target === null ? "" : `${names.came}: ${written(pass.classes[target])}${Number.isFinite(loss) ? `, loss ${number(loss)} nats` : ""}.`);
  }

  return {
    element,
    /** `model`: what the strip shows; `step`: the one looked at. */
    show(model, step) {
      const { labels, steps } = model;
      setText(where, step === null ? "" : `Step ${step + 1} of ${steps}: it has just read ${written(labels[step])}${model.place.direction ? ", coming from the end" : ""}.`);
      showEquations(model, step);
      if (step !== null) showAnswer(model, step);
    },
  };
}
