// How training goes: losses, and how good the answers are on what was kept back, with what is wrong by name.

import { curveChart } from "../lib/curve.js";
import { h, setText } from "../lib/dom.js";
import { seriesOfPage } from "../lib/series.js";
import { answersTable } from "./curvesanswers.js";
import { factsOf } from "./curvesfacts.js";
import { chartsOf, standingWords } from "./curveswords.js";
import { showingGraph } from "./showinggraph.js";

const TALL = 150; // px
const [CHART, GAP] = [176.5, 10]; // px: a chart with its name and what is between two
const PAUSE = 250; // ms between two drawings while it trains
const MOST = 3; // charts of a task

export function buildCurves(area, stage) {
  const { live, ctx, pick } = stage;
  let now = false;
  const touched = () => { now = true; ctx.redraw(); };
  const goTo = (step) => {
    live.shared.set("happened.curve_scrubbed", true);
    live.scrub(step);
  };
  const made = Array.from({ length: MOST }, () => {
    const chart = curveChart({ height: TALL, redraw: touched, onpick: goTo, label: "" });
    const name = h("figcaption.label");
    return { chart, name, figure: h("figure", name, chart.element) };
  });
  const stands = h("p.gnc-words.value", { role: "status" });
  const few = h("p.small.muted.gnc-few", "The curves begin with the second measurement.");
  const answers = answersTable();
  const showing = showingGraph(stage);
  const hint = h("p.small.muted", "A click in a curve goes to that step; the arrow keys walk, Enter goes there.");
  area.append(h("h3", "How well it does"), stands, h("div.gnc-charts", few, made.map(({ figure }) => figure)), hint, answers.element, showing.element);
  let [drawnAt, timer, key, said] = [-Infinity, 0, null, null];

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

  function choose(row) {
    if (row.graph !== undefined) showing.show(row.graph);
    else pick.set({ node: row.node, edge: row.edge ?? null });
  }

  const isPicked = (row) => (row.graph !== undefined ? stage.graph().place === row.graph : row.edge !== undefined && row.edge !== null ? pick.edge === row.edge : pick.node === row.node);

  function draw() {
    const { frame } = live;
    if (!frame || !stage.scene || frame.version !== stage.scene.version) return;
    const fresh = [frame, ctx.colors, area.clientWidth, live.looking, live.beside, pick.node, pick.edge];
    if (!now && key?.every((each, i) => each === fresh[i])) return;
    const wait = drawnAt + PAUSE - performance.now(); // a frame comes many times a second; a curve need not
    if (!now && wait > 0 && live.state?.playing) {
      clearTimeout(timer);
      timer = setTimeout(() => ctx.redraw(), wait);
      return;
    }
    [drawnAt, key, now] = [performance.now(), fresh, false];
    show(frame);
  }

  function show(frame) {
    const { spec, target } = stage.scene.numbers;
    const facts = factsOf(stage.scene, frame, stage.graph());
    const isShort = (frame.arrays.curve?.shape[1] ?? 0) < 2;
    few.classList.toggle("hidden", !isShort);
    const cursor = live.looking === null ? null : frame.step;
    const wanted = chartsOf(spec.task, facts, ctx.colors);
    few.style.minHeight = `${wanted.length * CHART - GAP}px`; // what comes in its place is as tall
    const charts = [];
    made.forEach(({ chart, name, figure }, k) => {
      const isShown = Boolean(wanted[k]) && !isShort;
      figure.classList.toggle("hidden", !isShown);
      if (!isShown) return;
      const series = seriesOf(wanted[k]);
      charts.push({ name: wanted[k].name, series });
      setText(name, wanted[k].name);
      chart.show({ series, marks: live.state?.marks ?? [], cursor });
      chart.draw(ctx.colors);
    });
    setText(stands, standingWords(spec.task, facts, frame.numbers, target));
    answers.element.classList.toggle("hidden", !facts);
    if (facts) answers.show(facts, { task: spec.task, target, choose, isPicked });
    said = { facts, charts };
  }

  return {
    draw,
    // Only what is drawn, of this scene.
    read: () => key?.[0].version === stage.scene.version && said && ({
      step: key[0].step, measured_at: key[0].numbers.measured_at, words: stands.textContent, facts: said.facts, table: said.facts && answers.read(),
      charts: said.charts.map(({ name, series }) => ({ name, lines: series.map(({ label, xs, ys }) => ({ label, xs: [...xs], ys: [...ys] })) })),
    }),
  };
}
