// The stations as a row, and below, aligned with them, what D says, what the classifier reads or how far points are from real
// ones, how far each station is from the one before, and the norm.

import { css } from "../lib/color.js";
import { h, number, percent, setText, steady } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";
import { buildWayChart } from "./waychart.js";

const WORTH = 0.1; // classes that never reach this share have no line

const best = (shares) => shares.reduce((found, share, k) => (share > shares[found] ? k : found), 0);
const reach = (values) => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
};

export function buildStations({ onpick }) {
  const row = h("div.walk-row", { role: "group", "aria-label": "Stations of the way" });
  const charts = ["verdict", "reading", "steps", "norms"].map((name) => ({ name, line: h("p.label.value"), chart: buildWayChart({ height: name === "reading" ? 120 : 96, onpick }) }));
  const element = h("div.walk-scroll", { tabindex: 0, role: "region", "aria-label": "The way, station by station" },
    h("div.walk-strip", row, charts.map(({ line, chart }) => [line, chart.element])));
  const cards = [];

  function fill(count) {
    while (cards.length > count) cards.pop().button.remove();
    while (cards.length < count) {
      const at = cards.length;
      const parts = { canvas: h("canvas.walk-picture", { width: 1, height: 1 }), said: h("span.value"), read: h("span.small.muted.value") };
      parts.button = h("button.walk-one.plain", { type: "button", onclick: () => onpick(at / (cards.length - 1)) }, parts.canvas, parts.said, parts.read);
      row.append(parts.button);
      cards.push(parts);
    }
  }

  function showRow({ found, shape, planar, classes, scale, t, colors }) {
    fill(found.stations.length);
    const now = Math.round(t * (cards.length - 1));
    found.stations.forEach(({ sample, logit, shares, far }, i) => {
      const { button, canvas, said, read } = cards[i];
      canvas.classList.toggle("hidden", planar);
      if (!planar) {
        paintPixels(canvas, sample, shape);
        canvas.style.borderColor = css(colors.diverging(scale.share(logit)));
      }
      const value = scale.words(scale.value(logit));
      setText(said, planar ? `(${steady(sample[0], 2)}, ${steady(sample[1], 2)})` : `D ${value}`);
      const answer = shares && best(shares);
      setText(read, planar ? `D ${value}` : shares ? `${classes[answer]} · ${percent(shares[answer], 0)}` : "");
      button.classList.toggle("now", i === now);
      button.setAttribute("aria-label", `Station ${i + 1} of ${cards.length}: D says ${value}${shares ? `, read as ${classes[answer]} with ${percent(shares[answer], 0)}` : planar ? `, ${steady(far, 2)} from a real point` : ""}`);
    });
  }

  function show(all) {
    const { found, planar, classes, scale, t, usual, colors } = all;
    const { stations, fine, others, changes, otherChanges, otherNorms, way } = found;
    element.style.setProperty("--count", stations.length);
    element.style.setProperty("--each", planar ? "96px" : "62px");
    showRow(all);
    const count = stations.length;
    const [verdict, reading, steps, norms] = charts;
    const other = way.isArc ? "the straight way" : "the arc";
    const broken = others ? `; broken: ${other}` : "";
    const value = ({ logit }) => scale.value(logit);
    const outputs = [...fine, ...(others ?? [])].map(value);
    const [low, high] = scale.odds ? [0, 1] : reach([...outputs, scale.low, scale.high]);
    setText(verdict.line, `${scale.name}${broken}${scale.odds ? "" : `; from ${number(low)} to ${number(high)}`}`);
    const lines = (of, color = colors.ink) => [...(others ? [{ values: others.map(of), color: colors.muted, weight: 1.4, dash: [4, 4] }] : []), { values: fine.map(of), color, dots: true }];
    verdict.chart.show({ count, t, low, high, guides: [scale.middle], lines: lines(value), words: `D along the way: ${stations.map((each) => number(value(each))).join(", ")}`, colors });
    const hasReading = planar || Boolean(stations[0].shares);
    for (const part of [reading.line, reading.chart.element]) part.classList.toggle("hidden", !hasReading);
    if (planar) {
      const far = ({ far: distance }) => distance;
      setText(reading.line, `Distance from the nearest real point${broken}`);
      reading.chart.show({ count, t, low: 0, high: Math.max(0.1, ...[...fine, ...(others ?? [])].map(far)), lines: lines(far), words: `Distance from real points: ${stations.map((each) => number(far(each))).join(", ")}`, colors });
    } else if (hasReading) {
      const curves = classes.map((name, k) => ({ name, values: fine.map(({ shares }) => shares[k]), color: colors.classes[k % colors.classes.length] })).filter(({ values }) => Math.max(...values) > WORTH);
      setText(reading.line, "What the classifier reads: the probability of each class that it ever holds likelier than 10 %");
      reading.chart.show({ count, t, low: 0, high: 1, lines: curves, words: `The classifier along the way: ${stations.map(({ shares }) => classes[best(shares)]).join(", ")}`, colors });
    }
    const most = Math.max(...changes, ...(otherChanges ?? []));
    setText(steps.line, `How far each station is from the one before: ${planar ? "distance in the plane" : "root mean square over pixels"}, up to ${steady(most, 3)}${others ? `; grey: ${other}` : ""}`);
    steps.chart.show({ count, t, low: 0, high: most || 1, bars: [{ values: changes.slice(1), color: colors.ink }, ...(others ? [{ values: otherChanges.slice(1), color: colors.muted }] : [])], words: `Steps: ${changes.slice(1).map((x) => number(x)).join(", ")}`, colors });
    const lengths = fine.map(({ norm }) => norm);
    setText(norms.line, `|z| along the way${broken}. Grey band: 90 % of the noises shown lie there`);
    norms.chart.show({ count, t, low: 0, high: 1.1 * Math.max(usual[1], ...lengths, ...(otherNorms ?? [0])), band: usual, lines: [...(otherNorms ? [{ values: otherNorms, color: colors.muted, weight: 1.4, dash: [4, 4] }] : []), { values: lengths, color: colors.ink, dots: true }], words: `The norm of z: ${stations.map(({ norm }) => number(norm)).join(", ")}`, colors });
  }

  const read = () => cards.map(({ canvas, said, read: reading }) => ({ said: said.textContent, read: reading.textContent, red: [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data].filter((_, i) => i % 4 === 0) }));
  return { element, show, read };
}
