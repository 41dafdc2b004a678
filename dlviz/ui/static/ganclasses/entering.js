// How the class enters: as one-hot numbers beside the noise, and beside what D sees; and as a column of weights, which is a bias.

import { css } from "../lib/color.js";
import { count, fit, h, percent, replace, setText, steady } from "../lib/dom.js";
import { firstLayer, firstOf, partsOf, shareOfClass, strongest } from "./layer.js";

const TALL = 380;
const HEAD = 20;
const GAP = 14; // px between the noise's columns, the classes' and the bias
const WIDEST = 34;

export function buildEntering({ redraw }) {
  const into = Object.fromEntries(["generator", "discriminator"].map((part) => [part, buildWay(part)]));
  const canvas = h("canvas.gc-weights", { tabindex: 0, role: "application", style: { height: `${TALL}px` }, "aria-label": "Weights of the generator's first layer. Arrow keys move from unit to unit." });
  const sheet = document.createElement("canvas");
  const scale = h("canvas.gc-ramp", { width: 65, height: 1, "aria-hidden": "true" });
  const limits = [h("span.value"), h("span.value")];
  const caption = h("p.label.value");
  const equation = h("p.gc-equation.value", { "aria-live": "polite" });
  const about = h("p.value");
  const element = h("section.gc-part", { "aria-label": "How the class enters" }, h("h3", "How the class enters: as nothing but another bias"),
    h("div.gc-ways", into.generator.element, into.discriminator.element),
    h("div.gc-layer", h("div.gc-stack", caption, h("div.gc-weightbox", canvas), h("div.row.small.muted", limits[0], scale, limits[1])), h("div.gc-stack", about, equation)));
  let [layer, of, unit, drawn, xs] = [null, null, null, null, null];
  const move = (next) => { unit = next; redraw(); };
  canvas.addEventListener("pointermove", (event) => { if (layer) move(Math.min(layer.units - 1, Math.max(0, Math.floor(((event.offsetY - HEAD) / (TALL - HEAD)) * layer.units)))); });
  canvas.addEventListener("pointerleave", () => move(null));
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!way || !layer) return;
    event.preventDefault();
    event.stopPropagation();
    move(Math.min(layer.units - 1, Math.max(0, (unit ?? drawn.unit) + way)));
  });

  function paint(chosen, colors) {
    const columns = layer.noise + layer.told + 2;
    canvas.parentElement.style.maxWidth = `${columns * WIDEST + 2 * GAP}px`;
    if (!canvas.clientWidth) return;
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const wide = (width - 2 * GAP) / columns;
    const tall = (height - HEAD) / layer.units;
    xs = (column) => column * wide + (column >= layer.noise ? GAP : 0) + (column >= layer.noise + layer.told ? GAP : 0);
    const own = layer.noise + chosen;
    const columnOf = (u) => [...layer.values.subarray(u * layer.inputs, (u + 1) * layer.inputs), layer.bias(u), layer.bias(u) + layer.at(u, own)];
    let most = 1e-9;
    for (let u = 0; u < layer.units; u += 1) for (const value of columnOf(u)) most = Math.max(most, Math.abs(value));
    // A pixel a cell, enlarged: the same effort for a layer of 2,000 weights as for one of 100,000.
    if (sheet.width !== columns || sheet.height !== layer.units) Object.assign(sheet, { width: columns, height: layer.units });
    const image = new ImageData(columns, layer.units);
    for (let u = 0, at = 0; u < layer.units; u += 1) {
      for (const value of columnOf(u)) {
        image.data.set(colors.diverging(value / most), at);
        image.data[at + 3] = 255;
        at += 4;
      }
    }
    sheet.getContext("2d").putImageData(image, 0, 0);
    pen.imageSmoothingEnabled = false;
    for (const [from, till] of [[0, layer.noise], [layer.noise, columns - 2], [columns - 2, columns]]) pen.drawImage(sheet, from, 0, till - from, layer.units, xs(from), HEAD, (till - from) * wide, height - HEAD);
    pen.font = `12px ${colors.font}`;
    pen.textBaseline = "bottom";
    pen.textAlign = "center";
    pen.lineWidth = 1;
    pen.strokeStyle = colors.line;
    for (const [from, till, name] of [[0, layer.noise, "noise"], [layer.noise, layer.noise + layer.told, ""], ...(wide < 24 ? [[columns - 2, columns, "b, b + w"]] : [[columns - 2, columns - 1, "b"], [columns - 1, columns, "b + w"]])]) {
      const [left, right] = [xs(from), xs(till - 1) + wide];
      pen.strokeRect(left, HEAD, right - left, height - HEAD - 0.5);
      pen.fillStyle = colors.muted;
      if (!name) continue;
      const half = Math.max(pen.measureText(name).width, right - left) / 2;
      pen.fillText(name, Math.min((left + right) / 2, width - half), HEAD - 4);
    }
    for (let k = 0; k < layer.told; k += 1) {
      pen.fillStyle = k === chosen ? colors.accent : colors.muted;
      if (wide > 9 || k === chosen) pen.fillText(drawn.classes[k], xs(layer.noise + k) + wide / 2, HEAD - 4, Math.max(14, wide - 1));
    }
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 2;
    pen.strokeRect(xs(own), HEAD, wide, height - HEAD - 1);
    pen.strokeStyle = colors.ink;
    pen.lineWidth = 1.5;
    pen.strokeRect(0.75, HEAD + drawn.unit * tall - 0.5, width - 1.5, Math.max(3, tall));
    [setText(limits[0], steady(-most, 2)), setText(limits[1], steady(most, 2))];
    const ramp = scale.getContext("2d");
    for (let x = 0; x < 65; x += 1) {
      ramp.fillStyle = css(colors.diverging((x - 32) / 32));
      ramp.fillRect(x, 0, 1, 1);
    }
    drawn.limit = most;
  }

  function say({ scene, chosen }) {
    const { classes, told } = scene.numbers;
    const name = classes[chosen];
    const { row, places } = layer;
    const normed = layer.hasBias ? "" : " It has no bias of its own: the batch norm behind it has.";
    setText(caption, `${row.name}: weights ${layer.units} × (${layer.noise} + ${told})${places > 1 ? `, each the mean over ${row.kernel} × ${row.kernel} places` : ""}; the bias b, and b + w, the bias with the column of ${name}`);
    setText(about, `One-hot numbers times weights leave one column standing, that of ${name}, and it is added whatever the noise is: asking for a class picks one of ${told} biases, ${count(layer.units * places)} numbers each.${normed} Of all that differs in this layer from one call to the next ${percent(drawn.share, 0)} is the class, the rest noise${drawn.share < 0.02 ? ": it hardly hears what it is told" : ""}.`);
    const { fromNoise, fromClass, bias, sum } = drawn.parts;
    const term = (value) => (value < 0 ? `− ${steady(-value, 3)}` : `+ ${steady(value, 3)}`);
    const sumOf = layer.hasBias ? "W z + w + b" : "W z + w";
    const terms = `${steady(fromNoise, 3)} ${term(fromClass)}${layer.hasBias ? ` ${term(bias)}` : ""}`;
    setText(equation, `Unit ${drawn.unit + 1}${places > 1 ? ", the mean of its map" : ""}, for the noise picked and w, the column of ${name}: ${sumOf} = ${terms} = ${steady(sum, 3)}`);
  }

  return {
    element,
    /** `now`: {moment, scene, chosen, z, example}. */
    draw(now, colors) {
      const { moment, scene, chosen, z, example } = now;
      if (of !== moment) {
        layer = firstLayer(moment);
        of = moment;
        layer.share = shareOfClass(layer, scene.numbers.spec.noise === "uniform");
      }
      const at = unit === null || unit >= layer.units ? strongest(layer, chosen) : unit;
      drawn = { classes: scene.numbers.classes, unit: at, parts: partsOf(layer, at, z, chosen), share: layer.share, step: moment.step };
      into.generator.show({ gan: moment.gan, scene, values: z, chosen }, colors);
      into.discriminator.show({ gan: moment.gan, scene, values: example, chosen }, colors);
      paint(chosen, colors);
      say(now);
    },
    read: () => drawn && { unit: drawn.unit, parts: drawn.parts, share: drawn.share, limit: drawn.limit, step: drawn.step, equation: equation.textContent, words: about.textContent, ways: Object.fromEntries(Object.entries(into).map(([part, way]) => [part, way.read()])) },
  };
}

// One player: what it is given as coloured cells, the one-hot numbers behind it, and the layer that both enter.
function buildWay(part) {
  const strip = h("canvas.gc-strip", { "aria-hidden": "true" });
  const what = h("span.label.value");
  const told = h("div.gc-onehot");
  const toldWhat = h("span.label.value");
  const to = h("span.gc-to.value");
  const isGenerator = part === "generator";
  const element = h("figure.gc-way", h("figcaption", h("h4", isGenerator ? "Into the generator" : "Into the discriminator")),
    h("div.gc-given", h("div.gc-stack", what, strip), h("span.gc-plus", { "aria-hidden": "true" }, "+"), h("div.gc-stack", toldWhat, told)), h("p.small.muted", "↓ ", to));
  let [cells, shown] = [[], null];

  return {
    element,
    show({ gan, scene, values, chosen }, colors) {
      const { classes, shape, told: count_, planar } = scene.numbers;
      const row = firstOf(gan, part);
      const isMaps = row.kind === "conv";
      if (cells.length !== count_) {
        cells = classes.map(() => h("span.value"));
        replace(told, cells);
      }
      cells.forEach((cell, k) => {
        setText(cell, k === chosen ? "1" : "0");
        cell.classList.toggle("on", k === chosen);
      });
      setText(what, isGenerator ? `z: ${values.length} numbers` : planar ? "a point: 2 numbers" : `a picture: ${isMaps ? shape.join(" × ") : `${values.length} pixels`}`);
      setText(toldWhat, isMaps ? `${count_} maps of ${shape[1]} × ${shape[2]}, one all ones` : `the class: ${count_} numbers`);
      setText(to, `${row.name}, ${row.input_shape.join(" × ")} → ${row.output_shape.join(" × ")}`);
      shown = { values: [...values], onehot: cells.map((cell) => Number(cell.textContent)), row: row.name };
      if (!strip.clientWidth) return;
      const { pen, width, height } = fit(strip);
      const most = Math.max(1e-9, ...values.map(Math.abs));
      values.forEach((value, i) => {
        pen.fillStyle = css(colors.diverging(value / most));
        pen.fillRect((i / values.length) * width, 0, width / values.length + 0.5, height);
      });
    },
    read: () => shown,
  };
}
