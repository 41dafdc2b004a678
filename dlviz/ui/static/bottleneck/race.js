// One training of both networks as the replies bring it: its moments with their weights, and the curves so far.

import { NETWORKS, networksOf } from "./network.js";

const row = ({ data, shape }, i) => [...data.subarray(i * shape.at(-1), (i + 1) * shape.at(-1))];
const known = (values) => (values ? [...values.data] : []);

export class Race {
  /** `settings`: {task, hiddenSize, score, seed, steps}. */
  constructor(settings) {
    this.settings = settings;
    this.moments = []; // {step, plain, attention, read: Map}
    this.isDone = false;
  }

  /** Take a reply; false where it brings nothing new to look at. */
  take(reply) {
    const { arrays, numbers } = reply;
    if (!arrays.step) return false;
    const step = arrays.step.data[0];
    if (this.moments.at(-1)?.step !== step) this.moments.push({ step, ...networksOf(reply, this.settings), kept: new Map() });
    this.vocabulary = numbers.texts["state/vocabulary"];
    this.unit = numbers.texts["state/unit"][0];
    this.lengths = [...arrays.lengths.data];
    this.trained = arrays.trained.data[0];
    this.parameters = Object.fromEntries(NETWORKS.map((name) => [name, arrays[`${name}_parameters`].data[0]]));
    this.most = arrays.plain_written.shape[1];
    this.examples = [...arrays.source_lengths.data].map((length, i) => ({
      ids: row(arrays.source, i).slice(0, length), target: row(arrays.target, i).filter((id) => id >= 0),
    }));
    this.steps = [...arrays.steps.data];
    this.curves = Object.fromEntries(NETWORKS.map((name) => [name, {
      loss: known(arrays[`${name}_loss`]), letters: known(arrays[`${name}_letters`]), right: known(arrays[`${name}_right`]),
      byLength: arrays[`${name}_by_length`] ? this.steps.map((_, i) => row(arrays[`${name}_by_length`], i)) : [],
    }]));
    this.isDone = !numbers.progress;
    return true;
  }

  get isTrained() {
    return this.moments.length > 1;
  }

  text(ids) {
    return ids.map((id) => this.vocabulary[id]).join("");
  }

  /** Letters after which a network that has not stopped is stopped. */
  mostFor(ids) {
    return Math.max(this.most, this.settings.task === "digits" ? ids.filter((id) => this.vocabulary[id] === " ").length + 5 : 0);
  }

  /** What both networks of a moment make of a sentence, computed once. */
  read(moment, ids) {
    const key = ids.join();
    if (!moment.kept.has(key)) {
      if (moment.kept.size > 20) moment.kept.clear();
      moment.kept.set(key, Object.fromEntries(NETWORKS.map((name) => [name, moment[name].translate(ids, this.mostFor(ids))])));
    }
    return moment.kept.get(key);
  }
}

/** The mean over the letters written of the largest weight: 1 when each looks at one letter alone. */
export function sharpness({ letters }) {
  return letters.reduce((sum, { weights }) => sum + Math.max(...weights), 0) / letters.length;
}
