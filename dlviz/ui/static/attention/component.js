// The stage of the Attention lab: the Transformer as a builder, the sequence it reads, the whole network in one picture, what
// it answers to held-back sequences, and its curves.

import { h } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { buildBuilder } from "./builder.js";
import { buildCurves } from "./curves.js";
import { buildExamples } from "./examples.js";
import { exposeForTests } from "./exposing.js";
import { buildFlow } from "./flow.js";
import { buildReading } from "./reading.js";
import { buildSays } from "./says.js";
import { makeStage } from "./stage.js";

export const styles = ["lib/tokens.css", "lib/fold.css", "attention/builder.css", "attention/flow.css"];

const TIMINGS_KEPT = 240;
const LEAD = "Each row is a token, read on the left and answered on the right. Attention moves numbers between rows, feed-forward works within a row; both add to the stream that runs through. Point at a token, click a head.";

export default mount((root, live, ctx) => {
  const names = ["builder", "reading", "flow", "says", "examples-part", "curves"];
  const areas = Object.fromEntries(names.map((name) => [name, h(`section.${name}`)]));
  root.append(h("div.attention", areas.builder, areas.reading, h("p.lead.small.muted", LEAD), areas.flow, areas.says, h("div.below", areas["examples-part"], areas.curves)));

  const stage = Object.assign(makeStage(live, ctx), { timings: [] });
  const builder = buildBuilder(areas.builder, stage);
  const reading = buildReading(areas.reading, stage);
  const flow = buildFlow(areas.flow, stage);
  const says = buildSays(areas.says, stage, flow);
  const examples = buildExamples(areas["examples-part"], stage);
  const curves = buildCurves(areas.curves, stage);
  exposeForTests(ctx.host, stage, { builder, reading, flow, says, examples, curves });
  for (const kind of ["runs", "compared"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  const takeColors = () => { stage.warn = getComputedStyle(root).getPropertyValue("--warn").trim(); };
  takeColors();
  stage.on("focus", () => ctx.redraw());
  stage.begin();

  return {
    update() {
      takeColors();
      stage.emit("theme");
      ctx.redraw();
    },
    draw() {
      stage.watching?.nudge();
      if (!stage.scene) return;
      const began = performance.now();
      for (const part of [reading, flow, says, curves]) part.draw();
      stage.timings.push(performance.now() - began);
      if (stage.timings.length > TIMINGS_KEPT) stage.timings.shift();
    },
  };
});
