// What the colours and marks of the drawing mean, and in a sentence how the network does on it.

import { count, h, number, replace, setText, steady } from "../lib/dom.js";
import { classFill } from "../lib/graphview.js";
import { bondName, elementFill, paled } from "./editorpicture.js";
import { nameOf } from "./editoredits.js";

const swatch = (fill, shape = "") => h(`i.ge-swatch${shape}`, { style: fill ? { background: fill } : {} });

/** `{element, sentence, show(state), read()}`; `acts`: label(k) chooses a class to tell, addClass(), join(a, b). */
export function buildLegend(acts) {
  const element = h("div.ge-legend");
  const sentence = h("p.ge-sentence");
  let built = "";
  let last = [];

  function show(state) {
    const { graph, scene, picture, colors, label, tool } = state;
    const { spec } = scene.numbers;
    setText(sentence, picture.reach ? reachWords(state) : sentenceOf(state));
    const links = picture.links && { ...picture.links, offered: picture.offered.map(({ a, b, share }) => [a, b, share.toFixed(2)]) };
    const elements = [...new Set(graph.nodes.map(({ name }) => name))].sort();
    const kinds = [...new Set(graph.edges.map(({ kind }) => kind))].sort();
    const isSet = spec.task === "graph" || spec.task === "regression";
    const weights = graph.edges.map(({ weight }) => weight);
    const [lightest, heaviest] = [Math.min(...weights), Math.max(...weights)];
    const key = JSON.stringify([spec.task, lightest, heaviest, graph.classes, colors.dark, picture.reach && [picture.reach.counts, picture.reach.at], links, isSet && kinds[0] >= 0 && [elements, kinds], label, tool, links && graph.nodes.map(({ name }) => name)]);
    if (key === built) return;
    built = key;
    const heavy = lightest < heaviest && !(kinds[0] >= 0) ? h("span.ge-key", h("i.ge-bond"), h("i.ge-bond.ge-bond-2"), `weight ${number(lightest)} to ${number(heaviest)}`) : null;
    const fills = picture.reach?.fills(colors);
    if (picture.reach) {
      last = picture.reach.counts.map((n, hop) => `${hop}: ${n}`);
      replace(element, picture.reach.counts.map((n, hop) => h("span.ge-key", swatch(fills[hop]), hop === 0 ? "itself" : `${hop} ${hop === 1 ? "step" : "steps"} away: ${count(n)}`)));
    } else if (kinds[0] >= 0 && isSet) {
      last = [...elements, ...kinds.map(bondName)];
      replace(element, elements.map((one) => h("span.ge-key", swatch(elementFill(colors, one)), one || "?")), kinds.map((kind) => h("span.ge-key", h(`i.ge-bond.ge-bond-${kind}`), bondName(kind))));
    } else if (spec.task === "link") {
      last = [`found ${links.found}`, `missed ${links.missed}`];
      replace(element,
        h("span.ge-key", h("i.ge-line", { style: { "border-color": colors.positive } }), `kept back and found: ${count(links.found)}`),
        h("span.ge-key", h("i.ge-line", { style: { "border-color": colors.negative } }), `kept back and missed: ${count(links.missed)}`),
        links.offered.length ? h("span.ge-key", h("i.ge-line", { style: { "border-color": colors.accent } }), "most probable, not there:") : null,
        heavy,
        links.offered.map(([a, b, share]) => h("button.chip", { type: "button", title: "Join the two", onclick: () => acts.join(a, b) }, `${nameOf(graph, a)} – ${nameOf(graph, b)}`, h("span.muted.value", share))));
    } else if (isSet) {
      last = [];
      replace(element, h("span.ge-key.muted", "Nodes of these graphs have no classes; the whole graph has one answer."));
    } else {
      const shares = [0, 0.25, 0.5, 0.75, 1].map((t) => 1 / graph.classes.length + t * (1 - 1 / graph.classes.length));
      last = [...graph.classes];
      replace(element,
        h("div.ge-classes", { role: "radiogroup", "aria-label": "The class that Label tells" }, graph.classes.map((name, k) => h("button.chip.ge-class", {
          type: "button", role: "radio", "aria-checked": String(k === label && tool === "label"), title: `Label nodes as ${name}`, onclick: () => acts.label(k),
        }, swatch(classFill(colors, k)), name)), h("button.chip.plain", { type: "button", title: "One more class to tell", onclick: () => acts.addClass() }, "+ class")),
        h("span.ge-key", "unsure", shares.map((share) => swatch(paled(colors, 0, share, graph.classes.length), ".ge-step")), `sure (${number(shares[0] * 100, 2)} to 100 %)`),
        h("span.ge-key", swatch("", ".ge-told"), "told in training"),
        h("span.ge-key", h("i.ge-swatch.ge-ring", { style: { "border-color": classFill(colors, 0) } }), "ring: its true class, not told"),
        h("span.ge-key", h("b.ge-cross", "✕"), "answered wrong"),
        heavy);
    }
  }

  return { element, sentence, show, read: () => ({ entries: [...last], sentence: sentence.textContent }) };
}

function reachWords({ graph, scene: { numbers: { spec } }, picture: { reach } }) {
  const without = spec.layer === "naive" && !spec.residual ? ` Without self-loops it hears of them along walks of exactly ${reach.layers} steps only.` : "";
  const heard = reach.counts.reduce((sum, n) => sum + n, 0) - 1;
  const layers = `${reach.layers} ${reach.layers === 1 ? "layer" : "layers"}`;
  return `After ${layers} ${nameOf(graph, reach.at)} has heard of ${count(heard)} of the ${count(graph.nodes.length - 1)} other nodes: as many steps as there are layers, and not one more.${without}`;
}

function sentenceOf({ graph, scene, picture, result, frame, spec = scene.numbers.spec, drawn }) {
  if (!result) return "";
  const step = frame ? `After step ${count(frame.step)}` : "Now";
  if (spec.task === "node") {
    const told = graph.nodes.filter(({ given }) => given).length;
    const asked = graph.nodes.filter((node, k) => !node.given && node.label >= 0 && picture.said[k].label >= 0);
    const wrong = picture.said.filter(({ isWrong }) => isWrong).length;
    if (!asked.length) return `${step}: ${count(told)} ${told === 1 ? "node is" : "nodes are"} told; of the others nobody knows the class, so the colours are the network's word alone.`;
    return `${step} the network answers ${count(asked.length - wrong)} of ${count(asked.length)} nodes right that it was not told. It was told ${count(told)}.`;
  }
  if (spec.task === "link") {
    const { held, found } = picture.links;
    return `${step} the network finds ${count(found)} of the ${count(held)} edges that were kept back: it says they are there, and no message ran along them.`;
  }
  if (spec.task === "regression") {
    const said = result.answers[0] * scene.numbers.spread + scene.numbers.mean;
    const truth = Number.isFinite(drawn.target) ? `has ${number(drawn.target)} ${scene.numbers.target.toLowerCase()}` : "is your own, and nobody has counted";
    return `This graph ${truth}. ${step} the network says ${steady(said, 2)}.`;
  }
  const { share, label } = answerOfGraph(scene, result);
  const word = scene.numbers.classes[label].toLowerCase();
  const truth = drawn.label >= 0 ? `This graph is ${scene.numbers.classes[drawn.label].toLowerCase()} (${drawn.split === 0 ? "told in training" : "kept back"}).` : "This graph is your own; nobody has told its class.";
  const verdict = drawn.label >= 0 ? (drawn.label === label ? ", which is right" : ", which is wrong") : "";
  return `${truth} ${step} the network says ${word} with probability ${share.toFixed(2)}${verdict}.`;
}

/** {label, share}: the class the network gives the graph on screen. */
export function answerOfGraph(scene, result) {
  const raised = Array.from(result.answers, (value) => Math.exp(value - Math.max(...result.answers)));
  const label = raised.indexOf(Math.max(...raised));
  return { label, share: raised[label] / raised.reduce((sum, value) => sum + value, 0) };
}
