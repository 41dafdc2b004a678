// Compression: how much of a picture survives a code of few numbers, in an autoencoder, in a linear one and in PCA.

import { count, h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { buildChart } from "./chart.js";
import { buildPrincipal } from "./principal.js";
import { METHODS, NAMES, Sweep } from "./sweep.js";
import { buildTiles } from "./tiles.js";

export const styles = ["lib/job.css"];

const STEPS = { name: "steps", kind: "range", label: "Training of each", unit: "steps", low: 20, high: 5000, whole: true, log: true, default: 600, help: "Steps of Adam with 64 pictures, for each of 12 networks: one of the page's layers and one linear, for 6 sizes of the code." };
const USED = ["dataset", "examples", "leave_out", "network", "hidden", "channels", "activation", "seed"]; // what a sweep depends on

export default mount((root, live, ctx) => {
  const state = { chosen: 1, steps: STEPS.default };
  const sweeps = new Map(); // settings → Sweep
  let [asked, begun, job] = ["", "", null];
  const again = () => ctx.redraw();
  const pick = (k) => {
    state.chosen = k;
    again();
  };
  const key = () => JSON.stringify(USED.map((name) => live.scene.numbers.spec[name]));
  const steps = knob(STEPS, { onchange: (value) => { state.steps = value; } });
  job = buildJob({
    live, ctx, label: "Train all sizes", again: "Train again",
    command: () => ({ do: "probe", panel: "compression", options: { steps: state.steps, parameters: false } }),
    onbegin() { begun = key(); },
    took(answer) {
      if (!answer.arrays.sizes) return;
      const sweep = new Sweep(answer);
      sweeps.set(begun, sweep);
      if (sweep.isDone) live.shared.set("happened.compressed", true); // for the story
      again();
    },
  });
  job.element.querySelector("button").classList.add("primary");
  const lead = h("p.lead", "The code is all that is kept of a picture. The fewer numbers it has, the fewer bytes a picture takes and the less of it comes back. An autoencoder may bend its way from code to picture; PCA and a linear autoencoder can only add up fixed pictures.");
  const about = h("p.small.muted");
  const problem = h("p.problem.small", { role: "alert" });
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const chart = buildChart({ redraw: again, onpick: pick });
  const own = h("span");
  const legend = h("div.compression-key.small", METHODS.map((name) => h("span", h("i", { "data-method": name }), NAMES[name])), h("span", h("i.own"), own));
  const table = h("table.compression-numbers.value");
  const bytes = h("p.small.muted.value");
  const tiles = buildTiles({ redraw: again, onpick: pick });
  const inside = buildPrincipal();
  const body = h("div.compression-body.hidden", sentence,
    h("div.compression-main",
      h("figure.stack", h("h4", "Error of test pictures"), h("p.label", "Mean squared error a pixel, logarithmic. Click for a size"), chart.element, legend),
      h("div.stack", h("h4", "What a picture takes, and what it costs"), h("div.compression-frame", table), bytes)),
    h("section.compression-part", { "aria-label": "Pictures" }, h("h3", "The same pictures from ever fewer numbers"), tiles.element),
    inside.element);
  root.append(h("div.compression", lead, h("div.row.compression-knobs", steps.element, job.element), about, problem, body));
  for (const kind of ["scene", "frame", "runs"]) live.on(kind, again, ctx.signal);

  async function ask() {
    const wanted = key();
    if (sweeps.has(wanted) || asked === wanted || job.running || !ctx.visible) return;
    asked = wanted;
    const answer = await live.ask({ do: "probe", panel: "compression", options: { parameters: false } }, { quiet: true, signal: ctx.signal });
    if (ctx.signal.aborted) return;
    setText(problem, answer.kind === "note" ? answer.numbers.text : "");
    if (answer.kind === "reply" && !sweeps.has(wanted)) {
      const sweep = new Sweep(answer);
      sweep.isShipped = sweep.done.some(Boolean);
      sweeps.set(wanted, sweep);
    }
    again();
  }

  /** The network of the page: its size and its error on the test pictures of the frame. */
  function ownNetwork() {
    const { frame, scene } = live;
    const error = frame?.numbers.test_squared_error;
    return Number.isFinite(error) ? { size: scene.numbers.spec.latent, error, step: frame.numbers.measured_at ?? frame.step } : null;
  }

  function verdict(sweep) {
    const k = state.chosen;
    const size = sweep.sizes[k];
    const plural = size > 1 ? "numbers" : "number";
    const pca = sweep.methods.pca;
    const small = `${count(4 * size)} bytes instead of ${count(sweep.rawBytes)}`;
    if (!sweep.has("autoencoder", k)) return `From ${size} ${plural}, ${small}, PCA gives test pictures back with a mean squared error of ${steady(pca.error[k], 4)}: it explains ${percent(pca.explained[k], 0)} of their variance. Train to see what an autoencoder of the same size does.`;
    const { error, explained } = sweep.methods.autoencoder;
    const need = sweep.directionsFor(error[k]);
    const share = 1 - error[k] / pca.error[k];
    const told = Math.abs(share) < 0.02 ? "about as much as PCA" : share > 0 ? `${percent(share, 0)} less than PCA, which needs ${need === null ? "more than 64" : need} numbers for as small an error` : `${percent(-share, 0)} more than PCA`;
    const why = share < -0.02 ? " A bent way is harder to train than a straight one: train for longer, or give it more pictures." : "";
    return `From ${size} ${plural}, ${small}, the autoencoder gives test pictures back with a mean squared error of ${steady(error[k], 4)}, ${told}. It explains ${percent(explained[k], 0)} of their variance, PCA ${percent(pca.explained[k], 0)}.${why}`;
  }

  function drawTable(sweep) {
    const trained = METHODS.filter((name) => sweep.methods[name]);
    const cell = (name, row, k) => (sweep.has(name, k) ? steady(sweep.methods[name][row][k], 4) : "–");
    const main = sweep.methods.autoencoder ? "autoencoder" : "pca";
    replace(table,
      h("thead", h("tr", h("th", "Numbers"), trained.map((name) => h("th", NAMES[name])), h("th", "Bytes at 32 bits"), h("th", "at 8 bits"), h("th", `8-bit error, ${main === "pca" ? "PCA" : "autoencoder"}`))),
      h("tbody", sweep.sizes.map((size, k) => h("tr", { class: k === state.chosen ? "chosen" : "", "data-size": size },
        h("th", h("button.plain", { type: "button", onclick: () => pick(k), "aria-pressed": String(k === state.chosen) }, String(size))),
        trained.map((name) => h("td", { class: best(sweep, k) === name ? "best" : "" }, cell(name, "error", k))),
        h("td", count(4 * size)), h("td", count(size)), h("td", cell(main, "quantized", k))))));
    const shape = sweep.shape.join(" × ");
    const at = sweep.has(main, state.chosen) ? state.chosen : 0;
    const { parameters, quantized, error } = sweep.methods[main];
    const rounded = quantized[at] / error[at] - 1;
    setText(bytes, `A picture is ${shape} = ${count(sweep.rawBytes)} bytes as it is, ${count(sweep.pngBytes)} as a PNG file on average, which loses nothing${sweep.pngBytes > sweep.rawBytes ? " but whose head alone is larger than so small a picture" : ""}. Rounded to one of 256 steps a number, the code takes a quarter of its bytes, and the error of ${main === "pca" ? "PCA" : "the autoencoder"} with ${sweep.sizes[at]} grows by ${percent(Math.max(0, rounded), 2)}. What turns codes back is kept once for all pictures: ${main === "pca" ? "PCA" : "the autoencoder"} with ${sweep.sizes[at]} has ${count(parameters[at])} numbers in all.`);
  }

  function best(sweep, k) {
    return METHODS.filter((name) => sweep.has(name, k)).reduce((least, name) => (sweep.methods[name].error[k] < sweep.methods[least].error[k] ? name : least), "pca");
  }

  function draw() {
    if (!live.scene) return;
    if (job.running) steps.disable("");
    else steps.enable();
    ask();
    const sweep = sweeps.get(key());
    body.classList.toggle("hidden", !sweep);
    const { spec, classes } = live.scene.numbers;
    const layers = spec.network === "dense" ? `dense layers of ${spec.hidden.join(" and ") || "none"}` : `convolutions of ${spec.channels.join(" and ")} maps`;
    const how = `Each autoencoder is plain, trained on squared error with this page's pictures and its ${layers}; the run of this page stays as it is.`;
    setText(about, sweep?.isShipped ? `What you see was trained beforehand, ${count(sweep.steps)} steps for each network. ${how}` : how);
    if (!sweep) return;
    const colors = { ...ctx.colors, autoencoder: ctx.colors.accent, pca: ctx.colors.negative, linear: ctx.colors.positive };
    for (const name of METHODS) root.style.setProperty(`--${name}`, colors[name]);
    setText(sentence, verdict(sweep));
    const mine = ownNetwork();
    setText(own, mine ? `the network of this page: ${mine.size} numbers, ${steady(mine.error, 4)} at step ${count(mine.step)}` : "the network of this page");
    chart.show({ sweep, own: mine, chosen: state.chosen });
    chart.draw(colors);
    const drawn = [sweep, state.chosen];
    if (table.of?.[0] !== sweep || table.of[1] !== state.chosen) {
      const had = table.contains(root.getRootNode().activeElement);
      drawTable(sweep);
      table.of = drawn;
      if (had) table.querySelector("tr.chosen button").focus();
    }
    tiles.show({ sweep, classes, chosen: state.chosen });
    inside.draw({ sweep, chosen: state.chosen }, colors);
  }

  ctx.host.dlviz = {
    compression() {
      const sweep = live.scene && sweeps.get(key());
      if (!sweep || !table.of || table.of[0] !== sweep) return null;
      return {
        sizes: sweep.sizes, chosen: table.of[1], methods: sweep.methods, curve: sweep.curve, share: sweep.share, angles: sweep.angles, steps: sweep.steps, done: sweep.done, isDone: sweep.isDone,
        isShipped: Boolean(sweep.isShipped), running: job.running, rawBytes: sweep.rawBytes, pngBytes: sweep.pngBytes, words: sentence.textContent, shown: tiles.shown, rival: tiles.rival, truth: sweep.truth, own: ownNetwork(),
      };
    },
    middleOf: (k) => chart.middleOf(k),
  };

  return { draw, update: again };
});
