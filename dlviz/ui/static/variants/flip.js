// Convolution as mathematics has it against what deep learning calls so: the kernel turned by half a turn, or not.

import { h, number, replace, setText } from "../lib/dom.js";
import { Grid, limitOf } from "../lib/grid.js";
import { scaleOf } from "../lib/ramps.js";
import { kernel, turned } from "./kernels.js";
import { basesOf, layerOf, shapeOf } from "./weights.js";

const CHOICES = ["stage", "emboss", "sobel_vertical", "gaussian"];
const ALIKE = 1e-6;

export class Flip {
  constructor({ send, labels }) {
    Object.assign(this, { labels, choice: "stage", at: null, scene: null });
    const point = (place) => this.point(place);
    const grid = (label, largest, touch) => new Grid({ label, largest, walks: touch, ...(touch ? { onhover: point, onpick: point, onwalk: point } : {}) });
    this.picture = grid("picture", 14, false);
    this.kernels = [grid("kernel", 34, false), grid("turned", 34, false)];
    this.outputs = [grid("cross-correlation", 16, true), grid("convolution", 16, true), grid("difference", 16, true)];
    this.reading = h("p.flip-words");
    this.choices = h("div.chips", { role: "group", "aria-label": "Kernel" });
    this.button = h("button", { onclick: () => send(this.settings, this) });
    this.chip = h("span.chip.here", "turned on the stage");
    this.problem = h("p.problem.small", { role: "alert" });
    const column = (name, words, ...grids) => h("div.flip-column", h("b", name), h("span.label", words), grids.map((each) => each.element));
    this.element = h("article.variant.flip", { "aria-label": "Convolution against cross-correlation" },
      h("div.variant-head", h("h4", "The flip: convolution against cross-correlation"), this.chip),
      h("p.small.says", "Mathematics turns the kernel by half a turn before it slides and calls that convolution. Deep learning leaves the turn out, which is cross-correlation, and keeps the name: a kernel that is learned can as well be learned turned."),
      this.choices,
      h("div.flip-row", h("div.flip-column", h("b", "Picture"), h("span.label", "its first channel"), this.picture.element),
        column("Cross-correlation", "the kernel as it stands", this.kernels[0], this.outputs[0]),
        column("Convolution", "the kernel turned by half a turn", this.kernels[1], this.outputs[1]),
        column("Difference", "convolution less cross-correlation", this.outputs[2])),
      this.reading, h("div.row", this.button), this.problem);
  }

  take(scene, picture) {
    Object.assign(this, { scene, input: picture, at: null });
    this.compute();
  }

  choose(choice) {
    this.choice = choice;
    this.compute();
    this.onchange?.();
  }

  /** {label, values, k} of a choice; the stage's own first filter before any turn. */
  kernelOf(choice) {
    const { spec } = this.scene.numbers;
    const n = this.input.shape[2];
    if (choice !== "stage") {
      const k = Math.min(3, n);
      return { label: this.labels[choice] ?? choice, values: kernel(k < 3 ? "average" : choice, k), k };
    }
    const k = Math.min(spec.kernel_size, n);
    const own = basesOf(this.scene).byHand(0, k, k);
    if (own) return { label: "the stage’s own filter", values: spec.flip ? turned(own) : own, k };
    const name = spec.kernel[0] === "random" || k < 3 ? "average" : spec.kernel[0];
    return { label: this.labels[name] ?? name, values: kernel(name, k), k };
  }

  compute() {
    const { scene, input } = this;
    const [, rows, cols] = input.shape;
    this.chosen = this.kernelOf(this.choice);
    const { values, k } = this.chosen;
    this.shape = shapeOf({ inputs: 1, outputs: 1, size: [rows, cols], kernel: [k, k] });
    this.plane = input.data.subarray(0, rows * cols);
    this.layers = [values, turned(values)].map((each) => layerOf(this.shape, Float32Array.from(each), new Float32Array(1)));
    const [correlated, convolved] = this.layers.map((layer) => layer.forward(this.plane));
    this.results = [correlated, convolved, convolved.map((value, i) => value - correlated[i])];
    const { spec } = scene.numbers;
    this.settings = { flip: !spec.flip };
    setText(this.button, spec.flip ? "Leave the turn out on the stage" : "Turn the kernel on the stage");
    this.chip.classList.toggle("hidden", !spec.flip);
    const own = this.kernelOf("stage").label;
    replace(this.choices, CHOICES.filter((choice) => this.kernelOf(choice).label !== own || choice === "stage").map((choice) => h("button.chip", { "aria-pressed": String(choice === this.choice), onclick: () => this.choose(choice) },
      choice === "stage" ? own : this.kernelOf(choice).label)));
    this.stale = true;
    this.say();
  }

  /** Whether the kernel equals itself after half a turn, or its own negative. */
  symmetry() {
    const { values } = this.chosen;
    const back = turned(values);
    if (values.every((value, i) => Math.abs(value - back[i]) < ALIKE)) return "same";
    return values.every((value, i) => Math.abs(value + back[i]) < ALIKE) ? "negative" : "other";
  }

  say() {
    const { label } = this.chosen;
    const largest = this.results[2].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const words = {
      same: `${label} is the same after half a turn, so both give the same map: the largest difference is ${number(largest)}.`,
      negative: `${label} is its own negative after half a turn, so the two maps differ in sign alone: the largest difference is ${number(largest)}.`,
      other: `${label} is another kernel after half a turn, so the two maps differ: by up to ${number(largest)}.`,
    }[this.symmetry()];
    const at = this.at && this.at[0] * this.shape.output_size[1] + this.at[1];
    setText(this.reading, this.at ? `Row ${this.at[0] + 1}, column ${this.at[1] + 1}: ${number(this.results[0][at])} by cross-correlation, ${number(this.results[1][at])} by convolution, difference ${number(this.results[2][at])}.` : words);
  }

  point(place) {
    this.at = place;
    this.stale = true;
    this.say();
    this.onchange?.();
  }

  repaint() {
    this.stale = true;
  }

  draw(colors) {
    if (!this.stale || !this.scene) return;
    this.stale = false;
    const [rows, cols] = this.shape.output_size;
    const { k, values } = this.chosen;
    const name = this.scene.numbers.channel_names[0];
    this.picture.set({ values: this.plane, rows: this.input.shape[1], cols: this.input.shape[2], title: name, ...scaleOf(name, this.plane, colors) });
    const patch = this.at ? this.layers[0].terms(this.plane, 0, ...this.at).map((term) => [term.y, term.x]) : [];
    this.picture.light("patch", { cells: patch, stroke: colors.accent, width: 1.5 });
    [values, turned(values)].forEach((each, i) => this.kernels[i].set({ values: each, rows: k, cols: k }));
    const limit = Math.max(limitOf(this.results[0]), limitOf(this.results[1]));
    this.outputs.forEach((grid, i) => {
      grid.set({ values: this.results[i], rows, cols, limit: i < 2 ? limit : Math.max(limit, limitOf(this.results[2])) });
      grid.light("cell", { cells: this.at ? [this.at] : [], stroke: colors.accent, width: 2 });
    });
    for (const grid of [this.picture, ...this.kernels, ...this.outputs]) {
      grid.element.style.maxWidth = `max(${grid.canvas.style.maxWidth}, 96px)`; // name and shape stand over the cells
      grid.draw(colors);
    }
  }
}
