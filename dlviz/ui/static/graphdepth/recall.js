// The riddle at the bottleneck, trained: which leaf has the key that the root is told? With and without a fully adjacent last layer.

import { count, h, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";
import { placesChart, summary } from "./chart.js";
import { nameOf, recallWords } from "./treewords.js";

const MOST = { name: "most", kind: "range", label: "Up to the distance", unit: "hops", low: 1, high: 5, whole: true, default: 4, help: "Trees of every height up to this one are trained. Each hop more takes about twice as long." };
const SEEDS = { name: "riddle_seeds", kind: "range", label: "Seeds", low: 1, high: 5, whole: true, default: 3, help: "Trainings of every point, each from other first weights and with other riddles." };
const STEPS = { name: "riddle_steps", kind: "range", label: "Steps", low: 10, high: 1000, whole: true, log: true, default: 300, help: "Training steps of every network, each with 48 new riddles." };

export function buildRecall({ live, ctx, happened }) {
  let [kind, most, seeds, steps, found, begun] = ["gcn", 4, 3, 300, null, null];
  const again = () => ctx.redraw();
  const knobs = [knob(MOST, { onchange: (value) => { most = value; again(); } }), knob(SEEDS, { onchange: (value) => { seeds = value; again(); } }), knob(STEPS, { onchange: (value) => { steps = value; again(); } })];
  const job = buildJob({
    live, ctx, label: "Train on the riddle", again: "Train on the riddle again",
    command: () => ({ do: "probe", panel: "depth", options: { ask: "recall", kind: begun.kind, most, seeds, steps } }),
    onbegin() {
      begun = { kind, most, seeds, steps };
      for (const one of knobs) one.disable("");
    },
    took({ arrays, numbers }) {
      if (!arrays.held) return;
      const size = arrays.held.shape[2];
      const rows = (name) => [0, 1].map((way) => Array.from({ length: begun.most }, (_, r) => summary([...arrays[name].data.slice((way * begun.most + r) * size, (way * begun.most + r + 1) * size)])));
      found = { ...begun, held: rows("held"), seen: rows("seen"), isDone: !numbers.progress };
      if (found.isDone) happened("bottleneck_seen");
      again();
    },
  });
  job.element.querySelector("button").classList.add("primary");
  new MutationObserver(again).observe(job.element, { attributes: true, attributeFilter: ["aria-busy"] }); // also when it was cancelled
  const chart = placesChart({ label: "Riddles answered rightly against the distance", unit: "hops", height: 250, redraw: again });
  const sentence = h("p.gd-sentence.value", { "aria-live": "polite" });
  const about = h("p.small.muted.value");
  const key = h("div.row.small.gd-key");
  const body = h("div.gd-wide.hidden", h("figure.stack", h("h4", "Riddles answered rightly"), h("p.label", "Of 400 that nobody trained on; a band from the lowest to the highest seed"), key, chart.element), h("div.stack", sentence,
    h("p.small.muted", "With the fully adjacent last layer every node is joined to the root once, so that nothing has to pass the two children on that layer (“+FA”).")));
  const element = h("div.gd-riddle", h("h4.gd-title", "Can the root be trained to recall?"),
    h("p.gd-about", "Every leaf has a key and one of four values; the root is told a key and must say the value of the leaf that has it (U. Alon and E. Yahav, On the Bottleneck of Graph Neural Networks, 2021). One leaf's answer must survive the way up among all the others, for the leaves do not know which key is asked."),
    h("div.gd-controls", knobs.map((one) => one.element)), job.element, about, body);

  return {
    element,
    set(value) { kind = value; },
    draw() {
      if (!job.running) for (const one of knobs) one.enable("");
      setText(about, `${nameOf(kind)}, 32 wide, one layer more than hops: ${count(most * 2 * seeds)} trainings of ${count(steps)} steps.${kind === "gat" ? " GAT takes about twice as long as GCN." : ""}`);
      body.classList.toggle("hidden", !found);
      if (!found) return;
      const { colors } = ctx;
      const ways = [["As the tree is", 1], ["Last layer fully adjacent", 0]].map(([name, ink], k) => ({ name, color: colors.classes[ink], points: found.held[k] }));
      chart.show({ places: found.held[0].map((_, k) => k + 1), isShare: true, ways: ways.map((way, k) => ({ ...way, name: k ? "+FA" : "plain" })), line: { value: 0.25, text: "guessing" } });
      chart.draw(colors);
      setText(sentence, recallWords(found));
      if (key.dataset.dark !== String(colors.dark)) {
        key.dataset.dark = colors.dark;
        key.replaceChildren(...ways.map(({ name, color }) => h("span.gd-name", h("i", { style: { background: color } }), name)));
      }
    },
    read: () => ({ running: job.running, kind, found: found && { ...found, words: sentence.textContent, chart: chart.read() } }),
  };
}
