// Whether what the page computes is what torch computes: the answers of torch's own layer, which come with the weights,
// and on a click every gate of every unit at every step.

import { h, number, setText } from "../lib/dom.js";

const LAYER = { rnn: "nn.RNN", lstm: "nn.LSTM", gru: "nn.GRU" };

/** The largest difference of two lists of numbers; NaN where they are not of one length. */
export function apart(a, b) {
  if (a.length !== b.length) return NaN;
  let most = 0;
  for (let k = 0; k < a.length; k += 1) most = Math.max(most, Math.abs(a[k] - b[k]));
  return most;
}

/** `show({moment, logits, cell, gates, steps, units})`; `element` has the line and the button. */
export function buildCheck(live) {
  const line = h("span.small.value");
  const found = h("span.small.value.muted");
  const button = h("button.chip", { type: "button", onclick: compare }, "Compare every gate with torch");
  const element = h("div.row.check", line, button, found);
  let shown = null;

  async function compare() {
    const { moment, gates } = shown;
    button.disabled = true;
    setText(found, "Torch is computing them …");
    const answer = await live.ask({ do: "probe", panel: "gates" }, { quiet: true });
    button.disabled = false;
    if (answer.kind !== "reply") return setText(found, answer.numbers.text);
    if (answer.step !== moment.step || answer.version !== moment.version) return setText(found, "The network has moved on meanwhile. Pause the training, then compare.");
    let [most, numbers] = [0, 0];
    for (const [name, layers] of Object.entries(gates)) {
      const ours = layers.flatMap((ways) => ways.flatMap((values) => [...values]));
      most = Math.max(most, apart(ours, answer.arrays[name].data));
      numbers += ours.length;
    }
    element.dataset.gates = most;
    return setText(found, `${number(numbers)} gates and states compared: the largest difference is ${number(most, 2)}.`);
  }

  return {
    element,
    show(next) {
      if (shown?.moment !== next.moment) {
        setText(found, "");
        const theirs = next.moment.arrays.logits.data;
        const ours = next.logits.length > theirs.length ? next.logits.subarray(0, theirs.length) : next.logits;
        const difference = apart(ours, theirs.subarray(0, ours.length));
        element.dataset.answers = difference;
        setText(line, `The same sequence through torch’s own ${LAYER[next.cell]}: its answers differ from those of this page by at most ${number(difference, 2)}.`);
      }
      shown = next;
    },
  };
}
