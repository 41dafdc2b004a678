// The stage of the Graph lab: its moments are those of the network (lib/graphs.js), and what is picked is the page's.

import { graphOf, graphsOf, pickOf, resultOf } from "../lib/graphs.js";
import { stageOf } from "../lib/stage.js";

/** `stage.pick`; `stage.graph()`: the graph on screen; `stage.result()`: what the network of the moment makes of it, or null. */
export function makeStage(live, ctx) {
  const stage = stageOf(live, ctx, graphsOf);
  return Object.assign(stage, {
    pick: pickOf(live),
    graph: () => stage.scene && graphOf(stage.scene),
    result: () => (stage.moment && stage.moment.scene === stage.scene ? resultOf(stage.moment, graphOf(stage.scene)) : null),
  });
}
