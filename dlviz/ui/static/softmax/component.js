// Softmax opened: from the logits of the picture to probabilities, loss and gradient, number by number.

import { h, replace, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { crossEntropy, entropyOf, gradientOf, roundLimit, softmaxSteps } from "./arithmetic.js";
import { buildRows } from "./rows.js";
import { entropyWords, equation, gradientWords, lossWords, overflow } from "./words.js";

const CLASS = "cnn.class";
const TEMPERATURE = { name: "temperature", kind: "range", label: "Temperature T", low: 0.1, high: 10, log: true, default: 1, help: "Every logit is divided by T. Below 1 the largest wins more clearly, above 1 all classes come closer." };
const ADDED = { name: "added", kind: "range", label: "Added to every logit, c", low: -150, high: 150, default: 0, help: "The probabilities do not change. What a computer makes of them may." };

export default mount((root, live, ctx) => {
  const state = { temperature: 1, added: 0, moved: new Map(), pointed: null, ownTruth: null };
  const rows = buildRows({ onpoint: point, onchoose: choose, ondrag: drag });
  const temperature = knob(TEMPERATURE, { value: 1, onchange: (value) => { state.temperature = value; happened("temperature"); } });
  const added = knob(ADDED, { value: 0, onchange: (value) => { state.added = value; ctx.redraw(); } });
  const reset = h("button.chip", { type: "button", onclick: () => { state.moved.clear(); ctx.redraw(); } }, "Back to the network's logits");
  const whatIf = h("span.small.value.what-if");
  const lines = h("div.equation.value");
  const plain = h("span.value");
  const safe = h("span.value");
  const why = h("p.small");
  const [entropy, loss, gradient] = [h("p.value"), h("p.value"), h("p.value.small.muted")];
  const card = (title, ...parts) => h("section.part", { "aria-label": title }, h("h4", title), parts);
  root.append(h("div.softmax",
    h("div.bar", temperature.element, h("div.row.state", reset, whatIf)),
    rows.element,
    h("div.parts",
      card("One row as an equation", lines),
      card("How unsure: entropy", entropy),
      card("How wrong: cross-entropy and its gradient", loss, gradient),
      card("Why the largest is taken off first", added.element,
        h("dl.both", h("dt.label", "without"), h("dd", plain), h("dt.label", "with"), h("dd", safe)), why))));

  for (const kind of ["scene", "frame", "state"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  live.on("shared", ({ key }) => { if (key === CLASS) ctx.redraw(); }, ctx.signal);
  let version = null;
  let shown = null;
  ctx.host.dlviz = { softmax: () => shown };

  function happened(word) {
    live.shared.set(`happened.${word}`, true);
    ctx.redraw();
  }

  function point(k) {
    state.pointed = k;
    ctx.redraw();
  }

  // Pressing the class once more gives the choice back to the answer. An own picture gets its label so.
  function choose(k) {
    if (live.scene?.numbers.label === null) state.ownTruth = state.ownTruth === k ? null : k;
    live.shared.set(CLASS, live.shared.get(CLASS) === k ? null : k);
    ctx.redraw();
  }

  function drag(k, z) {
    state.moved.set(k, z);
    state.pointed = k;
    happened("moved_a_logit");
  }

  function begin(scene) {
    const { spec } = scene.numbers;
    const key = `${spec.dataset} ${spec.picture} ${spec.own_pixels}`;
    if (key === version) return;
    version = key; // another picture: what was moved by hand belonged to the one before
    state.moved.clear();
    state.ownTruth = null;
    state.pointed = null;
  }

  function draw() {
    const { scene, frame } = live;
    if (!scene || !frame) return;
    begin(scene);
    for (const sign of ["negative", "positive"]) root.style.setProperty(`--${sign}`, ctx.colors[sign]);
    const { classes: names, label } = scene.numbers;
    const own = [...frame.arrays.logits.data];
    if (own.length !== names.length) return;
    const logits = own.map((z, k) => state.moved.get(k) ?? z);
    const truth = label ?? state.ownTruth;
    const { temperature: t } = state;
    const steps = softmaxSteps(logits, t);
    const answered = steps.probabilities.indexOf(Math.max(...steps.probabilities));
    const focus = state.pointed ?? live.shared.get(CLASS) ?? answered;
    const slope = truth === null ? null : gradientOf(steps.probabilities, truth, t);
    const found = { names, logits, own, steps, truth, gradient: slope, temperature: t, focus, moved: state.moved, limit: roundLimit(own) };
    rows.show(found);
    replace(lines, equation(found, focus).map((line) => h("div", ...line)));
    const unsure = entropyOf(steps.probabilities);
    setText(entropy, entropyWords(unsure, names.length));
    const wrong = truth === null ? null : crossEntropy(steps, truth, t);
    setText(loss, lossWords({ names, truth, probability: truth === null ? null : steps.probabilities[truth], loss: wrong }));
    setText(gradient, gradientWords(found));
    const both = overflow(found, focus, state.added);
    replace(plain, both.plain);
    replace(safe, both.safe);
    plain.classList.toggle("broken", both.broken);
    replace(why, both.words);
    const n = state.moved.size;
    reset.disabled = n === 0;
    setText(whatIf, n ? `What if: ${[...state.moved].map(([k, z]) => `z(${names[k]}) = ${steady(z, 2)} instead of ${steady(own[k], 2)}`).join(", ")}` : "Drag a logit's bar: what if it were another number?");
    whatIf.classList.toggle("on", n > 0);
    shown = { step: frame.step, logits, own, ...steps, entropy: unsure, loss: wrong, gradient: slope, temperature: t, truth, focus, limit: found.limit, added: state.added, inPlain: both.inPlain, inSafe: both.inSafe, broken: both.broken };
  }

  return { draw, update: () => ctx.redraw() };
});
