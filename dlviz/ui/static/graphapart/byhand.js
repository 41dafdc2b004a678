// By hand: the messages that the picked nodes get, and their sum, mean and maximum in numbers.

import { h, replace, setText, steady } from "../lib/dom.js";
import { difference, gathered, HOW, TOLERANCE } from "./network.js";

const [MOST_COLUMNS, MOST_ROWS] = [6, 8];

export function buildByHand({ stage }) {
  const [about, tables, words] = [h("p.ga-about"), h("div.ga-halves"), h("div.stack.ga-compared.value")];
  const element = h("section.ga-part", { "aria-label": "By hand" }, h("h3", "By hand: one node of each graph"), about, tables, words);
  let shown = [];

  // The columns worth showing: those in which a message or the node's own is not 0, the first few.
  function columnsOf(x, width, nodes) {
    const used = Array.from({ length: width }, (_, f) => f).filter((f) => nodes.some((k) => x[k * width + f] !== 0));
    return (used.length ? used : [0]).slice(0, MOST_COLUMNS);
  }

  function show() {
    const { state, found } = stage;
    const { joint, kinds } = found;
    const layer = Math.max(1, state.round);
    const how = state.cell.how;
    const { x, width } = found.seen[how][0][layer - 1];
    const nodes = state.picked.map((node, at) => (at ? joint.cut + node : node));
    const columns = columnsOf(x, width, nodes.flatMap((k) => [k, ...joint.around[k]]));
    const decimals = layer === 1 ? 2 : 3;
    const text = (value) => (Number.isInteger(value) ? String(value) : steady(value, decimals));
    const names = columns.map((f) => (layer === 1 ? stage.kindName(kinds[f]) : `f${f + 1}`));
    setText(about, layer === 1
      ? `In layer 1 a message is what the neighbour was told, one-hot: a 1 in the column of its kind (${width} ${width === 1 ? "feature" : "features"}).`
      : `In layer ${layer} a message is the neighbour's embedding after layer ${layer - 1}: here of the ${how} network with the first draw of weights, ${columns.length} of ${width} features.`);
    shown = nodes.map((k) => ({ node: joint.names[k], count: joint.around[k].length, ...Object.fromEntries(HOW.map((each) => [each, [...gathered(each, x, width, joint.around[k])]])), own: [...x.slice(k * width, (k + 1) * width)].map((value) => (1 + state.epsilon) * value) }));
    replace(tables, nodes.map((k, at) => {
      const near = joint.around[k];
      const line = (name, values, kind = "") => h(`div.ga-hand${kind}`, { role: "row" }, h("span", { role: "rowheader" }, name), columns.map((f) => h("span", { role: "cell" }, text(values[f]))));
      const rows = near.slice(0, MOST_ROWS).map((j) => line(`from ${joint.names[j]}`, x.slice(j * width, (j + 1) * width)));
      const more = near.length > MOST_ROWS ? h("p.small.muted", `and ${near.length - MOST_ROWS} more, counted in below`) : null;
      return h("div.ga-hands.value", { role: "table", "aria-label": `Messages to ${joint.names[k]}`, style: { "--columns": columns.length } },
        h("div.ga-hand.label", { role: "row" }, h("span", { role: "columnheader" }, `${joint.names[k]} hears ${near.length}`), names.map((name) => h("span", { role: "columnheader" }, name))),
        rows.length ? rows : h("p.small.muted", "No neighbour, no message: sum, mean and maximum count as 0."), more, HOW.map((each) => line(each, shown[at][each], ".ga-total")),
        line(state.epsilon ? `own × ${1 + state.epsilon}` : "own", shown[at].own, ".ga-own"));
    }));
    const whole = (values) => `(${columns.map((f) => text(values[f])).join(", ")}${columns.length < width && layer > 1 ? ", …" : ""})`;
    replace(words, HOW.map((each) => {
      const heard = shown.map((node) => node[each]);
      const combined = shown.map((node) => node[each].map((value, f) => value + node.own[f]));
      const isOne = ([one, other]) => difference(one, other) <= TOLERANCE;
      const said = (both) => `${whole(both[0])} ${isOne(both) ? "=" : "≠"} ${whole(both[1])}`;
      return h("p.ga-verdict", { "data-same": String(isOne(combined)) }, h("b", each), `: ${said(heard)}; with their own ${said(combined)}. `, isOne(combined) ? "This layer gives the two nodes one embedding." : "Told apart.");
    }));
  }

  return { element, show, read: () => ({ about: about.textContent, nodes: shown, verdicts: [...words.children].map((each) => each.textContent) }) };
}
