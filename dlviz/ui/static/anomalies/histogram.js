// Known pictures above the axis, strangers below it, by their score; a threshold that one drags.

import { css, rgb } from "../lib/color.js";
import { fit, h, number, percent } from "../lib/dom.js";
import { logTicks, ticks } from "../lib/scale.js";

const TALL = 340;
const MARGIN = { top: 26, right: 12, bottom: 40, left: 12 };
const EDGE = 8; // px of a bar that can always be pointed at

/**
 * `{element, show, draw, middleOf}`; `onthreshold(value)` while dragging or by arrow keys, `onbar({group, bin} | null)` for the
 * bar under the pointer, or walked to with Up and Down.
 */
export function buildHistogram({ redraw, onthreshold, onbar }) {
  const canvas = h("canvas.histogram", { tabindex: 0, role: "slider", "aria-label": "Threshold", "aria-orientation": "horizontal", style: { height: `${TALL}px` } });
  const element = h("div.anomalies-histogram", canvas);
  let [state, box, dragging, walked] = [null, null, false, null];

  const toX = (value) => box.left + Math.min(1.02, Math.max(-0.02, state.bars.share(value))) * (box.right - box.left);
  const place = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  function barAt([x, y]) {
    if (!box || x < box.left || x > box.right) return null;
    const bin = Math.min(state.bars.known.length - 1, Math.floor(((x - box.left) / (box.right - box.left)) * state.bars.known.length));
    const group = y < box.middle ? "known" : "strangers";
    return state.bars[group][bin].length ? { group, bin } : null;
  }
  const thresholdAt = ([x]) => state.bars.value((x - box.left) / (box.right - box.left));

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !state) return;
    canvas.setPointerCapture(event.pointerId);
    dragging = true;
    onthreshold(thresholdAt(place(event)));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!state) return;
    if (dragging) onthreshold(thresholdAt(place(event)));
    onbar(barAt(place(event)));
  });
  const stop = () => { dragging = false; };
  canvas.addEventListener("pointerup", stop);
  canvas.addEventListener("pointercancel", stop);
  canvas.addEventListener("pointerleave", () => onbar(null));
  canvas.addEventListener("blur", () => { walked = null; onbar(null); });
  canvas.addEventListener("keydown", (event) => {
    if (!state) return;
    const { curves, rates, bars } = state;
    const way = { ArrowRight: -1, ArrowLeft: 1, PageUp: -20, PageDown: 20 }[event.key];
    const walk = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (way) {
      const at = Math.min(curves.thresholds.length - 1, Math.max(0, rates.place + way * (event.shiftKey ? 20 : 1)));
      onthreshold(curves.thresholds[at]);
    } else if (event.key === "Home" || event.key === "End") onthreshold(curves.thresholds.at(event.key === "Home" ? -1 : 0));
    else if (walk) {
      const all = ["known", "strangers"].flatMap((group) => bars[group].map((list, bin) => (list.length ? { group, bin } : null))).filter(Boolean);
      const now = walked ? all.findIndex(({ group, bin }) => group === walked.group && bin === walked.bin) : walk > 0 ? -1 : all.length;
      walked = all[Math.min(all.length - 1, Math.max(0, now + walk))] ?? null;
      onbar(walked);
    } else if (event.key === "Escape") {
      walked = null;
      onbar(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
    redraw();
  });

  function show(next) {
    state = next;
    const { rates, threshold, title, curves } = state;
    canvas.setAttribute("aria-valuemin", String(curves.thresholds.at(-1)));
    canvas.setAttribute("aria-valuemax", String(curves.thresholds[0]));
    canvas.setAttribute("aria-valuenow", String(threshold));
    canvas.setAttribute("aria-label", "Threshold over the scores of known pictures and strangers. Left and Right move it from score to score, Up and Down light the bars");
    canvas.setAttribute("aria-valuetext", `${title} ${number(threshold)}: ${rates.caught} of ${curves.strangers} strangers caught, ${rates.falseAlarms} of ${curves.known} known pictures called strange`);
  }

  function draw(colors) {
    if (!state || !canvas.clientWidth) return;
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    const { bars, curves, rates, threshold, bar, title } = state;
    box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
    box.middle = (box.top + box.bottom) / 2;
    const x = toX(threshold);
    pen.fillStyle = css(rgb(colors.ink), 0.045);
    pen.fillRect(x, box.top - 20, width - x, box.bottom - box.top + 20);
    const most = Math.max(...bars.known.map((list) => list.length / Math.max(1, curves.known)), ...bars.strangers.map((list) => list.length / Math.max(1, curves.strangers)));
    const half = (box.bottom - box.top) / 2 - 22;
    const wide = (box.right - box.left) / bars.known.length;
    for (const [group, count, color, up] of [["known", curves.known, colors.known, true], ["strangers", curves.strangers, colors.strange, false]]) {
      bars[group].forEach((list, bin) => {
        if (!list.length) return;
        const tall = Math.max(1.5, (half * list.length) / count / most);
        const lit = bar?.group === group && bar.bin === bin;
        pen.fillStyle = css(rgb(color), lit ? 1 : bar ? 0.38 : 0.8);
        pen.fillRect(box.left + bin * wide + 0.5, up ? box.middle - 1 - tall : box.middle + 1, Math.max(1, wide - 1), tall);
        if (lit) {
          pen.strokeStyle = colors.ink;
          pen.lineWidth = 1.5;
          pen.strokeRect(box.left + bin * wide + 0.5, up ? box.middle - 1 - tall : box.middle + 1, Math.max(1, wide - 1), tall);
        }
      });
    }
    pen.strokeStyle = css(rgb(colors.ink), 0.5);
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(box.left, Math.round(box.middle) + 0.5);
    pen.lineTo(box.right, Math.round(box.middle) + 0.5);
    pen.stroke();
    drawAxis(pen, colors, width, title);
    drawThreshold(pen, colors, x, threshold, width);
    drawCounts(pen, colors, x, rates, curves, width);
    pen.font = `12px ${colors.font}`;
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    pen.fillStyle = colors.muted;
    pen.fillText(`tallest bar ${percent(most, 0)}`, box.right, box.bottom - 2 + 34);
  }

  function drawAxis(pen, colors, width, title) {
    const { bars } = state;
    const values = bars.log ? logTicks(bars.low, bars.high) : ticks(bars.low, bars.high, Math.max(3, width / 110));
    pen.font = `12px ${colors.font}`;
    pen.fillStyle = colors.muted;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    let last = -Infinity;
    for (const value of values) {
      const x = toX(value);
      const room = pen.measureText(number(value)).width / 2;
      if (x - room < last + 10 || x - room < 0 || x + room > width) continue;
      pen.fillText(number(value), x, box.bottom + 6);
      pen.fillRect(x, box.bottom, 1, 4);
      last = x + room;
    }
    pen.textAlign = "left";
    pen.fillText(`${title}${bars.log ? ", logarithmic" : ""} →`, box.left, box.bottom + 23);
  }

  function drawThreshold(pen, colors, x, threshold, width) {
    pen.strokeStyle = colors.ink;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(x, box.top - 4);
    pen.lineTo(x, box.bottom);
    pen.stroke();
    pen.fillStyle = colors.ink;
    pen.beginPath();
    pen.arc(x, box.middle, EDGE, 0, 2 * Math.PI);
    pen.fill();
    pen.strokeStyle = colors.paper;
    pen.lineWidth = 1.5;
    for (const way of [-1, 1]) {
      pen.beginPath();
      pen.moveTo(x + way * 2, box.middle - 3);
      pen.lineTo(x + way * 5, box.middle);
      pen.lineTo(x + way * 2, box.middle + 3);
      pen.stroke();
    }
    pen.fillStyle = colors.ink;
    pen.font = `600 12.5px ${colors.font}`;
    pen.textBaseline = "bottom";
    const text = number(threshold);
    const room = pen.measureText(text).width / 2 + 4;
    pen.textAlign = "center";
    pen.fillText(text, Math.min(width - room, Math.max(room, x)), box.top - 6);
  }

  function drawCounts(pen, colors, x, rates, curves, width) {
    pen.font = `600 13px ${colors.font}`;
    const spots = [
      ["left", "known", `${rates.passed} let pass`, box.top + 2, colors.known], ["right", "known", `${rates.falseAlarms} false alarm${rates.falseAlarms === 1 ? "" : "s"}`, box.top + 2, colors.known],
      ["left", "strangers", `${rates.missed} missed`, box.bottom - 16, colors.strange], ["right", "strangers", `${rates.caught} caught`, box.bottom - 16, colors.strange],
    ];
    pen.textBaseline = "top";
    for (const [side, , text, y, color] of spots) {
      const room = pen.measureText(text).width;
      const fits = side === "left" ? x - 12 - room > 2 : x + 12 + room < width - 2;
      if (!fits) continue;
      pen.fillStyle = color;
      pen.textAlign = side === "left" ? "right" : "left";
      pen.fillText(text, x + (side === "left" ? -10 : 10), y);
    }
  }

  return {
    element, show, draw,
    /** Where a bar, or a threshold, is on the page. */
    middleOf({ group, bin }) {
      const frame = canvas.getBoundingClientRect();
      const wide = (box.right - box.left) / state.bars.known.length;
      return [frame.left + box.left + (bin + 0.5) * wide, frame.top + box.middle + (group === "known" ? -3 : 3)];
    },
    xOf: (value) => canvas.getBoundingClientRect().left + toX(value),
  };
}
