// A curve in the unit square with the point that the threshold makes: ROC, or precision over recall. One can drag along it.

import { css, rgb } from "../lib/color.js";
import { fit, h, steady } from "../lib/dom.js";

const MARGIN = { top: 12, right: 12, bottom: 38, left: 44 };

/** `{element, show({points, at, baseline, label}), draw}`: `points` [[x, y], …], `at` [x, y]; `onpick(k)` the nearest point. */
export function buildSquare({ title, across, up, onpick }) {
  const canvas = h("canvas.square", { role: "img", "aria-label": title });
  const said = h("span.value.muted.small");
  const element = h("figure.anomalies-square", h("figcaption.row", h("h4", title), h("span.grow"), said), canvas);
  let [state, box, dragging] = [null, null, false];
  const toX = (x) => box.left + x * (box.right - box.left);
  const toY = (y) => box.bottom - y * (box.bottom - box.top);

  function pick(event) {
    const frame = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    let [best, least] = [0, Infinity];
    state.points.forEach(([a, b], k) => {
      const far = (toX(a) - x) ** 2 + (toY(b) - y) ** 2;
      if (far < least) [best, least] = [k, far];
    });
    onpick(best);
  }
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !state) return;
    canvas.setPointerCapture(event.pointerId);
    dragging = true;
    pick(event);
  });
  canvas.addEventListener("pointermove", (event) => { if (dragging) pick(event); });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { dragging = false; });

  function show(next) {
    state = next;
    if (said.textContent !== next.label) said.textContent = next.label;
    canvas.setAttribute("aria-label", `${title}. ${next.label}. At the threshold: ${across} ${steady(next.at[0])}, ${up} ${next.at[1] === null ? "not defined" : steady(next.at[1])}`);
  }

  function draw(colors) {
    if (!state || !canvas.clientWidth) return;
    const { pen, width, height } = fit(canvas);
    pen.clearRect(0, 0, width, height);
    box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: height - MARGIN.bottom };
    pen.font = `12px ${colors.font}`;
    pen.lineWidth = 1;
    for (const share of [0, 0.5, 1]) {
      pen.strokeStyle = colors.line;
      pen.beginPath();
      pen.moveTo(Math.round(toX(share)) + 0.5, box.top);
      pen.lineTo(Math.round(toX(share)) + 0.5, box.bottom);
      pen.moveTo(box.left, Math.round(toY(share)) + 0.5);
      pen.lineTo(box.right, Math.round(toY(share)) + 0.5);
      pen.stroke();
      pen.fillStyle = colors.muted;
      pen.textAlign = share === 1 ? "right" : "center";
      pen.textBaseline = "top";
      pen.fillText(String(share), toX(share), box.bottom + 5);
      pen.textAlign = "right";
      pen.textBaseline = "middle";
      pen.fillText(String(share), box.left - 6, toY(share));
    }
    pen.fillStyle = colors.muted;
    pen.textAlign = "center";
    pen.textBaseline = "bottom";
    pen.fillText(across, (box.left + box.right) / 2, height - 2);
    pen.save();
    pen.translate(11, (box.top + box.bottom) / 2);
    pen.rotate(-Math.PI / 2);
    pen.textBaseline = "middle";
    pen.fillText(up, 0, 0);
    pen.restore();
    const line = (points) => {
      pen.beginPath();
      points.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"](toX(x), toY(y)));
      pen.stroke();
    };
    pen.setLineDash([4, 4]);
    pen.strokeStyle = css(rgb(colors.ink), 0.35);
    line(state.baseline);
    pen.setLineDash([]);
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 2.2;
    pen.lineJoin = "round";
    line(state.drawn ?? state.points);
    if (state.at[1] === null) return;
    pen.fillStyle = colors.ink;
    pen.beginPath();
    pen.arc(toX(state.at[0]), toY(state.at[1]), 6, 0, 2 * Math.PI);
    pen.fill();
    pen.strokeStyle = colors.paper;
    pen.lineWidth = 2;
    pen.stroke();
  }

  return { element, show, draw };
}
