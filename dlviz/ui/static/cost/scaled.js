// Drawn to scale: the n × n cells that every head fills, beside the n steps that a recurrent network takes.

import { css, mix, rgb } from "../lib/color.js";
import { count, fit, h, setText } from "../lib/dom.js";
import { bytes } from "./formulas.js";

const FRAMES = [8, 16, 32, 64, 128, 256, 512, 1024, 2048]; // tokens along a side; the smallest that holds n is shown
const [MARGIN, STRIP] = [1, 44];
const LINES_FROM = 5; // px of a cell from which on cells are told apart

export function buildScaled() {
  const canvas = h("canvas.scaled", { role: "img" });
  const [cells, steps, memory, note] = [h("p.big.value"), h("p.big.value"), h("p.big.value"), h("p.small.muted.value")];
  const [cellsBy, stepsBy, memoryBy] = [h("p.value"), h("p.value"), h("p.value")];
  const counted = h("dd");
  const element = h("div.to-scale", h("figure", canvas, h("figcaption", note)),
    h("dl.figures",
      h("div", h("dt.label", "Cells of attention"), h("dd", cells, cellsBy)),
      h("div", h("dt.label", "Memory of these cells"), h("dd", memory, memoryBy)),
      h("div", h("dt.label", "Steps one after the other"), h("dd", steps, stepsBy)),
      h("div", h("dt.label", "Counted in the tensors"), counted)));

  function draw({ n, heads, layers, costs, masked }, colors) {
    const frame = FRAMES.find((each) => each >= n);
    const { pen, width, height } = fit(canvas);
    const side = Math.min(width, height - STRIP) - 2 * MARGIN;
    const unit = side / frame;
    const [accent, other, paper] = [rgb(colors.accent), rgb(colors.classes[0]), rgb(colors.paper)];
    pen.clearRect(0, 0, width, height);
    pen.lineWidth = 1;
    pen.fillStyle = css(mix(paper, accent, 0.55));
    pen.fillRect(MARGIN, MARGIN, n * unit, n * unit);
    if (masked === "causal") { // cells that are computed and then hidden
      pen.fillStyle = css(mix(paper, accent, 0.22));
      pen.beginPath();
      if (unit >= LINES_FROM) for (let row = 0; row < n; row += 1) pen.rect(MARGIN + (row + 1) * unit, MARGIN + row * unit, (n - row - 1) * unit, unit);
      else {
        pen.moveTo(MARGIN, MARGIN);
        pen.lineTo(MARGIN + n * unit, MARGIN);
        pen.lineTo(MARGIN + n * unit, MARGIN + n * unit);
      }
      pen.fill();
    }
    pen.fillStyle = css(other, 0.8);
    pen.fillRect(MARGIN, side + 22, n * unit, Math.max(5, unit));
    pen.strokeStyle = colors.paper;
    if (unit >= LINES_FROM) {
      pen.beginPath();
      for (let i = 1; i < n; i += 1) {
        const at = MARGIN + Math.round(i * unit) + 0.5;
        pen.moveTo(at, MARGIN);
        pen.lineTo(at, MARGIN + n * unit);
        pen.moveTo(MARGIN, at);
        pen.lineTo(MARGIN + n * unit, at);
        pen.moveTo(at, side + 22);
        pen.lineTo(at, side + 22 + Math.max(5, unit));
      }
      pen.stroke();
    }
    pen.font = `12px ${colors.font}`;
    pen.textBaseline = "bottom";
    pen.textAlign = "right";
    for (const each of FRAMES.filter((size) => size <= frame && size * unit > 40)) {
      const long = each * unit;
      pen.strokeStyle = css(rgb(colors.ink), each === frame ? 0.3 : 0.45);
      pen.setLineDash(each === frame ? [] : [3, 4]);
      pen.strokeRect(MARGIN + 0.5, MARGIN + 0.5, long - 1, long - 1);
      pen.fillStyle = colors.ink;
      pen.globalAlpha = 0.65;
      if (long > 60) pen.fillText(`${count(each)} × ${count(each)}`, MARGIN + long - 5, MARGIN + long - 3);
      pen.globalAlpha = 1;
    }
    pen.setLineDash([]);
    canvas.setAttribute("aria-label", `A square of ${count(n)} by ${count(n)} cells in a frame of ${count(frame)}, and a line of ${count(n)} steps in the same unit.`);
    setText(cells, count(costs.cells));
    setText(cellsBy, `${count(n)}² · ${heads} ${heads === 1 ? "head" : "heads"} · ${layers} ${layers === 1 ? "layer" : "layers"}`);
    setText(memory, bytes(costs.weightsBytes));
    setText(memoryBy, `${count(costs.cells)} · 4 bytes, while training; only reading, one layer at a time: ${bytes(costs.weightsBytes / layers)}`);
    setText(steps, `${count(layers)} against ${count(n)}`);
    setText(stepsBy, "Attention has one step a layer: all its cells at once. A recurrent layer waits for each token.");
    const hidden = masked === "causal" ? ` The pale half, ${count((n * (n - 1)) / 2)} cells, lies ahead: it is computed, then hidden by the mask.` : "";
    setText(note, `The square: the cells of one head. The line under it, in the same unit: the steps of a recurrent network.${hidden}`);
  }

  return { element, draw, counted };
}
