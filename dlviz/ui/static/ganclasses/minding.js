// What D says of one and the same example when it is told each class: a bar each.

import { h, percent, replace, setText, steady } from "../lib/dom.js";
import { said } from "../lib/gan.js";
import { paintPixels } from "../lib/pixels.js";
import { pixelsOf, underEveryClass } from "./asking.js";

/** Whether D's outputs are probabilities. */
export const hasOdds = (loss) => loss === "nonsaturating" || loss === "minimax";

/** `{element, draw(now), read()}`; `now`: {moment, scene, picked: {label, example, reading}}. */
export function buildMinding() {
  const canvas = h("canvas.gc-judged", { role: "img" });
  const what = h("p.small.value");
  const bars = h("div.gc-bars");
  const words = h("p.value", { "aria-live": "polite" });
  const head = h("p.label.value");
  const element = h("div.gc-minding", h("h4", "Told a class, what does D say of it?"), h("div.gc-judge", h("div.gc-stack", canvas, what), h("div.gc-stack", head, bars)), words);
  let [rows, key, of, drawn] = [[], "", null, null];

  function build(classes) {
    rows = classes.map((name) => {
      const parts = { fill: h("i"), value: h("span.value") };
      parts.element = h("div.gc-bar", h("span", name), h("span.bar", parts.fill), parts.value);
      return parts;
    });
    replace(bars, rows.map((row) => row.element));
    bars.classList.toggle("many", classes.length > 13);
  }

  function say({ scene, picked }, shown) {
    const { classes, spec } = scene.numbers;
    const write = (value) => (hasOdds(spec.loss) ? percent(value) : steady(value, 2));
    const others = shown.map((value, k) => ({ value, k })).filter(({ k }) => k !== picked.label).sort((a, b) => b.value - a.value);
    const [own, best] = [shown[picked.label], others[0]];
    const range = Math.max(...shown) - Math.min(...shown);
    const start = `Told ${classes[picked.label]}, which was asked for, D gives it ${write(own)}; told ${classes[best.k]}, the best of the others, ${write(best.value)}.`;
    if (range < (hasOdds(spec.loss) ? 0.02 : 0.05)) return `${start} It says much the same whatever it is told: so far it does not mind the class.`;
    const wrong = others.filter(({ value }) => value > own).length;
    return `${start} ${wrong ? `${wrong} of ${others.length} wrong classes suit it better.` : "No wrong class suits it better: a picture is real only as what it was asked to be."}`.replace("a picture", scene.numbers.planar ? "a point" : "a picture");
  }

  return {
    element,
    draw(now) {
      const { moment, scene, picked } = now;
      const { classes, spec, planar, shape } = scene.numbers;
      if (key !== classes.join()) {
        key = classes.join();
        build(classes);
      }
      if (!of || of.moment !== moment || of.example !== picked.example) of = { moment, example: picked.example, logits: underEveryClass(moment, picked.example) };
      const shown = of.logits.map((logit) => said(spec.loss, logit));
      const odds = hasOdds(spec.loss);
      const [low, high] = odds ? [0, 1] : [Math.min(0, ...shown), Math.max(0, ...shown, 1e-6)];
      rows.forEach(({ fill, value, element: row }, k) => {
        const [from, till] = [Math.min(0, shown[k]), Math.max(0, shown[k])].map((v) => (100 * (v - low)) / (high - low));
        Object.assign(fill.style, { marginLeft: `${from}%`, width: `${till - from}%` });
        setText(value, odds ? percent(shown[k]) : steady(shown[k], 2));
        row.classList.toggle("own", k === picked.label);
      });
      canvas.classList.toggle("hidden", planar);
      if (!planar) paintPixels(canvas, pixelsOf(picked.example), shape);
      const reading = picked.reading && (planar ? `nearest mode ${classes[picked.reading.answer]}` : `read as ${classes[picked.reading.answer]}, ${percent(picked.reading.confidence, 0)}`);
      setText(what, `${planar ? `(${[...picked.example].map((value) => steady(value, 2)).join(", ")})` : `asked for: ${classes[picked.label]}`}${reading ? `; ${reading}` : ""}`);
      canvas.setAttribute("aria-label", `The picture that D judges: ${what.textContent}`);
      setText(head, odds ? "D(x | class): the odds it gives that this is real" : "D(x | class): its output, bars from 0");
      setText(words, say(now, shown));
      drawn = { step: moment.step, logits: of.logits, shown, example: [...picked.example], z: [...picked.z], label: picked.label, reading: picked.reading, words: words.textContent };
    },
    read: () => drawn,
  };
}
