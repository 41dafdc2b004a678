// Reconstructions: test pictures and what comes back of them, one of one's own, and how the errors of all of them spread.

import { h, setText } from "../lib/dom.js";
import { latentsOf } from "../lib/latents.js";
import { mount } from "../lib/mount.js";
import { buildGallery } from "./gallery.js";
import { measuredOf } from "./measured.js";
import { buildOwn } from "./own.js";
import { buildSpread } from "./spread.js";

export const styles = ["lib/picker.css", "lib/tiles.css", "lib/pad.css"];

export default mount((root, live, ctx) => {
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  let moment = null;
  let drawn = null; // the spec of what is on screen
  const problem = h("p.problem.small", { role: "alert" });
  const store = measuredOf({ live, ctx, took: () => ctx.redraw(), refused: (text) => setText(problem, text) });
  const measured = () => store.value;
  const gallery = buildGallery({ live, ctx, measured, happened, onpick: (index) => { live.set({ picture: index, own_pixels: "" }); } });
  const own = buildOwn({ live, ctx, measured, happened });
  const spread = buildSpread({ ctx, onclass: (at) => gallery.choose(at) });
  const ramp = h("canvas.recon-ramp", { width: 129, height: 1, role: "img", "aria-label": "Colours of the error, from −1 to 1" });
  const lead = h("p.recon-lead");
  root.append(h("div.reconstructions", lead,
    h("div.row.small.muted.recon-scale", "Error, reconstruction − picture:", h("span.value", "−1, too dark"), ramp, h("span.value", "1, too bright")),
    problem, gallery.element, own.element, spread.element));
  for (const kind of ["frame", "state", "runs"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  const watching = latentsOf(live).watch(ctx, (next) => { moment = next; ctx.redraw(); });

  function scale() {
    const image = new ImageData(129, 1);
    for (let i = 0; i < 129; i += 1) image.data.set([...ctx.colors.diverging(i / 64 - 1), 255], 4 * i);
    ramp.getContext("2d").putImageData(image, 0, 0);
  }

  ctx.host.dlviz = {
    ask: (command) => live.ask(command, { quiet: true }),
    reconstructions: () => drawn && { spec: drawn, gallery: gallery.read(), own: own.read(), spread: spread.read(), measured: store.value?.step ?? null },
  };
  scale();
  return {
    update() {
      scale();
      ctx.redraw();
    },
    draw() {
      watching.nudge();
      store.nudge();
      if (!moment || !live.scene || moment.scene.numbers.rows.length === 0) return;
      const { spec, shape, classes } = moment.scene.numbers;
      const count = shape.reduce((a, b) => a * b);
      setText(lead, `What the network gives back of pictures it has never been trained on: ${count} numbers go in, ${spec.latent} ${spec.latent === 1 ? "number goes" : "numbers go"} through the middle, ${count} come out, decoded from the ${moment.network.variational ? "mean of the code" : "code"}.`);
      gallery.draw(moment);
      own.draw(moment, live.frame);
      spread.draw(store.value, own.item, classes, moment.step);
      drawn = spec;
    },
  };
});
