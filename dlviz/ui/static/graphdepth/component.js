// Depth: why more layers may know less. Nodes grow alike (over-smoothing), and what comes from far is squeezed (over-squashing).

import { h } from "../lib/dom.js";
import { graphsOf, pickOf } from "../lib/graphs.js";
import { mount } from "../lib/mount.js";
import { settingsOf } from "../lib/settings.js";
import { buildInfluence } from "./influence.js";
import { buildRecall } from "./recall.js";
import { buildTrained } from "./trained.js";
import { buildTree } from "./tree.js";
import { buildWalk } from "./walk.js";

export const styles = ["lib/job.css", "lib/knob.css", "lib/curve.css", "lib/graphview.css"];

export default mount((root, live, ctx) => {
  const pick = pickOf(live);
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const stage = { live, ctx };
  // Each part draws again only for what it shows: while the run trains, only the influence changes.
  const waiting = new Set();
  const ask = (...names) => {
    for (const name of names) waiting.add(name);
    ctx.redraw();
  };
  const of = (name) => Object.create(ctx, { redraw: { value: () => ask(name) } });
  const walk = buildWalk({ live, ctx: of("walk"), pick, happened });
  const trained = buildTrained({ live, ctx: of("trained"), settings: settingsOf(stage), happened });
  const recall = buildRecall({ live, ctx: of("tree"), happened });
  const tree = buildTree({ live, ctx: of("tree"), happened, recall });
  const influence = buildInfluence({ live, ctx: of("influence"), pick });
  const parts = { walk, trained, tree, influence };
  root.append(h("div.graphdepth",
    h("p.lead", "After k layers a node has heard of everybody within k steps, so why not take many? Two things go wrong. Nodes grow alike, until nothing tells them apart; and news from far must pass through few numbers, until nothing of it is left. Both are measured here, and so are the mends."),
    walk.element, trained.element, tree.element, influence.element));
  live.on("scene", () => ask(...Object.keys(parts)), ctx.signal);
  const watching = graphsOf(live).watch(ctx, () => ask("influence"));
  pick.on(() => ask("walk", "influence"), ctx.signal);

  let [took, last] = [0, []];
  ctx.host.dlviz = {
    graphdepth: () => live.scene && { spec: live.scene.numbers.spec, step: live.frame?.step ?? null, took, walk: walk.read(), trained: trained.read(), tree: tree.read(), recall: recall.read(), influence: influence.read() },
    depthChart: (name, way, place) => trained.onPage(name, way, place),
    depthTree: (node) => tree.onPage(node),
    depthChange: (changes) => settingsOf(stage).change(changes),
    depthPick: (changes) => pick.set(changes),
    happened: (word) => Boolean(live.shared.get(`happened.${word}`)),
  };
  return {
    draw() {
      watching.nudge();
      if (!live.scene) return;
      const began = performance.now();
      const look = [ctx.colors, root.clientWidth];
      const isWhole = !waiting.size || look.some((value, i) => value !== last[i]);
      const names = isWhole ? Object.keys(parts) : [...waiting];
      waiting.clear();
      last = look;
      for (const name of names) parts[name].draw();
      took = performance.now() - began;
    },
  };
});
