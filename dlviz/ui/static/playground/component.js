// The Playground: data, network and output in one component, all drawn from the same frame's weights.

import { h } from "../lib/dom.js";
import { listeners } from "../lib/listeners.js";
import { mount } from "../lib/mount.js";
import { readModel } from "../lib/nn.js";
import { buildBackprop } from "./backprop.js";
import { buildBeside } from "./beside.js";
import { buildConfusion } from "./confusion.js";
import { buildData } from "./data.js";
import { buildKnobs } from "./knobs.js";
import { buildLosses } from "./losses.js";
import { Maps } from "./maps.js";
import { buildNetwork } from "./network.js";
import { buildOutput } from "./output.js";
import { settingsOf } from "../lib/settings.js";

export const styles = ["playground/controls.css"];

const SLICE = 6; // ms of an animation frame that the fine maps may take

export default mount((root, live, ctx) => {
  const areas = Object.fromEntries(["knobs", "data", "network", "output"].map((name) => [name, h(`div.${name}`)]));
  const confusion = h("div.confusions");
  root.append(h("div.playground", areas.output, areas.network, areas.knobs, areas.data, confusion));
  const stage = makeStage(live, ctx);
  const network = buildNetwork(areas.network, stage);
  stage.backprop = buildBackprop(stage);
  const losses = h("div");
  const picture = h("div");
  const beside = h("div");
  areas.output.append(losses, picture, beside);
  const parts = [network, buildLosses(losses, stage), buildOutput(picture, stage), buildBeside(beside, stage),
    buildKnobs(areas.knobs, stage), buildData(areas.data, stage), buildConfusion(confusion, stage)].filter(Boolean);
  exposeForTests(ctx.host, stage);

  live.on("scene", (scene) => stage.takeScene(scene), ctx.signal);
  live.on("frame", (frame) => stage.takeFrame(frame), ctx.signal);
  live.on("state", () => ctx.redraw(), ctx.signal);

  return {
    update(data, context) {
      for (const part of parts) part.update?.(data, context);
      ctx.redraw();
    },
    draw() {
      stage.compute();
      for (const part of parts) part.draw?.(live.frame);
      stage.fresh = false;
    },
  };
});

/** What the parts share: the model on screen, what is pointed at, pinned, lit, and the tool in hand. */
function makeStage(live, ctx) {
  const stage = {
    live, ctx,
    model: null, maps: null, grid: null, fresh: false,
    selected: null, hovered: null, pointer: null, tool: null, lit: null, litCount: 0,

    ...listeners(),
    setting: (name) => settingsOf(stage).value(name),

    hover(unit) {
      if (unit?.layer === stage.hovered?.layer && unit?.unit === stage.hovered?.unit) return;
      stage.hovered = unit;
      stage.emit("hover", unit);
      ctx.redraw();
    },
    select(unit) {
      stage.selected = unit;
      stage.emit("select", unit);
      ctx.redraw();
    },
    setTool(name) {
      stage.tool = name;
      stage.emit("tool", name);
      ctx.redraw();
    },
    light(lit) {
      stage.lit = lit;
      stage.litCount += 1;
      stage.emit("light", lit);
      ctx.redraw();
    },

    takeScene(scene) {
      const next = readModel(scene);
      if (next.structure !== stage.model?.structure) {
        stage.next = next; // shown from its first frame on
        const stays = (unit) => unit && unit.layer < next.widths.length - 1 && (unit.layer === 0 || unit.unit < next.widths[unit.layer]);
        if (!stays(stage.selected)) stage.selected = null;
        stage.hovered = null;
      } else {
        stage.model.version = scene.version;
      }
      stage.emit("scene", scene);
      ctx.redraw();
    },
    takeFrame(frame) {
      if (stage.next && stage.next.version === frame.version) {
        stage.model = stage.next;
        stage.maps = new Maps(stage.model);
        stage.next = null;
        stage.emit("model", stage.model);
      }
      if (!stage.model) return;
      stage.model.load(frame);
      stage.fresh = true;
      stage.emit("frame", frame);
      ctx.redraw();
    },
    /** Maps for what is drawn now: the coarse ones for a new frame, the fine ones bit by bit while nothing moves. */
    compute() {
      const { maps } = stage;
      if (!maps || stage.model.step < 0) return;
      if (stage.fresh) {
        maps.compute();
        if (!live.state.playing) ctx.redraw();
      } else if (!maps.isFine && !live.state.playing) {
        maps.refine(SLICE);
        ctx.redraw();
      }
      stage.grid = maps.best;
    },
  };
  return stage;
}

/** Read-only views for the browser tests: what is on screen, as plain numbers. */
function exposeForTests(host, stage) {
  host.dlviz = {
    maps() {
      const { maps, model } = stage;
      return {
        side: maps.side, version: model.version, step: model.step, values: maps.best.values.slice(1).map((row) => [...row]), probabilities: [...maps.best.probabilities],
      };
    },
    backprop() {
      const { backprop } = stage;
      if (!backprop.open) return null;
      const { loss, targets, layers } = backprop.result;
      const plain = ({ below, ...row }) => Object.fromEntries(Object.entries(row).map(([name, numbers]) => [name, [...numbers]]));
      return {
        at: backprop.at, set: backprop.set, index: backprop.index, x1: backprop.x1, x2: backprop.x2, loss, targets: [...targets],
        values: backprop.point.values.slice(1).map((row) => [...row]), sums: backprop.point.sums.map((row) => [...row]),
        probabilities: [...backprop.point.probabilities], layers: layers.map(plain),
      };
    },
  };
}
