// The controls of the kernel: its filters by name, their cells, bias and turn.

import { h, icon, replace, setText } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";
import { isPool, outputsOf, settingsNow, weightShapes } from "./fitting.js";
import { choice, send, stepper } from "./knobs.js";
import { weightIndex } from "./places.js";
import { biasOf, changeBias } from "./weights.js";

const EDITED = "edited";
const POOLING = {
  max_pool: "Pooling has no weights: of every window the largest number goes on.",
  average_pool: "Pooling has no weights of its own: every cell of the window counts alike.",
  global_average_pool: "Nothing slides: each map becomes one number, its average.",
};

export function buildKernelGroup(stage) {
  const settings = settingsOf(stage);
  const chosen = () => Math.min(stage.filter ?? 0, Math.max(count() - 1, 0));
  const isEdited = () => settings.value("weights").length > 0;
  /** The kernels of the layer that is looked at belong to channels, not to filters. */
  const ofChannels = () => settings.value("layer") === "depthwise" || (settings.value("layer") === "separable" && stage.at === 0);
  const mixes = () => settings.value("layer") === "pointwise" || (settings.value("layer") === "separable" && stage.at === 1);
  const count = () => {
    const shapes = weightShapes(settingsNow(stage));
    return shapes[Math.min(stage.at ?? 0, shapes.length - 1)]?.outputs ?? 0;
  };

  const { options, labels, help, at_most: most } = settings.fields.kernel;
  const chips = h("div.filters", { role: "radiogroup", "aria-label": "Filters" });
  const head = h("span", "Filters");
  const filters = h("div.knob", h("div.knob-head.label", head), chips);
  const select = h("select", { id: "kernel-name", title: help, onchange: () => name(select.value) },
    options.map((option, i) => h("option", { value: option }, labels[i])));
  const byHand = h("option", { value: EDITED, disabled: true }, "Edited by hand");
  const title = h("label", { for: "kernel-name" }, "Kernel");
  const kernel = { element: h("div.knob", { "data-field": "kernel" }, h("div.knob-head.label", title), h("span.menu", select)) };
  const bias = stepper(stage, "bias", {
    read: () => biasOf(stage, chosen()), write: (value) => changeBias(stage, chosen(), value), by: 0.1,
  });
  const flip = choice(stage, "flip");
  const edit = h("button", { type: "button", title: "Type a number into a cell of the kernel, or drag a cell up and down", onclick: editFirst }, "Edit cells");
  const reset = h("button.square.plain", { type: "button", title: "Reset the cells to the named kernels", "aria-label": "Reset the cells", onclick: putBack }, icon("reset", 17));
  const why = h("p.small.muted.why-not");
  const first = h("div.knob-row", filters, kernel.element);
  const second = h("div.knob-row", bias?.element, flip?.element, h("div.knob-row.buttons", edit, reset));

  function name(value) {
    const now = settings.value("kernel");
    // A depthwise layer has a kernel for each channel, whose names go round; here one is given its own.
    const kernels = settings.value("layer") === "depthwise" ? Array.from({ length: count() }, (_, i) => now[i % now.length]) : [...now];
    kernels[chosen() % kernels.length] = value;
    const before = { kernel: now, weights: settings.value("weights") };
    send(stage, { kernel: kernels, ...(isEdited() ? { weights: [] } : {}) }).then((taken) => {
      if (taken && before.weights.length && count() > 1) say("All kernels have their names again, not this one alone.", before);
    });
  }

  function say(words, before) {
    stage.say(words, () => settings.change(before));
  }

  function add() {
    const kernels = settings.value("kernel");
    const from = [...kernels.keys(), chosen() % kernels.length];
    // An edited filter is copied; beside a kernel with a name, the next name says more than the same one again.
    const next = isEdited() || mixes() ? kernels.at(-1) : following(kernels);
    awaited = kernels.length;
    send(stage, { kernel: [...kernels, next] }, { from }).then((taken) => { if (!taken) awaited = null; });
  }
  let awaited = null; // the filter to choose once the scene has it

  function following(kernels) {
    const row = ["conv1d", "causal"].includes(settings.value("layer"));
    const size = settings.value("kernel_size");
    const usable = options.filter((option) => !kernels.includes(option) && !(row && option.endsWith("_horizontal")) &&
      (size >= 3 || !["laplacian", "emboss"].includes(option)) && (size >= 2 || !/sobel|prewitt|^edge/.test(option)));
    const after = options.indexOf(kernels.at(-1));
    return usable.find((option) => options.indexOf(option) > after) ?? usable[0] ?? kernels.at(-1);
  }

  function remove(index) {
    const kernels = settings.value("kernel");
    const from = [...kernels.keys()].filter((i) => i !== index);
    send(stage, { kernel: from.map((i) => kernels[i]) }, { from });
  }

  function editFirst() {
    if (!stage.editable) return;
    if (stage.tool) stage.setTool(null);
    const { filter, channel } = stage.view;
    const first = weightIndex(stage.layer, filter, stage.layer.channelsOf(filter).indexOf(channel) < 0 ? stage.layer.channelsOf(filter)[0] : channel, 0, 0);
    const rect = stage.editor.cellRect?.(stage.at, first);
    if (rect) stage.editor.edit(stage.at, first, rect);
  }

  function putBack() {
    const before = { weights: settings.value("weights") };
    settings.change({ weights: [] });
    say("The kernels have their names again.", before);
  }

  function show() {
    const layer = settings.value("layer");
    const pool = isPool(layer);
    const kernels = settings.value("kernel");
    const edited = !pool && isEdited();
    const at = chosen();
    for (const row of [first, second]) row.classList.toggle("hidden", pool);
    setText(why, pool ? POOLING[layer] : reasonFor(layer));
    kernel.element.classList.toggle("unused", mixes() && !edited);
    setText(title, kernels.length > 1 || count() > 1 ? `Kernel ${at + 1}` : "Kernel");
    byHand.remove();
    if (edited) select.prepend(byHand);
    select.value = edited ? EDITED : kernels[at % kernels.length];
    const maps = outputsOf(settingsNow(stage));
    bias?.element.classList.toggle("unused", layer === "separable" && stage.at === 0);
    bias?.rename(maps > 1 ? `Bias of map ${at + 1}` : "Bias");
    bias?.show();
    edit.disabled = stage.learned ?? false;
    reset.classList.toggle("hidden", !edited);
    fillChips(at);
  }

  let filled = "";
  function fillChips(at) {
    const [all, names] = [count(), settings.value("kernel").length];
    const text = JSON.stringify([all, names, at, ofChannels()]);
    if (text === filled) return;
    filled = text;
    chips.classList.toggle("many", all > 4);
    setText(head, ofChannels() ? "Channels" : "Filters");
    const small = (sign, words, disabled, onclick) => h("button.filter-chip.plain", { type: "button", title: words, "aria-label": words, disabled, onclick }, sign);
    replace(chips,
      Array.from({ length: all }, (_, i) => h("button.filter-chip", {
        type: "button", role: "radio", "aria-checked": String(i === at), "aria-label": `${ofChannels() ? "Channel" : "Filter"} ${i + 1}`,
        onclick: () => stage.chooseFilter(i),
      }, String(i + 1))),
      ofChannels() ? null : [
        small("−", `Remove filter ${at + 1}`, names <= 1, () => remove(at)),
        small("+", "Add a filter", names >= most, add),
      ]);
  }

  settings.on(show);
  stage.on("chosen", show);
  stage.on("scene", () => {
    if (awaited !== null && stage.scene.numbers.spec.kernel.length > awaited) {
      const filter = awaited;
      awaited = null;
      if (filter < stage.layer.outputs) stage.chooseFilter(filter);
    }
    show();
  });
  return {
    controls: { kernel, bias, flip },
    rows: [first, second, why],
    summary() {
      if (isPool(settings.value("layer"))) return "no weights";
      if (settings.value("weights").length) return "edited by hand";
      const names = settings.value("kernel").map((option) => labels[options.indexOf(option)]);
      return names.length > 1 ? `${names.length} filters` : names[0];
    },
  };
}

function reasonFor(layer) {
  if (layer === "pointwise") return "One cell a channel: the weights mix the channels and have no names.";
  if (layer === "depthwise") return "Every channel has one kernel, and one map comes of it.";
  return "";
}
