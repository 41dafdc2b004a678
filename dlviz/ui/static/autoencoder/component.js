// The stage of the Autoencoder lab: the network as a builder, the picture it is shown, the picture's way through the code and
// back, the plane of codes, and the curves.

import { h } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { buildBuilder } from "./builder.js";
import { buildCurves } from "./curves.js";
import { exposeForTests } from "./exposing.js";
import { buildHourglass } from "./hourglass.js";
import { buildPlane } from "./plane.js";
import { buildShown } from "./shown.js";
import { makeStage } from "./stage.js";

export const styles = ["lib/picker.css", "lib/fold.css", "lib/widths.css", "autoencoder/builder.css", "autoencoder/hourglass.css", "autoencoder/plane.css"];

const TIMINGS_KEPT = 240;

export default mount((root, live, ctx) => {
  const names = ["builder", "shown", "hourglass", "plane-part", "curves"];
  const areas = Object.fromEntries(names.map((name) => [name, h(`section.${name}`)]));
  root.append(h("div.autoencoder", names.map((name) => areas[name])));
  const stage = Object.assign(makeStage(live, ctx), { timings: [] });
  const parts = {
    builder: buildBuilder(areas.builder, stage), shown: buildShown(areas.shown, stage), hourglass: buildHourglass(areas.hourglass, stage),
    plane: buildPlane(areas["plane-part"], stage), curves: buildCurves(areas.curves, stage),
  };
  exposeForTests(ctx.host, stage, parts);
  for (const kind of ["runs", "compared"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  const takeColors = () => {
    const { diverging } = ctx.colors;
    root.style.setProperty("--glass-above", `rgb(${diverging(0.75).join(" ")})`);
    root.style.setProperty("--glass-below", `rgb(${diverging(-0.75).join(" ")})`);
  };
  takeColors();
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
      for (const part of Object.values(parts)) part.draw?.();
      stage.timings.push(performance.now() - began);
      if (stage.timings.length > TIMINGS_KEPT) stage.timings.shift();
    },
  };
});
