// The kernel of the stage on a whole photograph: computed here, compared under a line that is dragged, and
// opened down to the products of one pixel.

import { count, h, number, replace, setText, steady } from "../lib/dom.js";
import { channelsOf, colourPlanes, factored, layersFor, misfit, slices } from "../lib/filter.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { imageOf, photoChooser } from "../lib/photos.js";
import { Wipe } from "../lib/wipe.js";
import { ends, inWords, MAPPING_LABELS, MAPPINGS, picture, rangeOf, shade, usual } from "../lib/shades.js";
import { layout, patch } from "./geometry.js";
import { buildMagnifier } from "./magnifier.js";

export const styles = ["lib/grid.css", "lib/wipe.css", "lib/photos.css"];

const SLICE = 12; // ms of an animation frame that the filter may take
const OPENING = [0.42, 0.33]; // the pixel looked at before anybody points: down, across
const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const COLOURS = ["red", "green", "blue"];
const VIEW = "convolution.photo.view"; // how the answer is looked at; outlives a change of panel

export default mount((root, live, ctx) => {
  const stage = { live, ctx };
  const view = { o: 0, apply: "grey", mapping: null, own: "over", ...live.shared.get(VIEW) };
  let [source, work, wanted, shown, place, colour, built] = [null, null, true, null, null, 0, ""];

  const wipe = new Wipe({ names: ["Original", "Filtered"], at: 0.5, onmove: wiped, onpoint: (at, event, side) => at && look(at, side) });
  wipe.element.tabIndex = 0;
  wipe.element.setAttribute("aria-label", "The photo. Arrow keys move to another pixel.");
  wipe.element.addEventListener("keydown", walk);
  const magnifier = buildMagnifier(ctx, lightStage);
  const chooser = photoChooser(stage, takePhoto);
  const texts = { credit: h("p.small.muted.credit"), name: h("h3"), says: h("p"), range: h("p.small"), time: h("p.small.muted.time.value"), wrong: h("p.problem", { role: "alert" }) };
  const scale = { bar: h("canvas.bar", { "aria-hidden": "true" }), low: h("span.value"), high: h("span.value") };
  const knobs = { filter: h("div"), apply: h("div"), mapping: h("div"), own: h("div") };
  root.append(h("div.photo-panel",
    h("div.picture", wipe.element, texts.credit),
    h("div.beside", chooser.element, h("div.says", texts.name, texts.says, texts.time), texts.wrong, h("div.knobs", knobs.filter, knobs.apply, knobs.own, knobs.mapping),
      h("div.shades.label", scale.low, scale.bar, scale.high), texts.range, magnifier.element)));
  exposeForTests();

  live.on("scene", () => { buildKnobs(); again(); }, ctx.signal);
  live.on("frame", () => { if (live.shared.get("convolution.learned")) again(); }, ctx.signal);
  live.on("shared", ({ key, value }) => {
    if (key === "convolution.learned") again();
    if (key === "convolution.focus" || key === "convolution.pinned") magnifier.lightKernel(value?.kind === "kernel" ? [value.ky, value.kx] : null);
  }, ctx.signal);

  // --- what is shown ------------------------------------------------------------------------------

  function takePhoto(next) {
    source = { ...next, colours: colourPlanes(next.pixels, next.width * next.height, next.depth), planes: new Map() };
    place = null;
    setText(texts.credit, next.own ? `${next.name}, ${next.width} × ${next.height} pixels` : `${next.credit}. ${next.width} × ${next.height} pixels.`);
    again();
  }

  function planesOf(channels) {
    const { planes, colours, height, width } = source;
    if (!planes.has(channels)) planes.set(channels, channelsOf(colours, channels, height, width));
    return planes.get(channels);
  }

  function again() {
    wanted = true;
    ctx.redraw();
  }

  function change(changes) {
    Object.assign(view, changes);
    live.shared.set(VIEW, { ...view });
    buildKnobs();
    again();
  }

  function begin() {
    const { scene } = live;
    wanted = false;
    work = null;
    const learned = live.shared.get("convolution.learned") && live.frame?.arrays["weight.0"];
    const layers = layersFor(scene, learned ? live.frame.arrays : scene.arrays, source.height, source.width);
    const problem = layers.map((layer) => misfit(layer.shape)).find(Boolean) ?? "";
    setText(texts.wrong, problem);
    if (problem) {
      shown = null;
      wipe.lay({ whole: source, before: [0, 0, source.width, source.height], after: [0, 0, source.width, source.height] });
      wipe.paint("before", imageOf(source));
      wipe.paint("after", null);
      wipe.mark(null);
      for (const name of ["name", "says", "range", "time"]) setText(texts[name], "");
      magnifier.set(null, null);
      return;
    }
    const { spec } = scene.numbers;
    const last = layers.at(-1);
    const o = Math.min(view.o, last.outputs - 1);
    const each = view.apply === "each" && (spec.channels === "grey" || keepsApart(spec, last));
    const planes = planesOf(spec.channels === "grey" && each ? "rgb" : spec.channels);
    const size = source.height * source.width;
    const jobs = each && spec.channels === "grey"
      ? COLOURS.map((_, channel) => slices(layers, planes.subarray(channel * size, (channel + 1) * size), [o]))
      : [slices(layers, planes, each ? [0, 1, 2] : [o])];
    work = { jobs, found: [], ms: 0, layers, planes, o, each, spec, learned, names: scene.numbers.channel_names };
  }

  function advance() {
    const from = performance.now();
    const budget = shown ? SLICE : 8 * SLICE; // what opens the panel is waited for
    while (work.jobs.length && performance.now() - from < budget) {
      const { done, value } = work.jobs[0].next();
      if (!done) continue;
      work.found.push(value);
      work.jobs.shift();
    }
    work.ms += performance.now() - from;
    if (work.jobs.length) ctx.redraw();
    else finish();
  }

  function finish() {
    const { found, ms, layers, planes, o, each, spec, learned, names } = work;
    const [first] = found;
    work = null;
    const values = found.length === 1 ? first.values : joined(found);
    const mapping = view.mapping ?? usual(layers[0], layers.length > 1 ? 0 : o);
    shown = {
      ...first, values, layers, planes, o, each, spec, learned, names, ms, products: found.reduce((sum, one) => sum + one.products, 0),
      range: rangeOf(values), mapping: each && mapping === "signed" ? "middle" : mapping,
    };
    paint();
    buildKnobs();
    if (wanted) ctx.redraw(); // the kernel has changed meanwhile
  }

  function paint() {
    const { layers } = shown;
    const own = view.own === "own" && stretches(layers);
    const placed = { ...layout(layers, source, own), own };
    shown.placed = placed;
    wipe.beside = own; // two sizes do not lie over each other
    wipe.lay(placed);
    wipe.widest = own ? 250 : Math.min(640, Math.max(512, Math.round(placed.whole.width)));
    wipe.paint("before", imageOf(source));
    wipe.paint("after", picture(shown, shown.mapping, shown.range, ctx.colors));
    shown.colors = ctx.colors;
    place ??= [Math.floor(OPENING[0] * shown.height), Math.floor(OPENING[1] * shown.width)];
    place = [Math.min(place[0], shown.height - 1), Math.min(place[1], shown.width - 1)];
    wipe.name("after", `${shown.learned ? "Learned" : "Filtered"}, ${shown.width} × ${shown.height}`);
    say();
    lookAt(place);
    drawScale();
  }

  function say() {
    const { layers, width, height, ms, range, mapping, values, products, learned, each, o, spec } = shown;
    const one = spec.channels === "grey";
    const [layer] = layers;
    setText(texts.name, `${learned ? "Learned so far: " : ""}${each && !one ? "All three maps" : live.scene.numbers.filter_names[o] ?? ""}`);
    setText(texts.says, sizeInWords(layers, source, width, height));
    setText(texts.range, `The results run from ${number(range.least)} to ${number(range.most)}. ${inWords(mapping, range, values)}`);
    const size = layer.weight ? `${layer.kh} × ${layer.kw} kernel, ${count(products)} products` : `${layer.kh} × ${layer.kw} window`;
    const factors = layer.kind === "conv" && layer.kh > 2 && layer.kw > 2 && layer.channelsOf(0).every((_, i) => factored(layer, layers.length > 1 ? 0 : o, i));
    const quicker = factors ? " The kernel is a column times a row, which is quicker." : "";
    setText(texts.time, `${size}: computed here in ${steady(ms, 1)} ms.${quicker}`);
  }

  function drawScale() {
    const { mapping, range } = shown;
    const [low, high] = ends(mapping, range);
    const { bar } = scale;
    [bar.width, bar.height] = [256, 1];
    const pen = bar.getContext("2d");
    for (let x = 0; x < 256; x += 1) {
      pen.fillStyle = `rgb(${shade(low + ((high - low) * x) / 255, mapping, range, ctx.colors).join(" ")})`;
      pen.fillRect(x, 0, 1, 1);
    }
    setText(scale.low, mapping === "absolute" ? "0" : number(low));
    setText(scale.high, mapping === "absolute" && range.least < 0 ? `±${number(high)}` : number(high));
  }

  // --- the pixel looked at ------------------------------------------------------------------------

  function look([x, y], side) {
    if (!shown) return;
    const { whole, over, after } = shown.placed;
    const [left, top, across, down] = side === "before" ? over : after; // apart, the picture is pointed at in its own pixels
    const column = Math.floor(((x * whole.width - left) / across) * shown.width);
    const row = Math.floor(((y * whole.height - top) / down) * shown.height);
    if (row < 0 || column < 0 || row >= shown.height || column >= shown.width) return;
    if (place && row === place[0] && column === place[1]) return;
    lookAt([row, column]);
  }

  function lookAt(next) {
    place = next;
    const { layers, planes, o, each, spec, names, range, mapping, values, width, height, placed } = shown;
    const size = source.height * source.width;
    const channel = each ? colour : 0;
    const one = each && spec.channels === "grey";
    magnifier.set({
      layers, planes: one ? planes.subarray(channel * size, (channel + 1) * size) : planes, o: each && !one ? channel : o, names: one ? [COLOURS[channel]] : names,
      source, mapping, range, signed: spec.channels === "maps", answers: values[(each ? channel : 0) * width * height + place[0] * width + place[1]],
      tabs: each ? { names: COLOURS, chosen: channel, choose } : null,
    }, place);
    const second = layers[1];
    const [x, y, across, down] = patch(layers[0], [place[0] * (second?.sh ?? 1), place[1] * (second?.sw ?? 1)]);
    wipe.mark(placed.own ? null : [x + placed.shift[0], y + placed.shift[1], across, down]);
    ctx.redraw();
  }

  function choose(channel) {
    colour = channel;
    lookAt(place);
  }

  function walk(event) {
    const way = WAYS[event.key];
    if (!way || !shown || event.target !== wipe.element || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? 10 : 1;
    const clamp = (value, end) => Math.min(end - 1, Math.max(0, value));
    lookAt([clamp(place[0] + step * way[0], shown.height), clamp(place[1] + step * way[1], shown.width)]);
  }

  function lightStage(cell) {
    const channel = shown?.each ? 0 : shown?.layers[0].channelsOf(shown.o)[magnifier.chosen] ?? 0;
    live.shared.set("convolution.focus", cell && shown?.layers[0].weight ? { kind: "kernel", o: shown.o, channel, ky: cell[0], kx: cell[1] } : null);
  }

  function wiped() {
    live.shared.set("happened.wiped", true);
  }

  // --- knobs ----------------------------------------------------------------------------------------

  function buildKnobs() {
    const { scene } = live;
    if (!scene) return;
    const { spec, filter_names: names, layers } = scene.numbers;
    const last = layers.at(-1);
    const apart = keepsApart(spec, last);
    const each = view.apply === "each" && (spec.channels === "grey" || apart);
    const isStretched = shown ? stretches(shown.layers) : false;
    const key = JSON.stringify([names, spec.channels, spec.layer, each, view, shown?.mapping, isStretched]);
    if (key === built) return;
    built = key;
    const choice = (name, label, options, labels, value, onchange, help) => knob({ kind: "choice", name, label, options, labels, help }, { value, onchange }).element;
    const filters = names.map((_, i) => String(i));
    const named = names.map((name, i) => (names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${i + 1})`));
    replace(knobs.filter, names.length > 1 && !(apart && each)
      ? choice("filter", "Filter", filters, named, String(Math.min(view.o, names.length - 1)), (value) => change({ o: Number(value) }), "Which filter of the stage slides over the photo.") : []);
    const applies = spec.channels === "grey" ? ["Grey picture", "Each colour"] : apart ? ["One map", "All three"] : null;
    replace(knobs.apply, applies ? choice("apply", "Slides over", ["grey", "each"], applies, each ? "each" : "grey", (value) => change({ apply: value }),
      spec.channels === "grey" ? "The stage has one channel: its kernel slides over the grey picture, or three times over red, green and blue." : "This layer keeps channels apart: see one map, or the three as colours.") : []);
    replace(knobs.own, isStretched ? choice("own", "Shown", ["over", "own"], ["Over the original", "At its own size"], view.own, (value) => change({ own: value })) : []);
    const options = each ? MAPPINGS.slice(1) : MAPPINGS;
    replace(knobs.mapping, choice("mapping", "Results as shades", options, MAPPING_LABELS.slice(-options.length), shown?.mapping ?? "clamp", (value) => change({ mapping: value }),
      "Results may be negative or larger than 1; a screen shows neither."));
  }

  // Read-only view for the browser tests.
  function exposeForTests() {
    ctx.host.dlviz = {
      panel: "photo",
      filtered: (step = 1) => shown && { values: [...shown.values].filter((_, i) => i % step === 0), height: shown.height, width: shown.width, ms: shown.ms, mapping: shown.mapping, range: shown.range, o: shown.o, each: shown.each },
      at: (row, column) => shown?.values[row * shown.width + column],
      version: () => (shown && !wanted && !work ? live.scene.version : null),
      cell: () => magnifier.cell && { place, ...magnifier.cell },
      ms: () => shown?.ms,
      wipe: () => wipe.at,
      happened: () => live.shared.get("happened.wiped") ?? false,
      bring: (file) => chooser.bring(file),
      pixel: (side, x, y) => [...wipe[side].canvas.getContext("2d").getImageData(x, y, 1, 1).data],
    };
  }

  return {
    update() {
      if (shown && shown.colors !== ctx.colors) paint();
    },
    draw() {
      if (wanted && !work && source && live.scene) begin();
      if (work) advance();
      wipe.draw();
      magnifier.draw();
    },
  };
});

// A layer that makes one map of each colour, so that its maps are a picture in colours again.
const keepsApart = (spec, layer) => spec.channels === "rgb" && (spec.layer === "depthwise" || layer.kind === "max" || layer.kind === "average");

// Whether an answer has other sizes than the picture because of its stride; a single number has none to show.
const stretches = (layers) => layers.some((layer) => layer.shape.stride.some((s) => s > 1)) && layers.at(-1).outWidth > 1;

function joined(found) {
  const size = found[0].values.length;
  const values = new Float32Array(size * found.length);
  found.forEach((one, i) => values.set(one.values, i * size));
  return values;
}

function sizeInWords(layers, source, width, height) {
  const before = `${source.width} × ${source.height}`;
  const after = `${width} × ${height}`;
  if (after === before) return `${before} pixels in, as many out.`;
  const share = (width * height) / (source.width * source.height);
  const [layer] = layers;
  const why = width * height === 1 ? "one number for a whole channel"
    : layer.kind === "transposed" ? `a transposed convolution with stride ${layer.sw} spreads every pixel`
    : layer.sw > 1 ? `stride ${layer.sw} keeps one place in ${layer.sw * layer.sh}`
      : share < 1 ? "without padding the kernel cannot stand on the border" : "the padding lets the kernel stand beyond the border";
  return `${before} pixels in, ${after} out: ${why}.`;
}
