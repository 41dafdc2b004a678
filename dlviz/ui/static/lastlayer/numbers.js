// What the last layer knows, in numbers: before the network and after it, and over the training.

import { curveChart } from "../lib/curve.js";
import { h, number, percent, replace, setText } from "../lib/dom.js";
import { betweenShare } from "./moments.js";

const DOTS = [2, 3];

export function buildNumbers({ redraw, scrub }) {
  const table = h("table.numbers");
  const chart = (label) => curveChart({ height: 160, redraw, onpick: scrub, label });
  const charts = {
    accuracy: chart("Share whose neighbours vote for their class, over training steps"),
    share: chart("Share of the variance between the classes, over training steps"),
  };
  const figures = h("div.charts",
    h("figure", h("h4", "The neighbours vote rightly"), charts.accuracy.element),
    h("figure", h("h4", "Variance between the classes"), charts.share.element));
  const hint = h("p.small.muted", "These numbers are kept of every moment that is seen here. Play from step 0 fills the curves with all the run holds.");
  const element = h("section.knows", { "aria-label": "What the last layer knows" }, h("div", h("h3", "What the last layer knows"), table), hint, figures);

  function rows({ features, pixels }) {
    const pair = (name, help, of) => [name, help, pixels ? of(pixels) : "…", features ? of(features) : "…"];
    return [
      pair("Neighbours vote rightly", "The five nearest neighbours of each picture, itself left out, vote for a class: the share that is right.",
        ({ neighbourAccuracy }) => percent(neighbourAccuracy)),
      pair("Variance between the classes", "Of the variance of all points, the share that lies between the means of the classes.", (moment) => percent(betweenShare(moment))),
      pair("Between : within", "That variance over the variance around the means of the classes.", ({ between, within }) => (within > 0 ? number(between / within) : "–")),
      pair("Two principal axes hold", "The share of the variance that a picture of two axes can show.", ({ explained }) => percent(explained[0] + explained[1])),
    ];
  }

  return {
    element,
    /** {features, pixels: moments or null; units: {features, pixels}; curves, cursor} */
    show({ features, pixels, units, curves, cursor }) {
      replace(table, h("caption.unseen", "Before the network and after it"),
        h("thead", h("tr", h("th"), h("th.label", { scope: "col" }, `by ${units.pixels} pixels`), h("th.label", { scope: "col" }, `by ${units.features} features`))),
        h("tbody", rows({ features, pixels }).map(([name, help, before, after]) => h("tr",
          h("th", { scope: "row", title: help }, name), h("td.value", before), h("td.value", h("b", after))))));
      const some = curves.steps.length > 1;
      figures.classList.toggle("hidden", !some);
      hint.classList.toggle("hidden", curves.steps.length > 3);
      if (!some) return;
      const last = curves.steps.at(-1);
      const flat = { accuracy: pixels?.neighbourAccuracy, share: pixels && betweenShare(pixels) };
      this.series = (colors) => Object.fromEntries(Object.keys(charts).map((name) => [name, [
        { label: "by features", xs: curves.steps, ys: curves[name], color: colors.ink },
        ...(pixels ? [{ label: "by pixels", xs: [0, last], ys: [flat[name], flat[name]], color: colors.muted, dash: DOTS }] : []),
      ]]));
      this.cursor = cursor;
    },
    draw(colors) {
      if (figures.classList.contains("hidden") || !this.series) return;
      const series = this.series(colors);
      for (const [name, each] of Object.entries(charts)) {
        each.show({ series: series[name], cursor: this.cursor });
        each.draw(colors);
      }
    },
  };
}
