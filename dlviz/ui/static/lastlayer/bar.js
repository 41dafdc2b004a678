// The controls: how the points are laid out, on which axes, what stands for a point, and which class is looked at.

import { h, replace, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";

const choice = (name, label, options, labels, help) => ({ name, kind: "choice", label, options, labels, help });

const METHOD = choice("method", "Layout", ["pca", "tsne"], ["PCA", "t-SNE"],
  "PCA looks along the two directions in which the points vary most, at any moment. t-SNE bends the space so that neighbours stay neighbours; it takes some seconds.");
const AXES = choice("axes", "Axes of", ["own", "newest"], ["This moment", "The newest"],
  "This moment: every moment has its own principal axes; their signs and their order are chosen so that points stay nearest to where they were. The newest: one plane for all moments, that of the newest.");
const POINTS = choice("points", "Points", ["dots", "pictures"], ["Dots", "Pictures"]);
const PERPLEXITY = { name: "perplexity", kind: "range", label: "Perplexity", low: 2, high: 100, whole: true, default: 30,
  help: "About how many neighbours each point minds. Try several: what stays is in the data, what does not is in the method." };

/** `change(changes)` hears the controls, `choose(class | null)` a class, `travel()` the button. */
export function buildBar(state, { change, choose, travel }) {
  const set = (name) => (value) => change({ [name]: value });
  const method = knob(METHOD, { value: state.method, onchange: set("method") });
  const axes = knob(AXES, { value: state.axes, onchange: set("axes") });
  const perplexity = knob(PERPLEXITY, { value: state.perplexity, onchange: set("perplexity") });
  const points = knob(POINTS, { value: state.points, onchange: set("points") });
  const play = h("button.travel", { type: "button", onclick: travel });
  const legend = h("div.legend", { role: "group", "aria-label": "Classes" });
  const element = h("div.controls", h("div.group", method.element, axes.element, perplexity.element, points.element, play), legend);
  let built = "";
  let chips = [];

  function build(classes) {
    if (built === classes.join()) return;
    built = classes.join();
    chips = classes.map((name, i) => h("button.chip.class", { type: "button", title: `Only “${name}”`, onclick: () => choose(i) }, h("i"), name));
    replace(legend, chips);
  }

  return {
    element,
    /** {classes, alone, journey, colors, most: the largest perplexity, frameProblem} */
    show({ classes, alone, journey, colors, frameProblem }) {
      build(classes);
      method.set(state.method);
      axes.set(state.axes);
      axes.element.classList.toggle("hidden", state.method !== "pca");
      perplexity.element.classList.toggle("hidden", state.method !== "tsne");
      if (frameProblem) axes.disable(frameProblem);
      else axes.enable();
      chips.forEach((chip, i) => {
        chip.setAttribute("aria-pressed", alone === i);
        chip.firstChild.style.background = colors.classes[i];
      });
      const { collected } = journey;
      setText(play, collected ? `Stop (${collected.done} of ${collected.total} moments here)` : journey.on ? "Stop" : "Play from step 0");
    },
  };
}
