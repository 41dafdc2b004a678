// Each channel of a layer silenced in turn: what that does to the test accuracy, the worst first.

import { h, number, percent, replace, setText } from "../lib/dom.js";
import { channelName } from "./gains.js";
import { signedPoints } from "./tiles.js";
import { share } from "./words.js";

const SHOWN = 64; // columns; of a larger layer those that matter most
export const LITTLE = 0.005; // of the accuracy: what is not worth speaking of

/** `begin()` and `stop()` hear the button, `silence([channels])` the columns and the chip under them. */
export function buildRanking({ begin, stop, silence }) {
  const button = h("button", { type: "button", onclick: () => (state.running ? stop() : begin()) }, "Silence each in turn");
  const progress = h("span.small.muted.value");
  const columns = h("div.columns", { role: "group", "aria-label": "Change of the test accuracy when one channel is silenced" });
  const words = h("p.reading", { "aria-live": "polite" });
  const together = h("button.chip", { type: "button", hidden: true, onclick: () => silence(little()) });
  const element = h("div.ranking", h("div.row", button, progress), columns, words, together);
  let state = { running: false };
  let drawn = null;

  const little = () => state.worth.map((change, k) => [change, k]).filter(([change]) => change > -LITTLE).map(([, k]) => k);

  // The zero line leaves as much room above and below as the largest rise and the deepest fall need.
  function column({ change, k }, rise, fall) {
    const scale = 100 / (rise + fall);
    const name = channelName(state.layer, k);
    const title = `Without ${name}: ${percent(state.accuracy + change)}, ${signedPoints(change)} points. Press to silence it.`;
    const sign = change < 0 ? "below" : "above";
    const bar = h("i", { class: sign, style: { height: `${Math.abs(change) * scale}%`, [change < 0 ? "top" : "bottom"]: `${(change < 0 ? rise : fall) * scale}%` } });
    return h("button.column.plain", { type: "button", title, "aria-label": title, "data-channel": k, onclick: () => silence([k]) },
      h("span.stem", { style: { "--zero": `${rise * scale}%` } }, bar), h("span.label", k + 1));
  }

  return {
    element,
    /** {layer, worth: [change of each channel that is done], accuracy, running: {done, total} | null, done, step, now} */
    show(next) {
      state = next;
      const { layer, worth, running, done } = state;
      setText(button, running ? "Stop" : done ? "Silence each in turn again" : "Silence each in turn");
      setText(progress, running ? `${number(worth?.length ?? 0)} of ${number(layer.channels)} channels` : done && state.step !== state.now ? `measured at step ${number(state.step)}` : "");
      columns.hidden = !worth?.length;
      together.hidden = true;
      if (!worth?.length) {
        setText(words, "");
        drawn = null;
        return;
      }
      if (drawn !== worth || done) {
        drawn = worth;
        const all = worth.map((change, k) => ({ change, k })).sort((a, b) => a.change - b.change || a.k - b.k);
        const half = SHOWN / 2;
        const kept = all.length > SHOWN ? [...all.slice(0, SHOWN - half), ...all.slice(-half)] : all;
        replace(columns, kept.map((each) => column(each, Math.max(...worth, LITTLE), Math.max(...worth.map((change) => -change), LITTLE))));
      }
      setText(words, done ? verdict(state) : "");
      const count = done ? little().length : 0;
      together.hidden = count < 2;
      setText(together, `Silence these ${number(count)} together`);
    },
    little,
  };
}

/** What the ranking says, with its numbers. */
export function verdict({ layer, worth, accuracy, total }) {
  const worst = worth.indexOf(Math.min(...worth));
  const small = worth.filter((change) => change > -LITTLE).length;
  const gain = worth.filter((change) => change > 0).length;
  if (worth[worst] > -LITTLE) return `No ${layer.maps ? "map" : "unit"} of ${layer.name} matters alone: without any one of them at least ${share(accuracy + worth[worst])} are right, of ${share(accuracy)}.`;
  const first = `Without ${channelName(layer, worst)} the test accuracy falls from ${share(accuracy)} to ${share(accuracy + worth[worst])}, further than without any other.`;
  const rest = `${number(small)} of the ${number(worth.length)} cost less than half a point alone`;
  const better = gain ? `, and without ${gain === 1 ? "one of them" : `${number(gain)} of them`} it even rises` : "";
  return `${first} ${rest}${better}. One test picture counts ${number(100 / total, 2)} points.`;
}
