// The scores over the run, with marks where an alarm rose.

import { curveChart, extent, readCurve } from "../lib/curve.js";
import { count, h, setText } from "../lib/dom.js";
import { seriesOfPage } from "../lib/series.js";
import { KINDS, risings } from "./alarm.js";

const TALL = 190; // px
const DECADES = 8; // largest by smallest value, from which an axis is logarithmic
const LABELS = { modes: "Modes covered", entropy: "e^H", quality: "Quality", precision: "Precision", recall: "Recall", diversity: "Diversity", frechet: "Fréchet" };

export function buildTime({ live, ctx }) {
  const make = (name, about) => {
    const chart = curveChart({ height: TALL, redraw: () => ctx.redraw(), onpick: (step) => live.scrub(step), label: about });
    return { chart, name, figure: h("figure.gc-chart", h("figcaption.label", about), chart.element) };
  };
  const all = [make("good", "How good: quality and precision"), make("varied", "How varied: recall, diversity"), make("modes", "Modes covered, and as how many even ones"), make("frechet", "Fréchet distance")];
  const [few, said, list] = [h("p.small.muted", "The curves begin with the second measurement: press play."), h("p.gc-about.value", { role: "status" }), h("ul.gc-risings.small.value")];
  const row = h("div.gc-charts", all.map(({ figure }) => figure));
  const element = h("section.gc-part", { "aria-label": "Over time" }, h("h3", "Over the run"), said, list, few, row);
  let [shown, key] = [null, null];

  function series(moment) {
    const { colors } = ctx;
    const line = (name, color, change = (value) => value) => seriesOfPage(live, colors, [name]).map((each) => ({ ...each, ys: each.ys.map(change), color, label: LABELS[name] }));
    return {
      good: [...(moment.hasModes ? line("quality", colors.ink) : []), ...line("precision", colors.accent)],
      varied: [...line("recall", colors.ink), ...line("diversity", colors.accent)],
      modes: moment.hasModes ? [...line("modes", colors.ink), ...line("entropy", colors.accent, Math.exp)] : [],
      frechet: line("frechet", colors.ink),
    };
  }

  return {
    element,
    draw(moment) {
      const curve = readCurve(live.newest);
      const isLong = Boolean(curve && curve.steps.length > 1 && live.newest.version === moment.scene.version);
      few.classList.toggle("hidden", isLong);
      row.classList.toggle("hidden", !isLong);
      if (!isLong) { setText(said, ""); list.replaceChildren(); shown = null; key = null; return; }
      const fresh = `${live.newest.version} ${curve.steps.length} ${curve.steps.at(-1)}`;
      if (key !== fresh) {
        key = fresh;
        const marks = risings(curve, { ...moment.spec, classes: moment.classes });
        shown = { marks, last: curve.steps.at(-1), count: curve.steps.length };
        setText(said, marks.length ? `${marks.length === 1 ? "An alarm" : `${marks.length} alarms`} rose in this run, marked below. An alarm counts when two measurements in a row give it.` : `No alarm has risen up to step ${count(curve.steps.at(-1))}.`);
        const some = marks.slice(-4);
        list.replaceChildren(...some.map(({ step, kind, sentence }) => h("li", h("b", `Step ${count(step)}: ${KINDS[kind]}. `), sentence)));
      }
      const lines = series(moment);
      const marks = shown.marks.map(({ step, kind }) => ({ step, text: KINDS[kind] }));
      for (const { chart, name, figure } of all) {
        figure.classList.toggle("hidden", !lines[name].length);
        if (!lines[name].length) continue;
        const range = name === "frechet" && extent(lines[name].map(({ ys }) => ys), true);
        const logY = Boolean(range) && range[1] / range[0] > DECADES;
        if (name === "frechet") setText(figure.firstChild, logY ? "Fréchet distance, logarithmic" : "Fréchet distance");
        chart.show({ series: lines[name], logY, marks, cursor: live.looking === null ? null : moment.step });
        chart.draw(ctx.colors);
      }
    },
    read: () => shown,
  };
}
