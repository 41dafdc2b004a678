// The panel Filters: the kernels as they change, the pictures that excite a channel, the picture it would like best.

import { Album } from "../lib/album.js";
import { h } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { settingsOf } from "../lib/settings.js";
import { buildChooser } from "./chooser.js";
import { buildClimbing } from "./climbing.js";
import { buildExciting } from "./exciting.js";
import { buildKernels } from "./kernels.js";
import { convolutions, held, unitRows } from "./units.js";

export const styles = ["lib/grid.css", "lib/curve.css"];

const PINNED = "cnn.pinned"; // the map that is open on the stage

export default mount((root, live, ctx) => {
  const settings = settingsOf({ live, ctx });
  const album = new Album(live, () => ctx.redraw());
  const look = { unit: null, measure: "cell" };
  const built = (ctx.data.fields ?? []).filter(({ role }) => role === "structure" || role === "data").map(({ name }) => name);
  const structure = () => JSON.stringify(built.map((name) => live.scene.numbers.spec[name]));
  // The unit that is looked at; one that the network has, whatever it has become.
  const chosen = () => {
    look.unit = held(live.scene.numbers.rows, look.unit);
    return look.unit;
  };
  const shared = { live, ctx, album, look, structure, choose, chosen,
    stage: (picture) => settings.change({ picture, own_pixels: "" }) };
  const kernels = buildKernels(shared);
  const chooser = buildChooser({ choose, count: (measure) => { look.measure = measure; ctx.redraw(); } });
  const exciting = buildExciting(shared);
  const climbing = buildClimbing({ ...shared, stage: { own: (pixels) => settings.change({ own_pixels: pixels }) } });
  root.append(h("div.filters",
    kernels.element,
    h("section.exciting-section", { "aria-label": "What excites a channel" },
      h("h3", "What excites a channel"),
      h("p.lead", "Every test picture goes through the network once. Of each channel the activation is kept, and where in the picture it was largest."),
      chooser.element, exciting.element),
    h("section.climbing-section", { "aria-label": "Activation maximization" },
      h("h3", "The picture it would like best"),
      h("p.lead", "Activation maximization: the picture itself is trained, along the gradient of one activation with respect to its cells. Left alone the ascent ends in noise that excites the unit and shows nothing; four regularizers keep the picture readable."),
      climbing.element)));

  let dataset = null;
  ctx.host.dlviz = { scrub: (step) => live.scrub(step), filters: () => live.frame && { step: live.frame.step, unit: chosen(), kernels: kernels.read(), exciting: exciting.read(), climbing: climbing.read(), spec: live.scene.numbers.spec } };

  function choose(unit) {
    look.unit = held(live.scene.numbers.rows, unit);
    ctx.redraw();
  }

  for (const kind of ["scene", "frame", "state", "runs"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  live.on("shared", ({ key, value }) => {
    if (key !== PINNED || !value || !live.scene) return;
    const { rows } = live.scene.numbers;
    if (value.channel === null || !unitRows(rows).some(({ name }) => name === value.row)) return;
    choose({ row: value.row, channel: value.channel });
    if (convolutions(rows).some(({ name }) => name === value.row)) kernels.open(value.row);
  }, ctx.signal);

  return {
    update: () => ctx.redraw(),
    draw() {
      const { scene } = live;
      if (!scene || !live.frame) return;
      const { rows, classes, spec } = scene.numbers;
      if (dataset !== spec.dataset) {
        dataset = spec.dataset;
        album.clear();
        exciting.forget();
      }
      kernels.draw();
      chooser.show({ rows, classes, unit: chosen(), measure: look.measure });
      exciting.draw();
      climbing.draw();
    },
  };
});
