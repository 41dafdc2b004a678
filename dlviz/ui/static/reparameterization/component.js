// Reparameterization: a code drawn as z = μ + σ ε, with every number of it; the gradient's paths; what happens without them.

import { h, setText, steady } from "../lib/dom.js";
import { latentsOf } from "../lib/latents.js";
import { name } from "../lib/latentslice.js";
import { mount } from "../lib/mount.js";
import { buildPicker } from "../lib/picker.js";
import { buildCut } from "./cut.js";
import { betaAt, decoded, divergence, draws, placed, sigmas } from "./drawing.js";
import { buildEstimates } from "./estimates.js";
import { buildGradient } from "./gradient.js";
import { buildNumbers } from "./numbers.js";
import { buildPictures } from "./pictures.js";
import { buildPlane } from "./plane.js";
import { buildRace } from "./race.js";
import { buildServer } from "./server.js";
import { buildStepper, LAST } from "./stepper.js";

export const styles = ["lib/job.css", "lib/picker.css"];

export default mount((root, live, ctx) => {
  const state = { seed: 1, own: null, stage: LAST, chosen: 0, read: null };
  let [moment, shown] = [null, null];
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const change = (changes) => { Object.assign(state, changes); ctx.redraw(); };
  const take = (epsilon) => { happened("resampled"); change({ own: Float32Array.from(epsilon) }); };
  const epsilonNow = () => state.own ?? draws(state.seed, moment.code.mean.length);
  const move = (at, value) => take(epsilonNow().map((old, i) => (i === at ? value : old)));
  const server = buildServer({ live, ctx });
  const stepper = buildStepper({ ctx, onstep: (stage) => change({ stage }) });
  const numbers = buildNumbers({ redraw: ctx.redraw, onmove: move, onpick: (at) => change({ chosen: at }) });
  const pictures = buildPictures({ ctx, onpick: take });
  const plane = buildPlane({ onmove: take });
  plane.onredraw(ctx.redraw);
  const gradient = buildGradient({ redraw: ctx.redraw, root });
  const cut = buildCut();
  const estimates = buildEstimates({ live, ctx, happened, moment: () => moment, chosen: () => state.chosen });
  const race = buildRace({ live, ctx });
  const picker = buildPicker({ live, ctx, label: "Test pictures", page: 10, onpick: (picture) => live.set({ picture, own_pixels: "" }) });
  const resample = h("button.primary", { type: "button", onclick: () => { happened("resampled"); change({ seed: state.seed + 1, own: null }); } }, "Resample");
  const middle = h("button", { type: "button", onclick: () => take(new Float32Array(moment.code.mean.length)) }, "ε = 0");
  const chance = h("span.small.muted.value");
  const total = h("p.sentence.value", { "aria-live": "polite" });
  const sums = h("p.small.muted.value.reparam-sum");
  const shapes = h("p.small.muted.value");
  const waiting = h("p.muted", "The weights of this network are on their way …");
  const variational = h("button.primary", { type: "button", onclick: () => live.set({ kind: "variational" }) }, "Make it variational");
  const point = h("div.stack.hidden.reparam-point", h("p.sentence"), variational);
  const body = h("div.body.hidden",
    picker.element, shapes, stepper.element, h("div.row.reparam-draw", resample, middle, chance, h("span.small.muted", "Above, where ε falls under N(0, 1); below, where z comes out. Bells are equally tall, their widths to scale.")), numbers.element, total, sums, pictures.element,
    plane.element, gradient.element, cut.element, estimates.element);
  const lead = h("p.lead", "A VAE does not give a picture a place but a cloud, and draws its code z from it. Chance has no derivative, so z is written as μ + σ ε: ε is drawn under a bell that no weight touches, and μ and σ only move and stretch it. Drag ε, or z, and the decoded picture follows.");
  root.append(h("div.reparameterization", lead, waiting, point, body, race.element));

  const watching = latentsOf(live).watch(ctx, (now) => {
    if (now.scene.numbers.spec.dataset !== moment?.scene.numbers.spec.dataset) {
      state.read = null;
      latentsOf(live).classifier().then((read) => change({ read }));
    }
    moment = now;
    ctx.redraw();
  });
  for (const kind of ["scene", "frame"]) live.on(kind, () => ctx.redraw(), ctx.signal);

  function drawNow() {
    const { code: { mean, logVariance } } = moment;
    const sigma = sigmas(logVariance);
    if (state.own?.length !== mean.length) state.own = null;
    state.chosen = Math.min(state.chosen, mean.length - 1);
    const epsilon = epsilonNow();
    const z = placed(mean, sigma, epsilon);
    return { mean, logVariance, sigma, epsilon, z, atMean: decoded(moment, mean), atZ: decoded(moment, z) };
  }

  function showPoint() {
    const { kind } = live.scene.numbers.spec;
    setText(point.firstChild, `A ${kind} autoencoder has no σ: its code is a point, the same for a picture every time, so there is nothing to draw and no trick is needed. The four trainings below do not depend on it.`);
  }

  function showTotals(draw, beta) {
    const kls = Array.from(draw.mean, (value, i) => divergence(value, draw.logVariance[i]));
    const kl = kls.reduce((a, b) => a + b, 0);
    const best = kls.indexOf(Math.max(...kls));
    const counted = draw.atZ.lost + beta * kl;
    setText(total, `The loss counts ${steady(draw.atZ.lost, 2)} nats of reconstruction + β · ${steady(kl, 2)} nats of KL = ${steady(draw.atZ.lost, 2)} + ${steady(beta, 2)} · ${steady(kl, 2)} = ${steady(counted, 2)} for this draw.`);
    const few = kls.length <= 8 ? kls.map((value) => steady(value, 2)).join(" + ") : `${kls.slice(0, 7).map((value) => steady(value, 2)).join(" + ")} + … (${kls.length} numbers)`;
    setText(sums, `KL: ${few} = ${steady(kl, 2)} nats${kls.length > 1 ? `; most of it in ${name(best)}` : ""}. A number with μ = 0 and σ = 1 costs nothing and says nothing.`);
    return { kls, kl, counted };
  }

  function draw() {
    watching.nudge();
    if (!live.scene) return;
    const isPoint = !live.scene.numbers.variational;
    point.classList.toggle("hidden", !isPoint);
    const isHere = !isPoint && moment?.scene.version === live.scene.version && moment.code.logVariance;
    waiting.classList.toggle("hidden", Boolean(isPoint || isHere));
    body.classList.toggle("hidden", !isHere);
    race.draw();
    if (isPoint) showPoint();
    if (!isHere) {
      shown = isPoint ? { point: point.innerText, race: race.read() } : null;
      return;
    }
    root.style.setProperty("--kl", ctx.colors.negative);
    const now = drawNow();
    const { spec, shape, classes, split } = moment.scene.numbers;
    const beta = betaAt(spec, moment.step);
    const labels = live.scene.arrays.labels.data;
    picker.show({ chosen: spec.own_pixels ? -1 : spec.picture % split.test, classes, labels, count: split.test, key: `${spec.dataset} ${spec.leave_out}` });
    setText(shapes, `Picture ${shape.join(" × ")} → μ and log σ², ${spec.latent} numbers each → z, ${spec.latent} → picture ${shape.join(" × ")}${moment.scene.numbers.told ? `, told the class ${classes[moment.label]}` : ""}; step ${moment.step}`);
    stepper.show(state.stage);
    setText(chance, state.own ? "ε set by hand" : `ε from seed ${state.seed}`);
    numbers.show(now, state);
    numbers.draw(ctx.colors);
    const totals = showTotals(now, beta);
    pictures.show(moment, now, { stage: state.stage, seed: state.seed, read: state.read });
    plane.show(moment, now, { seed: state.seed, frame: live.frame });
    plane.draw(ctx.colors);
    const found = server.ask(moment, now.epsilon);
    gradient.show(moment, now, { at: state.chosen, beta, server: found?.arrays ?? null });
    cut.show(moment, found);
    estimates.draw();
    shown = { ...now, ...totals, beta, moment, found };
  }

  ctx.host.dlviz = {
    reparameterization: () => shown && (shown.moment ? {
      step: shown.moment.step, version: shown.moment.scene.version, picture: shown.moment.scene.numbers.spec.picture, label: shown.moment.label, mean: [...shown.mean], logVariance: [...shown.logVariance], sigma: [...shown.sigma], epsilon: [...shown.epsilon], z: [...shown.z],
      atMean: [...shown.atMean.picture], atZ: [...shown.atZ.picture], lost: shown.atZ.lost, lostAtMean: shown.atMean.lost, kls: shown.kls, kl: shown.kl, counted: shown.counted, beta: shown.beta,
      stage: state.stage, chosen: state.chosen, seed: state.seed, own: Boolean(state.own), lines: numbers.texts(), words: total.textContent, gradient: gradient.read(), cut: cut.read(), sheet: pictures.read(), estimates: estimates.read(), race: race.read(),
    } : shown),
    bell: (at, value, low) => numbers.bell(at)?.middle(value, low), place: (z) => plane.middle(z), edge: (key) => gradient.middle(key),
  };
  return { draw, update: () => ctx.redraw() };
});
