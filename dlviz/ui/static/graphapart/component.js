// Tell apart: pairs of graphs, the Weisfeiler–Lehman test on both, and which networks see a difference.

import { h, setText } from "../lib/dom.js";
import { pickOf } from "../lib/graphs.js";
import { mount } from "../lib/mount.js";
import { buildByHand } from "./byhand.js";
import { compare } from "./comparing.js";
import { buildFollowers } from "./followers.js";
import { COLORS } from "./graphtext.js";
import { NETWORKS } from "./network.js";
import { buildOwnPair } from "./ownpair.js";
import { pairOf } from "./pairs.js";
import { buildRefinement } from "./refinement.js";
import { moment, verdict } from "./saying.js";
import { buildShelf } from "./shelf.js";
import { paintTones } from "./small.js";
import { buildTelling } from "./telling.js";
import { buildTransport } from "./transport.js";
import { buildViews, reachOf } from "./views.js";

export const styles = ["lib/graphview.css", "lib/fold.css", "graphapart/opened.css"];

const FIRST = "hexanes";
const KNOWLEDGE = { given: "their colour", triangles: "also their triangles", numbers: "also their number" };
const EPSILONS = [0, 0.1];

export default mount((root, live, ctx) => {
  const { left, right, pick: picked } = pairOf(FIRST);
  const state = { slug: FIRST, left, right, picked: [...picked], knowledge: "given", epsilon: 0, seed: 0, round: 0, reach: [left, right].map(reachOf), ofStage: [false, false], tool: "pick", color: null, cell: { how: "sum", by: "sum", network: null } };
  const stage = { live, ctx, state, found: null, shown: {}, refresh, kindName };
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  let known = "";

  const go = (round) => { state.round = round; state.color = null; happened("wl_stepped"); refresh(); };
  const shelf = buildShelf({ stage, choose });
  const transport = buildTransport({ stage, go });
  const views = buildViews({ stage, edit: (side, graph) => use({ [side]: graph }, state.reach), pick });
  const stagePick = pickOf(live);
  const refinement = buildRefinement({ stage, light: (color) => { state.color = color; ctx.redraw(); } });
  const followers = buildFollowers({ stage, go });
  const telling = buildTelling({ stage, open: (cell) => { state.cell = cell; refresh(); } });
  const byHand = buildByHand({ stage });
  const own = buildOwnPair({ stage, use });

  const [title, reason, now] = [h("p.ga-title"), h("p"), h("p.small.muted.value", { role: "status" })];
  const banner = h("div.ga-banner", title, reason, now);
  const group = (name, label, options, say) => {
    const chips = options.map((option) => h("button.chip", { type: "button", "data-option": option, onclick: () => { state[name] = option; refresh(); } }, say(option)));
    return { element: h("div.row", { role: "group", "aria-label": label }, h("span.label", label), chips), show: () => chips.forEach((chip) => chip.setAttribute("aria-pressed", String(chip.dataset.option === String(state[name])))) };
  };
  const choices = [
    group("knowledge", "Nodes are told", Object.keys(KNOWLEDGE), (option) => KNOWLEDGE[option]),
    group("epsilon", "GIN's own weight 1 + ε", EPSILONS, (option) => `ε = ${option}`),
  ];
  const again = h("button.chip", { type: "button", onclick: () => { state.seed += NETWORKS; refresh(); } }, "Draw other weights");
  root.append(h("div.graphapart",
    h("p.lead", "Can a network see that two graphs are different? That depends on how its nodes put messages together and on how the graph is read out. Choose a pair, step through the rounds, and see who notices."),
    shelf.element,
    h("section.ga-part", { "aria-label": "The two graphs" }, h("h3", "The test on both at once"), banner, views.element, transport.element, views.toolbar, h("div.row.ga-choices", choices.map((each) => each.element), again)),
    refinement.element, followers.element, telling.element, byHand.element, own.element));

  function choose(slug) {
    const pair = pairOf(slug);
    transport.stop();
    views.clear();
    Object.assign(state, { slug, left: pair.left, right: pair.right, reach: [pair.left, pair.right].map(reachOf), ofStage: [false, false], picked: [...pair.pick], knowledge: "given", epsilon: 0, tool: "pick", color: null });
    known = "";
    happened("pair_compared");
    refresh();
  }

  // A pair that was changed is one's own; what is picked stays where it still is.
  function use(graphs, reach = null, isStage = false) {
    transport.stop();
    Object.assign(state, graphs, { slug: "own", color: null });
    state.reach = reach ?? [state.left, state.right].map(reachOf);
    state.ofStage = ["left", "right"].map((side, at) => (graphs[side] ? isStage : state.ofStage[at]));
    state.picked = [state.left, state.right].map(({ colors }, at) => Math.min(state.picked[at], colors.length - 1));
    happened("pair_compared");
    refresh();
  }

  // The stage's graph is picked in together with the stage.
  function pick(at, node) {
    state.picked[at] = node;
    if (state.ofStage[at]) stagePick.set({ node });
    refresh();
  }

  stagePick.on(({ node }) => {
    const at = state.ofStage.findIndex((isStage, side) => isStage && node !== null && node < [state.left, state.right][side].colors.length && state.picked[side] !== node);
    if (at < 0) return;
    state.picked[at] = node;
    refresh();
  }, ctx.signal);

  function kindName([color, extra]) {
    if (state.knowledge === "triangles") return `${COLORS[color]}, ${extra} ${extra === 1 ? "triangle" : "triangles"}`;
    return state.knowledge === "numbers" ? `${COLORS[color]}, number ${extra + 1}` : COLORS[color];
  }

  // Computed anew only where what it depends on is other; a new pair is shown at the round that decides it.
  function compute() {
    const { left: one, right: other, knowledge, epsilon, seed } = state;
    const key = JSON.stringify([one.colors, one.edges, other.colors, other.edges, knowledge, epsilon, seed]);
    if (key === known) return;
    const isNew = known === "";
    stage.found = compare({ left: one, right: other, knowledge, epsilon, seed });
    stage.tones = new Map(stage.found.wl.colors.flatMap((row, round) => row.map((color, k) => [color, stage.found.wl.tones[round][k]])));
    state.round = Math.min(isNew ? Math.max(1, stage.found.wl.different ?? stage.found.rounds) : state.round, stage.found.rounds);
    known = key;
  }

  function refresh() {
    compute();
    const { kind, title: big, text } = verdict(stage.found, state.knowledge);
    banner.dataset.kind = kind;
    setText(title, big);
    setText(reason, text);
    setText(now, moment(stage.found, state.round));
    for (const part of [shelf, transport, views, refinement, followers, telling, byHand, ...choices]) part.show();
    ctx.redraw();
  }

  ctx.host.dlviz = {
    graphapart: () => stage.found && {
      slug: state.slug, round: state.round, rounds: stage.found.rounds, knowledge: state.knowledge, epsilon: state.epsilon, seed: state.seed, picked: [...state.picked], tool: state.tool,
      graphs: [state.left, state.right].map(({ colors, edges }) => ({ colors, edges })),
      colors: stage.found.wl.colors, different: stage.found.wl.different, stable: stage.found.wl.stable, isomorphic: stage.found.isomorphic,
      groups: Object.fromEntries(Object.entries(stage.found.parts).map(([how, rows]) => [how, rows.map((part) => part.groups)])),
      banner: [title, reason, now].map((each) => each.textContent), shelf: shelf.read(), transport: transport.read(), ...views.read(),
      refinement: refinement.read(), followers: followers.read(), telling: telling.read(), byHand: byHand.read(), own: own.read(),
    },
  };
  paintTones(root, ctx.colors);
  refresh();
  return {
    update() {
      paintTones(root, ctx.colors);
      refresh();
    },
    draw: () => views.draw(),
  };
});
