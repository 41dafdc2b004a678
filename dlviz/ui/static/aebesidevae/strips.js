// From one test picture to another through both spaces: the straight line between their codes, decoded.

import { h, percent, setText } from "../lib/dom.js";
import { buildPicker } from "../lib/picker.js";
import { paintPixels } from "../lib/pixels.js";
import { LABELS, NETWORKS } from "./race.js";
import { stripWords } from "./words.js";

const STOPS = 11;

/** The codes on the straight line between two, both ends among them. */
export const line = (from, to) => Array.from({ length: STOPS }, (_, i) => from.map((value, k) => value + (i / (STOPS - 1)) * (to[k] - value)));

/** `onpick("from" | "to", index)`; `show({race, moment, from, to, read, scene})`. */
export function buildStrips({ live, ctx, onpick }) {
  const pickers = Object.fromEntries([["from", "From"], ["to", "To"]].map(([end, label]) => [end, buildPicker({ live, ctx, label, page: 10, onpick: (index) => onpick(end, index) })]));
  const rows = Object.fromEntries(NETWORKS.map((kind) => {
    const stops = Array.from({ length: STOPS }, () => ({ canvas: h("canvas", { "aria-hidden": "true" }), fill: h("i"), said: h("span.value.small") }));
    const words = h("p.small.value");
    const strip = h("div.strip", { role: "img" }, stops.map(({ canvas, fill, said }) => h("div.stop", canvas, h("span.bar", fill), said)));
    return [kind, { stops, words, strip, element: h("figure.strip-of", { "data-network": kind }, h("figcaption", h("h4", LABELS[kind])), strip, words) }];
  }));
  const element = h("div.strips",
    h("div.pickers", h("div.stack", h("p.label", "From"), pickers.from.element), h("div.stack", h("p.label", "To"), pickers.to.element)),
    NETWORKS.map((kind) => rows[kind].element));
  let [key, told] = ["", null];

  function compute({ race, moment, from, to, read }) {
    return Object.fromEntries(NETWORKS.map((kind) => {
      const side = moment[kind];
      const pictures = line(side.codes[from], side.codes[to]).map((z) => side.decode(z));
      const sure = read && pictures.map((picture) => Math.max(...read(picture)));
      rows[kind].stops.forEach(({ canvas, fill, said }, i) => {
        paintPixels(canvas, pictures[i], race.shape);
        fill.parentElement.classList.toggle("hidden", !sure);
        if (!sure) return setText(said, "");
        fill.style.width = `${100 * sure[i]}%`;
        fill.classList.toggle("low", sure[i] < 0.5);
        return setText(said, percent(sure[i], 0));
      });
      return [kind, { pictures, sure }];
    }));
  }

  return {
    element,
    show(now) {
      const { race, moment, from, to, read, scene } = now;
      const { classes } = race.plan;
      const state = { classes, labels: moment.labels, count: moment.labels.length, key: `${race.plan.dataset} ${scene.numbers.spec.leave_out}` };
      pickers.from.show({ ...state, chosen: from });
      pickers.to.show({ ...state, chosen: to });
      const next = `${race.settings.key} ${moment.step} ${race.moments.length} ${from} ${to} ${Boolean(read)}`;
      if (key === next) return;
      key = next;
      told = compute(now);
      for (const kind of NETWORKS) {
        const words = stripWords(told[kind].sure);
        setText(rows[kind].words, words);
        rows[kind].strip.setAttribute("aria-label", `${LABELS[kind]}: ${STOPS} pictures from test picture ${from} to ${to}. ${words}`);
      }
    },
    get told() { return told; },
    album: pickers.from.album,
  };
}
