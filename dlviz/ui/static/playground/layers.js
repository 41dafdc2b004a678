// The controls over the columns: how many layers, how many neurons in each, and each layer's activation.

import { ACTIVATIONS } from "../lib/activation.js";
import { h, icon, replace, setText } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";

const MOST_LAYERS = 6;
const MOST_NEURONS = 8;
const NEW_LAYER = 2; // neurons of a layer that is added
const SHORT = { relu: "ReLU", leaky_relu: "LReLU", gelu: "GELU", tanh: "tanh", sigmoid: "σ", sine: "sin", linear: "lin" };

export class LayerControls {
  constructor(bar, plane, stage) {
    Object.assign(this, { plane, settings: settingsOf(stage) });
    this.fewer = h("button.round.plain.tiny", { "aria-label": "Remove a hidden layer", onclick: () => this.resize(-1) }, icon("minus", 15));
    this.more = h("button.round.plain.tiny", { "aria-label": "Add a hidden layer", onclick: () => this.resize(1) }, icon("plus", 15));
    this.title = h("span.layers-title");
    bar.append(this.fewer, this.title, this.more);
    this.heads = h("div.heads");
    plane.append(this.heads);
    this.settings.on(() => this.hide(bar));
  }

  /** What a teacher has hidden of the picture can be seen in it and not be changed. */
  hide(bar) {
    const fixed = this.settings.isHidden("hidden_layers");
    for (const element of [bar, this.heads]) element.classList.toggle("fixed-layers", fixed);
    for (const choice of this.heads.querySelectorAll("select")) choice.disabled = this.settings.isHidden("activations");
  }

  /** What the network is asked to be, a click that is still on its way included. */
  get shape() {
    const hidden = this.settings.value("hidden_layers");
    const given = this.settings.value("activations");
    return { hidden, each: given.length === 1 ? hidden.map(() => given[0]) : given, spare: given[0] };
  }

  ask(hidden, each, spare) {
    const same = new Set(each).size <= 1;
    this.settings.change({ hidden_layers: hidden, activations: same ? [each[0] ?? spare] : each });
  }

  resize(by) {
    const { hidden, each, spare } = this.shape;
    const at = hidden.length;
    if (by > 0) this.ask([...hidden, NEW_LAYER].slice(0, MOST_LAYERS), [...each, each.at(-1) ?? spare].slice(0, MOST_LAYERS), spare);
    else if (at > 0) this.ask(hidden.slice(0, at - 1), each.slice(0, at - 1), spare);
  }

  widen(layer, by) {
    const { hidden, each, spare } = this.shape;
    const neurons = Math.min(Math.max(hidden[layer] + by, 1), MOST_NEURONS);
    this.ask(hidden.with(layer, neurons), each, spare);
  }

  activate(layer, name) {
    const { hidden, each, spare } = this.shape;
    this.ask(hidden, each.with(layer, name), spare);
  }

  arrange(model, geometry) {
    const hidden = model.widths.slice(1, -1);
    setText(this.title, hidden.length === 1 ? "1 hidden layer" : `${hidden.length || "no"} hidden layers`);
    this.fewer.disabled = hidden.length === 0;
    this.more.disabled = hidden.length === MOST_LAYERS;
    this.heads.classList.toggle("narrow", geometry.narrow);
    const had = this.heads.getRootNode().activeElement?.dataset?.control; // keep the focus on the same button
    const middle = (layer) => geometry.columns[layer].x + geometry.size / 2;
    const caption = (layer, text) => h("div.head.caption", { style: { left: `${middle(layer)}px` } }, h("span.label", text));
    replace(this.heads,
      caption(0, geometry.narrow ? "In" : "Features"),
      hidden.map((neurons, l) => this.head(model, l, neurons, middle(l + 1), geometry)),
      caption(model.widths.length - 1, geometry.narrow ? "Out" : "Output"));
    if (had) this.heads.querySelector(`[data-control="${had}"]`)?.focus();
  }

  head(model, layer, neurons, x, { narrow, pitch }) {
    const step = (by, name, words) => h("button.round.plain.tiny", {
      "aria-label": `${words} layer ${layer + 1}`, "data-control": `${layer}${by}`, onclick: () => this.widen(layer, by),
      disabled: by < 0 ? neurons === 1 : neurons === MOST_NEURONS,
    }, icon(name, 14));
    const { activationName } = model.layers[layer];
    const choice = h("select.activation", {
      disabled: this.settings.isHidden("activations"),
      "aria-label": `Activation of layer ${layer + 1}`, "data-control": `${layer}activation`,
      onchange: (event) => this.activate(layer, event.target.value),
    }, Object.entries(ACTIVATIONS).map(([name, { label }]) =>
      h("option", { value: name, selected: name === activationName }, narrow ? SHORT[name] : label)));
    return h("div.head", { style: { left: `${x}px`, width: `${Math.min(pitch - 2, 112)}px` } },
      h("div.neurons", step(-1, "minus", "Remove a neuron from"),
        h("span.value", { title: `${neurons} ${neurons === 1 ? "neuron" : "neurons"}` }, String(neurons)),
        step(1, "plus", "Add a neuron to")),
      choice);
  }
}
