// From one class to another by mixing their one-hot numbers: inputs that the generator never saw.

import { h, percent, replace, setText, steady } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";
import { pixelsOf } from "./asking.js";

const STOPS = 9;

/** The told numbers at a share t of the way from class a to class b. */
export const mixture = (told, a, b, t) => Float32Array.from({ length: told }, (_, k) => (k === a ? 1 - t : 0) + (k === b ? t : 0));

/** `{element, draw(now), mixed, read()}`; `now`: {moment, scene, read, chosen, z}. */
export function buildMixing({ redraw, happened }) {
  const select = h("select", { "aria-label": "Class at the end of the way", onchange: () => { to = Number(select.value); happened("class_mixed"); redraw(); } });
  const strip = h("div.gc-mix", { role: "img" });
  const words = h("p.value", { "aria-live": "polite" });
  const from = h("span.value");
  const element = h("section.gc-part", { "aria-label": "Between two classes" }, h("h3", "Between two classes"),
    h("p.gc-about", "The same noise, and told numbers that are neither: (1 − t) of one class and t of another. In training it saw a single 1 among zeros and nothing else, so what it makes in between nobody has taught it."),
    h("div.row", from, select), strip, words);
  let [to, stops, key, known, mixed] = [null, [], "", "", null];

  function say({ scene, chosen }) {
    const { classes, planar } = scene.numbers;
    const names = [classes[chosen], classes[to]];
    if (!mixed[0].reading) return "";
    const answers = mixed.map(({ reading }) => reading.answer);
    const turns = mixed.findIndex(({ reading }) => reading.answer === to);
    const strangers = [...new Set(answers.filter((answer) => answer !== chosen && answer !== to))].map((k) => classes[k]);
    const taken = planar ? "nearest to" : "read as";
    const until = turns < 0 ? `It is never ${taken} ${names[1]} on this way` : `It is first ${taken} ${names[1]} at t = ${steady(mixed[turns].t, 3)}`;
    const least = planar ? `${mixed.filter(({ reading }) => !reading.good).length} of ${STOPS} lie on no mode` : `the classifier is least sure at t = ${steady(mixed.reduce((a, b) => (b.reading.confidence < a.reading.confidence ? b : a)).t, 3)}, ${percent(Math.min(...mixed.map(({ reading }) => reading.confidence)), 0)}`;
    return `${until}; ${least}${strangers.length ? `, and on the way it passes for ${strangers.join(", ")}` : ""}.`;
  }

  return {
    element,
    draw({ moment, scene, read, chosen, z }) {
      const { classes, told, planar, shape } = scene.numbers;
      if (known !== classes.join()) {
        known = classes.join();
        replace(select, classes.map((name, k) => h("option", { value: k }, name)));
        to = null;
      }
      if (to === null || to === chosen || to >= told) to = (chosen + 1) % told;
      select.value = String(to);
      setText(from, `From ${classes[chosen]} to`);
      const next = [moment.scene.version, moment.step, chosen, to, [...z].join(), Boolean(read(moment.gan.generate(z, chosen).example))].join(" ");
      if (key === next && mixed) return;
      key = next;
      mixed = Array.from({ length: STOPS }, (_, i) => {
        const t = i / (STOPS - 1);
        const { example } = moment.gan.generate(z, mixture(told, chosen, to, t));
        return { t, example, reading: read(example) };
      });
      if (stops.length !== STOPS) {
        stops = mixed.map(() => ({ canvas: h("canvas"), words: h("span.small.value") }));
        replace(strip, stops.map((stop) => h("div.gc-stop", stop.canvas, stop.words)));
      }
      strip.classList.toggle("planar", planar);
      stops.forEach((stop, i) => {
        const { t, example, reading } = mixed[i];
        stop.canvas.classList.toggle("hidden", planar);
        if (!planar) paintPixels(stop.canvas, pixelsOf(example), shape);
        const said = reading ? `${classes[reading.answer]}${reading.confidence === null ? (reading.good ? "" : " (off)") : ` ${percent(reading.confidence, 0)}`}` : "";
        setText(stop.words, planar ? `t ${steady(t, 2)}: ${said}` : said);
        stop.words.classList.toggle("off", Boolean(reading) && !reading.good);
      });
      setText(words, say({ scene, chosen }));
      strip.setAttribute("aria-label", `Nine steps from ${classes[chosen]} to ${classes[to]}. ${words.textContent}`);
    },
    get mixed() { return mixed; },
    read: () => mixed && { to, step: key, examples: mixed.map(({ example }) => [...example]), answers: mixed.map(({ reading }) => reading?.answer ?? null), words: words.textContent },
  };
}
