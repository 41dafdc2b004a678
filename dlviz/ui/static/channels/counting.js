// What the layer on the stage costs, with its numbers put in, beside a fully connected layer in its place.

import { count, h, number, replace, setText } from "../lib/dom.js";
import { denseFormula, denseOf, multiplicationFormula, multiplicationsOf, parameterFormula, parametersOf } from "../lib/costs.js";

const LARGEST_SQUARE = 150; // px of the side of the larger square
const SMALLEST_SQUARE = 2; // px below which a square would not be seen

export function buildCounting(stage) {
  const explained = h("p.explained.small", { "aria-live": "polite" });
  const parameters = h("div.formula.value");
  const products = h("div.formula.value");
  const dense = h("div.formula.value");
  const squares = h("div.squares");
  const element = h("section.counting", h("h3", "What it costs"),
    h("div.formulas", h("span.label", "parameters"), h("span.symbols", "(k·k·c", h("sub", "in"), "/groups + 1) · c", h("sub", "out")), parameters,
      h("span.label", "multiplications"), h("span.symbols", "k·k·c", h("sub", "in"), "/groups · c", h("sub", "out"), " · rows · columns"), products,
      h("span.label", "fully connected"), h("span.symbols", "(inputs + 1) · outputs"), dense),
    explained, squares);
  const idle = "Point at a number to read what it counts.";
  setText(explained, idle);
  let shown = "";

  function tokens(parts) {
    return parts.map(({ text, says }) => {
      if (!says) return text;
      const say = () => setText(explained, `${says}.`);
      return h("span.counted", { tabindex: "0", "aria-label": says, onpointerenter: say, onfocus: say, onclick: say, onpointerleave: () => setText(explained, idle) }, text);
    });
  }

  function formula(into, layers, parts, value) {
    const all = layers.filter((layer) => value(layer) > 0);
    if (!all.length) {
      replace(into, h("b", "0"), h("span.muted", ": pooling has no weights to multiply with"));
      return;
    }
    const total = all.reduce((sum, layer) => sum + value(layer), 0);
    const lines = all.map((layer, i) => [i ? " + " : "", ...tokens(parts(layer))]);
    const between = all.length > 1 ? [" = ", all.map((layer) => count(value(layer))).join(" + ")] : [];
    replace(into, ...lines, ...between, " = ", h("b.result", count(total)));
  }

  return {
    element,
    show(layers) {
      const key = JSON.stringify(layers);
      if (key === shown) return;
      shown = key;
      formula(parameters, layers, parameterFormula, parametersOf);
      formula(products, layers, multiplicationFormula, multiplicationsOf);
      const whole = { ...layers[0], outputs: layers.at(-1).outputs, output_size: layers.at(-1).output_size };
      replace(dense, ...tokens(denseFormula(whole)), " = ", h("b.result", count(denseOf(whole))));
      replace(squares, drawSquares(layers.reduce((sum, layer) => sum + parametersOf(layer), 0), denseOf(whole)));
    },
  };
}

// Two squares, their areas in proportion, so that a ratio of a thousand still fits on the page.
function drawSquares(sliding, dense) {
  const most = Math.max(sliding, dense);
  const side = (value) => Math.max(SMALLEST_SQUARE, LARGEST_SQUARE * Math.sqrt(value / most));
  const square = (value, what, kind) => h("figure.square", h(`div.${kind}`, { style: { width: `${side(value)}px`, height: `${side(value)}px` } }),
    h("figcaption.label", h("b.value", count(value)), h("br"), what));
  const ratio = sliding > 0 ? `${number(dense / sliding)} times` : "";
  const tooSmall = sliding > 0 && LARGEST_SQUARE * Math.sqrt(sliding / most) < SMALLEST_SQUARE;
  const compared = dense >= sliding ? `A fully connected layer from the same input to the same output needs ${ratio} as many parameters.`
    : "Here a fully connected layer would need fewer parameters: the picture is hardly larger than the kernel.";
  const scaled = tooSmall ? "Areas to scale, the small square drawn larger than it is." : "Areas to scale.";
  const words = sliding === 0 ? "Pooling has no parameters. A fully connected layer between the same arrays would learn every one of its weights." : compared;
  return [
    h("div.square-pair", { role: "img", "aria-label": `${count(sliding)} parameters against ${count(dense)}, areas to scale` },
      sliding ? square(sliding, "this layer", "ours") : null, square(dense, "fully connected", "theirs")),
    h("p.small", words, " ", h("span.muted", sliding === 0 ? "" : scaled)),
  ];
}
