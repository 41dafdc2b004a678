// Two answers: half of the picture hidden, what could be there, and why a squared error is answered by a blur.

import { h, number, replace, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { paintPixels } from "../lib/pixels.js";
import { reconstruct } from "../lib/reconstruction.js";

const SIDE = { name: "hide", kind: "choice", label: "Hide the half", options: ["left", "right", "top", "bottom"], default: "right" };

export function buildAnswers({ live, ctx }) {
  let [side, asking, found, shown] = ["right", "", null, null];
  const control = knob(SIDE, { value: side, onchange: (value) => { side = value; ctx.redraw(); } });
  const problem = h("p.problem.small", { role: "alert" });
  const [sentence, about] = [h("p.noise-verdict.value"), h("p.small.muted.value")];
  const tile = (name) => {
    const canvas = h("canvas", { width: 1, height: 1, "aria-hidden": "true" });
    const value = h("b.value");
    return { canvas, value, element: h("figure.noise-answer", { role: "img" }, h("figcaption.label", name), h("div.tile", canvas), value), name };
  };
  const own = { seen: tile("What is seen"), network: tile("Network"), mean: tile("Mean of the eight"), true: tile("True picture") };
  const others = h("div.noise-answers");
  const element = h("section.noise-part", { "aria-label": "Two answers" }, h("h3", "Where two answers are possible"),
    h("p.muted", "Half of the picture is hidden (put to black). Several pictures go on from the other half; nobody can know which is meant. Under each: the mean squared error in the hidden half, if that picture were always the answer while any of the eight may be right."),
    control.element, problem, h("div.noise-answers", Object.values(own).map((each) => each.element), h("div.stack.noise-beside", sentence, about)),
    h("p.label", "Eight pictures that the network was trained on, whose other half is nearest to the one that is seen"), others);
  let cards = [];

  async function ask(key, hide) {
    asking = key;
    const answer = await live.ask({ do: "probe", panel: "denoise", options: { hide, count: 1, noise: 0, parameters: false } }, { quiet: true, progress: () => {} });
    if (ctx.signal.aborted) return;
    setText(problem, answer.kind === "reply" ? "" : answer.numbers.text);
    if (answer.kind === "reply" && key === asking) found = { key, hide, pictures: split(answer.arrays.alternatives), hidden: answer.arrays.hidden.data };
    ctx.redraw();
  }

  function draw(moment, label) {
    const { spec, shape } = moment.scene.numbers;
    const key = JSON.stringify([spec.dataset, spec.leave_out, spec.examples, spec.picture, spec.own_pixels, side]);
    if (asking !== key) ask(key, side);
    element.setAttribute("aria-busy", String(found?.key !== key));
    if (found?.key !== key || (shown?.moment === moment && shown.found === found && shown.colors === ctx.colors)) return;
    const { pixels, network } = moment;
    const { hidden, pictures } = found;
    const inside = [...pixels.keys()].filter((i) => hidden[i % hidden.length]);
    const given = pixels.map((value, i) => (hidden[i % hidden.length] ? 0 : value));
    const answer = reconstruct(network, spec, pixels, label, given).picture;
    const mean = pixels.map((_, i) => pictures.reduce((sum, each) => sum + each[i], 0) / pictures.length);
    const between = (a, b) => inside.reduce((sum, i) => sum + (a[i] - b[i]) ** 2, 0) / inside.length;
    const off = (guess) => pictures.reduce((sum, each) => sum + between(guess, each), 0) / pictures.length;
    const values = { network: off(answer), mean: off(mean), each: pictures.map(off), toMean: between(answer, mean), toNearest: Math.min(...pictures.map((each) => between(answer, each))) };
    shown = { moment, found, colors: ctx.colors, values, answer, mean, side: found.hide };
    const show = (one, picture, value) => {
      paintPixels(one.canvas, picture, shape);
      setText(one.value, value === null ? "" : steady(value, 4));
      one.element.setAttribute("aria-label", value === null ? one.name : `${one.name}: ${steady(value, 4)}`);
    };
    show(own.seen, given, null);
    show(own.network, answer, values.network);
    show(own.mean, mean, values.mean);
    show(own.true, pixels, null);
    if (cards.length !== pictures.length) {
      cards = pictures.map((_, k) => tile(`${k + 1}`));
      replace(others, cards.map((card) => card.element));
    }
    pictures.forEach((each, k) => show(cards[k], each, values.each[k]));
    const best = Math.min(...values.each);
    const nearer = values.toMean < values.toNearest;
    setText(sentence, `Always answering the mean is off by ${steady(values.mean, 4)}, always answering the best single one by ${steady(best, 4)}: ${best > values.mean ? `${number(best / values.mean, 2)} times as much. A squared error is least at the mean, and the mean of sharp pictures that differ is a blur.` : "the pictures hardly differ here, and so nothing is blurred."}`);
    setText(about, `The network's answer lies ${nearer ? "nearer to the mean" : "nearer to one of the eight"} (${steady(values.toMean, 4)} from the mean, ${steady(values.toNearest, 4)} from the nearest of them, in the hidden half)${spec.kind === "denoising" && spec.noise_kind === "masking" ? "" : "; it has not been trained on hidden parts, so it takes the black for a part of the picture"}.`);
  }

  return { element, draw, read: () => shown && { step: shown.moment.step, side: shown.side, busy: element.getAttribute("aria-busy") === "true", values: shown.values, answer: [...shown.answer], sentence: sentence.textContent } };
}

function split({ data, shape: [count, ...rest] }) {
  const size = rest.reduce((a, b) => a * b);
  return Array.from({ length: count }, (_, k) => data.subarray(k * size, (k + 1) * size));
}
