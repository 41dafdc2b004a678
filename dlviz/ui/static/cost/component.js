// Cost: cells, multiplications and bytes by formula, drawn to scale; writing with and without a cache; and times measured.

import { count, h, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { buildCached } from "./cached.js";
import { costsOf, dividing } from "./formulas.js";
import { buildMeasured } from "./measured.js";
import { buildMultiplications } from "./multiplications.js";
import { buildScaled } from "./scaled.js";

export const styles = ["lib/job.css"];

const FIELDS = {
  n: { label: "Length n, in tokens", low: 8, high: 2048, log: true, default: 24 },
  d: { label: "Width d", low: 8, high: 1024, log: true, default: 32 },
  heads: { label: "Heads", low: 1, high: 16, log: true, default: 4 },
  layers: { label: "Layers", low: 1, high: 32, log: true, default: 2 },
  f: { label: "Feed-forward f", low: 0, high: 4096, default: 64 },
};
const SAME = { n: "length", d: "width", heads: "heads", layers: "layers", f: "feed_forward" };

export default mount((root, live, ctx) => {
  const sizes = { n: 24, d: 32, heads: 4, layers: 2, f: 64 };
  let isOwn = true; // the sizes follow the network of the page
  let counted = null; // {key, cells, bytes, length}: what the server counted in the run's network
  let asking = "";
  let shown = null;
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story

  const own = () => {
    const { spec } = live.scene.numbers;
    return { n: live.scene.arrays.ids.data.length, d: spec.width, heads: spec.heads, layers: spec.layers, f: spec.feed_forward };
  };
  const put = (changes, byHand) => {
    Object.assign(sizes, changes);
    if (byHand) isOwn = false;
    ctx.redraw();
  };
  const knobs = Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, knob(
    { name, kind: "range", whole: true, log: false, ...field },
    { value: sizes[name], onchange: (value) => { put({ [name]: value }, true); if (name === "n") happened("cost_length"); } },
  )]));
  const back = h("button", { type: "button", onclick: () => { isOwn = true; ctx.redraw(); } }, "As the network of this page");
  const uneven = h("p.small.muted.value");
  const scaled = buildScaled();
  const multiplications = buildMultiplications();
  const cached = buildCached({ changed: (on) => { if (on) happened("cost_cache"); ctx.redraw(); } });
  const measured = buildMeasured({
    live, ctx, began: () => happened("cost_measured"),
    sizes() {
      const width = Math.min(sizes.d, 128);
      const found = { width, heads: dividing(Math.min(sizes.heads, 8), width), layers: Math.min(sizes.layers, 4), feed_forward: Math.min(sizes.f, 512) };
      const isLimited = found.width !== sizes.d || found.layers !== sizes.layers || found.feed_forward !== sizes.f || (sizes.heads > 8);
      return isLimited ? Object.defineProperty(found, "limited", { value: true }) : found;
    },
  });
  root.append(h("div.cost",
    h("p.lead", "Every token looks at every token: n² weights for each head of each layer, but all of them at once. A recurrent network does with n steps, but one after the other. What that means in cells, multiplications, bytes and milliseconds."),
    h("div.controls", Object.values(knobs).map((each) => each.element), back), uneven,
    h("section.part", { "aria-label": "n² beside n" }, h("h3", "n² beside n"), scaled.element),
    h("section.part", { "aria-label": "Multiplications" }, h("h3", "Multiplications of reading n tokens"), multiplications.element),
    h("section.part", { "aria-label": "KV cache" }, h("h3", "Writing n tokens, with and without a KV cache"), cached.element),
    measured.element));
  for (const kind of ["scene", "runs"]) live.on(kind, () => ctx.redraw(), ctx.signal);

  async function countOwn(key) {
    asking = key;
    const answer = await live.ask({ do: "probe", panel: "cost", options: { parameters: false } }, { quiet: true });
    if (ctx.signal.aborted || asking !== key || answer.kind !== "reply") return;
    const one = (name) => answer.arrays[name].data[0];
    counted = { key, cells: one("counted_cells"), bytes: one("counted_bytes"), length: one("own_length"), weightsBytes: one("weights_bytes") };
    ctx.redraw();
  }

  function sayCounted() {
    const { spec, pattern } = live.scene.numbers;
    if (!counted) return;
    const where = pattern === "decoder" ? "In your network's encoder" : "In your network";
    setText(scaled.counted, `${where} just now: ${spec.layers} ${spec.layers === 1 ? "tensor" : "tensors"} of ${spec.heads} × ${counted.length} × ${counted.length} weights, counted ${count(counted.cells)} cells and ${count(counted.bytes)} bytes.`);
  }

  function draw() {
    if (!live.scene) return;
    const key = `${live.shown} ${live.scene.version}`;
    if (asking !== key) countOwn(key);
    if (isOwn) Object.assign(sizes, own());
    for (const [name, control] of Object.entries(knobs)) control.set(sizes[name]);
    back.disabled = isOwn;
    const fitting = dividing(sizes.heads, sizes.d);
    setText(uneven, fitting === sizes.heads ? `${sizes.heads} ${sizes.heads === 1 ? "head" : "heads"} of ${count(sizes.d / sizes.heads)} numbers each.`
      : `${sizes.heads} heads do not divide ${count(sizes.d)} numbers evenly; a real network would have ${fitting}. The formulas do not mind.`);
    const costs = costsOf(sizes);
    const all = { ...sizes, costs, masked: live.scene.numbers.masked };
    scaled.draw(all, ctx.colors);
    multiplications.draw(all, ctx.colors);
    cached.draw(all, ctx.colors);
    measured.draw();
    sayCounted();
    shown = { sizes: { ...sizes }, costs, isOwn, counted, same: Object.fromEntries(Object.entries(SAME).map(([name, field]) => [field, sizes[name]])) };
  }

  ctx.host.dlviz = { cost: () => shown && { ...shown, cache: cached.read(), measured: measured.read() } };
  return { draw, update: () => ctx.redraw() };
});
