// How much of what is drawn at random can be read, for each way of drawing, with twelve of the pictures that were counted; and
// what the pressure on the codes costs.

import { h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";
import { LABELS, NETWORKS } from "./race.js";

const SURE = 0.8;
export const SOURCES = {
  prior: ["N(0, I), as it is", "The prior that the VAE's codes are pressed to; the autoencoder knows nothing of it."],
  scaled: ["N(0, I), stretched to its codes", "Moved and stretched along each number to the mean and spread of its own codes."],
  fitted: ["A normal fitted to its codes", "With their mean and their whole covariance."],
  box: ["Evenly over its codes' range", "From the least to the largest value of each number."],
  empty: ["There, where no code lies near", "Farther from the 5th nearest code than 95 % of the codes are from theirs."],
  between: ["Half-way between two classes", "The middle of two codes of different classes."],
  codes: ["The codes themselves", "Of the test pictures: as readable as it gets."],
};

/** `onpick(at)`: the source whose pictures one looks at; `show({race, moment, i, read, source})`. */
export function buildShares({ onpick }) {
  const rows = Object.entries(SOURCES).map(([source, [title, help]], at) => {
    const cells = Object.fromEntries(NETWORKS.map((kind) => [kind, { fill: h("i"), said: h("span.value") }]));
    const button = h("button.plain.source", { type: "button", title: help, "aria-pressed": "false", onclick: () => onpick(at) }, title);
    const element = h("tr", { "data-source": source }, h("th", { scope: "row" }, button), NETWORKS.map((kind) => h("td", { "data-network": kind }, h("span.share", h("span.bar", cells[kind].fill), cells[kind].said))));
    return { source, help, cells, button, element };
  });
  const table = h("table.shares", h("thead", h("tr", h("th", "Codes drawn from"), NETWORKS.map((kind) => h("th", { "data-network": kind }, LABELS[kind])))), h("tbody", rows.map(({ element }) => element)));
  const galleries = Object.fromEntries(NETWORKS.map((kind) => [kind, h("div.gallery", { role: "list", "data-network": kind })]));
  const about = h("p.small.muted");
  const gallery = h("div.stack.galleries", about, NETWORKS.map((kind) => h("figure.stack", h("figcaption.label", LABELS[kind]), galleries[kind])));
  const prices = h("tbody");
  const price = h("table.shares.price", h("thead", h("tr", h("th", "And beside it"), NETWORKS.map((kind) => h("th", { "data-network": kind }, LABELS[kind])))), prices);
  const element = h("div.counts", h("div.stack.tables", h("div.frame", table), h("div.frame", price)), gallery);
  let [key, drawn] = ["", null];

  function showGallery(race, moment, source, read) {
    const { source: slug, help } = rows[source];
    setText(about, `The first ${moment.plain.drawn?.shape[1] ?? 0} of ${race.plan.samples}: ${SOURCES[slug][0].toLowerCase().replace("n(0, i)", "N(0, I)")}. ${help}`);
    drawn = {};
    for (const kind of NETWORKS) {
      const side = moment[kind];
      const codes = side.samples(source);
      const found = codes.map((z) => {
        const picture = side.decode(z);
        return { picture, sure: Math.max(...read(picture)) };
      });
      drawn[kind] = found.map(({ sure }) => sure);
      replace(galleries[kind], found.length ? found.map(({ picture, sure }) => {
        const canvas = h("canvas");
        paintPixels(canvas, picture, race.shape);
        return h("div.sample", { role: "listitem", class: sure > SURE ? "" : "unread" }, canvas, h("span.small.value", percent(sure, 0)));
      }) : h("p.small.muted", "There is no such place."));
    }
  }

  function showPrices(race, i) {
    const of = (name, write) => NETWORKS.map((kind) => {
      const value = race.curves[kind][name]?.[i];
      return h("td.value", { "data-network": kind }, Number.isFinite(value) ? write(value) : "–");
    });
    const line = (name, title, cells) => h("tr", { "data-price": name }, h("th", { scope: "row" }, title), cells);
    replace(prices,
      line("squared_error", "Squared error of a pixel, test pictures", of("squaredError", (v) => steady(v, 4))),
      line("reconstruction", "Reconstruction, nats a picture", of("reconstruction", (v) => number(v, 4))),
      line("kl", "KL divergence, nats a picture", [h("td.value", { "data-network": "plain" }, "none"), of("kl", (v) => steady(v, 2))[1]]),
      race.isRead ? line("unsure", "Holes: confidence below 0.5, of the middle", of("unsure", (v) => percent(v))) : null,
      line("far", "No code near, of the middle", of("far", (v) => percent(v))));
  }

  return {
    element,
    show({ race, moment, i, read, source }) {
      const next = `${race.settings.key} ${moment.step} ${race.moments.length} ${i} ${source} ${Boolean(read)}`;
      if (key === next) return;
      key = next;
      table.classList.toggle("hidden", !race.isRead);
      gallery.classList.toggle("hidden", !race.isRead || !read);
      for (const [at, { source: slug, cells, button }] of rows.entries()) {
        button.setAttribute("aria-pressed", String(at === source));
        for (const kind of NETWORKS) {
          const value = race.curves[kind].from[slug]?.[i];
          cells[kind].fill.style.width = `${Number.isFinite(value) ? 100 * value : 0}%`;
          setText(cells[kind].said, Number.isFinite(value) ? percent(value) : "–");
        }
      }
      showPrices(race, i);
      if (race.isRead && read) showGallery(race, moment, source, read);
    },
    get drawn() { return drawn; },
  };
}
