// What the parts of the stage share: scene, frame, and the networks of the moment on screen.

import { gansOf } from "../lib/gans.js";
import { listeners } from "../lib/listeners.js";
import { settingsOf } from "../lib/settings.js";

/**
 * `moment` as lib/gans.js tells it; of large networks it may be a moment behind `frame`. Kinds of `on`: scene, frame, moment,
 * theme.
 */
export function makeStage(live, ctx) {
  const stage = {
    live, ctx, scene: null, frame: null, moment: null,
    ...listeners(),
    setting: (name) => settingsOf(stage).value(name),
  };
  /** Hear the run, once all parts listen. */
  stage.begin = () => {
    live.on("scene", (scene) => {
      if (stage.scene && stage.scene.version !== scene.version) [stage.moment, stage.frame] = [null, null];
      stage.scene = scene;
      stage.emit("scene", scene);
      ctx.redraw();
    }, ctx.signal);
    live.on("frame", (frame) => {
      stage.frame = frame;
      stage.emit("frame", frame);
      ctx.redraw();
    }, ctx.signal);
    stage.watching = gansOf(live).watch(ctx, (moment) => {
      Object.assign(stage, { scene: moment.scene, moment });
      stage.emit("moment", moment);
      ctx.redraw();
    });
  };
  return stage;
}
