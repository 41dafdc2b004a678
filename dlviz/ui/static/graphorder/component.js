// Order: the nodes numbered anew, networks that read the numbers, and a Transformer as message passing on the complete graph.

import { h } from "../lib/dom.js";
import { graphOf, graphsOf, pickOf } from "../lib/graphs.js";
import { mount } from "../lib/mount.js";
import { buildRace } from "./race.js";
import { buildShuffle } from "./shuffle.js";
import { buildTransformer } from "./transformer.js";

export const styles = ["lib/graphview.css", "lib/job.css"];

export default mount((root, live, ctx) => {
  const pick = pickOf(live);
  const again = () => ctx.redraw();
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const shuffle = buildShuffle({ live, ctx, pick, happened, onchange: again });
  const race = buildRace({ live, ctx, happened, onchange: again });
  const transformer = buildTransformer({ live, ctx, pick, onchange: again });
  const empty = h("p.muted.hidden", "The graph has no node, so there is nothing to number. Add one above.");
  root.append(h("div.graphorder",
    h("p.go-lead", "The nodes of a graph have no order: their numbers are only where someone wrote them down. Give them other numbers, and the matrix is another table; what the network says of each node must stay. Then see what happens to networks that read the table, and where a Transformer stands."),
    empty, shuffle.element, race.element, transformer.element));
  let moment = null;
  const watching = graphsOf(live).watch(ctx, (now) => { moment = now; again(); });
  for (const kind of ["scene", "frame"]) live.on(kind, again, ctx.signal);
  pick.on(again, ctx.signal);

  let took = 0;
  function draw() {
    watching.nudge();
    if (!live.scene || !moment) return;
    const began = performance.now();
    const { scene } = moment;
    const graph = graphOf(scene);
    race.draw(scene.numbers, ctx.colors);
    empty.classList.toggle("hidden", graph.count > 0);
    for (const part of [shuffle, transformer]) part.element.classList.toggle("hidden", graph.count === 0);
    root.style.setProperty("--go-ink", ctx.colors.ink);
    if (graph.count === 0) return;
    shuffle.draw(moment, graph, ctx.colors);
    transformer.draw(scene, graph, shuffle.order, ctx.colors);
    took = performance.now() - began;
  }

  ctx.host.dlviz = {
    graphorder: () => moment && { spec: moment.scene.numbers.spec, step: moment.step, shuffle: shuffle.read(), race: race.read(), transformer: transformer.read(), hovered: pick.hovered, picked: pick.node, took },
    rowOnPage: (k) => shuffle.rowOnPage(k), pick: (changes) => pick.set(changes), advance: (steps) => live.advance(steps),
    happened: (word) => Boolean(live.shared.get(`happened.${word}`)),
  };
  return { draw, update: again };
});
