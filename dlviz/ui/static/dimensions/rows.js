// The table: a row for each direction with its slider and its tiles. Tiles are decoded in slices, row after row.

import { h, number, setText } from "../lib/dom.js";
import { fold } from "../lib/fold.js";
import { knob } from "../lib/knob.js";
import { inSlices } from "../lib/slices.js";
import { placesOf } from "./basis.js";

const CALM = 120; // ms after the last change before the tiles follow

/** `onmove(row, value)`, `onlook({row, value} | null)`: a tile is pointed at. */
export function buildRows({ ctx, onmove, onlook }) {
  const head = h("div.dm-head.small.muted", h("span", "Number"), h("span", "Value"), h("div.dm-scale.value"));
  const [alive, dead] = [h("div.dm-list"), h("div.dm-list")];
  const collapsed = fold("Collapsed", () => collapsedWords, [h("p.small.muted", "These have nearly the same value for every picture, so the decoder has learned to do without them: moving one changes little or nothing."), dead]);
  const away = h("p.small.muted");
  const table = h("div.dm-table", head, alive, h("div.dm-collapsed", collapsed.head, collapsed.body), away);
  let [cards, key, work, waiting, collapsedWords, done] = [[], "", 0, 0, "", 0];

  function card(row) {
    const canvas = h("canvas.dm-tiles", { tabindex: 0, role: "application", width: 1, height: 1 });
    const [mark, words] = [h("i.dm-mark"), h("span.small.muted.value.dm-used")];
    const control = knob({ name: `dm_${row.name}`, kind: "range", label: row.name, low: row.limits[0], high: row.limits[1], default: 0 }, { onchange: (value) => onmove(one.row, value), label: false });
    const follows = h("span.dm-follows.small");
    const element = h("div.dm-row", { "data-name": row.name }, h("div.dm-name", h("b", row.name), words, follows), control.element, h("div.dm-strip", canvas, mark));
    const one = { row, element, canvas, control, words, mark, follows, pictures: null, places: [], looked: null };
    const look = (i) => {
      one.looked = i;
      onlook(i === null ? null : { row: one.row, value: one.places[i] });
    };
    const at = (event) => Math.min(one.places.length - 1, Math.max(0, Math.floor((event.offsetX / canvas.clientWidth) * one.places.length)));
    canvas.addEventListener("pointermove", (event) => { if (one.pictures && at(event) !== one.looked) look(at(event)); });
    canvas.addEventListener("pointerleave", () => look(null));
    canvas.addEventListener("blur", () => look(null));
    canvas.addEventListener("click", (event) => { if (one.pictures) onmove(one.row, one.places[at(event)]); });
    canvas.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const last = one.places.length - 1;
      if (way) look(Math.min(last, Math.max(0, (one.looked ?? Math.round(last / 2)) + way)));
      else if (event.key === "Enter" && one.looked !== null) onmove(one.row, one.places[one.looked]);
      else if (event.key === "Escape") look(null);
      else return;
      event.preventDefault();
    });
    return one;
  }

  /** Put these rows; `next` names them, so that the same rows keep their controls. */
  function put(rows, next, hidden) {
    const kept = rows.filter((row) => !row.isCollapsed).length;
    collapsedWords = `${rows.length - kept} of ${rows.length}`;
    collapsed.say();
    collapsed.head.parentElement.classList.toggle("hidden", kept === rows.length);
    setText(away, hidden ? `${hidden} more, which are used less than these, are not shown.` : "");
    if (key !== next) {
      key = next;
      cards = rows.map(card);
      alive.replaceChildren(...cards.filter(({ row }) => !row.isCollapsed).map(({ element }) => element));
      dead.replaceChildren(...cards.filter(({ row }) => row.isCollapsed).map(({ element }) => element));
    } else cards.forEach((one, i) => { one.row = rows[i]; });
  }

  function show({ z, columns, follows, unit }) {
    const scale = head.lastChild;
    const shared = cards.length && cards.every(({ row }) => row.span.join() === cards[0].row.span.join());
    const labels = Array.from({ length: columns }, (_, i) => (shared ? number(placesOf(cards[0].row, columns)[i], 2) : i === 0 ? "least" : i === columns - 1 ? "most" : ""));
    if (scale.textContent !== labels.join("") || scale.children.length !== columns) scale.replaceChildren(...labels.map((text) => h("span", text)));
    setText(head.children[0], unit);
    for (const one of cards) {
      const { row } = one;
      const value = row.value(z);
      one.control.set(value);
      setText(one.words, row.used);
      setText(one.follows, follows(row) ?? "");
      const share = row.span[1] > row.span[0] ? (value - row.span[0]) / (row.span[1] - row.span[0]) : 0.5;
      one.mark.style.left = `${(100 * (Math.min(1, Math.max(0, share)) * (columns - 1) + 0.5)) / columns}%`;
      one.canvas.setAttribute("aria-label", `${row.name} from ${number(row.span[0], 2)} to ${number(row.span[1], 2)} in ${columns} pictures. Arrow keys look at one, Enter takes its value`);
    }
  }

  /** Decode all tiles anew, a moment after the last call. */
  function decode(given, isFirst) {
    work += 1;
    clearTimeout(waiting);
    const mine = work;
    waiting = setTimeout(() => inSlices(tiles(given), () => { done = mine; ctx.redraw(); }, { signal: ctx.signal, wanted: () => mine === work }), isFirst ? 0 : CALM);
  }

  function* tiles({ network, z, told, columns, shape: [channels, height, width] }) {
    const count = height * width;
    for (const one of cards) {
      const { row, canvas } = one;
      const places = placesOf(row, columns);
      const pictures = [];
      for (const place of places) {
        pictures.push(network.decode(row.moved(z, place), told).picture);
        yield;
      }
      Object.assign(one, { pictures, places });
      const across = columns * (width + 1) - 1;
      if (canvas.width !== across || canvas.height !== height) Object.assign(canvas, { width: across, height });
      const pen = canvas.getContext("2d");
      pictures.forEach((picture, k) => {
        const image = new ImageData(width, height);
        for (let i = 0; i < count; i += 1) {
          for (let c = 0; c < 3; c += 1) image.data[4 * i + c] = 255 * picture[(channels === 1 ? 0 : c) * count + i];
          image.data[4 * i + 3] = 255;
        }
        pen.putImageData(image, k * (width + 1), 0);
      });
    }
  }

  return {
    element: table, put, show, decode,
    get settled() { return done === work; },
    get isEdited() { return cards.some(({ control }) => control.element.contains(control.element.getRootNode().activeElement)); },
    read: () => cards.map(({ row, places, pictures, follows }) => ({ name: row.name, at: row.at, amount: row.amount, isCollapsed: row.isCollapsed, places, pictures: pictures?.map((each) => [...each]) ?? null, follows: follows.textContent })),
  };
}
