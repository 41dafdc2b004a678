// The controls of the wall: what is asked, and how the answers are shown.

import { h, replace } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { BASELINE_LABELS, BASELINES } from "../lib/methods.js";

const choice = (name, label, options, labels, help) => ({ name, kind: "choice", label, options, labels, help });

/** `ask(changes)` changes the question, `look(changes)` how it is shown, `choose(class | null)` the class asked about. */
export function buildBar(state, { ask, look, choose }) {
  const target = h("select", { id: "attribution-target", onchange: () => choose(target.value === "" ? null : Number(target.value)) });
  const minus = h("select", { id: "attribution-minus", onchange: () => ask({ minus: ["", "next"].includes(minus.value) ? minus.value || null : Number(minus.value) }) });
  const baseline = knob(choice("baseline", "Baseline", BASELINES, BASELINE_LABELS,
    "The picture that stands for nothing there: Integrated Gradients and DeepLift begin at it, Occlusion covers with it."),
  { value: state.baseline, onchange: (value) => ask({ baseline: value }) });
  const steps = knob({ name: "steps", kind: "range", label: "Steps", low: 1, high: 256, whole: true, log: true, default: 32,
    help: "How many points of the way from the baseline to the picture Integrated Gradients takes. More of them close its gap." },
  { value: state.steps, onchange: (value) => ask({ steps: value }) });
  const sign = knob(choice("sign", "Values", ["signed", "absolute"], ["Signed", "Absolute"],
    "Signed: the channels of a cell added. Absolute: their sizes added, which is what saliency maps usually show."),
  { value: state.sign, onchange: (value) => look({ sign: value }) });
  const over = knob(choice("over", "Map", ["over", "alone"], ["On the picture", "Alone"]), { value: state.over, onchange: (value) => look({ over: value }) });
  const scale = knob(choice("scale", "Full colour at", ["own", "all"], ["Each its own", "One number"],
    "Each its own: the scale of every map ends at its own percentile, since the units differ. One number: at the largest of these for all eight."),
  { value: state.scale, onchange: (value) => look({ scale: value }) });
  const clip = knob({ name: "clip", kind: "range", label: "Percentile", low: 80, high: 100, whole: true, default: 99,
    help: "Full colour is reached at this percentile of the sizes of a map; 100 is its largest." },
  { value: state.clip, onchange: (value) => look({ clip: value }) });
  const follow = knob({ name: "follow", kind: "flag", label: "Follow training", help: "While the network trains, the four fast methods are asked once a second; the others when it pauses." },
    { value: state.follow, onchange: (value) => ask({ follow: value }) });
  const select = (label, id, control) => h("div.knob", h("div.knob-head.label", h("label", { for: id }, label)), h("span.menu", control));
  const element = h("div.controls",
    h("div.group", select("Logit of", target.id, target), select("minus the logit of", minus.id, minus), baseline.element, steps.element),
    h("div.group", sign.element, over.element, scale.element, clip.element, follow.element));
  let written = "";

  return {
    element,
    /** classes: their names; answered: the index that the network answers now; the choices as they are. */
    show({ classes, answered, chosen, minus: less }) {
      const words = JSON.stringify([classes, answered, chosen, less]);
      if (words === written) return;
      written = words;
      replace(target, h("option", { value: "" }, `what it answers (${classes[answered]})`), classes.map((name, i) => h("option", { value: i }, name)));
      target.value = chosen ?? "";
      const a = chosen ?? answered;
      replace(minus, h("option", { value: "" }, "nothing"), h("option", { value: "next" }, "the runner-up"),
        classes.map((name, i) => (i === a ? null : h("option", { value: i }, name))));
      minus.value = less ?? "";
    },
  };
}
