// The network as it is: one cell whose state comes back to it. Beside it stands the same cell, once a step.

import { count, h, replace, svg } from "../lib/dom.js";
import { CELLS } from "./words.js";

const [WIDTH, HEIGHT] = [196, 236];

/** The picture; pointing at a matrix lights it at every step of the chain. */
export function buildCompact(area, stage) {
  const picture = h("div.compact-picture");
  area.append(picture);
  let matrices = new Map();

  function build() {
    const { spec, layers, pattern, classes, vocabulary } = stage.scene.numbers;
    matrices = stage.matrices;
    const isTwo = pattern === "decoder";
    const part = isTwo ? "encoder" : "core";
    const label = (key, x, y, anchor) => {
      const matrix = matrices.get(key);
      return svg("g.matrix", {
        tabindex: 0, role: "button", "data-matrix": key, "aria-label": `${matrix.name}, ${matrix.rows} times ${matrix.cols}`,
        onpointerenter: () => stage.lightMatrix(key), onpointerleave: () => stage.lightMatrix(null),
        onfocus: () => stage.lightMatrix(key), onblur: () => stage.lightMatrix(null),
      },
      svg("rect", { x: anchor === "end" ? x - 62 : x - 3, y: y - 14, width: 65, height: 32, rx: 4 }),
      svg("text.name", { x, y, "text-anchor": anchor }, matrix.name),
      svg("text.shape", { x, y: y + 13, "text-anchor": anchor }, `${count(matrix.rows)} × ${count(matrix.cols)}`));
    };
    const arrow = (key, d, head) => svg("g.wire", { "data-matrix": key }, svg("path.line", { d }), svg("path.head", { d: head }));
    const up = (x, y) => `M${x} ${y}l-4 8h8z`;
    const [cx, top, bottom] = [84, 92, 144];
    const inputs = layers[0].input;
    const said = classes.length || 1;
    replace(picture, svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": `One ${CELLS[spec.cell]} cell with its loop` },
      arrow("out", `M${cx} ${top}V50`, up(cx, 44)),
      arrow(`in ${part} 0 0`, `M${cx} 192V${bottom + 8}`, up(cx, bottom + 2)),
      arrow(`back ${part} 0 0`, `M${cx + 30} ${top + 34}h16q14 0 14 14v20q0 14 -14 14h-92q-14 0 -14 -14v-20q0 -14 14 -14h8`, `M${cx - 32} ${top + 34}l-8 -4v8z`),
      spec.cell === "lstm" ? svg("path.belt", { d: `M${cx + 30} ${top + 14}h10q14 0 14 -14v-10q0 -14 -14 -14h-80q-14 0 -14 14v10q0 14 14 14h10` }) : null,
      svg("rect.body", { x: cx - 30, y: top, width: 60, height: bottom - top, rx: 8 }),
      svg("text.kind", { x: cx, y: top + 24, "text-anchor": "middle" }, CELLS[spec.cell]),
      svg("text.small", { x: cx, y: top + 40, "text-anchor": "middle" }, `${count(spec.hidden_size)} ${spec.hidden_size === 1 ? "unit" : "units"}`),
      svg("text.end", { x: cx, y: 34, "text-anchor": "middle" }, vocabulary.length && classes.length ? "logits" : said === 1 ? "number" : "logits", svg("tspan.shape", { dx: 6 }, count(said))),
      svg("text.end", { x: cx, y: 210, "text-anchor": "middle" }, "x", svg("tspan.shape", { dx: 6 }, count(inputs))),
      spec.cell === "lstm" ? svg("text.state", { x: cx - 60, y: top - 8, "text-anchor": "end" }, "c") : null,
      svg("text.state", { x: cx - 66, y: top + 62, "text-anchor": "end" }, "h"),
      label("out", cx + 10, 62, "start"),
      label(`in ${part} 0 0`, cx + 10, 186, "start"),
      label(`back ${part} 0 0`, cx + 68, top + 52, "start"),
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
