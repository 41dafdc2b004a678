// The stage of the Recurrent lab: the network as a builder, the cell with its loop and the same cell once a step, what it
// writes or answers at this moment, and its curves.

import { h, number } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { buildBuilder } from "./builder.js";
import { buildChain } from "./chain.js";
import { buildCompact } from "./compact.js";
import { buildCurves } from "./curves.js";
import { buildDetails } from "./details.js";
import { buildExamples } from "./examples.js";
import { exposeForTests } from "./exposing.js";
import { buildLegend } from "./legend.js";
import { matricesOf } from "./matrices.js";
import { buildReading } from "./reading.js";
import { buildSample } from "./sample.js";
import { makeStage } from "./stage.js";

export const styles = ["lib/tokens.css", "lib/fold.css", "recurrent/builder.css", "recurrent/chain.css"];

const TIMINGS_KEPT = 240;

export default mount((root, live, ctx) => {
  const names = ["builder", "reading", "compact", "chain", "legend", "details", "sample", "examples", "curves"];
  const areas = Object.fromEntries(names.map((name) => [name, h(`section.${name}`)]));
  root.append(h("div.recurrent", areas.builder, areas.reading,
    h("div.unrolled", areas.compact, h("span.equals", { "aria-hidden": "true" }, "="), areas.chain), areas.legend,
    h("div.below", areas.details, h("div.result", areas.sample, areas.examples), areas.curves)));

  const stage = Object.assign(makeStage(live, ctx), { timings: [], matrices: new Map(), warn: "" });
  stage.format = (x, isDifference = false) => format(x, stage.scene.numbers.shown_as, isDifference);
  stage.on("scene", (scene) => { stage.matrices = matricesOf(scene); });
  const chain = buildChain(areas.chain, stage);
  const details = buildDetails(areas.details, stage);
  const sample = buildSample(areas.sample, stage);
  const examples = buildExamples(areas.examples, stage);
  const curves = buildCurves(areas.curves, stage);
  const parts = [buildBuilder(areas.builder, stage), buildReading(areas.reading, stage), buildCompact(areas.compact, stage), chain, buildLegend(areas.legend, stage), details, curves].filter(Boolean);
  exposeForTests(ctx.host, stage, { chain, details, sample, examples, curves });
  for (const kind of ["state", "runs", "compared"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  stage.begin();

  const takeColors = () => { stage.warn = getComputedStyle(root).getPropertyValue("--warn").trim(); };
  takeColors();
  return {
    update(data, context) {
      takeColors();
      for (const part of parts) part.update?.(data, context);
      ctx.redraw();
    },
    draw() {
      if (!stage.scene) return;
      const began = performance.now();
      for (const part of parts) part.draw?.(stage.frame);
      stage.timings.push(performance.now() - began);
      if (stage.timings.length > TIMINGS_KEPT) stage.timings.shift();
    },
  };
});

function format(x, { unit }, isDifference) {
  if (unit) return `${number(Math.round(x * 10) / 10)} ${unit}`;
  return number(isDifference ? Number(x.toFixed(3)) : Math.round(x * 100) / 100);
}
