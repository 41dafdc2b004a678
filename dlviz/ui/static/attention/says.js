// Under the picture: what the numbers mean here, for the token that is looked at, and what the colours stand for.

import { count, h, number, percent, setText, steady } from "../lib/dom.js";
import { likeliest } from "../lib/transformer.js";
import { spoken } from "../lib/tokens.js";

const quoted = (token) => `“${spoken(token)}”`;

export function buildSays(area, stage, flow) {
  const all = h("p.says-all");
  const one = h("p.says-one", { role: "status" });
  const path = h("p.says-path.small.muted");
  const scale = (name, kind) => {
    const [low, high] = [h("span.label.value"), h("span.label.value")];
    return { low, high, element: h("span.legend-scale", h("span.label", name), low, h("span", { class: `ramp ${kind}` }), high) };
  };
  const signed = scale("numbers of a token", "diverging");
  const weight = scale("attention weight", "sequential");
  const units = scale("feed-forward unit", "sequential");
  const lengths = h("span.legend-scale.label");
  area.append(h("div.says-words", all, one, path), h("div.legend-scales", signed.element, weight.element, units.element, lengths));

  /** The token that is told about: the one looked at, else the last answer that is asked for. */
  function toldOf() {
    const main = stage.moment.read ? "decoder" : "core";
    return stage.focus ?? { stack: main, at: Math.max(0, stage.answers.findLastIndex(({ asked }) => asked)), isResting: true };
  }

  function sayAll() {
    const { moment, summary, answers, scene } = stage;
    const { chance, chance_words: why } = scene.numbers;
    const words = summary
      ? `At step ${count(moment.step)}, ${summary.right === summary.asked ? `all ${summary.asked}` : `${summary.right} of ${summary.asked}`} ${summary.asked === 1 ? "answer" : "answers"} to this sequence are right; the mean loss is ${summary.loss.toFixed(3)} nats, ${why} costs ${chance.toFixed(3)}.`
      : `At step ${count(moment.step)}, it is on average ${percent(answers.reduce((sum, { sure }) => sum + sure, 0) / answers.length, 0)} sure of what it says. Nobody knows what would be right here.`;
    setText(all, words.replace("1 answer to this sequence are", "1 answer to this sequence is"));
  }

  function sayOne({ stack, at, isResting }) {
    const { moment, answers, scene: { numbers } } = stage;
    const { vocabulary, classes } = numbers;
    const name = (kind, i) => quoted((kind === "decoder" ? classes : vocabulary)[moment.pass.stacks[kind].ids[i]]);
    const { grid, head } = grids(stack);
    const own = grid.part.weights[head].subarray(at * grid.part.keys, (at + 1) * grid.part.keys);
    const key = likeliest(own);
    const looks = own[key] > 0 ? `In ${grid.kind === "cross" ? "the cross-attention of " : ""}block ${grid.layer + 1}, head ${head + 1} looks most at ${name(grid.kind === "cross" ? "encoder" : stack, key)}, token ${key + 1}: weight ${steady(own[key], 2)}.` : "It may look at nothing.";
    const answer = stack === "encoder" ? null : answers[at];
    const says = !answer ? "" : !answer.asked ? " Nobody asks here." : ` it says ${quoted(answer.said)} with ${percent(answer.sure, 0)}${answer.target === null ? "" : answer.right ? `, which is right: loss −ln ${number(Math.exp(-answer.loss))} = ${answer.loss.toFixed(3)} nats` : `; right would be ${quoted(answer.target)}, which it gives ${percent(Math.exp(-answer.loss))}: loss ${answer.loss.toFixed(3)} nats`}.`;
    const where = `${stack === "decoder" ? "Having read" : "At"} ${name(stack, at)}, token ${at + 1}${isResting ? " (point at another one)" : ""}${answer?.asked ? "," : "."}`;
    setText(one, `${where}${says} ${looks}`);
    const lengths = stage.streams[stack].map(({ norms }) => number(norms[at]));
    setText(path, `The length of its vector along the stream: ${lengths.join(" → ")}.`);
  }

  // The chosen attention, where this token asks in it; else the last of its stack.
  function grids(stack) {
    const chosen = stage.attended.in(stage.moment.pass);
    if (chosen.grid.stack === stack) return chosen;
    return { grid: stage.moment.pass.grids.findLast((grid) => grid.stack === stack && grid.kind === "attention"), head: 0 };
  }

  // Where the scale of the thumbnails ends: of each attention for itself, while none has made up its mind.
  function fullest() {
    const ends = [...new Set([...stage.full.values()].map((full) => number(full, 2)))].sort();
    return ends.length === 1 ? (ends[0] === "1" ? "1" : `≥ ${ends[0]}`) : `≥ ${ends[0]} … ${ends.at(-1)}, of each attention`;
  }

  function draw() {
    const { moment, ctx: { colors } } = stage;
    if (!moment || !flow.isDrawn()) return;
    sayAll();
    sayOne(toldOf());
    flow.say(`The network from left to right: tokens, their vectors, ${stage.scene.numbers.spec.layers} blocks, the answers. ${all.textContent} ${one.textContent} The rows of tokens above walk through it by keyboard.`);
    const { limit, high } = flow.strips;
    setText(signed.low, `≤ −${number(limit)}`);
    setText(signed.high, `≥ ${number(limit)}`);
    setText(lengths, `bar beside a strip: length of the token’s vector, 0 to ${number(flow.longest())}`);
    setText(weight.low, "0");
    setText(weight.high, fullest());
    setText(units.low, "0");
    setText(units.high, `≥ ${number(high ?? 1)}`);
    units.element.classList.toggle("hidden", high === null);
    const stops = (of, from) => Array.from({ length: 9 }, (_, k) => `rgb(${of(from + ((1 - from) * k) / 8).join(" ")})`).join(", ");
    area.style.setProperty("--diverging", stops(colors.diverging, -1));
    area.style.setProperty("--sequential", stops(colors.sequential, 0));
  }

  return { draw, words: () => [all.textContent, one.textContent, path.textContent] };
}
