// The gallery: what the same noises become, beside real pictures, with what D says of each; one of them large.

import { h, percent, setText } from "../lib/dom.js";
import { buildMosaic } from "../lib/mosaic.js";
import { buildVerdictLegend, verdictScale } from "../lib/verdicts.js";
import { buildOne } from "./galleryone.js";
import { buildOutputs, inWords } from "./galleryoutputs.js";
import { Readings } from "./galleryreading.js";

const [SIDE, ABREAST] = [8, 10]; // pictures in a row; where they stand by classes, about as many
const SURE = 0.8;

/** How the fakes stand: 8 in a row; of a conditional generator one noise a row and one class a column, a few such side by side. */
export function arrangement(told, classes) {
  if (!told) return { columns: SIDE, group: 0, names: null };
  return { columns: told * Math.max(1, Math.floor(ABREAST / told)), group: told, names: classes };
}

export function buildGallery(area, stage) {
  const { live, ctx } = stage;
  const readings = new Readings({ live, ctx });
  stage.chosen = 0;
  let [hover, shown] = [null, null];
  const point = (of) => (at) => {
    if (hover?.of === of && hover.at === at) return;
    hover = at === null ? null : { of, at };
    ctx.redraw();
  };
  const choose = (at) => {
    stage.chosen = at;
    live.shared.set("happened.gan_sample_chosen", true);
    stage.emit("chosen", at);
    ctx.redraw();
  };
  const mosaic = buildMosaic({ label: "Fakes", onpick: choose, onhover: point("fake") });
  const real = buildMosaic({ label: "Real pictures", onpick: (at) => point("real")(at), onhover: point("real") });
  real.element.style.cursor = "default";
  const titles = [h("h3"), h("h3")];
  const notes = [h("p.small.muted.gallery-note.value"), h("p.small.muted.gallery-note.value")];
  const legend = buildVerdictLegend();
  const digits = h("p.small.muted");
  const sentence = h("p.value.gallery-sentence", { "aria-live": "off" });
  const outputs = buildOutputs();
  const one = buildOne({ live, ctx, readings });
  area.append(h("p.gallery-lead", "G makes these fakes of the same noises at every moment, so what changes is G and not the dice. D sees fakes and real pictures alike; the edge of each is D's verdict. Click a fake, or walk by arrow keys, to see what it is made of and how it came about."),
    h("div.gallery-main",
      h("section.gallery-side", { "aria-label": "Fakes" }, titles[0], mosaic.element, notes[0]),
      h("section.gallery-side", { "aria-label": "Real pictures" }, titles[1], real.element, notes[1]),
      h("section.gallery-said", { "aria-label": "What D says" }, sentence, outputs.element, legend.element, digits)),
    one.element);

  function noteOf(of, scene, frame, scale) {
    const { classes, told } = scene.numbers;
    if (hover?.of !== of) return of === "fake" ? "Point at a fake for its numbers." : "Point at a real picture for its numbers.";
    const { at } = hover;
    if (of === "real") return `Real picture ${at + 1}, a ${classes[scene.arrays.real_labels.data[at]]}: D says ${scale.words(scale.value(frame.arrays.real_logits.data[at]))}`;
    const reading = readings.now?.readings[at];
    const asked = told ? `, asked for ${classes[scene.arrays.shown_labels.data[at]]}` : "";
    return `Fake ${at + 1}${asked}: D says ${scale.words(scale.value(frame.arrays.fake_logits.data[at]))}${reading ? `; read as ${classes[reading.answer]} with ${percent(reading.confidence, 0)}` : ""}`;
  }

  function draw() {
    const { scene } = stage;
    const { frame } = stage;
    if (!scene || scene.numbers.planar || !frame || frame.version !== scene.version || frame.arrays.fake.shape.length !== 4) return;
    const { told, classes, shape, spec } = scene.numbers;
    const { fake, fake_logits: fakes, real_logits: reals } = frame.arrays;
    const { colors } = ctx;
    const count = fake.shape[0];
    if (stage.chosen >= count) stage.chosen = 0;
    readings.follow(scene, frame);
    const scale = verdictScale(spec.loss, reals.data, fakes.data);
    const edges = (logits) => Array.from(logits.data, (value) => colors.diverging(scale.share(value)));
    const read = readings.now?.readings ?? null;
    const form = arrangement(told, classes);
    mosaic.show({ pictures: fake.data, shape, count, ...form, edges: edges(fakes), captions: Array.from({ length: count }, (_, k) => (read ? { text: classes[read[k].answer], strong: read[k].confidence > SURE } : null)), chosen: stage.chosen, colors });
    const truths = scene.arrays.real_labels.data;
    const shownReal = scene.arrays.real.shape[0];
    real.show({ pictures: scene.arrays.real.data, shape, count: shownReal, columns: form.columns, group: form.group, names: null, edges: edges(reals), captions: Array.from({ length: shownReal }, (_, k) => ({ text: classes[truths[k]], strong: false })), chosen: null, colors });
    outputs.show({ scale, real: reals.data, fake: fakes.data, colors });
    setText(titles[0], `Fakes ${count} × ${shape.join(" × ")}`);
    setText(titles[1], `Real ${shownReal} × ${shape.join(" × ")}`);
    setText(notes[0], noteOf("fake", scene, frame, scale));
    setText(notes[1], noteOf("real", scene, frame, scale));
    legend.show(scale, colors);
    setText(digits, readings.reader ? `Under a fake: what a small classifier reads, bold where it is over ${percent(SURE, 0)} sure${told ? "; over a column: what G was told" : ""}. Under a real picture: what it is.` : "The classifier is on its way …");
    setText(sentence, inWords({ scale, real: reals.data, fake: fakes.data, readings: read, classes, asked: told ? scene.arrays.shown_labels.data : null }));
    one.show({ scene, frame, index: stage.chosen, scale, colors });
    shown = { step: frame.step, chosen: stage.chosen, columns: form.columns, count, scale: { low: scale.low, middle: scale.middle, high: scale.high }, fakeLogits: [...fakes.data], realLogits: [...reals.data], readings: read && { step: readings.now.frame.step, ...Object.fromEntries(["answer", "confidence"].map((name) => [name, read.map((each) => each[name])])) }, sentence: sentence.textContent, note: notes[0].textContent };
  }

  return {
    draw,
    read: () => shown && { ...shown, outputs: outputs.read(), one: one.read(), then: one.thenPixels(0), tile: mosaic.read(shown.chosen), middles: [0, Math.floor(shown.count / 2)].map((k) => mosaic.middle(k)) },
    pixels: (k) => mosaic.read(k),
  };
}
