// Denoise: pictures damaged, covered and restored by the network of the moment on screen, in decibels.

import { h, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { latentsOf } from "../lib/latents.js";
import { mount } from "../lib/mount.js";
import { buildAnswers } from "./answers.js";
import { buildCurves } from "./curves.js";
import { buildMore } from "./more.js";
import { buildRestoring } from "./restoring.js";
import { KINDS, trainedFor } from "./words.js";

export const styles = ["lib/tiles.css", "lib/job.css"];

const KIND = { name: "kind", kind: "choice", label: "Kind of noise", options: Object.keys(KINDS), labels: Object.values(KINDS), default: "gaussian" };
const NOISE = { name: "noise", kind: "range", label: "Noise", low: 0, high: 1, whole: false, log: false, default: 0.4, unit: "", help: "The spread of what is added, or the share of cells that are hit." };
const LARGE = 32; // numbers of a code that has room for more than a rough picture

export default mount((root, live, ctx) => {
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const how = { kind: "gaussian", amount: 0.4, seed: 1 };
  let moment = null;
  let drawn = null; // the spec of what is on screen
  let begun = false;
  const change = (changes) => { Object.assign(how, changes); happened("denoised"); ctx.redraw(); };
  const kind = knob(KIND, { value: how.kind, onchange: (value) => change({ kind: value }) });
  const noise = knob(NOISE, { value: how.amount, onchange: (value) => change({ amount: value }) });
  const again = h("button", { type: "button", onclick: () => change({ seed: how.seed + 1 }) }, "Resample");
  const problem = h("p.problem.small", { role: "alert" });
  const train = async (changes) => {
    const answer = await live.set({ kind: "denoising", noise_kind: how.kind, noise: how.amount, ...changes }, { quiet: true });
    setText(problem, answer?.kind === "note" ? answer.numbers.text : "");
    if (answer?.kind !== "note") live.play(true);
  };
  const same = h("button", { type: "button", onclick: () => train({}) }, "Train the denoising kind");
  const large = h("button", { type: "button", onclick: () => train({ latent: LARGE }) }, `… with a code of ${LARGE} numbers`);
  const [about, offer] = [h("p"), h("div.row.noise-offer", same, large)];
  const restoring = buildRestoring({ live, ctx, happened });
  const more = buildMore({ live, ctx });
  const curves = buildCurves({ live, ctx });
  const answers = buildAnswers({ live, ctx });
  root.append(h("div.denoise",
    h("p.noise-lead", "A picture is damaged, the network encodes and decodes what is left, and the result is held against the clean picture. PSNR = 10 · log₁₀(1 / MSE), in decibels: 10 dB more is a tenth of the squared error."),
    about, offer, problem,
    h("div.noise-controls", kind.element, noise.element, again),
    restoring.element, more.element, curves.element, answers.element));
  for (const word of ["frame", "state", "runs"]) live.on(word, () => ctx.redraw(), ctx.signal);
  const watching = latentsOf(live).watch(ctx, (next) => { moment = next; ctx.redraw(); });

  ctx.host.dlviz = {
    ask: (command) => live.ask(command, { quiet: true }),
    denoise: () => drawn && { spec: drawn, step: restoring.read()?.step ?? null, how: { ...how }, restoring: restoring.read(), more: more.read(), curves: curves.read(), answers: answers.read() },
  };
  return {
    update: () => ctx.redraw(),
    draw() {
      watching.nudge();
      if (!moment || !live.scene) return;
      const { spec } = moment.scene.numbers;
      if (!begun) { // the noise of the spec, once; then it is the reader's
        begun = true;
        Object.assign(how, { kind: spec.noise_kind, amount: spec.noise });
      }
      kind.set(how.kind);
      noise.set(how.amount);
      setText(about, trainedFor(spec));
      offer.classList.toggle("hidden", spec.kind === "denoising" && spec.latent >= LARGE);
      same.classList.toggle("hidden", spec.kind === "denoising");
      large.classList.toggle("hidden", spec.latent >= LARGE);
      setText(large, spec.kind === "denoising" ? `Train with a code of ${LARGE} numbers` : `… with a code of ${LARGE} numbers`);
      restoring.draw(moment, { ...how }, moment.label);
      more.draw(moment, { ...how });
      curves.draw(how.kind, spec, moment.step);
      answers.draw(moment, moment.label);
      drawn = spec;
    },
  };
});
