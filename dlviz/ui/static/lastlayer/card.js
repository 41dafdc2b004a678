// One picture opened: large, what it is and what the network answers, and its nearest neighbours, by pixels and by features.

import { h, number, percent, replace, setText } from "../lib/dom.js";
import { thumbnail } from "../lib/album.js";

/** `put(index)` puts a test picture on the stage; `point(index)` points at one. */
export function buildCard({ put, point }) {
  const large = h("div.large");
  const title = h("h4");
  const answer = h("p.value");
  const far = h("p.small.muted.value");
  const words = h("div.said", { "aria-live": "polite" }, title, answer, far);
  const rows = { features: h("div.thumbs"), pixels: h("div.thumbs") };
  const heads = { features: h("h5.label"), pixels: h("h5.label") };
  const stage = h("button.small-button", { type: "button" }, "Put it on the stage");
  const element = h("aside.card.inspected", { "aria-label": "The picture looked at" },
    h("div.row.top", large, words), heads.features, rows.features, heads.pixels, rows.pixels, stage);
  let shown = "";

  /**
   * {key, index: place among the test pictures or null, picture, truth: name or null, answer, confidence, distances: {own, rival,
   * rivalName} | null, neighbours: {features, pixels}: [{index, label, distance}] | null, pictureOf, names}. `key` names all of it.
   */
  function show(subject) {
    if (subject.key === shown) return;
    shown = subject.key;
    const { index, truth, picture, distances, neighbours, pictureOf, names } = subject;
    replace(large, picture ? thumbnail(picture, index === null ? "The picture on the stage" : `Test picture ${index}`) : null);
    setText(title, subject.isPointed ? `Test picture ${index}` : index === null ? "Your picture" : `On the stage: test picture ${index}`);
    replace(answer, ...said(subject));
    setText(far, distances ? `${number(distances.own)} from the middle of its class, ${number(distances.rival)} from the next one, ${distances.rivalName}.` : "");
    for (const space of ["features", "pixels"]) {
      const found = neighbours[space];
      const alike = truth === null || !found ? null : found.filter(({ label }) => names[label] === truth).length;
      setText(heads[space], `Nearest by ${space}${alike === null ? "" : `: ${alike} of ${found.length} are ${truth}`}`);
      replace(rows[space], (found ?? []).map((each) => neighbour(each, truth, pictureOf, names)));
    }
    stage.classList.toggle("hidden", !subject.isPointed);
    stage.onclick = () => put(index);
  }

  function said({ truth, answer: given, confidence }) {
    if (given === null) return [truth === null ? "" : `It is ${truth}.`];
    const sure = `with ${percent(confidence).replace(" ", "\u00a0")}`;
    if (truth === null) return [`Taken for ${given} ${sure}.`];
    return given === truth ? [`${truth}, recognised ✓ ${sure}.`] : [h("b.wrong", `${truth}, taken for ${given}`), ` ${sure}.`];
  }

  function neighbour({ index, label, distance }, truth, pictureOf, names) {
    const other = truth !== null && names[label] !== truth;
    const words = `Test picture ${index}: ${names[label]}, at a distance of ${number(distance)}`;
    return h("button.neighbour.plain", { type: "button", title: words, onclick: () => point(index) },
      thumbnail(pictureOf(index), words), h("span.label.value", { class: other ? "wrong" : "" }, names[label]));
  }

  return { element, show };
}
