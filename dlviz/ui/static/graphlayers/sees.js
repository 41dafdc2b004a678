// What each layer sees and what it does not, tried: the graph is changed a little, and the node's output moves or stays.

import { h, number, percent, setText } from "../lib/dom.js";
import { CHANGES } from "./comparing.js";
import { NAMES } from "./formulas.js";
import { KINDS } from "./weighing.js";

const HEADS = {
  self: ["hears itself", "what its own W x counts for"],
  own: ["its own features", "each plus 1"],
  twins: ["how many", "every neighbour gets a twin"],
  weights: ["weights", "of all edges, doubled"],
  stranger: ["a neighbour's degree", "a silent stranger joins the first neighbour"],
  order: ["the order", "of the edges, reversed"],
};
const SMALL = 1e-4;

/** `{element, draw(found, compared)}` with what `perturb` and `compare` found. */
export function buildSees() {
  const cells = {};
  const rows = KINDS.map((kind) => {
    cells[kind] = Object.fromEntries(["self", ...CHANGES].map((change) => [change, { yes: h("b"), size: h("span.small.muted.value"), box: h("td") }]));
    for (const cell of Object.values(cells[kind])) cell.box.append(cell.yes, " ", cell.size);
    return h("tr", h("th", { scope: "row" }, NAMES[kind]), Object.values(cells[kind]).map(({ box }) => box));
  });
  const words = h("p.sentence.value");
  const table = h("table.gy-sees", h("thead", h("tr", h("th", { scope: "col" }, "Layer"), Object.values(HEADS).map(([name, how]) => h("th", { scope: "col" }, h("b", name), h("span", how))))), h("tbody", rows));
  const element = h("section.gy-part", { "aria-label": "What each layer sees" }, h("h3", "What does it see, what does it not?"),
    h("p.small.muted.gy-lead", "Nothing here is written down: the graph is changed as the column says, every layer runs again, and the cell says whether this node's output moved, and by what share of its length."),
    words, h("div.gy-scroll", { tabindex: 0, role: "group", "aria-label": "The table, which scrolls" }, table));
  let read = null;

  return {
    element,
    draw(found, compared, nameOf, node) {
      read = {};
      for (const kind of KINDS) {
        const one = compared[kind];
        const own = one.heard.filter(({ isOwn }) => isOwn);
        const self = one.apart ?? (own.length ? own[0].coefficient : [0]);
        const selves = [self].flat();
        const hears = selves.some((value) => value === null || value !== 0);
        const cell = cells[kind].self;
        setText(cell.yes, hears ? "yes" : "no");
        setText(cell.size, selves.map((value) => number(value)).join(", "));
        cell.box.className = hears ? "yes" : "no";
        read[kind] = { self: selves };
        for (const change of CHANGES) {
          const { yes, size, box } = cells[kind][change];
          const tried = found[kind][change];
          read[kind][change] = tried;
          setText(yes, tried ? (tried.changes ? "yes" : "no") : "–");
          setText(size, tried ? (tried.changes ? (tried.size < SMALL ? number(tried.size) : percent(tried.size, tried.size < 0.1 ? 1 : 0)) : tried.size ? number(tried.size, 1) : "0") : "no neighbour");
          box.className = tried ? (tried.changes ? "yes" : "no") : "none";
        }
      }
      const named = (list) => list.map((kind) => NAMES[kind]).join(", ").replace(/, ([^,]*)$/, " and $1") || "no layer";
      const without = (change) => KINDS.filter((kind) => found[kind][change] && !found[kind][change].changes);
      setText(words, found.naive.twins
        ? `At ${nameOf(node)}: deaf to its own features ${without("own").length === 1 ? "is" : "are"} ${named(without("own"))}; ${named(without("twins"))} cannot tell how many neighbours there are; ${named(without("weights"))} pay no heed to the weights of edges; a neighbour's degree reaches only ${named(KINDS.filter((kind) => found[kind].stranger.changes))}; and the order of the edges moves nothing but the last digit.`
        : `${nameOf(node)} has no neighbour: what comes out is what a layer lets a node tell itself.`);
    },
    read: () => read,
    said: () => words.textContent,
  };
}
