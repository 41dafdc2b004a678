// The controls of the wall: what is asked, and how the answers are shown.

import { h } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { BASELINE_LABELS, BASELINES } from "../lib/methods.js";
import { classField, classList } from "./classes.js";

const choice = (name, label, options, labels, help) => ({ name, kind: "choice", label, options, labels, help });

/** `choose(changes)` changes the question, `look(changes)` how it is shown; `state` is what is chosen now. */
export function buildBar(state, { choose, look }) {
  const list = classList("imagenet-classes");
  const target = classField({ label: "the logit of", list: list.element.id, choose: (index) => choose({ target: index }) });
  const minus = classField({ label: "minus the logit of", list: list.element.id, choose: (index) => choose({ minus: index }) });
  const next = h("button.chip", { type: "button", onclick: () => choose({ minus: state.minus === "next" ? null : "next" }) }, "the runner-up");
  const knobs = {
    baseline: knob(choice("baseline", "Baseline", BASELINES, BASELINE_LABELS,
      "The picture that stands for nothing there: Integrated Gradients and DeepLift begin at it, Occlusion covers with it. The mean colour is what the network is given as 0."),
    { value: state.baseline, onchange: (baseline) => choose({ baseline }) }),
    steps: knob({ name: "steps", kind: "range", label: "Steps", low: 4, high: 128, whole: true, log: true, default: 32,
      help: "How many points of the way from the baseline to the picture Integrated Gradients takes. More of them close its gap." },
    { value: state.steps, onchange: (steps) => choose({ steps }) }),
    sign: knob(choice("sign", "Values", ["signed", "absolute"], ["Signed", "Absolute"],
      "Signed: the channels of a cell added. Absolute: their sizes added, which is what saliency maps usually show."),
    { value: state.sign, onchange: (sign) => look({ sign }) }),
    over: knob(choice("over", "Map", ["over", "alone"], ["On the picture", "Alone"]), { value: state.over, onchange: (over) => look({ over }) }),
    clip: knob({ name: "clip", kind: "range", label: "Percentile", low: 80, high: 100, whole: true, default: 99,
      help: "Full colour is reached at this percentile of the sizes of a map; 100 is its largest." },
    { value: state.clip, onchange: (clip) => look({ clip }) }),
  };
  const { baseline, steps, sign, over, clip } = knobs;
  return {
    element: h("div.controls", list.element,
      h("div.group", target.element, h("div.minus", minus.element, next), baseline.element, steps.element),
      h("div.group", sign.element, over.element, clip.element)),
    /** names: of all classes; asking: {target, minus} by index, as it is asked now. */
    show(names, asking) {
      list.fill(names);
      const runnerUp = state.minus === "next";
      target.show({ names, chosen: state.target, otherwise: `what it answers: ${names[asking.target]}` });
      minus.show({ names, chosen: runnerUp ? null : state.minus, otherwise: runnerUp && asking.minus !== null ? names[asking.minus] : "nothing" });
      next.setAttribute("aria-pressed", String(runnerUp));
    },
    /** Forget what was typed and refused. */
    clear() {
      target.clear();
      minus.clear();
    },
  };
}
