// Loss over training steps: hover to read, click to look at that moment.

import { curveChart } from "../lib/curve.js";
import { h } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { seriesOfPage } from "./series.js";

export default mount((root, live, ctx) => {
  let logY = ctx.data.log ?? false;
  const chart = curveChart({
    height: ctx.data.height ?? 260,
    redraw: ctx.redraw,
    onpick: (step) => live.scrub(step),
  });
  const scale = knob(
    { name: "scale", kind: "choice", label: "Loss axis", options: ["linear", "log"], labels: ["Linear", "Log"], default: logY ? "log" : "linear" },
    { label: false, onchange: (word) => { logY = word === "log"; ctx.redraw(); } },
  );
  root.append(h("section.curves", { "aria-label": "Loss curves" },
    h("header.row", h("h3.grow", ctx.data.title ?? "Loss"), scale.element), chart.element));
  for (const kind of ["frame", "state", "runs", "compared"]) live.on(kind, () => ctx.redraw(), ctx.signal);

  return {
    update() { ctx.redraw(); },
    draw() {
      chart.show({
        series: seriesOfPage(live, ctx.colors),
        logY,
        marks: live.state.marks ?? [],
        cursor: live.looking === null ? null : live.frame?.step,
      });
      chart.draw(ctx.colors);
    },
  };
});
