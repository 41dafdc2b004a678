// The picture on screen damaged and restored, with a square that one drags over it.

import { h, setText, steady } from "../lib/dom.js";
import { covered, damage, isCovered } from "../lib/damage.js";
import { paintPixels } from "../lib/pixels.js";
import { decibels, differenceOf, meanSquare, paintSigned, reconstruct } from "../lib/reconstruction.js";
import { buildTiles, cellWords } from "../lib/tiles.js";
import { damageWords, db, signed, verdict } from "./words.js";

const NAMES = { clean: "Clean", damaged: "Damaged", restored: "Restored", error: "Error: restored − clean" };
const GREY = 0.5;

/** A picture damaged, restored and judged. */
export function restore({ network, spec, shape, pixels, label, how, box = null }) {
  const given = covered(damage(pixels, shape, how), shape, box, GREY);
  const item = reconstruct(network, spec, pixels, label, given);
  const squaredBefore = meanSquare(given, pixels);
  return {
    pixels, given, restored: item.picture, difference: differenceOf(item.picture, pixels, shape), mean: item.mean,
    squaredBefore, squaredAfter: item.squaredError, before: decibels(squaredBefore), after: decibels(item.squaredError),
  };
}

export function paintFour([clean, given, restored, error], item, shape, colors) {
  paintPixels(clean, item.pixels, shape);
  paintPixels(given, item.given, shape);
  paintPixels(restored, item.restored, shape);
  paintSigned(error, item.difference, shape, colors);
}

/** `happened(word)` for the story. */
export function buildRestoring({ live, ctx, happened }) {
  let [look, box, start, shown] = [null, null, null, null];
  const size = () => live.scene.numbers.shape.slice(1);
  const setBox = (next) => {
    box = next;
    if (box) happened("inpainted");
    ctx.redraw();
  };
  const between = (a, b) => ({ top: Math.min(a.y, b.y), left: Math.min(a.x, b.x), bottom: Math.max(a.y, b.y), right: Math.max(a.x, b.x) });
  const tiles = buildTiles(Object.keys(NAMES), {
    size,
    onpoint(at) {
      look = at;
      if (start && at) setBox(between(start, at));
      ctx.redraw();
    },
    begin(at, event, tile) {
      if (tile.dataset.tile !== "damaged" || event.button !== 0) return;
      tile.setPointerCapture(event.pointerId);
      start = at;
      setBox(between(at, at));
    },
    end: () => { start = null; },
  });
  const [, pad] = tiles.tiles;
  for (const [name, value] of Object.entries({ tabindex: 0, role: "application", "aria-label": "Damaged picture. Drag to paint a grey square over a part. Arrow keys move the square, with Shift they change its size, Delete takes it away." })) pad.setAttribute(name, value);
  pad.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") setBox(null);
    else if (way) setBox(box ? moved(box, way, event.shiftKey, size()) : middle());
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const put = h("button.chip", { type: "button", onclick: () => setBox(box ? null : middle()) }, "Cover a part");
  const [about, sentence, inside, readout] = [h("p.small.muted.value"), h("p.noise-verdict.value", { "aria-live": "polite" }), h("p.value"), h("p.small.muted.value.noise-readout")];
  const numbers = Object.fromEntries(Object.keys(NAMES).map((name) => [name, h("span.value.noise-number")]));
  const element = h("div.noise-restoring",
    h("div.row", put, about),
    h("div.noise-four", Object.entries(NAMES).map(([name, word], i) => h("figure.noise-figure", h("figcaption.label", word), tiles.tiles[i], numbers[name]))),
    readout, sentence, inside);

  function middle() {
    const [height, width] = size();
    const third = (n) => Math.round(n / 3);
    return { top: third(height), left: third(width), bottom: height - third(height) - 1, right: width - third(width) - 1 };
  }

  function draw(moment, how, label) {
    const { scene, network, pixels } = moment;
    const { spec, shape } = scene.numbers;
    const [height, width] = shape.slice(1);
    if (box && (box.bottom >= height || box.right >= width)) box = null; // of pictures that were larger
    const key = JSON.stringify([how, box, label]);
    if (shown?.moment !== moment || shown.key !== key || shown.colors !== ctx.colors) {
      const item = restore({ network, spec, shape, pixels, label, how, box });
      const ceiling = decibels(reconstruct(network, spec, pixels, label).squaredError);
      shown = { moment, key, how, box, colors: ctx.colors, item, ceiling, inside: box && insideOf(item, shape, box) };
      paintFour(tiles.canvases, item, shape, ctx.colors);
      setText(numbers.clean, shape.join(" × "));
      setText(numbers.damaged, db(item.before));
      setText(numbers.restored, `${db(item.after)}, ${signed(item.after - item.before)}`);
      setText(numbers.error, `squared error ${steady(item.squaredAfter, 4)}`);
      setText(about, damageWords(how, box));
      setText(sentence, verdict({ ...item, ceiling }));
      setText(inside, shown.inside ? `Under the square alone: ${db(shown.inside.before)} while it is grey, ${db(shown.inside.after)} filled in (${signed(shown.inside.after - shown.inside.before)}). What is filled in is read from the rest of the picture: the code has no other source.` : "");
      setText(put, box ? "Take the square away" : "Cover a part");
    }
    tiles.mark(look);
    setText(readout, look ? said(shown.item, look, shape) : "Point at a picture to read the same cell in all four. Drag over the damaged one to paint a grey square over a part of it.");
  }

  function said(item, at, shape) {
    const write = (values) => cellWords(values, at, shape);
    return `Row ${at.y}, column ${at.x}: clean ${write(item.pixels)}, damaged ${write(item.given)}, restored ${write(item.restored)}, error ${write(item.restored.map((x, i) => x - item.pixels[i]))}`;
  }

  return {
    element, draw,
    read: () => shown && {
      step: shown.moment.step, how: shown.how, box: shown.box, before: shown.item.before, after: shown.item.after, ceiling: shown.ceiling, inside: shown.inside,
      clean: [...shown.item.pixels], damaged: [...shown.item.given], restored: [...shown.item.restored], difference: [...shown.item.difference],
      sentence: sentence.textContent, readout: readout.textContent,
    },
  };
}

function moved({ top, left, bottom, right }, [dy, dx], grows, [height, width]) {
  if (grows) return { top, left, bottom: Math.min(height - 1, Math.max(top, bottom + dy)), right: Math.min(width - 1, Math.max(left, right + dx)) };
  const y = Math.min(height - 1 - bottom, Math.max(-top, dy));
  const x = Math.min(width - 1 - right, Math.max(-left, dx));
  return { top: top + y, left: left + x, bottom: bottom + y, right: right + x };
}

function insideOf(item, [, height, width], box) {
  const inside = [...item.pixels.keys()].filter((i) => isCovered(i, height, width, box));
  const error = (values) => inside.reduce((sum, i) => sum + (values[i] - item.pixels[i]) ** 2, 0) / inside.length;
  return { before: decibels(error(item.given)), after: decibels(error(item.restored)) };
}
