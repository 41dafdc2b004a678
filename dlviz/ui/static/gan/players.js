// Both networks opened for one fake of this moment: noise → G → fake, fake or a real example → D → what it says.

import { h, setText } from "../lib/dom.js";
import { buildBack, verdictOf } from "./playerback.js";
import { buildPicking } from "./playerpicking.js";
import { buildLane } from "./playerlane.js";
import { buildSmallPlane } from "./playerplane.js";
import { stationsOf, valuesOf } from "./playerstations.js";
import { buildSums, opened } from "./playersums.js";

const PAUSE = 80; // ms between two drawings of other moments, so that training and the pictures above have their time
const OUTPUT = { key: "discriminator.output", at: 0 };

export function buildPlayers(area, stage) {
  const { live, ctx } = stage;
  const state = { pointed: null, held: null };
  let [drawn, shown, key, plan, drawnAt, timer] = [null, null, null, { rows: null }, -Infinity, 0];
  const redraw = () => ctx.redraw();
  const pointing = {
    onpoint(of, at) {
      const next = at === null ? null : { key: of, at };
      if (JSON.stringify(next) === JSON.stringify(state.pointed)) return;
      state.pointed = next;
      if (next) live.shared.set("happened.player_opened", true);
      redraw();
    },
    onhold(of, at) {
      const isSame = state.held?.key === of && state.held.at === at;
      state.held = isSame ? null : { key: of, at };
      redraw();
    },
    onleave() {
      Object.assign(state, { held: null, pointed: null });
      redraw();
    },
  };
  const picking = buildPicking(stage, redraw);
  const plane = buildSmallPlane();
  const verdict = { big: h("b.big.value"), words: h("p.small") };
  const said = h("div.gp-verdict", { role: "status" }, verdict.big, verdict.words);
  const lanes = {
    generator: buildLane({ name: "Generator", after: h("div.gp-plane-box", plane.canvas, h("span.small.muted", "in the plane")), ...pointing }),
    discriminator: buildLane({ name: "Discriminator", after: said, ...pointing }),
  };
  const both = h("div.gp-lanes", lanes.generator.element, lanes.discriminator.element);
  const sums = buildSums();
  const back = buildBack();
  const waiting = h("p.muted", "The weights of these networks are on their way …");
  const legend = h("p.small.muted.gp-legend", h("i.gp-ramp", { "aria-hidden": "true" }), h("span", "below 0, 0, above 0. Each layer has its own scale, written under it; thin outlines are the inputs that count most for the number that is read."));
  const body = h("div.gp-body.hidden", picking.element, both, legend, h("div.gp-below", sums.element, back.element));
  area.append(h("h3", "Both players, opened"),
    h("p.gp-lead", "The generator is given noise and makes one fake of it. The discriminator is shown that fake, or a real example, and says one number. Every cell is a real number of this moment."), waiting, body);
  const sight = new IntersectionObserver((entries) => {
    const was = state.seen;
    state.seen = entries.at(-1).isIntersecting;
    if (state.seen && !was) redraw();
  }, { rootMargin: "200px" });
  sight.observe(area);
  ctx.signal.addEventListener("abort", () => sight.disconnect());
  stage.on("scene", () => Object.assign(state, { held: null, pointed: null }));

  function compute(moment) {
    const { scene, gan } = moment;
    if (plan.rows !== scene.numbers.rows) plan = { rows: scene.numbers.rows, stations: stationsOf(scene.numbers) };
    const { index, isReal, real } = picking.of(scene);
    const { noise_dimensions: size } = scene.numbers.spec;
    const z = scene.arrays.shown_z.data.subarray(index * size, (index + 1) * size);
    const fakeLabel = scene.arrays.shown_labels.data[index];
    const made = gan.generate(z, fakeLabel);
    const example = isReal ? real.example : made.example;
    const label = isReal ? real.label : fakeLabel;
    const judged = gan.judge(example, label);
    const { values } = valuesOf(plan.stations, { z, example, layers: [...made.layers, ...judged.layers] });
    return { moment, index, isReal, z, fakeLabel, label, fake: made.example, example, logit: judged.logit, values };
  }

  const listOf = (of) => (of.startsWith("discriminator") || of === "shown" ? plan.stations.discriminator : plan.stations.generator);

  function openedNow() {
    for (const place of [state.pointed, state.held, OUTPUT]) {
      const list = place && listOf(place.key);
      const k = list?.findIndex((station) => station.key === place.key) ?? -1;
      if (k < 0 || place.at >= shown.values.get(place.key).length) continue;
      const [station, source] = [list[k], list[k - 1] ?? null];
      const before = source ? shown.values.get(source.key) : null;
      const found = opened(shown.moment.gan, station, { at: place.at, values: shown.values.get(station.key), before, label: station.part === "generator" ? shown.fakeLabel : shown.label });
      const told = found.sum ? found.sum.inputs.length - before.length : 0;
      return { station, source: source && { station: source, told }, found, isHeld: place === state.held };
    }
    return null;
  }

  function draw() {
    const { moment } = stage;
    const isReady = Boolean(moment) && moment.scene.version === stage.scene.version;
    waiting.classList.toggle("hidden", isReady);
    body.classList.toggle("hidden", !isReady);
    if (!isReady || !state.seen) return;
    const fresh = [moment, ...picking.key(moment.scene), state.pointed, state.held, ctx.colors, area.clientWidth];
    if (key?.every((each, i) => each === fresh[i])) return;
    const wait = drawnAt + PAUSE - performance.now();
    if (wait > 0 && live.state?.playing && key?.every((each, i) => i === 0 || each === fresh[i])) {
      clearTimeout(timer);
      timer = setTimeout(redraw, wait);
      return;
    }
    drawnAt = performance.now();
    if (!key || fresh.slice(0, 4).some((each, i) => each !== key[i])) shown = compute(moment);
    key = fresh;
    const { numbers, arrays } = moment.scene;
    const { colors } = ctx;
    both.classList.toggle("wide", numbers.spec.network === "dcgan");
    const open = openedNow();
    const marks = open ? { opened: { [open.station.key]: open.found.at }, lit: open.source ? { [open.source.station.key]: open.found.top.map(({ at }) => at).filter((at) => at < shown.values.get(open.source.station.key).length) } : {} } : {};
    const gradient = back.show({ gan: moment.gan, loss: numbers.spec.loss, example: shown.example, label: shown.label, logit: shown.logit, isReal: shown.isReal, planar: numbers.planar, shape: numbers.shape }, colors);
    picking.show({ ...shown, numbers, step: moment.step });
    const and = (label) => (numbers.told ? ` and class ${numbers.classes[label]}` : "");
    const titles = { noise: `Noise z${and(shown.fakeLabel)}`, shown: `${shown.isReal ? "Real" : "Fake"}${and(shown.label)}, shown to D` };
    const limits = Object.entries(lanes).flatMap(([part, lane]) => lane.show({ stations: plan.stations[part], values: shown.values, planar: numbers.planar, total: numbers.parameters[part], titles, ...marks }, colors));
    plane.canvas.parentElement.classList.toggle("hidden", !numbers.planar);
    if (numbers.planar) plane.draw({ real: arrays.real.data, example: shown.example, gradient: gradient.gradient, isReal: shown.isReal }, colors);
    const says = verdictOf(numbers.spec.loss, shown.logit, shown.isReal);
    setText(verdict.big, says.big);
    setText(verdict.words, says.words);
    sums.show({ station: open.station, source: open.source, found: open.found, values: shown.values.get(open.station.key), numbers, isHeld: open.isHeld });
    drawn = { step: moment.step, version: moment.scene.version, limits, open, gradient, says };
    area.style.setProperty("--gp-above", `rgb(${colors.diverging(0.75).join(" ")})`);
    area.style.setProperty("--gp-below", `rgb(${colors.diverging(-0.75).join(" ")})`);
    area.style.setProperty("--gp-ramp", [-1, -0.5, 0, 0.5, 1].map((t) => `rgb(${colors.diverging(t).join(" ")})`).join(", "));
  }

  return {
    draw,
    read: () => drawn && drawn.version === stage.scene.version && ({
      step: drawn.step, index: shown.index, real: shown.isReal, label: shown.label, z: [...shown.z], fake: [...shown.fake], example: [...shown.example], logit: shown.logit,
      stations: [...plan.stations.generator, ...plan.stations.discriminator].map((station, k) => ({
        key: station.key, last: station.last, shape: station.shape, parameters: station.parameters, values: [...shown.values.get(station.key)], limit: drawn.limits[k].limit, last_place: drawn.limits[k].place(shown.values.get(station.key).length - 1),
      })),
      opened: { station: drawn.open.station.key, at: drawn.open.found.at, held: drawn.open.isHeld, value: drawn.open.found.value, ...plain(drawn.open.found.sum), top: drawn.open.found.top },
      back: { loss: drawn.gradient.loss, pull: drawn.gradient.pull, slope: listed(drawn.gradient.slope), gradient: listed(drawn.gradient.gradient), words: back.words() },
      verdict: `${verdict.big.textContent} ${verdict.words.textContent}`, words: sums.words(), problem: picking.problem(), chosen: picking.words(),
    }),
  };
}

const listed = (values) => values && [...values];
const plain = (sum) => (sum ? { terms: [...sum.terms], bias: sum.bias, sum: sum.sum, normed: sum.normed, computed: sum.value } : { terms: null });
