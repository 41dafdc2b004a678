// Two rows of pictures over each other, with what the classifier says of each, how far each is from the one before, and |z|.

import { css, rgb } from "../lib/color.js";
import { fit, h, number, percent, setText } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";
import { ticks } from "../lib/scale.js";

const GAP = 6; // px between two pictures, as in the style sheet
const CHART = 64; // px

/**
 * `{element, show(found, {shape, classes, colors, t, typical})}`; `typical`: about how long codes drawn from the prior are, or
 * null; `onpick(i)`: a picture was chosen.
 */
export function buildStrip({ onpick }) {
  const row = (label) => h("div.ip-row", { role: "group", "aria-label": label });
  const rows = [row("Decoded on the way through the code"), row("Pixel cross-fade")];
  const changeLine = h("p.label.value");
  const normLine = h("p.label.value");
  const changes = h("canvas.ip-chart", { role: "img", style: { height: `${CHART}px` } });
  const norms = h("canvas.ip-chart", { role: "img", style: { height: `${CHART}px` } });
  const heads = ["Through the code", "Through the pixels: cross-fade"].map((text) => h("h4.ip-head", text));
  const element = h("div.ip-scroll", { tabindex: 0, role: "region", "aria-label": "The two ways, picture by picture" },
    h("div.ip-strip", heads[0], rows[0], heads[1], rows[1], changeLine, changes, normLine, norms));
  const cards = [[], []];

  function fill(k, count) {
    while (cards[k].length > count) cards[k].pop().figure.remove();
    while (cards[k].length < count) {
      const at = cards[k].length;
      const canvas = h("canvas.ip-picture", { width: 1, height: 1 });
      const [words, bar] = [h("span.ip-said.value"), h("i.ip-sure")];
      const figure = h("button.ip-one.plain", { type: "button", onclick: () => onpick(at) }, canvas, h("span.ip-meter", bar), words);
      rows[k].append(figure);
      cards[k].push({ figure, canvas, words, bar });
    }
  }

  function show(found, { shape, classes, colors, t, typical }) {
    const count = found.strip.length;
    element.style.setProperty("--count", count);
    const now = Math.round(t * (count - 1));
    [[found.strip, found.said], [found.fade, found.fadeSaid]].forEach(([pictures, readings], k) => {
      fill(k, count);
      cards[k].forEach(({ figure, canvas, words, bar }, i) => {
        paintPixels(canvas, pictures[i], shape);
        const read = readings[i];
        setText(words, read ? `${classes[read.answer]} · ${percent(read.confidence, 0)}` : number(i / (count - 1), 2));
        bar.parentElement.classList.toggle("hidden", !read);
        bar.style.width = read ? `${100 * read.confidence}%` : "0";
        bar.style.background = read && classes.length > 1 ? colors.classes[read.answer % colors.classes.length] : colors.accent;
        figure.setAttribute("aria-label", `${k ? "Cross-fade" : "Decoded"}, picture ${i + 1} of ${count}${read ? `: read as ${classes[read.answer]} with ${percent(read.confidence, 0)}` : ""}`);
        figure.classList.toggle("now", i === now);
      });
    });
    drawChanges(found, colors);
    drawNorms(found, colors, typical, t);
  }

  // Where the middle of a picture is on a chart of that width.
  const middle = (i, count, width) => ((width - (count - 1) * GAP) / count) * (i + 0.5) + i * GAP;

  function drawChanges({ changes: code, fadeChanges: fade }, colors) {
    const { pen, width, height } = fit(changes);
    pen.clearRect(0, 0, width, height);
    const most = Math.max(...code, ...fade);
    const count = code.length;
    setText(changeLine, `How far each picture is from the one before: mean squared error per pixel, up to ${number(most, 2)}; left bar through the code, right bar cross-fade`);
    changes.setAttribute("aria-label", `Steps through the code: ${code.slice(1).map((x) => number(x, 2)).join(", ")}. Each step of the cross-fade: ${number(fade[1], 2)}.`);
    if (!(most > 0)) return;
    const thick = Math.min(14, (middle(1, count, width) - middle(0, count, width)) / 3);
    pen.strokeStyle = colors.line;
    pen.beginPath();
    pen.moveTo(0, height - 0.5);
    pen.lineTo(width, height - 0.5);
    pen.stroke();
    for (let i = 1; i < count; i += 1) {
      const x = (middle(i - 1, count, width) + middle(i, count, width)) / 2;
      [[code[i], colors.accent, -1], [fade[i], colors.muted, 0]].forEach(([value, color, side]) => {
        const tall = (value / most) * (height - 4);
        pen.fillStyle = color;
        pen.fillRect(x + side * thick + (side ? -0.5 : 0.5), height - tall, thick - 1, tall);
      });
    }
  }

  function drawNorms({ norms: mine, otherNorms: other }, colors, typical, t) {
    const { pen, width, height } = fit(norms);
    pen.clearRect(0, 0, width, height);
    const all = [...mine, ...(other ?? []), typical ?? 0, 0];
    const high = Math.max(...all) * 1.08;
    const count = mine.length;
    const toY = (value) => height - 2 - (value / high) * (height - 6);
    const toX = (i) => middle(i, count, width);
    setText(normLine, `|z| at each step, from 0 to ${number(high, 2)}${typical ? `; dashed: ${number(typical)}, about what codes drawn from the prior have` : ""}${other ? "; faint: the other way" : ""}`);
    norms.setAttribute("aria-label", `The norm of z at each step: ${mine.map((x) => number(x)).join(", ")}`);
    pen.font = `11px ${colors.font}`;
    pen.fillStyle = colors.muted;
    pen.strokeStyle = css(rgb(colors.ink), 0.1);
    pen.textBaseline = "bottom";
    for (const value of ticks(0, high, 3)) {
      const y = Math.round(toY(value)) + 0.5;
      pen.beginPath();
      pen.moveTo(0, y);
      pen.lineTo(width, y);
      pen.stroke();
      if (value && y > 12) pen.fillText(number(value), 2, y);
    }
    const line = (values, color, dash = []) => {
      pen.strokeStyle = color;
      pen.setLineDash(dash);
      pen.beginPath();
      values.forEach((value, i) => (i ? pen.lineTo(toX(i), toY(value)) : pen.moveTo(toX(i), toY(value))));
      pen.stroke();
      pen.setLineDash([]);
    };
    pen.lineWidth = 1.5;
    if (typical) line(mine.map(() => typical), colors.muted, [5, 4]);
    if (other) line(other, css(rgb(colors.accent), 0.35));
    pen.lineWidth = 2;
    line(mine, colors.accent);
    pen.fillStyle = colors.accent;
    mine.forEach((value, i) => {
      pen.beginPath();
      pen.arc(toX(i), toY(value), i === Math.round(t * (count - 1)) ? 4.5 : 2.5, 0, 2 * Math.PI);
      pen.fill();
    });
  }

  const read = () => cards.map((list) => list.map(({ words, canvas }) => ({ text: words.textContent, pixels: [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data] })));

  return { element, show, read };
}
