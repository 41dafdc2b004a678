// One step: the next step of training in slow motion, as named sub-steps with that step's numbers.

import { h, number, setText } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { fieldControl, settingsOf } from "../lib/settings.js";
import { buildDiagram } from "./diagram.js";
import { factsOf } from "./facts.js";
import { buildFollowing } from "./following.js";
import { Opening } from "./opening.js";
import { buildPlaneView } from "./planeview.js";
import { buildReadout } from "./readout.js";
import { buildStepper } from "./stepper.js";
import { substepsOf } from "./substeps.js";
import { buildTileView } from "./tileview.js";
import { takenWords } from "./taken.js";

export default mount((root, live, ctx) => {
  const stage = { live, ctx };
  const settings = settingsOf(stage);
  const opening = new Opening(live, ctx);
  let [at, follow, turn, substeps, announced, shown, drawn] = [0, 0, null, [], null, null, []];
  const happened = (word) => live.shared.set(`happened.${word}`, true); // for the story

  const go = (index) => {
    at = index;
    happened("slowmotion");
    if (substeps[at]?.id === "bug") happened("sawbug");
    if (substeps[at]?.id === "gloss") happened("sawpull");
    ctx.redraw();
  };
  const choose = (index) => {
    follow = index;
    opening.follow = index;
    happened("followed");
    ctx.redraw();
  };
  const stepper = buildStepper({ ctx, onmove: go });
  const [diagram, readout] = [buildDiagram(), buildReadout()];
  const [planes, tiles] = [buildPlaneView({ onfollow: choose }), buildTileView({ onfollow: choose })];
  const following = buildFollowing({ onfollow: choose, onmove: (k) => { stepper.start(false); go(k); } });
  const take = h("button.primary", { type: "button", onclick: takeStep }, "Take this step");
  const pause = h("button", { type: "button", onclick: () => live.play(false) }, "Pause and open the next step");
  const again = h("button", { type: "button", onclick: () => opening.again() }, "Try again");
  const [running, runningWords] = [h("div.gt-notice.hidden"), h("span")];
  running.append(runningWords, pause);
  const [trouble, troubleWords] = [h("div.gt-notice.gt-trouble.hidden", { role: "alert" }), h("span")];
  trouble.append(troubleWords, again);
  const bug = h("button.chip", { type: "button", title: settings.fields.update_both?.help, onclick: () => settings.change({ update_both: !settings.value("update_both") }) }, "The classic bug");
  const bugWords = h("span.small.muted");
  const [waiting, which, taken] = [h("p.muted", "The next step is being opened …"), h("p.value.gt-which-step"), h("p.small.value.gt-taken", { "aria-live": "polite" })];
  const body = h("div.gt-body.hidden",
    h("div.gt-top", h("div.gt-doing", which, h("div.row", take, bug), bugWords, taken, h("div.gt-settings", ["moves", "loss"].map((name) => fieldControl(stage, name)?.element))), diagram.element),
    stepper.element,
    h("div.gt-main", h("div.gt-picture", planes.element, tiles.element), readout.element), following.element);
  root.append(h("div.ganturn", h("p.lead", "What one step of training is made of. The step that comes next is taken by a copy of both networks and shown here in slow motion; nothing has been trained yet, and when you take the step, the run does exactly this."), running, trouble, waiting, body));
  settings.on(() => ctx.redraw());

  async function takeStep() {
    if (!opening.isOfNow || live.state.playing) return;
    announced = { step: turn.step, after: turn.after, version: turn.version, planar: turn.planar };
    stepper.start(false);
    at = 0;
    happened("tookstep");
    live.advance(1);
    ctx.redraw();
  }

  for (const kind of ["frame", "scene", "state"]) live.on(kind, () => ctx.redraw(), ctx.signal);

  /** Other moves may have fewer or other sub-steps: stay where the same one is, else begin. */
  function settle() {
    if (opening.turn === turn) return;
    const before = substeps[at];
    const same = turn && turn.version !== opening.turn.version;
    turn = opening.turn;
    substeps = substepsOf(turn);
    if (same) at = substeps.findIndex((sub) => sub.id === before?.id && (sub.move.number ?? 0) === (before.move.number ?? 0));
    at = Math.min(substeps.length - 1, Math.max(0, at));
    const most = Math.min(...substeps.map(({ move }) => move.shown));
    if (follow >= most) opening.follow = follow = 0;
  }

  function notices() {
    const playing = Boolean(live.state.playing);
    running.classList.toggle("hidden", !playing);
    setText(runningWords, turn ? `Training is running. Shown is the step after step ${number(turn.step)}.` : "Training is running; a step can be opened when it pauses.");
    const refused = !playing && opening.refused !== null;
    trouble.classList.toggle("hidden", !refused);
    setText(troubleWords, opening.problem);
    const both = Boolean(settings.value("update_both"));
    bug.setAttribute("aria-pressed", String(both));
    setText(bugWords, both ? (settings.value("moves") === "discriminator" ? "The bug is on, but it sits in G’s step, and G does not move." : "On: G’s step changes D as well. See the last sub-step.") : "Off: in G’s step D stands still. Switch it on to see what goes wrong.");
    take.disabled = playing || !opening.isOfNow || refused;
    waiting.classList.toggle("hidden", Boolean(turn) || playing || refused);
  }

  function draw() {
    const { scene, frame } = live;
    if (!scene || !frame) return;
    if (opening.turn) settle();
    opening.nudge();
    notices();
    // A scene of another shape: what was open no longer fits the controls beside it.
    const fits = turn && (turn.version === scene.version || turn.scene.numbers.shape.join() === scene.numbers.shape.join());
    body.classList.toggle("hidden", !fits);
    if (!fits) { shown = null; return; }
    const sub = substeps[at];
    setText(which, `Open: step ${number(turn.step)} → ${number(turn.step + 1)}`);
    setText(taken, takenWords(announced, frame));
    stepper.show(substeps, at);
    const wanted = [turn, at, follow, ctx.colors, root.clientWidth];
    if (shown && wanted.every((value, k) => value === drawn[k])) return; // training beside an open step costs nothing here
    drawn = wanted;
    diagram.show(sub);
    planes.element.classList.toggle("hidden", !turn.planar);
    tiles.element.classList.toggle("hidden", turn.planar);
    (turn.planar ? planes : tiles).show(turn, sub, follow, ctx.colors);
    readout.show(at, sub, factsOf(turn, sub), ctx.colors);
    following.show(turn, substeps, at, follow);
    shown = { at, sub, step: turn.step };
  }

  ctx.host.dlviz = {
    ganturn: () => shown && {
      step: shown.step, at: shown.at, id: shown.sub.id, title: shown.sub.title, group: shown.sub.group, ids: substeps.map(({ id }) => id), batch: shown.sub.move.batch,
      follow, playing: stepper.playing, ready: opening.isOfNow, spec: turn.spec, taken: taken.textContent, problem: opening.problem,
      lines: following.read(), diagram: diagram.read(), ...readout.read(), plane: turn.planar ? planes.read() : null, tiles: turn.planar ? null : tiles.read(),
    },
    ganturnOnPage: (i) => planes.onPage(i),
    ganturnPixels: (row, i) => tiles.pixels(row, i),
  };
  return { draw, update: () => ctx.redraw() };
});
