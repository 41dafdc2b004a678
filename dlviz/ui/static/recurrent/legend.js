// One line under the picture: what the colours mean, or what the matrix that is pointed at does.

import { count, h, setText } from "../lib/dom.js";
import { explain } from "./matrices.js";
import { CELLS } from "./words.js";

const KEPT = { lstm: "The band between two cells is the cell state c, as wide as the share of it that the forget gate keeps.", gru: "The band between two cells is as wide as the share of the state that the update gate keeps.", rnn: "" };

export function buildLegend(area, stage) {
  const words = h("span.legend-words", { role: "status" });
  const scale = (kind, low, high, name) => h("span.legend-scale", h("span.label", name), h("span.label.value", low), h("span", { class: `ramp ${kind}` }), h("span.label.value", high));
  const state = scale("diverging", "−1", "1", "state h");
  const sure = scale("sequential", "0 %", "100 %", "probability");
  const dot = (name) => h("span.legend-scale", h("span.legend-dot"), h("span.label", name));
  const [said, came] = [dot("said"), dot("what came")];
  area.append(words, h("span.legend-scales", state, sure, said, came));

  function draw() {
    const { scene, matrix, ctx: { colors } } = stage;
    const { spec, classes } = scene.numbers;
    const own = matrix?.startsWith("cell") ? null : stage.matrices.get(matrix);
    const units = spec.hidden_size === 1 ? "one number" : `${count(spec.hidden_size)} numbers`;
    if (own) setText(words, explain(own));
    else if (matrix) setText(words, `This ${CELLS[spec.cell]} is the same cell at every step, with the same weights. Only its state differs.`);
    else setText(words, `Each cell shows the ${units} of its state. ${KEPT[spec.cell]} Point at an arrow for its weights.`);
    words.classList.toggle("on-matrix", Boolean(matrix));
    sure.classList.toggle("hidden", classes.length === 0);
    for (const [each, fill, edge] of [[said, colors.positive, colors.paper], [came, colors.paper, colors.muted]]) {
      each.classList.toggle("hidden", classes.length > 0 || scene.numbers.pattern === "last");
      each.firstChild.style.setProperty("--dot", fill);
      each.firstChild.style.setProperty("--edge", edge);
    }
    const stops = (scaleOf, from) => Array.from({ length: 9 }, (_, k) => `rgb(${scaleOf(from + ((1 - from) * k) / 8).join(" ")})`).join(", ");
    area.style.setProperty("--diverging", stops(colors.diverging, -1));
    area.style.setProperty("--sequential", stops((t) => colors.sequential(0.85 * t), 0));
  }

  return { draw };
}
