// Activation maximization: the controls, the picture as it rises, its curve, and what was found, side by side.

import { paintBytes } from "../lib/album.js";
import { curveChart } from "../lib/curve.js";
import { h, number, replace, setText, steady } from "../lib/dom.js";
import { bytesOf, textOf } from "../lib/pixels.js";
import { boxOf, frameOf, patchOf } from "./cards.js";
import { buildSliders, COMPARED } from "./sliders.js";
import { buildTarget } from "./target.js";
import { isMap, rowOf, unitName } from "./units.js";
import { answerWords, reachedWords, regularizers } from "./words.js";

const KEPT = 12; // results side by side
const DASHES = [5, 4];

const capital = (text) => text[0].toUpperCase() + text.slice(1);

export function buildClimbing({ live, ctx, look, chosen, structure, stage }) {
  const target = buildTarget({ changed: () => ctx.redraw() });
  const sliders = buildSliders({ first: target.element, changed: () => ctx.redraw() });
  const go = h("button.primary", { type: "button", onclick: () => begin([sliders.settings()]) }, "Climb");
  const stop = h("button", { type: "button", onclick: () => leaving?.abort() }, "Stop");
  const compare = h("button", { type: "button", title: "Without any, with each one alone, and with all four: the same start, the same steps", onclick: () => begin(COMPARED.map((some) => ({ ...sliders.settings(), ...some }))) }, "Compare the regularizers");
  const status = h("p.small.muted", { role: "status" });
  const problem = h("p.problem", { role: "alert", hidden: true });
  const canvas = h("canvas.risen", { role: "img", "aria-label": "No picture yet" });
  const framed = h("div.framed.risen-frame", canvas);
  const seen = h("div.row.risen-seen");
  const chart = curveChart({ height: 210, unit: "step", redraw: ctx.redraw, label: "Activation over the steps of the ascent" });
  const caption = h("figcaption.label");
  const reached = h("p.reading");
  const answer = h("p.small");
  const put = h("button", { type: "button", disabled: true, onclick: () => { if (shown?.whole) stage.own(textOf(bytesOf(shown.picture.data))); } }, "Put it on the stage");
  const gallery = h("div.gallery", { role: "group", "aria-label": "Pictures found so far" });
  const element = h("div.climbing",
    h("div.climb-controls", sliders.element, h("div.row", go, stop, compare), problem, status),
    h("div.climb-field", h("figure.risen-side", framed, seen, put), h("div.climb-found", h("figure", caption, chart.element), reached, answer)),
    gallery);
  let leaving = null; // AbortController of the climb under way
  let shown = null; // the result on the large canvas
  let results = [];
  let painted = null;
  let own = false; // whether a person has begun an ascent; before that one comes by itself, whatever is chosen
  let asked = ""; // what the last one that came by itself was for
  let about = "";

  const describe = () => `${live.shown} ${structure()}`;

  // ---- asking

  function begin(several) {
    own = true;
    climb(several);
  }

  async function climb(several) {
    const controller = new AbortController();
    leaving = controller;
    problem.hidden = true;
    const unit = target.unit(chosen());
    const row = rowOf(live.scene.numbers.rows, unit.row);
    const base = { row: unit.row, channel: unit.channel, measure: isMap(row) ? look.measure : "cell", parameters: false };
    const name = unitName(row, unit.channel, live.scene.numbers.classes);
    const made = describe();
    ctx.redraw();
    for (const [i, settings] of several.entries()) {
      if (controller.signal.aborted) break;
      const of = several.length > 1 ? `Picture ${i + 1} of ${several.length}, ${regularizers(settings)}: ` : "";
      setText(status, `${of}on its way …`);
      const result = { name, settings, measure: base.measure, whole: false, byItself: !own };
      const reply = await live.ask({ do: "probe", panel: "maximizing", options: { ...base, ...settings } }, {
        quiet: true, signal: controller.signal,
        progress: (message) => {
          if (ctx.signal.aborted || made !== describe()) return;
          setText(status, `${of}${message.numbers.progress.text}`);
          if (message.arrays.picture) show(result, message.arrays);
        },
      });
      if (ctx.signal.aborted) return;
      if (made !== describe()) break;
      if (reply.kind === "note") {
        if (reply.numbers.level === "error") {
          problem.hidden = false;
          setText(problem, reply.numbers.text);
        }
        break;
      }
      finish(result, reply.arrays);
    }
    if (leaving === controller) leaving = null;
    setText(status, controller.signal.aborted && own ? "Stopped." : "");
    ctx.redraw();
  }

  function show(result, arrays) {
    shown = Object.assign(result, { picture: arrays.picture, curve: arrays.activation.data });
    ctx.redraw();
  }

  function finish(result, arrays) {
    const one = (name) => arrays[name].data[0];
    const logits = [...arrays.logits.data];
    const exponentials = logits.map((z) => Math.exp(z - Math.max(...logits)));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    Object.assign(result, {
      whole: true, logits, probabilities: exponentials.map((e) => e / sum), reached: one("reached"), testBest: one("test_best"), testIndex: one("test_index"),
      rough: one("roughness"), testRough: one("test_roughness"), stuck: one("stuck"), steps: result.settings.steps, step: one("at_step"),
      box: arrays.place && result.measure === "cell" ? boxOf(arrays.field.data, arrays.place.data[0], arrays.place.data[1]) : null,
    });
    show(result, arrays);
    results = [...results.filter(({ byItself }) => !(byItself && result.byItself)), result].slice(-KEPT);
    showGallery();
  }

  // While nothing trains, and until a person begins an ascent of their own.
  function byItself() {
    if (own || live.state.playing || (live.state.goal ?? null) !== null) return;
    const now = `${describe()} ${live.frame.step} ${JSON.stringify(target.unit(chosen()))} ${look.measure}`;
    if (asked === now) return;
    if (leaving) {
      leaving.abort();
      return;
    }
    asked = now;
    climb([sliders.settings()]);
  }

  // ---- what is shown

  const bytes = ({ data, shape: [channels, height, width] }) => ({ pixels: bytesOf(data), channels, height, width });

  function showGallery() {
    replace(gallery, results.map((result) => {
      const small = h("canvas.thumb", { role: "img", "aria-label": `${result.name} with ${regularizers(result.settings)}` });
      paintBytes(small, bytes(result.picture));
      return h("button.plain.risen-card", { type: "button", "aria-pressed": String(result === shown), onclick: () => { shown = result; showGallery(); ctx.redraw(); } },
        small, h("b", result.name), h("span.label", regularizers(result.settings)), h("span.value", steady(result.reached, 2)), h("span.label.value", `roughness ${steady(result.rough, 3)}`), h("span.label.value", `training step ${number(result.step)}`));
    }));
  }

  function draw() {
    const now = describe();
    if (about !== now) { // another network: what was found belongs to the one before
      if (about) leaving?.abort();
      [about, results, shown, painted, own, asked] = [now, [], null, null, false, ""];
      showGallery();
    }
    const { classes } = live.scene.numbers;
    const busy = leaving !== null;
    [go.disabled, compare.disabled, stop.disabled] = [busy, busy, !busy];
    const { data: logits } = live.frame.arrays.logits;
    target.show(live.scene.numbers.rows, classes, chosen(), logits.indexOf(Math.max(...logits)));
    put.disabled = !shown?.whole;
    element.classList.toggle("empty", !shown);
    byItself();
    if (!shown) {
      setText(reached, busy ? "The first picture is on its way …" : "The first picture comes when the training pauses, or when you press Climb.");
      setText(answer, "");
      return;
    }
    if (painted !== shown.picture) {
      painted = shown.picture;
      paintBytes(canvas, bytes(shown.picture));
      const [, height, width] = shown.picture.shape;
      const wide = !shown.box || (shown.box.bottom - shown.box.top + 1 === height && shown.box.right - shown.box.left + 1 === width);
      replace(framed, canvas, wide ? null : frameOf(shown.box, { height, width }));
      replace(seen, wide ? null : [h("span.label", "What its strongest cell sees"), patchOf(bytes(shown.picture), shown.box, Math.max(shown.box.bottom - shown.box.top, shown.box.right - shown.box.left) + 1)]);
      canvas.setAttribute("aria-label", `The picture found for ${shown.name}`);
    }
    const steps = Array.from(shown.curve, (_, i) => i);
    const series = [{ label: shown.name, color: ctx.colors.ink, xs: steps, ys: shown.curve }];
    if (shown.whole) series.push({ label: "test picture", color: ctx.colors.muted, dash: DASHES, xs: [0, steps.at(-1)], ys: [shown.testBest, shown.testBest] });
    chart.show({ series });
    chart.draw(ctx.colors);
    setText(caption, `Activation over the steps; dashed, the largest of a test picture.${shown.settings.blur > 0 ? " Every fourth step the blur takes some of it back." : ""}`);
    const last = shown.curve.at(-1);
    setText(reached, shown.whole ? `At step ${number(shown.step)} of the training, ${reachedWords(shown)}` : `${capital(shown.name)}: ${steady(last, 2)} after ${number(steps.length - 1)} steps.`);
    setText(answer, shown.whole ? answerWords({ classes, ...shown }) : "");
  }

  function read() {
    return {
      busy: leaving !== null, count: results.length, status: status.textContent, settings: sliders.settings(),
      results: results.map(({ name, settings, reached: value, rough, picture, step }) => ({ name, settings, reached: value, rough, step, picture: [...picture.data] })),
      shown: shown && { name: shown.name, whole: shown.whole, curve: [...shown.curve], picture: [...shown.picture.data], reached: shown.reached, testBest: shown.testBest, probabilities: shown.probabilities, words: reached.textContent, answer: answer.textContent },
    };
  }

  return { element, draw, read };
}
