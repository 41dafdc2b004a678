// One noise at every kept moment: what the generator made of it then, what D said of it, and a curve of that.

import { css } from "../lib/color.js";
import { curveChart } from "../lib/curve.js";
import { count as grouped, h, setText } from "../lib/dom.js";
import { paintBytes } from "../lib/album.js";
import { meanOf } from "../lib/verdicts.js";
import { pixelsOf, readOne } from "./galleryreading.js";

const WIDTH = 76; // px of one moment
const MOST = 14;
const GATHERED = 40; // moments fetched at once
const READ_AT_ONCE = 2; // moments that the classifier reads in one frame; the others come in the next

/** Of `moments` by step at most `most`, spread as evenly as they can be on a logarithmic scale, the first and the last among them. */
export function spreadOut(moments, most) {
  if (moments.length <= most) return moments;
  const place = ({ step }) => Math.log1p(step);
  const [from, to] = [place(moments[0]), place(moments.at(-1))];
  const found = new Set([moments[0], moments.at(-1)]);
  for (let i = 1; i < most - 1; i += 1) {
    const wanted = from + ((to - from) * i) / (most - 1);
    found.add(moments.reduce((best, each) => (Math.abs(place(each) - wanted) < Math.abs(place(best) - wanted) ? each : best)));
  }
  return moments.filter((each) => found.has(each));
}

export function buildHistory({ live, ctx, readings }) {
  const strip = h("div.gallery-strip", { role: "group", "aria-label": "The same noise at kept moments" });
  const words = h("p.value.gallery-words");
  const scrub = (step) => {
    live.shared.set("happened.gan_history_scrubbed", true);
    live.scrub(step);
  };
  const chart = curveChart({ height: 190, onpick: scrub, redraw: () => ctx.redraw(), label: "D's output for this noise over training steps" });
  const caption = h("figcaption.label");
  const button = h("button", { type: "button", onclick: gather }, "Fetch more moments");
  const status = h("span.small.muted.value", { "aria-live": "polite" });
  const element = h("section.gallery-history", { "aria-label": "The history of this noise" },
    h("h4", "The same noise over training"), words, strip, h("div.row", button, status), h("figure", caption, chart.element));
  const cards = [];
  const read = new WeakMap(); // fakes of a moment → Map of index → reading
  const means = new WeakMap(); // D's outputs of a moment → {loss, mean} of what they mean
  let [gathering, shown, budget] = [false, null, 0];

  async function gather() {
    gathering = true;
    ctx.redraw();
    await live.gather(GATHERED);
    gathering = false;
    if (ctx.signal.aborted) return;
    live.scrub(live.looking); // back from where the server went to fetch
    live.shared.set("happened.gan_history", true);
    ctx.redraw();
  }

  function readOf({ arrays: { fake } }, index) {
    if (!readings.reader) return null;
    if (!read.has(fake)) read.set(fake, new Map());
    const known = read.get(fake);
    if (!known.has(index) && budget > 0) {
      budget -= 1;
      known.set(index, readOne(readings.reader, pixelsOf(fake, index)));
    }
    return known.get(index) ?? null;
  }

  function card(i) {
    if (!cards[i]) {
      const parts = { canvas: h("canvas.gallery-then", { width: 1, height: 1 }), step: h("span.value"), said: h("span.small.muted.value") };
      parts.button = h("button.plain.gallery-moment", { type: "button", onclick: () => scrub(parts.at) }, parts.canvas, parts.step, parts.said);
      cards[i] = parts;
    }
    return cards[i];
  }

  // Worked out once a moment: there are hundreds of them.
  function meanSaid({ data }, scale, loss) {
    if (means.get(data)?.loss !== loss) means.set(data, { loss, mean: meanOf(Array.from(data, scale.value)) });
    return means.get(data).mean;
  }

  /** Frames kept here with pictures like those of `frame`, and `frame` itself. */
  function momentsLike(frame) {
    const shape = frame.arrays.fake.shape.join();
    const found = live.kept.filter((each) => each.arrays.fake?.shape.join() === shape && each.step !== frame.step);
    found.push(frame);
    return found.sort((a, b) => a.step - b.step);
  }

  function show({ frame, index, classes, loss, scale, colors }) {
    const isPlaying = Boolean(live.state?.playing);
    budget = isPlaying ? 0 : READ_AT_ONCE;
    const moments = momentsLike(frame);
    const most = Math.max(3, Math.min(MOST, Math.floor((strip.clientWidth || 800) / WIDTH)));
    const some = spreadOut(moments, most);
    if (!some.includes(frame)) some.splice(some.findIndex(({ step }) => step > frame.step), 0, frame);
    const [, channels, height, width] = frame.arrays.fake.shape;
    const size = channels * height * width;
    some.forEach((moment, i) => {
      const parts = card(i);
      const { fake, fake_logits: logits } = moment.arrays;
      if (parts.fake !== fake || parts.index !== index) paintBytes(parts.canvas, { pixels: fake.data.subarray(index * size, (index + 1) * size), channels, height, width });
      const reading = readOf(moment, index);
      const said = scale.words(scale.value(logits.data[index]));
      Object.assign(parts, { fake, index, at: moment.step });
      parts.canvas.style.borderColor = css(colors.diverging(scale.share(logits.data[index])));
      setText(parts.step, grouped(moment.step));
      setText(parts.said, `D ${said}${reading ? ` · ${classes[reading.answer]}` : ""}`);
      parts.button.classList.toggle("now", moment.step === frame.step);
      parts.button.setAttribute("aria-label", `Step ${moment.step}: D's output ${said}${reading ? `, read as ${classes[reading.answer]}` : ""}. Scrub there.`);
      if (parts.button.parentElement !== strip) strip.append(parts.button);
    });
    for (let i = some.length; i < cards.length; i += 1) cards[i].button.remove();
    const xs = moments.map(({ step }) => step);
    const of = (name) => moments.map(({ arrays }) => meanSaid(arrays[name], scale, loss));
    const mine = moments.map(({ arrays }) => scale.value(arrays.fake_logits.data[index]));
    chart.show({
      series: [
        { label: "all real", xs, ys: of("real_logits"), color: css(colors.diverging(0.8)), weight: 1.5 },
        { label: "all fakes", xs, ys: of("fake_logits"), color: css(colors.diverging(-0.8)), weight: 1.5 },
        { label: "this noise", xs, ys: mine, color: colors.ink, weight: 2.5 },
      ], marks: [], cursor: frame.step, logY: false, last: Math.max(1, live.newest?.numbers.live_step ?? 1),
    });
    chart.draw(colors);
    setText(caption, `${scale.name}, of what this noise becomes, and the means over all fakes and all real pictures shown, at ${moments.length} kept moments. Click a moment to look at it.`);
    const held = live.moments.filter((step) => !xs.includes(step)).length;
    button.disabled = gathering || isPlaying || !held;
    setText(status, gathering ? "fetching …" : isPlaying ? "more can be fetched when training pauses" : held ? `${held} more moments are kept by the run` : moments.length > 1 ? "all kept moments are here" : "train, and moments gather here by themselves");
    const answers = some.map((moment) => readOf(moment, index));
    if (!isPlaying && readings.reader && answers.includes(null)) ctx.redraw();
    setText(words, said(some, answers, classes));
    shown = { steps: some.map(({ step }) => step), said: some.map(({ arrays }) => scale.value(arrays.fake_logits.data[index])), answers: answers.map((each) => each?.answer ?? null), at: frame.step, curve: { steps: xs, mine }, words: words.textContent };
  }

  return { element, show, read: () => shown, pixels: (i) => [...cards[i].canvas.getContext("2d").getImageData(0, 0, cards[i].canvas.width, cards[i].canvas.height).data].filter((_, k) => k % 4 === 0) };
}

// How often the answer changed, and since when it is what it is now.
function said(moments, answers, classes) {
  if (moments.length < 2) return "So far one moment is kept. As training goes on, one sees what becomes of this noise.";
  if (answers.includes(null)) return `What one noise became at ${moments.length} moments, from step ${grouped(moments[0].step)} to ${grouped(moments.at(-1).step)}.`;
  const changes = answers.filter((each, i) => i && each.answer !== answers[i - 1].answer).length;
  const last = answers.at(-1).answer;
  let since = answers.length - 1;
  while (since > 0 && answers[since - 1].answer === last) since -= 1;
  const change = changes === 0 ? "and never as anything else" : `after ${changes} change${changes === 1 ? "" : "s"} of mind; G is free to give a noise another meaning at any time, since only D judges it`;
  return `In the last of these ${moments.length} moments it is read as ${classes[last]}${changes ? `, as it has been since step ${grouped(moments[since].step)}` : ""}, ${change}.`;
}
