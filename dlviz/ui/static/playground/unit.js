// One unit's equation with the live numbers put in; every weight and the bias can be clicked and typed anew.

import { h, number, replace, setText, steady } from "../lib/dom.js";
import { largest } from "../lib/heat.js";
import { FEATURE_NAMES } from "./maps.js";
import { quantity, shortName, sign, unitName } from "./notation.js";

const HINT = "Point at a neuron to see what it computes, click to keep it. Point at a line for its weight, click to change it.";
const TOUCH_HINT = "Tap a neuron to see what it computes, a line to change its weight.";

export class UnitCard {
  /** `edit(array, index, anchor)` opens the field for a parameter at the element that was clicked. */
  constructor(root, stage, edit) {
    Object.assign(this, { stage, edit, shown: null, numbers: [] });
    this.title = h("h4");
    this.equation = h("p.equation.value");
    this.more = h("p.small.muted.value");
    this.root = h("section.unit-card", { "aria-label": "What the unit computes", "aria-live": "off" }, this.title, this.equation, this.more);
    root.append(this.root);
  }

  get target() {
    return this.stage.hovered ?? this.stage.selected;
  }

  update() {
    const { model } = this.stage;
    const { target } = this;
    const key = target && model ? `${model.structure}:${target.layer}.${target.unit}` : "";
    if (key !== this.shown) this.build(model, target);
    this.shown = key;
    for (const fill of this.numbers) fill();
    this.root.setAttribute("aria-live", this.stage.live.state.playing ? "off" : "polite");
  }

  /** A line in place of the remark, until another unit is shown. */
  say(words) {
    this.update(); // first: what is built for a unit newly pointed at would wipe the words
    setText(this.more, words);
  }

  build(model, target) {
    this.numbers = [];
    this.root.classList.toggle("idle", !target);
    if (!target || !model) {
      setText(this.title, "");
      replace(this.equation, h("span.muted", matchMedia("(pointer: coarse)").matches ? TOUCH_HINT : HINT));
      setText(this.more, "");
      return;
    }
    const { layer, unit } = target;
    const name = unitName(model, layer, unit);
    setText(this.title, name[0].toUpperCase() + name.slice(1));
    if (layer === 0) this.buildFeature(model, unit);
    else this.buildUnit(model, layer, unit);
  }

  buildFeature(model, unit) {
    const on = model.features.includes(FEATURE_NAMES[unit]);
    replace(this.equation, h("span.muted", on ? "Given to the network. Click to take it away." : "Not used. Click to give it to the network."));
    setText(this.more, "");
  }

  buildUnit(model, layer, unit) {
    const place = layer - 1;
    const { inputs, activation, normalized } = model.layers[place];
    const terms = [];
    for (let i = 0; i < inputs; i += 1) {
      terms.push(this.number(model, place, `weight.${place}`, [unit, i], i === 0, `weight from ${shortName(model, place, i)}`),
        "·", quantity(model, "a", place, i));
    }
    terms.push(this.number(model, place, `bias.${place}`, [unit], false, "bias"));
    const inner = normalized ? [h("span.symbol", "norm"), "(", terms, ")"] : terms;
    replace(this.equation, quantity(model, "a", layer, unit), " = ",
      activation.symbol ? [h("span.symbol.upright", activation.symbol), "(", inner, ")"] : inner);
    this.numbers.push(() => setText(this.more, this.remark(model, layer, unit)));
  }

  /** A button that shows one parameter and opens its field. */
  number(model, place, array, index, opens, words) {
    const at = index.length === 2 ? index[0] * model.layers[place].inputs + index[1] : index[0];
    const value = () => model.layers[place][array.startsWith("weight") ? "weight" : "bias"][at];
    const joint = h("span.joint");
    const button = h("button.plain.number", { onclick: () => this.edit(array, index, button) });
    this.numbers.push(() => {
      const x = value();
      setText(joint, sign(x, opens));
      setText(button, steady(Math.abs(x), 2));
      button.setAttribute("aria-label", `${words}: ${number(x)}. Click to change it`);
      button.style.color = x < 0 ? "var(--negative)" : "var(--positive)";
    });
    return [joint, button];
  }

  remark(model, layer, unit) {
    const { stage } = this;
    const parts = [];
    const hidden = layer < model.widths.length - 1;
    const node = stage.nodeAt?.(layer, unit);
    if (node?.dead) parts.push("Dead: its slope is 0 at every training point, so it no longer learns.");
    if (node?.dropped) parts.push("Left out of the last step by dropout.");
    const { normalized, mean, variance, gain, shift, activation } = model.layers[layer - 1];
    if (normalized) {
      parts.push(`norm: mean ${number(mean[unit])}, variance ${number(variance[unit])}, gain ${number(gain[unit])}, shift ${number(shift[unit])}.`);
    }
    if (stage.maps && hidden && activation.bound === null) {
      parts.push(`Its map reaches ±${number(largest(stage.maps.unit(layer, unit)))}.`);
    }
    return parts.join(" ");
  }
}
