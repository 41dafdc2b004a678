// Some held-back sequences, each read by the network of this moment: what it says, and what would be right.

import { count, h, percent, replace, setText, svg } from "../lib/dom.js";
import { softmax } from "../lib/softmax.js";
import { settingsOf } from "../lib/settings.js";
import { inSlices } from "../lib/slices.js";
import { written } from "../lib/tokens.js";
import { shownAs } from "./columns.js";
import { likeliest, MOST_WRITTEN } from "./states.js";

const SHOWN = 8;
const IGNORED = -100;
const PAUSE = 700; // ms between two readings of all of them

/** What the network says to one held-back sequence: {said, right, share}, texts or numbers, one each or one a step. */
export function answerTo(network, scene, { inputs, targets }) {
  const { classes, pattern } = scene.numbers;
  const named = (id) => classes[id];
  if (pattern === "decoder") {
    const said = network.write(inputs, MOST_WRITTEN).tokens;
    const wanted = [...targets].filter((id) => id >= 0);
    return { said: said.map(named), wanted: wanted.map(named), right: wanted.length === said.length && wanted.every((id, i) => id === said[i]) };
  }
  const read = network.read(inputs);
  const width = read.logits.length / read.answers;
  const rows = Array.from({ length: read.answers }, (_, i) => read.logits.subarray(i * width, (i + 1) * width));
  if (!classes.length) {
    const said = rows.map((row) => shownAs(scene, row[0]));
    const wanted = [...targets].map((x) => shownAs(scene, x));
    return { said, wanted, right: null };
  }
  const asked = rows.map((_, i) => i).filter((i) => targets[i] !== IGNORED);
  const said = asked.map((i) => likeliest(rows[i]));
  const wanted = asked.map((i) => targets[i]);
  return { said: said.map(named), wanted: wanted.map(named), right: said.every((id, i) => id === wanted[i]), sure: pattern === "last" ? softmax(rows[0])[said[0]] : null };
}

function* answerAll(network, scene, examples) {
  const found = [];
  for (const example of examples) {
    found.push(answerTo(network, scene, example));
    yield;
  }
  return found;
}

export function buildExamples(area, stage) {
  const table = h("tbody");
  const head = h("tr");
  const words = h("span.small.muted.value");
  area.append(h("div.row.head", h("h3", "Held-back sequences"), words), h("div.examples-frame", h("table.examples", h("thead", head), table)));
  const settings = settingsOf(stage);
  let data = null; // {key, examples: [{inputs, targets}]}
  let asking = "";
  let answers = [];
  let step = null; // of which they are

  const isOn = () => stage.scene && stage.scene.numbers.spec.task !== "characters";
  const keyOf = ({ numbers: { spec } }) => JSON.stringify([spec.task, spec.lag, spec.examples, spec.seed, stage.live.shown]);

  async function fetchAll() {
    const key = keyOf(stage.scene);
    if (data?.key === key || asking === key) return;
    asking = key;
    const reply = await stage.live.ask({ do: "probe", panel: "examples", options: { count: SHOWN } }, { quiet: true });
    asking = "";
    if (reply.kind !== "reply" || key !== keyOf(stage.scene)) return;
    data = { key, examples: unpack(reply, stage.scene.numbers.pattern) };
    show();
  }

  let [timer, next] = [0, 0];

  function show() {
    const { network, scene } = stage;
    if (!isOn() || !network || !data || data.key !== keyOf(scene)) return;
    clearTimeout(timer);
    const wait = next - performance.now();
    if (wait > 0) {
      timer = setTimeout(show, wait);
      return;
    }
    next = performance.now() + PAUSE;
    const { reply } = stage;
    const { examples, key } = data;
    inSlices(answerAll(network, scene, examples), (found) => {
      [answers, step] = [found, reply.step];
      paint(scene);
    }, { signal: stage.ctx.signal, wanted: () => stage.scene === scene && data?.key === key });
  }

  function paint(scene) {
    const { classes, words: isWords, shown_as: { unit }, pattern } = scene.numbers;
    const isNumber = !classes.length;
    const right = answers.filter((answer) => answer.right).length;
    setText(words, `at step ${count(step)}${isNumber ? "" : `, ${right} of ${answers.length} ${pattern === "last" ? "right" : "wholly right"}`}`);
    replace(head, ["Read", "Said", "Right", ""].map((text) => h("th", { scope: "col" }, text)));
    replace(table, answers.map((answer, k) => {
      const { inputs } = data.examples[k];
      const isShown = !settings.value("reading") && settings.value("example") === k;
      return h("tr", { class: isShown ? "on-stage" : "", tabindex: 0, "aria-label": `Put held-back sequence ${k + 1} on the stage`, onclick: () => settings.change({ example: k, reading: "" }), onkeydown: (event) => { if (event.key === "Enter") settings.change({ example: k, reading: "" }); } },
        h("td.read-cell", isNumber ? sparkline(inputs, scene) : h("bdi.code", inputs.map((id) => written(scene.numbers.vocabulary[id])).join(isWords ? " " : ""))),
        h(pattern === "last" ? "td.of-one" : "td", isNumber ? h("span.value", stage.format(answer.said.at(-1))) : said(answer, isWords)),
        h(pattern === "last" ? "td.of-one" : "td", isNumber ? h("span.value", stage.format(answer.wanted.at(-1))) : h("bdi.code", answer.wanted.join(isWords && pattern === "every" ? " " : ""))),
        h("td.mark", isNumber ? h("span.value.muted", `off by ${stage.format(Math.abs(answer.said.at(-1) - answer.wanted.at(-1)), true)}`) : answer.right ? h("span.tick", "✓") : h("span.wrong", "✗"), answer.sure ? h("span.small.muted.value", ` ${percent(answer.sure, 0)}`) : null));
    }));
    if (unit) head.children[1].textContent = "Said of the next day";
  }

  // Each token of its own, the wrong ones marked.
  function said({ said: tokens, wanted, sure }, isWords) {
    const parts = tokens.flatMap((token, i) => [i && isWords && !sure ? " " : "", token === wanted[i] ? token : h("span.wrong", token)]);
    return h("bdi.code", parts);
  }

  function sparkline(inputs, { numbers: { features } }) {
    const values = inputs.map((row) => row[0]);
    if (features.length > 1) return h("span.value.small", inputs.filter((row) => row[1]).map((row) => row[0].toFixed(2)).join(" + "));
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const points = values.map((x, i) => `${(i / (values.length - 1)) * 96 + 2},${22 - ((x - low) / (high - low || 1)) * 18}`).join(" ");
    return svg("svg.sparkline", { viewBox: "0 0 100 24", "aria-hidden": "true" }, svg("polyline", { points }));
  }

  stage.on("scene", () => {
    area.classList.toggle("hidden", !isOn());
    if (isOn()) fetchAll();
    else data = null;
    if (data && data.key !== keyOf(stage.scene)) replace(table);
    show();
  });
  stage.on("states", () => {
    if (isOn()) fetchAll();
    show();
  });
  return { now: () => ({ step, key: data?.key, answers }) };
}

function unpack({ arrays: { ids, values, lengths, targets } }, pattern) {
  const [many, steps, width = 1] = (ids ?? values).shape;
  const perExample = targets.data.length / many;
  return Array.from({ length: many }, (_, k) => {
    const length = lengths.data[k];
    const whole = (ids ?? values).data.subarray(k * steps * width, (k + 1) * steps * width);
    const inputs = ids ? [...whole.subarray(0, length)] : Array.from({ length }, (_, t) => whole.subarray(t * width, (t + 1) * width));
    const own = targets.data.subarray(k * perExample, (k + 1) * perExample);
    return { inputs, targets: pattern === "every" ? own.subarray(0, length) : own };
  });
}
