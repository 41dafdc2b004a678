// The home page's living picture: a network that learns the points in it, and any point that is added.

import { count, h, setText, steady } from "../lib/dom.js";
import { shapes } from "../lib/tinytrain.js";
import { fieldPainter } from "./field.js";
import { Living } from "./living.js";

const WIDTHS = [2, 8, 8, 2];
const NAMES = { spiral: "Spiral", moons: "Moons", circle: "Circle", xor: "Exclusive or" };
const PARAMETERS = WIDTHS.slice(1).reduce((sum, n, k) => sum + n * (WIDTHS[k] + 1), 0);
const SPRAY = 0.06; // of the plane between two points of one stroke
const STEP = 0.05; // of an arrow key

export function hero(ctx) {
  const canvas = h("canvas", {
    tabindex: 0, role: "application",
    "aria-label": "A network learns to tell the orange points from the blue ones. "
      + "Arrow keys move the cross, Enter adds a point, space changes its colour.",
  });
  const stand = h("span.value");
  let label = 1, cross = null, stroke = null;
  const paint = fieldPainter(ctx, (pen, size) => { if (cross) drawCross(pen, size); });
  const living = new Living(canvas, ctx, {
    widths: WIDTHS, shape: "spiral",
    paint: (picture) => {
      paint(picture);
      setText(stand, `step ${count(picture.network.steps)}, loss ${steady(picture.loss, 3)}`);
      Object.assign(canvas.dataset, { steps: picture.network.steps, loss: picture.loss, learned: picture.learned });
    },
  });

  function drawCross(pen, size) {
    const [x, y] = [((cross[0] + 1) / 2) * size, ((1 - cross[1]) / 2) * size];
    pen.strokeStyle = label ? ctx.colors.positive : ctx.colors.negative;
    pen.lineWidth = 2.5;
    pen.beginPath();
    for (const [dx, dy] of [[9, 0], [0, 9]]) {
      pen.moveTo(x - dx, y - dy);
      pen.lineTo(x + dx, y + dy);
    }
    pen.stroke();
  }

  const swatches = [0, 1].map((k) => h("button.swatch.plain", {
    type: "button", role: "radio", title: `Add ${k ? "blue" : "orange"} points`, "aria-label": `Add ${k ? "blue" : "orange"} points`,
    style: { "--fill": `var(--class-${k})` }, onclick: () => pick(k),
  }, h("i")));
  const chips = shapes.map((shape) => h("button.chip", { type: "button", onclick: () => begin(shape) }, NAMES[shape]));

  function pick(k) {
    label = k;
    swatches.forEach((swatch, n) => swatch.setAttribute("aria-checked", n === k));
    living.paint(living);
  }

  function begin(shape) {
    living.seed += 1; // other points, other first weights
    living.start(shape);
    mark();
  }

  const mark = () => chips.forEach((chip, k) => chip.setAttribute("aria-pressed", shapes[k] === living.shape));

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * 2 - 1, 1 - ((event.clientY - box.top) / box.height) * 2];
  };
  canvas.addEventListener("pointerdown", (event) => {
    stroke = place(event);
    cross = null;
    living.add(stroke, label);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke || !event.buttons) return;
    const to = place(event);
    if (Math.hypot(to[0] - stroke[0], to[1] - stroke[1]) < SPRAY) return;
    stroke = to;
    living.add(to, label);
  });
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    cross ??= [0, 0];
    if (way) cross = cross.map((x, k) => Math.min(Math.max(x + STEP * way[k], -1), 1));
    if (event.key === "Enter") living.add([...cross], label);
    if (event.key === " ") pick(1 - label);
    else living.paint(living);
  });
  canvas.addEventListener("blur", () => {
    cross = null;
    living.paint(living);
  });
  pick(1);
  mark();
  return {
    element: h("figure.hero-picture", canvas,
      h("figcaption",
        h("div.row", h("span.row.swatches", { role: "radiogroup", "aria-label": "Colour of new points" }, swatches),
          h("span.grow", "Click into the picture: it learns your points too."), stand),
        h("div.row.shapes", { role: "group", "aria-label": "Data" }, chips),
        h("p.small.muted", `A network of ${PARAMETERS} parameters, trained by this page with backpropagation and Adam.`))),
    repaint: () => living.paint(living),
  };
}
