// The stage of the Graph lab: the network as a builder, the graph one edits, its matrix, messages, embeddings and the curves.

import { mount } from "../lib/mount.js";
import { h } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";
import { buildBuilder } from "./builder.js";
import { buildCurves } from "./curves.js";
import { buildEditor } from "./editor.js";
import { buildEmbedding } from "./embedding.js";
import { buildMatrix } from "./matrix.js";
import { buildMessages } from "./messages.js";
import { makeStage } from "./stage.js";

export const styles = ["lib/fold.css", "lib/widths.css", "lib/graphview.css", "graph/builder.css", "graph/editor.css", "graph/matrix.css", "graph/messages.css", "graph/embedding.css", "graph/curves.css"];

const TIMINGS_KEPT = 240;

export default mount((root, live, ctx) => {
  const names = ["builder", "editor", "matrix", "messages", "embedding", "curves"];
  const areas = Object.fromEntries(names.map((name) => [name, h(`section.graph-${name}`)]));
  root.append(h("div.graph",
    areas.builder, h("div.graph-pair", areas.editor, areas.matrix), areas.messages, h("div.graph-pair", areas.embedding, areas.curves)));
  const stage = Object.assign(makeStage(live, ctx), { timings: [] });
  const parts = {
    builder: buildBuilder(areas.builder, stage), editor: buildEditor(areas.editor, stage), matrix: buildMatrix(areas.matrix, stage),
    messages: buildMessages(areas.messages, stage), embedding: buildEmbedding(areas.embedding, stage), curves: buildCurves(areas.curves, stage),
  };
  ctx.host.dlviz = {
    graph: () => stage.scene && {
      spec: stage.scene.numbers.spec, step: stage.frame?.step ?? null,
      ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.read?.() ?? null])),
    },
    timings: () => [...stage.timings],
    ask: (command) => live.ask(command, { quiet: true }),
    change: (changes) => settingsOf(stage).change(changes),
    pick: (changes) => stage.pick.set(changes),
  };
  for (const kind of ["runs", "compared"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  stage.pick.on(() => ctx.redraw(), ctx.signal);
  stage.begin();
  return {
    update() {
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
