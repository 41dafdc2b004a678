// The network as it is: one cell whose state comes back to it. Beside it stands the same cell, once a step.

import { count, h, replace, svg } from "../lib/dom.js";
import { CELLS } from "./words.js";

const [WIDTH, HEIGHT] = [214, 238];

const answerWord = (classes) => (classes.length ? "logits" : "number");

/** The picture; pointing at a matrix lights it at every step of the chain. */
export function buildCompact(area, stage) {
  const picture = h("div.compact-picture");
  area.append(picture);
  let matrices = new Map();

  function build() {
    const { spec, layers, pattern, classes } = stage.scene.numbers;
    matrices = stage.matrices;
    const isTwo = pattern === "decoder";
    const part = isTwo ? "encoder" : "core";
    const label = (key, x, y) => {
      const matrix = matrices.get(key);
      return svg("g.matrix", {
        tabindex: 0, role: "button", "data-matrix": key, "aria-label": `${matrix.name}, ${matrix.rows} times ${matrix.cols}`,
        onpointerenter: () => stage.lightMatrix(key), onpointerleave: () => stage.lightMatrix(null),
        onfocus: () => stage.lightMatrix(key), onblur: () => stage.lightMatrix(null),
      },
      svg("rect", { x: x - 3, y: y - 14, width: 62, height: 32, rx: 4 }),
      svg("text.name", { x, y }, matrix.name),
      svg("text.shape", { x, y: y + 13 }, `${count(matrix.rows)} × ${count(matrix.cols)}`));
    };
    const arrow = (key, d, head) => svg("g.wire", { "data-matrix": key }, svg("path.line", { d }), svg("path.head", { d: head }));
    const up = (x, y) => `M${x} ${y}l-4 8h8z`;
    const [cx, top, bottom] = [92, 96, 150]; // the cell
    const inputs = layers[0].input;
    // Out of the right side, around under the cell, into the left side; the cell state of an LSTM goes around over it.
    const loop = `M${cx + 32} ${top + 40}h12q14 0 14 14v8q0 14 -14 14h-88q-14 0 -14 -14v-8q0 -14 14 -14h4`;
    const belt = `M${cx + 32} ${top + 15}h12q14 0 14 -14v-2q0 -14 -14 -14h-88q-14 0 -14 14v2q0 14 14 14h12`;
    replace(picture, svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": `One ${CELLS[spec.cell]} cell with its loop` },
      spec.cell === "lstm" ? svg("path.belt", { d: belt }) : null,
      arrow("out", `M${cx} ${top}V44`, up(cx, 38)),
      arrow(`in ${part} 0 0`, `M${cx} 214V${bottom + 9}`, up(cx, bottom + 2)),
      arrow(`back ${part} 0 0`, loop, `M${cx - 33} ${top + 40}l-9 -4.5v9z`),
      svg("rect.body", { x: cx - 32, y: top, width: 64, height: bottom - top, rx: 8, onpointerenter: () => stage.lightMatrix("cell"), onpointerleave: () => stage.lightMatrix(null) }),
      svg("text.kind", { x: cx, y: top + 25, "text-anchor": "middle" }, CELLS[spec.cell]),
      svg("text.small", { x: cx, y: top + 41, "text-anchor": "middle" }, `${count(spec.hidden_size)} ${spec.hidden_size === 1 ? "unit" : "units"}`),
      svg("text.end", { x: cx, y: 28, "text-anchor": "middle" }, answerWord(classes), svg("tspan.shape", { dx: 5 }, count(classes.length || 1))),
      svg("text.end", { x: cx, y: 230, "text-anchor": "middle" }, "x", svg("tspan.shape", { dx: 5 }, count(inputs))),
      spec.cell === "lstm" ? svg("text.state", { x: cx - 64, y: top - 4, "text-anchor": "end" }, "c") : null,
      svg("text.state", { x: cx - 64, y: top + 66, "text-anchor": "end" }, "h"),
      label("out", cx + 9, 55),
      label(`in ${part} 0 0`, cx + 9, 192),
      label(`back ${part} 0 0`, cx + 64, top + 56),
    ), h("p.small.muted.compact-words", depth(spec, isTwo)));
  }

  function depth(spec, isTwo) {
    const parts = [];
    if (spec.layers > 1) parts.push(`${spec.layers} layers`);
    if (spec.bidirectional) parts.push("both directions");
    if (isTwo) parts.push("encoder and decoder");
    return parts.length ? `The first of ${spec.layers * (spec.bidirectional ? 2 : 1) * (isTwo ? 2 : 1)} such cells: ${parts.join(", ")}.` : "";
  }

  function light() {
    for (const element of picture.querySelectorAll("[data-matrix]")) element.classList.toggle("lit", element.dataset.matrix === stage.matrix);
  }

  let built = "";
  stage.on("scene", () => {
    const { spec, layers, classes } = stage.scene.numbers;
    const key = JSON.stringify([spec.cell, spec.layers, spec.hidden_size, spec.bidirectional, layers, classes.length, stage.scene.numbers.pattern]);
    if (key === built) return;
    built = key;
    build();
  });
  stage.on("matrix", light);
}
