// What is to be trained, the training itself, and the races that were run: one for each choice, so that none is lost.

import { h, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";
import { Race } from "./race.js";

const TASK = { name: "task", kind: "choice", label: "Task", options: ["digits", "dates"], labels: ["Digit words", "Dates"], default: "digits", help: "Rows of spelled digits to digits, “three one four” to 314; or dates in five forms to one, “5 march 1987” to 1987-03-05." };
const SIZE = { name: "hidden_size", kind: "choice", label: "Numbers in a state", options: ["16", "32", "48", "64", "96"], labels: ["16", "32", "48", "64", "96"], default: "48", help: "The width of the neck: how many numbers a GRU of either network keeps, and so how many the plain decoder gets." };
const SCORE = { name: "score", kind: "choice", label: "Score", options: ["dot", "additive"], labels: ["Dot product", "Additive"], default: "dot", help: "How well two states fit: d · h, as Luong and others have it (2015), or a small network, v · tanh(W d + U h), as Bahdanau and others first did (2015)." };
const STEPS = { name: "steps", kind: "range", label: "Training", unit: "steps", low: 20, high: 3000, whole: true, log: true, default: 600, help: "Steps of Adam with 32 sentences each, for both networks." };

/** `{element, race, running, nudge()}`; `onrace(isNew)` when there is another race or another moment of it. */
export function buildTraining({ live, ctx, onrace, happened }) {
  const wanted = { task: "digits", hiddenSize: 48, score: "dot", steps: 600 };
  const races = new Map(); // key of the choice → Race
  let asked = "";
  let last = null; // the race shown
  let begun = null; // the race under way, shown from its first moment on
  const choose = (changes) => {
    Object.assign(wanted, changes);
    onrace(true);
  };
  const task = knob(TASK, { onchange: (value) => choose({ task: value }) });
  const size = knob(SIZE, { onchange: (value) => choose({ hiddenSize: Number(value) }) });
  const score = knob(SCORE, { onchange: (value) => choose({ score: value }) });
  const steps = knob(STEPS, { onchange: (value) => { wanted.steps = value; } });
  const about = h("p.small.muted");
  const problem = h("p.problem.small", { role: "alert" });
  const seed = () => live.scene.numbers.spec.seed;
  const keyOf = ({ task: what, hiddenSize, score: how }, from) => [what, hiddenSize, how, from].join();
  const optionsOf = ({ task: what, hiddenSize, score: how }) => ({ task: what, hidden_size: hiddenSize, score: how });
  const job = buildJob({
    live, ctx, label: "Train both", again: "Train again",
    command: () => ({ do: "probe", panel: "bottleneck", options: { ...optionsOf(begun.settings), steps: begun.settings.steps } }),
    onbegin() {
      begun = new Race({ ...wanted, seed: seed() });
      hold(true);
    },
    took(answer) {
      const isFirst = !begun.moments.length;
      if (!begun.take(answer)) return;
      races.set(keyOf(begun.settings, begun.settings.seed), begun);
      if (begun.isDone) happened("bottleneck-trained");
      onrace(isFirst);
    },
  });
  const start = job.element.querySelector("button");
  start.classList.add("primary");
  const element = h("div.training", h("div.knobs", task.element, size.element, score.element, steps.element), job.element, about, problem);

  // While they train, the choice is theirs.
  function hold(on) {
    for (const each of [task, size, score, steps]) {
      if (on) each.disable("");
      else each.enable();
    }
  }

  async function ask() {
    const settings = { ...wanted, seed: seed() };
    const key = keyOf(settings, settings.seed);
    if (races.has(key) || asked === key || job.running || !ctx.visible) return;
    asked = key;
    // What ships with dlviz comes moment by moment, as a training does; anything else is one moment, before training.
    const race = new Race({ ...settings, steps: 0 });
    const answer = await live.ask({ do: "probe", panel: "bottleneck", options: optionsOf(settings) }, { quiet: true, signal: ctx.signal, progress: (message) => race.take(message) });
    if (ctx.signal.aborted) return;
    if (asked === key) asked = "";
    setText(problem, answer.kind === "note" ? answer.numbers.text : "");
    if (answer.kind !== "reply" || races.has(key)) return;
    race.take(answer);
    race.settings.steps = race.steps.at(-1);
    race.isKept = race.isTrained;
    races.set(key, race);
    onrace(true);
  }

  function shown() {
    const race = live.scene ? races.get(keyOf(wanted, seed())) : null;
    last = race ?? last;
    return last;
  }

  function nudge() {
    if (!live.scene) return;
    if (!job.running) hold(false);
    const how = "Both learn in turns, a step each, from the same batches; the run of this page stays as it is. At some moments on the way both are measured and kept: you can go back to them below.";
    setText(about, shown()?.isKept ? `What you see was trained beforehand, for ${shown().settings.steps} steps with seed ${shown().settings.seed}. Train both to watch it happen, or with settings of your own. ${how}` : how);
    ask();
  }

  return {
    element, nudge,
    get running() { return job.running; },
    /** The race of the choice; while another is on its way, the one before. */
    get race() { return shown(); },
  };
}
