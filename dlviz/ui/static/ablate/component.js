// Ablate: switch off heads, parts and layers; what the network says then, and what each head is worth.

import { attendedOf } from "../lib/attended.js";
import { beginningOf } from "../lib/beginning.js";
import { h, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";
import { momentsOf } from "../lib/moments.js";
import { mount } from "../lib/mount.js";
import { Changes } from "./changing.js";
import { buildDiagram } from "./diagram.js";
import { answersOf, buildEffect } from "./effect.js";
import { buildMap } from "./map.js";

export const styles = ["lib/job.css"];

const REST = 700; // ms that a run stands still before the map is measured by itself
const QUICK = 4000; // ms: a map that takes longer is measured only when asked for
const CLICK = { name: "click", kind: "choice", label: "A click makes a head", options: ["silent", "even"], labels: ["Silent", "Even"], default: "silent", help: "Silent: it gives nothing. Even: it looks at all tokens it may see alike." };

export default mount((root, live, ctx) => {
  const state = { click: "silent", kind: "silent", what: "loss" };
  let moment = null;
  let stale = true;
  let shown = null;
  let resting = 0;
  const attended = attendedOf({ live, ctx });
  const again = () => { stale = true; ctx.redraw(); };
  const happened = (word) => live.shared.set(`happened.${word}`, true);
  const changes = new Changes(() => { happened("ablated"); again(); });
  const measured = { reply: null, beginning: "", took: 0, began: 0, tried: "" };
  const job = buildJob({
    live, ctx, label: "Measure all heads", again: "Measure again",
    command: () => ({ do: "probe", panel: "ablate", options: { parameters: false } }),
    onbegin() { measured.began = performance.now(); measured.asked = beginningOf({ live, ctx }); },
    took(answer) {
      if (answer.numbers.progress) return;
      Object.assign(measured, { reply: answer, beginning: measured.asked, took: performance.now() - measured.began });
      happened("heads_measured");
      again();
    },
  });
  const click = knob(CLICK, { value: state.click, onchange: (value) => { state.click = value; } });
  const diagram = buildDiagram({ changes, kind: () => state.click });
  const effect = buildEffect({ attended });
  const map = buildMap(state, {
    ctx, job, changes, change: (given) => { Object.assign(state, given); again(); },
    choose: (cell) => (cell.head ? changes.switchHead(cell.head, state.kind) : changes.switchParts(cell.parts)),
  });
  const clear = h("button", { type: "button", onclick: () => changes.clear() }, "Switch everything on");
  const lead = h("p.lead", "A head that matters can be found by taking it away. Every switch below changes the network that runs in this page: the answers and losses of the sequence follow at once. The network that is trained stays as it is.");
  const waiting = h("p.muted", "The weights of this network are on their way …");
  const step = h("span.small.muted.value");
  const body = h("div.body.hidden",
    h("div.top", h("section.network", { "aria-label": "The network" }, h("h3", "The network"), h("div.controls", click.element, h("div.row", clear, step)), diagram.element), map.element),
    effect.element);
  root.append(h("div.ablate", lead, waiting, body));
  const { nudge } = momentsOf(live).watch(ctx, (found) => {
    moment = found;
    changes.keepThoseOf(found.pass);
    again();
  });
  for (const kind of ["state", "scene", "frame"]) live.on(kind, again, ctx.signal);
  attended.on(() => ctx.redraw());
  ctx.signal.addEventListener("abort", () => clearTimeout(resting));

  const isMeasured = () => measured.reply !== null && measured.beginning === beginningOf({ live, ctx });

  // A moment that stands still is measured once by itself, where that is quick. Training goes before such a measurement.
  function restEnough() {
    clearTimeout(resting);
    if (live.state?.playing && job.running && measured.itself) job.stop();
    const { playing, goal } = live.state ?? {};
    const there = () => `${beginningOf({ live, ctx })} ${moment.step}`;
    const isNew = !isMeasured() || measured.reply.arrays.step.data[0] !== moment.step;
    if (playing || (goal ?? null) !== null || live.advancing || job.running || !isNew || measured.took > QUICK || measured.tried === there()) return;
    resting = setTimeout(() => {
      if (live.state?.playing || job.running || !ctx.visible) return;
      measured.tried = there();
      measured.itself = true;
      job.start().then(() => { measured.itself = false; });
    }, REST);
  }

  function passOf() {
    const { network, ids, read, pass } = moment;
    if (!changes.some) return pass;
    return read ? network.translate(ids, read, { changes }) : network.read(ids, { changes });
  }

  function refresh() {
    stale = false;
    const began = performance.now();
    const { scene, network, ids, read, targets, pass } = moment;
    const { vocabulary, classes } = scene.numbers;
    const after = passOf();
    const asked = targets?.slice(0, pass.answers) ?? null;
    const tokens = read ? read.map((id) => classes[id]) : ids.map((id) => vocabulary[id]);
    const text = (given) => network.write(ids, read.length, given).tokens.map((id) => classes[id]).join("").split("$")[0];
    const writes = read ? { before: text({}), after: changes.some ? text({ changes }) : null } : null;
    const answers = { before: answersOf(pass, asked), after: answersOf(after, asked) };
    diagram.show(after, ctx.colors);
    const given = { tokens, targets: asked, classes, ...answers, changes, writes };
    effect.show(given);
    const found = map.show({ reply: isMeasured() ? measured.reply : null, grids: pass.grids, step: moment.step });
    clear.disabled = !changes.some;
    setText(step, `the weights of step ${moment.step.toLocaleString("en")}`);
    shown = { given, map: found, pass: after, milliseconds: performance.now() - began };
  }

  return {
    update: again,
    draw() {
      nudge();
      waiting.classList.toggle("hidden", Boolean(moment));
      body.classList.toggle("hidden", !moment);
      if (!moment) return;
      restEnough();
      if (stale) refresh();
      shown.point = effect.point(shown.given);
      map.draw(ctx.colors);
      ctx.host.dlviz ??= { ablate: expose };
    },
  };

  /** What is on screen, as plain numbers for tests. */
  function expose() {
    if (stale) refresh();
    const { given, map: found, point, pass, milliseconds } = shown;
    const plain = ({ said, sure, losses }) => ({ said, sure, losses });
    return {
      step: moment.step, changes: { silent: [...changes.silent], even: [...changes.even], off: [...changes.off] }, before: plain(given.before), after: plain(given.after),
      logits: [...pass.logits], targets: given.targets, tokens: given.tokens, writes: given.writes, sentence: effect.sentence.textContent, map: found, point, running: job.running, milliseconds,
    };
  }
});
