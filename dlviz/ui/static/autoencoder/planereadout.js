// What is at the place shown: the picture decoded there, its code, what the classifier reads, the nearest test pictures.

import { h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { paintBytes } from "../lib/album.js";
import { name as nameOf } from "../lib/latentslice.js";
import { paintPixels } from "../lib/pixels.js";

const LISTED = 6; // numbers of a code that are written out; more are drawn as a strip
export const NEAR = 3;
const HOW = { home: "The picture on screen, decoded from its code", way: "On the way back to the picture on screen", hover: "Decoded under the pointer", pin: "Pinned; a click or Escape lets go" };

function densityWords(hasPrior, count, latent) {
  const here = latent > 2 ? " On this plane, whatever the other numbers are." : "";
  if (hasPrior) return `p(z) = N(z; 0, 1) is the prior, q(z) = 1/${count} · Σ q(z|xᵢ) the mean of the test pictures’ clouds.${here}`;
  return `Estimated from the ${count} codes with a Gaussian kernel (Scott’s rule).${here}`;
}

export function buildReadout() {
  const picture = h("canvas.plane-picture", { role: "img", width: 1, height: 1 });
  const how = h("p.plane-how");
  const shape = h("span.code.muted");
  const code = h("div.plane-code.value");
  const strip = h("canvas.plane-strip", { role: "img", width: 1, height: 1 });
  const stripWords = h("p.small.muted.value");
  const bars = h("div.plane-bars", { role: "img" });
  const reader = h("div.plane-reader", h("p.label", "The classifier reads"), bars);
  const near = h("div.plane-near");
  const density = h("dl.plane-density.value");
  const meaning = h("p.small.muted");
  const outside = h("p.small.muted.value");
  const element = h("div.plane-readout",
    h("figure.plane-figure", picture, h("figcaption", shape, how)),
    reader,
    h("div.plane-numbers", h("p.label", "Code z"), code, strip, stripWords),
    h("div.plane-densities", h("p.label", "Density at this place"), density, meaning, outside),
    h("div.plane-nearest", h("p.label", "Nearest test pictures, by distance of their codes"), near));
  let [builtBars, builtNear] = ["", 0];
  const thumbs = [];

  function showBars(probabilities, classes, colors) {
    reader.classList.toggle("hidden", !probabilities);
    if (!probabilities) return;
    const key = `${classes.join()}/${colors.classes.join()}`;
    if (builtBars !== key) {
      builtBars = key;
      replace(bars, classes.map((text, k) => h("div.plane-bar", h("span.plane-class", text), h("span.plane-track", h("i", { style: { background: colors.classes[k % colors.classes.length] } })), h("span.value"))));
    }
    [...bars.children].forEach((row, k) => {
      row.children[1].firstChild.style.transform = `scaleX(${probabilities[k]})`;
      setText(row.children[2], percent(probabilities[k], 0));
    });
    const best = probabilities.indexOf(Math.max(...probabilities));
    bars.setAttribute("aria-label", `${classes[best]} ${percent(probabilities[best], 0)}`);
  }

  function showNear(found, album, shown) {
    if (builtNear !== found.length) {
      builtNear = found.length;
      thumbs.length = 0;
      for (let k = 0; k < found.length; k += 1) {
        const canvas = h("canvas.thumb", { role: "img", width: 1, height: 1 });
        const [title, away] = [h("b"), h("span.muted.value")];
        thumbs.push({ canvas, title, away, key: "", element: h("div.plane-one", canvas, h("span", title, away)) });
      }
      replace(near, thumbs.map((thumb) => thumb.element));
    }
    found.forEach(({ index, name, distance }, k) => {
      const thumb = thumbs[k];
      const there = album.get(index);
      const key = `${shown}/${index}/${Boolean(there)}`;
      if (thumb.key !== key) {
        thumb.key = key;
        if (there) paintBytes(thumb.canvas, there);
        else Object.assign(thumb.canvas, { width: 1, height: 1 });
        thumb.canvas.setAttribute("aria-label", `Test picture ${index}: ${name}`);
        thumb.element.title = `Test picture ${index}: ${name}`;
        setText(thumb.title, name);
      }
      setText(thumb.away, steady(distance, 2));
    });
  }

  function showCode(z, slice, options, colors) {
    const latent = z.length;
    const some = latent <= LISTED ? [...z.keys()] : options.principal ? [] : [options.a, options.b];
    const said = options.principal && latent > LISTED
      ? slice.toPlane(z).map((value, k) => `${steady(value, 2)} along the ${k ? "2nd" : "1st"} direction`)
      : some.map((i) => `${nameOf(i)} = ${steady(z[i], 2)}`);
    if (code.children.length !== said.length) replace(code, said.map(() => h("span")));
    said.forEach((text, k) => setText(code.children[k], text));
    strip.classList.toggle("hidden", latent <= LISTED);
    stripWords.classList.toggle("hidden", latent <= LISTED);
    if (latent <= LISTED) return;
    const limit = Math.max(1e-6, ...z.map(Math.abs));
    Object.assign(strip, { width: latent, height: 1 });
    const image = new ImageData(latent, 1);
    z.forEach((value, i) => image.data.set([...colors.diverging(value / limit), 255], 4 * i));
    strip.getContext("2d").putImageData(image, 0, 0);
    strip.setAttribute("aria-label", `All ${latent} numbers of the code, from −${number(limit, 2)} to ${number(limit, 2)}`);
    setText(stripWords, `all ${latent} numbers, orange −${steady(limit, 1)} to blue ${steady(limit, 1)}`);
  }

  return {
    element, picture,
    show({ how: mode, z, slice, options, picture: pixels, size, probabilities, classes, near: found, shown, album, prior, codes, gaussian, numbers, count, colors }) {
      setText(how, HOW[mode]);
      element.classList.toggle("pinned", mode === "pin");
      paintPixels(picture, pixels, size);
      picture.setAttribute("aria-label", `${HOW[mode]}, ${size.join(" × ")}`);
      setText(shape, size.join(" × "));
      showBars(probabilities, classes, colors);
      showCode(z, slice, options, colors);
      showNear(found, album, shown);
      const unit = numbers === 1 ? "per unit" : "per unit area";
      const rows = [prior === null ? null : ["p(z)", prior], [prior === null ? "codes" : "q(z)", codes]].filter(Boolean);
      if (density.children.length !== 2 * rows.length) replace(density, rows.map(() => [h("dt"), h("dd")]));
      rows.forEach(([text, value], k) => {
        setText(density.children[2 * k], text);
        setText(density.children[2 * k + 1], `${steady(value, 4)} ${unit}`);
      });
      setText(meaning, densityWords(prior !== null, count, z.length));
      outside.classList.toggle("hidden", !gaussian);
      if (gaussian) {
        let [low, high] = [Infinity, -Infinity];
        for (const value of pixels) [low, high] = [Math.min(low, value), Math.max(high, value)];
        setText(outside, `Pixels from ${steady(low, 2)} to ${steady(high, 2)}; black is 0 and less, white 1 and more.`);
      }
    },
  };
}
