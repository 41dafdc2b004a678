// What is known of one node or edge: read for whatever the pointer is on, and to be changed for what is picked.

import { count, h, icon, number, parseNumber, replace, setText } from "../lib/dom.js";
import { classFill } from "../lib/graphview.js";
import { nameOf } from "./editoredits.js";
import { bondName, isMolecule } from "./editorpicture.js";
import { pairScore, shareOf } from "./editorlinks.js";

const capital = (words) => words[0].toUpperCase() + words.slice(1);
const MOST_SHOWN = 8; // features of a node in its line

/** `{element, show(state), read()}`; `acts`: what the fields change. */
export function buildDetails(acts) {
  const title = h("p.ge-name");
  const facts = h("p.small.muted");
  const bars = h("div.ge-bars");
  const reading = h("div.ge-reading", title, facts, bars);
  const form = h("div.ge-form");
  const element = h("div.ge-details", reading, form);
  let built = "";

  function show(state) {
    const { graph, hovered, hoveredEdge, picked, edge } = state;
    const at = hovered ?? (hoveredEdge === null && edge === null ? picked : null);
    const line = hovered === null ? hoveredEdge ?? edge : null;
    if (at !== null && graph.nodes[at]) readNode(state, at);
    else if (line !== null && graph.edges[line]) readEdge(state, line);
    else [title, facts].forEach((one) => setText(one, "")), replace(bars);
    const node = edge === null ? graph.nodes[picked] : null;
    const key = JSON.stringify([edge, edge !== null && [graph.edges[edge], graph.directed], node && [node, picked], graph.classes, graph.featureNames, state.usesOwn, state.task]);
    // What is being typed must survive: the fields are made anew only for another node, edge or edit.
    if (key !== built) {
      built = key;
      const focused = form.getRootNode().activeElement?.dataset?.field;
      replace(form, (edge !== null && graph.edges[edge] ? formOfEdge(graph, edge) : node ? formOfNode(state, picked) : []).flat());
      if (focused) form.querySelector(`[data-field="${focused}"]`)?.focus({ preventScroll: true });
    }
  }

  // --- reading ------------------------------------------------------------------------------------

  function readNode({ graph, picture, scene, drawn, colors }, at) {
    const node = graph.nodes[at];
    const degree = graph.edges.filter(({ a, b }) => (graph.directed ? b === at : a === at || b === at)).length;
    setText(title, capital(nameOf(graph, at)));
    const parts = [graph.directed ? `${count(degree)} coming in` : `degree ${count(degree)}`, featuresOf(graph, scene, drawn, at)];
    if (node.label >= 0 && graph.classes[node.label]) parts.push(`class ${graph.classes[node.label]}${node.given ? ", told in training" : ", not told"}`);
    else if (scene.numbers.spec.task === "node") parts.push("class unknown");
    if (picture.reach) parts.push(picture.reach.steps[at] < 0 ? "not heard of" : `heard of after ${picture.reach.steps[at]} of ${picture.reach.layers} layers`);
    setText(facts, parts.join(" · "));
    const { rest } = picture.said[at];
    if (bars.children.length !== rest.length || bars.dataset.names !== graph.classes.join("|")) {
      bars.dataset.names = graph.classes.join("|");
      replace(bars, rest.map((_, k) => h("div.ge-bar", h("span.ge-bar-name", graph.classes[k]), h("span.ge-track", h("i", { style: { background: classFill(colors, k) } })), h("span.value"))));
    }
    rest.forEach((share, k) => {
      const [, track, value] = bars.children[k].children;
      track.firstChild.style.width = `${(share * 100).toFixed(1)}%`;
      setText(value, share.toFixed(3));
    });
  }

  function readEdge({ graph, scene, picture, result }, at) {
    const edge = graph.edges[at];
    setText(title, `${capital(nameOf(graph, edge.a))} ${graph.directed ? "→" : "–"} ${nameOf(graph, edge.b)}`);
    const parts = [edge.kind >= 0 ? `${bondName(edge.kind)} bond` : `weight ${number(edge.weight)}`];
    if (scene.numbers.spec.task === "link" && result) {
      const [a, b] = [edge.a, edge.b].map((k) => picture.there?.[k] ?? k);
      const score = pairScore(result, a, b);
      parts.push(picture.edges[at].dashed ? "kept back: no message runs along it" : "seen in training", `the network says ${shareOf(score).toFixed(3)}`);
    }
    setText(facts, parts.join(" · "));
    replace(bars);
  }

  // --- changing -----------------------------------------------------------------------------------

  const field = (name, value, label, take, attributes = {}) => {
    const input = h("input", {
      type: "text", value, "data-field": name, "aria-label": label, autocomplete: "off", spellcheck: "false", ...attributes,
      onchange: () => take(input),
      onkeydown: (event) => {
        if (event.key === "Escape") { input.value = value; input.removeAttribute("aria-invalid"); }
        if (event.key === "Enter") take(input);
      },
    });
    return input;
  };

  const numeric = (name, value, label, take) => field(name, String(value), label, (input) => {
    const typed = parseNumber(input.value);
    const isGood = Number.isFinite(typed) && take(typed);
    input.toggleAttribute("aria-invalid", !isGood);
    if (!isGood) input.setAttribute("aria-invalid", "true");
  }, { inputmode: "decimal", class: "ge-number-field value" });

  function formOfNode({ graph, usesOwn, task }, at) {
    const node = graph.nodes[at];
    const choice = h("select", { "data-field": "class", "aria-label": "Class of the node", onchange: () => acts.label(at, Number(choice.value), node.given) },
      h("option", { value: -1 }, "unknown"), graph.classes.map((name, k) => h("option", { value: k }, name)));
    choice.value = String(node.label);
    const told = h("button.ge-toggle", { type: "button", "data-field": "told", "aria-pressed": String(node.given), disabled: node.label < 0, onclick: () => acts.label(at, node.label, !node.given) }, "Told");
        const isClassed = task === "node" || graph.classes.length > 0;
    const classes = [
      h("label.ge-field", h("span.label", "Class"), h("span.menu", choice)), told,
      node.label >= 0 ? h("label.ge-field", h("span.label", "Name of that class"), field("classname", graph.classes[node.label], "Name of the class", (input) => acts.renameClass(node.label, input.value))) : null,
    ];
    if (isMolecule(graph)) return formOfAtom(graph, at, usesOwn, task === "node" ? classes : []);
    return [
      h("label.ge-field", h("span.label", "Name"), field("name", node.name, "Name of the node", (input) => acts.rename(at, input.value))),
      isClassed ? classes : null,
      h("button.plain", { type: "button", "data-field": "erase", onclick: () => acts.erase(at) }, icon("eraser", 16), "Erase"),
      h("div.ge-features",
        h("span.label", graph.featureNames.length ? "The graph's own features" : "The graph has no features of its own"),
        graph.featureNames.map((name, f) => h("label.ge-feature", h("span.small", name), numeric(`feature ${f}`, Number(node.features[f].toPrecision(6)), `Feature ${name}`, (value) => acts.feature(at, f, value)),
          h("button.square.plain", { type: "button", title: `Remove ${name} from every node`, "aria-label": `Remove the feature ${name}`, onclick: () => acts.removeFeature(f) }, icon("cross", 13)))),
        h("button.chip.plain", { type: "button", "data-field": "addfeature", onclick: () => acts.addFeature() }, "+ feature"),
        graph.featureNames.length && !usesOwn ? h("button.chip", { type: "button", "data-field": "useown", onclick: () => acts.useOwn() }, "Give these to the network") : null,
        graph.featureNames.length && usesOwn ? h("span.small.muted", "The network is given these.") : null),
    ];
  }

  function formOfAtom(graph, at, usesOwn, classes) {
    const { name } = graph.nodes[at];
    const known = graph.featureNames.includes(name) ? graph.featureNames : [name, ...graph.featureNames];
    const choice = h("select", { "data-field": "element", "aria-label": "Element of the atom", onchange: () => acts.element(at, choice.value) }, known.map((element) => h("option", { value: element }, element)));
    choice.value = name;
    return [
      h("label.ge-field", h("span.label", "Element"), h("span.menu", choice)), classes,
      h("button.plain", { type: "button", "data-field": "erase", onclick: () => acts.erase(at) }, icon("eraser", 16), "Erase"),
      usesOwn || !graph.featureNames.length ? null : h("button.chip", { type: "button", "data-field": "useown", onclick: () => acts.useOwn() }, "Tell the network the elements"),
    ];
  }

  function formOfEdge(graph, at) {
    const edge = graph.edges[at];
    const bond = h("select", { "data-field": "bond", "aria-label": "Kind of the bond", onchange: () => acts.edge(at, { kind: Number(bond.value) }) }, [0, 1, 2, 3].map((kind) => h("option", { value: kind }, bondName(kind))));
    bond.value = String(edge.kind);
    return [
      edge.kind >= 0 ? h("label.ge-field", h("span.label", "Bond"), h("span.menu", bond)) : null,
      h("label.ge-field", h("span.label", "Weight"), numeric("weight", Number(edge.weight.toPrecision(6)), "Weight of the edge", (weight) => acts.edge(at, { weight }))),
      graph.directed && edge.a !== edge.b ? h("button.plain", { type: "button", "data-field": "turn", onclick: () => acts.turn(at) }, "Turn round") : null,
      h("button.plain", { type: "button", "data-field": "erase", onclick: () => acts.eraseEdge(at) }, icon("eraser", 16), "Erase"),
    ];
  }

  return { element, show, read: () => ({ title: title.textContent, facts: facts.textContent, bars: [...bars.children].map((bar) => bar.lastChild.textContent) }) };
}

// What the network is given of a node, in words.
function featuresOf(graph, scene, drawn, at) {
  const { spec, feature_names: names } = scene.numbers;
  const node = graph.nodes[at];
  if (spec.features === "identity") return `one-hot identity, ${count(drawn.count)} numbers`;
  if (spec.features === "constant") return "feature 1, as all have";
  if (spec.features === "degree") return "its degree as only feature";
  const held = node.features.map((value, f) => [graph.featureNames[f] ?? names[f], value]);
  const isOneHot = held.length > 1 && held.filter(([, value]) => value === 1).length === 1 && held.every(([, value]) => value === 0 || value === 1);
  if (isOneHot) return `one-hot ${held.find(([, value]) => value === 1)[0]} of ${held.length}`;
  return held.slice(0, MOST_SHOWN).map(([name, value]) => `${name} ${number(value)}`).join(", ") + (held.length > MOST_SHOWN ? " …" : "") || "no features";
}
