// Channels: one cell of the output opened across the channels, the stack of maps, and what they cost.

import { h, replace, setText } from "../lib/dom.js";
import { limitOf } from "../lib/grid.js";
import { mount } from "../lib/mount.js";
import { problemLine, settingsOf } from "../lib/settings.js";
import { buildCalculator } from "./calculator.js";
import { withChannels } from "../lib/changes.js";
import { buildCounting } from "./counting.js";
import { Opened } from "./opened.js";
import { buildRows } from "./rows.js";
import { buildStack } from "./stack.js";
import { buildTotal } from "./total.js";

export const styles = ["lib/grid.css", "channels/costs.css"];

export default mount((root, live, ctx) => {
  const opened = new Opened(live);
  const { shared } = live;
  const stage = {
    live, ctx, opened,
    focus: (place) => shared.set("convolution.focus", place),
    light(term) {
      opened.term = term;
      changed();
    },
    lightRow(channel) {
      for (const row of rows.rows) row.element.classList.toggle("lit-row", row.channel === channel);
    },
    pin(place) {
      const before = shared.get("convolution.pinned");
      shared.set("convolution.pinned", place && JSON.stringify(place) !== JSON.stringify(before) ? place : null);
      if (place) shared.set("happened.pinned", true);
    },
    openMap(o) {
      shared.set("convolution.pinned", opened.place({ ...opened.cell, o }));
    },
  };

  const [rows, total, stack, counting, calculator] = [buildRows(stage), buildTotal(stage), buildStack(stage), buildCounting(stage), buildCalculator()];
  const settings = settingsOf(stage);
  const stages = h("div.segments.stages", { role: "group", "aria-label": "Which stage of the layer" });
  const grey = h("div.grey-note", h("p.small", "The picture has one channel, so there is one row. In colour it has three, and every filter has three slices."),
    h("button", { onclick: () => settings.change(withChannels(opened.scene, "rgb")) }, "Give it three channels (RGB)"), problemLine(settings, "channels"));
  const learned = h("p.label.learned", "Weights of the layer that learns, at the moment shown.");
  root.append(h("div.channels", stages, learned, h("div.opened-cell", rows.element, total.element), grey, stack.element, counting.element, calculator.element));
  let stale = true; // something changed that the elements do not show yet
  expose(ctx.host, stage, { rows, total, stack, calculator }, () => !stale);

  function changed() {
    stale = true;
    ctx.redraw();
  }

  function take() {
    if (!live.scene) return;
    const frame = live.frame?.version === live.scene.version ? live.frame : null;
    const learns = shared.get("convolution.learned") === true && frame?.arrays["weight.0"];
    opened.take(live.scene, learns ? frame : null);
    learned.classList.toggle("hidden", !learns);
    opened.follow();
    changed();
  }

  function showStages() {
    const names = opened.layers.map((layer, i) => (opened.layers.length === 1 ? "" : `${i + 1}  ${layer.kh === 1 && i ? "Pointwise" : "Depthwise"} ${layer.kh} × ${layer.kw}`));
    stages.classList.toggle("hidden", names.length < 2);
    if (stages.childElementCount !== names.length) {
      replace(stages, names.map((name, i) => h("button", {
        onclick() {
          if (shared.get("convolution.pinned")) shared.set("convolution.pinned", null);
          opened.choose(i);
          changed();
        },
      }, name)));
    }
    [...stages.children].forEach((button, i) => {
      setText(button, names[i]);
      button.setAttribute("aria-checked", i === opened.layer);
    });
  }

  function show() {
    const sums = opened.sums();
    const limit = limitOf(opened.output);
    showStages();
    grey.classList.toggle("hidden", opened.scene.numbers.channel_names.length > 1);
    rows.show(sums, ctx.colors);
    total.show(sums, limit, Boolean(shared.get("convolution.pinned")), ctx.colors);
    stack.show(limit, ctx.colors);
    counting.show(opened.scene.numbers.layers);
  }

  live.on("scene", take, ctx.signal);
  live.on("frame", () => shared.get("convolution.learned") === true && take(), ctx.signal);
  live.on("shared", ({ key }) => {
    if (!opened.scene || !key.startsWith("convolution.")) return;
    if (key === "convolution.learned") take();
    opened.follow();
    changed();
  }, ctx.signal);
  ctx.signal.addEventListener("abort", () => stage.focus(null));

  return {
    update() {
      opened.version += 1;
      changed();
    },
    draw() {
      if (!opened.scene) return;
      if (stale) show();
      stale = false;
      rows.draw(ctx.colors);
      total.draw(ctx.colors);
      stack.draw(ctx.colors);
    },
  };
});

/** Read-only views for the browser tests: what is on screen, as plain numbers. */
function expose(host, { opened }, { rows, total, stack, calculator }, isDrawn) {
  host.dlviz = {
    panel: "channels",
    get ready() {
      return Boolean(opened.scene) && isDrawn();
    },
    opened() {
      const { rows: found, bias, total: sum } = opened.sums();
      return {
        version: opened.scene.version, layer: opened.layer, cell: opened.cell, bias, total: sum,
        rows: found.map((row) => ({ channel: row.channel, sum: row.sum, products: row.terms.map((term) => term.product) })),
        shownSums: rows.rows.map((row) => row.sum.textContent), shownTotal: total.element.querySelector(".total").textContent,
      };
    },
    maps: () => ({ values: [...opened.output], count: stack.maps.length }),
    calculator: () => calculator.answers(),
  };
}
