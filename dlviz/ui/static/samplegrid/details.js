// One picture of the grid: its code, the test picture whose code is nearest, and the training picture nearest by pixels.

import { Album, paintBytes } from "../lib/album.js";
import { h, percent, replace, setText, steady } from "../lib/dom.js";
import { name } from "../lib/latentslice.js";
import { paintPixels } from "../lib/pixels.js";
import { nearestCode } from "./sources.js";

const REST = 150; // ms before the server is asked for the training picture
const NAMED = 8; // numbers of a code that are written out

export function buildDetails({ live, ctx, happened }) {
  const album = new Album(live, () => ctx.redraw(), { panel: "album", more: () => ({ parameters: false }) });
  const one = (label) => {
    const parts = { canvas: h("canvas.sample-large", { width: 1, height: 1, role: "img", "aria-label": label }), words: h("span.small.muted.value") };
    return { ...parts, element: h("figure.sample-figure", h("figcaption", label), parts.canvas, parts.words) };
  };
  const [drawn, test, train] = ["Drawn", "Nearest test picture, by code", "Nearest training picture, by pixels"].map(one);
  const code = h("p.value.sample-code");
  const words = h("p.sentence.value", { "aria-live": "polite" });
  const problem = h("p.problem.small", { role: "alert" });
  const pin = h("button", { type: "button", onclick: () => { live.shared.set("latent.z", [...now.z]); ctx.redraw(); } }, "Use this code on the page");
  const unseen = h("p.muted", "Click a picture, or walk the grid by arrow keys: its code and its nearest real pictures appear here.");
  const body = h("div.stack.hidden", h("div.sample-figures", drawn.element, test.element, train.element), words, problem, code, h("div.row", pin));
  const element = h("section.sample-details", { "aria-label": "One picture" }, h("h3", "One picture, and what it resembles"), unseen, body);
  let [now, asked, answered, timer, dataset] = [null, null, null, 0, null];
  ctx.signal.addEventListener("abort", () => clearTimeout(timer));

  async function go() {
    const mine = asked;
    const answer = await live.ask({ do: "probe", panel: "sample", options: { z: [[...mine.z]], label: mine.label, parameters: false } }, { quiet: true });
    if (ctx.signal.aborted || asked !== mine) return;
    answered = answer.kind === "reply" ? { picture: mine.picture, arrays: answer.arrays } : null;
    setText(problem, answer.kind === "reply" ? "" : answer.numbers.text);
    ctx.redraw();
  }

  function bytes({ data, shape: [, channels, height, width] }) {
    return { pixels: data, channels, height, width };
  }

  function verdict(found, size) {
    const [far, usual] = [found.distance.data[0], found.usual_distance.data[0]];
    const each = far / Math.sqrt(size.reduce((a, b) => a * b));
    return `Its nearest training picture is ${steady(far, 2)} away (${steady(each, 3)} a pixel); of real test pictures half are nearer than ${steady(usual, 2)}. ${far < 0.25 * usual ? "That is close to a copy." : far < usual ? "No copy, though smoother and so nearer than most real ones." : "No copy: it is farther from all of them than a real picture usually is."}`;
  }

  return {
    element,
    /** `picked`: {z, picture, label, answer, confidence} or null. */
    show(picked, { moment, statistics, scene }) {
      unseen.classList.toggle("hidden", Boolean(picked));
      body.classList.toggle("hidden", !picked);
      if (!picked) {
        [now, asked] = [null, null];
        return;
      }
      const { shape, classes, spec, told } = scene.numbers;
      const key = `${spec.dataset} ${spec.leave_out}`;
      if (dataset !== key) album.clear();
      dataset = key;
      const near = nearestCode(statistics, picked.z);
      now = { z: picked.z, near, found: null }; // what is drawn
      paintPixels(drawn.canvas, picked.picture, shape);
      setText(drawn.words, picked.answer === undefined ? shape.join(" × ") : `read as ${classes[picked.answer]}, ${percent(picked.confidence)}`);
      album.need([near.at]);
      const real = album.get(near.at);
      if (real) paintBytes(test.canvas, real);
      test.canvas.classList.toggle("waits", !real);
      setText(test.words, `number ${near.at}, ${real ? classes[real.truth] : "…"}; ${steady(near.distance, 2)} away`);
      if (asked?.picture !== picked.picture) {
        asked = { z: picked.z, picture: picked.picture, label: told ? picked.label : null, moment };
        clearTimeout(timer);
        timer = setTimeout(go, REST);
      }
      const found = answered?.picture === picked.picture ? answered.arrays : null;
      now.found = found;
      train.canvas.classList.toggle("waits", !found);
      if (found) paintBytes(train.canvas, bytes(found.nearest_pictures));
      setText(train.words, found ? `number ${found.nearest.data[0]}, ${classes[found.nearest_label.data[0]]}; ${steady(found.distance.data[0], 2)} away` : "…");
      setText(words, found ? verdict(found, shape) : "The training pictures are being searched …");
      const z = picked.z;
      replace(code, `z = (${[...z.slice(0, NAMED)].map((value) => steady(value)).join(", ")}${z.length > NAMED ? `, … ${z.length} numbers` : ""})${told ? `, told ${classes[picked.label]}` : ""}; |z| = ${steady(Math.hypot(...z), 2)}, largest in ${name([...z].map(Math.abs).reduce((best, v, i, all) => (v > all[best] ? i : best), 0))}`);
      const pinned = live.shared.get("latent.z");
      const isPinned = pinned?.length === z.length && pinned.every((value, i) => value === z[i]);
      pin.setAttribute("aria-pressed", isPinned);
      setText(pin, isPinned ? "This code is used on the page" : "Use this code on the page");
    },
    read: () => now && { z: [...now.z], test: now.near, train: now.found && { nearest: now.found.nearest.data[0], distance: now.found.distance.data[0], usual: now.found.usual_distance.data[0], samples: [...now.found.samples.data] }, words: words.textContent },
  };
}
