// How training goes: reconstruction, KL and ELBO over steps, and how much each number of the code is used.

import { curveChart, extent } from "../lib/curve.js";
import { count, h, setText, steady } from "../lib/dom.js";
import { seriesOfPage } from "../lib/series.js";
import { buildDimensions } from "./dimensions.js";

const TALL = 176; // px
const DECADES = 8; // largest by smallest value, from which an axis is logarithmic
const PAUSE = 250; // ms between two drawings while it trains

export function buildCurves(area, stage) {
  const { live, ctx } = stage;
  let now = false;
  const touched = () => { now = true; ctx.redraw(); };
  const makers = ["first", "second", "third"].map(() => {
    const chart = curveChart({ height: TALL, redraw: touched, onpick: (step) => live.scrub(step), label: "" });
    const name = h("figcaption.label");
    return { chart, name, figure: h("figure", name, chart.element) };
  });
  const words = h("p.words.value", { role: "status" });
  const row = h("div.curve-row", makers.map(({ figure }) => figure));
  const few = h("p.small.muted", "The curves begin with the second measurement.");
  area.append(h("h3", "How well it does, and what the code is used for"), words, few, row);
  const dimensions = buildDimensions(row, stage, touched);
  let [drawnAt, timer, key, said] = [-Infinity, 0, null, []];

  // One line of the page's runs, under a name of our own, in a colour of our own.
  function lineOf(name, label, color, change = (ys) => ys) {
    return seriesOfPage(live, ctx.colors, [name]).map((series, k) => {
      const run = live.beside && live.runs.find(({ id }) => id === (k ? live.beside : live.shown))?.label;
      return { ...series, ys: change(series.ys, series), label: run ? `${label}, ${run}` : label, color };
    });
  }

  const both = (what, change) => [...lineOf(`train_${what}`, "Training", ctx.colors.ink, change?.("train")), ...lineOf(`validation_${what}`, "Validation", ctx.colors.accent, change?.("validation"))];

  // What sparsity costs: all of the loss that is not reconstruction.
  function sparsity(part) {
    const rest = lineOf(`${part}_reconstruction`, "", "");
    let k = 0;
    return (ys) => {
      const other = rest[k]?.ys ?? [];
      k += 1;
      return ys.map((value, i) => value - other[i]);
    };
  }

  function charts() {
    const { spec, variational } = stage.scene.numbers;
    const loss = spec.likelihood === "bernoulli" ? "cross-entropy" : "half the squared error";
    const found = [{ name: `Reconstruction: ${loss} in nats a picture`, series: both("reconstruction"), wide: true }];
    if (variational) {
      found.push({ name: "KL(N(μ, σ²) ‖ N(0, 1)) in nats a picture", series: both("kl") }, { name: "ELBO = −(reconstruction + KL) in nats a picture", series: both("elbo") });
    } else {
      if (spec.kind === "sparse") found.push({ name: "In the place of KL: what sparsity costs, in nats", series: both("loss", sparsity) });
      found.push({ name: "Squared error of a pixel", series: both("squared_error"), wide: true });
    }
    return found;
  }

  // A logarithmic axis where values span enough of it to have marks.
  function fitting({ name, series, wide }) {
    const range = wide && extent(series.map(({ ys }) => ys), true);
    const logY = Boolean(range) && range[1] / range[0] > DECADES;
    return { name: logY ? `${name}, logarithmic` : name, series, logY };
  }

  function sentence() {
    const { numbers, arrays } = live.frame;
    const { spec, variational } = stage.scene.numbers;
    const { measured_at: step, validation_elbo: elbo, validation_reconstruction: lost, validation_kl: kl, validation_squared_error: squared } = numbers;
    if (squared === null || squared === undefined) return "";
    const { used, all } = dimensions.counted(arrays);
    const inUse = `At step ${count(step)}, ${used} of ${all} ${all === 1 ? "number" : "numbers"} of the code ${used === 1 ? "is" : "are"} in use`;
    const instead = {
      plain: "There is no KL here: nothing keeps the codes together, the loss is the reconstruction alone",
      denoising: "There is no KL here: the damage to what goes in takes its place and keeps the network from a mere copy",
      sparse: "There is no KL to N(0, 1) here: the price of activity takes its place",
    }[spec.kind];
    const costs = variational ? `validation ELBO ${steady(elbo, 1)} nats: −(${steady(lost, 1)} reconstruction + ${steady(kl, 1)} KL)` : `validation reconstruction ${steady(lost, 1)} nats. ${instead}`;
    return `${inUse}; ${costs}. ${variational ? "Decoded from μ" : "In validation pictures"}, the squared error of a pixel is ${steady(squared, 4)} on average: typically off by ${steady(Math.sqrt(squared), 3)} on a scale from 0 to 1.`;
  }

  function draw() {
    const { frame } = live;
    if (!frame || !stage.scene || frame.version !== stage.scene.version) return;
    // A frame comes many times a second; a curve need not.
    const fresh = [frame, ctx.colors, row.clientWidth, live.looking, live.beside];
    if (!now && key?.every((each, i) => each === fresh[i])) return;
    const wait = drawnAt + PAUSE - performance.now();
    if (!now && wait > 0 && live.state?.playing) {
      clearTimeout(timer);
      timer = setTimeout(() => ctx.redraw(), wait);
      return;
    }
    [drawnAt, key, now] = [performance.now(), fresh, false];
    const cursor = live.looking === null ? null : frame.step;
    const isShort = frame.arrays.curve.shape[1] < 2;
    few.classList.toggle("hidden", !isShort);
    said = charts().map(fitting);
    makers.forEach(({ chart, name, figure }, k) => {
      figure.classList.toggle("hidden", !said[k] || isShort);
      if (!said[k] || isShort) return;
      setText(name, said[k].name);
      chart.show({ series: said[k].series, logY: said[k].logY, marks: live.state.marks ?? [], cursor });
      chart.draw(ctx.colors);
    });
    setText(words, sentence());
    dimensions.draw(frame);
  }

  return {
    draw,
    // Only what is drawn, of this scene.
    read: () => key?.[0].version === stage.scene.version && ({
      words: words.textContent, step: key[0].step,
      charts: said.map(({ name, series }) => ({ name, lines: series.map(({ label, xs, ys }) => ({ label, xs: [...xs], ys: [...ys] })) })),
      ...dimensions.read(),
    }),
  };
}
