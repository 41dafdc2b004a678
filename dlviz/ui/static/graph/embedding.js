// The embeddings in a plane: nodes after a layer, or graphs after the readout, with what the head answers where.

import { h, replace, setText } from "../lib/dom.js";
import { shownPlace } from "../lib/graphs.js";
import { GraphView, classFill } from "../lib/graphview.js";
import { settingsOf } from "../lib/settings.js";
import { boxFor, cornersOf, paintGround, within } from "./embeddingpaint.js";
import { placesOf, pointsOf } from "./embeddingpoints.js";
import { Readouts } from "./embeddingreadouts.js";
import { regionsOf } from "./embeddingregions.js";
import { showingGraph } from "./showinggraph.js";
import { Trails } from "./embeddingtrails.js";
import { legendOf, pairsOf } from "./embeddinglegend.js";
import { apartOf, leadWords, planeWords, pointWords, productWords } from "./embeddingwords.js";

const MARGIN = 30; // px that a GraphView keeps around ±1
const MANY = 70; // points from which on they are small

export function buildEmbedding(area, stage) {
  const { live, ctx, pick } = stage;
  const settings = settingsOf(stage);
  const readouts = new Readouts(stage);
  const trails = new Trails();
  let layer = null; // null: the last
  let [partner, lastPicked, hovered] = [null, pick.node, null];
  let [box, course, key, drawn] = [null, "", null, null];
  const shows = { trails: !ctx.reducedMotion, edges: true };

  const view = new GraphView({
    label: "Embeddings in a plane",
    onhover: (k) => (isOfNodes() ? pick.set({ hovered: k }) : hover(k)),
    onpick: (k, _event, edge) => choose(k, edge),
    onedge: (e) => { if (isOfNodes() && drawn?.own) pick.set({ hoveredEdge: e !== null && e < drawn.own ? e : null }); },
  });
  const ground = h("canvas.gne-ground", { "aria-hidden": "true" });
  const lead = h("p.gne-lead");
  const layers = h("div.gne-chips", { role: "radiogroup", "aria-label": "After which layer", onkeydown: walk });
  const toggles = h("div.gne-chips", ["trails", "edges"].map((name) => h("button.chip", { type: "button", "aria-pressed": String(shows[name]), "data-show": name, onclick: (event) => toggle(name, event.currentTarget) }, name === "trails" ? "Trails" : "Edges")));
  const legend = h("div.gne-legend.small");
  const [apart, plane, point, product] = [h("p.gne-words.value"), h("p.small.muted.gne-plane-words"), h("p.gne-point.value"), h("p.gne-product.value")];
  const wide = h("button.plain.gne-offer", { type: "button", onclick: () => settings.change({ hidden: [...settings.value("hidden").slice(0, -1), 2] }) }, "Give the last layer 2 features, to see where the head answers what");
  const showing = showingGraph(stage);
  area.append(h("h3", "Where they come to lie"), lead, h("div.gne-controls", layers, toggles), h("div.gne-picture", ground, view.element), legend, showing.element, point, product, apart, plane, wide);
  new ResizeObserver(() => { key = null; ctx.redraw(); }).observe(view.canvas);

  const isOfNodes = () => ["node", "link"].includes(stage.scene?.numbers.spec.task);

  function hover(k) {
    hovered = k;
    ctx.redraw();
  }

  function toggle(name, button) {
    shows[name] = !shows[name];
    button.setAttribute("aria-pressed", String(shows[name]));
    ctx.redraw();
  }

  function choose(k, edge) {
    if (isOfNodes()) {
      if (k !== null) pick.set({ node: k, edge: null });
      else if (edge !== undefined && edge < drawn.own) pick.set({ edge });
      return;
    }
    if (k !== null && k !== shownPlace(stage.scene)) showing.show(k);
  }

  // A product is of two nodes: the one picked, and the one pointed at or picked before.
  pick.on(() => {
    if (pick.node !== lastPicked) [partner, lastPicked] = [lastPicked, pick.node];
  }, ctx.signal);

  function chooseLayer(k) {
    layer = k === stage.scene.numbers.rows.length - 1 ? null : k;
    live.shared.set("happened.embedding_layer", true);
    ctx.redraw();
  }

  function walk(event) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const { length } = layers.children;
    chooseLayer((current() + way + length) % length);
    layers.children[current()].focus();
  }

  const current = () => {
    const { length } = stage.scene.numbers.rows;
    return layer === null || layer >= length ? length - 1 : layer;
  };

  function showControls() {
    const { rows, spec } = stage.scene.numbers;
    const now = JSON.stringify([rows.length, rows.map(({ outputs }) => outputs)]);
    if (layers.dataset.rows !== now) {
      layers.dataset.rows = now;
      replace(layers, rows.map(({ outputs }, k) => h("button.chip", { type: "button", role: "radio", onclick: () => chooseLayer(k) }, `${rows.length > 1 ? `After layer ${k + 1}` : "After the layer"} · ${outputs}`)));
    }
    [...layers.children].forEach((chip, k) => {
      chip.setAttribute("aria-checked", k === current());
      chip.tabIndex = k === current() ? 0 : -1;
    });
    layers.classList.toggle("hidden", spec.task === "regression");
    toggles.lastChild.classList.toggle("hidden", !isOfNodes());
  }

  function draw() {
    const { scene } = stage;
    if (!isOfNodes()) readouts.ask();
    const points = pointsOf(stage, current(), readouts);
    if (!points) return;
    const fresh = [points.moment, scene, current(), pick.node, pick.hovered, pick.hoveredEdge, partner, hovered, ctx.colors, shows.trails, shows.edges, area.clientWidth];
    if (key?.every((each, k) => each === fresh[k])) return;
    key = fresh;
    showControls();
    show(points);
  }

  function show(points) {
    const { scene } = stage;
    const { classes, spec } = scene.numbers;
    const { step } = points.moment;
    // Another course of places: nothing of the one before belongs to it.
    const now = JSON.stringify([points.kind, points.layer, points.width, spec.dataset, spec.layer, spec.hidden, spec.task, spec.seed]);
    if (now !== course) {
      trails.clear();
      box = null;
    }
    course = now;
    // What only the pointer changed is not computed anew.
    const isSame = drawn?.points.values === points.values && drawn.points.moment === points.moment && course === drawn.course;
    const found = isSame ? drawn.found : placesOf(points, trails.before(step), classes.length);
    if (!isSame) trails.add(step, points.keys, found.places, live.looking === null);
    const numbers = isSame ? drawn.numbers : apartOf(points, classes);
    const isStrip = found.how === "one";
    const { clientWidth: width, clientHeight: height } = view.canvas;
    if (!width || !height) return;
    const reach = Math.max(0.2, (width / 2 - MARGIN) / Math.max(1, height / 2 - MARGIN));
    box = boxFor(found.places, box, reach, isStrip, points.kind === "regression");
    const regions = points.head && points.width < 3 ? regionsOf(points.head, points.width, cornersOf(box, isStrip, { width, height, margin: MARGIN })) : [];
    paint(points, found, regions, { isStrip, reach, step });
    say(points, found, numbers);
  }

  function paint(points, found, regions, { isStrip, reach, step }) {
    const { colors } = ctx;
    const to = within(box, isStrip);
    const spot = (name) => (isOfNodes() ? pick[name] : name === "hovered" ? hovered : shownPlace(stage.scene)); // of graphs, the one on screen is picked
    const shownAt = spot("node");
    const radius = points.count > MANY ? 5 : 7.5;
    const nodes = found.places.map((place, k) => {
      const [x, y] = to(place);
      const isKnown = points.labels[k] >= 0;
      return {
        x, y, said: points.names[k], name: isOfNodes() || k === shownAt || k === hovered ? points.names[k] : null, square: points.kind === "nodes" && points.told[k], radius: points.kind !== "nodes" && !points.told[k] ? radius + 1 : radius,
        fill: points.kind === "regression" ? (points.told[k] ? colors.muted : colors.accent) : isKnown ? classFill(colors, points.labels[k]) : null,
        ring: points.wrong[k] ? colors.ink : null, ringWidth: points.wrong[k] ? 2.5 : undefined,
      };
    });
    const pairs = pairsOf(points, shows.edges, colors);
    view.show({ nodes, edges: pairs.edges, directed: false, picked: shownAt, hovered: spot("hovered"), hoveredEdge: isOfNodes() && shows.edges ? pick.hoveredEdge : null, reach: [reach, 1] });
    const frame = view.frameOf();
    const toPixel = (place) => view.toPixel(to(place), frame);
    const toValue = (pixel) => {
      const [x, y] = view.toPlace(pixel);
      return [box.x + x * box.half, box.y + y * box.half];
    };
    const ways = shows.trails ? trails.of(step, points.keys, found.places) : [];
    const lines = ways.filter((way) => way.length > 1).map((way, k) => ({ points: way, color: nodes[k].fill ?? colors.muted }));
    const names = points.kind === "regression" ? ["as it is", "as the network says"] : found.how === "pca" ? ["component 1", "component 2"] : ["feature 1", "feature 2"];
    paintGround(ground, { toPixel, toValue, regions, trails: lines, diagonal: points.kind === "regression", isStrip, names, colors });
    view.draw(colors);
    drawn = { points, found, regions, course, own: pairs.own, pairs: pairs.read, trails: lines.length, trailed: Math.max(0, ...lines.map((line) => line.points.length)), isStrip };
  }

  function say(points, found, numbers) {
    const { classes, spec } = stage.scene.numbers;
    setText(lead, leadWords(points, stage.scene.numbers));
    setText(apart, numbers.words);
    setText(plane, planeWords(found, points.width));
    const at = isOfNodes() ? pick.hovered ?? pick.node : hovered ?? shownPlace(stage.scene);
    setText(point, spec.task === "link" ? "" : pointWords(points, at, classes));
    const dot = spec.task === "link" ? productWords(points, pick.node, pick.hovered !== pick.node ? pick.hovered ?? partner : partner) : { words: "", probability: null };
    setText(product, dot.words);
    if (dot.probability !== null) live.shared.set("happened.pair_asked", true);
    wide.classList.toggle("hidden", !(["node", "graph"].includes(spec.task) && stage.scene.numbers.rows.at(-1).outputs > 2));
    legendOf(legend, points, spec.task === "link" ? stage.scene.numbers.node_classes : classes, ctx.colors, spec);
    Object.assign(drawn, { numbers, dot, at });
  }

  return {
    draw,
    // Only what is drawn, of this scene.
    read: () => drawn?.points.moment.scene === stage.scene && drawn.numbers && ({
      step: drawn.points.moment.step, kind: drawn.points.kind, layer: drawn.points.layer, width: drawn.points.width, values: [...drawn.points.values],
      places: drawn.found.places, how: drawn.found.how, share: drawn.found.share, box: { ...box },
      pixels: view.read().nodes.map(({ x, y }) => [x, y]), fills: view.read().nodes.map(({ fill }) => fill),
      regions: drawn.regions, labels: [...drawn.points.labels], wrong: drawn.points.wrong, told: drawn.points.told, names: [...drawn.points.names],
      within: drawn.numbers.within, between: drawn.numbers.between, words: apart.textContent, lead: lead.textContent, plane: plane.textContent,
      point: point.textContent, at: drawn.at, probability: drawn.dot.probability, product: product.textContent,
      pairs: drawn.pairs, trailed: drawn.trailed, picked: view.read().picked, hovered: view.read().hovered, legend: legend.textContent,
      corner: [view.canvas.clientWidth, view.canvas.clientHeight],
    }),
  };
}
