// The accuracy on the test pictures when each is attacked, and when each gets random signs, against ε.

import { h, number, setText } from "../lib/dom.js";
import { Asker } from "./asking.js";
import { LARGEST, LAST } from "./attacked.js";
import { buildEpsilonChart } from "./epsilonchart.js";
import { share } from "./words.js";

const ROOM_BELOW = 0.12; // of the chart, under the end of a line, for its name

/** `show(epsilon)` says what there is at the value nearest to it. Not asked while training: it takes a second. */
export function buildTested(stage, { onpick, sight, say }) {
  const chart = buildEpsilonChart({ label: "Test accuracy against ε", height: 220, ends: true, largest: LARGEST, step: LARGEST / LAST, onpick });
  const words = h("p.reading");
  const element = h("div.side", h("h4", "All test pictures"), words, chart.element);
  let found = null;
  let at = LARGEST / 3;
  const asker = new Asker({
    stage, panel: "robustness", long: true, follows: false, sight, took,
    question: () => (stage.scene ? { options: {}, about: stage.networkKey() } : null),
  });

  function took(answer) {
    const one = (name) => answer.arrays[name].data;
    if (answer?.arrays.accuracy) found = { epsilons: one("epsilon"), accuracy: one("accuracy"), random: one("random_accuracy"), count: one("count")[0], step: one("step")[0], done: answer.done };
    say(asker.problem);
    show(at);
    stage.ctx.redraw();
  }

  function show(epsilon) {
    at = epsilon;
    if (!found) {
      setText(words, "Attacking the test pictures …");
      return;
    }
    const { epsilons, accuracy, random, count, step, done } = found;
    const k = Math.max(1, Math.round((epsilon / LARGEST) * (epsilons.length - 1)));
    const stale = step === stage.moment()?.step ? "" : ` Measured at step ${number(step)}.`;
    setText(words, `Of ${done ? "" : "the first "}${number(count)} test pictures ${share(accuracy[0])} are right. With every cell moved by ${number(epsilons[k])} away from its class, ${share(accuracy[k])}; `
      + `by random signs, ${share(random[k])}.${stale}`);
  }

  return {
    element, show,
    nudge: () => asker.nudge(),
    draw() {
      const { colors } = stage.ctx;
      const series = found ? [
        { name: "random signs", color: colors.muted, xs: found.epsilons, ys: found.random, dash: [5, 4] },
        { name: "attacked", color: colors.ink, xs: found.epsilons, ys: found.accuracy, weight: 2.75, below: found.accuracy.at(-1) > ROOM_BELOW },
      ] : [];
      chart.show({ series, cursor: at, says: words.textContent });
      chart.draw(colors);
    },
    busy: () => asker.busy || (!asker.isFresh && !stage.moment()?.playing),
    expose: () => found && { ...found, accuracy: [...found.accuracy], random: [...found.random], words: words.textContent },
  };
}
