// The controls of the layer: what slides, in which steps, over what padding. What does not apply is not shown, and
// why it does not is said.

import { h, setText } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";
import { isPool, isRow } from "./fitting.js";
import { choice, menu, stepper } from "./knobs.js";

// Fields that do not apply to a layer.
const WITHOUT = {
  causal: ["padding", "padding_amount", "groups"],
  depthwise: ["groups"],
  separable: ["groups"],
  pointwise: ["kernel_size", "padding", "padding_amount", "padding_mode", "dilation"],
  transposed: ["padding_mode"],
  max_pool: ["padding_mode", "groups"],
  average_pool: ["padding_mode", "groups"],
  global_average_pool: ["kernel_size", "stride", "padding", "padding_amount", "padding_mode", "dilation", "groups"],
};

export function buildLayerGroup(stage) {
  const settings = settingsOf(stage);
  const controls = {
    layer: choice(stage, "layer"),
    kernel_size: stepper(stage, "kernel_size"),
    stride: stepper(stage, "stride"),
    dilation: stepper(stage, "dilation"),
    groups: stepper(stage, "groups"),
    padding: choice(stage, "padding"),
    padding_amount: stepper(stage, "padding_amount", { label: "Cells" }),
    padding_mode: menu(stage, "padding_mode"),
  };
  const row = (...names) => h("div.knob-row", names.map((name) => controls[name]?.element));
  const why = h("p.small.muted.why-not");

  function show() {
    const layer = settings.value("layer");
    const padding = settings.value("padding");
    const without = new Set(WITHOUT[layer] ?? []);
    if (padding !== "number") without.add("padding_amount");
    if (settings.value("channels") === "grey" && settings.value("groups") === 1) without.add("groups"); // one channel is one group
    if (padding === "valid" && layer !== "causal") without.add("padding_mode");
    for (const [name, control] of Object.entries(controls)) control?.element.classList.toggle("unused", without.has(name));
    controls.kernel_size?.rename(isPool(layer) ? "Window" : "Kernel size");
    setText(why, reasonFor(layer));
  }

  function reasonFor(layer) {
    if (layer === "causal") {
      const before = settings.value("dilation") * (settings.value("kernel_size") - 1);
      return `It pads itself: ${before} ${before === 1 ? "cell" : "cells"} before and none after, so that nothing later is seen.`;
    }
    if (layer === "pointwise") return "1 × 1: no neighbours, so no padding and no dilation.";
    if (layer === "global_average_pool") return "The window is the whole map, so there is nothing to place.";
    if (layer === "depthwise") return "As many groups as channels.";
    if (layer === "separable") return "First a kernel for each channel, then a 1 × 1 mixture of them.";
    if (layer === "transposed") return "Padding takes cells off the output here.";
    return "";
  }

  settings.on(show);
  return {
    controls,
    rows: [row("layer", "kernel_size", "stride", "dilation", "groups"), row("padding", "padding_amount", "padding_mode"), why],
    summary() {
      const { options, labels } = settings.fields.layer;
      const layer = settings.value("layer");
      const name = labels[options.indexOf(layer)];
      if (["pointwise", "global_average_pool"].includes(layer)) return name;
      const k = settings.value("kernel_size");
      return `${name} ${isRow(layer) ? k : `${k} × ${k}`}, stride ${settings.value("stride")}`;
    },
  };
}
