// Eight more test pictures under the same damage.

import { Album } from "../lib/album.js";
import { h, setText } from "../lib/dom.js";
import { inSlices } from "../lib/slices.js";
import { db, signed } from "./words.js";
import { paintFour, restore } from "./restoring.js";

const COUNT = 8;

export function buildMore({ live, ctx }) {
  const album = new Album(live, () => ctx.redraw(), { panel: "album", more: () => ({ parameters: false }) });
  const cards = Array.from({ length: COUNT }, () => {
    const canvases = Array.from({ length: 4 }, () => h("canvas", { width: 1, height: 1, "aria-hidden": "true" }));
    const words = h("figcaption.value.small");
    const element = h("figure.noise-card", { role: "img" }, canvases.map((canvas) => h("div.tile", canvas)), words);
    return { element, canvases, words };
  });
  const mean = h("p.value");
  const element = h("section.noise-part", { "aria-label": "Eight more" }, h("h3", "Eight more test pictures, damaged alike"), h("p.small.muted", "From top to bottom: clean, damaged, restored, error."),
    h("div.noise-cards", cards.map((card) => card.element)), mean);
  let [set, shown, asked, of, task] = ["", null, "", null, 0];

  function draw(moment, how) {
    const { spec, shape, split, classes } = moment.scene.numbers;
    const now = `${spec.dataset} ${spec.leave_out}`;
    if (now !== set) {
      album.clear();
      [set, shown, asked] = [now, null, ""];
    }
    const some = Array.from({ length: Math.min(COUNT, split.test - 1) }, (_, k) => (spec.picture + 1 + k) % split.test);
    album.need(some);
    const key = JSON.stringify([how, some]);
    if ((asked !== key || of !== moment) && some.every((index) => album.get(index))) {
      [asked, of] = [key, moment];
      const mine = (task += 1);
      inSlices(function* work() {
        const items = [];
        for (const index of some) {
          const picture = album.get(index);
          const pixels = Float32Array.from(picture.pixels, (byte) => byte / 255);
          items.push({ index, label: picture.truth, ...restore({ network: moment.network, spec, shape, pixels, label: picture.truth, how: { ...how, seed: how.seed + 1 + items.length } }) });
          yield;
        }
        return items;
      }(), (items) => { shown = { key, moment, how, items, fresh: true }; ctx.redraw(); }, { signal: ctx.signal, wanted: () => mine === task });
    }
    element.setAttribute("aria-busy", String(shown?.key !== key));
    if (!shown || (!shown.fresh && shown.colors === ctx.colors)) return;
    Object.assign(shown, { fresh: false, colors: ctx.colors });
    cards.forEach((card, k) => {
      const item = shown.items[k];
      card.element.classList.toggle("hidden", !item);
      if (!item) return;
      paintFour(card.canvases, item, shape, ctx.colors);
      setText(card.words, `${db(item.before)} → ${db(item.after)}`);
      card.element.setAttribute("aria-label", `Test picture ${item.index}, ${classes[item.label]}: ${db(item.before)} damaged, ${db(item.after)} restored`);
    });
    const gains = shown.items.map(({ before, after }) => after - before);
    const better = gains.filter((gain) => gain > 0).length;
    setText(mean, `Of these ${gains.length}, ${better} ${better === 1 ? "is" : "are"} nearer to the clean picture after restoring; the mean gain is ${signed(gains.reduce((a, b) => a + b, 0) / gains.length)}.`);
  }

  return {
    element, draw,
    read: () => shown && { busy: element.getAttribute("aria-busy") === "true", step: shown.moment.step, how: shown.how, items: shown.items.map(({ index, label, before, after, given }) => ({ index, label, before, after, damaged: [...given] })) },
  };
}
