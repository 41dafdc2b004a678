// The numbers of the backprop view on the picture: a unit's value, its sum and its gradient; a link's weight.

import { number } from "../lib/dom.js";
import { along } from "./links.js";

const CORNER = 7;

/** Short enough for a node: two significant digits; a tiny gradient keeps its size as 1e−5, a tiny value is 0.00. */
function brief(x, tiny = "") {
  const size = Math.abs(x);
  if (tiny && size !== 0 && size < 0.005) return tiny;
  if (size !== 0 && (size < 0.005 || size >= 1e4)) return x.toExponential(0).replace("-", "−").replace("e-", "e−").replace("e+", "e");
  return number(x, size < 0.1 ? 1 : 2);
}

/** Every node as a tile: a inside, z under it, δ = ∂L/∂z above it once the backward pass has come there. */
export function drawNumbers(pen, all, { size }, backprop, colors) {
  const font = (px, weight = 500) => `${weight} ${px}px ${colors.font}`;
  const large = size < 34 ? 10 : 12;
  const small = size < 34 ? 8.5 : 10.5;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const node of all) {
    const numbers = backprop.numbersOf(node.layer, node.unit);
    if (!numbers) continue;
    const middle = node.x + size / 2;
    pen.globalAlpha = 0.84;
    pen.fillStyle = colors.paper;
    pen.beginPath();
    pen.roundRect(node.x, node.y, size, size, CORNER);
    pen.fill();
    pen.globalAlpha = 1;
    if (backprop.focus?.layer === node.layer && backprop.focus?.unit === node.unit) {
      pen.strokeStyle = colors.accent;
      pen.lineWidth = 2.5;
      pen.stroke();
    }
    pen.fillStyle = colors.ink;
    pen.font = font(large, 600);
    pen.fillText(brief(numbers.inside, "0.00"), middle, node.y + size / 2);
    if (numbers.below !== null) {
      pen.font = font(small);
      pen.fillStyle = colors.muted;
      halo(pen, `z ${brief(numbers.below, "0.00")}`, middle, node.y + size + 6.5, colors);
    }
    if (numbers.above !== null) {
      pen.font = font(small, 600);
      pen.fillStyle = numbers.above < 0 ? colors.negative : colors.positive;
      halo(pen, `δ ${brief(numbers.above)}`, middle, node.y - 6.5, colors);
    }
  }
}

/** The numbers of the links that enter the unit in focus: weights, or their gradients. */
export function drawWeights(pen, links, backprop, colors) {
  const { layer, unit } = backprop.focus;
  const { inputs } = links.model.layers[layer - 1];
  pen.font = `600 10.5px ${colors.font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (let i = 0; i < inputs; i += 1) {
    const gradient = backprop.weightGradient(layer - 1, unit, i);
    const value = gradient ?? links.model.layers[layer - 1].weight[unit * inputs + i];
    const [x, y] = along(links.place(layer - 1, unit, i), 0.4);
    pen.fillStyle = value < 0 ? colors.negative : colors.positive;
    halo(pen, brief(value), x, y, colors);
  }
}

function halo(pen, text, x, y, colors) {
  pen.strokeStyle = colors.paper;
  pen.lineWidth = 3.5;
  pen.lineJoin = "round";
  pen.strokeText(text, x, y);
  pen.fillText(text, x, y);
}
