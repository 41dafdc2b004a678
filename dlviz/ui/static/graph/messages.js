// Messages of the stage: one node, one layer or all layers, walked through with the numbers of the moment on screen.

import { h, setText } from "../lib/dom.js";
import { aboutOf } from "./messagesabout.js";
import { fieldOf } from "./messagesfield.js";
import { buildHops } from "./messageshops.js";
import { buildOpened } from "./messagesopened.js";
import { MessageView, fieldPicture, layerPicture, nodePicture, reachOf } from "./messagespicture.js";
import { buildMessagesPlayer } from "./messagesplayer.js";
import { buildShares } from "./messagesshares.js";
import { stationAt, stationsOf } from "./messagesstations.js";
import { CELLS, buildScale, buildStrips, fillOf, hotOf } from "./messagesstrips.js";
import { LAYER_STATIONS, fieldStation, fieldStations, layerStation } from "./messageswhole.js";
import { buildChoices } from "./messageschoices.js";

const LEADS = {
  node: "One node, one layer: what its neighbours send, how it is put together, and what comes of it, station by station.",
  layer: "One layer, all nodes at once: every message travels at the same moment, and every node's numbers change.",
  all: "All layers in order: each layer brings news from one step farther away.",
};

const PAUSE = 100; // ms between two drawings while it trains

export function buildMessages(area, stage) {
  const { ctx, live, pick } = stage;
  const happened = (word) => live.shared.set(`happened.${word}`, true);
  let [about, shown, field, open, place] = [null, null, null, null, ""]; // `open`: a cell; `place`: the station it was opened at
  let [drawnAt, seen, timer] = [-Infinity, null, 0];
  const again = () => draw();
  const hover = (node) => pick.set({ hovered: node });
  const pickNode = (node) => { pick.set({ node }); happened("node_picked"); };
  const choices = buildChoices({
    onmode: () => { player.stop(); again(); },
    onlayer: (layer) => pick.set({ layer }), onhead: (head) => pick.set({ head }), onnode: pickNode,
  });
  const player = buildMessagesPlayer({ ctx, onmove: again, onplay: () => happened("messages_played") });
  const view = new MessageView({
    label: "Messages in the graph", onhover: hover,
    onpick: (node) => { if (node !== null) pickNode(node); },
    onedge: (edge) => pick.set({ hoveredEdge: edge !== null && edge < stage.graph().edges.length ? edge : null }),
  });
  const strips = buildStrips({ onopen: (key, f) => { if (open?.key === key && open.f === f) return; open = { key, f }; again(); }, onhover: hover, onpick: pickNode, onfold: again });
  const shares = buildShares({ onhover: hover, onpick: pickNode, onhead: (head) => pick.set({ head }), onlook: () => { if (about?.kind === "gat") happened("attention_row"); }, onfold: again });
  const opened = buildOpened(again);
  const hops = buildHops((k) => { player.stop(); player.go(k); });
  const scale = buildScale();
  const lead = h("p.muted.gm-lead");
  const key = h("p.label.gm-key");
  const title = h("h4.gm-title", { "aria-live": "polite" });
  const sentence = h("p.gm-sentence");
  const formulas = h("div.gm-formulas.code");
  const empty = h("p.gm-nothing.hidden", "The graph has no node, so nobody can send a message. Add nodes in the editor, or paste an edge list there.");
  const reading = h("div.gm-reading", title, sentence, formulas, hops.element, strips.element, scale.element, opened.element);
  const body = h("div.gm-body", player.element, h("div.gm-main", h("div.gm-picture", view.element, key, shares.element), reading));
  area.append(h("div.gm-head", h("h3", "Messages"), choices.element), lead, empty, body);
  const size = new ResizeObserver(() => ctx.redraw());
  size.observe(view.element);
  ctx.signal.addEventListener("abort", () => size.disconnect());

  // Nobody reads numbers that change thirty times a second: what only the training asks for waits a little.
  function calm() {
    const fresh = [stage.graph(), pick.node, pick.hovered, pick.hoveredEdge, pick.layer, pick.head, ctx.colors];
    const wait = drawnAt + PAUSE - performance.now();
    if (wait > 0 && live.state?.playing && seen?.every((value, k) => value === fresh[k])) {
      clearTimeout(timer);
      timer = setTimeout(() => ctx.redraw(), wait);
      return;
    }
    [drawnAt, seen] = [performance.now(), fresh];
    draw();
  }

  function draw() {
    const next = aboutOf(stage);
    if (next) about = next; // the moment of a new scene is on its way: what was drawn stays
    const isEmpty = stage.graph()?.count === 0;
    empty.classList.toggle("hidden", !isEmpty);
    body.classList.toggle("hidden", isEmpty);
    if (!about || isEmpty || about.node === null) return;
    const { mode } = choices;
    choices.show(about);
    setText(lead, LEADS[mode]);
    player.set(mode === "node" ? stationsOf(about) : mode === "layer" ? LAYER_STATIONS : fieldStations(about));
    field = mode === "all" ? fieldOf(about) : null;
    const hovered = pick.hovered !== null && pick.hovered < about.graph.count ? pick.hovered : null;
    const { id } = player.station;
    const at = `${mode} ${id} ${about.node} ${about.layer} ${about.head} ${about.kind}`;
    if (at !== place) [place, open] = [at, null];
    shown = mode === "node" ? stationAt(about, id) : mode === "layer" ? layerStation(about, id, hovered ?? about.node, (k) => aboutOf(stage, k) ?? about) : fieldStation(about, field, player.at);
    if (about.kind === "gat" && id === "softmax") happened("attention_row");
    picture(mode, id, hovered);
    words(mode, hovered);
  }

  function picture(mode, id, hovered) {
    const look = { colors: ctx.colors, hovered, narrow: view.narrow };
    view.strips = null;
    let drawn;
    if (mode === "node") drawn = nodePicture(about, id, player.phase, look);
    else if (mode === "layer") {
      const made = layerPicture(about, id, player.phase, look);
      [drawn, view.strips] = [made.picture, made.strips];
    } else drawn = fieldPicture(about, field, player.at, player.phase, look);
    const edge = pick.hoveredEdge !== null && pick.hoveredEdge < about.graph.edges.length ? pick.hoveredEdge : null;
    view.show({ ...drawn, reach: reachOf(about), hovered, hoveredEdge: view.hoveredEdge >= about.graph.edges.length ? view.hoveredEdge : edge });
    view.draw(ctx.colors);
    setText(key, keyOf(mode));
  }

  function keyOf(mode) {
    const added = about.arriving.some((e) => about.edges.from[e] < 0) ? " The dashed loop is the self-loop that this layer adds." : "";
    if (mode === "layer") return `Under each node its numbers as a strip${about.graph.count > 90 ? " (of the picked node alone: there are many)" : ""}. Press a node to pick it.`;
    if (mode === "all") return "Full colour: heard of by now; the ring is stronger the nearer the news came from.";
    return `${about.kind === "gat" ? `Edges are as wide as the attention${about.row.heads > 1 ? ` of head ${about.head + 1}` : ""}.` : about.isLinear ? "Edges are as wide as what their message is multiplied by." : about.row.how === "max" ? "Of each feature the largest message counts." : "Every message counts the same."}${added} Press a node to pick it.`;
  }

  function words(mode, hovered) {
    const { colors } = ctx;
    setText(title, `${player.at + 1}. ${player.station.name}`);
    setText(sentence, shown.sentence);
    while (formulas.children.length > shown.formulas.length) formulas.lastChild.remove();
    shown.formulas.forEach((line, k) => {
      if (!formulas.children[k]) formulas.append(h("p.gm-formula"));
      setText(formulas.children[k], line);
    });
    const isField = mode === "all";
    for (const part of [strips, scale, opened]) part.element.classList.toggle("hidden", isField);
    hops.element.classList.toggle("hidden", !isField);
    shares.element.classList.toggle("hidden", mode !== "node");
    const fill = fillOf(about.graph, colors);
    if (isField) hops.show(shown.counts, about.graph.count, player.at);
    else {
      open = cellStillThere() ?? lastCell();
      strips.show(shown.groups, { colors, hovered, open, fill });
      scale.element.classList.toggle("hidden", !strips.element.querySelector(".gm-cell[data-colored]"));
      scale.show(Number(strips.element.style.getPropertyValue("--most")), colors);
      opened.show(rowOpen()?.open(open.f) ?? null, colors.negative, colors.positive);
    }
    if (mode === "node") shares.show(about, { hovered, fill });
  }

  const rowNamed = (name) => shown.groups?.flatMap((group) => group.rows).find((row) => row.key === name);
  const rowOpen = () => open && rowNamed(open.key);
  function cellStillThere() {
    const row = rowOpen();
    return row && open.f < row.values.length ? open : null;
  }
  // Of a station that is new, the result's first cell is opened; of a one among zeros, that one.
  function lastCell() {
    const row = shown.groups.at(-1)?.rows.at(0);
    if (!row || !row.values.length) return null;
    const most = row.values.reduce((best, value, f) => (Math.abs(value) > Math.abs(row.values[best]) && (f < CELLS || hotOf(row) !== null) ? f : best), 0);
    return { key: row.key, f: most };
  }

  function read() {
    if (!about || about.node === null) return stage.scene ? { empty: true } : null;
    const { mode } = choices;
    const { node, layer, head, record, row, edges, arriving, name, kind } = about;
    const from = (matrix, width) => [...matrix.subarray(node * width, (node + 1) * width)];
    const isCurrent = Boolean(stage.result()) && stage.scene?.version === about.scene.version;
    return {
      ready: isCurrent, version: about.scene.version, step: about.step, mode, node, name: name(node), layer, head, kind, heads: row.heads, how: row.how,
      ...player.read(), station: player.station?.id, title: title.textContent, sentence: sentence.textContent, formulas: [...formulas.children].map((line) => line.textContent),
      messages: arriving.map((e) => ({ source: edges.sources[e], coefficient: about.share(e), values: [...about.message(e)] })),
      aggregate: from(record.aggregate, record.messageWidth).slice(about.from, about.till),
      output: from(record.output, row.outputs), after: from(record.after, row.outputs),
      rows: mode === "all" ? [] : strips.read(), open: open && mode !== "all" ? { ...open, ...opened.read() } : null,
      shares: mode === "node" ? shares.read() : null, hops: mode === "all" ? hops.read() : null,
      heardOf: field ? field.heard.map((set) => [...set].sort((a, b) => a - b)) : null,
      strips: view.strips ? { share: view.strips.share, drawn: view.strips.only ? view.strips.only.size : about.graph.count } : null,
      picture: { ...pictureRead() },
    };
  }

  function pictureRead() {
    const { nodes, edges, picked, hovered, milliseconds } = view.read();
    const { picture: drawn } = view;
    return { nodes, edges, picked, hovered, milliseconds, travel: (drawn.travel ?? []).map(({ edge, t, reverse }) => ({ edge, t, reverse })), dim: drawn.nodes.map((each) => Boolean(each.dim)), texts: drawn.edges.map((edge) => edge.text ?? null) };
  }

  return { draw: calm, read };
}

