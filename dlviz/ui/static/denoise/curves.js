// Decibels after against before, over the noise, of this network and of two plain filters, measured over test pictures.

import { css, rgb } from "../lib/color.js";
import { h, number, replace, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";
import { buildChart } from "./chart.js";
import { KINDS, curveWords } from "./words.js";

const ORDER = Object.keys(KINDS);
const AXIS = { name: "axis", kind: "choice", label: "Across", options: ["noise", "before"], labels: ["Noise", "Decibels before"], default: "noise" };
const PATIENCE = 1500; // ms that must pass between two measurements that nobody asked for

const keyOf = ({ numbers: { spec } }, step) => {
  const { picture: _picture, own_pixels: _own, ...rest } = spec;
  return JSON.stringify([rest, step]);
};

export function buildCurves({ live, ctx }) {
  let [found, axis, began, key, tried, timer] = [null, "noise", -Infinity, "", "", 0];
  const job = buildJob({
    live, ctx, label: "Measure", again: "Measure again",
    command: () => ({ do: "probe", panel: "denoise", options: { sweep: true, count: 1, parameters: false } }),
    onbegin: () => { began = performance.now(); },
    took(answer) {
      if (answer.numbers.progress) return;
      found = read(answer);
      key = keyOf(live.scene, found.step);
      ctx.redraw();
    },
  });
  const across = knob(AXIS, { value: axis, onchange: (value) => { axis = value; ctx.redraw(); } });
  const chart = buildChart({ redraw: () => ctx.redraw(), label: "Decibels after restoring" });
  const keys = h("div.row.small.noise-keys");
  const [sentence, about] = [h("p.noise-verdict.value"), h("p.small.muted.value")];
  const element = h("section.noise-part", { "aria-label": "Over the noise" }, h("h3", "Over the noise: after against before"),
    h("div.row.noise-curve-head", across.element, h("span.grow"), job.element), sentence, keys, chart.element, about);
  ctx.signal.addEventListener("abort", () => clearTimeout(timer));
  let shown = null;

  function draw(kind, spec, step) {
    const isOf = found && key === keyOf(live.scene, step);
    measureOnce(isOf ? "" : keyOf(live.scene, step));
    if (!found) return;
    const row = ORDER.indexOf(kind);
    const of = (name) => [...found[name].subarray(row * found.levels.length, (row + 1) * found.levels.length)];
    const values = { levels: [...found.levels], ...Object.fromEntries(["damaged", "network", "blur", "median"].map((name) => [name, of(name)])) };
    const widths = { blur: of("blurWidth"), median: of("medianWidth") };
    const { colors } = ctx;
    const xs = axis === "noise" ? values.levels : values.damaged;
    const lines = [
      { label: "network", ys: values.network, color: colors.accent },
      { label: "best Gaussian blur", ys: values.blur, color: colors.negative, told: (i) => `σ ${number(widths.blur[i])} px` },
      { label: "best median filter", ys: values.median, color: colors.positive, told: (i) => `${widths.median[i]} × ${widths.median[i]} px` },
      { label: "as damaged", ys: values.damaged, color: css(rgb(colors.ink), 0.55), dash: [5, 4] },
    ].map((line) => ({ ...line, xs }));
    const isTrained = spec.kind === "denoising" && spec.noise_kind === kind && spec.noise > 0;
    chart.show({
      lines, x: axis === "noise" ? `noise (${KINDS[kind]})` : "decibels before: further left is more noise", y: "dB after",
      names: values.levels.map((level, i) => `Noise ${number(level)}, ${number(values.damaged[i])} dB before`),
      mark: isTrained && axis === "noise" ? { at: spec.noise, text: "trained on" } : null, xs: axis === "noise" ? [0, 1] : null,
    });
    chart.draw(colors);
    if (shown?.colors !== colors) replace(keys, lines.map(({ label, color, dash }) => h("span.noise-key", h("i", { style: { "border-color": color, "border-top-style": dash ? "dashed" : "solid" } }), label)));
    setText(sentence, curveWords(values, KINDS[kind]));
    setText(about, `Decibels of the mean squared error over 200 test pictures at each of ${values.levels.length} levels, measured at step ${number(found.step)}${isOf ? "" : "; the network on screen is another by now"}. Each filter has the width that does best at that level. The dashed line is the damaged picture itself: below it, restoring does harm.`);
    shown = { kind, axis, values, widths, colors, step: found.step, sentence: sentence.textContent, isOf: Boolean(isOf) };
  }

  // A network that rests is measured once by itself; what is refused or cancelled stays so until somebody asks.
  function measureOnce(wanted) {
    if (!wanted || wanted === tried || job.running || live.state?.playing || !live.frame) return;
    clearTimeout(timer);
    const wait = began + PATIENCE - performance.now();
    if (wait > 0) {
      timer = setTimeout(() => ctx.redraw(), wait);
      return;
    }
    tried = wanted;
    job.start();
  }

  return { element, draw, read: () => shown && { ...shown, colors: undefined, running: job.running, hover: chart.hover } };
}

function read({ arrays }) {
  const of = (name) => arrays[name].data;
  return {
    step: of("steps")[0], levels: of("noise_level"), damaged: of("damaged_psnr"), network: of("network_psnr"), blur: of("blur_psnr"), median: of("median_psnr"),
    blurWidth: of("blur_width"), medianWidth: of("median_width"),
  };
}
