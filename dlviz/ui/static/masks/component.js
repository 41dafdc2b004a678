// Masks: what may look at what, painted by hand or by rule, and what follows of it for one head, the answers, and depth.

import { attendedOf } from "../lib/attended.js";
import { h, replace, setText } from "../lib/dom.js";
import { momentsOf } from "../lib/moments.js";
import { mount } from "../lib/mount.js";
import { Pattern } from "../lib/pattern.js";
import { written } from "../lib/tokens.js";
import { buildConsequences, buildLookingAhead } from "./consequences.js";
import { buildDrawing } from "./drawing.js";
import { evenShare, foretells, leaksOfNext, maskable, readingStack, seesNext, under } from "./passes.js";
import { buildReach } from "./reach.js";
import { buildScaleBar } from "./scalebar.js";
import { buildSoftmaxRow } from "./softmaxrow.js";
import { blindRows, layersNeeded, resized, TEMPLATES, templateMask } from "./templates.js";
import { buildTraining } from "./training.js";

export const styles = ["lib/tokens.css"];

const MOST_UNDONE = 50;
const NAMED = 6; // tokens that a sentence names

export default mount((root, live, ctx) => {
  const attended = attendedOf({ live, ctx });
  const happened = (word) => live.shared.set(`happened.masks_${word}`, true); // for the story
  const state = { template: "own", values: Object.fromEntries(Object.entries(TEMPLATES).map(([name, { number }]) => [name, number?.value ?? 0])), mirror: false, hand: null, layers: 2, undone: [] };
  let moment = null;
  let own = null; // under the network's own mask: {mask, tokens, …under()}
  let shown = null; // what the last refresh found
  let stale = true;
  let replaced = null; // scene of the network in whose place another is trained, until that one is here
  const again = () => { stale = true; ctx.redraw(); };

  const keep = () => {
    state.undone.push({ template: state.template, hand: state.hand && { ...state.hand, mask: state.hand.mask.slice() }, values: { ...state.values } });
    if (state.undone.length > MOST_UNDONE) state.undone.shift();
  };
  const hover = (query, key) => attended.hover(query, key);
  const pick = (query, key) => attended.pin(query, key);
  const byHand = (change) => {
    if (!shown) return;
    const mask = shown.mask.slice();
    change(mask, shown.tokens);
    Object.assign(state, { template: "hand", hand: { mask, tokens: shown.tokens } });
    shown.mask = mask; // the next cell of this stroke may come before the next frame
    again();
  };
  const drawing = buildDrawing(ctx, {
    hover,
    rule(name, value = state.values[name]) {
      keep();
      if (name === "hand") return byHand(() => {}); // what is there now, from here on as a drawing
      state.values[name] = value;
      state.template = name;
      happened("template");
      return again();
    },
    paint(query, key, hides, begins) {
      if (begins) keep();
      happened("painted");
      byHand((mask, tokens) => {
        mask[query * tokens + key] = hides;
        if (state.mirror) mask[key * tokens + query] = hides;
      });
    },
    fill(hides) { keep(); byHand((mask) => mask.fill(hides)); },
    invert() { keep(); byHand((mask) => mask.forEach((cell, i) => { mask[i] = cell ? 0 : 1; })); },
    undo() { Object.assign(state, state.undone.pop()); again(); },
    mirror(isOn) { state.mirror = isOn; },
  });
  const headMenu = h("select", { id: "masks-head", onchange: () => { const [grid, head] = headMenu.value.split(" "); attended.choose(grid, Number(head)); } });
  const weights = new Pattern({ label: "Weights of the chosen head under this mask", redraw: ctx.redraw, side: 40, onhover: hover, onpick: pick });
  const scale = buildScaleBar("Colour scale of the weights, 0 to 1");
  scale.show(1, "of a query's attention; each row adds up to 1");
  const weightWords = h("p.small.muted.value.about-mask");
  const blindWords = h("p.blind", { role: "status" });
  const softmaxRow = buildSoftmaxRow({ hover, pick });
  const consequences = buildConsequences(ctx);
  const ahead = buildLookingAhead();
  const reach = buildReach(ctx, { hover, pick, layers: (n) => { state.layers = n; happened("reach"); again(); } });
  const training = buildTraining({ live, ctx }, () => shown, (scene) => { replaced = scene; happened("trained"); settle(); });
  const decoder = new Pattern({ label: "The decoder's causal mask, which is fixed", redraw: ctx.redraw, side: 22 });
  const decoderPart = h("section.part", h("h3", "The decoder's mask is fixed"),
    h("p.about", "Drawn above is the mask of the encoder, which reads a whole sequence at once and may look wherever it likes. The decoder writes from left to right: at each step only what it has already written is there, so while it is trained on whole answers a causal mask hides the rest. With any other mask it would be trained for something that it cannot do when it writes."), decoder.element);
  const lead = h("p.lead");
  const waiting = h("p.muted", "The weights of this network are on their way …");
  const body = h("div.body.hidden",
    h("div.halves.grids", drawing.element, h("div.drawing", h("h3", "The weights under it"), h("div.knob", h("div.knob-head.label", h("label", { for: headMenu.id }, "Head")), h("span.menu", headMenu)), weights.element, scale.element, weightWords)),
    blindWords, training.element, softmaxRow.element, consequences.element, ahead.element, reach.element, decoderPart);
  root.append(h("div.masks", lead, waiting, body));

  const moments = momentsOf(live).watch(ctx, (next) => { moment = next; settle(); again(); });
  live.on("frame", () => ctx.redraw(), ctx.signal);
  attended.on(again);

  // The new network's own mask is the one that was drawn; until its weights are here the drawn one stays.
  function settle() {
    if (!replaced || moment?.scene === replaced) return;
    Object.assign(state, { template: "own", undone: [] });
    replaced = null;
    again();
  }

  // A number that was chosen for a longer sequence may be too large for this one.
  function valueNow(tokens) {
    const described = TEMPLATES[state.template]?.number;
    return described ? Math.min(state.values[state.template], Math.max(described.low, tokens)) : 0;
  }

  function maskNow(tokens) {
    if (state.template === "own") return own.mask;
    if (state.template !== "hand") return templateMask(state.template, tokens, valueNow(tokens));
    if (state.hand.tokens !== tokens) state.hand = { mask: resized(state.hand.mask, state.hand.tokens, tokens), tokens };
    return state.hand.mask;
  }

  function refresh() {
    const began = performance.now();
    stale = false;
    if (own?.moment !== moment) {
      const found = under(moment, null);
      const stack = readingStack(found.pass);
      own = { ...found, moment, mask: stack.hidden, tokens: stack.tokens, ids: stack.ids };
    }
    const { tokens } = own;
    const { numbers } = moment.scene;
    const labels = own.ids.map((id) => numbers.vocabulary[id]);
    const mask = maskNow(tokens);
    const isOwn = mask.every((cell, i) => cell === own.mask[i]);
    if (!shown || shown.moment !== moment || shown.key !== mask.join("")) {
      const changed = isOwn ? own : under(moment, mask);
      shown = { moment, key: mask.join(""), mask, tokens, labels, changed, isOwn, blind: blindRows(mask, tokens) };
      fill();
      shown.milliseconds = performance.now() - began;
    }
    Object.assign(shown, { template: state.template, value: valueNow(tokens), scene: moment.scene });
    drawing.show({ mask, tokens, labels, template: state.template, value: shown.value, canUndo: state.undone.length > 0, open: mask.reduce((n, cell) => n + 1 - cell, 0) });
    shown.reach = reach.show({ mask, tokens, labels, wanted: state.layers, own: numbers.spec.layers });
    look();
  }

  // What depends on mask and moment alone.
  function fill() {
    const { labels, mask, tokens, blind, changed, isOwn } = shown;
    const { numbers } = moment.scene;
    if (blind.length) happened("hidden");
    setText(lead, `A mask says which key each query may look at. ${moment.read ? "This is the encoder's" : "This network has one"}, the same in all its ${numbers.spec.heads} heads and ${numbers.spec.layers} layers: ${tokens} × ${tokens} pairs. Paint on it; weights and answers follow at once, computed here from the weights of step ${moment.step}.`);
    const named = blind.slice(0, NAMED).map((q) => `${q + 1} (${written(labels[q])})`).join(", ") + (blind.length > NAMED ? ` and ${blind.length - NAMED} more` : "");
    setText(blindWords, blind.length ? `Everything is hidden from token${blind.length > 1 ? "s" : ""} ${named}. A softmax of nothing would be 0 / 0; here such a row has the weights 0, so attention adds nothing for it but its bias, and the token goes on with what it had.` : "");
    const options = maskable(changed.pass).flatMap(({ id, layer, part }) => part.weights.map((_, head) => ({ value: `${id} ${head}`, label: `layer ${layer + 1}, head ${head + 1}` })));
    if (headMenu.options.length !== options.length || headMenu.options[0]?.value !== options[0].value) replace(headMenu, options.map(({ value, label }) => h("option", { value }, label)));
    consequences.show({ moment, own, changed, isOwn, blind, labels });
    training.show({ isOwn, isEncoder: Boolean(moment.read) });
    const foretelling = foretells(moment);
    ahead.element.classList.toggle("hidden", !foretelling || tokens < 2);
    shown.ahead = foretelling && tokens > 1 ? ahead.show({ moment, changed, seen: seesNext(mask, tokens), ownSeen: seesNext(own.mask, tokens), leaks: leaksOfNext(layersNeeded(mask, tokens), tokens, numbers.spec.layers), even: evenShare(mask, tokens), tokens }) : null;
    decoderPart.classList.toggle("hidden", !moment.read);
    if (moment.read) {
      const stack = moment.pass.stacks.decoder;
      const names = stack.ids.map((id) => numbers.classes[id]);
      decoder.set({ rows: names, columns: names, values: new Float32Array(stack.tokens ** 2).fill(1), hidden: stack.hidden, high: 3.2 });
    }
  }

  // What depends on the head and the tokens that are looked at.
  function look() {
    const { changed, tokens, labels } = shown;
    const { grid, head } = chosen();
    headMenu.value = `${grid.id} ${head}`;
    weights.set({ rows: labels, columns: labels, values: grid.part.weights[head], hidden: shown.mask });
    setText(weightWords, `${tokens} × ${tokens}: softmax of (Q Kᵀ${moment.network.spec.scaled ? " / √d" : ""} + mask) of layer ${grid.layer + 1}, head ${head + 1}.`);
    const isPointed = attended.query !== null && attended.query < tokens;
    const query = isPointed ? attended.query : tokens - 1;
    const key = attended.key !== null && attended.key < tokens ? attended.key : null;
    Object.assign(shown, { grid: grid.id, head, query, row: softmaxRow.show({ part: grid.part, head, query, labels, colors: ctx.colors, isPointed }), used: changed });
    softmaxRow.light(key);
    for (const pattern of [drawing.pattern, weights, reach.pattern]) pattern.light(isPointed ? query : null, key, { pinned: attended.pinned });
    reach.point(isPointed ? query : null, key);
  }

  function chosen() {
    const all = maskable(shown.changed.pass);
    const grid = all.find(({ id }) => id === attended.grid) ?? all.at(-1);
    return { grid, head: Math.min(attended.head ?? 0, grid.part.weights.length - 1) };
  }

  return {
    update: () => { if (shown) shown.key = null; again(); },
    draw() {
      moments.nudge();
      if (!moment) return;
      waiting.classList.add("hidden");
      body.classList.remove("hidden");
      body.classList.toggle("old", live.scene !== moment.scene);
      if (stale) refresh();
      for (const picture of [drawing, weights, reach, scale]) picture.draw(ctx.colors);
      if (moment.read) decoder.draw(ctx.colors);
      ctx.host.dlviz ??= { masks: expose, middle: (name, query, key) => ({ mask: drawing.pattern, weights, reach: reach.pattern })[name].middle(query, key) };
    },
  };

  function expose() {
    const { changed } = shown;
    const { grid, head } = chosen();
    return {
      step: shown.moment.step, template: state.template, tokens: shown.tokens, mask: [...shown.mask], isOwn: shown.isOwn, blind: shown.blind,
      grid: grid.id, head, weights: [...grid.part.weights[head]], logits: [...changed.pass.logits], losses: [own.loss, changed.loss],
      query: shown.query, row: shown.row, needed: [...shown.reach.needed], layers: state.layers, counts: shown.reach.counts, ahead: shown.ahead,
      written: changed.written, pinned: attended.pinned, milliseconds: shown.milliseconds, undone: state.undone.length,
    };
  }
});
