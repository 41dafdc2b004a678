// The roles over training: of the chosen head all of them, or one role in all heads; below it the loss on the same steps.

import { curveChart, readCurve } from "../lib/curve.js";
import { h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { headName, placeOf, rolesOf, roleWords } from "./naming.js";

const OF = { name: "strip", kind: "choice", label: "Lines", options: ["head", "role"], labels: ["The chosen head", "One role, all heads"], default: "role" };
const [FEW, MORE] = [10, 30]; // moments that are measured at once
const ROOM = 150; // px for names beside the lines, the same in both charts
const MOST_NAMES = 6;

/** `state`: {strip, role}; `change` hears the controls. */
export function buildOvertime(state, { live, ctx, scores, change, happened }) {
  const scrub = (step) => { live.scrub(step); happened("head_scrubbed"); };
  const chart = curveChart({ height: 230, onpick: scrub, redraw: () => ctx.redraw(), label: "Share of attention over training steps" });
  const losses = curveChart({ height: 150, onpick: scrub, redraw: () => ctx.redraw(), label: "Loss over training steps" });
  const of = knob(OF, { value: state.strip, onchange: (strip) => change({ strip }) });
  const roleMenu = h("select", { id: "heads-role", onchange: () => change({ role: roleMenu.value }) });
  const role = h("div.knob", h("div.knob-head.label", h("label", { for: roleMenu.id }, "Role")), h("span.menu", roleMenu));
  const button = h("button", { type: "button", onclick: () => { scores.gather(MORE); happened("roles_gathered"); } }, "Measure kept moments");
  const status = h("span.small.muted.value", { "aria-live": "polite" });
  const words = h("p.sentence");
  const problem = h("p.problem.small", { role: "alert" });
  const captions = [h("figcaption.label"), h("figcaption.label", "Loss in nats, logarithmic: of the held-back sequences at the same moments, and of training sequences at the end of each epoch")];
  const element = h("section.overtime", { "aria-label": "Roles over training" },
    h("h3", "Over training"), words,
    h("div.controls", of.element, role, h("div.row.gather", button, status)), problem,
    h("figure", captions[0], chart.element), h("figure", captions[1], losses.element));
  let menuKey = "";
  let told = null;

  function lines(grid, head, replies, roles) {
    const { colors } = ctx;
    const xs = replies.map(({ step }) => step);
    if (state.strip === "head") {
      const found = replies.map((reply) => rolesOf(reply, grid, head).rows);
      return roles.map((name, r) => ({ name, label: roleWords(name, grid.kind).name, xs, ys: found.map((rows) => rows[r].mass), color: colors.classes[r], possible: found[0]?.[r].count > 0 })).filter(({ possible }) => possible);
    }
    return grid.all.flatMap((each) => each.part.weights.map((_, i) => ({
      label: `${each.layer + 1}.${i + 1}`, id: each.id, head: i, xs, ys: replies.map((reply) => rolesOf(reply, each, i).rows[roles.indexOf(state.role)].mass),
      color: colors.classes[i % colors.classes.length], dash: each.layer === 0 ? null : [[6, 3], [2, 3], [8, 3, 2, 3]][(each.layer - 1) % 3], weight: each.id === grid.id && i === head ? 3.4 : 1.5,
    })));
  }

  // Of many lines only those that end highest, and the chosen one, have their name beside them.
  function fewNames(series) {
    const named = new Set([...series].sort((a, b) => (b.ys.at(-1) ?? 0) - (a.ys.at(-1) ?? 0)).slice(0, MOST_NAMES));
    return series.map((each) => (named.has(each) || each.weight > 3 ? each : { ...each, label: "" }));
  }

  /** Between which two neighbouring moments a line rises most, or null. */
  function rise(series) {
    let best = null;
    for (const each of series) {
      for (let i = 1; i < each.xs.length; i += 1) {
        const gain = each.ys[i] - each.ys[i - 1];
        if (!best || gain > best.gain) best = { ...each, gain, i, from: each.xs[i - 1], to: each.xs[i], low: each.ys[i - 1], high: each.ys[i] };
      }
    }
    return best;
  }

  function show({ grid, head, grids }) {
    const replies = scores.all;
    const { gathering } = scores;
    setText(problem, scores.problem);
    const missing = scores.missing(MORE).length;
    button.disabled = !scores.rests || Boolean(gathering) || missing === 0;
    setText(status, gathering ? `${gathering.done} of ${gathering.total} moments` : `${number(replies.length)} moment${replies.length === 1 ? "" : "s"} measured${live.state?.playing ? ", one a second while it trains" : missing ? `, ${number(missing)} more kept` : ""}`);
    element.classList.toggle("empty", replies.length < 2);
    if (!replies.length) return null;
    const roles = replies[0].numbers.texts["state/roles"];
    const key = `${grid.kind} ${roles}`;
    if (menuKey !== key) {
      menuKey = key;
      replace(roleMenu, roles.map((name) => h("option", { value: name }, roleWords(name, grid.kind).name)));
    }
    roleMenu.value = state.role;
    of.set(state.strip);
    role.classList.toggle("hidden", state.strip === "head");
    const kindred = grids.filter((each) => each.kind === grid.kind && each.stack === grid.stack);
    const series = lines({ ...grid, all: kindred }, head, replies, roles);
    const { curve, step } = { curve: readCurve(live.newest), step: live.frame.step };
    const last = Math.max(live.newest.numbers.live_step, 1);
    const place = kindred.length > 1 || state.strip === "role" ? placeOf(grid).replace(/ \d+.*/, "").toLowerCase() : "";
    setText(captions[0], state.strip === "head"
      ? `Share of the attention of ${headName(head)}, ${placeOf(grid).toLowerCase()}, by kind of token`
      : `Share of attention that goes to ${roleWords(state.role, grid.kind).about}; names are ${place}.head, broken lines the later layers, the thick one is the chosen head`);
    chart.show({ series: fewNames(series), logY: false, cursor: step, last, room: ROOM });
    const loss = replies.map((reply) => reply.arrays.loss.data[0]);
    losses.show({
      series: [{ label: "held back", xs: replies.map((reply) => reply.step), ys: loss, color: ctx.colors.ink }, ...(curve ? [{ label: "training", xs: [...curve.steps], ys: curve.rows.train_loss, color: ctx.colors.muted, weight: 1.5 }] : [])],
      logY: true, cursor: step, last, room: ROOM,
    });
    const found = replies.length > 1 ? rise(series) : null;
    const name = found && (state.strip === "head" ? `The share on ${roleWords(found.name, grid.kind).about}` : `“${roleWords(state.role, grid.kind).name}” of head ${found.head + 1}, layer ${found.label.split(".")[0]},`);
    setText(words, !found ? "Train, or measure kept moments, to see when heads take their roles." : found.gain < 0.1 ? "Between the moments measured no share rises by more than a tenth." : `${name} rises most between step ${number(found.from)} and ${number(found.to)}, from ${percent(found.low, 0)} to ${percent(found.high, 0)}; the loss of the same sequences goes from ${steady(loss[found.i - 1], 2)} to ${steady(loss[found.i], 2)} nats meanwhile.`);
    told = { steps: replies.map((reply) => reply.step), series: series.map(({ label, ys, id, head: i, name: r }) => ({ label, id, head: i, role: r, ys: [...ys] })), loss, words: words.textContent, cursor: step };
    return told;
  }

  function draw(colors) {
    if (!told) return;
    chart.draw(colors);
    losses.draw(colors);
  }

  return { element, show, draw, few: FEW };
}
