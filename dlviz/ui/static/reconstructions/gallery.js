// Test pictures, what comes back of them, and the difference, a page at a time, by the weights of the moment on screen.

import { Album } from "../lib/album.js";
import { h, number, replace, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { paintPixels } from "../lib/pixels.js";
import { differenceOf, paintSigned, reconstruct } from "../lib/reconstruction.js";
import { inSlices } from "../lib/slices.js";
import { buildTiles, cellWords, walked } from "../lib/tiles.js";

const ORDER = { name: "order", kind: "choice", label: "Order", options: ["place", "best", "worst"], labels: ["As they come", "Best first", "Worst first"], default: "place" };
const SHOW = { name: "show", kind: "choice", label: "At a time", options: ["12", "24"], labels: ["12", "24"], default: "12" };
const TILES = ["picture", "reconstruction", "error"];
const HINT = "Point at a picture, or focus it and use the arrow keys, to read the same cell in all three. Click it to put it on screen.";

/** `measured()`: the errors of all test pictures or null; `onpick(index)`; `happened(word)`. */
export function buildGallery({ live, ctx, measured, onpick, happened }) {
  const album = new Album(live, () => ctx.redraw(), { panel: "album", more: () => ({ parameters: false }) });
  const state = { order: "place", per: 12, from: 0, only: null, look: null }; // look: {k, y, x}
  const change = (changes) => { Object.assign(state, { look: null }, changes); ctx.redraw(); };
  const order = knob(ORDER, { value: "place", onchange: (value) => { change({ order: value, from: 0 }); if (value !== "place") happened("sorted_errors"); } });
  const show = knob(SHOW, { value: "12", onchange: (value) => change({ per: Number(value), from: 0 }) });
  const chips = h("div.picker-classes", { role: "group", "aria-label": "Only pictures of a class" });
  const back = h("button.square", { type: "button", "aria-label": "Pictures before", onclick: () => change({ from: Math.max(0, state.from - state.per) }) }, "‹");
  const on = h("button.square", { type: "button", "aria-label": "More pictures", onclick: () => change({ from: state.from + state.per }) }, "›");
  const where = h("span.small.muted.value");
  const readout = h("p.recon-readout.value", HINT);
  const words = h("p.small.muted.value");
  const grid = h("div.recon-grid", { role: "group", "aria-label": "Test pictures with their reconstructions and errors" });
  const element = h("div.recon-gallery",
    h("div.recon-controls", order.element, show.element, chips, h("span.grow"), h("div.row.recon-pages", where, back, on)), readout, grid, words);
  const cards = [];
  let [sorted, shown, key, built, task] = [null, null, "", "", 0];
  let floats = new Map(); // index → pixels in [0, 1]

  const labels = () => measured()?.test.labels ?? live.scene.arrays.labels.data;

  /** The places of the pictures in the order on screen. While training goes on they stay where they are. */
  function listed() {
    const now = measured();
    const wanted = `${state.order} ${state.only} ${now?.key ?? key} ${labels().length}`;
    const isStale = now && sorted?.step !== now.step && !live.state?.playing;
    if (sorted?.wanted !== wanted || (isStale && state.order !== "place")) {
      const of = labels();
      const list = [...of.keys()].filter((i) => state.only === null || of[i] === state.only);
      if (now && state.order !== "place") list.sort((a, b) => (state.order === "best" ? 1 : -1) * (now.test.errors[a] - now.test.errors[b]) || a - b);
      sorted = { wanted, list, step: now?.step ?? null };
    }
    return sorted.list;
  }

  function pixelsOf(index) {
    const picture = album.get(index);
    if (!picture) return null;
    if (!floats.has(index)) floats.set(index, Float32Array.from(picture.pixels, (byte) => byte / 255));
    return floats.get(index);
  }

  function card(k) {
    const size = () => live.scene.numbers.shape.slice(1);
    const look = (at) => { state.look = at && { k, ...at }; ctx.redraw(); };
    const tiles = buildTiles(TILES, { size, onpoint: look });
    const [error, nats] = [h("b"), h("span.muted")];
    const button = h("button.recon-card.plain", { type: "button",
      onclick: () => { const item = shown?.items[k]; if (item) onpick(item.index); },
      onblur: () => { if (state.look?.k === k) look(null); },
      onkeydown: (event) => {
        const next = event.key === "Escape" ? null : walked(state.look?.k === k ? state.look : null, event.key, size());
        if (event.key !== "Escape" && !next) return;
        event.preventDefault();
        event.stopPropagation();
        look(next);
      } }, tiles.tiles, h("span.recon-numbers.value", error, nats));
    return { button, tiles, error, nats, painted: null };
  }

  function paint(one, item, { shape, classes, chosen }) {
    const [picture, again, difference] = one.tiles.canvases;
    if (one.painted !== item || one.colors !== ctx.colors) {
      Object.assign(one, { painted: item, colors: ctx.colors });
      paintPixels(picture, item.pixels, shape);
      paintPixels(again, item.picture, shape);
      paintSigned(difference, item.difference, shape, ctx.colors);
      setText(one.error, steady(item.squaredError, 4));
      setText(one.nats, `${number(item.nats)} nats`);
      const name = classes[item.label];
      one.button.title = `Test picture ${item.index}: ${name}`;
      one.button.setAttribute("aria-label", `${one.button.title}. Squared error ${steady(item.squaredError, 4)}, ${number(item.nats)} nats. Press Enter to put it on screen.`);
    }
    one.button.setAttribute("aria-pressed", String(item.index === chosen));
  }

  function ask(moment, some) {
    const mine = (task += 1);
    const { spec, shape } = moment.scene.numbers;
    const of = labels();
    inSlices(function* work() {
      const items = [];
      for (const index of some) {
        const pixels = pixelsOf(index);
        const item = reconstruct(moment.network, spec, pixels, of[index]);
        items.push({ index, label: of[index], pixels, ...item, difference: differenceOf(item.picture, pixels, shape) });
        yield;
      }
      return items;
    }(), (items) => { shown = { moment, items, indices: some.join() }; ctx.redraw(); }, { signal: ctx.signal, wanted: () => mine === task });
  }
  let asked = ""; // of which moment and pictures the work was begun last
  let of = null;

  function draw(moment) {
    const { classes, shape, spec } = moment.scene.numbers;
    const set = `${spec.dataset} ${spec.leave_out}`;
    if (set !== key) {
      album.clear();
      [key, floats, shown, sorted, asked] = [set, new Map(), null, null, ""];
      Object.assign(state, { from: 0, only: null, look: null });
    }
    if (built !== classes.join()) {
      built = classes.join();
      replace(chips, classes.length > 1 ? classes.map((name, i) => h("button.chip", { type: "button", "aria-pressed": "false", onclick: () => choose(i) }, name)) : []);
    }
    [...chips.children].forEach((chip, i) => chip.setAttribute("aria-pressed", String(state.only === i)));
    const all = listed();
    if (state.from >= all.length) state.from = 0;
    const some = all.slice(state.from, state.from + state.per);
    album.need(some);
    back.disabled = state.from === 0;
    on.disabled = state.from + state.per >= all.length;
    setText(where, all.length ? `${state.from + 1}–${state.from + some.length} of ${number(all.length)}` : "No test picture of this class: it is left out");
    const now = measured();
    const orderWords = state.order === "place" || !now ? "" : ` The order is that of the squared errors at step ${number(sorted.step)}${sorted.step !== moment.step ? ", and stays while training goes on" : ""}.`;
    setText(words, `From top to bottom: picture, reconstruction, error (reconstruction − picture), each ${shape.join(" × ")}${shape[0] > 1 ? ", of the error the mean of the three channels" : ""}. Below: the mean squared error of a pixel, and −log p(x | z) of the whole picture.${orderWords}`);
    if ((asked !== some.join() || of !== moment) && some.every((index) => album.get(index))) {
      [asked, of] = [some.join(), moment];
      ask(moment, some);
    }
    const isHere = shown && shown.indices === some.join();
    while (cards.length < some.length) cards.push(card(cards.length));
    if (grid.children.length !== some.length) replace(grid, cards.slice(0, some.length).map(({ button }) => button));
    grid.setAttribute("aria-busy", String(!isHere));
    if (isHere) shown.drawn = { order: state.order, only: state.only, from: state.from, look: state.look };
    const chosen = spec.own_pixels ? null : spec.picture;
    some.forEach((_, k) => {
      if (isHere) paint(cards[k], shown.items[k], { shape, classes, chosen });
      cards[k].tiles.mark(state.look?.k === k ? state.look : null);
    });
    setText(readout, isHere && state.look && shown.items[state.look.k] ? said(shown.items[state.look.k], state.look, shape) : HINT);
  }

  function said(item, at, shape) {
    const [channels] = shape;
    const difference = Float32Array.from(item.picture, (value, i) => value - item.pixels[i]);
    const write = (values) => cellWords(values, at, shape);
    return `Picture ${item.index}, row ${at.y}, column ${at.x}: picture ${write(item.pixels)}, reconstruction ${write(item.picture)}, error ${write(difference)}${channels > 1 ? " (red, green, blue)" : ""}`;
  }

  function choose(at) {
    change({ only: state.only === at ? null : at, from: 0 });
  }

  return {
    element, draw, choose,
    read: () => shown?.drawn && {
      step: shown.moment.step, ...shown.drawn, readout: readout.textContent, where: where.textContent, busy: grid.getAttribute("aria-busy") === "true",
      items: shown.items.map(({ index, label, squaredError, nats, picture, difference }) => ({ index, label, squaredError, nats, picture: [...picture], difference: [...difference] })),
    },
  };
}
