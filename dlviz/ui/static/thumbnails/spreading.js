// A small graph network that really learns: two nodes are told their class, messages carry it on, and every node comes to an
// answer. All is computed here, GCN layers and their gradients by hand. Out of sight it rests, at the end it stops.

import { edgesFor, linear } from "../lib/gnn.js";
import { messagesAlong } from "../lib/graphs.js";
import { normal, stream } from "../lib/tinytrain.js";
import { Moving } from "./moving.js";

export const HIDDEN = 6;
export const STEPS = 240; // of a training
const RATE = 0.008;
const PER_SECOND = 55;
const [FADE, SQUARE] = [0.9, 0.999]; // of Adam

// Who met outside the karate club (W. Zachary 1977), each node with those after it; places turned so that the two halves lie
// beside each other.
const KARATE = "1,2,3,4,5,6,7,8,10,11,12,13,17,19,21,31;2,3,7,13,17,19,21,30;3,7,8,9,13,27,28,32;7,12,13;6,10;6,10,16;16;;30,32,33;33;;;;33;32,33;32,33;;;32,33;33;32,33;;32,33;25,27,29,32,33;25,27,31;31;29,33;33;31,33;32,33;32,33;32,33;33;";
const PLACES = [-1, 24, -22, 15, 4, -14, 13, 13, 18, 52, 18, 63, -4, 65, 28, 10, -24, -15, 4, -47, 39, 47, -25, 58, 45, 29, -14, -8, -61, -49, -57, -63, 14, 100, -36, 45, -49, -75, -35, -6, -37, -84, -46, 36, -22, -87, 23, -72, 61, -48, 58, -33, -9, -100, 28, -47, 17, -47, 4, -84, -47, -24, 18, -22, -24, -49, -15, -52];

/** {edges: [[a, b]], places: [[x, y]] (±1 wide), told: [node of class 0, node of class 1]} by name. */
export const GRAPHS = {
  karate: () => ({
    edges: KARATE.split(";").flatMap((list, a) => (list ? list.split(",").map((b) => [a, Number(b)]) : [])),
    places: Array.from({ length: PLACES.length / 2 }, (_, k) => [-PLACES[2 * k + 1] / 100, PLACES[2 * k] / 100]),
    told: [0, 33],
  }),
  grid: () => {
    const [across, down] = [9, 5];
    const at = (x, y) => y * across + x;
    const cells = Array.from({ length: across * down }, (_, k) => [k % across, Math.floor(k / across)]);
    const edges = cells.flatMap(([x, y]) => [...(x + 1 < across ? [[at(x, y), at(x + 1, y)]] : []), ...(y + 1 < down ? [[at(x, y), at(x, y + 1)]] : [])]);
    return { edges, places: cells.map(([x, y]) => [(2 * x) / (across - 1) - 1, (y - (down - 1) / 2) / 4]), told: [at(0, 0), at(across - 1, down - 1)] };
  },
};

/** Â x for rows of `width`: what a GCN layer sums. Â is symmetric, so that this is its gradient too. */
function passed({ sources, targets, scale }, x, count, width) {
  const out = new Float64Array(count * width);
  for (let e = 0; e < sources.length; e += 1) {
    for (let f = 0; f < width; f += 1) out[targets[e] * width + f] += scale[e] * x[sources[e] * width + f];
  }
  return out;
}

export class Spreading extends Moving {
  /** `paint(spreading)` draws a moment on `canvas`: `graph`, `share` (node,) of class 1, `phase` of the messages under way. */
  constructor(canvas, ctx, paint, seed) {
    super(canvas, ctx, paint);
    this.seed = seed;
    this.start("karate");
  }

  get done() {
    return this.steps >= STEPS;
  }

  /** A fresh network on one of the graphs; features are one-hot identities. */
  start(name) {
    const graph = GRAPHS[name]();
    const count = graph.places.length;
    const random = stream(this.seed);
    const weights = (rows, columns) => Float64Array.from({ length: rows * columns }, () => normal(random) / Math.sqrt(columns + rows));
    const edgeWeights = graph.edges.map(() => 1);
    const edges = edgesFor("gcn", { ...messagesAlong({ edges: graph.edges, edgeWeights, directed: false }), count });
    const parameters = [weights(HIDDEN, count), weights(2, HIDDEN)]; // (hidden, node) and (class, hidden)
    const zeros = () => parameters.map(({ length }) => new Float64Array(length));
    Object.assign(this, { name, graph, count, edges, parameters, means: zeros(), squares: zeros(), steps: 0, due: 0, phase: 0 });
    this.look();
    this.go();
  }

  /** The other graph, once this one is learned. */
  again() {
    const names = Object.keys(GRAPHS);
    if (this.done && !this.ctx.reducedMotion) this.start(names[(names.indexOf(this.name) + 1) % names.length]);
  }

  /** softmax(Â tanh(Â W₁ᵀ) W₂ᵀ): what the network answers, and what the gradient needs. */
  look() {
    const { count, edges, parameters: [first, second] } = this;
    const transformed = new Float64Array(count * HIDDEN);
    for (let k = 0; k < count; k += 1) for (let f = 0; f < HIDDEN; f += 1) transformed[k * HIDDEN + f] = first[f * count + k];
    const hidden = passed(edges, transformed, count, HIDDEN).map(Math.tanh);
    const heard = passed(edges, hidden, count, HIDDEN);
    const logits = linear(heard, count, HIDDEN, second, 2);
    this.share = Float64Array.from({ length: count }, (_, k) => 1 / (1 + Math.exp(logits[2 * k] - logits[2 * k + 1])));
    Object.assign(this, { hidden, heard });
  }

  /** Gradients of the mean cross-entropy of the told nodes, for both weights. */
  slopes() {
    const { count, edges, graph, hidden, heard, share, parameters: [, second] } = this;
    const slope = new Float64Array(count * 2);
    graph.told.forEach((node, label) => {
      slope[2 * node + 1] = (share[node] - label) / graph.told.length;
      slope[2 * node] = -slope[2 * node + 1];
    });
    const ofSecond = new Float64Array(2 * HIDDEN);
    const ofHeard = new Float64Array(count * HIDDEN);
    for (let k = 0; k < count; k += 1) {
      for (let c = 0; c < 2; c += 1) {
        for (let f = 0; f < HIDDEN; f += 1) {
          ofSecond[c * HIDDEN + f] += slope[2 * k + c] * heard[k * HIDDEN + f];
          ofHeard[k * HIDDEN + f] += slope[2 * k + c] * second[c * HIDDEN + f];
        }
      }
    }
    const ofHidden = passed(edges, ofHeard, count, HIDDEN).map((value, at) => value * (1 - hidden[at] ** 2));
    const back = passed(edges, ofHidden, count, HIDDEN);
    const ofFirst = new Float64Array(HIDDEN * count);
    for (let k = 0; k < count; k += 1) for (let f = 0; f < HIDDEN; f += 1) ofFirst[f * count + k] = back[k * HIDDEN + f];
    return [ofFirst, ofSecond];
  }

  /** A step of Adam. */
  turn() {
    this.steps += 1;
    this.slopes().forEach((slope, k) => {
      const [mean, square, weights] = [this.means[k], this.squares[k], this.parameters[k]];
      slope.forEach((value, at) => {
        mean[at] = FADE * mean[at] + (1 - FADE) * value;
        square[at] = SQUARE * square[at] + (1 - SQUARE) * value * value;
        weights[at] -= (RATE * mean[at]) / (1 - FADE ** this.steps) / (Math.sqrt(square[at] / (1 - SQUARE ** this.steps)) + 1e-8);
      });
    });
    this.look();
  }

  repaint() {
    Object.assign(this.canvas.dataset, { graph: this.name, steps: this.steps });
    this.paint(this);
  }

  finish() {
    while (!this.done) this.turn();
  }

  advance(ms) {
    this.phase = (this.phase + ms / 1400) % 1;
    this.due += (ms / 1000) * PER_SECOND;
    for (; this.due >= 1 && !this.done; this.due -= 1) this.turn();
  }
}
