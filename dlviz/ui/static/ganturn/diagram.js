// Both networks and what passes between them: which way numbers go in this sub-step, who changes and who is frozen.

import { h, setText, svg } from "../lib/dom.js";

const NODES = {
  noise: { x: 34, y: 52, w: 50, h: 40, name: "z", label: "noise" },
  G: { x: 136, y: 52, w: 62, h: 54, name: "G", label: "" },
  fake: { x: 238, y: 52, w: 56, h: 40, name: "G(z)", label: "fake" },
  D: { x: 348, y: 52, w: 62, h: 54, name: "D", label: "" },
  said: { x: 448, y: 52, w: 56, h: 40, name: "D(·)", label: "verdict" },
  real: { x: 238, y: 134, w: 56, h: 40, name: "x", label: "real" },
};
// Forward a little above the middle, gradients a little below it.
const EDGES = {
  zg: "M61 44 H101", gx: "M169 44 H206", xd: "M268 44 H313", rd: "M268 130 L317 86", dl: "M381 44 H416",
  ld: "M418 62 H385", dx: "M315 62 H271", xg: "M208 62 H171",
};
const BACK = new Set(["ld", "dx", "xg"]);

export function buildDiagram() {
  const head = (id, name) => svg("marker", { id, viewBox: "0 0 8 8", refX: 6, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto", markerUnits: "userSpaceOnUse" }, svg("path", { d: "M0 0 L8 4 L0 8 z", class: name }));
  const edges = Object.fromEntries(Object.entries(EDGES).map(([name, d]) => [name, svg("path", { d, class: `gt-edge${BACK.has(name) ? " gt-backward" : ""}` })]));
  const states = {};
  const nodes = Object.fromEntries(Object.entries(NODES).map(([name, { x, y, w, h: high, name: text, label }]) => {
    const isPlayer = name === "G" || name === "D";
    if (isPlayer) states[name] = svg("text", { x, y: y + 45, class: "gt-state" });
    return [name, svg("g", { class: `gt-node${isPlayer ? " gt-player" : ""}` },
      svg("rect", { x: x - w / 2, y: y - high / 2, width: w, height: high, rx: isPlayer ? 10 : 20 }),
      svg("text", { x, y: y + 5, class: "gt-node-name" }, text),
      label ? svg("text", { x, y: name === "real" ? y + 33 : y - 27, class: "gt-node-label" }, label) : null, isPlayer ? states[name] : null)];
  }));
  const picture = svg("svg", { viewBox: "0 0 484 176", class: "gt-diagram-picture", role: "img" },
    svg("defs", head("gt-head", "gt-head"), head("gt-head-on", "gt-head-on"), head("gt-head-back", "gt-head-back")), Object.values(edges), Object.values(nodes));
  const legend = h("p.gt-legend.small", h("span.gt-key.gt-key-forward", "numbers forward"), h("span.gt-key.gt-key-back", "gradient back"), h("span.gt-key.gt-key-update", "weights change"));
  const element = h("figure.gt-diagram", picture, legend);
  let told = {};

  function show({ lit, frozen, title }) {
    const [forward, back, update, alive] = [lit.forward ?? [], lit.back ?? [], lit.update ?? [], new Set(lit.nodes ?? [])];
    for (const [name, edge] of Object.entries(edges)) {
      const isOn = forward.includes(name) || back.includes(name);
      edge.classList.toggle("on", isOn);
      edge.setAttribute("marker-end", `url(#${isOn ? (BACK.has(name) ? "gt-head-back" : "gt-head-on") : "gt-head"})`);
      edge.style.visibility = BACK.has(name) && !isOn ? "hidden" : "visible";
    }
    for (const [name, node] of Object.entries(nodes)) {
      node.classList.toggle("lit", alive.has(name));
      node.classList.toggle("updated", update.includes(name));
      node.classList.toggle("frozen", frozen.includes(name));
    }
    for (const [name, text] of Object.entries(states)) setText(text, update.includes(name) ? "changes" : frozen.includes(name) ? "frozen" : "");
    const going = [forward.length ? "numbers go forward" : "", back.length ? "the gradient goes back" : "", update.length ? `${update.join(" and ")} changes` : "", frozen.length ? `${frozen.join(" and ")} is frozen` : ""].filter(Boolean);
    picture.setAttribute("aria-label", `${title}: ${going.join(", ") || "examples are drawn"}.`);
    told = { forward, back, update, frozen };
  }
  return { element, show, read: () => told };
}
