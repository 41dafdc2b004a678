// What each player pays: six curves and their slopes over D's output, and where the examples of this moment lie under them.

import { css, rgb } from "../lib/color.js";
import { fit, h, number, percent, setText, steady } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";
import { ticks } from "../lib/scale.js";
import { costOf, CRITICS, LOSSES, meanPull, NAMES, odds, PAYERS, slopeOf, writtenOut } from "./formulas.js";
import { countsOf, outside, paintBoth, paintScale } from "./histograms.js";
import { pullWords } from "./words.js";

const BINS = 80;
const ALONE = 300; // steps of D alone, after which it is sure of most fakes
const LEAST_REACH = 8; // logits on either side
const MOST_REACH = 4096;
const COSTS = 0.75; // of the reach: how far the axis of the losses goes
const SLOPES = 2.2;
const MARGIN = { left: 40, right: 12 };
const INK = { nonsaturating: 2, minimax: 7, leastsquares: 6, wgan: 8, wgangp: 3, hinge: 4 }; // of the class colours
const TALL = { costs: 190, slopes: 150, marks: 66 };
const GAP = 30;
const HEIGHT = 18 + TALL.costs + GAP + TALL.slopes + GAP + TALL.marks + 24;

export const inkOf = (loss, colors) => colors.classes[INK[loss]];

export function buildPays({ live, ctx, happened }) {
  const settings = settingsOf({ live, ctx });
  const state = { payer: "generator", at: -2, reach: LEAST_REACH, strong: null };
  let shown = null;
  const payers = PAYERS.map(({ name, label }) => h("button.chip", { type: "button", "data-payer": name, onclick: () => { state.payer = name; ctx.redraw(); } }, label));
  const about = h("p.about");
  const canvas = h("canvas.gl-curves", { tabindex: 0, role: "slider", "aria-label": "Output of D at which the six losses are read. Arrow keys move it.", style: { height: `${HEIGHT}px` } });
  const rows = LOSSES.map((loss) => {
    const parts = { loss, cost: h("td.value"), slope: h("td.value"), costOut: h("span.small.muted"), slopeOut: h("span.small.muted"), costIs: h("b"), slopeIs: h("b"), mean: h("td.value"), swatch: h("i.gl-swatch") };
    parts.use = h("button.chip", { type: "button", onclick: () => use(loss) }, "Use");
    parts.cost.append(parts.costIs, parts.costOut);
    parts.slope.append(parts.slopeIs, parts.slopeOut);
    parts.element = h("tr", { "data-loss": loss }, h("th", { scope: "row" }, parts.swatch, NAMES[loss]), parts.cost, parts.slope, parts.mean, h("td", parts.use));
    parts.element.addEventListener("pointerenter", () => { state.strong = loss; ctx.redraw(); });
    parts.element.addEventListener("pointerleave", () => { state.strong = null; ctx.redraw(); });
    return parts;
  });
  const where = h("p.gl-where.value");
  const meanHead = h("span");
  const table = h("table.gl-six", h("thead", h("tr", h("th", { scope: "col" }, "Loss"), h("th", { scope: "col" }, "costs"), h("th", { scope: "col" }, "slope"), h("th", { scope: "col" }, meanHead), h("th", { scope: "col" }, h("span.unseen", "For the run")))), h("tbody", rows.map(({ element }) => element)));
  const sentence = h("p.sentence.value", { "aria-live": "off" });
  const beyond = h("p.small.muted.value");
  const alone = h("button", { type: "button", onclick: letAlone }, "");
  const key = h("p.small.muted.gl-key", h("span.key", h("i.gl-dot.real"), "real examples of this moment"), h("span.key", h("i.gl-dot.fake"), "fakes of this moment"), h("span", "Drag along the axis, or use the arrow keys"));
  const problem = h("p.problem.small", { role: "alert" });
  const element = h("section.gl-part", { "aria-label": "What each player pays" },
    h("h3", "What each player pays"), h("div.gl-said", sentence, alone),
    h("div.row", { role: "group", "aria-label": "Who pays" }, h("span.label", "Who pays"), payers), about,
    h("div.gl-pays", h("div.stack", canvas, key, beyond), h("div.stack", where, table, problem)));

  async function use(loss) {
    happened("loss_chosen");
    await settings.change({ loss });
    setText(problem, settings.problem("loss"));
  }

  // In the run above: what a discriminator that is far ahead leaves of each slope.
  async function letAlone() {
    const isAlone = settings.value("moves") === "discriminator";
    if (!isAlone) happened("d_alone");
    const taken = await settings.change({ moves: isAlone ? "both" : "discriminator" });
    setText(problem, settings.problem("moves"));
    if (taken && !isAlone) live.advance(ALONE);
  }

  function move(at) {
    state.at = Math.min(state.reach, Math.max(-state.reach, Math.round(at * 100) / 100));
    happened("logit_dragged");
    ctx.redraw();
  }
  const toLogit = (event) => {
    const box = canvas.getBoundingClientRect();
    return ((event.clientX - box.left - MARGIN.left) / (box.width - MARGIN.left - MARGIN.right)) * 2 * state.reach - state.reach;
  };
  canvas.addEventListener("pointerdown", (event) => { if (event.button === 0) { canvas.setPointerCapture(event.pointerId); move(toLogit(event)); } });
  canvas.addEventListener("pointermove", (event) => { if (event.buttons & 1) move(toLogit(event)); });
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    move(state.at + way * (state.reach / 80) * (event.shiftKey ? 10 : 1));
  });

  // The axis grows when outputs leave it, and shrinks when they need less than a quarter: it does not breathe with every step.
  function reachOf(real, fake) {
    const all = Float32Array.from([...real, ...fake], Math.abs).filter(Number.isFinite).sort();
    const most = all[Math.floor(0.98 * (all.length - 1))] ?? 0;
    let { reach } = state;
    while (reach < most && reach < MOST_REACH) reach *= 2;
    while (reach > LEAST_REACH && most < reach / 4) reach /= 2;
    return reach;
  }

  function axes(width) {
    const right = width - MARGIN.right;
    const box = (top, tall) => ({ left: MARGIN.left, right, top, bottom: top + tall });
    const costs = box(18, TALL.costs);
    const slopes = box(costs.bottom + GAP, TALL.slopes);
    return { costs, slopes, marks: box(slopes.bottom + GAP, TALL.marks), toX: (x) => MARGIN.left + ((x + state.reach) / (2 * state.reach)) * (right - MARGIN.left) };
  }

  function paintCurves(pen, box, toX, name, of, most, colors) {
    const toY = (value) => (box.top + box.bottom) / 2 - (value / most) * ((box.bottom - box.top) / 2);
    pen.font = `12px ${colors.font}`;
    pen.textBaseline = "bottom";
    pen.textAlign = "left";
    pen.fillStyle = colors.muted;
    pen.fillText(name, box.left, box.top - 5);
    pen.strokeStyle = colors.line;
    pen.lineWidth = 1;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const level of ticks(-most, most, 5)) {
      const y = Math.round(toY(level)) + 0.5;
      pen.strokeStyle = level === 0 ? css(rgb(colors.ink), 0.4) : colors.line;
      pen.beginPath();
      pen.moveTo(box.left, y);
      pen.lineTo(box.right, y);
      pen.stroke();
      pen.fillText(number(level), box.left - 6, y);
    }
    const lines = LOSSES.map((loss) => ({ loss, ys: Array.from({ length: 161 }, (_, i) => of(loss, (i / 80 - 1) * state.reach)) }));
    const same = (a, b) => a.ys.every((value, i) => Math.abs(value - b.ys[i]) < 1e-9);
    const { loss: chosen } = live.scene.numbers.spec;
    pen.save();
    pen.beginPath();
    pen.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    pen.clip();
    for (const line of lines) {
      // Lines that lie on each other take turns.
      const group = lines.filter((other) => same(line, other));
      const place = group.indexOf(line);
      const isStrong = (state.strong ?? chosen) === line.loss;
      pen.strokeStyle = css(rgb(inkOf(line.loss, colors)), state.strong && !isStrong ? 0.3 : 1);
      pen.lineWidth = isStrong ? 3.5 : 2;
      pen.setLineDash(group.length > 1 ? [9, 9 * (group.length - 1)] : []);
      pen.lineDashOffset = -9 * place;
      pen.beginPath();
      line.ys.forEach((value, i) => pen[i ? "lineTo" : "moveTo"](toX((i / 80 - 1) * state.reach), toY(value)));
      pen.stroke();
    }
    pen.restore();
    for (const { loss } of lines) {
      const y = toY(of(loss, state.at));
      if (y < box.top || y > box.bottom) continue;
      pen.fillStyle = inkOf(loss, colors);
      pen.beginPath();
      pen.arc(toX(state.at), y, 4, 0, 2 * Math.PI);
      pen.fill();
    }
  }

  function paint(frame, smoothing) {
    const { colors } = ctx;
    const { pen, width } = fit(canvas);
    pen.clearRect(0, 0, width, HEIGHT);
    const { costs, slopes, marks, toX } = axes(width);
    const x = Math.round(toX(state.at)) + 0.5;
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.moveTo(x, costs.top);
    pen.lineTo(x, marks.bottom);
    pen.stroke();
    paintCurves(pen, costs, toX, "Loss of one example", (loss, at) => costOf(loss, state.payer, at, smoothing), COSTS * state.reach, colors);
    paintCurves(pen, slopes, toX, "Its slope, d loss / d output", (loss, at) => slopeOf(loss, state.payer, at, smoothing), SLOPES, colors);
    pen.textAlign = "left";
    pen.textBaseline = "bottom";
    pen.fillStyle = colors.muted;
    pen.fillText("D's output of real examples (above) and fakes (below)", marks.left, marks.top - 5);
    const counts = { real: countsOf(frame.real, -state.reach, state.reach, BINS), fake: countsOf(frame.fake, -state.reach, state.reach, BINS) };
    paintBoth(pen, marks, counts, colors);
    paintScale(pen, marks, ticks(-state.reach, state.reach, width < 460 ? 4 : 8), toX, colors);
    pen.fillStyle = colors.accent;
    pen.beginPath();
    pen.arc(x, costs.top, 5, 0, 2 * Math.PI);
    pen.fill();
    return { real: [...counts.real], fake: [...counts.fake] };
  }

  function say(moment, smoothing, loss) {
    const { at, payer } = state;
    for (const chip of payers) chip.setAttribute("aria-pressed", chip.dataset.payer === payer);
    setText(about, PAYERS.find(({ name }) => name === payer).about + (payer === "real" && smoothing ? ` Label smoothing of ${number(smoothing)} is in it.` : ""));
    setText(meanHead, `mean size at the ${payer === "real" ? "real ones" : "fakes"}`);
    setText(where, `At an output of ${steady(at, 2)}${CRITICS.includes(loss) ? "" : `: σ = ${steady(odds(at))}, odds of ${number(Math.exp(at))} to 1 for real`}`);
    canvas.setAttribute("aria-valuemin", -state.reach);
    canvas.setAttribute("aria-valuemax", state.reach);
    canvas.setAttribute("aria-valuenow", at);
    for (const row of rows) {
      const out = writtenOut(row.loss, payer, at, smoothing);
      setText(row.costIs, steady(costOf(row.loss, payer, at, smoothing)));
      setText(row.slopeIs, steady(slopeOf(row.loss, payer, at, smoothing)));
      setText(row.costOut, out.cost);
      setText(row.slopeOut, out.slope);
      setText(row.mean, steady(meanPull(row.loss, payer === "real" ? moment.real : moment.fake, payer, smoothing)));
      row.swatch.style.background = inkOf(row.loss, ctx.colors);
      const isUsed = loss === row.loss;
      row.use.setAttribute("aria-pressed", isUsed);
      row.use.setAttribute("aria-label", isUsed ? `The run uses ${NAMES[row.loss]}` : `Use ${NAMES[row.loss]} for the run`);
      setText(row.use, isUsed ? "In use" : "Use");
      row.element.classList.toggle("used", isUsed);
    }
    setText(sentence, pullWords(moment, loss));
    const isAlone = settings.value("moves") === "discriminator";
    setText(alone, isAlone ? "Let both learn again" : `Let only D learn, ${ALONE} steps`);
    const out = outside(moment.real, -state.reach, state.reach) + outside(moment.fake, -state.reach, state.reach);
    setText(beyond, `${moment.real.length} real examples and ${moment.fake.length} fakes of step ${number(moment.step)}${out ? `; ${out} of them (${percent(out / (moment.real.length + moment.fake.length))}) lie past the ends and stand in the last bars` : ""}.`);
  }

  return {
    element,
    draw() {
      const { frame, scene } = live;
      if (!frame?.arrays.fake_logits || !scene) return;
      const moment = { step: frame.step, real: frame.arrays.real_logits.data, fake: frame.arrays.fake_logits.data };
      const loss = settings.value("loss");
      const smoothing = scene.numbers.spec.label_smoothing;
      const reach = reachOf(moment.real, moment.fake);
      if (reach !== state.reach) Object.assign(state, { reach, at: Math.min(reach, Math.max(-reach, state.at)) });
      say(moment, smoothing, loss);
      shown = { step: frame.step, counts: paint(moment, smoothing), real: moment.real, fake: moment.fake, loss: scene.numbers.spec.loss, smoothing };
    },
    read: () => shown && {
      ...shown, ...state, real: [...shown.real], fake: [...shown.fake], words: sentence.textContent,
      rows: Object.fromEntries(rows.map(({ loss, costIs, slopeIs, costOut, slopeOut, mean }) => [loss, { mean: mean.textContent, cost: costOf(loss, state.payer, state.at, shown.smoothing), slope: slopeOf(loss, state.payer, state.at, shown.smoothing), said: [costIs.textContent, slopeIs.textContent], out: [costOut.textContent, slopeOut.textContent] }])),
    },
    curves: (payer, xs, smoothing = 0) => Object.fromEntries(LOSSES.map((loss) => [loss, { cost: xs.map((x) => costOf(loss, payer, x, smoothing)), slope: xs.map((x) => slopeOf(loss, payer, x, smoothing)) }])),
    onPage(logit) {
      const box = canvas.getBoundingClientRect();
      return [box.left + axes(box.width).toX(logit), box.top + 60];
    },
  };
}
