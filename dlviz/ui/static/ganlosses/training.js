// The training of both, as a job beside the run of the page, which stays as it is.

import { count, h, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";
import { Race } from "./race.js";
import { buildSides } from "./sides.js";

const MOST_STEPS = 5000; // as training.py says
const USUAL = { dense: 1200, dcgan: 200 };
const STEPS = { name: "steps", kind: "range", label: "Training", unit: "steps", low: 20, high: MOST_STEPS, whole: true, log: true, default: USUAL.dense, help: "Moves of the generator in each of the two. Both begin with the numbers of the same seed and are trained in turns." };

/** `{element, race, running, nudge()}`; `onrace(isNew)` when there is another moment to look at. */
export function buildTraining({ live, ctx, onrace, happened }) {
  let [steps, touched, race, begun] = [USUAL.dense, false, null, null];
  const sides = buildSides({ ctx, onchange: () => ctx.redraw() });
  const length = knob(STEPS, { onchange: (value) => { steps = value; touched = true; } });
  const about = h("p.small.muted");
  const job = buildJob({
    live, ctx, label: "Train both", again: "Train both again",
    command: () => ({ do: "probe", panel: "losses", options: { steps, first: sides.chosen.first, second: sides.chosen.second } }),
    onbegin() {
      begun = new Race(steps);
      hold(true);
    },
    took(answer) {
      const isFirst = !begun.moments.length;
      if (!begun.take(answer)) return;
      race = begun;
      if (race.isDone) happened("losses_compared");
      onrace(isFirst);
    },
  });
  job.element.querySelector("button").classList.add("primary");
  const element = h("div.stack.gl-training", sides.element, h("div.row.gl-go", length.element, job.element), about);

  function hold(on) {
    sides.hold(on);
    length[on ? "disable" : "enable"]("");
  }

  return {
    element, chosen: sides.chosen,
    nudge() {
      const { spec } = live.scene.numbers;
      const { options = [], labels = [] } = (ctx.data.fields ?? []).find(({ name }) => name === "dataset") ?? {};
      if (!job.running && sides.held) hold(false);
      if (!touched && steps !== USUAL[spec.network]) {
        steps = USUAL[spec.network];
        length.set(steps);
      }
      sides.draw(spec);
      setText(about, `All else is as the run above has it: ${labels[options.indexOf(spec.dataset)] ?? spec.dataset}, ${spec.network === "dense" ? "dense layers" : "convolutions"}, learning rate ${spec.learning_rate}, seed ${spec.seed}. That run stays as it is.${spec.network === "dcgan" ? " A step of convolutions takes long: begin with few." : ""}${spec.moves === "both" ? "" : " Here both players move, though in the run only one does."}`);
    },
    get steps() { return steps; },
    get running() { return job.running; },
    get race() { return race; },
    said: () => (race ? `${count(race.moments.at(-1).step)} of ${count(race.wanted)} steps` : ""),
  };
}
