// What the parts of the stage share: the moment on screen, its answers, the token that is looked at, the chosen head.

import { attendedOf } from "../lib/attended.js";
import { listeners } from "../lib/listeners.js";
import { momentsOf } from "../lib/moments.js";
import { settingsOf } from "../lib/settings.js";
import { answersOf, streamOf, summaryOf } from "./answers.js";

const SHARPER = 1.5; // times the mean largest weight of a row is drawn in full colour

/**
 * The stage. `moment` as lib/moments.js tells it, with `answers` and `streams` {stack: …} of it (answers.js); while training
 * runs it is a moment behind `frame`. Kinds of `on`: scene, frame, moment, focus (token or head), theme.
 */
export function makeStage(live, ctx) {
  let pointed = null; // {stack, at} under the pointer here
  const stage = {
    live, ctx, scene: null, frame: null, moment: null, answers: [], streams: {}, summary: null, full: new Map(), warn: "",
    ...listeners(),
    setting: (name) => settingsOf(stage).value(name),

    /** The token looked at, {stack, at}, or null: pinned, pointed at here, or in another picture of the page. */
    get focus() {
      const { attended, moment } = stage;
      if (!moment) return null;
      if (pointed && !attended.pinned && pointed.at < moment.pass.stacks[pointed.stack]?.tokens) return pointed;
      const { grid } = attended.in(moment.pass);
      const [stack, at] = attended.query !== null ? [grid.stack, attended.query] : [keysOf(grid), attended.key];
      return at !== null && at < moment.pass.stacks[stack].tokens ? { stack, at } : null;
    },
    point(stack, at) {
      if (pointed?.stack === stack && pointed.at === at) return;
      pointed = at === null ? null : { stack, at };
      stage.attended.hover(...((at === null ? null : placeIn(stack, at)) ?? [null, null]));
      stage.emit("focus");
    },
    pin(stack, at) {
      if (at === null) stage.attended.pin(null);
      else {
        if (!placeIn(stack, at)) stage.attended.choose(stage.moment.pass.grids.findLast((grid) => grid.stack === stack && grid.kind === "attention").id, 0);
        const [query, key] = placeIn(stack, at);
        if (query === null) stage.attended.hover(null, key); // a key alone is looked at, and cannot be pinned
        else stage.attended.pin(query, key);
        live.shared.set("happened.pinned", true);
      }
      stage.emit("focus");
    },
    /** Choose a head for the whole page. */
    choose(grid, head) {
      stage.attended.choose(grid, head);
      live.shared.set("happened.chose_head", true);
    },
    /** The head that was chosen in this attention, or null: then the mean over all is shown. */
    chosenIn: (id) => (stage.attended.grid === id ? Math.min(stage.attended.head ?? 0, stage.scene.numbers.spec.heads - 1) : null),
  };
  stage.attended = attendedOf(stage);

  // Where a token stands in the chosen attention: [query, key], or null where it is in neither.
  function placeIn(stack, at) {
    const { grid } = stage.attended.in(stage.moment.pass);
    if (grid.stack === stack) return [at, null];
    return keysOf(grid) === stack ? [null, at] : null;
  }

  /** Hear the run, once all parts listen. */
  stage.begin = () => {
    live.on("scene", (scene) => {
      if (stage.scene && stage.scene.version !== scene.version) [stage.moment, stage.frame, pointed] = [null, null, null];
      stage.scene = scene;
      stage.emit("scene", scene);
      ctx.redraw();
    }, ctx.signal);
    live.on("frame", (frame) => {
      stage.frame = frame;
      stage.emit("frame", frame);
    }, ctx.signal);
    stage.moments = momentsOf(live);
    stage.watching = stage.moments.watch(ctx, (moment) => {
      const { stacks } = moment.pass;
      const answers = answersOf(moment);
      const streams = Object.fromEntries(Object.entries(stacks).map(([name, stack]) => [name, streamOf(stack)]));
      Object.assign(stage, { scene: moment.scene, moment, answers, streams, summary: summaryOf(answers), full: new Map(moment.pass.grids.map(({ id, part }) => [id, fullColour(part)])) });
      stage.emit("moment", moment);
      ctx.redraw();
    });
    stage.attended.on(() => {
      stage.emit("focus");
      ctx.redraw();
    });
  };
  return stage;
}

/** The stack whose tokens are the keys of an attention. */
export const keysOf = ({ kind, stack }) => (kind === "cross" ? "encoder" : stack);

/**
 * The weight that thumbnails of an attention show in full colour: 1 where its heads look at single tokens; less while they
 * look about everywhere, so that their patterns can be seen. Rows with one visible key say nothing.
 */
function fullColour({ weights: heads, tokens, keys }) {
  let [total, rows] = [0, 0];
  for (const weights of heads) {
    for (let q = 0; q < tokens; q += 1) {
      const row = weights.subarray(q * keys, (q + 1) * keys);
      if (row.filter((weight) => weight > 0).length < 2) continue;
      total += Math.max(...row);
      rows += 1;
    }
  }
  return rows ? Math.min(1, (SHARPER * total) / rows) : 1;
}
