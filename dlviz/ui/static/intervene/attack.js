// Noise that misleads: FGSM against random signs. ε is scrubbed here; the server computed 61 values of it beforehand.

import { h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { bytesOf, textOf } from "../lib/pixels.js";
import { Asker } from "./asking.js";
import { LARGEST, LAST, momentOf, readAttack } from "./attacked.js";
import { buildBars } from "./bars.js";
import { buildEpsilonChart } from "./epsilonchart.js";
import { difference, norms } from "./moving.js";
import { buildPane, stretched } from "./panes.js";
import { buildPart } from "./part.js";
import { drawScale } from "./scalebar.js";
import { argmax } from "./stage.js";
import { buildTested } from "./tested.js";
import { answerWords, equation, switchWords } from "./words.js";

const DRAWS = 1000;

export function buildAttack(stage) {
  const { live, ctx } = stage;
  // `index` of the value of ε looked at; or `exact`, which switch; neither before a person has chosen: the first switch.
  const state = { towards: false, draw: 0, index: null, exact: null, found: null, picture: "", sent: "", said: "" };
  const aim = knob({ name: "aim", kind: "choice", label: "Change the picture", options: ["away", "towards"], labels: ["Away from the answer", "Towards a class"],
    help: "Away: every cell moves the way that raises the loss of the answer. Towards: the way that lowers the loss of a class you choose." },
  { value: "away", onchange: (value) => { state.towards = value === "towards"; forget(); asker.nudge(); refresh(); } });
  const target = h("select", { "aria-label": "Class to move towards", onchange: () => stage.choose(Number(target.value)) });
  const slider = h("input", { type: "range", min: 0, max: LAST, step: 1, "aria-label": "ε", oninput: () => pick(slider.valueAsNumber) });
  const value = h("span.big.value");
  const inBytes = h("span.label.value");
  const switches = h("div.row.switches");
  const again = h("button.chip", { type: "button", onclick: () => { state.draw = (state.draw + 1) % DRAWS; asker.nudge(); } }, "Other random signs");
  const put = h("button", { type: "button", onclick: putOnStage }, "Put x′ on the stage");
  const back = h("button.chip", { type: "button", hidden: true, onclick: () => live.set({ own_pixels: "" }, { quiet: true }) }, "Back to the test picture");
  const sent = h("p.small.muted", { role: "status" });
  const panes = Object.fromEntries([["x", "Picture x"], ["noise", "Added"], ["moved", "x′ = x + added"], ["randomNoise", "Random signs"], ["random", "x + random signs"]].map(([name, title]) => [name, buildPane(title)]));
  const [low, high, scale] = [h("span"), h("span"), h("canvas.scale", { role: "img" })];
  const scaleWords = h("span.label");
  const reading = h("p.reading", { role: "status" });
  const lines = h("div.equation.value");
  const chart = buildEpsilonChart({ label: "Probability of every class against ε", height: 270, largest: LARGEST, step: LARGEST / LAST, onpick: pickNear });
  const bars = buildBars(stage, { label: "Probabilities of x and of x′", heads: ["class", "", "x → x′"] });
  const tested = buildTested(stage, { onpick: pickNear, sight: () => part.sight(), say: (words) => part.say(words) });
  const part = buildPart(stage, {
    name: "attack", title: "Add noise that misleads", seen: () => nudge(),
    lead: "The fast gradient sign method (Goodfellow, Shlens and Szegedy 2014) moves every cell by the same small ε, each the way that hurts most. "
      + "The same amount with random signs hardly matters: it is not the size of the noise but its direction.",
  },
  h("div.controls", aim.element, h("span.menu.target", target),
    h("div.knob.epsilon", h("div.knob-head.label", "Each cell moves by ε"), h("div.row", slider, value, inBytes))),
  h("div.row.switching", h("span.label", "The answer switches:"), switches),
  h("div.panes", Object.values(panes).map((pane) => pane.element)),
  h("div.legend.narrow", scaleWords, scale, h("div.ends.value", low, high)),
  h("div.two",
    h("div.side", h("h4", "Where the answer switches"), reading, chart.element, h("p.label", "Drag in the chart to move ε. Dashed: the answer’s class under the random signs.")),
    h("div.side", h("h4", "The answer"), bars.element)),
  h("div.two.even",
    h("div.side", h("h4", "In numbers"), lines, h("div.row", put, back, again), sent),
    tested.element));

  const asker = new Asker({
    stage, panel: "fgsm", long: true, sight: part.sight, took,
    question() {
      if (!stage.scene) return null;
      const options = { draw: state.draw, ...(state.towards ? { target: targeted() } : {}) };
      return { options, about: JSON.stringify([stage.networkKey(), stage.pictureKey(), options]) };
    },
  });

  function nudge() {
    asker.nudge();
    tested.nudge();
  }

  // ---- what is asked

  /** The class to move towards: the one in question, or where that is the answer already, the runner-up. */
  function targeted() {
    const logits = [...live.frame.arrays.logits.data];
    const answer = argmax(logits);
    const chosen = stage.chosen;
    return chosen !== null && chosen !== answer ? chosen : argmax(logits.map((z, k) => (k === answer ? -Infinity : z)));
  }

  function took(answer, { options }) {
    if (answer?.done) state.found = readAttack(answer.arrays, options.target !== undefined);
    // While it trains, the class to move towards may have become the answer meanwhile.
    part.say(stage.moment()?.playing ? "" : asker.problem);
    refresh();
  }

  const now = () => momentOf(state.found, state);

  // ---- what a person does

  function forget() {
    [state.index, state.exact] = [null, null];
  }

  function pick(index) {
    [state.index, state.exact] = [index, null];
    live.shared.set("happened.attacked", true);
    refresh();
  }

  function pickNear(epsilon) {
    pick(Math.round((epsilon / LARGEST) * LAST));
  }

  async function putOnStage() {
    const { x } = now();
    const bytes = bytesOf(x);
    const text = textOf(bytes);
    put.disabled = true;
    state.sent = text;
    const rounded = norms(difference(Float32Array.from(bytes, (byte) => byte / 255), x)).largest;
    const answer = await live.set({ own_pixels: text }, { quiet: true });
    put.disabled = false;
    state.said = answer.kind === "note" ? answer.numbers.text
      : `x′ is on the stage, and this part begins anew from it. A cell is a byte there: rounding moved cells by up to ${number(rounded, 2)}, so that an ε below 0.002 would be lost.`;
    refresh();
  }

  // ---- what is shown

  function refresh() {
    if (!stage.scene || !live.frame) return;
    const { names } = stage;
    follow();
    back.hidden = stage.scene.spec.own_pixels === "";
    setText(sent, state.said);
    target.parentElement.hidden = !state.towards;
    if (state.towards) showTargets();
    const { found } = state;
    const fits = found && found.classes === names.length && found.rows === stage.picture.rows && found.channels === stage.picture.channels;
    if (!fits) {
      tested.show(LARGEST / 3);
      setText(reading, "Computing the gradient …");
      return;
    }
    const at = now();
    tested.show(at.epsilon);
    const [before, answer] = [found.probabilities[0], argmax(found.probabilities[0])];
    slider.value = Math.round((at.epsilon / LARGEST) * LAST);
    slider.style.setProperty("--share", at.epsilon / LARGEST);
    slider.setAttribute("aria-valuetext", `ε = ${number(at.epsilon, 4)}`);
    setText(value, steady(at.epsilon, at.exact === null ? 3 : 5));
    setText(inBytes, `${steady(at.epsilon * 255, 1)} of 255`);
    showPanes(found, at, answer);
    bars.show({ before, after: at.after, truth: stage.truth, focus: stage.focus, change: null });
    const flat = found.gradient.every((each) => each === 0);
    setText(reading, switchWords(stage, { switches: found.switches, answer, label: found.label, towards: found.towards, random: found.randomTurns, flat }));
    replace(switches, found.switches.map((each, i) => h("button.chip", { type: "button", "aria-pressed": at.exact === i, onclick: () => { [state.index, state.exact] = [null, i]; refresh(); } },
      `${names[each.from]} → ${names[each.to]} at ${steady(each.above, 4)}`)), found.switches.length ? null : h("span.small.muted", "none up to 0.3"));
    replace(lines, equation(stage, { epsilon: at.epsilon, label: found.label, towards: found.towards, loss: found.loss, lossAfter: -Math.log(at.after[found.label]), slope: found.gradient.reduce((sum, each, i) => sum + each * (at.x[i] - found.x[i]), 0) }).map((line) => h("div", line)));
    showChart(found, at, answer);
    ctx.redraw();
  }

  /** Another picture: one that came from here begins with no noise, any other where its answer switches. */
  function follow() {
    const key = stage.pictureKey();
    if (state.picture === key) return;
    state.picture = key;
    forget();
    if (state.sent && stage.scene.spec.own_pixels === state.sent) state.index = 0;
    else [state.sent, state.said] = ["", ""];
  }

  function showTargets() {
    const { names, answered } = stage;
    const key = JSON.stringify([names, answered]);
    if (target.dataset.key !== key) {
      target.dataset.key = key;
      replace(target, names.map((name, k) => (k === answered ? null : h("option", { value: k }, name))));
    }
    target.value = targeted();
  }

  function showPanes(found, at, answer) {
    const { names } = stage;
    const shown = (data) => ({ channels: found.channels, rows: found.rows, cols: found.cols, data });
    const [added, addedRandom] = [difference(at.x, found.x), difference(at.random, found.x)];
    const [size, randomSize] = [norms(added), norms(addedRandom)];
    const says = (p) => `${names[argmax(p)]}, ${percent(p[argmax(p)])}`;
    panes.x.picture(shown(found.x));
    panes.x.words(says(found.probabilities[0]), "as it is");
    const times = stretched(at.epsilon);
    panes.noise.title(`Added, ${times || "nothing yet"}`);
    panes.noise.noise(shown(added), at.epsilon);
    panes.noise.words(`L∞ ${steady(size.largest, 3)}`, `L2 ${steady(size.euclid, 2)}`);
    panes.moved.picture(shown(at.x));
    panes.moved.words(says(at.after), "x′, as the network sees it", argmax(at.after) !== answer);
    panes.randomNoise.title(`Random signs, ${times || "nothing yet"}`);
    panes.randomNoise.noise(shown(addedRandom), at.epsilon);
    panes.randomNoise.words(`L∞ ${steady(randomSize.largest, 3)}`, `L2 ${steady(randomSize.euclid, 2)}`);
    panes.random.picture(shown(at.random));
    panes.random.words(says(at.randomAfter), "the same ε, no knowledge", argmax(at.randomAfter) !== answer);
    setText(low, `−${number(at.epsilon)}`);
    setText(high, `+${number(at.epsilon)}`);
    setText(scaleWords, found.channels === 1 ? "What was added" : "What was added, in each of red, green and blue");
    scale.setAttribute("aria-label", `Scale of what was added, from ${low.textContent} to ${high.textContent}`);
  }

  function showChart(found, at, answer) {
    const { colors } = ctx;
    const series = stage.names.map((name, k) => ({
      name, color: colors.classes[k % colors.classes.length], xs: found.epsilons, ys: found.probabilities.map((each) => each[k]),
      weight: k === answer || k === found.label || k === stage.focus ? 2.75 : 1.5,
    }));
    const control = { name: "", color: colors.classes[answer % colors.classes.length], xs: found.epsilons, ys: found.random.map((each) => each[answer]), dash: [5, 4], weight: 1.5 };
    const marks = found.switches.map(({ above, from, to }) => ({ epsilon: above, text: `${stage.names[from]} → ${stage.names[to]}` }));
    chart.show({ series: [control, ...series], marks, cursor: at.epsilon, says: answerWords(stage, found.probabilities[0], at.after, at.epsilon > 0) });
  }

  return {
    element: part.element,
    nudge,
    refresh,
    draw() {
      for (const pane of Object.values(panes)) pane.draw(ctx.colors);
      if (state.found) {
        const grey = (t) => [127.5 + 127.5 * t, 127.5 + 127.5 * t, 127.5 + 127.5 * t];
        drawScale(scale, state.found.channels === 1 ? ctx.colors.diverging : grey, -1);
      }
      chart.draw(ctx.colors);
      tested.draw();
    },
    expose() {
      const { found } = state;
      if (!found) return { busy: true };
      const at = now();
      return {
        busy: asker.busy || !asker.isFresh || tested.busy(), epsilon: at.epsilon, exact: at.exact, x: [...found.x], moved: [...at.x], random: [...at.random],
        before: [...found.probabilities[0]], after: [...at.after], randomAfter: [...at.randomAfter], gradient: [...found.gradient], label: found.label, step: found.step, towards: found.towards,
        switches: found.switches.map(({ above, below, from, to }) => ({ above, below, from, to })), lines: lines.innerText, reading: reading.textContent, sent: sent.textContent,
        tested: tested.expose(),
        panes: Object.fromEntries(Object.entries(panes).map(([name, pane]) => [name, pane.element.innerText])), times: asker.times,
      };
    },
  };
}
