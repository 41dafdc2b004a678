// A second run beside the first: its output map from its own weights, its losses, and how they differ.

import { fit, h, number, setText, steady } from "../lib/dom.js";
import { Sheet } from "../lib/heat.js";
import { readModel } from "../lib/nn.js";
import { COARSE, Maps } from "./maps.js";
import { paintShown } from "./output.js";
import { drawPoints } from "./scatter.js";

export function buildBeside(el, stage) {
  const { live, ctx } = stage;
  const heat = h("canvas.heat", { "aria-hidden": "true" });
  const points = h("canvas.points", { role: "img", "aria-label": "Output of the compared run" });
  const name = h("h4");
  const train = h("span.value");
  const test = h("span.value");
  const root = h("section.beside.hidden", { "aria-label": "Compared run" },
    h("div.square.small-square", heat, points),
    h("div.stack", name, h("div", h("span.label", "Training loss "), train), h("div", h("span.label", "Test loss "), test),
      h("span.label", "In brackets: against the run above.")));
  el.append(root);
  const sheet = new Sheet(COARSE);
  const view = { model: null, maps: null, frame: null };

  live.on("compared", () => ctx.redraw(), ctx.signal);

  function draw() {
    const { compared } = live;
    root.classList.toggle("hidden", !compared?.frame);
    if (!compared?.frame) return;
    const { scene, frame } = compared;
    if (view.scene !== scene) {
      const model = readModel(scene);
      Object.assign(view, { scene, model, maps: new Maps(model), frame: null });
    }
    if (view.frame !== frame) {
      view.model.load(frame);
      view.maps.compute();
      view.frame = frame;
    }
    paintShown(sheet, view.maps, view.maps.coarse, null, stage.inks, stage.setting("discretize"));
    sheet.flush();
    const { pen, width } = fit(heat);
    sheet.drawTo(pen, 0, 0, 0, width);
    drawPoints(points, scene, { colors: ctx.colors, showTest: stage.setting("show_test"), lit: null, chosen: null, radius: 1.6 });
    const label = live.runs.find((run) => run.id === live.beside)?.label ?? "Compared run";
    setText(name, `${label}, step ${number(frame.step)}`);
    const against = (key) => {
      const difference = frame.numbers[key] - live.frame?.numbers[key];
      return `${steady(frame.numbers[key])}${Number.isFinite(difference) ? ` (${difference < 0 ? "−" : "+"}${steady(Math.abs(difference))})` : ""}`;
    };
    setText(train, against("train_loss"));
    setText(test, against("test_loss"));
  }
  return { draw };
}
