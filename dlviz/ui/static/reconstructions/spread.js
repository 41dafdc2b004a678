// How the errors of all test pictures spread, beside those of pictures trained on, and of each class.

import { css, rgb } from "../lib/color.js";
import { fit, h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { ticks } from "../lib/scale.js";
import { byClass, meanOf } from "./measured.js";

const BINS = 40;
const TALL = 250;
const MARGIN = { top: 34, right: 14, bottom: 40, left: 46 };
const REACH = 0.995; // of the errors lie in the picture; the rest are counted into its last bar

/** Shares of both parts in bins of the same width: {width, test, train, counts}; the last bin holds what is larger too. */
export function histogramOf({ test, train, mean }) {
  const all = Float32Array.from([...test.errors, ...train.errors]).sort();
  const high = Math.max(all[Math.floor(REACH * (all.length - 1))], 1.06 * meanOf(mean.errors)) || 1;
  const width = high / BINS;
  const counted = ({ errors }) => {
    const bins = new Float64Array(BINS);
    for (const value of errors) bins[Math.min(BINS - 1, Math.floor(value / width))] += 1;
    return bins;
  };
  const counts = { test: counted(test), train: counted(train) };
  return { width, counts, test: counts.test.map((n) => n / test.errors.length), train: counts.train.map((n) => n / train.errors.length) };
}

export function buildSpread({ ctx, onclass }) {
  const point = (at) => { if (at !== hover) { hover = at; ctx.redraw(); } };
  const canvas = h("canvas.recon-histogram", { tabindex: 0, role: "img", style: { height: `${TALL}px` },
    onpointermove: (event) => point(toBin?.(event.offsetX) ?? null), onpointerleave: () => point(null), onblur: () => point(null),
    onkeydown: (event) => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!way || !bins) return;
      event.preventDefault();
      point(Math.max(0, Math.min(BINS - 1, (hover ?? (way > 0 ? -1 : BINS)) + way)));
    } });
  const bubble = h("div.curve-words.value", { hidden: true });
  const [words, verdict] = [h("p.recon-verdict.value"), h("p.small.muted.value")];
  const rows = h("div.recon-classes");
  const element = h("section.recon-part", { "aria-label": "The errors of all test pictures" },
    h("h3", "The errors of all test pictures"), words,
    h("div.recon-spread",
      h("div.stack", h("div.row.small.recon-keys", h("span.recon-key", h("i.recon-swatch.test"), "test pictures"), h("span.recon-key", h("i.recon-swatch.train"), "pictures trained on")), h("div.curve", canvas, bubble), verdict),
      h("div.stack", h("p.label.recon-class-title", "Squared error of each class: the mean, ± its standard deviation. Click a class to see only its pictures above"), rows)));
  let [hover, bins, toBin, of, classes] = [null, null, null, null, null];

  function draw(now, own, names, step) {
    element.setAttribute("aria-busy", String(!now));
    if (!now) return;
    if (of !== now) {
      of = now;
      bins = histogramOf(now);
      classes = byClass(now, names);
      table(names);
    }
    setText(words, wordsOf(now, classes, names));
    setText(verdict, `Measured at step ${number(now.step)}${now.step === step ? "" : `; the network shown above is of step ${number(step)}`}: ${number(now.test.errors.length)} test pictures, and ${number(now.train.errors.length)} of those trained on. The bars are shares; the last one holds all larger errors.`);
    paint(now, own);
  }

  function table(names) {
    const high = Math.max(...classes.flatMap(({ test, train }) => [test.mean + test.spread, train.mean || 0])) * 1.03;
    const at = (value) => `${(100 * Math.max(0, value)) / high}%`;
    replace(rows, classes.map(({ at: k, test, train }) => h("button.recon-class.plain", { type: "button", title: `Only pictures of ${names[k]}`, "data-class": k, onclick: () => onclass(k) },
      h("b", names[k]),
      h("span.recon-track", { "aria-hidden": "true" },
        h("i.recon-bar", { style: { left: at(test.mean - test.spread), width: `calc(${at(test.mean + test.spread)} - ${at(test.mean - test.spread)})` } }),
        h("i.recon-dot.train", { style: { left: at(train.mean) } }), h("i.recon-dot.test", { style: { left: at(test.mean) } })),
      h("span.value.small", `${steady(test.mean, 4)} ± ${steady(test.spread, 4)}`),
      h("span.value.small.muted", train.count ? `trained on ${steady(train.mean, 4)}` : "never trained on"))));
  }

  function paint(now, own) {
    if (!canvas.clientWidth) return;
    const { colors } = ctx;
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
    const high = bins.width * BINS;
    const most = Math.max(...bins.test, ...bins.train);
    const toX = (value) => box.left + (Math.min(value, high) / high) * (box.right - box.left);
    const toY = (share) => box.bottom - (share / most) * (box.bottom - box.top);
    toBin = (x) => (x < box.left || x > box.right ? null : Math.min(BINS - 1, Math.floor(((x - box.left) / (box.right - box.left)) * BINS)));
    pen.font = `12px ${colors.font}`;
    pen.lineWidth = 1;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const share of ticks(0, most, 3)) {
      pen.strokeStyle = colors.line;
      pen.beginPath();
      pen.moveTo(box.left, Math.round(toY(share)) + 0.5);
      pen.lineTo(box.right, Math.round(toY(share)) + 0.5);
      pen.stroke();
      pen.fillStyle = colors.muted;
      pen.fillText(percent(share, most < 0.03 ? 1 : 0), box.left - 7, toY(share));
    }
    bins.test.forEach((share, i) => {
      pen.fillStyle = css(rgb(colors.accent), i === hover ? 0.75 : 0.4);
      pen.fillRect(toX(i * bins.width) + 0.5, toY(share), toX((i + 1) * bins.width) - toX(i * bins.width) - 1, box.bottom - toY(share));
    });
    pen.strokeStyle = colors.muted;
    pen.lineWidth = 1.6;
    pen.beginPath();
    bins.train.forEach((share, i) => {
      pen.lineTo(toX(i * bins.width), toY(share));
      pen.lineTo(toX((i + 1) * bins.width), toY(share));
    });
    pen.stroke();
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.fillStyle = colors.muted;
    for (const value of ticks(0, high, Math.max(3, width / 110))) pen.fillText(number(value), toX(value), box.bottom + 6);
    pen.fillText("squared error, the mean over pixels", (box.left + box.right) / 2, box.bottom + 22);
    line(pen, box, toX(meanOf(now.mean.errors)), colors.negative, [5, 4], "always the mean picture", 2);
    if (own) line(pen, box, toX(own.squaredError), colors.ink, [], "the picture on screen", 17);
    tell(now, toX);
  }

  function line(pen, box, x, color, dash, name, top) {
    pen.strokeStyle = pen.fillStyle = color;
    pen.lineWidth = 1.8;
    pen.setLineDash(dash);
    pen.beginPath();
    pen.moveTo(x, top + 13);
    pen.lineTo(x, box.bottom);
    pen.stroke();
    pen.setLineDash([]);
    const wide = pen.measureText(name).width;
    pen.textAlign = "left";
    pen.textBaseline = "top";
    pen.fillText(name, Math.max(box.left, Math.min(x - wide / 2, box.right - wide)), top);
  }

  function tell(now, toX) {
    bubble.hidden = hover === null;
    const from = hover === null ? null : hover * bins.width;
    const range = hover === null ? "" : hover === BINS - 1 ? `${number(from)} and more` : `${number(from)} to ${number(from + bins.width)}`;
    const said = hover === null ? "" : `${bins.counts.test[hover]} test pictures, ${percent(bins.test[hover])}; trained on ${percent(bins.train[hover])}`;
    canvas.setAttribute("aria-label", `Histogram of the squared errors. Arrow keys read its bars. ${hover === null ? `Test pictures ${steady(meanOf(now.test.errors), 4)} on average, trained on ${steady(meanOf(now.train.errors), 4)}` : `${range}: ${said}`}`);
    if (hover === null) return;
    bubble.replaceChildren(h("b", `Error ${range}`), h("span", said));
    const x = toX(from);
    bubble.style.left = `${Math.max(0, Math.min(x + 14, canvas.clientWidth - bubble.offsetWidth))}px`;
    bubble.style.top = `${MARGIN.top + 2}px`;
  }

  return {
    element, draw,
    read: () => of && { step: of.step, bins, words: words.textContent, classes, means: { test: meanOf(of.test.errors), train: meanOf(of.train.errors), mean: meanOf(of.mean.errors) }, bubble: bubble.hidden ? null : bubble.textContent },
  };
}

function wordsOf(now, classes, names) {
  const [test, train, mean] = [now.test, now.train, now.mean].map(({ errors }) => meanOf(errors));
  const variance = ({ errors }, about) => errors.reduce((sum, x) => sum + (x - about) ** 2, 0) / errors.length / errors.length;
  const noise = Math.sqrt(variance(now.test, test) + variance(now.train, train)); // standard error of the difference
  const more = test / train - 1;
  const gap = test - train < 2 * noise
    ? "no more than chance would make, so nothing speaks for overfitting"
    : more < 0.15 ? `${percent(more, 0)} more: a small gap` : `${percent(more, 0)} more: a gap, for it has learned something of its training pictures by heart (overfitting)`;
  const share = test / mean;
  const baseline = `A network that always answers the mean picture comes to ${steady(mean, 4)} (${number(meanOf(now.mean.losses), 4)} nats); this one ${share < 1 ? `leaves ${percent(share, 0)} of that` : "is no better yet"} (${number(meanOf(now.test.losses), 4)} nats).`;
  const order = [...classes].sort((a, b) => a.test.mean - b.test.mean);
  const ends = order.length > 1 ? ` Of the classes ${names[order[0].at]} comes out best and ${names[order.at(-1).at]} worst.` : "";
  return `Test pictures come out with a squared error of ${steady(test, 4)}, pictures trained on with ${steady(train, 4)}: ${gap}. ${baseline}${ends}`;
}
