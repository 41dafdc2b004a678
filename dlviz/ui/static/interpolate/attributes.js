// A direction that stands for an attribute: the mean code of one class less that of another, added to a picture by degrees.

import { h, number, percent, setText } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";
import { combine, norm } from "../lib/latentpath.js";
import { changed } from "../lib/memo.js";
import { readingOf } from "../lib/reading.js";

const STRENGTHS = [-0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5];

/** The mean of the codes (n · latent) of one class; null where there is none of it. */
export function meanOf(codes, labels, label, latent) {
  const sum = new Float64Array(latent);
  let count = 0;
  labels.forEach((each, i) => {
    if (each !== label) return;
    count += 1;
    for (let k = 0; k < latent; k += 1) sum[k] += codes[i * latent + k];
  });
  return count ? sum.map((value) => value / count) : null;
}

export function buildAttributes({ ctx, happened }) {
  const state = { to: null, from: null };
  let [shown, built] = [null, ""];
  const isNew = changed(); // playing draws again and again, and changes nothing here
  const menu = (key, label) => {
    const select = h("select", { "aria-label": label, onchange: () => { state[key] = Number(select.value); happened(); ctx.redraw(); } });
    return select;
  };
  const [to, from] = [menu("to", "Mean of the class"), menu("from", "less the mean of the class")];
  const cards = STRENGTHS.map((strength) => {
    const [canvas, words] = [h("canvas.ip-picture", { width: 1, height: 1, role: "img" }), h("span.ip-said.value")];
    return { strength, canvas, words, element: h("figure.ip-one", canvas, words, h("span.small.muted.value", `s = ${number(strength)}`)) };
  });
  const row = h("div.ip-scroll", { tabindex: 0, role: "region", "aria-label": "The attribute by degrees", style: { "--count": STRENGTHS.length } }, h("div.ip-strip", h("div.ip-row", cards.map((card) => card.element))));
  const sentence = h("p.ip-sentence.value", { "aria-live": "polite" });
  const element = h("section.ip-part", { "aria-label": "Attribute vectors" }, h("h3", "Attribute vectors: means of classes"),
    h("div.row", h("span", "z = μ(a) + s · ( mean of"), h("span.menu", to), h("span", "− mean of"), h("span.menu", from), h("span", ")")), row, sentence);

  function show({ scene, frame, moment, read, input, told }) {
    const { classes, shape } = scene.numbers;
    const isSensible = classes.length > 1 && !moment.network.told && input;
    element.classList.toggle("hidden", !isSensible);
    if (!isSensible) {
      shown = null;
      return;
    }
    if (built !== classes.join()) {
      built = classes.join();
      for (const select of [to, from]) select.replaceChildren(...classes.map((name, k) => h("option", { value: k }, name)));
      Object.assign(state, { from: null, to: null });
    }
    const less = state.from ?? input.truth; // until somebody chooses: from the class of a to the next
    const more = state.to ?? (less + 1) % classes.length;
    [to.value, from.value] = [more, less];
    if (!isNew(moment, frame, read, input, told, more, less)) return;
    shown = null;
    const { latent } = moment.network;
    const [wanted, given] = [more, less].map((label) => meanOf(frame.arrays.mean.data, scene.arrays.labels.data, label, latent));
    for (const card of cards) card.element.classList.toggle("hidden", !wanted || !given);
    if (!wanted || !given) {
      setText(sentence, `There are no test pictures of ${classes[wanted ? less : more]}, so it has no mean.`);
      return;
    }
    const vector = combine([1, wanted], [-1, given]);
    const { mean } = moment.network.encode(input.pixels, input.truth);
    const readings = cards.map(({ strength, canvas, words }) => {
      const { picture } = moment.network.decode(combine([1, mean], [strength, vector]), told);
      paintPixels(canvas, picture, shape);
      const said = readingOf(read, picture);
      setText(words, said ? `${classes[said.answer]} · ${percent(said.confidence, 0)}` : "");
      canvas.setAttribute("aria-label", `s = ${number(strength)}${said ? `: read as ${words.textContent}` : ""}`);
      return { strength, said, picture };
    });
    const [before, after] = [0, 1].map((strength) => readings.find((each) => each.strength === strength));
    const words = before.said ? `With s = 0 the picture a is read as ${classes[before.said.answer]}, ${percent(before.said.confidence, 0)}; with s = 1 as ${classes[after.said.answer]}, ${percent(after.said.confidence, 0)}. The two means are ${number(norm(vector), 2)} apart.` : `The two means are ${number(norm(vector), 2)} apart.`;
    setText(sentence, words);
    shown = { to: more, from: less, vector: [...vector], pictures: readings.map(({ picture }) => [...picture]), sentence: words };
  }

  return { element, show, read: () => shown, forget() { built = ""; } };
}
