// One neuron: two weights and a bias as a line to drag, the activation curve under it, and how the
// perceptron and gradient descent move it, one correction at a time. All of it happens in the browser.

import { h, icon, replace, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { Learner } from "./learner.js";
import { neuronPlane } from "./plane.js";
import { RESPONSES, responseCurve } from "./response.js";
import { logistic, score } from "./rules.js";
import { pointsOf, sets } from "./sets.js";
import { standing, sumLines, updateLines } from "./words.js";

const PARAMETERS = [["w1", "w₁"], ["w2", "w₂"], ["b", "b"]];

const choice = (name, label, options, labels, help = "") =>
  ({ kind: "choice", name, label, options, labels, default: options[0], help });

export default mount((root, live, ctx) => {
  const learner = new Learner(ctx, ctx.redraw);
  let activation = RESPONSES.step, set = "", asked = "", hover = -1, menuOf = "";
  const hovered = (at) => {
    if (at === hover) return;
    hover = at;
    ctx.redraw();
  };
  const plane = neuronPlane({ changed: (neuron) => learner.put(neuron), hovered });
  const response = responseCurve({ hovered });

  const menu = h("div");
  const shape = knob(choice("activation", "Activation", Object.keys(RESPONSES), Object.values(RESPONSES).map((r) => r.label)), {
    onchange: (name) => {
      activation = RESPONSES[name];
      ctx.redraw();
    },
  });
  const numbers = PARAMETERS.map(([name, label]) => knob(
    { kind: "range", name, label, low: -10, high: 10, log: false, whole: false, default: 0 },
    { value: learner.neuron[name], onchange: (value) => learner.put({ ...learner.neuron, [name]: value }) },
  ));
  const rule = knob(choice("rule", "Rule", ["perceptron", "gradient"], ["Perceptron", "Gradient descent"],
    "The perceptron corrects one mistake after the other. Gradient descent lowers the mean logistic loss of all points."), {
    onchange: (name) => {
      learner.forget();
      learner.rule = name;
      ctx.redraw();
    },
  });
  const rate = knob({ kind: "range", name: "rate", label: "Learning rate η", low: 0.01, high: 10, log: true, default: 1 }, {
    onchange: (value) => { learner.rate = value; },
  });
  const sum = h("div.math.sum"), update = h("div.math.update"), stand = h("p.standing", { "aria-live": "polite" });
  const step = h("button.primary", { type: "button", onclick: () => { learner.stop(); learner.step(); } });
  const run = h("button", { type: "button", onclick: () => { if (learner.running) learner.stop(); else learner.run(); ctx.redraw(); } });
  const reset = h("button.plain", { type: "button", onclick: () => learner.reset() }, icon("reset", 18), "Reset");
  const body = h("div.neuron",
    h("div.pictures", plane.element, response.element),
    h("div.side",
      h("div.choices", menu, shape.element),
      h("div.numbers", numbers.map(({ element }) => element)),
      h("section", h("h3", "The sum"), sum),
      h("section", h("h3", "Learning"), h("div.choices", rule.element, rate.element),
        h("div.row.actions", step, run, reset), stand, update)));
  root.append(body);

  function choose(name) {
    set = name;
    hover = -1;
    learner.show(pointsOf(name, live?.scene));
    ctx.redraw();
  }

  // The run's own points are offered while it is about classes; another scene brings other points.
  function takeScene() {
    const offered = sets(live?.scene);
    const names = offered.map(([name]) => name);
    if (names.join() !== menuOf) {
      menuOf = names.join();
      const wanted = names.includes(asked) ? asked : names[0];
      const data = knob(choice("points", "Points", names, offered.map(([, label]) => label)), {
        value: wanted,
        onchange: (name) => {
          asked = name;
          choose(name);
        },
      });
      replace(menu, data.element);
      choose(wanted);
    } else if (set === "run") {
      choose("run");
    }
  }

  function draw() {
    const { points, current, running } = learner;
    const neuron = learner.shown;
    const zs = points.map((point) => score(neuron, point));
    const state = { neuron, before: learner.before, points, zs, hover, current, activation };
    plane.draw(state, ctx.colors);
    response.draw(state, ctx.colors);
    PARAMETERS.forEach(([name], k) => numbers[k].set(learner.neuron[name]));
    const shown = points[hover] ?? points[current];
    replace(sum, sumLines(neuron, shown, activation), shown ? null : h("div.muted", "Point at a data point to put its numbers in."));
    replace(update, updateLines(learner.last));
    const { loss } = logistic(learner.neuron, points);
    setText(stand, standing({ ...facts(), rule: learner.rule }, loss));
    const perceptron = learner.rule === "perceptron";
    setText(step, perceptron ? "Next mistake" : "One step");
    step.disabled = perceptron && learner.converged;
    run.disabled = step.disabled;
    replace(run, icon(running ? "pause" : "play", 18), running ? "Stop" : "Run");
    plane.canvas.setAttribute("aria-label", `The plane with ${points.length} points and the line where z is zero. ${stand.textContent}`);
    Object.assign(body.dataset, { ...learner.neuron, updates: learner.updates, mistakes: learner.mistakes, separable: learner.separable, loss });
  }

  const facts = () => ({
    updates: learner.updates, passes: learner.passes, mistakes: learner.mistakes, points: learner.points,
    separable: learner.separable, converged: learner.converged,
  });

  takeScene();
  live?.on("scene", takeScene, ctx.signal);
  return { draw, update: () => ctx.redraw() };
});
