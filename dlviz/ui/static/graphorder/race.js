// Networks that look at the numbers of nodes beside some that do not, trained on the server and then tested with other numbers.

import { count, h, percent, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";

const SEEDS = [3, 5, 8];
const PARTS = {
  nodes: {
    title: "Nodes of one graph",
    rows: [
      ["GCN", "hears its neighbours; one-hot features travel with their nodes"],
      ["GCN, features by number", "the same network; its one-hot features made anew from the new numbers"],
      ["Dense, a row of A", "reads each node's row of the matrix, number by number"],
    ],
  },
  graphs: {
    title: "Whole graphs: ring, tree, ladder or dense",
    rows: [
      ["GIN, sum", "hears its neighbours; every node has the feature 1"],
      ["Dense, the matrix", "reads the padded matrix, row after row"],
      ["Dense, shown many numberings", "the same, trained twice as long, every graph numbered anew in every step"],
    ],
  },
};
const WAYS = ["numbered as in training", "numbered anew"];

/** `{element, draw(numbers, colors), read()}`. */
export function buildRace({ live, ctx, happened, onchange }) {
  let [seeds, result, isDone] = [3, null, false];
  const chips = SEEDS.map((wanted) => h("button.chip", { type: "button", onclick: () => { seeds = wanted; onchange(); } }, String(wanted)));
  const job = buildJob({
    live, ctx, label: "Train them all", again: "Train them again",
    command: () => ({ do: "probe", panel: "order", options: { race_seeds: seeds } }),
    onbegin() { isDone = false; onchange(); },
    took(answer) {
      const { nodes, graphs } = answer.arrays;
      if (nodes && graphs) result = { nodes: nodes.data, graphs: graphs.data, seeds: nodes.shape[2], plan: JSON.parse(answer.numbers.texts["state/plan"][0]) };
      if (!answer.numbers.progress) {
        isDone = true;
        happened("order_raced");
      }
      onchange();
    },
  });
  job.element.querySelector("button").classList.add("primary");
  const bars = {};
  const charts = Object.entries(PARTS).map(([part, { title, rows }]) => {
    bars[part] = rows.map(() => WAYS.map((way) => ({ fill: h("i"), dots: h("span.go-dots"), chance: h("span.go-chance"), value: h("b.value") })));
    return h("figure.stack.go-bars", h("h4", title), rows.map(([name, said], k) => h("div.go-row", h("div.go-name", h("b", name), h("span.small.muted", said)),
      h("div.stack.go-pair", WAYS.map((way, w) => {
        const one = bars[part][k][w];
        return h("div.go-line", h("span.label", way), h("div.go-track", { class: w ? "anew" : null }, one.fill, one.dots, one.chance), one.value);
      })))));
  });
  const [words, about] = [h("p.sentence.value", { "aria-live": "polite" }), h("p.small.muted")];
  const empty = h("p.muted", "Nothing is trained yet. It takes a few seconds: every network once a seed, tested as it was trained and then with ten other numberings of the same graphs.");
  const body = h("div.stack.go-raced", words, charts, h("p.label", "Bars: the mean over seeds of the share right, of what no network was told. Dots: the seeds. The dashed line: always saying the most frequent class."), about);
  const element = h("section.go-part", { "aria-label": "Networks that look at the numbers" }, h("h3", "What happens to a network that reads the numbers?"),
    h("p.small.muted.go-lead", "The adjacency is a table of numbers, and one may well give it to a dense network, row after row. It learns, and then someone numbers the same graph in another way."),
    h("div.row.go-go", h("div.row", { role: "group", "aria-label": "Seeds" }, h("span.label", "Seeds"), chips), job.element), empty, body);

  const at = (part, k, way) => Array.from({ length: result.seeds }, (_, s) => result[part][(k * 2 + way) * result.seeds + s]).filter(Number.isFinite);
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;

  return {
    element,
    draw(numbers, colors) {
      chips.forEach((chip, k) => {
        chip.setAttribute("aria-pressed", SEEDS[k] === seeds);
        chip.disabled = job.running;
      });
      empty.classList.toggle("hidden", Boolean(result));
      body.classList.toggle("hidden", !result);
      if (!result) return;
      const { plan } = result;
      const chance = { nodes: plan.chance, graphs: 1 / plan.classes };
      for (const part of Object.keys(PARTS)) {
        PARTS[part].rows.forEach((_, k) => WAYS.forEach((__, w) => {
          const values = at(part, k, w);
          const one = bars[part][k][w];
          const middle = values.length ? mean(values) : null;
          one.fill.style.width = `${100 * (middle ?? 0)}%`;
          setText(one.value, middle === null ? "…" : percent(middle, 0));
          one.chance.style.left = `${100 * chance[part]}%`;
          if (one.dots.children.length !== values.length) one.dots.replaceChildren(...values.map(() => h("i")));
          values.forEach((value, s) => {
            one.dots.children[s].style.left = `${100 * value}%`;
            one.dots.children[s].style.top = `${20 + (60 * (s + 0.5)) / values.length}%`;
            one.dots.children[s].title = `${percent(value, 1)}, seed ${s + 1}`;
          });
        }));
      }
      const said = (part, k, w) => percent(mean(at(part, k, w)), 0);
      const ready = at("graphs", 2, 1).length > 0;
      setText(words, ready
        ? `Numbered anew, the row reader goes from ${said("nodes", 2, 0)} to ${said("nodes", 2, 1)} and the matrix reader from ${said("graphs", 1, 0)} to ${said("graphs", 1, 1)}, where guessing gives ${percent(chance.nodes, 0)} and ${percent(chance.graphs, 0)}. GCN stays at ${said("nodes", 0, 1)}${mean(at("nodes", 0, 0)) === mean(at("nodes", 0, 1)) ? " to the last node" : ` (from ${said("nodes", 0, 0)})`}, GIN at ${said("graphs", 0, 1)}: but a GCN whose features name the numbers falls to ${said("nodes", 1, 1)} too.`
        : "Training …");
      if (ready) setText(about, `Nodes: ${plan.dataset}, ${count(plan.nodes)} nodes, ${plan.told} told, ${plan.held} asked about${numbers.spec.task === "node" && plan.dataset === numbers.spec.dataset ? "" : " (the graph above is not about classes of nodes)"}; 200 steps of Adam each. Graphs: ${plan.graphs}, of which ${plan.graphs_held} kept back, numbered breadth first from a node of least degree, matrices padded to ${plan.places} × ${plan.places}. Showing many numberings mends the matrix reader, at the price of more training: ${said("graphs", 2, 1)} here.`);
    },
    read: () => ({ running: job.running, isDone, seeds, result: result && { nodes: [...result.nodes], graphs: [...result.graphs], seeds: result.seeds, plan: result.plan }, words: words.textContent,
      bars: result && Object.fromEntries(Object.keys(PARTS).map((part) => [part, bars[part].map((pair) => pair.map(({ value, dots, fill }) => ({ said: value.textContent, dots: dots.children.length, width: fill.style.width })))])) }),
  };
}
