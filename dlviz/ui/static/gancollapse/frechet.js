// Fréchet's distance opened: how far the middles of both sets lie apart, and how differently the sets spread.

import { h, number, percent, setText, steady } from "../lib/dom.js";
import { css, rgb } from "../lib/color.js";
import { Plane, viewOf } from "../lib/plane.js";

const FAR = 4;
const DEVIATIONS = 2; // of the ellipses that are drawn

export function buildFrechet({ ctx }) {
  let [moment, shown] = [null, null];
  const plane = new Plane({ label: "Both sets with the ellipse of the normal distribution fitted to each", names: ["x₁", "x₂"] });
  plane.canvas.classList.add("gc-plane");
  const [big, sum, means, spreads, told] = ["p.big.value", "p.gc-formula.value", "p.gc-formula.value", "p.gc-formula.value", "p.gc-about.value"].map((tag) => h(tag));
  const bar = h("div.gc-terms", { role: "img" }, h("i.gc-term-means"), h("i.gc-term-spreads"));
  const key = h("p.label.gc-legend");
  const view = h("div.stack.gc-view", plane.canvas, h("p.label.gc-legend", `Ellipses of ${DEVIATIONS} standard deviations, real in ink, fakes in colour; crosses: the means.`));
  const pair = h("div.gc-pair", view, h("div.stack.gc-reading", big, sum, bar, key, means, spreads, told,
    h("p.gc-blind.small", h("b", "It cannot see "), "more than middle and spread: two sets with the same mean and covariance are 0 apart, a ring of eight and one wide cloud among them.")));
  const element = h("section.gc-part", { "aria-label": "Fréchet distance" }, h("h3", "Fréchet distance"), h("p.gc-about", "A normal distribution is fitted to each of the two sets. The distance of these two is |μ − μ′|² + tr(Σ + Σ′ − 2 (Σ Σ′)^½) (Heusel et al., 2017)."), pair);

  // Half axes and angle of the ellipse of a covariance [a, b, b, d].
  function axesOf([a, b, , d]) {
    const [middle, apart] = [(a + d) / 2, Math.hypot((a - d) / 2, b)];
    return { long: Math.sqrt(Math.max(0, middle + apart)), short: Math.sqrt(Math.max(0, middle - apart)), angle: Math.atan2(2 * b, a - d) / 2 };
  }

  function show(next) {
    moment = next;
    const { arrays, numbers, planar } = moment;
    const { frechet, frechet_means: between, frechet_covariances: apart, real_trace: real, fake_trace: fake, cross_trace: cross } = numbers;
    view.classList.toggle("hidden", !planar);
    pair.classList.toggle("gc-alone", !planar);
    setText(big, number(frechet));
    setText(sum, `|μ − μ′|² + tr(…) = ${number(between)} + ${number(apart)} = ${number(frechet)}`);
    const share = frechet > 0 ? between / frechet : 0;
    bar.firstChild.style.width = `${100 * share}%`;
    bar.setAttribute("aria-label", `${percent(share, 0)} from the means, ${percent(1 - share, 0)} from the spreads`);
    setText(key, `Left, from the means: ${percent(share, 0)}. Right, from the spreads: ${percent(1 - share, 0)}.`);
    const [m, f] = [arrays.real_mean.data, arrays.fake_mean.data];
    setText(means, planar
      ? `|μ − μ′|² = (${short(m[0])} − ${signed(f[0])})² + (${short(m[1])} − ${signed(f[1])})² = ${number(between)}`
      : `|μ − μ′|² over ${m.length} features = ${number(between)}`);
    setText(spreads, `tr Σ + tr Σ′ − 2 tr (Σ Σ′)^½ = ${number(real)} + ${number(fake)} − 2 × ${number(cross)} = ${number(apart)}`);
    const width = fake < real * 0.8 ? "The fakes spread less than what is real" : fake > real * 1.25 ? "The fakes spread more than what is real" : "Both spread about equally";
    setText(told, `${width} (tr Σ′ ${number(fake)}, tr Σ ${number(real)}). A distance of 0 is best${planar ? "" : "; in features it is a number without a scale of its own: compare it only with others of this set"}.`);
    shown = { means: between, covariances: apart, frechet, words: [big, sum, means, spreads].map((each) => each.textContent) };
  }

  const short = (value) => (Math.abs(value) < 0.0005 ? "0.000" : steady(value, 3));
  const signed = (value) => (short(value).startsWith("−") ? `(${short(value)})` : short(value));

  function paintSet(pen, points, ink, mean, covariance, opacity) {
    pen.fillStyle = css(rgb(ink), opacity);
    for (let i = 0; 2 * i < points.length; i += 1) {
      pen.beginPath();
      pen.arc(...plane.toPixel([points[2 * i], points[2 * i + 1]]), 2, 0, 2 * Math.PI);
      pen.fill();
    }
    const { long, short, angle } = axesOf(covariance);
    const unit = plane.canvas.clientWidth / (plane.view.x[1] - plane.view.x[0]);
    const [x, y] = plane.toPixel(mean);
    pen.strokeStyle = ink;
    pen.lineWidth = 2.2;
    pen.beginPath();
    pen.ellipse(x, y, Math.max(0.5, DEVIATIONS * long * unit), Math.max(0.5, DEVIATIONS * short * unit), -angle, 0, 2 * Math.PI);
    pen.moveTo(x - 7, y);
    pen.lineTo(x + 7, y);
    pen.moveTo(x, y - 7);
    pen.lineTo(x, y + 7);
    pen.stroke();
  }

  function draw() {
    if (!moment?.planar) return;
    const { arrays } = moment;
    plane.view = viewOf([...arrays.real.data, ...[...arrays.fake.data].map((value) => Math.max(-FAR, Math.min(FAR, value)))], 2.3);
    const pen = plane.begin(ctx.colors);
    for (const [side, ink] of [["real", ctx.colors.ink], ["fake", ctx.colors.accent]]) paintSet(pen, arrays[side].data, ink, arrays[`${side}_mean`].data, arrays[`${side}_covariance`].data, 0.3);
  }

  return { element, show, draw, read: () => shown };
}
