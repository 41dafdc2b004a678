// Asks for the next step of the moment on screen, opened; once a moment, and never while training runs.

import { isSettled } from "../lib/settled.js";
import { readTurn } from "./turn.js";

const POINTS = 512; // of a batch: all of them
const PICTURES = 12;
const SIDE = 48; // cells of D's map

export class Opening {
  constructor(live, ctx) {
    Object.assign(this, { live, ctx, turn: null, problem: "", refused: null, isAsking: false, follow: 0, followed: null });
  }

  /** Whether what is open belongs to the moment on screen. */
  get isOfNow() {
    const { scene, frame } = this.live;
    return Boolean(this.turn && frame && this.turn.version === scene.version && this.turn.step === frame.step);
  }

  /** To be called in `draw`. */
  nudge() {
    const { live, ctx } = this;
    const { scene, frame } = live;
    if (!scene || !frame || this.isAsking || !ctx.visible || live.state.playing || !isSettled(live)) return;
    // D's map of a conditional D is that of the followed example's class.
    const follow = scene.numbers.told && scene.numbers.planar ? this.follow : 0;
    const key = `${scene.version}/${frame.step}`;
    if ((this.isOfNow && this.followed === follow) || this.refused === key) return;
    this.ask(follow, key);
  }

  again() {
    this.refused = null;
    this.ctx.redraw();
  }

  async ask(follow, key) {
    const { live, ctx } = this;
    this.isAsking = true;
    const { planar } = live.scene.numbers;
    const answer = await live.ask({ do: "probe", panel: "turn", options: { examples: planar ? POINTS : PICTURES, side: SIDE, follow, parameters: false } }, { quiet: true });
    this.isAsking = false;
    if (ctx.signal.aborted) return;
    if (answer.kind !== "reply") Object.assign(this, { refused: key, problem: answer.numbers?.text ?? "The step could not be opened." });
    else if (answer.version === live.scene?.version && answer.step === live.frame?.step) {
      Object.assign(this, { turn: readTurn(answer, live.scene), followed: follow, problem: "", refused: null });
    }
    ctx.redraw(); // an answer of another moment is asked for again
  }
}
