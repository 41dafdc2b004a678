// What the parts of a stage share: scene, frame, and the network of the moment on screen.

import { listeners } from "./listeners.js";
import { settingsOf } from "./settings.js";

/**
 * `moment` as the store `momentsOf(live)` tells it (lib/momentstore.js); it may be a moment behind `frame`. Kinds of `on`: scene,
 * frame, moment, theme.
 */
export function stageOf(live, ctx, momentsOf) {
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
    stage.watching = momentsOf(live).watch(ctx, (moment) => {
      Object.assign(stage, { scene: moment.scene, moment });
      stage.emit("moment", moment);
      ctx.redraw();
    });
  };
  return stage;
}
