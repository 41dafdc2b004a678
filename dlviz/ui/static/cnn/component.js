// The stage of the CNN lab: the network as a builder, the picture, all maps of every layer, the answer.

import { h } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { buildBars } from "./bars.js";
import { buildBuilder } from "./builder.js";
import { exposeForTests } from "./exposing.js";
import { buildMaps } from "./maps.js";
import { buildOpened } from "./opened.js";
import { buildPad } from "./pad.js";
import { buildShown } from "./shown.js";
import { makeStage } from "./stage.js";

export const styles = ["lib/grid.css", "lib/arithmetic.css", "lib/fetchrow.css", "cnn/builder.css", "lib/pad.css", "cnn/pad.css", "cnn/opened.css"];

const TIMINGS_KEPT = 240;

export default mount((root, live, ctx) => {
  const names = ["builder", "reading", "shown", "pad", "maps", "bars", "opened"];
  const areas = Object.fromEntries(names.map((name) => [name, h(`div.${name}`)]));
  const given = h("div.given", areas.shown, areas.pad);
  root.append(h("div.cnn", areas.builder, areas.reading, h("div.through", given, areas.maps, areas.bars), areas.opened));

  const stage = Object.assign(makeStage(live, ctx), { timings: [] });
  const shown = buildShown(areas.shown, stage);
  const maps = buildMaps(areas.maps, areas.reading, stage);
  const bars = buildBars(areas.bars, stage);
  const opened = buildOpened(areas.opened, stage);
  const parts = [buildBuilder(areas.builder, stage), buildPad(areas.pad, stage), shown, maps, bars, opened].filter(Boolean);
  exposeForTests(ctx.host, stage, { maps, bars, opened, shown });

  live.on("scene", (scene) => stage.takeScene(scene), ctx.signal);
  live.on("frame", (frame) => stage.takeFrame(frame), ctx.signal);

  return {
    update(data, context) {
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
