// RNN, GRU, LSTM: what each costs by formula, drawn to scale, and a race of the three on the task at hand.

import { h } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { buildCosts } from "./costs.js";
import { buildRace } from "./race.js";

export const styles = ["lib/job.css"];

const EQUAL = {
  name: "equal", kind: "choice", label: "Compared at", options: ["hidden", "parameters"], labels: ["Equal hidden size", "Equal parameters"], default: "hidden",
  help: "With the same number of units an LSTM has four times the parameters of an RNN. Or each gets the hidden size at which it has as many as the LSTM.",
};

export default mount((root, live, ctx) => {
  const stage = { live, ctx, equal: "hidden" };
  const equal = knob(EQUAL, { value: "hidden", onchange: (value) => { stage.equal = value; ctx.redraw(); } });
  const costs = buildCosts(stage);
  const race = buildRace(stage, costs);
  root.append(h("div.comparison", equal.element, costs.element, race.element));
  for (const kind of ["scene", "frame", "state", "runs"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  ctx.host.dlviz = { comparison: () => ({ equal: stage.equal, ...costs.read(), ...race.read() }) };
  let asked = null; // the moment that the costs were asked for
  let asking = false;

  async function ask() {
    const { scene, frame } = live;
    const key = frame && `${live.shown} ${scene.version}`;
    if (!key || asking || asked === key || !ctx.visible) return;
    asked = key;
    asking = true;
    const answer = await live.ask({ do: "probe", panel: "comparison", options: { parameters: false } }, { quiet: true });
    asking = false;
    if (ctx.signal.aborted) return;
    costs.take(answer);
    ctx.redraw();
  }

  function draw() {
    if (!live.scene || !live.frame) return;
    ask();
    costs.draw();
    race.draw();
  }

  return { draw, update: () => ctx.redraw() };
});
