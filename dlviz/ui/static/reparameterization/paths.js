// The gradient's paths as a picture: from the loss through the decoder and z to μ, and on through σ to log σ²; and the KL's own.

import { h, setText, steady, svg } from "../lib/dom.js";

const WIDE = { width: 820, height: 330, places: { encoder: [70, 165], mean: [235, 62], kl: [235, 165], spread: [235, 268], sigma: [385, 268], z: [520, 165], epsilon: [520, 290], decoder: [664, 165], loss: [775, 165] } };
const TALL = { width: 380, height: 640, places: { encoder: [190, 34], mean: [62, 150], kl: [190, 150], spread: [318, 150], sigma: [318, 280], z: [190, 390], epsilon: [330, 390], decoder: [190, 490], loss: [190, 590] } };
const NAMES = { encoder: "encoder", mean: "μ", kl: "β KL", spread: "log σ²", sigma: "σ", z: "z", epsilon: "ε", decoder: "decoder", loss: "R" };
// Edge: from (the side of the loss) to, what is written beside it, where along it, and by how much aside (wide and tall).
const EDGES = [
  ["loss", "decoder", "", 0.5, [0, 0], [0, 0]],
  ["decoder", "z", "out", 0.5, [0, -28], [58, 4]],
  ["z", "mean", "one", 0.5, [30, -14], [-64, 0]],
  ["z", "sigma", "epsilon", 0.5, [-52, -30], [66, 8]],
  ["sigma", "spread", "half", 0.5, [0, -12], [-4, 4]],
  ["kl", "mean", "klmean", 0.5, [60, 4], [65, 40]],
  ["kl", "spread", "klspread", 0.5, [66, 4], [-61, 60]],
  ["mean", "encoder", "", 0.5, [0, 0], [0, 0]],
  ["spread", "encoder", "", 0.5, [0, 0], [0, 0]],
];
const HALF = { encoder: [46, 18], decoder: [46, 18], mean: [26, 20], spread: [34, 20], sigma: [24, 20], z: [24, 20], epsilon: [22, 18], loss: [24, 20], kl: [32, 18] };

/** `onpoint(edge | null)`. `show({values, narrow, colors})`: `values` by edge are texts. */
export function buildPaths({ onpoint }) {
  let built = null;
  const labels = new Map();
  const lines = new Map();
  const element = h("div.reparam-diagram");

  function build(form) {
    built = form;
    labels.clear();
    lines.clear();
    const { width, height, places } = form;
    const parts = [];
    for (const [from, to, key, along, wide, tall] of EDGES) {
      const [start, end] = clipped(places[from], places[to], from, to);
      const over = key ? { onpointerenter: () => onpoint(key), onpointerleave: () => onpoint(null) } : {};
      const kind = from === "kl" ? "kl" : from === "loss" || !key ? "quiet" : "main";
      const line = svg("line", { class: `edge ${kind}`, x1: start[0], y1: start[1], x2: end[0], y2: end[1], "marker-end": `url(#reparam-${kind})` });
      const hit = svg("line", { class: "hit", x1: start[0], y1: start[1], x2: end[0], y2: end[1], ...over });
      parts.push(line, hit);
      if (!key) continue;
      const aside = form === WIDE ? wide : tall;
      const [x, y] = [0, 1].map((i) => start[i] + along * (end[i] - start[i]) + aside[i]);
      const label = svg("text", { class: "edge-label", x, y, "text-anchor": "middle", ...over });
      labels.set(key, label);
      lines.set(key, line);
      parts.push(label);
    }
    const [e, z] = [places.epsilon, places.z];
    const [start, end] = clipped(e, z, "epsilon", "z");
    parts.push(svg("line", { class: "edge given", x1: start[0], y1: start[1], x2: end[0], y2: end[1] }));
    for (const [name, [x, y]] of Object.entries(places)) {
      const [w, t] = HALF[name];
      const isNumber = !["encoder", "decoder"].includes(name);
      parts.push(svg("g", { class: `node ${name}` }, svg("rect", { x: x - w, y: y - t, width: 2 * w, height: 2 * t, rx: isNumber ? t : 6 }), svg("text", { x, y: y + 5, "text-anchor": "middle" }, NAMES[name])));
    }
    const marker = (kind) => svg("marker", { id: `reparam-${kind}`, class: kind, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 6, markerHeight: 6, orient: "auto" }, svg("path", { d: "M0,0 L8,4 L0,8 z" }));
    element.replaceChildren(svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "The gradient runs from the loss R through the decoder to z, from z to μ and through σ to log σ², and from the KL to both. ε takes none." }, svg("defs", ["main", "kl", "quiet"].map(marker)), parts));
  }

  return {
    element,
    show(values, narrow) {
      const form = narrow ? TALL : WIDE;
      if (form !== built) build(form);
      for (const [key, label] of labels) setText(label, values[key]);
    },
    light(edge) {
      for (const [key, line] of lines) {
        line.classList.toggle("lit", key === edge);
        labels.get(key).classList.toggle("lit", key === edge);
      }
    },
    texts: () => Object.fromEntries([...labels].map(([key, label]) => [key, label.textContent])),
    middle(key) {
      const box = labels.get(key).getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    },
  };
}

// The piece of a line between two boxes that lies outside both.
function clipped(from, to, a, b) {
  const way = [to[0] - from[0], to[1] - from[1]];
  const share = ([w, t]) => Math.min(1, Math.min(Math.abs((w + 4) / (way[0] || 1e-9)), Math.abs((t + 4) / (way[1] || 1e-9))));
  const [s, e] = [share(HALF[a]), 1 - share(HALF[b])];
  return [[from[0] + s * way[0], from[1] + s * way[1]], [from[0] + e * way[0], from[1] + e * way[1]]];
}

/** What stands beside each edge: the factor and its number. */
export function factors({ mean, logVariance, sigma, epsilon, beta, slope }) {
  const spread = Math.exp(logVariance);
  return {
    out: `∂R/∂z = ${steady(slope)}`,
    one: "∂z/∂μ = 1",
    epsilon: `∂z/∂σ = ε = ${steady(epsilon)}`,
    half: `½ σ = ${steady(sigma / 2)}`,
    klmean: `β μ = ${steady(beta * mean)}`,
    klspread: `½ β (σ² − 1) = ${steady((beta * (spread - 1)) / 2)}`,
  };
}
