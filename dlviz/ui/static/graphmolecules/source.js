// The network that the panel asks: the stage's where it labels molecules, else one of the panel's own, which its probe brings.

import { h, setText } from "../lib/dom.js";
import { readGnn } from "../lib/gnn.js";
import { graphOf, graphsOf } from "../lib/graphs.js";
import { buildJob } from "../lib/job.js";
import { settingsOf } from "../lib/settings.js";

export const STAGE = { dataset: "mutag", task: "graph", features: "own", layer: "gin", hidden: [32, 32], readout: "sum", learning_rate: 0.005 };
const cut = new WeakMap(); // scene → molecules

/** Whether a stage of that spec labels molecules. */
export const fits = (spec) => spec?.dataset === "mutag" && spec.task === "graph";

/**
 * `now`: {isOwn, scene, network, weights, molecules, answers: {logits, step}, step, key} or null while there is none.
 * A molecule is {place, elements, places, bonds, label, isHeld}. `onchange()` when it is another.
 */
export function buildSource({ live, ctx, onchange }) {
  let [stage, own, now, moment] = [null, null, null, null];
  const here = { live, ctx };
  const watching = graphsOf(live).watch(ctx, (next) => { moment = next; again(); });
  for (const kind of ["scene", "frame"]) live.on(kind, () => again(), ctx.signal);
  const job = buildJob({
    live, ctx, label: "Train its own network", again: "Try again",
    command: () => ({ do: "probe", panel: "molecules", options: { train: true } }),
    took(answer) {
      if (answer.numbers.progress) return;
      own = readOwn(answer);
      again();
    },
  });
  const words = h("p.gm-whose.value");
  const button = h("button", { type: "button", onclick: () => settingsOf(here).change(STAGE) }, "Put the stage to these molecules");
  const element = h("div.gm-source", words, job.element, button);

  function again() {
    const { scene, frame } = live;
    if (fits(scene?.numbers.spec)) {
      const isWhole = moment?.scene === scene;
      if (isWhole && frame && (stage?.moment !== moment || stage.frame !== frame)) stage = { ...sourceOf(scene, moment.network, frame), weights: moment.reply.arrays, moment, frame, isOwn: false, step: moment.step, key: `stage:${scene.version}:${moment.step}` };
      now = isWhole && stage?.scene === scene ? stage : null;
    } else now = own;
    onchange();
  }

  return {
    element,
    get now() { return now; },
    nudge() {
      watching.nudge();
      const { scene } = live;
      if (!scene) return;
      const isStage = fits(scene.numbers.spec);
      if (!isStage && !own && !job.running && !job.begun) {
        job.begun = true; // once; what is refused a person may try again
        job.start();
      }
      job.element.classList.toggle("hidden", isStage || Boolean(own));
      button.classList.toggle("hidden", isStage);
      setText(words, isStage ? stageWords(now) : ownWords(now));
    },
  };
}

const layersOf = (spec) => `${spec.layer.toUpperCase()} layers of ${spec.hidden.join(" and ")} features, ${spec.readout} readout`;

function stageWords(now) {
  if (!now) return "The stage's network is on its way.";
  return now.step ? `Asked is the stage's network at step ${now.step}: ${layersOf(now.network.spec)}.` : "Asked is the stage's network, which has learned nothing yet: its answers are chance. Press Play above.";
}

function ownWords(now) {
  if (!now) return "The stage shows something else than molecules. So the panel asks a network of its own, which is on its way.";
  return `The stage shows something else, so the panel asks a network of its own: ${layersOf(now.network.spec)}, ${now.step} steps on MUTAG's training molecules.`;
}

function readOwn({ arrays, numbers }) {
  const picked = Object.fromEntries(Object.entries(arrays).filter(([name]) => name.startsWith("own_")).map(([name, array]) => [name.slice(4), array]));
  const scene = { numbers: JSON.parse(numbers.texts["state/scene"][0]), arrays: picked, version: "own" };
  const measured = JSON.parse(numbers.texts["state/measured"][0]);
  const network = readGnn(scene, arrays);
  return { ...sourceOf(scene, network, { numbers: measured, arrays: picked }), weights: arrays, isOwn: true, step: arrays.step.data[0], key: "own" };
}

function sourceOf(scene, network, frame) {
  if (!cut.has(scene)) cut.set(scene, moleculesOf(scene));
  const { measured_at: step } = frame.numbers;
  return { scene, network, molecules: cut.get(scene), answers: { logits: frame.arrays.answers.data, step } };
}

function moleculesOf(scene) {
  const { data } = scene.arrays.graph_label;
  const places = Array.from(data, (label, place) => place).filter((place) => data[place] >= 0); // not a person's own beside them
  return places.map((place) => {
    const graph = graphOf(scene, place);
    return {
      place, label: graph.label, isHeld: graph.split === 1, elements: graph.names,
      places: graph.names.map((_, k) => [graph.places[2 * k], graph.places[2 * k + 1]]),
      bonds: graph.edges.map(([a, b], k) => ({ a, b, kind: graph.kinds[k] })),
    };
  });
}
