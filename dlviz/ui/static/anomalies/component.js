// Anomalies: does a bad reconstruction give away what the network was never trained on?

import { h, number, percent, replace, setText } from "../lib/dom.js";
import { latentsOf } from "../lib/latents.js";
import { mount } from "../lib/mount.js";
import { Asking } from "./asking.js";
import { buildEvery } from "./every.js";
import { buildHistogram } from "./histogram.js";
import { buildLeaving } from "./leaving.js";
import { barsOf, curvesOf, ratesAt, thresholdFor } from "./rates.js";
import { Again, buildSheet } from "./sheets.js";
import { buildSquare } from "./square.js";
import { comparison, kindTitle, means, SCORES, strangersOf, verdict } from "./words.js";

export const styles = ["lib/job.css"];

const BINS = 44;
const FIVE = 0.05;

export default mount((root, live, ctx) => {
  // `mode`: best (the largest F1), five (at most 5 % false alarms) or a threshold of one's own for each score.
  const state = { kind: null, score: "squared_error", mode: "best", own: {}, bar: null, lit: null };
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story
  const again = () => ctx.redraw();
  const change = (changes) => { Object.assign(state, changes); again(); };
  let [moment, derived] = [null, { of: null }];
  const problem = h("p.problem.small", { role: "alert" });
  const asking = new Asking({ live, ctx, onproblem: (text) => setText(problem, text) });
  const watching = latentsOf(live).watch(ctx, (next) => { moment = next; again(); });
  const made = new Again(again);
  const dragged = (value) => {
    happened("thresholded");
    state.own[state.score] = value;
    change({ mode: "own" });
  };
  const leaving = buildLeaving({ live, onleft: () => { happened("left_out"); change({ kind: "left_out" }); } });
  const histogram = buildHistogram({ redraw: again, onthreshold: dragged, onbar: (bar) => { if (bar?.bin !== state.bar?.bin || bar?.group !== state.bar?.group) change({ bar }); } });
  const onCurve = (k) => dragged(derived.curves.thresholds[Math.min(k, derived.curves.thresholds.length - 1)]);
  const roc = buildSquare({ title: "ROC curve", across: "false-positive rate", up: "true-positive rate", onpick: (k) => onCurve(Math.max(0, k - 1)) });
  const precision = buildSquare({ title: "Precision–recall", across: "recall", up: "precision", onpick: onCurve });
  const onhover = (i) => change({ lit: i });
  const near = buildSheet({ name: "near", onhover });
  const sheets = Object.fromEntries(["strange-most", "strange-least", "known-most", "known-least"].map((name) => [name, buildSheet({ name, onhover })]));
  const every = buildEvery({ live, ctx });

  const kinds = h("div.row.anomalies-kinds", { role: "radiogroup", "aria-label": "Strangers", onkeydown: arrows });
  const sentence = h("p.sentence.value", { "aria-live": "polite" });
  const best = h("p.small.muted.value");
  const scores = h("table.anomalies-scores.value", h("thead", h("tr", ["Score", "AUC", "Known, mean", "Strangers, mean"].map((name) => h("th", name)))), h("tbody"));
  const thresholds = h("div.row.anomalies-modes", h("span.label", "Threshold"),
    h("button.chip", { type: "button", "data-mode": "best", onclick: () => change({ mode: "best" }) }, "best F1"),
    h("button.chip", { type: "button", "data-mode": "five", onclick: () => change({ mode: "five" }) }, "5 % false alarms"),
    h("span.small.muted", "or drag the line"));
  const equations = h("div.anomalies-equations.value");
  const lead = h("p.lead", "A network that learned to copy one kind of picture should copy others badly, and so betray them. Here are test pictures it knows the like of, against strangers: each gets a score, and whatever scores at or above the threshold is called a stranger.");
  const body = h("div.anomalies-body.hidden", sentence,
    h("div.anomalies-choose", h("div.stack", h("h4", "Which score detects?"), scores, best), h("div.anomalies-figure", h("div.row", h("h4.anomalies-title"), h("span.grow"), thresholds), histogram.element,
      h("div.anomalies-key.small", h("span", h("i.known"), h("span.known-words")), h("span", h("i.strange"), h("span.strange-words"))))),
    h("div.anomalies-rates", equations, roc.element, precision.element),
    h("section.anomalies-part", { "aria-label": "Pictures" }, h("div.row", h("h3", "The pictures behind the bars"), h("span.grow"), h("span.small.muted", "above the picture, below what the network makes of it, and the score; framed: on the wrong side of the threshold")),
      near.element, h("div.anomalies-sheets", Object.values(sheets).map(({ element }) => element))),
    every.element);
  root.append(h("div.anomalies", lead, h("div.anomalies-setup", h("div.stack", h("span.label", "Strangers"), kinds), leaving.element), problem, body));
  for (const kind of ["scene", "frame", "state", "runs"]) live.on(kind, again, ctx.signal);

  function arrows(event) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...kinds.children];
    const next = all[(all.findIndex((each) => each.tabIndex === 0) + way + all.length) % all.length];
    next.click();
    next.focus();
  }

  /** The kind that is asked for; null, which is the first there is, where the one chosen is not there. */
  function wanted() {
    const { split } = live.scene.numbers;
    return state.kind === "left_out" && !split.strangers ? null : state.kind;
  }

  function derive(found) {
    const score = found.names.includes(state.score) ? state.score : found.names[0];
    const key = `${found.version} ${found.step} ${found.kind} ${score}`;
    if (derived.of !== key) {
      const curves = curvesOf(found.scores[score], found.labels);
      derived = { of: key, score, curves, bars: barsOf(found.scores[score], found.labels, BINS), found };
    }
    const { curves } = derived;
    const own = state.own[score];
    derived.threshold = state.mode === "five" ? thresholdFor(curves, FIVE) : state.mode === "own" && own !== undefined ? own : curves.thresholds[curves.best];
    derived.rates = ratesAt(curves, derived.threshold);
    Object.assign(derived, { mode: state.mode, bar: state.bar }); // what is drawn, for those who look at it
  }

  function drawChoices(found, numbers) {
    const all = found.kinds;
    if (kinds.dataset.of !== all.join() + numbers.spec.leave_out) {
      kinds.dataset.of = all.join() + numbers.spec.leave_out;
      replace(kinds, all.map((kind) => h("button.chip", { type: "button", role: "radio", "data-kind": kind, onclick: () => change({ kind, bar: null, own: {}, mode: state.mode === "own" ? "best" : state.mode }) }, kindTitle(kind, numbers))));
    }
    const chosen = wanted() ?? found.kind;
    for (const chip of kinds.children) {
      const on = chip.dataset.kind === chosen;
      chip.setAttribute("aria-checked", String(on));
      chip.setAttribute("aria-pressed", String(on));
      chip.tabIndex = on ? 0 : -1;
    }
    for (const chip of thresholds.querySelectorAll("button")) chip.setAttribute("aria-pressed", String(chip.dataset.mode === state.mode));
  }

  function drawScores(found) {
    const rows = scores.querySelector("tbody");
    if (rows.dataset.of !== found.names.join()) {
      rows.dataset.of = found.names.join();
      replace(rows, found.names.map((name) => h("tr", { "data-score": name }, h("th", h("button.plain", { type: "button", onclick: () => change({ score: name, bar: null }) }, SCORES[name].title), h("span.small.muted", SCORES[name].about)),
        h("td", h("span.anomalies-bar", h("i"), h("em")), h("b")), h("td"), h("td"))));
    }
    found.names.forEach((name, i) => {
      const row = rows.children[i];
      const on = name === derived.score;
      row.classList.toggle("chosen", on);
      row.querySelector("button").setAttribute("aria-pressed", String(on));
      row.querySelector("i").style.width = `${100 * found.auc[i]}%`;
      setText(row.querySelector("b"), number(found.auc[i]));
      means(found, name).forEach((value, k) => setText(row.children[2 + k], `${number(value)}${SCORES[name].unit ? ` ${SCORES[name].unit}` : ""}`));
    });
    setText(best, comparison(found));
  }

  function drawRates(colors) {
    const { curves, rates } = derived;
    const { caught, falseAlarms, missed, passed } = rates;
    const line = (name, words, sum, value) => h("div", h("b", name), h("span.small.muted", words), h("span.code", sum), h("strong", value === null ? "–" : percent(value)));
    replace(equations, h("h4", "At this threshold"),
      line("Recall", "true-positive rate: strangers that are caught", `${caught} / (${caught} + ${missed})`, rates.recall),
      line("False-positive rate", "known pictures called strange", `${falseAlarms} / (${falseAlarms} + ${passed})`, rates.fpr),
      line("Precision", "strangers among all called so", `${caught} / (${caught} + ${falseAlarms})`, rates.precision),
      line("F1", "harmonic mean of precision and recall", `2 · ${caught} / (2 · ${caught} + ${falseAlarms} + ${missed})`, rates.f1));
    const { known, strangers } = curves;
    const rocPoints = [[0, 0], ...curves.thresholds.map((_, k) => [curves.falseAlarms[k] / known, curves.caught[k] / strangers])];
    roc.show({ points: rocPoints, at: [rates.fpr, rates.recall], baseline: [[0, 0], [1, 1]], label: `AUC ${number(curves.auc)}` });
    const share = strangers / (known + strangers);
    const points = curves.thresholds.map((_, k) => [curves.caught[k] / strangers, curves.caught[k] / (curves.caught[k] + curves.falseAlarms[k])]);
    precision.show({ points, at: [rates.recall, rates.precision], baseline: [[0, share], [1, share]], label: `average precision ${number(curves.averagePrecision)}` });
    roc.draw(colors);
    precision.draw(colors);
  }

  function drawSheets(found, numbers) {
    if (!moment || moment.scene.version !== found.version) return;
    const { threshold, score, bars } = derived;
    const values = found.scores[score];
    const strange = (i) => found.labels[i] === 1;
    const wrong = (i) => strange(i) !== values[i] >= threshold;
    const places = [...values.keys()];
    const order = (group, way) => places.filter((i) => strange(i) === group).sort((a, b) => way * (values[a] - values[b]));
    const barList = state.bar ? bars[state.bar.group][state.bar.bin] : null;
    const lit = barList ? new Set(barList) : null;
    const nameOf = (i) => (strange(i) ? `A stranger, from: ${strangersOf(found.kind, numbers)}` : `A test picture of the class ${numbers.classes[found.classes[i]]}`);
    made.begin(moment, found);
    const base = { again: made, found, score, wrong, lit, nameOf };
    const edges = state.bar && bars.edges.slice(state.bar.bin, state.bar.bin + 2);
    near.show({ ...base, lit: null, all: Boolean(barList),
      title: barList ? `In this bar: ${barList.length} ${state.bar.group === "known" ? "known pictures" : "strangers"} from ${number(edges[0])} to ${number(edges[1])}` : `Nearest to the threshold ${number(threshold)}`,
      list: barList ?? places.sort((a, b) => Math.abs(values[a] - threshold) - Math.abs(values[b] - threshold)) });
    const titles = { "strange-most": ["Strangers, the most suspicious", true, -1], "strange-least": ["Strangers, the least suspicious", true, 1], "known-most": ["Known pictures, the most suspicious", false, -1], "known-least": ["Known pictures, the least suspicious", false, 1] };
    for (const [name, [title, group, way]] of Object.entries(titles)) sheets[name].show({ ...base, title, list: order(group, way) });
  }

  function draw() {
    watching.nudge();
    if (!live.scene) return;
    const { numbers } = live.scene;
    leaving.show();
    asking.need(wanted());
    const { found } = asking;
    const isHere = found !== null && found.version === live.scene.version;
    body.classList.toggle("hidden", !found);
    body.classList.toggle("anomalies-old", !isHere);
    if (!isHere) return;
    derive(found);
    const colors = { ...ctx.colors, known: ctx.colors.positive, strange: ctx.colors.negative };
    root.style.setProperty("--known", colors.known);
    root.style.setProperty("--strange", colors.strange);
    drawChoices(found, numbers);
    setText(sentence, verdict(found, derived.score, derived.curves, numbers, found.step));
    drawScores(found);
    const { unit, title } = SCORES[derived.score];
    setText(body.querySelector(".anomalies-title"), `${title} of ${found.labels.length} pictures`);
    setText(body.querySelector(".known-words"), `${derived.curves.known} known test pictures, upwards`);
    setText(body.querySelector(".strange-words"), `${derived.curves.strangers} ${strangersOf(found.kind, numbers)}, downwards; each group's bars add up to 100 %`);
    let { bar } = state;
    if (state.lit !== null && found.labels[state.lit] !== undefined) { // a picture lights its bar
      const group = found.labels[state.lit] ? "strangers" : "known";
      bar = { group, bin: derived.bars[group].findIndex((list) => list.includes(state.lit)) };
    }
    histogram.show({ curves: derived.curves, bars: derived.bars, rates: derived.rates, threshold: derived.threshold, bar, title: unit ? `${title}, ${unit}` : title });
    histogram.draw(colors);
    drawRates(colors);
    drawSheets(found, numbers);
    every.show(derived.score);
  }

  ctx.host.dlviz = {
    anomalies() {
      const { found } = asking;
      if (!found || found.version !== live.scene?.version || derived.found !== found) return null;
      const { curves, rates, threshold, score, bars } = derived;
      return {
        step: found.step, version: found.version, kind: found.kind, kinds: found.kinds, names: found.names, score, mode: derived.mode, threshold, rates, auc: curves.auc, averagePrecision: curves.averagePrecision,
        known: curves.known, strangers: curves.strangers, allAuc: found.auc, scores: [...found.scores[score]], labels: [...found.labels], thresholds: curves.thresholds, caught: curves.caught, falseAlarms: curves.falseAlarms,
        bar: derived.bar, bars: { known: bars.known.map((list) => list.length), strangers: bars.strangers.map((list) => list.length), edges: bars.edges },
        words: sentence.textContent, sheets: Object.fromEntries(Object.entries({ near, ...sheets }).map(([name, sheet]) => [name, sheet.indices])), leaveOut: live.scene.numbers.spec.leave_out,
        again: Object.fromEntries([...made.kept].slice(0, 6).map(([i, picture]) => [i, [...picture]])), momentStep: made.moment?.step ?? null, every: every.read(),
      };
    },
    middleOf: (bar) => histogram.middleOf(bar),
    xOf: (value) => histogram.xOf(value),
  };

  return { draw, update: again };
});
