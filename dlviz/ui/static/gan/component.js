// The stage of the GAN lab: both networks as a builder, the game in the plane or among pictures, and the curves.

import { h } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { settingsOf } from "../lib/settings.js";
import { buildArena } from "./arena.js";
import { buildBuilder } from "./builder.js";
import { buildCurves } from "./curves.js";
import { buildGallery } from "./gallery.js";
import { buildPlayers } from "./players.js";
import { makeStage } from "./stage.js";

export const styles = ["lib/fold.css", "lib/widths.css", "gan/builder.css", "gan/arena.css", "gan/gallery.css", "gan/players.css", "gan/curves.css"];

const TIMINGS_KEPT = 240;

export default mount((root, live, ctx) => {
  const names = ["builder", "arena", "gallery", "players", "curves"];
  const areas = Object.fromEntries(names.map((name) => [name, h(`section.gan-${name}`)]));
  root.append(h("div.gan", names.map((name) => areas[name])));
  const stage = Object.assign(makeStage(live, ctx), { timings: [] });
  const parts = {
    builder: buildBuilder(areas.builder, stage), arena: buildArena(areas.arena, stage), gallery: buildGallery(areas.gallery, stage),
    players: buildPlayers(areas.players, stage), curves: buildCurves(areas.curves, stage),
  };
  const inSight = (name) => !areas[name].classList.contains("hidden");
  ctx.host.dlviz = {
    gan: () => stage.scene && {
      spec: stage.scene.numbers.spec, step: stage.frame?.step ?? null,
      ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, (inSight(name) && part.read?.()) || null])),
    },
    timings: () => [...stage.timings],
    ask: (command) => live.ask(command, { quiet: true }),
    change: (changes) => settingsOf(stage).change(changes),
  };
  for (const kind of ["runs", "compared"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  stage.begin();
  return {
    update() {
      stage.emit("theme");
      ctx.redraw();
    },
    draw() {
      stage.watching?.nudge();
      if (!stage.scene) return;
      const { planar } = stage.scene.numbers;
      areas.arena.classList.toggle("hidden", !planar);
      areas.gallery.classList.toggle("hidden", planar);
      const began = performance.now();
      for (const part of Object.values(parts)) part.draw?.();
      stage.timings.push(performance.now() - began);
      if (stage.timings.length > TIMINGS_KEPT) stage.timings.shift();
    },
  };
});
