// One round opened: what the picked nodes hear, the dictionary that all nodes share, and the counts of both sides.

import { h, replace, setText } from "../lib/dom.js";
import { chip, multiset, refill } from "./small.js";

const numbers = (a, b) => a - b;
const [FEW, MOST_BARS, MOST_ENTRIES] = [12, 48, 120];

export function buildRefinement({ stage, light }) {
  const picked = h("div.ga-picked");
  const [table, bars] = [h("div.ga-table.value", { tabindex: 0, role: "table", "aria-label": "Dictionary of colours" }), h("div.ga-bars.value")];
  const [counted, about] = [h("p.small.value"), h("p.small.muted")];
  const element = h("section.ga-part", { "aria-label": "A round of the test" }, h("h3", "A round of the test, written out"),
    h("p.ga-about", "A node looks at its own colour and at the colours of its neighbours, in order. Both graphs share one dictionary: the same pair gets the same new colour, a pair not seen before gets a new number."),
    picked,
    h("div.ga-halves", h("div.stack", h("h4", "Dictionary"), about, table), h("div.stack", h("h4", "Counts of each colour"), counted, bars)));

  const toneIn = (color) => stage.tones.get(color) ?? 0;

  function showPicked({ joint, wl, kinds, told }, round) {
    const cards = stage.state.picked.map((node, at) => {
      const k = at ? joint.cut + node : node;
      const name = h("b", `${joint.names[k]}`);
      if (round === 0) {
        return h("p.ga-node", name, " begins as ", h("span.muted", stage.kindName(kinds[told[k]])), " → ", chip(wl.colors[0][k], wl.tones[0][k]));
      }
      const before = wl.colors[round - 1];
      const near = joint.around[k].map((j) => before[j]).sort(numbers);
      return h("p.ga-node", name, " in round ", String(round), ": ( ", chip(before[k], toneIn(before[k])), " , ", multiset(near, toneIn), " ) → ", chip(wl.colors[round][k], wl.tones[round][k]));
    });
    const [a, b] = stage.state.picked.map((node, at) => wl.colors[round][at ? joint.cut + node : node]);
    replace(picked, cards, h("p.ga-node.ga-outcome", a === b ? "One colour: to the test these two nodes are the same so far." : "Two colours: the test keeps these two nodes apart."));
  }

  function showTable({ joint, wl, kinds }, round) {
    const count = (color, at) => {
      const r = wl.colors.findIndex((row) => row.includes(color));
      return (at ? wl.colors[r].slice(joint.cut) : wl.colors[r].slice(0, joint.cut)).filter((each) => each === color).length;
    };
    const row = (color, given) => h("div.ga-row", { role: "row", "data-color": color, onpointerenter: () => light(color), onpointerleave: () => light(null) },
      h("span", { role: "cell" }, given), h("span", { role: "cell" }, "→ ", chip(color, toneIn(color))), h("span", { role: "cell" }, `${count(color, 0)} | ${count(color, 1)}`));
    const blocks = [];
    let listed = 0;
    for (let r = round; r >= 0 && listed < MOST_ENTRIES; r -= 1) {
      const rows = r === 0 ? kinds.map((kind, at) => row(at + 1, h("span", stage.kindName(kind)))) : wl.table.filter((each) => each.round === r).map(({ own, near, fresh }) => row(fresh, h("span.ga-key", "( ", chip(own, toneIn(own)), " , ", multiset(near, toneIn), " )")));
      blocks.push(h("div.ga-row.ga-head.label", { role: "row" }, h("span", { role: "columnheader" }, r === 0 ? "At the start" : `Round ${r}`), h("span", { role: "columnheader" }, "colour"), h("span", { role: "columnheader" }, "left | right")), ...rows);
      listed += rows.length;
    }
    replace(table, blocks);
    const known = wl.table.filter((each) => each.round <= round).length + kinds.length;
    setText(about, `${known} ${known === 1 ? "entry" : "entries"} so far, the newest round on top${listed < known ? `; the ${listed} newest are listed` : ""}.`);
  }

  function showBars({ joint, wl }, round) {
    const row = wl.colors[round];
    const colors = [...new Set(row)].sort(numbers);
    const of = (from, till, color) => row.slice(from, till).filter((each) => each === color).length;
    const pairs = colors.map((color) => [of(0, joint.cut, color), of(joint.cut, joint.count, color)]);
    const most = Math.max(...pairs.flat());
    bars.classList.toggle("ga-dense", colors.length > FEW);
    refill(bars, colors.slice(0, MOST_BARS).map((color, at) => {
      const [left, right] = pairs[at];
      const bar = (n, side) => h(`span.ga-bar.${side}`, { style: { "--height": n / most, "--tone": `var(--ga-${toneIn(color) % 10})` } }, h("i"), h("em", String(n)));
      return h("div.ga-count", { "data-differs": String(left !== right), "data-color": color, tabindex: 0, role: "img", onfocus: () => light(color), onblur: () => light(null), "aria-label": `Colour ${color}: ${left} left, ${right} right`, onpointerenter: () => light(color), onpointerleave: () => light(null) },
        h("div.ga-tracks", bar(left, "ga-left"), bar(right, "ga-right")), chip(color, toneIn(color)));
    }));
    const differing = pairs.filter(([left, right]) => left !== right).length;
    setText(counted, differing ? `${differing} of ${colors.length} ${colors.length === 1 ? "colour" : "colours"} differ between left (full) and right (hatched).` : `Left (full) and right (hatched) have the same counts of ${colors.length === 1 ? "the one colour" : `all ${colors.length} colours`}.`);
    if (colors.length > MOST_BARS) bars.append(h("p.small.muted", `and ${colors.length - MOST_BARS} more colours`));
    stage.shown.counts = Object.fromEntries(colors.map((color, at) => [color, pairs[at]]));
  }

  return {
    element,
    show() {
      const { found, state } = stage;
      showPicked(found, state.round);
      showTable(found, state.round);
      showBars(found, state.round);
    },
    read: () => ({
      picked: [...picked.children].map((each) => each.textContent.replace(/\s+/g, " ").trim()),
      rows: [...table.querySelectorAll("[data-color]")].map((each) => each.textContent.replace(/\s+/g, " ").trim()), counted: counted.textContent, counts: stage.shown.counts,
    }),
  };
}
