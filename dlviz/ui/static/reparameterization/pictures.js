// What the decoder makes of μ, of z, and of sixteen more draws: how much q(z|x) leaves open.

import { h, percent, setText, steady } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";
import { inSlices } from "../lib/slices.js";
import { decoded, draws, placed } from "./drawing.js";

const MANY = 16;

/** `onpick(epsilon)`: a draw of the sheet was clicked. */
export function buildPictures({ ctx, onpick }) {
  const one = (label) => {
    const parts = { canvas: h("canvas.reparam-picture", { width: 1, height: 1, role: "img", "aria-label": label }), words: h("span.small.muted.value") };
    return { ...parts, element: h("figure.reparam-figure", h("figcaption", label), parts.canvas, parts.words) };
  };
  const [given, middle, drawn] = ["The picture x", "Decoded from μ", "Decoded from z"].map(one);
  const cells = Array.from({ length: MANY }, (_, k) => h("button.plain.sheet-one", { type: "button", "aria-label": `Draw ${k + 1} of the sheet: take its ε`, onclick: () => { if (sheet) onpick(sheet.epsilons[k]); } }, h("canvas.reparam-thumb", { width: 1, height: 1 })));
  const about = h("p.value.sheet-words", { "aria-live": "polite" });
  const shape = h("span.small.muted.value");
  const element = h("div.reparam-pictures", given.element, middle.element, drawn.element,
    h("div.stack.sheet-part", h("div.row", h("h4", "Sixteen draws"), shape), h("div.sheet", cells), about));
  let [sheet, key, wanted] = [null, null, null];

  function* work(moment, seed, sigma) {
    const { mean } = moment.code;
    const all = draws(seed, MANY * mean.length);
    const epsilons = Array.from({ length: MANY }, (_, k) => all.slice(k * mean.length, (k + 1) * mean.length));
    const found = [];
    for (const epsilon of epsilons) {
      found.push(decoded(moment, placed(mean, sigma, epsilon)));
      yield;
    }
    return { epsilons, found, seed };
  }

  function say(moment, atMean, read) {
    const lost = sheet.found.map((each) => each.lost);
    const average = lost.reduce((a, b) => a + b, 0) / MANY;
    const parts = [`Over these draws the reconstruction costs ${steady(average, 1)} nats on average, from ${steady(Math.min(...lost), 1)} to ${steady(Math.max(...lost), 1)}; at μ itself ${steady(atMean.lost, 1)}.`];
    if (read) {
      const answers = sheet.found.map(({ picture }) => { const shares = read(picture); return shares.indexOf(Math.max(...shares)); });
      const times = new Map();
      for (const answer of answers) times.set(answer, (times.get(answer) ?? 0) + 1);
      const [best, count] = [...times].sort((a, b) => b[1] - a[1])[0];
      parts.push(times.size === 1 ? `The classifier reads all of them as ${moment.scene.numbers.classes[best]}.` : `The classifier reads ${percent(count / MANY, 0)} of them as ${moment.scene.numbers.classes[best]} and sees ${times.size} classes in all.`);
    }
    setText(about, parts.join(" "));
  }

  return {
    element,
    read: () => sheet && { seed: sheet.seed, lost: sheet.found.map(({ lost }) => lost), epsilons: sheet.epsilons.map((e) => [...e]), words: about.textContent },
    show(moment, draw, { stage, seed, read }) {
      const size = moment.scene.numbers.shape;
      paintPixels(given.canvas, moment.pixels, size);
      paintPixels(middle.canvas, draw.atMean.picture, size);
      paintPixels(drawn.canvas, draw.atZ.picture, size);
      drawn.element.classList.toggle("later", stage < 4);
      setText(given.words, size.join(" × "));
      setText(middle.words, `R = ${steady(draw.atMean.lost, 2)} nats`);
      setText(drawn.words, `R = ${steady(draw.atZ.lost, 2)} nats`);
      setText(shape, `16 × ${size.join(" × ")}, seed ${seed}; click one to take its ε`);
      if (key?.moment !== moment || key.seed !== seed || key.read !== read) {
        key = wanted = { moment, seed, read };
        const mine = wanted;
        inSlices(work(moment, seed, draw.sigma), (found) => {
          sheet = found;
          found.found.forEach(({ picture }, k) => paintPixels(cells[k].firstChild, picture, size));
          say(moment, draw.atMean, read);
        }, { signal: ctx.signal, wanted: () => wanted === mine });
      }
    },
  };
}
