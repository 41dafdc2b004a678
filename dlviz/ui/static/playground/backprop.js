// The backprop view: one data point, its forward numbers, and then layer by layer backwards
// ∂L/∂a · f′(z) · w, with the numbers put in. What it shows is computed in float64 from the weights of the frame.

import { h, icon, isTyping, number, replace, setText } from "../lib/dom.js";
import { backward, forward, makeBatch } from "../lib/nn.js";
import { forwardLines, gradientLines, lossLines } from "./equations.js";
import { FEATURE_NAMES } from "./maps.js";
import { unitName } from "./notation.js";

export function buildBackprop(stage) {
  const { live, ctx } = stage;
  const view = { open: false, at: 0, focus: null, chosen: null, hovered: null };
  const title = h("h4");
  const where = h("span.label.value");
  const back = h("button.primary", { onclick: () => step(1) }, icon("left", 18), "Step back");
  const on = h("button", { onclick: () => step(-1) }, "Step forward", icon("right", 18));
  const close = h("button.plain.square", { "aria-label": "Leave the backprop view", onclick: () => leave() }, icon("cross", 18));
  const lines = h("div.equations.value", { "aria-live": "polite" });
  const fine = h("p.small.muted");
  const root = h("section.backprop-card.hidden", { "aria-label": "Backpropagation for one point", tabindex: "-1" },
    h("div.row", h("div.grow", title, where), back, on, close), lines, fine);
  stage.cards.append(root);

  // ---- coming, going, stepping

  /** Open the view for a training or test point, by its place in the scene's arrays. */
  function start(set, index) {
    const points = live.scene.arrays[`${set}_points`].data;
    const target = live.scene.arrays[`${set}_targets`].data[index];
    Object.assign(view, { open: true, at: 0, chosen: null, hovered: null, set, index, x1: points[2 * index], x2: points[2 * index + 1], target });
    if (live.state.playing) live.play(false); // numbers that move cannot be followed
    root.classList.remove("hidden");
    stage.select(null);
    compute();
    root.focus({ preventScroll: true });
    root.scrollIntoView({ block: "nearest" });
    stage.emit("backprop", view);
  }

  function leave() {
    if (!view.open) return;
    view.open = false;
    view.result = null;
    root.classList.add("hidden");
    stage.emit("backprop", view);
    ctx.redraw();
  }

  function step(by) {
    view.at = Math.min(Math.max(view.at + by, 0), stage.model.layers.length);
    view.chosen = null;
    if (view.at === stage.model.layers.length) live.shared.set("followed_back", true);
    show();
  }

  function key(event) {
    // Only in the picture: a slider beside it needs its arrows for itself.
    if (!view.open || isTyping(event) || !event.composedPath()[0].closest?.(".network, .output")) return;
    if (event.key === "ArrowLeft") step(1);
    else if (event.key === "ArrowRight") step(-1);
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
  }

  // ---- numbers

  function compute() {
    const { model } = stage;
    if (view.model !== model) {
      view.model = model;
      view.at = Math.min(view.at, model.layers.length);
      view.chosen = null;
    }
    view.point = forward(model, makeBatch(model, [view.x1], [view.x2], true));
    view.result = backward(model, view.point, view.target);
    show();
  }

  /** The layer (counted as columns, 1 is the first hidden one) that the backward pass stands at. */
  const column = () => stage.model.layers.length + 1 - view.at;
  const reached = (layer) => view.at > 0 && layer >= column();

  function focus() {
    if (!view.open || !view.result) return null;
    if (view.hovered && (view.at === 0 || reached(view.hovered.layer))) return view.hovered;
    if (view.chosen) return view.chosen;
    const layer = view.at === 0 ? stage.model.layers.length : column();
    const sizes = view.at === 0 && stage.model.problem === "classification"
      ? view.result.targets : view.result.layers[layer - 1].sum.map(Math.abs);
    return { layer, unit: sizes.indexOf(Math.max(...sizes)) };
  }

  function show() {
    const { model } = stage;
    const { at } = view;
    const hidden = model.layers.length - 1;
    const set = view.set === "train" ? "Training point" : "Test point";
    const what = model.problem === "classification" ? `class ${view.target}` : `target ${number(view.target)}`;
    setText(title, `${set} (${number(view.x1)}, ${number(view.x2)}), ${what}`);
    setText(where, at === 0 ? "Forward: what every unit makes of it" : `Backward: ${at === 1 ? "output layer" : `hidden layer ${column()} of ${hidden}`}`);
    on.disabled = at === 0;
    back.disabled = at === model.layers.length;
    showLines();
    const parts = ["On a node: its value inside, z under it, δ = ∂L/∂z above it."];
    if (model.layers[0].normalized) parts.push("Batch norm uses its running mean and variance here; norm(s) = z.");
    if (live.scene.numbers.spec.dropout > 0) parts.push("Nothing is dropped here: this is the network as it is tested.");
    setText(fine, parts.join(" "));
    ctx.redraw();
  }

  function showLines() {
    view.focus = focus();
    const { layer, unit } = view.focus;
    if (layer === 0) return;
    const context = { model: stage.model, point: view.point, result: view.result, target: view.target };
    const name = unitName(stage.model, layer, unit);
    const shown = view.at === 0
      ? [...lossLines(context), ...forwardLines(context, layer, unit)]
      : gradientLines(context, layer, unit);
    replace(lines, h("p.label", name[0].toUpperCase() + name.slice(1)), shown.map((line) => h("p.equation", line)));
  }

  /** What stands on a node: {inside, below, above}; below and above may be null. Null for a feature not used. */
  function numbersOf(layer, unit) {
    if (layer === 0) {
      const used = stage.model.features.indexOf(FEATURE_NAMES[unit]);
      return used < 0 ? null : { inside: view.point.values[0][used], below: null, above: null };
    }
    const isOutput = layer === stage.model.layers.length;
    const inside = isOutput && stage.model.problem === "classification" ? view.point.probabilities[unit] : view.point.values[layer][unit];
    return {
      inside,
      below: view.point.sums[layer - 1][unit],
      above: reached(layer) ? view.result.layers[layer - 1].sum[unit] : null,
    };
  }

  /** ∂L/∂w of a link, or null before the backward pass has come to its layer (`layer` counts layers of weights). */
  function weightGradient(layer, unit, input) {
    if (!reached(layer + 1)) return null;
    return view.result.layers[layer].weight[unit * stage.model.layers[layer].inputs + input];
  }

  /** How the links are drawn: gradients where they are known, the others faint. */
  function linkStyle(hovered) {
    const most = view.result.layers.map(({ weight }) => weight.reduce((top, g) => Math.max(top, Math.abs(g)), 0) || 1);
    const strength = (layer, k) => (reached(layer + 1)
      ? (view.result.layers[layer].weight[k] / most[layer]) * 1.6
      : stage.model.layers[layer].weight[k]);
    const opacity = (layer) => {
      if (view.at === 0) return 0.55;
      if (layer + 1 === column()) return 1;
      return reached(layer + 1) ? 0.55 : 0.15;
    };
    const { layer, unit } = view.focus;
    return { strength, opacity, strong: hovered ?? (layer > 0 ? { layer: layer - 1, unit } : null) };
  }

  stage.on("hover", (unit) => {
    if (!view.open) return;
    view.hovered = unit && unit.layer > 0 ? unit : null;
    showLines();
  });
  stage.on("frame", () => { if (view.open) compute(); });
  stage.on("scene", () => {
    if (!view.open) return;
    const points = live.scene.arrays[`${view.set}_points`].data;
    if (points[2 * view.index] !== view.x1 || points[2 * view.index + 1] !== view.x2) leave();
  });
  ctx.root.addEventListener("keydown", key, { signal: ctx.signal });

  return Object.assign(view, {
    start, leave, step, numbersOf, weightGradient, linkStyle,
    focusOn(layer, unit) {
      if (layer === 0 || (view.at > 0 && !reached(layer))) return;
      view.chosen = { layer, unit };
      showLines();
      ctx.redraw();
    },
  });
}
