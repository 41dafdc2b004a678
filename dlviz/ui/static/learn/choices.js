// What is learned from, and which kernel of the layer is looked at.

import { h, icon, replace } from "../lib/dom.js";
import { fieldControl, settingsOf } from "../lib/settings.js";

const FIELDS = ["pairs", "pair_noise", "batch_size", "optimizer", "seed"];
const SEEDS = 1_000_000;

/** The settings of the learner. */
export const setUp = (stage) => h("div.setup", FIELDS.map((name) => fieldControl(stage, name)?.element));

/** The button that hides a random kernel under a new seed; `before` is called first. */
export function hideAnother(stage, before) {
  const settings = settingsOf(stage);
  return h("button.chip", {
    type: "button", title: "A random kernel that nobody has seen, under a new seed",
    onclick() {
      before();
      settings.change({ kernel: settings.value("kernel").map(() => "random"), weights: [], seed: Math.floor(Math.random() * SEEDS) });
    },
  }, icon("reset", 16), "Hide a random one");
}

/** Chips for layer, filter and channel, where there is more than one; writes into `chosen` {at, o, i}. */
export function chooser(chosen, onchange) {
  const element = h("div.choose.row");
  let built = "";

  function group(label, names, key) {
    if (names.length < 2) return null;
    return h("div.group.row", { role: "group", "aria-label": label }, h("span.label", label), names.map((name, k) => h("button.chip", {
      type: "button", "aria-pressed": String(chosen[key] === k),
      onclick: () => { chosen[key] = k; onchange(); },
    }, name)));
  }

  return {
    element,
    show(scene, view) {
      const { layers, filter_names: filters, channel_names: channels } = scene.numbers;
      const isLast = view.at === layers.length - 1;
      const seen = view.layer.channelsOf(view.o);
      const names = {
        at: layers.map((_, k) => (k === 0 ? "Depthwise" : "Pointwise")),
        o: view.mixes ? [] : Array.from({ length: view.layer.outputs }, (_, k) => (isLast ? filters[k] : channels[k]) ?? `${k + 1}`),
        i: view.mixes ? [] : seen.map((channel) => (view.at === 0 ? channels[channel] : `map ${channel + 1}`)),
      };
      const state = JSON.stringify([names, chosen]);
      if (state === built) return;
      built = state;
      replace(element, group("Layer", names.at, "at"), group("Filter", names.o, "o"), group("Channel", names.i, "i"));
      element.classList.toggle("hidden", element.childElementCount === 0);
    },
  };
}
