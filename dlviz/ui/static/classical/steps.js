// Canny opened: a small picture of each step, any of which can be put into the large one.

import { css } from "../lib/color.js";
import { count, h, percent, setText } from "../lib/dom.js";
import { asPicture, classColors, directions, painted, SECTORS, sectorColors } from "./pictures.js";
import { STEPS } from "./words.js";

const SIGNED = new Set(["gradient_x", "gradient_y"]);
const TITLES = ["Blur", "Gradient", "Length and direction", "Thinning", "Two thresholds"];

/** `choose(name)` is called when a step is to be seen large. */
export function buildSteps(choose) {
  const tiles = new Map();
  const rows = TITLES.map((title, i) => {
    const names = Object.keys(STEPS).filter((name) => STEPS[name].step === i + 1);
    return h("div.step", h("p.label", h("b", i + 1), ` ${title}`), h("div.tiles", names.map((name) => {
      const canvas = h("canvas", { width: 1, height: 1, "aria-hidden": "true" });
      const button = h("button.tile", { type: "button", "aria-pressed": "false", title: `Show ${STEPS[name].name.toLowerCase()} large`, onclick: () => choose(name) },
        canvas, h("span", STEPS[name].name));
      tiles.set(name, { canvas, button });
      return button;
    })));
  });
  const element = h("section.steps", { "aria-label": "The steps of Canny" }, rows);
  const found = h("p.small.value");
  let made = new Map();

  /** The pictures of all arrays that are there: name → {image, range, mapping}. Only what has changed is made anew. */
  function pictures(arrays, colors) {
    const fresh = new Map();
    for (const name of Object.keys(STEPS)) {
      const array = arrays[name === "direction" ? "gradient_y" : name];
      if (!array) continue;
      const before = made.get(name);
      fresh.set(name, before?.array === array && before.colors === colors ? before : { ...make(name, array, arrays, colors, fresh), array, colors });
    }
    made = fresh;
    return made;
  }

  function make(name, array, arrays, colors, fresh) {
    const plain = { range: null, mapping: null };
    if (name === "direction") return { image: directions(arrays.gradient_x, array, arrays.magnitude, fresh.get("magnitude").range.limit, colors), ...plain };
    if (name !== "classes") return asPicture(array, colors, { signed: SIGNED.has(name) });
    const inks = classColors(colors);
    return { image: painted(array.shape, (i) => inks[array.data[i]]), ...plain };
  }

  function show(shown, chosen) {
    for (const [name, { canvas, button }] of tiles) {
      const image = shown.get(name)?.image;
      button.setAttribute("aria-pressed", String(name === chosen));
      if (!image || canvas.shown === image) continue;
      canvas.shown = image;
      [canvas.width, canvas.height] = [image.width, image.height];
      canvas.getContext("2d").putImageData(image, 0, 0);
    }
  }

  /** What the thresholds made of the thinned pixels, counted. */
  function tell(counts) {
    const { strong, weak, kept, all } = counts;
    setText(found, `${count(strong)} strong pixels and ${count(weak)} weak ones; ${count(kept)} of the weak hang on a strong one and stay. ${percent((strong + kept) / all)} of the picture is edge.`);
  }

  return { element, found, pictures, show, tell };
}

/** Pixels by class, and how many weak ones are in OpenCV's answer. */
export function counted({ classes, result }) {
  let [strong, weak, kept] = [0, 0, 0];
  for (let i = 0; i < classes.data.length; i += 1) {
    if (classes.data[i] === 2) strong += 1;
    else if (classes.data[i] === 1) {
      weak += 1;
      if (result.data[i]) kept += 1;
    }
  }
  return { strong, weak, kept, all: classes.data.length };
}

/** The key to the colours of a step that has some, as elements; [] for others. */
export function legend(name, colors) {
  const entry = (color, words) => h("span.entry", h("i", { style: { background: css(color) } }), words);
  if (name === "direction") return sectorColors(colors).map((color, i) => entry(color, SECTORS[i]));
  if (name === "classes") return classColors(colors).map((color, i) => entry(color, ["no edge", "weak", "strong"][i]));
  return [];
}

