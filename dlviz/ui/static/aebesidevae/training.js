// What is to be trained, the training itself, and the races that were run: one for each choice, so that none is lost.

import { count, h, number, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";
import { Race } from "./race.js";

// What both have from the run of the page (training.py names the same).
const SHARED = ["dataset", "examples", "leave_out", "network", "hidden", "channels", "activation", "likelihood", "batch_size", "optimizer", "learning_rate", "seed"];
const LATENT = { name: "latent", kind: "choice", label: "Numbers in a code", options: ["2", "4", "8", "16", "32"], labels: ["2", "4", "8", "16", "32"], default: "2", help: "Two make a plane that one sees whole. Of more, a plane through their mean is shown, along the two directions in which the codes spread most." };
const BETA = { name: "beta", kind: "range", label: "β", low: 0, high: 100, log: true, default: 1, help: "What a nat of KL divergence costs the VAE beside a nat of reconstruction. 0 takes the pressure from its codes." };
const STEPS = { name: "steps", kind: "range", label: "Training", unit: "steps", low: 20, high: 5000, whole: true, log: true, default: 2000, help: "Steps of the optimizer for each of the two, on the same batches." };

/** `{element, race, running, nudge(), choose(changes)}`; `onrace(isNew)` when there is another race or another moment of it. */
export function buildTraining({ live, ctx, onrace, happened }) {
  const wanted = { latent: 2, beta: 1, steps: 2000 };
  const races = new Map(); // key of the choice → Race
  let asked = "";
  let last = null; // the race shown
  let begun = null; // the race under way, shown from its first moment on
  const latent = knob(LATENT, { onchange: (value) => choose({ latent: Number(value) }) });
  const beta = knob(BETA, { onchange: (value) => choose({ beta: value }) });
  const steps = knob(STEPS, { onchange: (value) => { wanted.steps = value; } });
  const knobs = [latent, beta, steps];
  const about = h("p.small.muted");
  const problem = h("p.problem.small", { role: "alert" });
  const settings = () => {
    const { spec } = live.scene.numbers;
    const key = JSON.stringify([SHARED.map((name) => spec[name]), wanted.latent, wanted.beta]);
    return { ...wanted, key, seed: spec.seed };
  };
  const job = buildJob({
    live, ctx, label: "Train both", again: "Train again",
    command: () => ({ do: "probe", panel: "beside", options: { latent: begun.settings.latent, beta: begun.settings.beta, steps: begun.settings.steps } }),
    onbegin() {
      begun = new Race(settings());
      hold(true);
    },
    took(answer) {
      const isFirst = !begun.moments.length;
      if (!begun.take(answer)) return;
      races.set(begun.settings.key, begun);
      if (begun.isDone) happened("beside_trained");
      onrace(isFirst);
    },
  });
  job.element.querySelector("button").classList.add("primary");
  const element = h("div.training", h("div.knobs", knobs.map((each) => each.element)), job.element, about, problem);

  function choose(changes) {
    Object.assign(wanted, changes);
    if (changes.latent) latent.set(String(changes.latent));
    onrace(true);
  }

  // While they train, the choice is theirs.
  function hold(on) {
    for (const each of knobs) {
      if (on) each.disable("");
      else each.enable();
    }
  }

  async function ask() {
    const now = settings();
    if (races.has(now.key) || asked === now.key || job.running || !ctx.visible) return;
    asked = now.key;
    // What ships with dlviz comes moment by moment, as a training does; anything else is one moment, before training.
    const race = new Race({ ...now, steps: 0 });
    const answer = await live.ask({ do: "probe", panel: "beside", options: { latent: now.latent, beta: now.beta } }, { quiet: true, signal: ctx.signal, progress: (message) => race.take(message) });
    if (ctx.signal.aborted) return;
    setText(problem, answer.kind === "note" ? answer.numbers.text : "");
    if (asked === now.key && answer.kind === "reply") asked = "";
    if (answer.kind !== "reply" || races.has(now.key)) return;
    race.take(answer);
    race.settings.steps = race.steps.at(-1);
    race.isKept = race.isTrained;
    races.set(now.key, race);
    onrace(true);
  }

  function shown() {
    last = (live.scene && races.get(settings().key)) ?? last;
    return last;
  }

  function nudge() {
    if (!live.scene) return;
    if (!job.running) hold(false);
    const race = shown();
    const { hidden, channels, network } = live.scene.numbers.spec;
    const layers = network === "dense" ? (hidden.length ? `hidden layers of ${hidden.join(" and ")}` : "no hidden layer") : `convolutions of ${channels.join(" and ")} maps`;
    const how = `Pictures, layers (${layers}), learning rate and seed are those of the run above, which stays as it is. At some moments on the way both are measured and kept.`;
    setText(about, race?.isKept ? `What you see was trained beforehand, for ${count(race.settings.steps)} steps with seed ${race.settings.seed} and β ${number(race.settings.beta)}. Train both to watch it happen, or with settings of your own. ${how}` : how);
    ask();
  }

  return {
    element, nudge, choose,
    get running() { return job.running; },
    /** The race of the choice; while another is on its way, the one before. */
    get race() { return shown(); },
  };
}
