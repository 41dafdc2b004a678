// Lines over the steps of the sequence: a trace with its axis, and small ones beside each other.

import { css, rgb } from "../lib/color.js";
import { trace } from "../lib/curve.js";
import { fit, h, number, replace } from "../lib/dom.js";

const MARGIN = { left: 46, right: 8, top: 8, bottom: 8 };

/** Lowest and highest finite number of several series, zero among them; apart by something. */
function extent(all) {
  let [low, high] = [0, 0];
  for (const values of all) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high && value < Infinity) high = value;
    }
  }
  return high > low ? [low, high] : [low, low + 1];
}

/**
 * A chart of lines. `show({series: [{name, values, ink, dash, own}], span})`: `ink(colors)` is the colour; a series with
 * `own` has a scale of its own, so that its shape can be held against another. `onhover(step)` hears the pointer.
 */
export function linePlot({ label, height = 112, onhover }) {
  const canvas = h("canvas.line-plot", {
    role: "img", "aria-label": label, style: { height: `${height}px` },
    onpointermove: (event) => onhover?.(stepAt(event)), onpointerleave: () => onhover?.(null),
  });
  const names = h("figcaption.label");
  const swatches = [];
  let state = { series: [], span: null };

  const steps = () => state.series[0]?.values.length ?? 0;
  const across = (width) => (width - MARGIN.left - MARGIN.right) / Math.max(1, steps());

  function stepAt({ offsetX }) {
    const step = Math.floor((offsetX - MARGIN.left) / across(canvas.clientWidth));
    return step >= 0 && step < steps() ? step : null;
  }

  return {
    element: h("figure.plot", names, canvas),
    show(next) {
      state = { ...state, ...next };
      swatches.length = 0;
      replace(names, h("b", state.title ?? label), state.series.map(({ name, dash }) => {
        const line = h("i.line", { class: dash ? "dashed" : "" });
        swatches.push(line);
        return h("span", { class: name ? "" : "hidden" }, line, name);
      }));
      const ends = state.series.map(({ name, values }) => `${name} from ${number(extent([values])[0])} to ${number(extent([values])[1])}`);
      canvas.setAttribute("aria-label", `${state.title ?? label}: ${ends.join("; ")}`);
    },
    draw(colors, step) {
      const { pen, width, height: tall } = fit(canvas);
      pen.clearRect(0, 0, width, tall);
      if (!steps()) return;
      const column = across(width);
      const x = (t) => MARGIN.left + (t + 0.5) * column;
      const [low, high] = extent(state.series.filter(({ own }) => !own).map(({ values }) => values));
      const scaled = ([a, b]) => (v) => tall - MARGIN.bottom - ((v - a) / (b - a)) * (tall - MARGIN.top - MARGIN.bottom);
      const y = scaled([low, high]);
      if (state.span) {
        pen.fillStyle = css(rgb(colors.accent), 0.1);
        pen.fillRect(x(state.span.from - 0.5), 0, column * (state.span.to - state.span.from + 1), tall);
      }
      axis(pen, colors, width, y, [low, high]);
      const xs = Float64Array.from({ length: steps() }, (_, t) => t);
      state.series.forEach(({ values, ink, dash, own }, i) => {
        swatches[i].style.setProperty("--ink-of-line", ink(colors));
        pen.strokeStyle = ink(colors);
        pen.lineWidth = 1.6;
        pen.setLineDash(dash ?? []);
        const toY = own ? scaled(extent([values])) : y;
        trace(pen, xs, values, x, toY);
        pen.stroke();
      });
      pen.setLineDash([]);
      if (step === null || step >= steps()) return;
      pen.strokeStyle = css(rgb(colors.ink), 0.5);
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(x(step), 0);
      pen.lineTo(x(step), tall);
      pen.stroke();
    },
  };
}

function axis(pen, colors, width, y, levels) {
  pen.font = `12px ${colors.font}`;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  pen.strokeStyle = colors.line;
  pen.lineWidth = 1;
  for (const level of new Set([0, ...levels])) {
    const at = Math.round(y(level)) + 0.5;
    pen.beginPath();
    pen.moveTo(MARGIN.left, at);
    pen.lineTo(width - MARGIN.right, at);
    pen.stroke();
    const near = levels.some((end) => end !== level && Math.abs(y(end) - y(level)) < 13);
    pen.fillStyle = colors.muted;
    if (level !== 0 || !near) pen.fillText(number(level, 2), MARGIN.left - 7, at);
  }
}

/** A small trace without an axis, on a canvas of a fixed height: values from `low` to `high`, the span tinted. */
export function spark(canvas, values, { low, high, span, level }, colors) {
  const { pen, width, height } = fit(canvas);
  pen.clearRect(0, 0, width, height);
  const column = width / values.length;
  const y = (v) => height - 2 - ((v - low) / (high - low)) * (height - 4);
  pen.fillStyle = css(rgb(colors.accent), 0.16);
  pen.fillRect(span.from * column, 0, Math.max(2, (span.to - span.from + 1) * column), height);
  pen.strokeStyle = colors.line;
  pen.lineWidth = 1;
  for (const line of low < 0 ? [0] : []) {
    pen.beginPath();
    pen.moveTo(0, Math.round(y(line)) + 0.5);
    pen.lineTo(width, Math.round(y(line)) + 0.5);
    pen.stroke();
  }
  pen.strokeStyle = css(rgb(colors.ink), 0.3);
  pen.setLineDash([2, 3]);
  pen.beginPath();
  pen.moveTo(0, y(level));
  pen.lineTo(width, y(level));
  pen.stroke();
  pen.setLineDash([]);
  pen.strokeStyle = colors.ink;
  pen.lineWidth = 1.2;
  trace(pen, Float64Array.from(values, (_, t) => (t + 0.5) * column), values, (x) => x, y);
  pen.stroke();
}
