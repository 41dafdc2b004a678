// What the parts of the stage share: the sequence as columns of the picture, the network of the moment, the step looked at.

import { listeners } from "../lib/listeners.js";
import { readNetwork } from "../lib/recurrent.js";
import { settingsOf } from "../lib/settings.js";
import { inSlices } from "../lib/slices.js";
import { stepsOf } from "../lib/steps.js";
import { weightsOf } from "../lib/weights.js";
import { columnsOf } from "./columns.js";
import { readAll } from "./states.js";

/**
 * The stage. `columns` as columnsOf makes them, with what is said of the newest frame; `network` of lib/recurrent.js and
 * `states` of states.js belong to the newest weights, a moment behind the frame while training runs. Kinds of `on`:
 * scene, columns (what is read or said changed), states (new weights were read through), focus, matrix.
 */
export function makeStage(live, ctx) {
  const stage = {
    live, ctx,
    scene: null, frame: null, network: null, reply: null, states: null, columns: [],
    matrix: null, // the key of the weight matrix pointed at, or null
    pointed: null, // index of the column pointed at, also where it is no step of the shared sequence

    ...listeners(),
    setting: (name) => settingsOf(stage).value(name),

    /** Index of the column that is looked at: pointed at, pinned, or one that has something to say. */
    get at() {
      const { columns, steps } = stage;
      if (stage.pointed !== null && !steps.pinned && columns[stage.pointed]) return stage.pointed;
      if (steps.at !== null && steps.at < columns.length) return steps.at;
      return restingAt(columns);
    },
    get isPointed() {
      return stage.steps.at !== null || stage.pointed !== null;
    },
    point(at) {
      stage.pointed = at;
      stage.steps.hover(at !== null && stage.isShared(at) ? at : null);
      stage.emit("focus");
    },
    pin(at) {
      if (at === null || stage.isShared(at)) stage.steps.pick(at);
      if (at !== null) live.shared.set("happened.pinned", true);
      stage.emit("focus");
    },
    /** Whether a column is a step of the sequence on the screen, which other pictures show too. */
    isShared: (at) => at < stepsIn(stage.scene),
    lightMatrix(key) {
      if (key === stage.matrix) return;
      stage.matrix = key;
      stage.emit("matrix", key);
      ctx.redraw();
    },
  };
  stage.steps = stepsOf(stage);

  function rebuild() {
    stage.columns = columnsOf(stage);
    stage.emit("columns");
    ctx.redraw();
  }

  // Weights that come while others are being read through wait; of several the newest.
  let [waiting, reading] = [null, false];

  function read() {
    const { scene } = stage;
    const reply = waiting;
    waiting = null;
    const network = reply?.version === scene.version ? readNetwork(scene, reply) : null;
    if (!network) return;
    reading = true;
    inSlices(readAll(network, scene), (states) => {
      reading = false;
      if (stage.scene === scene) {
        Object.assign(stage, { network, reply, states });
        rebuild();
        stage.emit("states", reply);
      }
      if (waiting) read();
    }, { signal: ctx.signal });
  }

  /** Hear the run, once all parts listen. */
  stage.begin = () => {
    live.on("scene", (scene) => {
      const before = stage.scene;
      stage.scene = scene;
      if (before && before.version !== scene.version) [stage.states, stage.network, stage.frame, stage.pointed] = [null, null, null, null];
      if (stage.steps.at !== null && stage.steps.at >= stepsIn(scene)) stage.steps.pick(null);
      stage.emit("scene", scene);
      rebuild();
    }, ctx.signal);
    live.on("frame", (frame) => {
      stage.frame = frame;
      rebuild();
    }, ctx.signal);
    weightsOf(live).watch(ctx, (reply) => {
      if (!stage.scene || reply.version !== stage.scene.version) return;
      waiting = reply;
      if (!reading) read();
    });
    stage.steps.on(() => {
      stage.emit("focus");
      ctx.redraw();
    });
  };
  return stage;
}

/** Steps of the sequence on the screen. */
export function stepsIn(scene) {
  return (scene.arrays.ids ?? scene.arrays.values).shape[0];
}

// The last column in the first dozen that has an answer: it has read enough to say something. Else the first that has one.
function restingAt(columns) {
  const early = columns.findLastIndex(({ asked }, i) => asked && i < 12);
  const at = early >= 0 ? early : columns.findIndex(({ asked }) => asked);
  return at >= 0 ? at : columns.length - 1;
}
