// Interpolate: from one picture to another through the code and through the pixels, and arithmetic among codes.

import { h, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { priorCode } from "../lib/latentpath.js";
import { latentsOf } from "../lib/latents.js";
import { mount } from "../lib/mount.js";
import { buildAttributes } from "./attributes.js";
import { buildEnds } from "./ends.js";
import { exposeForTests } from "./exposing.js";
import { buildField } from "./field.js";
import { Inputs } from "./inputs.js";
import { buildPlayer } from "./player.js";
import { buildStrip } from "./strip.js";
import { buildSums } from "./sums.js";
import { walk } from "./walk.js";
import { aboutWay, comparison, evenly } from "./words.js";

export const styles = ["lib/picker.css", "lib/player.css"];

const STEPS = { name: "ip_steps", kind: "range", label: "Pictures", low: 5, high: 15, whole: true, default: 9, help: "How many pictures the strip has, its two ends among them." };
const WAY = { name: "ip_way", kind: "choice", label: "Way", options: ["linear", "spherical"], labels: ["Linear", "Spherical"], default: "linear", help: "Linear: z = (1 − t) a + t b. Spherical (slerp): the direction turns evenly and |z| goes evenly from |a| to |b|, so that the way does not fall towards the origin." };

export default mount((root, live, ctx) => {
  const state = { ends: null, held: 0, steps: STEPS.default, way: WAY.default, told: null };
  let [moment, read, found, madeOf, shown, data, classifierOf] = [null, null, null, null, null, null, null];
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const change = (changes) => { Object.assign(state, changes); found = null; happened("interpolated"); ctx.redraw(); };
  const hold = (k) => { state.held = k; ctx.redraw(); };
  const put = (k, end) => change({ ends: state.ends.with(k, end) });
  const inputs = new Inputs(live, () => { found = null; ctx.redraw(); });

  const ends = buildEnds({ live, ctx, onhold: hold, onpick: (index) => put(state.held, { index, z: null }), onact: act });
  const field = buildField({ onmove: (k, z) => put(k, { index: null, z }), onhold: hold });
  const player = buildPlayer({ ctx, onmove: () => ctx.redraw(), onplay: () => happened("interpolated") });
  const strip = buildStrip({ onpick: (i) => { player.start(false); player.set(i / (state.steps - 1)); ctx.redraw(); } });
  const sums = buildSums({ live, ctx, inputs, happened: () => happened("calculated") });
  const attributes = buildAttributes({ ctx, happened: () => happened("calculated") });
  const steps = knob(STEPS, { onchange: (value) => change({ steps: value }) });
  const way = knob(WAY, { onchange: (value) => { change({ way: value }); if (value === "spherical") happened("slerped"); } });
  const told = h("select", { id: "ip-told", onchange: () => change({ told: told.value === "" ? null : Number(told.value) }) });
  const telling = h("div.knob.hidden", h("div.knob-head.label", h("label", { for: "ip-told" }, "Class the decoder is told")), h("span.menu", told));
  const [waiting, problem] = [h("p.muted", "The weights of this network are on their way …"), h("p.ip-problem.small", { role: "alert" })];
  const [sentence, about, even, shapes] = [h("p.ip-sentence.value", { "aria-live": "polite" }), h("p.value.ip-text"), h("p.value.ip-text"), h("p.small.muted.value")];
  const body = h("div.ip-body.hidden",
    h("div.ip-top", h("section.ip-choose", { "aria-label": "The two ends" }, h("h3", "From A to B"), ends.element, h("div.ip-controls", way.element, steps.element, telling)),
      h("section", { "aria-label": "The plane of codes" }, h("h3", "The way among the codes"), field.element),
      h("section", { "aria-label": "One place on the way" }, h("h3", "One place on the way"), player.element)),
    sentence, strip.element, h("div.ip-notes", about, even), shapes, sums.element, attributes.element);
  root.append(h("div.interpolate", h("p.lead", "Between two pictures there are two ways. The upper row walks among the codes and decodes every place of the way; the lower row mixes the pixels. A good code has a picture at every place between; a mixture of pixels is two pictures at once."), waiting, problem, body));

  function act(name) {
    const labels = live.scene?.arrays.labels.data;
    if (!labels || !moment) return;
    if (name === "swap") change({ ends: [state.ends[1], state.ends[0]] });
    if (name === "another") {
      const a = Math.floor(Math.random() * labels.length);
      const others = [...labels.keys()].filter((i) => i !== a && (labels[i] !== labels[a] || live.scene.numbers.classes.length === 1));
      const b = others[Math.floor(Math.random() * others.length)] ?? a;
      change({ ends: [{ index: a, z: null }, { index: b, z: null }] });
    }
    if (name === "prior") change({ ends: [0, 1].map(() => ({ index: null, z: priorCode(moment.network.latent) })) });
  }

  const watching = latentsOf(live).watch(ctx, (next) => { moment = next; found = null; ctx.redraw(); });
  for (const kind of ["frame", "scene"]) live.on(kind, () => ctx.redraw(), ctx.signal);

  // Other pictures, or a code of another size: begin with two test pictures of different classes.
  function settle(scene) {
    if (inputs.of(scene)) {
      data = null;
      sums.forget();
      attributes.forget();
    }
    const { latent } = scene.numbers.spec;
    const labels = scene.arrays.labels.data;
    const fits = data && state.ends?.every(({ z }) => z === null || z.length === latent);
    if (!fits) {
      const other = labels.findIndex((label) => label !== labels[0]);
      Object.assign(state, { ends: [{ index: 0, z: null }, { index: other < 0 ? Math.min(1, labels.length - 1) : other, z: null }], held: 0, told: null });
      data = inputs.key;
      found = null;
    }
    const { classes } = scene.numbers;
    telling.classList.toggle("hidden", !scene.numbers.told);
    if (told.dataset.of !== classes.join()) {
      told.dataset.of = classes.join();
      told.replaceChildren(h("option", { value: "" }, "that of A"), ...classes.map((name, k) => h("option", { value: k }, name)));
    }
    told.value = state.told === null ? "" : String(state.told);
  }

  function classifier(scene) {
    const { dataset } = scene.numbers.spec;
    if (classifierOf === dataset) return;
    [classifierOf, read] = [dataset, null];
    latentsOf(live).classifier().then((reader) => {
      if (classifierOf !== dataset || ctx.signal.aborted) return;
      [read, found] = [reader, null];
      ctx.redraw();
    });
  }

  /** The ends with their codes; null until their pictures are here. */
  function coded() {
    const places = state.ends.map(({ index }) => index).filter((index) => index !== null);
    if (places.length && !inputs.need(places[0], places.at(-1))) return null;
    return state.ends.map(({ index, z }) => {
      if (index === null) return { index, z, pixels: null, truth: null };
      const { pixels, truth } = inputs.get(index);
      return { index, pixels, truth, z: moment.network.encode(pixels, truth).mean };
    });
  }

  function compute() {
    const both = coded();
    if (!both) return false;
    const label = state.told ?? both[0].truth ?? 0;
    found = walk({ network: moment.network, read, ends: both, steps: state.steps, way: state.way, told: label });
    madeOf = both.map((end, k) => ({ ...end, shown: end.pixels ?? found.strip[k * (state.steps - 1)] }));
    return true;
  }

  function draw() {
    watching.nudge();
    const { scene, frame } = live;
    if (!scene || !frame || !moment || moment.scene !== scene) return;
    settle(scene);
    classifier(scene);
    setText(problem, inputs.problem);
    if (!found && !compute()) {
      if (madeOf) ends.show({ ends: madeOf, held: state.held, scene });
      return;
    }
    waiting.classList.add("hidden");
    body.classList.remove("hidden");
    const { classes, shape, spec, variational } = scene.numbers;
    const { colors } = ctx;
    ends.show({ ends: madeOf, held: state.held, scene });
    field.show({ frame, labels: scene.arrays.labels.data, isSorted: classes.length > 1, latent: spec.latent, ends: madeOf, held: state.held, found, t: player.t, colors, redraw: ctx.redraw });
    const here = found.at(player.t);
    player.show(here, { shape, classes, count: state.steps });
    strip.show(found, { shape, classes, colors, t: player.t, typical: variational ? Math.sqrt(spec.latent) : null });
    setText(sentence, comparison(found, classes));
    setText(about, aboutWay(found, state.way, spec.latent, variational));
    setText(even, read ? evenly(found) : "");
    setText(shapes, `Codes ${state.steps} × ${spec.latent}, pictures ${state.steps} × ${shape.join(" × ")}; step ${moment.step} of training${read ? `; read by a small classifier that learned from the ${spec.dataset === "sprites" ? "same kind of sprites" : "pictures trained on here"}` : ""}.`);
    sums.show({ scene, frame, moment, read, told: state.told });
    const [first] = sums.places();
    attributes.show({ scene, frame, moment, read, input: inputs.get(first), told: 0 });
    shown = { state: { ...state, ends: madeOf }, found, here, t: player.t, playing: player.playing, step: moment.step, sentence: sentence.textContent, about: about.textContent, even: even.textContent };
  }

  exposeForTests(ctx.host, { shown: () => shown, strip, field, sums, attributes });
  return { draw, update: () => ctx.redraw() };
});
