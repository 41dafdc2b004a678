// Gradient norm of each layer, live and on a logarithmic scale, with its history and its dead units.

import { ACTIVATIONS } from "../lib/activation.js";
import { count, fit, h, number, replace, setText } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { deadUnits, History, readGradients } from "./reading.js";

const SHARPEST = 6; // decades below the largest norm that the bars still show

export default mount((root, live, ctx) => {
  const reading = h("p.reading", { "aria-live": "off" });
  const rows = h("div.layers", { role: "table", "aria-label": "Gradient norm and dead units of each layer" });
  const axis = h("div.axis.label", { "aria-hidden": "true" });
  root.append(h("div.gradients", reading, rows, axis));
  const history = new History();
  let built = "";
  let parts = [];

  function build(scene) {
    const { widths, activations } = scene.numbers;
    parts = widths.slice(1).map((width, layer) => {
      const isOutput = layer === widths.length - 2;
      const part = { hidden: !isOutput, bar: h("i.fill"), value: h("span.value"), line: h("canvas"), dead: h("span.dead") };
      part.row = h("div.layer", { role: "row" },
        h("div.name", { role: "rowheader" }, h("b", isOutput ? "Output" : `Layer ${layer + 1}`),
          h("span.label", isOutput ? `${width} linear` : `${width} ${ACTIVATIONS[activations[layer]].label}`)),
        h("div.bar", { role: "cell" }, part.bar, part.value),
        h("div.line", { role: "cell", "aria-label": "history" }, part.line),
        h("div.state", { role: "cell" }, part.dead));
      return part;
    });
    replace(rows, h("div.layer.head.label", { role: "row" },
      ["layer", "norm of the gradient, last batch", "history", "dead units"].map((text) => h("div", { role: "columnheader" }, text))),
    parts.map((part) => part.row));
  }

  function takeScene(scene) {
    const shape = JSON.stringify([scene.numbers.widths, scene.numbers.activations]);
    if (shape !== built) build(scene);
    built = shape;
    history.clear();
    ctx.redraw();
  }

  function takeFrame(frame) {
    history.cut(live.newest?.step ?? frame.step);
    const norms = frame.arrays.grad_norm.data;
    if (norms.some((norm) => norm > 0)) history.add(frame.step, norms);
    ctx.redraw();
  }

  live?.on("scene", takeScene, ctx.signal);
  live?.on("frame", takeFrame, ctx.signal);
  live?.on("runs", () => history.clear(), ctx.signal);

  // The top of the scale is a power of ten at or above every norm seen, so that bars move and not the scale.
  function top(norms) {
    const largest = Math.max(...norms, ...history.moments.flatMap((moment) => [...moment.norms]));
    return largest > 0 ? Math.ceil(Math.log10(largest) - 1e-9) : 0;
  }

  function draw() {
    const { frame, scene } = live ?? {};
    if (!frame || !parts.length || frame.arrays.grad_norm.data.length !== parts.length) return;
    const norms = frame.arrays.grad_norm.data;
    const hidden = scene.numbers.widths.slice(1, -1);
    const dead = deadUnits(frame.arrays.slope.data, hidden);
    const { level, text } = readGradients(norms, dead, frame.step, number);
    setText(reading, text);
    reading.dataset.level = level;
    const high = top(norms);
    const share = (norm) => Math.min(1, Math.max(0, norm > 0 ? 1 - (high - Math.log10(norm)) / SHARPEST : 0));
    parts.forEach((part, layer) => {
      part.bar.style.setProperty("--share", share(norms[layer]));
      part.row.classList.toggle("off-scale", norms[layer] > 0 && share(norms[layer]) === 0);
      setText(part.value, norms[layer] > 0 ? number(norms[layer]) : "0");
      if (part.hidden) showDead(part.dead, dead[layer]);
      drawLine(part.line, layer, share, frame.step);
    });
    if (axis.dataset.high !== String(high)) writeAxis(high);
  }

  function writeAxis(high) {
    const exponents = Array.from({ length: SHARPEST / 2 + 1 }, (_, i) => high - SHARPEST + 2 * i);
    replace(axis, h("span"), h("span.scale", exponents.map((exponent, i) =>
      h("span", { style: { "--share": (2 * i) / SHARPEST } }, "10", h("sup", String(exponent).replace("-", "−"))))));
    axis.dataset.high = high;
  }

  function showDead(element, { units, width }) {
    const names = units.map((unit) => unit + 1).join(", ");
    setText(element, units.length ? `${count(units.length)} of ${width}: unit${units.length > 1 ? "s" : ""} ${names}` : "none");
    element.classList.toggle("some", units.length > 0);
  }

  function drawLine(canvas, layer, share, step) {
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const { moments } = history;
    if (moments.length < 2 || !width) return;
    const [first, last] = [moments[0].step, moments.at(-1).step];
    const x = (at) => 1 + ((at - first) / (last - first)) * (width - 4);
    const y = (norm) => height - 2 - share(norm) * (height - 4);
    pen.lineWidth = 1.25;
    pen.strokeStyle = ctx.colors.muted;
    pen.beginPath();
    for (const moment of moments) pen.lineTo(x(moment.step), y(moment.norms[layer]));
    pen.stroke();
    const at = moments.find((moment) => moment.step === step);
    if (!at) return;
    if (step < last) {
      pen.strokeStyle = ctx.colors.line;
      pen.beginPath();
      pen.moveTo(x(step), 0);
      pen.lineTo(x(step), height);
      pen.stroke();
    }
    pen.fillStyle = ctx.colors.accent;
    pen.beginPath();
    pen.arc(x(step), y(at.norms[layer]), 2.5, 0, 2 * Math.PI);
    pen.fill();
  }

  return { draw, update: () => ctx.redraw() };
});
