// Intervene: silence a filter, cover a part of the picture, add noise that misleads, and see what each caused.

import { h } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { buildAttack } from "./attack.js";
import { buildChannels } from "./channels.js";
import { buildPatch } from "./patch.js";
import { CLASS, makeStage } from "./stage.js";

export const styles = ["lib/grid.css", "intervene/channels.css", "intervene/attack.css"];

export default mount((root, live, ctx) => {
  const stage = makeStage(live, ctx);
  const parts = { channels: buildChannels(stage), patch: buildPatch(stage), attack: buildAttack(stage) };
  const all = Object.values(parts);
  root.append(h("div.intervene", all.map((part) => part.element)));
  ctx.host.dlviz = { live: () => live, intervene: () => Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.expose()])), painted: (r, c) => parts.patch.expose().painted(r, c) };

  function hear() {
    for (const part of all) {
      part.nudge();
      part.refresh();
    }
  }

  for (const kind of ["scene", "frame"]) live?.on(kind, hear, ctx.signal);
  live?.on("status", (status) => { if (status === "open") for (const asker of stage.askers) asker.forgive(); }, ctx.signal);
  live?.on("state", () => all.forEach((part) => part.nudge()), ctx.signal);
  live?.on("shared", ({ key }) => { if (key === CLASS) hear(); }, ctx.signal);

  return {
    update: () => all.forEach((part) => part.refresh()),
    draw() {
      for (const sign of ["negative", "positive"]) root.style.setProperty(`--${sign}`, ctx.colors[sign]);
      for (const part of all) {
        part.nudge(); // it may have come into sight
        part.draw();
      }
    },
  };
});
