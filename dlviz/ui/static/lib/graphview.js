// A graph one points at: a canvas of nodes and edges that says what is pointed at, dragged and joined, with the pointer, a finger
// or the keys. What the graph is and what its colours mean the caller says. Give "lib/graphview.css" (and "lib/base.css").

import { fit, h, setText } from "./dom.js";
import { coursesOf, structureOf } from "./graphcurve.js";
import { nextNode, under } from "./graphhit.js";
import { placeFor } from "./graphlayout.js";
import { GraphPointer } from "./graphpointer.js";
import { paintGraph, paintRubber, widthOfEdge } from "./graphpaint.js";

export { classFill, contrast } from "./graphpaint.js";

const RADIUS = 8;
const MARGIN = 30; // px around ±1: room for a node, its ring and its name
const STEP = 0.04; // of places, with Alt and an arrow
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }; // in pixels, y downwards
const is = (value) => value !== null && value !== undefined;
const clamp = (value) => Math.min(1, Math.max(-1, value));

/**
 * new GraphView({label, editable, …listeners}): `onhover(node | null)`, `onedge(edge | null)`, `onpick(node, event)` or
 * `onpick(null, event, edge)`, `onempty([x, y], event)`, `ondrag(node, [x, y])` all along and `ondrop(node, [x, y])` at the end
 * (only while `editable`), `onconnect(a, b)` for a drag with Shift or while `connecting`. Nodes and edges by their positions.
 */
export class GraphView {
  constructor({ label, editable = false, ...listeners }) {
    Object.assign(this, { label, listeners, hovered: null, hoveredEdge: null, rubber: null, colors: null, frame: 0 });
    this.picture = { nodes: [], edges: [] };
    this.structure = structureOf(this.picture);
    this.sides = new Map();
    this.last = { nodes: [], edges: [], hovered: null, picked: null, milliseconds: 0 };
    this.canvas = h("canvas.graph-canvas", { tabindex: 0, role: "application", onkeydown: (event) => this.key(event), onblur: () => this.left() });
    this.words = h("span.unseen", { role: "status" });
    this.element = h("div.graph-view", this.canvas, this.words);
    this.pointer = new GraphPointer(this);
    this.isEditable = editable;
    this.isConnecting = false;
    this.tell();
  }

  get editable() { return this.isEditable; }

  set editable(value) {
    this.isEditable = Boolean(value);
    this.tell();
  }

  get connecting() { return this.isConnecting; }

  set connecting(value) {
    this.isConnecting = Boolean(value);
    if (!value) this.stretch(null);
    this.tell();
  }

  // What the keys do, and what a finger may do here.
  tell() {
    const words = [`${this.label}. Arrow keys go from node to node, Enter picks, E goes through the edges of the node, Escape clears.`];
    if (this.editable) words.push("Alt with an arrow key moves the node.");
    if (this.editable && this.listeners.onempty) words.push("N presses a free place.");
    if (this.listeners.onconnect) words.push("Shift with Enter begins an edge, Enter on a node ends it.");
    this.canvas.setAttribute("aria-label", words.join(" "));
    this.element.classList.toggle("editable", this.editable || this.connecting);
    this.element.classList.toggle("connecting", this.connecting);
  }

  /**
   * What is drawn next: {nodes, edges, directed, travel, halo, picked, hovered, hoveredEdge, reach}. `hovered` and `hoveredEdge`
   * follow the pointer where they are not given. `reach` [x, y]: the half-width and half-height of places to fit, [1, 1].
   * A node whose name is not to stand in the drawing may have it as `said`, for the keys.
   */
  show(picture) {
    this.picture = picture;
    this.structure = structureOf(picture);
    if (picture.hovered !== undefined) this.hovered = picture.hovered;
    if (picture.hoveredEdge !== undefined) this.hoveredEdge = picture.hoveredEdge;
    if (!picture.nodes[this.hovered]) this.hovered = null;
    if (!picture.edges[this.hoveredEdge]) this.hoveredEdge = null;
    if (this.rubber && !picture.nodes[this.rubber.node]) this.rubber = null;
  }

  frameOf() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const [across, down] = this.picture.reach ?? [1, 1];
    const scale = Math.max(1, Math.min((width / 2 - MARGIN) / across, (height / 2 - MARGIN) / down));
    return { width, height, scale };
  }

  /** [x, y] in CSS pixels of the canvas. */
  toPixel([x, y], { width, height, scale } = this.frameOf()) {
    return [width / 2 + x * scale, height / 2 - y * scale];
  }

  toPlace([left, top]) {
    const { width, height, scale } = this.frameOf();
    return [(left - width / 2) / scale, (height / 2 - top) / scale];
  }

  // Where everything lies now.
  placed() {
    const { nodes } = this.picture;
    const frame = this.frameOf();
    const spots = nodes.map(({ x, y }) => this.toPixel([x, y], frame));
    const radii = nodes.map(({ radius }) => radius ?? RADIUS);
    return { spots, radii, courses: coursesOf(this.picture, this.structure, spots, radii), structure: this.structure, sides: this.sides };
  }

  draw(colors) {
    const begun = performance.now();
    cancelAnimationFrame(this.frame);
    this.colors = colors;
    const { pen, width, height } = fit(this.canvas);
    if (!width || !height) return;
    const { hovered, hoveredEdge, picture } = this;
    const placed = this.placed();
    paintGraph(pen, { ...picture, hovered, hoveredEdge }, placed, colors, { width, height });
    if (this.rubber) paintRubber(pen, placed.spots[this.rubber.node], this.rubber.at ?? placed.spots[hovered ?? this.rubber.node], colors);
    this.last = { picture, placed, hovered, hoveredEdge, milliseconds: performance.now() - begun };
  }

  // What the pointer changed is seen at once, also where the caller does not listen.
  again() {
    cancelAnimationFrame(this.frame);
    if (this.colors) this.frame = requestAnimationFrame(() => this.draw(this.colors));
  }

  /** Plain numbers of what was last drawn. */
  read() {
    const { picture, placed, hovered, hoveredEdge, milliseconds } = this.last;
    const { nodes, edges } = picture ?? { nodes: [], edges: [] };
    return {
      nodes: nodes.map(({ fill, name }, k) => ({ x: placed.spots[k][0], y: placed.spots[k][1], fill: fill ?? null, name: name ?? null, radius: placed.radii[k] })),
      edges: edges.map((edge) => ({ a: edge.a, b: edge.b, width: widthOfEdge(edge, placed.structure), color: edge.color ?? null })),
      hovered: hovered ?? null, hoveredEdge: hoveredEdge ?? null, picked: picture?.picked ?? null, rubber: this.rubber?.node ?? null, milliseconds,
    };
  }

  // --- what pointer and keys say -------------------------------------------------------------------

  /** {node, edge} under [x, y] pixels. */
  under(at, isTouch = false) {
    return under(this.placed(), at, isTouch);
  }

  over(node, edge) {
    const [isNode, isEdge] = [node !== this.hovered, edge !== this.hoveredEdge];
    if (!isNode && !isEdge) return;
    Object.assign(this, { hovered: node, hoveredEdge: edge });
    const { last } = this;
    if (isNode) this.listeners.onhover?.(node);
    if (isEdge) this.listeners.onedge?.(edge);
    if (this.last === last) this.again(); // the caller has not drawn it
  }

  /** A line from `rubber.node` to `rubber.at` (pixels; null: to the hovered node), or none. */
  stretch(rubber) {
    if (!rubber && !this.rubber) return;
    this.rubber = rubber;
    this.again();
  }

  drag(node, [x, y], isDone) {
    const place = [clamp(x), clamp(y)];
    const { last } = this;
    this.listeners.ondrag?.(node, place);
    if (isDone) this.listeners.ondrop?.(node, place);
    if (this.last === last) this.again();
    return place;
  }

  say(text) {
    setText(this.words, text);
  }

  nameOf(k) {
    const { said, name, label } = this.picture.nodes[k];
    return said || name || label || `Node ${k + 1}`;
  }

  // --- keys ----------------------------------------------------------------------------------------

  key(event) {
    if (event.ctrlKey || event.metaKey) return;
    const way = ARROWS[event.key];
    if (way && event.altKey) {
      if (!this.editable || !is(this.hovered)) return;
      const { x, y } = this.picture.nodes[this.hovered];
      this.drag(this.hovered, [x + way[0] * STEP, y - way[1] * STEP], true);
    } else if (way) this.walk(way);
    else if (event.key === "Enter") this.enter(event);
    else if (event.key.toLowerCase() === "e" && is(this.hovered ?? this.edgesOf)) this.nextEdge();
    else if (event.key.toLowerCase() === "n" && this.editable && this.listeners.onempty) this.pressFree(event);
    else if (event.key === "Escape") this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  walk(way) {
    const { nodes, picked } = this.picture;
    if (!nodes.length) return;
    const from = this.hovered ?? (is(this.hoveredEdge) ? this.edgesOf : null);
    const { spots } = this.placed();
    const next = is(from) && nodes[from] ? nextNode(spots, from, way) : nodes[picked] ? picked : this.middle(spots);
    if (next === null) return;
    this.edgesOf = null;
    this.over(next, null);
    this.say(this.nameOf(next));
  }

  // Where the keys begin: the node next to the middle of the canvas.
  middle(spots) {
    const [x, y] = this.toPixel([0, 0]);
    const far = spots.map((spot) => Math.hypot(spot[0] - x, spot[1] - y));
    return far.indexOf(Math.min(...far));
  }

  enter(event) {
    const { hovered, hoveredEdge, rubber, listeners } = this;
    if (is(hovered) && rubber) {
      this.stretch(null);
      listeners.onconnect?.(rubber.node, hovered);
    } else if (is(hovered) && listeners.onconnect && (event.shiftKey || this.connecting)) {
      this.stretch({ node: hovered, at: null });
      this.say(`An edge from ${this.nameOf(hovered)} to which node?`);
    } else if (is(hovered)) listeners.onpick?.(hovered, event);
    else if (is(hoveredEdge)) listeners.onpick?.(null, event, hoveredEdge);
  }

  // E goes from a node to its edges one by one; the node is kept, to come back to.
  nextEdge() {
    const node = this.hovered ?? this.edgesOf;
    const mine = this.structure.around[node] ?? [];
    if (!mine.length) return;
    const edge = mine[(mine.indexOf(this.hoveredEdge) + 1) % mine.length];
    this.edgesOf = node;
    this.over(null, edge);
    const { a, b } = this.picture.edges[edge];
    this.say(`Edge ${this.picture.directed ? "from" : "between"} ${this.nameOf(a)} ${this.picture.directed ? "to" : "and"} ${this.nameOf(b)}`);
  }

  // What a press on an empty place does, at a free place beside the node that the keys are on.
  pressFree(event) {
    const places = this.picture.nodes.map(({ x, y }) => [x, y]);
    this.listeners.onempty(placeFor(places, is(this.hovered) ? [this.hovered] : []), event);
  }

  left() {
    if (this.rubber && !this.rubber.at) this.stretch(null);
    if (!this.pointer.press) this.over(null, null);
  }

  clear() {
    this.pointer.cancel();
    this.edgesOf = null;
    this.stretch(null);
    this.over(null, null);
    this.say("");
  }
}
