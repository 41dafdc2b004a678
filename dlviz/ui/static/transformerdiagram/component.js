// Transformer: the network as a diagram that carries its live shapes and norms, and what each part adds to an answer.

import { count, h, replace, setText } from "../lib/dom.js";
import { momentsOf } from "../lib/moments.js";
import { mount } from "../lib/mount.js";
import { Tokens, spoken } from "../lib/tokens.js";
import { buildDiagram } from "./diagram.js";
import { itemsOf, normAt } from "./flow.js";
import { buildReadout } from "./readout.js";
import { buildResidual } from "./residual.js";

export const styles = ["lib/tokens.css"];

const POSITIONS = { none: "No positions: it cannot tell one order from another.", learned: "", sinusoidal: "", rope: "Positions: RoPE turns queries and keys inside each self-attention; nothing is added at the bottom.", alibi: "Positions: ALiBi lowers scores with the distance inside each self-attention; nothing is added at the bottom." };
const NORMS = { pre: "layer norm before each part, and once more at the end", post: "layer norm after each sum", none: "no layer norm" };

export default mount((root, live, ctx) => {
  const state = { layer: 0, at: {}, pinnedAt: {}, box: null, pinned: null, answer: null };
  let [moment, columns, stale, rows, shownBox, took] = [null, [], true, {}, null, 0];
  const happened = (word) => live.shared.set(`happened.${word}`, true);
  const again = () => { stale = true; ctx.redraw(); };

  const lead = h("p.lead");
  const layers = h("div.layers.row", { role: "group", "aria-label": "Which block is shown" });
  const tokens = h("div.sequences");
  const whose = h("p.small.value.whose", { "aria-live": "polite" });
  const diagram = buildDiagram({
    onpoint: (id) => { if (id !== state.box) { state.box = id; ctx.redraw(); } },
    onpick: (id, { walked = false } = {}) => { state.pinned = id === state.pinned && !walked ? null : id; state.box = null; happened("opened_box"); ctx.redraw(); },
  });
  const readout = buildReadout();
  const residual = buildResidual({
    onanswer: (answer) => { state.answer = answer; happened("residual"); again(); },
    onpart: (part) => { state.box = part ? boxOf(part) : null; ctx.redraw(); },
  });
  const waiting = h("p.muted", "The weights of this network are on their way …");
  const body = h("div.body.hidden", lead, h("div.sequence-part", tokens, whose), layers, h("div.sheet", h("div.scroller", diagram.element), readout.element), residual.element);
  root.append(h("div.transformerdiagram", waiting, body));

  const moments = momentsOf(live).watch(ctx, (next) => {
    const before = moment;
    moment = next;
    if (before && Object.keys(before.pass.stacks).join() !== Object.keys(next.pass.stacks).join()) Object.assign(state, { at: {}, pinnedAt: {}, pinned: null, answer: null });
    if (before && before.network.classes.join() !== next.network.classes.join()) state.answer = null;
    again();
  });
  live.on("scene", () => ctx.redraw(), ctx.signal);
  live.on("frame", () => ctx.redraw(), ctx.signal);

  const answering = () => (moment.read ? "decoder" : "core");
  const tokenOf = (name) => (state.at[name] ?? state.pinnedAt[name] ?? null);

  // The box of a part, if its block is the one that is shown.
  function boxOf({ layer, part }) {
    if (part === "embedding" || part === "position") return `${answering()}.${part}`;
    return layer === state.layer ? `${answering()}.${part}` : null;
  }

  function point(name, at) {
    if ((state.at[name] ?? null) === at) return;
    state.at[name] = at;
    again();
  }

  function pin(name, at) {
    state.pinnedAt[name] = at === state.pinnedAt[name] ? null : at;
    state.at[name] = null;
    happened("residual");
    again();
  }

  // ---- what is shown

  function refresh() {
    stale = false;
    const { network, pass, scene } = moment;
    const { spec, vocabulary } = network;
    state.layer = Math.min(state.layer, spec.layers - 1);
    const names = Object.keys(pass.stacks);
    if (Object.keys(rows).join() !== names.join()) {
      rows = Object.fromEntries(names.map((name) => [name, new Tokens({ label: `Tokens of the ${name}`, colors: () => ctx.colors, onhover: (at) => point(name, at), onpick: (at) => (at === null ? pin(name, state.pinnedAt[name] ?? null) : pin(name, at)) })]));
      replace(tokens, names.map((name) => h("div.sequence", h("span.label", { core: "It reads", encoder: "The encoder reads", decoder: "The decoder has read" }[name]), rows[name].element)));
    }
    const signs = (id, name) => (name === "core" ? vocabulary[id] : { "^": "begin", $: "end" }[vocabulary[id]] ?? vocabulary[id]);
    for (const name of names) {
      const { ids } = pass.stacks[name];
      for (const of of [state.at, state.pinnedAt]) if (of[name] >= ids.length) of[name] = null;
      rows[name].set({ tokens: ids.map((id) => signs(id, name)), words: scene.numbers.words });
      rows[name].light(tokenOf(name), { pinned: tokenOf(name) !== null && tokenOf(name) === state.pinnedAt[name] });
    }
    columns = names.map((name) => itemsOf(moment, name, state.layer));
    const at = Object.fromEntries(names.map((name) => [name, tokenOf(name)]));
    const under = (name) => `${pass.stacks[name].ids.length} tokens`;
    const over = (name) => (name === "encoder" ? "" : `${pass.answers} answers`);
    diagram.show(columns, at, Object.fromEntries(names.map((name) => [name, [under(name), over(name)]])));
    const some = names.filter((name) => at[name] !== null);
    setText(whose, some.length ? `Norms on the arrows: ${some.map((name) => `token ${at[name] + 1} of the ${name === "core" ? "sequence" : name}, ${spoken(signs(pass.stacks[name].ids[at[name]], name))}`).join("; ")}${some.length < names.length ? "; the mean over all tokens in the other column" : ""}.` : "Norms on the arrows: the mean over all tokens. Point at a token to see its own, choose it to hold it.");
    const what = moment.read ? "An encoder reads the source, a decoder writes" : "One stack of blocks reads the sequence and answers at each token";
    setText(lead, `${what}: ${spec.layers} ${spec.layers === 1 ? "block" : "blocks"}, width ${network.width}, ${network.heads} ${network.heads === 1 ? "head" : "heads"} of ${network.size}, ${spec.feed_forward ? `feed-forward with ${spec.feed_forward} units` : "no feed-forward"}, ${NORMS[spec.norm]}; ${count(scene.numbers.parameters)} parameters, at step ${moment.step}. An arrow says shape and norm of what flows there: “${columns.at(-1).stack.tokens} × ${network.width} · 3.1” are ${columns.at(-1).stack.tokens} vectors of ${network.width} numbers, 3.1 long. ${POSITIONS[spec.position]}`);
    replace(layers, spec.layers > 1 ? [h("span.label", "Block"), ...Array.from({ length: spec.layers }, (_, i) => h("button.chip", { type: "button", "aria-pressed": String(i === state.layer), onclick: () => { state.layer = i; again(); layers.children[i + 1]?.focus(); } }, String(i + 1)))] : []);
    const name = answering();
    const stack = pass.stacks[name];
    const t = tokenOf(name) ?? stack.tokens - 1;
    residual.show({ moment, stack, t, answer: state.answer, token: spoken(signs(stack.ids[t], name)) });
  }

  const find = (id) => columns.flatMap(({ items }) => items.flatMap((item) => (item.side ? [item, item.side] : [item]))).find((item) => item.id === id && item.inputs);

  function showBox() {
    const item = find(state.box) ?? find(state.pinned) ?? find(`${answering()}.attention`);
    diagram.light(item.id, { pinned: item.id === state.pinned });
    readout.show(item, tokenOf(item.stack), moment);
    diagram.speak(`${item.name}: ${item.says}`);
    return item;
  }

  return {
    update: again,
    draw() {
      moments.nudge();
      waiting.classList.toggle("hidden", Boolean(moment));
      body.classList.toggle("hidden", !moment);
      if (!moment) return;
      root.style.setProperty("--above", ctx.colors.positive);
      root.style.setProperty("--below", ctx.colors.negative);
      const began = performance.now();
      if (stale) refresh();
      const item = showBox();
      readout.draw(ctx.colors);
      ctx.host.dlviz ??= { transformer: read };
      shownBox = item;
      took = performance.now() - began;
    },
  };

  // What is on the screen, as plain numbers.
  function read() {
    const { parts, t, asked, logit, bias, separates, scale } = residual.read();
    return {
      step: moment.step, ids: moment.ids, read: moment.read, layer: columns[0].items.find(({ kind }) => kind === "frame").layer, edges: diagram.edges(), box: shownBox?.id ?? null, pinned: state.pinned,
      in: shownBox?.inputs.map((each) => normAt(each, tokenOf(shownBox.stack))) ?? null, out: shownBox ? normAt(shownBox.output, tokenOf(shownBox.stack)) : null,
      parameters: Object.fromEntries(columns.flatMap(({ items }) => items.flatMap((each) => (each.side ? [each, each.side] : [each]))).filter((each) => each.parameters).map((each) => [each.id, each.parameters.reduce((sum, { count: n }) => sum + n, 0)])),
      took, token: t, asked, logit, bias, separates, scale, parts: parts.map(({ id, norm, cosine, contribution }) => ({ id, norm, cosine, contribution })),
    };
  }
});
