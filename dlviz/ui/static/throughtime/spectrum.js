// What one step does to a gradient: the eigenvalues of the recurrent matrix on the unit circle, or how open the gates are.

import { css, rgb } from "../lib/color.js";
import { fit, h, number, replace, setText } from "../lib/dom.js";

const GATE = { lstm: ["forget gate f", "cell c"], gru: ["update gate z", "state h"] };

/** Numbers of one layer and direction of a reply: {eigenvalues} of an RNN, {kept} of the others; null before any. */
export function readSpectrum(reply, layer = 0, prefix = "") {
  const array = (name) => reply?.arrays[prefix + name];
  const shape = (array("kept") ?? array("eigenvalues_real"))?.shape;
  if (!shape) return null;
  const [layers, directions, units] = shape;
  const at = Math.min(layer, layers - 1) * directions;
  const unitsOf = (name) => [...array(name).data.subarray(at * units, (at + 1) * units)];
  if (array("kept")) {
    const kept = unitsOf("kept");
    const sorted = [...kept].sort((a, b) => a - b);
    const middle = (sorted[Math.floor((units - 1) / 2)] + sorted[Math.ceil((units - 1) / 2)]) / 2;
    return { layers, kept, points: kept.map((x) => [x, 0]), median: middle, largest: sorted.at(-1) };
  }
  const [real, imaginary] = [unitsOf("eigenvalues_real"), unitsOf("eigenvalues_imaginary")];
  const one = (name) => array(name).data[at];
  const found = { radius: one("spectral_radius"), singular: one("largest_singular_value"), slope: one("slope_mean"), slopeLargest: one("slope_largest") };
  return { layers, points: real.map((x, k) => [x, imaginary[k]]), ...found, bound: found.singular * found.slopeLargest };
}

function keepWords({ median, largest }, measured, gate) {
  if (measured === null) return "";
  if (measured > largest) return `The measured decay is slower than the most open ${gate} alone would leave: the rest comes back through W_hh, by way of the gates.`;
  if (measured < median) return `The measured decay is faster than the ${gate} of the unit in the middle: units that forget sooner carry most of this gradient, and W_hh turns part of it away.`;
  return `The measured decay lies between the unit in the middle and the most open one, ${number(median)} and ${number(largest)}: the longer the way, the more the most open units decide.`;
}

export function buildSpectrum({ live, ctx }) {
  const canvas = h("canvas.circle", { role: "img" });
  const about = h("p.about");
  const numbers = h("dl.numbers");
  const verdict = h("p.value");
  const layers = h("div.segments.hidden", { role: "radiogroup", "aria-label": "Layer" });
  const element = h("section.part.of-spectrum", { "aria-label": "What one step back multiplies with" },
    h("h3", "What one step back multiplies with"), about,
    h("div.both", h("figure.round", layers, canvas, h("figcaption.small.muted.circle-words")), h("div.stack", numbers, verdict)));
  const caption = element.querySelector(".circle-words");
  let reply = null;
  let found = null;

  function chooser(count, layer) {
    layers.classList.toggle("hidden", count < 2);
    if (layers.childElementCount !== count) {
      replace(layers, Array.from({ length: count }, (_, k) => h("button", { type: "button", role: "radio", onclick: () => live.shared.set("recurrent.layer", k) }, `Layer ${k + 1}`)));
    }
    [...layers.children].forEach((button, k) => button.setAttribute("aria-checked", k === layer));
  }

  function paint(points) {
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const reach = Math.max(1.15, ...points.map(([x, y]) => 1.08 * Math.hypot(x, y)));
    const unit = Math.min(width, height) / 2 / reach;
    const [x0, y0] = [width / 2, height / 2];
    pen.strokeStyle = ctx.colors.line;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(0, y0);
    pen.lineTo(width, y0);
    pen.moveTo(x0, 0);
    pen.lineTo(x0, height);
    pen.stroke();
    pen.strokeStyle = ctx.colors.muted;
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.arc(x0, y0, unit, 0, 2 * Math.PI);
    pen.stroke();
    pen.fillStyle = ctx.colors.muted;
    pen.font = `12px ${ctx.colors.font}`;
    pen.textBaseline = "bottom";
    pen.fillText("1", x0 + unit + 3, y0 - 2);
    for (const [x, y] of points) {
      pen.fillStyle = css(rgb(Math.hypot(x, y) > 1 ? ctx.colors.negative : ctx.colors.positive), 0.75);
      pen.beginPath();
      pen.arc(x0 + x * unit, y0 - y * unit, 3.5, 0, 2 * Math.PI);
      pen.fill();
    }
  }

  const line = (name, value, why) => [h("dt", name), h("dd.value", { "data-number": name }, h("b", number(value)), why ? h("span.small.muted", ` ${why}`) : null)];

  function draw() {
    const { cell } = live.scene.numbers.spec;
    const layer = live.shared.get("recurrent.layer") ?? 0;
    const next = reply && readSpectrum(reply, layer);
    element.classList.toggle("waiting", !next);
    if (!next || Boolean(next.kept) !== (cell !== "rnn")) return;
    found = next;
    chooser(found.layers, Math.min(layer, found.layers - 1));
    const measured = reply.arrays.decay?.data[0] ?? null;
    const last = measured === null ? [] : line("Measured decay", measured, "a step, from the curve above");
    paint(found.points);
    if (cell === "rnn") {
      setText(about, "In an RNN a gradient goes back through W_hhᵀ · diag(tanh′), once a step. A power of a matrix grows or fades as its largest eigenvalue does: the spectral radius ρ. The slopes tanh′ of units that are driven hard make it fade faster.");
      replace(numbers, line("Spectral radius ρ(W_hh)", found.radius), line("Largest singular value σ_max", found.singular),
        line("Mean slope tanh′", found.slope, "over units and steps"), line("Bound σ_max · max tanh′", found.bound, `= ${number(found.singular)} · ${number(found.slopeLargest)}: no step multiplies by more`), last);
      setText(caption, "Eigenvalues of W_hh in the complex plane, with the unit circle");
      setText(verdict, found.bound < 1 ? "The bound is below 1: whatever is read, the gradient must vanish." : "The bound is above 1: this allows an explosion, and does not make one. The measured decay says what happens on this sequence.");
    } else {
      const [gate, way] = GATE[cell];
      setText(about, `In ${cell === "lstm" ? "an LSTM" : "a GRU"} the ${way} also goes straight on: one step back multiplies each unit's gradient with its ${gate}, and with no matrix. So not an eigenvalue of W_hh counts, but how open that gate stands.`);
      replace(numbers, line(`Mean ${gate}`, found.median, "the unit in the middle, geometric mean over the steps"), line("The most open unit", found.largest, `keeps ${number(found.largest ** 10)} after 10 steps, ${number(found.largest ** 50)} after 50`), last);
      setText(caption, `Mean ${gate} of each unit: the eigenvalues of the straight way, all real, none above 1`);
      setText(verdict, keepWords(found, measured, gate));
    }
    canvas.setAttribute("aria-label", `${caption.textContent}: ${found.points.length} points, the farthest ${number(Math.max(...found.points.map(([x, y]) => Math.hypot(x, y))))} from zero`);
  }

  return { element, draw, take: (next) => { reply = next ?? reply; }, read: () => ({ spectrum: found, measured: reply?.arrays.decay?.data[0] ?? null }) };
}
