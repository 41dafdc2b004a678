// Larger data: sets that are fetched on a click, trained on as a whole beside the published number, and seen piece by piece.

import { count, h, percent, replace, setText } from "../lib/dom.js";
import { fetchRow } from "../lib/fetchrow.js";
import { mount } from "../lib/mount.js";
import { settingsOf } from "../lib/settings.js";
import { buildWhole } from "./whole.js";

export const styles = ["lib/job.css", "lib/fetchrow.css", "lib/curve.css"];

export default mount((root, live, ctx) => {
  const list = h("div.glg-list");
  const cards = new Map(); // slug → card
  let built = false;
  root.append(h("div.graphlarger",
    h("p.lead", "What papers report is measured on sets too large to hold in the hand. Fetch one, once: it is kept on this machine. Train on the whole of it as it was published and compare; or take a piece of it to the stage, where every number can be opened."),
    list));
  live.on("scene", show, ctx.signal);

  function show() {
    const sets = live.scene?.numbers.larger ?? [];
    if (built || !sets.length) return;
    built = true;
    for (const set of sets) cards.set(set.slug, cardOf(set));
    replace(list, [...cards.values()].map(({ element }) => element));
    ctx.redraw();
  }

  function cardOf(set) {
    const isPapers = set.kind === "planetoid";
    const size = isPapers
      ? `${count(set.nodes)} nodes, ${count(set.edges)} edges, ${count(set.features)} features a node, ${set.classes.length} classes`
      : `${count(set.graphs)} graphs, ${count(set.nodes)} nodes and ${count(set.edges)} edges in all, ${count(set.features)} features a node, ${set.classes.length} classes`;
    const facts = h("p.small.muted.value");
    const inside = h("div.glg-inside");
    const element = h("article.glg-card", { "data-set": set.slug }, h("h3", set.title), h("p", set.text), h("p.small.muted.value", size), inside);
    const card = { element, here: set.here, whole: null };
    if (set.here) arrived();
    else replace(inside, fetchRow({ live, ctx, name: set.slug, label: "Not on this machine yet", bytes: 0, host: set.host, onhere: arrived }).element);

    async function arrived() {
      card.here = true;
      card.whole = buildWhole({ live, ctx, set });
      replace(inside, facts, card.whole.element, pieces(set));
      ctx.redraw();
      const answer = await live.ask({ do: "probe", panel: "larger", options: { name: set.slug, do: "facts" } }, { quiet: true });
      if (answer.kind !== "reply" || !isPapers) return;
      setText(facts, `${percent(answer.arrays.homophily.data[0])} of the edges join two of the same class: that is what message passing lives on here.`);
    }
    return card;
  }

  // A piece of it as the stage's own graph.
  function pieces(set) {
    let seed = 0;
    const problem = h("p.small.wrong", { role: "alert" });
    const what = set.kind === "planetoid" ? "a piece of it" : "one of its graphs";
    const button = h("button", { type: "button", onclick: take }, `Take ${what} to the stage`);
    async function take() {
      button.disabled = true;
      seed += 1;
      const answer = await live.ask({ do: "probe", panel: "larger", options: { name: set.slug, do: "piece", seed } }, { quiet: true });
      button.disabled = false;
      if (answer.kind !== "reply") {
        setText(problem, answer.numbers.text);
        return;
      }
      const graph = new TextDecoder().decode(Uint8Array.from(answer.arrays.text.data));
      const task = set.kind === "planetoid" ? "node" : "link";
      const taken = await settingsOf({ live, ctx }).change({ dataset: "own", graph, task, features: "own" });
      setText(problem, taken ? "" : "The stage could not take it.");
      setText(button, `Take another ${set.kind === "planetoid" ? "piece" : "graph"}`);
    }
    return h("div.glg-piece", button, h("span.small.muted", set.kind === "planetoid" ? "At most 120 papers around one; their words as 32 numbers, the leading singular vectors." : "One graph, to find edges in."), problem);
  }

  ctx.host.dlviz = {
    graphlarger: () => (built ? { cards: Object.fromEntries([...cards].map(([slug, card]) => [slug, { here: card.here, whole: card.whole?.read() ?? null }])) } : null),
  };
  show();
  return {
    update: () => ctx.redraw(),
    draw() {
      for (const { whole } of cards.values()) whole?.draw();
    },
  };
});
