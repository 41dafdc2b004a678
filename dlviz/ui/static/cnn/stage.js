// What the parts of the stage share: the network's rows, the moment shown, the picture, and what is pointed at.

import { listeners } from "../lib/listeners.js";
import { settingsOf } from "../lib/settings.js";
import { holds } from "./rows.js";

export const FOCUS = "cnn.focus";
export const PINNED = "cnn.pinned";
export const CLASS = "cnn.class";

/**
 * The stage. `rows` as dlviz.labs.cnn.plan.Row.describe has them; `picture` is {channels, height, width, data}, data
 * (channel, height, width) in [0, 1]; `focus` and `pinned` are {row, channel, y, x} or null.
 * Kinds of `on`: scene, frame, focus (what is pointed at or pinned changed), painted (a person drew: emit it with the
 * new data, and the picture shown changes at once; its maps come with the next frame).
 * While `drawing` is true a scene does not bring back the picture of an earlier stroke.
 */
export function makeStage(live, ctx) {
  const stage = {
    live, ctx,
    scene: null, frame: null, rows: [], picture: null, drawing: false,
    focus: null, pinned: null, structure: "",

    ...listeners(),
    setting: (name) => settingsOf(stage).value(name),
    row: (name) => stage.rows.find((row) => row.name === name) ?? null,

    /** The pointer or the keyboard is here: {row, channel, y, x}, y and x null for the whole map; null: nowhere. */
    point(focus) {
      if (same(focus, stage.focus)) return;
      live.shared.set(FOCUS, focus);
    },
    /** Open a map; pinning the same map again, or null, closes it. */
    pin(focus) {
      if (focus) live.shared.set("happened.opened", true);
      if (focus && (focus.y ?? null) !== null) live.shared.set("happened.pinned", true);
      live.shared.set(PINNED, focus);
    },

    takeScene(scene) {
      stage.scene = scene;
      stage.rows = scene.numbers.rows;
      const structure = JSON.stringify([stage.rows, scene.numbers.classes]);
      const rebuilt = structure !== stage.structure;
      stage.structure = structure;
      const { shape, data } = scene.arrays.picture;
      if (!stage.drawing || rebuilt) {
        const [channels, height, width] = shape;
        stage.picture = { channels, height, width, data: data.slice() };
      }
      if (stage.pinned && !holds(stage, stage.pinned)) stage.pin(null);
      if (stage.focus && !holds(stage, stage.focus)) stage.point(null);
      stage.emit("scene", scene);
      ctx.redraw();
    },
    takeFrame(frame) {
      stage.frame = frame;
      stage.emit("frame", frame);
      ctx.redraw();
    },
  };

  stage.on("painted", (data) => {
    if (data) stage.picture.data = data;
    ctx.redraw();
  });
  live.on("shared", ({ key, value }) => {
    if (key === FOCUS) stage.focus = value && holds(stage, value) ? value : null;
    else if (key === PINNED) stage.pinned = value && holds(stage, value) ? value : null;
    else if (key !== CLASS) return;
    stage.emit("focus", stage.focus);
    ctx.redraw();
  }, ctx.signal);
  return stage;
}

const same = (a, b) => a === b || (a && b && a.row === b.row && a.channel === b.channel && a.y === b.y && a.x === b.x);
