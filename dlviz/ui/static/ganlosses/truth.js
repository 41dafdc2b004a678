// Why loss curves mislead: a loss against the Fréchet distance, a dot a measurement, and their rank correlation.

import { css, rgb } from "../lib/color.js";
import { readCurve } from "../lib/curve.js";
import { fit, h, number, setText, steady } from "../lib/dom.js";
import { logTicks, ticks } from "../lib/scale.js";
import { CRITICS } from "./formulas.js";
import { SIDES } from "./race.js";
import { agreement } from "./ranks.js";
import { agreementWords, nameOfCurve } from "./words.js";

const CURVES = ["generator_loss", "discriminator_loss", "gap"];
const SOURCES = ["run", ...SIDES];
const HEIGHT = 320;
const MARGIN = { left: 62, right: 16, top: 26, bottom: 44 };

/** `onpick(step)` hears the moment of a dot of the two trainings. */
export function buildTruth({ live, ctx, onpick, happened }) {
  const state = { source: null, curve: "generator_loss", hover: null };
  let [drawn, axes, key] = [null, null, ""];
  const cells = Object.fromEntries(SOURCES.map((source) => [source, Object.fromEntries(CURVES.map((curve) => [curve, h("button.plain.gl-rho.value", { type: "button", "data-curve": curve, onclick: () => { happened("loss_misleads"); Object.assign(state, { source, curve, hover: null }); ctx.redraw(); } })]))]));
  const names = Object.fromEntries(SOURCES.map((source) => [source, h("th", { scope: "row" })]));
  const rows = Object.fromEntries(SOURCES.map((source) => [source, h("tr", { "data-source": source }, names[source], CURVES.map((curve) => h("td", cells[source][curve])))]));
  const canvas = h("canvas.gl-scatter", { tabindex: 0, role: "img", style: { height: `${HEIGHT}px` } });
  const words = h("p.small.value.gl-hover");
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const ramp = h("canvas.gl-ramp", { width: 64, height: 1, "aria-hidden": "true" });
  const [from, to] = [h("span.value"), h("span.value")];
  const element = h("section.gl-part", { "aria-label": "Why loss curves mislead" },
    h("h3", "Does a loss tell how good the fakes are?"),
    h("p.about", "In a game a loss falls because one player got better or because the other got worse. Rank correlation ρ of each curve with the Fréchet distance over time: 1, it falls as the fakes get better; 0, it tells nothing; −1, it rises as they get better. Choose a number to see its dots."),
    sentence,
    h("div.gl-truth",
      h("div.stack", canvas, h("div.row.small.muted", h("span", "step"), from, ramp, to), words),
      h("div.gl-frame", h("table.gl-rhos", h("thead", h("tr", h("th", { scope: "col" }, "ρ with Fréchet"), h("th", { scope: "col" }, "G's loss"), h("th", { scope: "col" }, "D's loss"), h("th", { scope: "col" }, "gap"))), h("tbody", SOURCES.map((source) => rows[source]))))));

  // Rows of a source: {name, steps, curves, isCritic}; null where there is none.
  function rowsOf(source, race) {
    if (source === "run") {
      const curve = readCurve(live.newest ?? live.frame);
      if (!curve) return { name: "The run above", steps: [], curves: null, isCritic: false };
      const { loss } = live.scene.numbers.spec;
      return { name: "The run above", steps: [...curve.steps], curves: curve.rows, isCritic: CRITICS.includes(loss) };
    }
    return race && { name: race.nameOf(source), steps: race.steps, curves: race.curves[source], isCritic: race.isCritic(source) };
  }

  // Where nobody has chosen: the run, or, while it has been measured too rarely, the first of the two trainings.
  function sourceOf(race) {
    if (state.source && (race || state.source === "run")) return state.source;
    return race && found(rowsOf("run", race), "generator_loss").pairs.length < 4 ? "first" : "run";
  }

  const found = (rowsOfOne, curve) => (rowsOfOne.curves ? agreement(rowsOfOne.curves[curve], rowsOfOne.curves.frechet) : { rho: NaN, pairs: [] });

  function nearest(event) {
    if (!axes) return null;
    const box = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let [best, least] = [null, 24];
    axes.places.forEach(([left, top], i) => {
      const far = Math.hypot(left - x, top - y);
      if (far < least) [best, least] = [i, far];
    });
    return best;
  }
  const hover = (at) => { if (state.hover !== at) { state.hover = at; ctx.redraw(); } };
  canvas.addEventListener("pointermove", (event) => hover(nearest(event)));
  canvas.addEventListener("pointerleave", () => hover(null));
  canvas.addEventListener("blur", () => hover(null));
  canvas.addEventListener("click", () => pick());
  canvas.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (event.key === "Enter") pick();
    if (!way || !drawn) return;
    event.preventDefault();
    event.stopPropagation();
    const { length } = drawn.pairs;
    if (length) hover(state.hover === null ? (way > 0 ? 0 : length - 1) : Math.min(length - 1, Math.max(0, state.hover + way)));
  });
  function pick() {
    if (state.hover === null || !drawn) return;
    const step = drawn.steps[drawn.pairs[state.hover][2]];
    if (drawn.source === "run") live.scrub(step);
    else onpick(step);
  }

  function paint({ pairs, steps, isCritic }) {
    const { colors } = ctx;
    const { pen, width } = fit(canvas);
    pen.clearRect(0, 0, width, HEIGHT);
    const box = { left: MARGIN.left, right: width - MARGIN.right, top: MARGIN.top, bottom: HEIGHT - MARGIN.bottom };
    axes = null;
    pen.font = `12px ${colors.font}`;
    pen.fillStyle = colors.muted;
    pen.textBaseline = "bottom";
    pen.textAlign = "left";
    pen.fillText("Fréchet distance, logarithmic: lower is better", 0, MARGIN.top - 8);
    pen.textAlign = "right";
    const title = nameOfCurve(state.curve, isCritic);
    pen.fillText(title, box.right, HEIGHT - 4);
    const good = pairs.filter(([, frechet]) => frechet > 0);
    if (!good.length) return; // a distance of 0 has no place on this axis
    const bounds = (values) => [Math.min(...values), Math.max(...values)];
    let [west, east] = bounds(good.map(([x]) => x));
    const room = (east - west) * 0.05 || Math.abs(west) * 0.1 || 1;
    [west, east] = [west - room, east + room];
    let [south, north] = bounds(good.map(([, y]) => y));
    [south, north] = [south / 1.3, north * 1.3];
    const toX = (x) => box.left + ((x - west) / (east - west)) * (box.right - box.left);
    const toY = (y) => box.bottom - (Math.log(y / south) / Math.log(north / south)) * (box.bottom - box.top);
    pen.strokeStyle = colors.line;
    pen.lineWidth = 1;
    pen.textBaseline = "middle";
    for (const level of logTicks(south, north)) {
      const y = Math.round(toY(level)) + 0.5;
      if (y < box.top || y > box.bottom) continue;
      pen.beginPath();
      pen.moveTo(box.left, y);
      pen.lineTo(box.right, y);
      pen.stroke();
      pen.fillText(number(level), box.left - 8, y);
    }
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const level of ticks(west, east, Math.max(2, width / 120))) pen.fillText(number(level), toX(level), box.bottom + 6);
    const places = pairs.map(([x, y]) => [toX(x), toY(Math.max(y, south))]);
    pen.strokeStyle = css(rgb(colors.ink), 0.14);
    pen.beginPath();
    places.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"](x, y));
    pen.stroke();
    const last = steps[pairs.at(-1)[2]] || 1;
    places.forEach(([x, y], i) => {
      pen.beginPath();
      pen.arc(x, y, i === state.hover ? 7 : 4.5, 0, 2 * Math.PI);
      pen.fillStyle = css(colors.sequential(0.2 + (0.8 * steps[pairs[i][2]]) / last));
      pen.fill();
      pen.strokeStyle = i === state.hover ? colors.accent : css(rgb(colors.ink), 0.35);
      pen.lineWidth = i === state.hover ? 2.5 : 1;
      pen.stroke();
    });
    axes = { places };
    const strip = ramp.getContext("2d");
    for (let x = 0; x < 64; x += 1) {
      strip.fillStyle = css(colors.sequential(0.2 + (0.8 * x) / 63));
      strip.fillRect(x, 0, 1, 1);
    }
    setText(from, number(steps[pairs[0][2]]));
    setText(to, number(last));
  }

  return {
    element,
    draw(race) {
      if (!live.scene) return;
      const run = live.newest ?? live.frame;
      // What the picture depends on: it is not painted again with every frame of a run that was not measured anew.
      const now = [run?.version, run?.arrays.curve?.shape[1], run?.numbers.measured_at, race?.wanted, race?.moments.length, race?.isDone, state.source, state.curve, state.hover, ctx.colors.ink, canvas.clientWidth, live.state?.marks?.length].join();
      if (key === now && race === drawn?.race) return;
      key = now;
      const source = sourceOf(race);
      const rhos = {};
      for (const each of SOURCES) {
        const one = rowsOf(each, race);
        rows[each].classList.toggle("hidden", !one);
        if (!one) continue;
        setText(names[each], one.name);
        rhos[each] = {};
        for (const curve of CURVES) {
          const { rho } = found(one, curve);
          rhos[each][curve] = rho;
          const cell = cells[each][curve];
          setText(cell, Number.isNaN(rho) ? "–" : steady(rho, 2));
          cell.setAttribute("aria-pressed", each === source && curve === state.curve);
          cell.setAttribute("aria-label", `${one.name}, ${nameOfCurve(curve, one.isCritic)}: ρ ${Number.isNaN(rho) ? "unknown" : steady(rho, 2)}`);
        }
      }
      const one = rowsOf(source, race);
      const { rho, pairs } = found(one, state.curve);
      if (state.hover !== null && state.hover >= pairs.length) state.hover = null;
      drawn = { ...state, source, race, rho, rhos, pairs, steps: one.steps };
      const changed = source === "run" && (live.state?.marks ?? live.newest?.numbers.marks ?? []).length > 0;
      setText(sentence, agreementWords({ rho, n: pairs.length, name: state.curve, where: source === "run" ? "In the run above" : `With “${one.name}”`, isCritic: one.isCritic, changed }));
      canvas.parentElement.classList.toggle("hidden", !pairs.length);
      if (pairs.length) paint({ pairs, steps: one.steps, isCritic: one.isCritic });
      const pair = state.hover === null ? null : pairs[state.hover];
      setText(words, pair ? `Step ${number(one.steps[pair[2]])}: ${nameOfCurve(state.curve, one.isCritic)} ${steady(pair[0])}, Fréchet ${number(pair[1])}. Click or press Enter for that moment.` : "Point at a dot, or walk through time with the arrow keys.");
      canvas.setAttribute("aria-label", `${nameOfCurve(state.curve, one.isCritic)} against the Fréchet distance, ${pairs.length} measurements. Arrow keys walk through time.`);
    },
    read: () => drawn && { ...drawn, race: undefined, words: sentence.textContent, hoverWords: words.textContent },
  };
}
