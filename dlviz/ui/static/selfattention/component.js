// Self-attention opened: every matrix of one head from X to the residual, every number of it written out on pointing.

import { attendedOf } from "../lib/attended.js";
import { css } from "../lib/color.js";
import { fit, h, setText, steady } from "../lib/dom.js";
import { momentsOf } from "../lib/moments.js";
import { mount } from "../lib/mount.js";
import { written } from "../lib/tokens.js";
import { likeliest, rowOf } from "../lib/transformer.js";
import { buildChoosing, nameOf } from "./choosing.js";
import { exposed } from "./exposing.js";
import { buildFlow } from "./flow.js";
import { originOf } from "./origins.js";
import { buildPair, workOf } from "./pair.js";
import { partsOf } from "./parts.js";
import { buildReadout } from "./readout.js";
import { buildScaling } from "./scaling.js";
import { buildStepper } from "./stepper.js";
import { stepsOf } from "./steps.js";

const PAIRED = new Set(["s", "p", "b", "h", "a"]); // matrices whose cells are pairs of a query and a key

export default mount((root, live, ctx) => {
  // `scaled`: null as the network has it; `hovered`, `kept`: cells; `element`, `feature`: the numbers that are followed.
  const state = { scaled: null, step: null, hovered: null, kept: null, element: null, feature: null };
  const timings = { refresh: 0, hover: 0 };
  let [moment, shown, stale, opening] = [null, null, true, null];
  const changed = { moment: null, pass: null }; // the pass of the moment with the division switched
  const again = () => { stale = true; ctx.redraw(); };
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const attended = attendedOf({ live, ctx });

  const lead = h("p.lead");
  const waiting = h("p.muted", "The weights of this network are on their way …");
  const effect = h("p.effect.small", { "aria-live": "polite" });
  const choosing = buildChoosing({
    on: {
      grid: (id) => attended.choose(id, shown.head),
      head: (head) => attended.choose(shown.grid.id, head),
      scaled: (on) => {
        state.scaled = on === moment.scene.numbers.spec.scaled ? null : on;
        happened("opened_scale");
        again();
      },
    },
  });
  const stepper = buildStepper({ onstep: goTo });
  const flow = buildFlow({ redraw: ctx.redraw, on: { hover: point, pick } });
  const readout = buildReadout({ onwalk: (way) => stepper.walk(way) });
  const pair = buildPair({
    on: {
      key: (key) => attended.pin(shown.work.query, key),
      element: (element) => { state.element = element; ctx.redraw(); },
      feature: (feature) => { state.feature = feature; ctx.redraw(); },
    },
  });
  const scaling = buildScaling({ ctx, on: { row: (query) => attended.hover(query, null) } });
  const scales = ["diverging", "sequential"].map((kind) => h("canvas.scale", { role: "img", "aria-label": `Colour scale, ${kind}` }));
  const legend = h("p.legend.small.muted",
    h("span", scales[0], "− limit … 0 … + limit, beside each matrix"), h("span", scales[1], "0 … 1, the weights A"),
    h("span", "Point at any cell; click to keep it; arrow keys walk, Escape lets go."));
  const body = h("div.body.hidden", choosing.element, effect, stepper.element, flow.element, legend, readout.element, pair.element, scaling.element);
  root.append(h("div.opened", lead, waiting, body));

  const moments = momentsOf(live).watch(ctx, (now) => { moment = now; again(); });
  live.on("frame", () => ctx.redraw(), ctx.signal); // out of sight no weights are asked for; drawing asks again
  attended.on(() => {
    const { grid, head } = shown ? attended.in(shown.pass) : {};
    if (shown && (grid.id !== shown.grid.id || head !== shown.head)) {
      Object.assign(state, { element: null, feature: null, kept: null });
      again();
    } else ctx.redraw();
  });

  function goTo(step) {
    state.step = step;
    state.kept = null;
    if (step === shown.steps.length - 1) happened("opened_stepped");
    ctx.redraw();
    if (step === null || flow.isWide()) return;
    const last = shown.steps[step].lit.at(-1);
    flow.matrices.get(last).element.scrollIntoView({ block: "center", behavior: ctx.reducedMotion ? "auto" : "smooth" });
  }

  function point(cell) {
    state.hovered = cell;
    if (!cell) attended.hover(null, null);
    else if (PAIRED.has(cell.id)) attended.hover(cell.row, cell.column);
    ctx.redraw();
  }

  function pick(cell) {
    if (!cell) {
      state.kept = null;
      attended.pin(null);
    } else if (PAIRED.has(cell.id)) {
      state.kept = null;
      attended.pin(cell.row, cell.column);
      if (attended.pinned) happened("opened_pinned");
    } else {
      state.kept = same(state.kept, cell) ? null : cell;
    }
    ctx.redraw();
  }

  const same = (a, b) => a?.id === b.id && a.row === b.row && a.column === b.column;

  /** The pass of the moment, with the division switched where that is wished. */
  function passOf({ network, ids, read, pass, scene }) {
    if (state.scaled === null || state.scaled === scene.numbers.spec.scaled) return pass;
    if (changed.moment !== moment) {
      const changes = { scaled: state.scaled };
      Object.assign(changed, { moment, pass: read ? network.translate(ids, read, { changes }) : network.read(ids, { changes }) });
    }
    return changed.pass;
  }

  function refresh() {
    stale = false;
    const { scene, network } = moment;
    const pass = passOf(moment);
    const { grid, head } = attended.in(pass);
    const parts = partsOf({ network, pass, grid, head });
    const wordsOf = (ids, stack) => ids.map((id) => written((stack === "decoder" ? scene.numbers.classes : scene.numbers.vocabulary)[id]));
    const labels = { query: wordsOf(grid.queries, grid.stack), key: wordsOf(grid.keys, grid.kind === "cross" ? "encoder" : grid.stack) };
    shown = { moment, pass, grid, head, parts, labels, steps: stepsOf(parts) };
    if (state.step !== null) state.step = Math.min(state.step, shown.steps.length - 1);
    for (const name of ["kept", "hovered"]) {
      const cell = state[name];
      const part = cell && parts.by[cell.id];
      if (cell && !(part && cell.row < part.rows && cell.column < part.columns)) state[name] = null;
    }
    waiting.classList.add("hidden");
    body.classList.remove("hidden");
    const { facts } = parts;
    choosing.show({ grids: pass.grids, grid, head, heads: facts.heads, scaled: state.scaled ?? scene.numbers.spec.scaled });
    setText(lead, `One head of attention, opened: ${nameOf(grid)}, head ${head + 1} of ${facts.heads}, reading ${facts.keys} tokens of ${facts.width} numbers. Every matrix is on the screen, in the order in which it is computed; point at any number to see what it is made of.`);
    setText(effect, effectWords(scene, pass));
    flow.set(parts, labels);
    scaling.show(parts, labels, ctx.colors);
  }

  // What the switch has done to the whole network.
  function effectWords({ numbers: { spec } }, pass) {
    if (pass === moment.pass) return spec.scaled ? "The network divides by √d." : "This network was made and trained without the division by √d.";
    const answers = Array.from({ length: pass.answers }, (_, i) => likeliest(rowOf(pass, i)) !== likeliest(rowOf(moment.pass, i)));
    const most = ({ grids }) => {
      const { part } = grids.find(({ id }) => id === shown.grid.id);
      const rows = Array.from({ length: part.tokens }, (_, q) => Math.max(...part.weights[shown.head].subarray(q * part.keys, (q + 1) * part.keys)));
      return rows.reduce((a, b) => a + b, 0) / rows.length;
    };
    return `Switched ${state.scaled ? "on" : "off"} in every layer, with nothing trained anew: ${answers.filter(Boolean).length} of ${answers.length} answers change, and the largest weight of a row of this head is ${steady(most(pass), 2)} on average instead of ${steady(most(moment.pass), 2)}.`;
  }

  // Where nobody has chosen: the last query, and the key it looks at most; kept until another one has twice its weight, so
  // that it does not jump about while the weights change.
  function pairNow() {
    const { parts: { by, facts }, grid, head, labels } = shown;
    const key = `${grid.id} ${head} ${labels.query.join(" ")} ${labels.key.join(" ")}`;
    const mostOf = (query) => likeliest(by.a.values.subarray(query * facts.keys, (query + 1) * facts.keys));
    const last = facts.tokens - 1;
    const [weightOf, best] = [(k) => by.a.values[last * facts.keys + k], mostOf(last)];
    if (opening?.of !== key || weightOf(best) > 2 * weightOf(opening.key)) opening = { of: key, query: last, key: best };
    const query = attended.query !== null && attended.query < facts.tokens ? attended.query : opening.query;
    const chosen = attended.key !== null && attended.key < facts.keys ? attended.key : query === opening.query ? opening.key : mostOf(query);
    const strongest = (values) => values.reduce((best, x, i) => (Math.abs(x) > Math.abs(values[best]) ? i : best), 0);
    const products = Array.from({ length: facts.size }, (_, m) => by.q.values[query * facts.size + m] * by.k.values[chosen * facts.size + m]);
    const adds = [...by.o.values.subarray(query * facts.width, (query + 1) * facts.width)];
    const within = (at, count) => (at !== null && at < count ? at : null);
    return { query, key: chosen, element: within(state.element, facts.size) ?? strongest(products), feature: within(state.feature, facts.width) ?? strongest(adds) };
  }

  // The row of a pair through all matrices, where no single cell is looked at.
  function trail({ query, key }) {
    const { by } = shown.parts;
    const marks = new Map();
    for (const id of ["r", "x", "q0", "q", "z", "o", "t", "y", "n"]) if (by[id]) marks.set(id, [{ row: query }]);
    for (const id of ["m", "k0", "k", "v"]) if (by[id]) marks.set(id, [{ row: key }]);
    if (!by.m && query !== key) marks.get("x").push({ row: key });
    for (const id of PAIRED) if (by[id]) marks.set(id, [{ row: query }, { row: query, column: key, strong: true }]);
    return marks;
  }

  function marksOf(origin) {
    const marks = new Map([[origin.id, [{ row: origin.row, column: origin.column, strong: true }]]]);
    for (const { id, row, column } of origin.lit) marks.set(id, [...(marks.get(id) ?? []), { row, column }]);
    return marks;
  }

  function look(fresh) {
    const { parts, steps, labels } = shown;
    const now = pairNow();
    const cell = state.hovered ?? state.kept;
    const own = cell ?? (state.step === null ? { id: "a", row: now.query, column: now.key } : steps[state.step].cell(now));
    const origin = originOf(parts, own.id, own.row, own.column);
    const isNew = fresh || JSON.stringify([now, attended.pinned]) !== shown.told;
    Object.assign(shown, { pair: now, origin, work: isNew ? workOf(parts, now) : shown.work, told: JSON.stringify([now, attended.pinned]) });
    stepper.show({ steps, at: state.step, whole: "Each token asks with its query, is found by its key and gives its value. Go through it step by step, or point at anything." });
    const ids = state.step === null ? null : new Set(steps[state.step].lit);
    flow.light(ids, cell || state.step !== null ? marksOf(origin) : trail(now));
    const step = steps[state.step];
    readout.show(origin, parts.by[own.id], labels, { count: step ? `step ${state.step + 1} of ${steps.length}: ${step.title.replace(/[_^]/g, "")}` : `${steps.length} steps`, says: step?.says ?? "" });
    pair.mark(step?.id ?? null);
    if (fresh) pair.fit();
    if (isNew) pair.show(shown.work, parts, labels, ctx.colors, attended.pinned);
  }

  function drawScales() {
    scales.forEach((canvas, i) => {
      const { pen, width, height } = fit(canvas);
      for (let x = 0; x < width; x += 1) {
        const t = x / Math.max(1, width - 1);
        pen.fillStyle = css(i ? ctx.colors.sequential(t) : ctx.colors.diverging(2 * t - 1));
        pen.fillRect(x, 0, 1.5, height);
      }
    });
  }

  return {
    update: again,
    draw() {
      moments.nudge();
      if (!moment) return;
      const began = performance.now();
      const fresh = stale || flow.outgrown();
      if (fresh) refresh();
      look(fresh);
      flow.draw(ctx.colors);
      scaling.draw(ctx.colors);
      if (fresh) drawScales();
      timings[fresh ? "refresh" : "hover"] = performance.now() - began;
      ctx.host.dlviz ??= exposed({ state, timings, flow, scaling, shown: () => shown, attended });
    },
  };
});
