// Gradient through time: what an answer looks back to, why that fades or explodes, and what clipping does about it.

import { h } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { buildCells } from "./cells.js";
import { buildClipping } from "./clipping.js";
import { buildSequence } from "./sequence.js";
import { buildSpectrum } from "./spectrum.js";

export const styles = ["lib/tokens.css", "lib/job.css"];

const SOURCES = "Sources: Y. Bengio, P. Simard and P. Frasconi, 1994 (why it fades); R. Pascanu, T. Mikolov and Y. Bengio, 2013 (why it explodes, clipping by norm); F. Gers, J. Schmidhuber and F. Cummins, 2000, and R. Jozefowicz, W. Zaremba and I. Sutskever, 2015 (the forget gate and its bias).";

export default mount((root, live, ctx) => {
  const stage = { live, ctx };
  const sequence = buildSequence(stage);
  const spectrum = buildSpectrum(stage);
  const parts = [sequence, spectrum, buildCells(stage), buildClipping(stage)];
  root.append(h("div.through-time", parts.map(({ element }) => element), h("p.small.muted.sources", SOURCES)));
  for (const kind of ["scene", "frame", "state", "runs"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  live.on("shared", ({ key }) => { if (key.startsWith("recurrent.")) ctx.redraw(); }, ctx.signal);
  ctx.host.dlviz = { throughTime: () => Object.assign({}, ...parts.map((part) => part.read())) };

  function draw() {
    if (!live.scene || !live.frame) return;
    spectrum.take(sequence.reply());
    for (const part of parts) part.draw();
  }

  return { draw, update: () => ctx.redraw() };
});
