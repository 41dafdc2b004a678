// One fake, large: its noise, what D and the classifier say of it, the real picture nearest to it, and its history.

import { css } from "../lib/color.js";
import { h, number, percent, setText, steady } from "../lib/dom.js";
import { norm } from "../lib/latentpath.js";
import { buildNoiseBars } from "../lib/noisebars.js";
import { paintPixels } from "../lib/pixels.js";
import { buildHistory } from "./galleryhistory.js";
import { pixelsOf } from "./galleryreading.js";

/** The real picture nearest to `pixels`: {at, distance}, root mean square over pixels. */
export function nearestReal(pixels, real) {
  const size = pixels.length;
  let best = { at: -1, distance: Infinity };
  for (let k = 0; k < real.shape[0]; k += 1) {
    let sum = 0;
    for (let i = 0; i < size; i += 1) sum += (real.data[k * size + i] / 255 - pixels[i]) ** 2;
    if (sum < best.distance) best = { at: k, distance: sum };
  }
  return { at: best.at, distance: Math.sqrt(best.distance / size) };
}

export function buildOne({ live, ctx, readings }) {
  const figure = (title) => {
    const parts = { canvas: h("canvas.gallery-large", { width: 1, height: 1, role: "img" }), words: h("p.small.muted.value"), title: h("figcaption.label", title) };
    return { ...parts, element: h("figure.gallery-figure", parts.title, parts.canvas, parts.words) };
  };
  const [fake, near] = [figure("The fake G(z)"), figure("The nearest real picture here")];
  const bars = buildNoiseBars();
  const noiseTitle = h("p.label.value");
  const [logit, power, result] = [h("span"), h("sup"), h("span")];
  const classTitle = h("p.label", "The classifier's probabilities");
  const classBars = h("div.gallery-classes");
  const verdict = h("p.value.gallery-words");
  const title = h("h3");
  const history = buildHistory({ live, ctx, readings });
  const element = h("section.gallery-one", { "aria-label": "The chosen fake" }, title,
    h("div.gallery-parts", h("div.gallery-pair", fake.element, near.element),
      h("div.stack", noiseTitle, bars.element, h("p.value.gallery-logit", logit, power, result), verdict), h("div.stack.gallery-sure", classTitle, classBars)), history.element);
  let [shown, rows] = [null, []];

  function rowsOf(classes) {
    if (rows.length === classes.length && rows[0]?.name === classes[0]) return rows;
    rows = classes.map((name) => ({ name, bar: h("i"), words: h("span.value.small") }));
    classBars.replaceChildren(...rows.flatMap(({ name, bar, words }) => [h("span.small", name), h("span.gallery-bar", bar), words]));
    return rows;
  }

  function show({ scene, frame, index, scale, colors }) {
    const { shape, classes, told, spec } = scene.numbers;
    const { shown_z: all, shown_labels: labels, real, real_labels: truths } = scene.arrays;
    const long = spec.noise_dimensions;
    const z = all.data.subarray(index * long, (index + 1) * long);
    bars.show(z, colors); // before any text: what is measured after it would be laid out anew
    const pixels = pixelsOf(frame.arrays.fake, index);
    const nearest = nearestReal(pixels, real);
    const output = frame.arrays.fake_logits.data[index];
    const value = scale.value(output);
    setText(title, `Fake ${index + 1}${told ? `, told “${classes[labels.data[index]]}”` : ""}`);
    paintPixels(fake.canvas, pixels, shape);
    fake.canvas.style.borderColor = css(colors.diverging(scale.share(output)));
    fake.canvas.setAttribute("aria-label", `Fake ${index + 1}`);
    setText(fake.words, `${shape.join(" × ")}, step ${number(frame.step)}`);
    paintPixels(near.canvas, pixelsOf(real, nearest.at), shape);
    near.canvas.setAttribute("aria-label", `Real picture ${nearest.at + 1}`);
    setText(near.words, `${classes[truths.data[nearest.at]]}; ${steady(nearest.distance, 3)} away (root mean square over pixels), of ${real.shape[0]}`);
    setText(noiseTitle, `Its noise z, ${long} number${long === 1 ? "" : "s"}; |z| = ${steady(norm(z), 2)}`);
    setText(logit, scale.odds ? `D's output: logit ${steady(output, 3)}, so D(G(z)) = 1 / (1 + e` : `D's output: ${steady(output, 3)}`);
    setText(power, scale.odds ? steady(-output, 3) : "");
    setText(result, scale.odds ? `) = ${steady(value, 3)}` : "");
    const shares = readings.now?.readings[index].shares ?? null; // of a moment or two ago while it trains
    for (const part of [classTitle, classBars]) part.classList.toggle("hidden", !shares);
    const best = shares ? shares.reduce((found, share, k) => (share > shares[found] ? k : found), 0) : null;
    if (shares) {
      rowsOf(classes).forEach(({ bar, words: said }, k) => {
        bar.style.width = `${100 * shares[k]}%`;
        bar.style.opacity = k === best ? 1 : 0.45;
        setText(said, percent(shares[k], 0));
      });
    }
    const fooled = scale.share(output) > 0 ? "D takes it for real" : "D takes it for a fake";
    const readable = !shares ? "" : shares[best] > 0.8 ? `, and the classifier surely reads a ${classes[best]}${told && best !== labels.data[index] ? `, though it was asked for ${classes[labels.data[index]]}` : ""}` : `, and the classifier is not sure what it is (${classes[best]}, ${percent(shares[best], 0)})`;
    setText(verdict, `${fooled}${readable}.`);
    history.show({ frame, index, classes, loss: spec.loss, scale, colors });
    shown = { index, z: [...z], logit: output, value, shares: shares ? [...shares] : null, nearest, readAt: shares && readings.now.frame.step, words: verdict.textContent, logitWords: `${logit.textContent}^${power.textContent}${result.textContent}`, step: frame.step };
  }

  return { element, show, read: () => shown && { ...shown, history: history.read() }, thenPixels: history.pixels };
}
