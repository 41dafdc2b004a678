// The residual stream: the vector of one token as a sum of parts, and what each part says directly for an answer.

import { h, percent, replace, setText, steady } from "../lib/dom.js";
import { softmax } from "../lib/transformer.js";
import { contributionsOf } from "./contributing.js";

const PARTS = { embedding: "Embedding", position: "Position", attention: "attention", cross: "cross-attention", feed_forward: "feed-forward" };

const SPOKEN_FROM = 0.1; // logits: less against an answer is not worth a sentence

const partName = ({ layer, part }) => (layer === null ? PARTS[part] : `Layer ${layer + 1} ${PARTS[part]}`);

/** `onanswer(class | null)`: which answer is asked about, null for the network's own; `onpart(id)`: a row pointed at. */
export function buildResidual({ onanswer, onpart }) {
  const menu = h("select", { id: "transformer-answer", onchange: () => onanswer(menu.value === "" ? null : Number(menu.value)) });
  const sentence = h("p.sentence", { "aria-live": "polite" });
  const about = h("p.about");
  const rows = h("tbody");
  const heads = h("tr", h("th", { scope: "col" }, "Part"), h("th", { scope: "col", colspan: 2 }, "Norm"), h("th.split", { scope: "col" }, "Cosine with the sum"), h("th.split", { scope: "col", colspan: 2 }, "Straight to the logit"));
  const table = h("table", h("thead", heads), rows);
  const element = h("section.part.residual", { "aria-label": "Residual stream" },
    h("h3", "Residual stream: one vector, and who wrote what into it"), about,
    h("div.row", h("label.label", { for: "transformer-answer" }, "Asked about the answer"), menu), sentence, h("div.wide", table));
  let last = null;

  /** `moment`, the answering `stack`, token `t`, `answer` or null; `token`: its name. */
  function show({ moment, stack, t, answer, token }) {
    const { network, pass } = moment;
    const classes = network.classes.length;
    const chances = softmax(pass.logits.subarray(t * classes, (t + 1) * classes));
    const best = chances.indexOf(Math.max(...chances));
    const asked = answer ?? best;
    const right = moment.targets?.[t] ?? -1;
    last = { ...contributionsOf(network, stack, t, asked), t, asked, best };
    options(network, chances, best, right, answer);
    setText(about, aboutOf(network.spec.norm, stack.name, token, t));
    setText(sentence, said(last, network, chances));
    table.classList.toggle("joined", !last.separates);
    const widest = Math.max(...last.parts.map(({ norm }) => norm));
    const most = last.separates ? Math.max(...last.parts.map(({ contribution }) => Math.abs(contribution)), Math.abs(last.bias), Math.abs(last.logit)) : 1;
    const line = (name, part, cells) => h("tr", { class: part ? "" : "sum", onpointerenter: () => onpart(part), onpointerleave: () => onpart(null) }, h("th", { scope: "row" }, name), cells);
    const split = (cosine, value) => (last.separates ? [h("td.split.value", cosine === null ? "" : steady(cosine, 2)), h("td.split", signedBar(value / most)), h("td.split.value", signed(value))] : []);
    replace(rows,
      last.parts.map((part) => line(partName(part), part, [h("td", h("span.bar", h("i", { style: { width: `${(part.norm / widest) * 100}%` } }))), h("td.value", steady(part.norm, 2)), split(part.cosine, part.contribution)])),
      last.separates ? [line("Biases", null, [h("td"), h("td"), split(null, last.bias)]), line("Sum = the logit", null, [h("td"), h("td.value", steady(Math.hypot(...last.end), 2)), split(null, last.logit)])] : []);
  }

  function options(network, chances, best, right, answer) {
    const written = (id) => `${network.classes[id] === "$" ? "end" : network.classes[id] === " " ? "space" : network.classes[id]}, ${percent(chances[id])}`;
    const order = [...chances.keys()].sort((a, b) => chances[b] - chances[a]);
    replace(menu, h("option", { value: "" }, `its own: ${written(best)}`), right >= 0 && right !== best ? h("option", { value: right }, `the right one: ${written(right)}`) : null, order.map((id) => h("option", { value: id }, written(id))));
    menu.value = answer === null ? "" : String(answer);
  }

  return { element, show, read: () => last };
}

function aboutOf(norm, name, token, t) {
  const where = name === "decoder" ? `the decoder's step ${t + 1}, where it has read ${token} last` : `token ${t + 1}, ${token}`;
  if (norm === "post") return `At ${where}: with a layer norm after each sum, what a part wrote is scaled again by every norm that follows. The final vector is then no sum of parts with fixed shares, so there are only their norms, as each was when it was added.`;
  const through = norm === "pre" ? "The last layer norm is taken at the scale that it really had here, 1 / standard deviation of the whole sum, which makes it linear: each part is centred, divided by that, multiplied by the norm's gains and by the answer's row of the last layer." : "There is no layer norm: each part is multiplied by the answer's row of the last layer.";
  return `At ${where}: between the embedding and the answers there are only sums. ${through} With the biases these terms sum to the logit. What a part does by way of later parts is not in its term.`;
}

function said({ parts, separates, logit, asked, bias }, network, chances) {
  const name = network.classes[asked] === "$" ? "end" : network.classes[asked] === " " ? "a space" : network.classes[asked];
  if (!separates) {
    const largest = parts.reduce((a, b) => (b.norm > a.norm ? b : a));
    return `${partName(largest)} wrote the longest vector here, ${steady(largest.norm, 2)}.`;
  }
  const most = parts.reduce((a, b) => (b.contribution > a.contribution ? b : a));
  const least = parts.reduce((a, b) => (b.contribution < a.contribution ? b : a));
  const against = least.contribution < -SPOKEN_FROM ? `; ${partName(least)} speaks most against it (${signed(least.contribution)})` : "";
  return `The logit of “${name}” is ${signed(logit)} (${percent(chances[asked])}). ${partName(most)} speaks most for it (${signed(most.contribution)})${against}. Biases add ${signed(bias)}.`;
}

const signed = (x) => (x < 0 ? steady(x, 2) : `+${steady(x, 2)}`);

function signedBar(share) {
  const size = `${Math.min(1, Math.abs(share)) * 50}%`;
  return h("span.bar.signed", h("i", { class: share < 0 ? "below" : "above", style: { width: size, [share < 0 ? "right" : "left"]: "50%" } }));
}
