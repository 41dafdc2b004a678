// Some held-back sequences, each read by the network of this moment: what it says, and what would be right.

import { count, h, replace, setText } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";
import { inSlices } from "../lib/slices.js";
import { written } from "../lib/tokens.js";
import { likeliest, rowOf } from "../lib/transformer.js";

const SHOWN = 8;
const PAUSE = 1200; // ms between two readings of all of them

/** What the network says to one held-back sequence: {said, wanted, right}; classes, at the places where an answer is asked. */
export function answerTo(network, { classes, pattern }, { inputs, targets }) {
  const named = (id) => classes[id];
  if (pattern === "decoder") {
    const wanted = [...targets].filter((id) => id >= 0);
    const said = network.write(inputs, targets.length).tokens;
    return { said: said.map(named), wanted: wanted.map(named), right: wanted.length === said.length && wanted.every((id, i) => id === said[i]) };
  }
  const pass = network.read(inputs);
  const asked = inputs.map((_, i) => i).filter((i) => targets[i] >= 0);
  const said = asked.map((i) => likeliest(rowOf(pass, i)));
  return { said: said.map(named), wanted: asked.map((i) => classes[targets[i]]), right: said.every((id, i) => id === targets[asked[i]]) };
}

function* answerAll(network, numbers, examples) {
  const found = [];
  for (const example of examples) {
    found.push(answerTo(network, numbers, example));
    yield;
  }
  return found;
}

export function buildExamples(area, stage) {
  const table = h("tbody");
  const head = h("tr", ["Read", "Said", "Right", ""].map((text) => h("th", { scope: "col" }, text)));
  const words = h("span.small.muted.value");
  area.append(h("div.row.head", h("h3", "Held-back sequences"), words), h("div.examples-frame", h("table.examples", h("thead", head), table)));
  const settings = settingsOf(stage);
  let data = null; // {key, examples: [{inputs, targets}]}
  let [asking, answers, step] = ["", [], null];
  let [timer, next] = [0, 0];

  const keyOf = ({ numbers: { spec } }) => JSON.stringify([spec.task, spec.text, spec.length, spec.examples, spec.seed, stage.live.shown]);

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

  function show() {
    const { moment, scene } = stage;
    if (!moment || moment.scene.version !== scene.version || data?.key !== keyOf(scene)) return;
    clearTimeout(timer);
    const wait = next - performance.now();
    if (wait > 0 && stage.live.state?.playing) {
      timer = setTimeout(show, wait);
      return;
    }
    next = performance.now() + PAUSE;
    const { examples, key } = data;
    inSlices(answerAll(moment.network, scene.numbers, examples), (found) => {
      [answers, step] = [found, moment.step];
      paint(scene.numbers);
    }, { signal: stage.ctx.signal, wanted: () => stage.scene.version === scene.version && data?.key === key });
  }

  function paint({ vocabulary, words: isWords, pattern }) {
    const join = (tokens, apart) => tokens.map(written).join(apart ? " " : "");
    const longNames = isWords && pattern === "every";
    const apart = longNames || (pattern === "every" && answers.some(({ wanted }) => wanted.some((name) => name.length > 1)));
    setText(words, `at step ${count(step)}, ${answers.filter(({ right }) => right).length} of ${answers.length} wholly right`);
    replace(table, answers.map((answer, k) => {
      const { inputs } = data.examples[k];
      const isShown = !settings.value("reading") && settings.value("example") === k;
      const put = () => settings.change({ example: k, reading: "" });
      return h("tr", { class: isShown ? "on-stage" : "", tabindex: 0, "aria-label": `Put held-back sequence ${k + 1} on the stage`, onclick: put, onkeydown: (event) => { if (event.key === "Enter") put(); } },
        h("td", h("bdi.code", join(inputs.map((id) => vocabulary[id]), isWords))),
        h("td", h("bdi.code", answer.said.flatMap((token, i) => [i && apart ? " " : "", token === answer.wanted[i] ? written(token) : h("span.wrong", written(token))]))),
        h("td", h("bdi.code", join(answer.wanted, apart))),
        h("td.outcome", answer.right ? h("span.tick", { title: "wholly right" }, "✓") : h("span.wrong", { title: "not wholly right" }, "✗")));
    }));
  }

  const again = () => {
    if (!stage.scene) return;
    if (data && data.key !== keyOf(stage.scene)) replace(table);
    if (stage.ctx.visible) fetchAll();
    show();
  };
  stage.on("scene", again);
  stage.on("moment", again);
  return { now: () => ({ step, answers }) };
}

function unpack({ arrays: { ids, lengths, targets } }, pattern) {
  const [many, steps] = ids.shape;
  const each = targets.shape[1];
  return Array.from({ length: many }, (_, k) => {
    const own = [...targets.data.subarray(k * each, (k + 1) * each)];
    const inputs = [...ids.data.subarray(k * steps, k * steps + lengths.data[k])];
    return { inputs, targets: pattern === "every" ? own.slice(0, inputs.length) : own };
  });
}
