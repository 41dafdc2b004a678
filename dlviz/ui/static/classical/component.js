// Classical image processing by OpenCV on the photograph of the page, and the convolution behind each operation.

import { tokens } from "../lib/python.js";
import { copyText } from "../lib/address.js";
import { h, icon, number, replace, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { imageOf, photoChooser } from "../lib/photos.js";
import { inWords } from "../lib/shades.js";
import { Wipe } from "../lib/wipe.js";
import { Asking, asText } from "./asking.js";
import { Histogram } from "./histogram.js";
import { buildMade } from "./made.js";
import { FIRST, fromControl, OPERATIONS, toControl } from "./operations.js";
import { asPicture } from "./pictures.js";
import { buildSteps, counted, legend } from "./steps.js";
import { STEPS } from "./words.js";

export const styles = ["lib/grid.css", "lib/wipe.css", "lib/photos.css", "lib/code.css"];

const KEPT = "convolution.classical"; // the settings; they outlive a change of panel
// What is asked for at once, and what is measured when nothing has moved for a while.
const PICTURES = ["result", "kernel", "level"];
const MEASURES = ["difference", "difference_float", "additivity", "broken", "example"];
const STEPS_OF_CANNY = ["result", "kernel", "blur_kernel", "blurred", "gradient_x", "gradient_y", "magnitude", "thinned", "classes"];
const AFTER_THRESHOLDS = ["result", "classes"];
const REST = 250; // ms
const THANKS = 1600; // ms

export default mount((root, live, ctx) => {
  const kept = live.shared.get(KEPT) ?? structuredClone({ ...FIRST, step: "result", against: "original", beside: false });
  let [source, text, arrays, built, pictures, grey, resting, shownOptions] = [null, "", {}, null, new Map(), null, 0, null];
  let operation = OPERATIONS.find(({ slug }) => slug === kept.operation);
  const settings = () => kept[operation.slug];

  const wipe = new Wipe({ names: ["Original", "OpenCV"], at: 0.5, onmove: () => live.shared.set("happened.wiped", true) });
  const asking = new Asking(live, "classical", { heard, refused: (words) => setText(wrong, words) });
  const chooser = photoChooser({ live, ctx }, takePhoto);
  const made = buildMade(ctx);
  const steps = buildSteps((name) => {
    kept.step = name;
    keep();
    paint();
  });
  const histogram = new Histogram({ label: "", onchange: (name, value) => set(name, value) });
  const [wrong, credit, says, key, time] = [h("p.problem", { role: "alert" }), h("p.small.muted.credit"), h("p.small.shown"), h("p.small.key"), h("span.small.muted.value")];
  const chips = h("div.operations", { role: "radiogroup", "aria-label": "Operation", onkeydown: arrows }, OPERATIONS.map(({ slug, label }) =>
    h("button.chip", { type: "button", role: "radio", value: slug, onclick: () => choose(slug) }, label)));
  const knobs = h("div.knobs");
  const seen = h("div.seen");
  const code = h("pre.code", { tabindex: 0, role: "region", "aria-label": "Python source" });
  const copyFace = [icon("copy", 16), "Copy"];
  const copy = h("button.small-button", { type: "button", onclick: take }, copyFace);
  const opened = h("div.opened", steps.element);
  const panel = h("div.classical-panel",
    h("div.picture", wipe.element, credit, seen),
    h("div.controls", chooser.element, chips, knobs, histogram.element, steps.found, wrong, says, key, made.element),
    opened,
    h("section.script", h("header.row", h("h3.grow", "The same in Python"), time, copy), code));
  root.append(panel);
  let values = new Map(); // setting → its knob
  exposeForTests();
  build();

  // --- asking -------------------------------------------------------------------------------------

  async function takePhoto(next) {
    source = next;
    text = "";
    setText(credit, next.own ? `${next.name}, ${next.width} × ${next.height} pixels` : `${next.credit}. ${next.width} × ${next.height} pixels.`);
    if (next.own) {
      try {
        text = await asText(next);
      } catch (problem) {
        setText(wrong, problem.message);
        return;
      }
    }
    arrays = {};
    ask();
  }

  function ask(only = null) {
    if (!source) return;
    const pictures = only ?? (operation.slug === "canny" ? STEPS_OF_CANNY : PICTURES);
    asking.ask({ ...question(), keep: text && !arrays.photo ? [...pictures, "photo"] : pictures });
    made.element.classList.add("waiting");
    clearTimeout(resting);
    resting = setTimeout(() => {
      if (!ctx.signal.aborted) asking.askLater({ ...question(), keep: kept.against === "convolution" ? [...MEASURES, "convolution"] : MEASURES });
    }, REST);
  }

  const question = () => ({ operation: operation.slug, ...settings(), ...(text ? { picture: text } : { photo: source.name }) });

  function heard(answer, options, ms) {
    if (ctx.signal.aborted || options.operation !== operation.slug) return;
    if (options.picture ? options.picture !== text : text || options.photo !== source.name) return; // of a picture left meanwhile
    setText(wrong, "");
    arrays = { ...arrays, ...answer.arrays };
    if (options.keep.includes("additivity")) {
      const { keep: _, ...asked } = options;
      if (JSON.stringify(asked) === JSON.stringify(question())) made.element.classList.remove("waiting");
    } else {
      shownOptions = options;
      setText(time, `OpenCV and the way to it: ${number(Math.round(ms))} ms`);
    }
    showCode(answer.numbers.texts["state/code"]);
    refresh();
  }

  // --- showing ------------------------------------------------------------------------------------

  function refresh() {
    if (!arrays.result) return;
    const isCanny = operation.slug === "canny";
    if (isCanny) {
      pictures = steps.pictures(arrays, ctx.colors);
      steps.tell(counted(arrays));
      histogram.show({ values: arrays.thinned.data, high: hundreds(arrays.thinned.data), thresholds: both() });
    } else {
      const signed = operation.slug === "laplacian" || (operation.slug === "sobel" && settings().direction !== "magnitude");
      pictures = new Map([["result", asPicture(arrays.result, ctx.colors, { signed })]]);
      if (arrays.convolution) pictures.set("convolution", operation.slug === "sobel" || operation.slug === "laplacian" ? asPicture(arrays.convolution, ctx.colors, { signed }) : asPicture(asBytes(arrays.convolution), ctx.colors));
    }
    if (operation.slug === "threshold") {
      const level = Math.round(arrays.level.data[0]);
      if (settings().otsu && values.get("level")) {
        settings().level = level;
        values.get("level").set(level);
      }
      histogram.show({ values: greyOf(), high: 255, thresholds: [{ name: "level", label: settings().otsu ? "Otsu" : "level", value: level }] });
    }
    made.show({ operation: operation.slug, settings: settings(), arrays });
    paint();
  }

  function paint() {
    if (!pictures.size) return;
    const isCanny = operation.slug === "canny";
    const name = isCanny && pictures.has(kept.step) ? kept.step : "result";
    const { image, range, mapping } = pictures.get(name);
    const beside = kept.against === "convolution" && pictures.get("convolution");
    const [height, width] = arrays.photo ? arrays.photo.shape : [source.height, source.width];
    wipe.lay({ whole: { width, height }, before: [0, 0, width, height], after: [0, 0, width, height] });
    wipe.paint("before", beside ? beside.image : arrays.photo ? imageOf({ pixels: arrays.photo.data, depth: 3, width, height }) : imageOf(source));
    wipe.paint("after", image);
    wipe.name("before", beside ? "torch's convolution" : "Original");
    wipe.name("after", `${isCanny ? STEPS[name].name : "OpenCV"}${image.width === width ? "" : `, ${image.width} × ${image.height}`}`);
    steps.show(pictures, name);
    setText(says, isCanny ? STEPS[name].text : range ? `The results run from ${number(range.least)} to ${number(range.most)}. ${inWords(mapping, range, [])}` : "");
    replace(key, legend(name, ctx.colors));
    pictures.colors = ctx.colors;
    panel.classList.toggle("wide", kept.beside);
    wipe.beside = kept.beside;
    ctx.redraw();
  }

  function greyOf() {
    if (grey?.source === source) return grey.values;
    const { pixels, depth, width, height } = source;
    const found = new Uint8Array(width * height);
    for (let i = 0; i < found.length; i += 1) found[i] = Math.round(0.299 * pixels[i * depth] + 0.587 * pixels[i * depth + 1] + 0.114 * pixels[i * depth + 2]);
    grey = { source, values: found };
    return found;
  }

  function showCode(source) {
    if (code.dataset.source === source) return;
    code.dataset.source = source;
    replace(code, tokens(source).map(([part, kind]) => (kind ? h(`span.${kind}`, part) : part)));
  }

  async function take() {
    const copied = await copyText(code.dataset.source ?? "");
    replace(copy, icon(copied ? "check" : "cross", 16), copied ? "Copied" : "Not allowed here");
    setTimeout(() => replace(copy, copyFace), THANKS);
  }

  // --- controls -------------------------------------------------------------------------------------

  function keep() {
    live.shared.set(KEPT, { ...kept });
  }

  function choose(slug) {
    operation = OPERATIONS.find((each) => each.slug === slug);
    kept.operation = slug;
    if (slug === "canny") kept.against = "original";
    arrays = {};
    keep();
    build();
    ask();
  }

  function set(name, value) {
    const now = settings();
    now[name] = value;
    if (name === "low" && now.high < value) now.high = value; // the other threshold is pushed along
    if (name === "high" && now.low > value) now.low = value;
    if (name === "level") now.otsu = false;
    for (const [each, { field, control }] of knobsOf()) if (each !== name || name in { low: 0, high: 0, level: 0 }) control.set(toControl(field, now[each]));
    keep();
    const thresholds = operation.slug === "canny" && (name === "low" || name === "high") && arrays.blurred;
    if (thresholds) histogram.show({ thresholds: both() });
    ctx.redraw();
    ask(thresholds ? AFTER_THRESHOLDS : null);
  }

  const both = () => [{ name: "low", label: "lower", value: settings().low }, { name: "high", label: "upper", value: settings().high }];
  const knobsOf = () => [...values].map(([name, control]) => [name, { field: operation.fields.find((field) => field.name === name), control }]);

  function build() {
    if (built === operation.slug) return;
    built = operation.slug;
    for (const chip of chips.children) {
      const isChosen = chip.value === operation.slug;
      chip.setAttribute("aria-checked", String(isChosen));
      chip.tabIndex = isChosen ? 0 : -1;
    }
    values = new Map(operation.fields.map((field) => [field.name, knob(field, { value: toControl(field, settings()[field.name]), onchange: (value) => set(field.name, fromControl(field, value)) })]));
    replace(knobs, [...values.values()].map(({ element }) => element));
    const isCanny = operation.slug === "canny";
    opened.classList.toggle("hidden", !isCanny);
    steps.found.classList.toggle("hidden", !isCanny);
    histogram.element.classList.toggle("hidden", !isCanny && operation.slug !== "threshold");
    setText(histogram.element.firstChild, isCanny ? "Lengths of the gradient that thinning left, counts on a logarithmic scale" : "Grey levels of the photo, counts on a logarithmic scale");
    histogram.reset();
    buildSeen();
  }

  function buildSeen() {
    const choice = (name, label, options, labels, value, onchange) => knob({ kind: "choice", name, label, options, labels }, { value, onchange }).element;
    const hasOne = !["canny", "threshold", "median"].includes(operation.slug);
    replace(seen,
      hasOne ? choice("against", "On the left", ["original", "convolution"], ["Original", "torch's convolution"], kept.against, (value) => {
        kept.against = value;
        keep();
        ask();
      }) : [],
      choice("beside", "Shown", ["wipe", "beside"], ["Wipe", "Side by side"], kept.beside ? "beside" : "wipe", (value) => {
        kept.beside = value === "beside";
        keep();
        paint();
      }));
  }

  function arrows(event) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const at = (OPERATIONS.indexOf(operation) + way + OPERATIONS.length) % OPERATIONS.length;
    choose(OPERATIONS[at].slug);
    chips.children[at].focus();
  }

  // Read-only view for the browser tests.
  function exposeForTests() {
    ctx.host.dlviz = {
      panel: "classical",
      shown: () => shownOptions && { options: shownOptions, measured: !made.element.classList.contains("waiting"), step: kept.step, settings: { ...settings() } },
      array: (name) => arrays[name] && { shape: arrays[name].shape, data: [...arrays[name].data] },
      pixel: (side, x, y) => [...wipe[side].canvas.getContext("2d").getImageData(x, y, 1, 1).data],
      bring: (file) => chooser.bring(file),
    };
  }

  return {
    update() {
      if (arrays.result && pictures.colors !== ctx.colors) refresh();
    },
    draw() {
      wipe.draw();
      made.draw();
      if (!histogram.element.classList.contains("hidden")) histogram.draw(ctx.colors);
    },
  };
});

// The end of an axis for these numbers: whole hundreds.
const hundreds = (values) => Math.max(100, 100 * Math.ceil(values.reduce((most, value) => Math.max(most, value), 0) / 100));

// What a screen shows of numbers that are grey levels but not whole.
const asBytes = ({ shape, data }) => ({ shape, data: Uint8Array.from(data, (value) => Math.min(255, Math.max(0, Math.round(value)))) });
