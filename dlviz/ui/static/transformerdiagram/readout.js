// The box that is pointed at: its equation, its parameters, and what goes in and comes out, as numbers and as heat.

import { css } from "../lib/color.js";
import { count, fit, h, number, replace, setText } from "../lib/dom.js";
import { equationOf } from "./equations.js";
import { normAt, rowsOf, shapeOf } from "./flow.js";

const CELL = 9; // px of a cell's height, at most
const TALLEST = 150; // px of a strip
const FLOWS = 3; // at most: two in, one out

export function buildReadout() {
  const title = h("h3");
  const says = h("p");
  const equation = h("p.equation.code");
  const live = h("ul.live.small.value");
  const parameters = h("p.small.muted.value");
  const flows = Array.from({ length: FLOWS }, () => {
    const parts = { head: h("span.value.small"), canvas: h("canvas.heat", { role: "img" }) };
    return { ...parts, element: h("figure.of-flow", h("figcaption", parts.head), parts.canvas) };
  });
  const scale = h("canvas.ramp", { role: "img", "aria-label": "Colour scale of the numbers" });
  const [low, high] = [h("span"), h("span")];
  const legend = h("p.legend.small.value", low, scale, high, h("span.muted", "one row a token, one column a number"));
  const element = h("aside.readout", { "aria-live": "polite" }, title, says, equation, live, h("div.flows", flows.map((each) => each.element)), legend, parameters);
  let shown = null;

  /** `item` of flow.js, `at`: a token of its stack or null, `moment`. */
  function show(item, at, moment) {
    const [formula, lines] = equationOf(item, at, moment);
    setText(title, item.name);
    setText(says, item.says);
    setText(equation, formula);
    replace(live, lines.map((line) => h("li", line)));
    const total = item.parameters.reduce((sum, { count: n }) => sum + n, 0);
    setText(parameters, total ? `${count(total)} parameters: ${item.parameters.map(({ name, shape, count: n }) => `${name} ${shape.join(" × ")} = ${count(n)}`).join(", ")}.` : "Nothing is learned here.");
    const all = [...item.inputs.map((each) => ({ ...each, way: "in" })), { ...item.output, way: "out" }];
    shown = all.map((each) => ({ ...each, at: at !== null && at < rowsOf(each) && each.name !== "memory" ? at : null }));
    // One scale for all of them, so that larger is darker; 98 % of the numbers lie within.
    const sizes = shown.flatMap(({ data, width, at: row }) => [...(row === null ? data : data.subarray(row * width, (row + 1) * width))].map(Math.abs)).sort((a, b) => a - b);
    shown.limit = sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * 0.98))] || 1;
    flows.forEach((each, i) => {
      const what = shown[i];
      each.element.classList.toggle("hidden", !what);
      if (!what) return;
      const mean = what.at === null ? "mean norm" : `token ${what.at + 1}, norm`;
      setText(each.head, `${what.way}: ${what.name} ${shapeOf(what)}, ${mean} ${number(normAt(what, what.at))}`);
      const rows = what.at === null ? rowsOf(what) : 1;
      each.canvas.style.height = `${rows === 1 ? 22 : Math.min(TALLEST, rows * CELL)}px`;
      each.canvas.setAttribute("aria-label", each.head.textContent);
    });
    setText(low, `−${number(shown.limit, 2)}`);
    setText(high, number(shown.limit, 2));
  }

  function draw(colors) {
    if (!shown) return;
    shown.forEach((what, i) => {
      const { pen, width, height } = fit(flows[i].canvas);
      const [from, rows] = what.at === null ? [0, rowsOf(what)] : [what.at, 1];
      const [wide, tall] = [width / what.width, height / rows];
      pen.clearRect(0, 0, width, height);
      for (let t = 0; t < rows; t += 1) {
        for (let k = 0; k < what.width; k += 1) {
          pen.fillStyle = css(colors.diverging(Math.max(-1, Math.min(1, what.data[(from + t) * what.width + k] / shown.limit))));
          pen.fillRect(k * wide, t * tall, wide + 0.3, tall + 0.3);
        }
      }
    });
    const { pen, width, height } = fit(scale);
    for (let x = 0; x < width; x += 1) {
      pen.fillStyle = css(colors.diverging((2 * x) / Math.max(1, width - 1) - 1));
      pen.fillRect(x, 0, 1.5, height);
    }
  }

  return { element, show, draw };
}
