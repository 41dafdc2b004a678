// What one network decodes at the place looked at: the picture, large, and what the classifier says of it.

import { h, percent, replace, setText, steady } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";

const NUMBERS = 2; // of a code, written out

/** `{element, show({how, u, z, picture, shape, probabilities, classes, latent, original})}`. */
export function buildReading(label) {
  const canvas = h("canvas.decoded", { role: "img", "aria-label": `What the ${label} decodes` });
  const where = h("p.small.value.where");
  const bars = h("div.bars");
  const element = h("div.reading", canvas, where, bars);
  let [built, rows] = ["", []];

  return {
    element,
    show({ u, z, picture, shape, probabilities, classes }) {
      paintPixels(canvas, picture, shape);
      const code = [...z].slice(0, NUMBERS).map((value) => steady(value, 2)).join(", ");
      setText(where, `z = (${code}${z.length > NUMBERS ? ", …" : ""}), ${z.length > NUMBERS ? "seen" : "which is"} at (${steady(u[0], 2)}, ${steady(u[1], 2)}) standard deviations`);
      bars.classList.toggle("hidden", !probabilities);
      if (!probabilities) return;
      if (built !== classes.join()) {
        built = classes.join();
        rows = classes.map((name) => ({ fill: h("i"), said: h("span.value"), name }));
        replace(bars, rows.map(({ name, fill, said }) => h("div.bar-row", h("span", name), h("span.bar", fill), said)));
      }
      const best = probabilities.indexOf(Math.max(...probabilities));
      rows.forEach(({ fill, said }, i) => {
        fill.style.width = `${100 * probabilities[i]}%`;
        setText(said, percent(probabilities[i], 0));
        bars.children[i].classList.toggle("best", i === best);
      });
    },
  };
}
