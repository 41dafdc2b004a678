// The network as a row of boxes: features, each layer with its width, what turns nodes into answers, and the answers.

import { count, h, setText } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";
import { widthsControl } from "../lib/widths.js";
import { KINDS, TERMS, countOf, termsOf } from "./builderlayers.js";

const FEATURES = { identity: "one-hot: who it is", degree: "its degree", constant: "the same for all", own: "its own features" };

/** {element, show(), read()}; `changes(sizes)` are the changes that belong to other widths. */
export function buildRow(stage, { changes }) {
  const settings = settingsOf(stage);
  const boxes = new Map(); // layer → its words
  const ofLayer = (k) => {
    if (!boxes.has(k)) boxes.set(k, { name: h("span.gnb-box-name.small"), cost: h("span.gnb-cost.value") });
    const { name, cost } = boxes.get(k);
    return [name, cost];
  };
  const box = (kind) => {
    const made = { name: h("span.gnb-box-name.small"), big: h("b.gnb-big.value"), cost: h("span.gnb-cost.value") };
    return { ...made, element: h(`div.gnb-box.gnb-${kind}`, made.name, made.big, made.cost) };
  };
  const arrow = () => h("span.muted.arrow", { "aria-hidden": "true" }, "→");
  const [features, readout, head, answers] = ["features", "readout", "head", "answers"].map(box);
  const readoutArrow = arrow();
  const widths = widthsControl(stage, "hidden", "features", { changes, around: ofLayer });
  const total = h("p.gnb-total.value");
  const element = h("div", h("div.gnb-boxes", features.element, arrow(), widths.element, arrow(), readout.element, readoutArrow, head.element, arrow(), answers.element), total);
  let drawn = null;

  function show() {
    const { rows, spec, classes, parameters, target } = stage.scene.numbers;
    const last = rows.at(-1).outputs;
    const outputs = spec.task === "link" ? 0 : classes.length || 1;
    setText(features.name, "features");
    setText(features.big, count(rows[0].inputs));
    setText(features.cost, FEATURES[spec.features]);
    rows.forEach((row, k) => {
      ofLayer(k);
      const { name, cost } = boxes.get(k);
      const beside = [row.residual && "residual", row.norm !== "none" && "PairNorm", row.activation !== "none" && { relu: "ReLU", tanh: "tanh" }[row.activation]].filter(Boolean);
      setText(name, [`${KINDS[row.kind].name} ${k + 1}`, ...beside].join(" · "));
      setText(cost, `${termsOf(row)} = ${count(countOf(row))}`);
      cost.title = TERMS[row.kind];
    });
    const isSet = ["graph", "regression"].includes(spec.task);
    readout.element.classList.toggle("hidden", !isSet);
    readoutArrow.classList.toggle("hidden", !isSet);
    setText(readout.name, "readout");
    setText(readout.big, spec.readout);
    setText(readout.cost, "nodes → one row");
    setText(head.name, outputs ? "linear head" : "two nodes’ product");
    setText(head.big, outputs ? `${last} → ${outputs}` : "σ(h · h)");
    const ofHead = outputs ? (last + 1) * outputs : 0;
    setText(head.cost, outputs ? `${last} × ${outputs} + ${outputs} = ${count(ofHead)}` : "nothing to learn");
    setText(answers.name, "answer");
    setText(answers.big, outputs === 0 ? "edge?" : spec.task === "regression" ? "1" : count(outputs));
    setText(answers.cost, outputs === 0 ? "for each pair" : spec.task === "regression" ? target.toLowerCase() : `classes a ${spec.task}`);
    const layers = rows.map((row) => ({ kind: row.kind, inputs: row.inputs, outputs: row.outputs, terms: termsOf(row), count: countOf(row) }));
    const sum = layers.reduce((all, each) => all + each.count, ofHead);
    setText(total, `In all ${[...layers.map((each) => count(each.count)), ...(outputs ? [count(ofHead)] : [])].join(" + ")} = ${count(sum)} numbers are learned.`);
    drawn = { layers, head: ofHead, total: sum, parameters, hidden: settings.value("hidden") };
  }

  return { element, show, read: () => ({ ...drawn, boxes: [...element.querySelectorAll(".gnb-cost")].map(({ textContent }) => textContent), written: total.textContent }) };
}
