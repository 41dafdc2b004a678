// The sequence on the screen: point at a token, and those before it are coloured by what they mean for the answer there.

import { curveChart } from "../lib/curve.js";
import { h, number, percent, setText } from "../lib/dom.js";
import { stepsOf } from "../lib/steps.js";
import { Tokens, written } from "../lib/tokens.js";
import { Asker } from "./asking.js";
import { buildMatrix } from "./matrix.js";
import { answerAt, byDistance, DECADES, decayWords, largestOf, readNorms, shade } from "./norms.js";

const stepsWords = (n) => `${number(n)} ${n === 1 ? "step" : "steps"}`;
const NAMED = 24; // words that have room for their numbers
const EXAMPLES = [1, 10, 50, 100]; // steps back that the sentence names

/** `draw()` paints; `reply()` is the newest whole answer, with the spectrum; `read()` tells tests what is shown. */
export function buildSequence({ live, ctx }) {
  const steps = stepsOf({ live, ctx });
  let pointed = null; // the token under the pointer, also while another one is pinned
  let picked = null; // a translator's answer that is looked at
  let whole = null; // {reply, found, key}
  let shown = null; // {found, key}, perhaps not all rows yet
  let tokensOf = ""; // which sequence the boxes show
  let state = null;

  const read = new Tokens({
    label: "What is read, coloured by the gradient", colors: () => ctx.colors,
    onhover: (at) => { pointed = at; steps.hover(at); ctx.redraw(); }, onpick: (at) => steps.pick(at),
  });
  const said = new Tokens({
    label: "What is written: choose an answer", colors: () => ctx.colors,
    onhover: (at) => { if (at !== null) picked = at; ctx.redraw(); }, onpick: (at) => { picked = at; ctx.redraw(); },
  });
  const saidRow = h("div.stack.hidden", h("span.label", "What it writes: point at a letter"), said.element);
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const detail = h("p.small.muted.value.detail");
  const [low, high] = [h("span.value"), h("span.value")];
  const scale = h("div.scale.small.muted", h("span", "‖∂z/∂x‖"), low, h("i.ramp", { "aria-hidden": "true" }), high, h("span", "logarithmic"));
  const matrix = buildMatrix({ ctx, onpoint: (answer, step) => pointAt(answer, step), onpick: (answer) => pick(answer) });
  const chart = curveChart({ height: 270, unit: "steps back", redraw: ctx.redraw, label: "Norm of the gradient against distance, logarithmic" });
  const decay = h("p.value.decay");
  const problem = h("p.problem.small", { role: "alert" });
  const element = h("section.part.of-sequence", { "aria-label": "What an answer looks back to" },
    h("h3", "What an answer looks back to"),
    h("p.about", "Point at a token: the others are coloured by how far they would move what is said there. z is the logit of the likeliest answer (or the number answered), x what stands for a token; ‖∂z/∂x‖ is the length of the gradient."),
    saidRow, read.element, scale, sentence, detail, problem,
    h("div.both",
      h("figure", h("figcaption.label", "Every answer (down) and every step read (across)"), matrix.element),
      h("figure", h("figcaption.label", "‖∂z/∂x‖ against the distance between x and z"), chart.element, decay)));
  const asker = new Asker({ live, ctx, key: keyOf, options: () => ({ of: "sequence", parameters: false }), took });

  function keyOf() {
    const { scene, frame } = live;
    return frame ? `${live.shown} ${scene.version} ${frame.step} ${sequenceOf(scene)} ${(live.state.marks ?? []).length}` : null;
  }

  const sequenceOf = ({ arrays, numbers }) => `${numbers.spec.cell} ${numbers.spec.layers} ${numbers.spec.hidden_size} ${[...(arrays.ids ?? arrays.values).data].join()}`;

  function took(answer, key) {
    setText(problem, answer.kind === "note" ? answer.numbers.text : "");
    if (answer.kind === "note") return;
    const found = readNorms(answer);
    const partial = Boolean(answer.numbers.progress);
    const same = shown && shown.sequence === sequenceOf(live.scene);
    // Of the same sequence the picture before stays until the new one is whole: no row flickers.
    if (partial && same && shown.found.answers >= found.answers) return;
    if (!partial) whole = { reply: answer, key };
    shown = { found, key, sequence: sequenceOf(live.scene), partial };
    ctx.redraw();
  }

  function pointAt(answer, step) {
    pointed = step;
    if (answer !== null) choose(answer, false);
    else if (!isDecoder()) steps.hover(null);
    ctx.redraw();
  }

  function pick(answer) {
    choose(answer, true);
    ctx.redraw();
  }

  function choose(answer, pin) {
    if (isDecoder()) picked = answer;
    else if (pin) steps.pick(shown.found.places[answer]);
    else steps.hover(shown.found.places[answer]);
  }

  const isDecoder = () => live.scene.numbers.pattern === "decoder";

  function labels() {
    const { numbers, arrays } = live.scene;
    if (arrays.ids) return [...arrays.ids.data].map((id) => numbers.vocabulary[id]);
    const [count, features] = arrays.values.shape;
    return Array.from({ length: count }, (_, t) => Number(arrays.values.data[t * features].toFixed(2)));
  }

  const answerWords = (found, answer) => {
    const { classes, unit } = live.scene.numbers;
    if (classes.length) return `“${written(classes[found.said[answer]])}”`;
    return `${number(live.frame.arrays.sure?.data[answer])}${unit ? ` ${unit}` : ""}`;
  };

  function sure(answer) {
    const { frame } = live;
    const share = frame.arrays.sure?.data[answer];
    return frame.arrays.said && share !== undefined && whole?.reply.step === frame.step ? ` (${percent(share)})` : "";
  }

  function showTokens() {
    const key = sequenceOf(live.scene);
    const tokens = labels();
    if (tokensOf !== key) {
      read.set({ tokens, values: null, below: null, words: live.scene.numbers.words });
      tokensOf = key;
      picked = null;
    }
    return tokens;
  }

  function showWords(tokens, found, answer) {
    const row = found.row(answer);
    const place = found.places[answer];
    const at = (step) => `“${written(tokens[step])}”`;
    const where = isDecoder() ? `As letter ${answer + 1} it writes` : found.answers === 1 ? "After the whole sequence it says" : `At step ${place + 1}, having read ${at(place)}, it says`;
    let strongest = 0;
    row.forEach((norm, step) => { if (norm > row[strongest]) strongest = step; });
    const behind = place - strongest;
    const far = behind === 0 ? "what it has just read" : `${stepsWords(Math.abs(behind))} ${behind < 0 ? "later" : "back"}`;
    setText(sentence, `${where} ${answerWords(found, answer)}${sure(answer)}. Most of all it depends on ${at(strongest)}, ${far}: ‖∂z/∂x‖ = ${number(row[strongest])}.`);
    const told = EXAMPLES.filter((d) => place - d >= 0 && place - d < row.length).map((d) => `${stepsWords(d)} back: ${number(row[place - d])}`);
    const now = pointed !== null && pointed < row.length && pointed !== place ? `Under the pointer, ${at(pointed)} at step ${pointed + 1}: ${number(row[pointed])}. ` : "";
    setText(detail, `${now}${told.join(", ")}${told.length ? "." : ""}${steps.pinned && !isDecoder() && found.answers > 1 ? " Pinned: press it again to let go." : ""}`);
  }

  function showCurve(found, answer) {
    const { colors } = ctx;
    const own = byDistance(found, answer);
    const series = [{ label: found.answers > 1 ? "this answer" : "the answer", ...own, color: colors.positive, weight: 1.3 }];
    if (found.means && found.answers > 1) {
      const xs = [...found.means.keys()];
      series.unshift({ label: "mean", xs, ys: found.means, color: colors.ink, weight: 2.2 });
    }
    if (found.decay) {
      const xs = [...found.means.keys()].filter((d) => found.answers === 1 || d <= found.means.length / 2);
      series.push({ label: "fit", xs, ys: xs.map((d) => found.start * found.decay ** d), color: colors.muted, weight: 1.6, dash: [5, 4] });
    }
    chart.show({ series, logY: true });
    const words = found.decay ? `${found.answers > 1 ? "On average" : "It is"} ${decayWords(found.decay, found.means.length)}.` : shown.partial ? "" : live.scene.numbers.spec.bidirectional ? "Both directions read: what is far for one is near for the other, so no line is fitted." : "Too short a sequence for a line.";
    setText(decay, words);
  }

  function draw() {
    asker.nudge();
    const tokens = showTokens();
    const fits = shown && shown.sequence === sequenceOf(live.scene) && shown.found.steps === tokens.length;
    element.classList.toggle("waiting", !fits);
    if (!fits) {
      read.set({ values: null, below: null });
      setText(sentence, "Working out the gradients …");
      state = null;
      return;
    }
    const { found } = shown;
    const answer = isDecoder() ? Math.min(picked ?? 0, found.answers - 1) : answerAt(found, steps.at);
    const row = found.row(answer);
    const largest = largestOf(found.answers > 1 ? found.norms : row);
    const shades = [...row].map((norm) => shade(norm, largest));
    read.set({ values: shades, below: live.scene.numbers.words && row.length <= NAMED ? [...row].map((norm) => (norm > 0 ? number(norm, 2) : "0")) : null });
    read.paint();
    if (!isDecoder() && found.answers > 1) read.light(found.places[answer], { pinned: steps.pinned });
    saidRow.classList.toggle("hidden", !isDecoder());
    if (isDecoder()) {
      const { classes } = live.scene.numbers;
      said.set({ tokens: [...found.said].map((k) => classes[k]), words: false });
      said.light(answer, { pinned: true });
    }
    setText(low, `${number(largest / 10 ** DECADES)} or less`);
    setText(high, number(largest));
    ramp(scale, ctx.colors);
    showWords(tokens, found, answer);
    matrix.element.parentElement.classList.toggle("hidden", found.answers === 1);
    if (found.answers > 1) matrix.draw(found, { answer, step: pointed, largest });
    showCurve(found, answer);
    chart.draw(ctx.colors);
    state = { answer, row: [...row], shades, decay: found.decay, start: found.start, means: found.means && [...found.means], step: whole?.reply.step, whole: !shown.partial, key: whole?.key, sentence: sentence.textContent, detail: detail.textContent, decayWords: decay.textContent };
  }

  return { element, draw, reply: () => (shown && !shown.partial ? whole?.reply : null) ?? null, read: () => ({ sequence: state }) };
}

/** Paint the ramp of a colour scale from the theme. */
export function ramp(scale, colors) {
  const stops = Array.from({ length: 9 }, (_, k) => `rgb(${colors.sequential(k / 8).join(" ")})`);
  scale.querySelector(".ramp").style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  return scale;
}
