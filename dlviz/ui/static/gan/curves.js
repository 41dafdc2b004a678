// The game over steps: losses, value, what D says and how well it tells; and, apart from these, how good the fakes are.

import { curveChart, readCurve } from "../lib/curve.js";
import { h, setText } from "../lib/dom.js";
import { seriesOfPage } from "../lib/series.js";
import { chartsOf } from "./charts.js";
import { making, misleading, standing } from "./standing.js";

const TALL = 148; // px
const PAUSE = 250; // ms between two drawings while it trains
const GROUPS = { game: "The game", fakes: "The fakes themselves" };
const MOST = 4; // charts of a group

export function buildCurves(area, stage) {
  const { live, ctx } = stage;
  let now = false;
  const touched = () => { now = true; ctx.redraw(); };
  const pick = (step) => {
    live.shared.set("happened.curve_scrubbed", true);
    live.scrub(step);
  };
  const made = Object.fromEntries(Object.keys(GROUPS).map((group) => [group, Array.from({ length: MOST }, () => {
    const chart = curveChart({ height: TALL, redraw: touched, onpick: pick, label: "" });
    const name = h("figcaption.label");
    return { chart, name, figure: h("figure", name, chart.element) };
  })]));
  const [stands, makes, honest] = [h("p.gc-words.value", { role: "status" }), h("p.gc-words.value"), h("p.gc-words.value.gc-honest")];
  const rows = Object.fromEntries(Object.keys(GROUPS).map((group) => [group, h("div.gc-row", { "data-group": group }, made[group].map(({ figure }) => figure))]));
  const few = h("p.small.muted", "The curves begin with the second measurement.");
  const gameName = h("h4.gc-name", GROUPS.game);
  area.append(h("h3", "Where the game stands"), stands, few, gameName, rows.game, h("h4.gc-name", GROUPS.fakes), makes, rows.fakes, honest,
    h("p.small.muted", "A click in a curve goes to that step; the arrow keys walk, Enter goes there."));
  let [drawnAt, timer, key, said] = [-Infinity, 0, null, []];

  // One line of the page's runs, under a name of our own, in a colour of our own.
  const linesOf = ([name, label, color]) => seriesOfPage(live, ctx.colors, [name]).map((series, k) => {
    const run = live.beside && live.runs.find(({ id }) => id === (k ? live.beside : live.shown))?.label;
    return { ...series, label: run ? `${label}, ${run}` : label, color };
  });

  function seriesOf({ lines, level }) {
    const series = lines.flatMap(linesOf).filter(({ ys }) => ys.some(Number.isFinite));
    const xs = series[0]?.xs;
    if (!level || !xs?.length) return series;
    return [...series, { label: level[1], xs: Float32Array.of(0, xs.at(-1)), ys: Float32Array.of(level[0], level[0]), color: ctx.colors.muted, weight: 1, dash: [3, 4] }];
  }

  function draw() {
    const { frame } = live;
    if (!frame || !stage.scene || frame.version !== stage.scene.version) return;
    // A frame comes many times a second; a curve need not.
    const fresh = [frame, ctx.colors, area.clientWidth, live.looking, live.beside];
    if (!now && key?.every((each, i) => each === fresh[i])) return;
    const wait = drawnAt + PAUSE - performance.now();
    if (!now && wait > 0 && live.state?.playing) {
      clearTimeout(timer);
      timer = setTimeout(() => ctx.redraw(), wait);
      return;
    }
    [drawnAt, key, now] = [performance.now(), fresh, false];
    const { numbers } = frame;
    const { spec, classes } = stage.scene.numbers;
    const isShort = frame.arrays.curve.shape[1] < 2;
    few.classList.toggle("hidden", !isShort);
    gameName.classList.toggle("hidden", isShort);
    const cursor = live.looking === null ? null : frame.step;
    said = [];
    const wanted = chartsOf({ spec, numbers, classes, colors: ctx.colors });
    for (const [group, makers] of Object.entries(made)) {
      const list = wanted.filter((each) => each.group === group);
      makers.forEach(({ chart, name, figure }, k) => {
        const isShown = Boolean(list[k]) && !isShort;
        figure.classList.toggle("hidden", !isShown);
        if (!isShown) return;
        const series = seriesOf(list[k]);
        said.push({ group, name: list[k].name, series });
        setText(name, list[k].name);
        chart.show({ series, marks: live.state.marks ?? [], cursor });
        chart.draw(ctx.colors);
      });
    }
    setText(stands, standing({ numbers, spec }));
    setText(makes, making({ numbers, spec, classes }));
    setText(honest, misleading(upTo(readCurve(frame), frame.step)));
  }

  return {
    draw,
    // Only what is drawn, of this scene.
    read: () => key?.[0].version === stage.scene.version && ({
      step: key[0].step, standing: stands.textContent, making: makes.textContent, honest: honest.textContent,
      charts: said.map(({ group, name, series }) => ({ group, name, lines: series.map(({ label, xs, ys }) => ({ label, xs: [...xs], ys: [...ys] })) })),
    }),
  };
}

// A curve as it was known at `step`.
function upTo(curve, step) {
  if (!curve) return null;
  const count = curve.steps.findLastIndex((each) => each <= step) + 1;
  return { steps: curve.steps.subarray(0, count), rows: Object.fromEntries(Object.entries(curve.rows).map(([name, row]) => [name, row.subarray(0, count)])) };
}
