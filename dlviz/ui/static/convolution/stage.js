// What the parts of the stage share: the picture, the layers with the weights shown, what every cell came to,
// and what is pointed at. Everything is computed here; the server is never asked.

import { readLayers, through } from "../lib/conv.js";
import { listeners } from "../lib/listeners.js";
import { settingsOf } from "../lib/settings.js";
import { fits, seen, strongest } from "./places.js";

export const FOCUS = "convolution.focus";
export const PINNED = "convolution.pinned";
export const LEARNED = "convolution.learned";

/**
 * The stage. `at` is the layer that is explained (a separable convolution has two), `filter` and `channel` what is
 * chosen of its outputs and inputs; `shown` is what lights now and `terms` the products of it, if it is an output cell.
 * Kinds of `on`: scene, frame (weights or picture changed), focus, tool, paint ({grid, channel, place, event}), part.
 */
export function makeStage(live, ctx) {
  const stage = {
    live, ctx,
    scene: null, layers: [], input: null, outputs: [], version: 0,
    at: 0, filter: 0, channel: 0,
    hovered: null, pinned: null, sliding: null, focus: null, shown: null, terms: [], term: null,
    tool: null, part: null, learned: false, trained: false,
    grids: { input: [], kernel: [], products: [], output: [] },

    ...listeners(),
    setting: (name) => settingsOf(stage).value(name),

    // ---- what is explained

    get layer() {
      return stage.layers[stage.at];
    },
    get taken() {
      return stage.outputs[stage.at];
    },
    get made() {
      return stage.outputs[stage.at + 1];
    },
    /** The weights can be edited: there are some, and they are not those being learned. */
    get editable() {
      return Boolean(stage.layer?.weight) && !stage.learned;
    },
    /** Filter and input channel on screen: those chosen, or those of the cell that is shown. */
    get view() {
      const { shown, layer } = stage;
      const filter = shown && shown.kind !== "input" ? shown.o : stage.filter;
      if (shown?.kind === "kernel" || shown?.kind === "input") return { filter, channel: shown.channel };
      const term = stage.terms[stage.term ?? -1];
      return { filter, channel: term ? term.channel : seen(layer, filter, stage.channel) };
    },

    explain(at) {
      Object.assign(stage, { at, filter: 0, channel: 0, hovered: null, sliding: null });
      stage.unpin();
      stage.emit("scene", stage.scene);
      stage.refresh();
    },
    chooseFilter(filter) {
      stage.filter = filter;
      stage.channel = seen(stage.layer, filter, stage.channel);
      stage.emit("chosen", "filter");
      stage.refresh();
    },
    chooseChannel(channel) {
      const { layer } = stage;
      stage.channel = channel;
      if (!layer.channelsOf(stage.filter).includes(channel)) {
        stage.filter = Array.from({ length: layer.outputs }, (_, o) => o).find((o) => layer.channelsOf(o).includes(channel));
      }
      stage.emit("chosen", "channel");
      stage.refresh();
    },

    // ---- what is pointed at

    /** The pointer, or the keyboard, is at a cell of this stage: {kind, …} as the whole page knows it, or null. */
    point(focus) {
      stage.hovered = focus;
      stage.term = null;
      live.shared.set(FOCUS, focus);
      stage.refresh();
    },
    /** One term of the sum that is shown, or null. */
    pointTerm(index) {
      if (stage.term === index) return;
      stage.term = index;
      stage.refresh();
    },
    pin(focus) {
      const same = JSON.stringify(focus) === JSON.stringify(stage.pinned);
      if (!same) live.shared.set("happened.pinned", true);
      live.shared.set(PINNED, same ? null : focus);
    },
    unpin() {
      live.shared.set(PINNED, null);
    },
    setTool(name) {
      stage.tool = name;
      stage.emit("tool", name);
      ctx.redraw();
    },
    pointPart(part) {
      stage.part = part;
      stage.emit("part", part);
      ctx.redraw();
    },

    // ---- what there is

    takeScene(scene) {
      const before = stage.layers.map(({ shape }) => JSON.stringify(shape)).join();
      stage.scene = scene;
      stage.read();
      if (before !== stage.layers.map(({ shape }) => JSON.stringify(shape)).join()) stage.reshape();
      stage.emit("scene", scene);
      stage.refresh();
    },
    takeFrame(frame) {
      const trained = frame.step > 0;
      if (live.shared.get(LEARNED)) {
        stage.readWeights();
        stage.compute();
        stage.refresh();
      } else if (trained !== stage.trained) {
        ctx.redraw(); // from now on, or no longer, there is something learned to show
      }
      stage.trained = trained;
      stage.emit("frame", frame);
    },
    /** Picture and weights as the scene has them; what was tried here is dropped. */
    read() {
      stage.input = stage.scene.arrays.input.data.slice();
      stage.readWeights();
      stage.compute();
    },
    /** The weights that slide: the scene's, or the frame's where those being learned are asked for. */
    readWeights() {
      const { scene } = stage;
      const frame = live.frame?.version === scene.version ? live.frame : null;
      stage.learned = Boolean(live.shared.get(LEARNED) && frame?.step > 0 && frame.arrays["weight.0"]);
      stage.layers = readLayers(scene, stage.learned ? frame : null);
      for (const layer of stage.layers) {
        layer.weight &&= layer.weight.slice(); // a copy: it may be tried out here before the server knows
        layer.bias &&= layer.bias.slice();
      }
    },
    compute() {
      stage.outputs = through(stage.layers, stage.input);
      stage.version += 1;
    },
    /** `input` or the weights of `layers` were changed in place: show what comes of it, before the server has heard. */
    recompute() {
      stage.compute();
      stage.refresh();
      stage.emit("frame", live.frame);
    },
    reshape() {
      stage.at = Math.min(stage.at, stage.layers.length - 1);
      stage.filter = Math.min(stage.filter, stage.layer.outputs - 1);
      stage.channel = seen(stage.layer, stage.filter, Math.min(stage.channel, stage.layer.inputs - 1));
      Object.assign(stage, { hovered: null, sliding: null, term: null });
      if (stage.pinned && !fits(stage.layers, stage.pinned)) stage.unpin();
    },

    /** Find out what is shown now, and its products. */
    refresh() {
      if (!stage.layer) return;
      const { hovered, sliding, pinned } = stage;
      const good = (focus) => focus && (focus.layer ?? 0) === stage.at && fits(stage.layers, focus);
      stage.focus = [hovered, sliding?.playing ? sliding : null, pinned, sliding].find(good) ?? null;
      stage.shown = stage.focus ?? strongest(stage);
      const { kind, o, y, x } = stage.shown;
      stage.terms = kind === "output" ? stage.layer.terms(stage.taken, o, y, x) : [];
      if (stage.focus && stage.focus === sliding) stage.term = sliding.term;
      if (stage.term !== null && stage.term >= stage.terms.length) stage.term = null;
      stage.emit("focus", stage.focus);
      ctx.redraw();
    },
  };

  live.on("shared", ({ key, value }) => {
    if (key === FOCUS && value !== stage.hovered) stage.hovered = value;
    else if (key === PINNED) stage.pinned = value;
    else if (key === LEARNED && stage.scene) {
      stage.readWeights();
      stage.compute();
    } else return;
    stage.refresh();
  }, ctx.signal);
  stage.pinned = live.shared.get(PINNED) ?? null;
  return stage;
}
