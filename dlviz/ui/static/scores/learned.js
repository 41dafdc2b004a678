// What the bilinear and the additive score have to learn: W as two arrows and four numbers; v, W_q and W_k as numbers.

import { h, number, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { buildMatrix } from "./matrix.js";
import { buildPad } from "./pad.js";
import { ADDITIVE, BILINEAR, copyOf } from "./situations.js";

const REACH = 2; // of the pad for W

const presets = (name, all) => ({ name, kind: "choice", label: "Begin with", options: ["own", ...Object.keys(all)], labels: ["your own", ...Object.values(all).map(({ title }) => title)], default: "own" });

/** `change(matrices)` takes some of w, wQuery, wKey, v. */
export function buildLearned({ change, matrices }) {
  const put = (name) => (r, c, x) => change({ [name]: name === "v" ? matrices().v.with(r, x) : matrices()[name].map((row, i) => (i === r ? row.with(c, x) : row)) });
  const sub = (letter) => ["W", h("sub", letter)];
  const fields = {
    w: buildMatrix({ name: "W", letters: ["W"], changed: put("w") }),
    wQuery: buildMatrix({ name: "W for the query", letters: sub("q"), changed: put("wQuery") }),
    wKey: buildMatrix({ name: "W for the key", letters: sub("k"), changed: put("wKey") }),
    v: buildMatrix({ name: "v", letters: ["v"], columns: 1, changed: put("v") }),
  };
  const pad = buildPad({
    label: "The columns of W", reach: REACH,
    moved: (id, at) => change({ w: matrices().w.map((row, r) => row.with(id === "first" ? 0 : 1, at[r])) }),
  });
  const beginWith = (name, all) => knob(presets(name, all), { onchange: (which) => { if (which !== "own") change(copyOf(Object.fromEntries(Object.entries(all[which]).filter(([key]) => key !== "title")))); } });
  const [bilinear, additive] = [beginWith("bilinear", BILINEAR), beginWith("additive", ADDITIVE)];
  const [aboutW, aboutV] = [h("p.small.muted.value"), h("p.small.muted.value")];
  const element = h("div.learned",
    h("section.part", { "aria-label": "What the bilinear score learns" }, h("h3", "Bilinear learns W"),
      h("p.muted", "Every key is first sent to W k. The columns of W say where its two unit vectors go: drag them."),
      h("div.beside", h("div.small-pad", pad.element), h("div.stack", bilinear.element, fields.w.element, aboutW))),
    h("section.part", { "aria-label": "What the additive score learns" }, h("h3", "Additive learns a small network"),
      h("p.muted", "Two hidden units add what they make of query and key, tanh bends each sum, and v weighs them."),
      h("div.beside.matrices", fields.wQuery.element, fields.wKey.element, fields.v.element), additive.element, aboutV));

  const isOf = (all, now) => Object.entries(all).find(([, preset]) => Object.entries(preset).every(([key, value]) => key === "title" || JSON.stringify(value) === JSON.stringify(now[key])))?.[0] ?? "own";

  function draw(state, found, colors) {
    const now = state.matrices;
    for (const name of ["w", "wQuery", "wKey"]) fields[name].set(now[name]);
    fields.v.set(now.v.map((x) => [x]));
    bilinear.set(isOf(BILINEAR, now));
    additive.set(isOf(ADDITIVE, now));
    const columns = [0, 1].map((c) => now.w.map((row) => row[c]));
    pad.draw({
      items: [["first", "W e₁", colors.accent], ["second", "W e₂", colors.ink]].map(([id, name, color], c) => (
        { id, at: columns[c], kind: "arrow", name, said: c ? "Second column of W" : "First column of W", color, strong: true })),
      words: `The columns of W: ${columns.map((column) => column.map((x) => number(x)).join(", ")).join(" and ")}.`,
    }, colors);
    const [[a, b], [c, d]] = now.w;
    const area = a * d - b * c;
    const same = a === d && b === 0 && c === 0;
    setText(aboutW, same ? `W is ${number(a)} times the identity: ${a === 1 ? "the bilinear score is the dot product." : `the dot product, ${number(a)} times.`}`
      : Math.abs(area) < 1e-9 ? "W flattens the plane: keys that differ only along one direction get the same score."
        : `4 numbers to learn here, d² in general. det W = ${number(area)}.`);
    const { scores } = found.additive;
    const most = Math.abs(now.v[0]) + Math.abs(now.v[1]);
    const highest = Math.max(...scores.map(Math.abs));
    setText(aboutV, most === 0 ? "With v = 0 every score is zero." : `The scores may lie from ${number(-most)} to ${number(most)}; the largest now is at ${number((100 * highest) / most)} % of that.`);
  }

  return { element, draw, middleOf: pad.middleOf };
}
