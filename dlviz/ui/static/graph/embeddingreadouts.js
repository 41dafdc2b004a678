// What the network of a moment makes of every graph of a set, in slices: with training under way at most twice a second.

import { aggregated } from "../lib/gnn.js";
import { graphCount, graphOf, resultOf, shownPlace } from "../lib/graphs.js";
import { inSlices } from "../lib/slices.js";

const PAUSE = 500; // ms between two readings while it trains

/** `ask()` at every draw; `found` is {moment, layers: [(graph, width) after each layer], widths, answers (graph, outputs)} or null. */
export class Readouts {
  constructor(stage) {
    Object.assign(this, { stage, found: null, wanted: null, begun: -Infinity, timer: 0 });
  }

  ask() {
    const { stage } = this;
    const { moment } = stage;
    if (!moment || moment.scene !== stage.scene || this.found?.moment === moment || this.wanted === moment) return;
    if (this.found && this.found.moment.scene !== moment.scene) this.found = null;
    const wait = this.begun + PAUSE - performance.now();
    if (wait > 0 && stage.live.state?.playing) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => stage.ctx.redraw(), wait);
      return;
    }
    if (this.wanted && stage.live.state?.playing && this.wanted.scene === moment.scene) return; // let it come to its end
    [this.wanted, this.begun] = [moment, performance.now()];
    inSlices(readAll(moment), (found) => {
      [this.found, this.wanted] = [found, null];
      stage.ctx.redraw();
    }, { signal: stage.ctx.signal, wanted: () => this.wanted === moment });
  }
}

function* readAll(moment) {
  const { scene, network } = moment;
  const [graphs, outputs] = [graphCount(scene), network.outputs];
  const widths = network.rows.map((row) => row.outputs);
  const layers = widths.map((width) => new Float32Array(graphs * width));
  const answers = new Float32Array(graphs * outputs);
  for (let g = 0; g < graphs; g += 1) {
    const graph = graphOf(scene, g);
    const result = g === shownPlace(scene) ? resultOf(moment, graph) : network.run(graph);
    widths.forEach((width, k) => layers[k].set(aggregated(network.spec.readout, result.layers[k].after, new Int32Array(graph.count), 1, width), g * width));
    answers.set(result.answers, g * outputs);
    yield;
  }
  return { moment, layers, widths, answers };
}
