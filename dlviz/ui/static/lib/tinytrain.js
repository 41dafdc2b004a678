// A small trainer for pictures that live in the browser alone: fully connected layers, tanh or ReLU
// between them, softmax and cross-entropy at the end, backpropagation by hand, Adam. Everything that
// a lab shows about its own model comes from PyTorch on the server; this is for thumbnails.
// tests/browser/test_thumbnails.py checks the loss, the gradient and Adam's steps against torch.

const FUNCTIONS = {
  tanh: { value: Math.tanh, slope: (a) => 1 - a * a },
  relu: { value: (z) => (z > 0 ? z : 0), slope: (a) => (a > 0 ? 1 : 0) },
};

/** A stream of numbers in [0, 1) that a seed fixes (mulberry32). */
export function stream(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One draw from the standard normal distribution (Box and Muller). */
export function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export class TinyNetwork {
  /**
   * `widths` is [inputs, hidden…, classes]. Weights start uniform in ±sqrt(6 / (in + out)), biases at 0;
   * the first layer's in `gain` times that, because the plane reaches only from -1 to 1.
   */
  constructor(widths, { activation = "tanh", seed = 1, gain = 3 } = {}) {
    this.widths = widths;
    this.f = FUNCTIONS[activation];
    let size = 0;
    for (let i = 1; i < widths.length; i++) size += widths[i] * (widths[i - 1] + 1);
    this.parameters = new Float64Array(size);
    this.gradients = new Float64Array(size);
    this.moments = new Float64Array(size);
    this.squares = new Float64Array(size);
    this.steps = 0;
    this.layers = this.#views(this.parameters);
    this.slopes = this.#views(this.gradients);
    this.activations = widths.map((n) => new Float64Array(n));
    this.deltas = widths.map((n) => new Float64Array(n));
    const random = stream(seed);
    this.layers.forEach(({ inputs, outputs, weight }, i) => {
      const limit = Math.sqrt(6 / (inputs + outputs)) * (i === 0 ? gain : 1);
      for (let k = 0; k < weight.length; k++) weight[k] = limit * (2 * random() - 1);
    });
  }

  // Each layer's weight [outputs × inputs, row by row] and bias, as windows on one flat array.
  #views(flat) {
    let at = 0;
    return this.widths.slice(1).map((outputs, i) => {
      const inputs = this.widths[i];
      const weight = flat.subarray(at, (at += outputs * inputs));
      const bias = flat.subarray(at, (at += outputs));
      return { inputs, outputs, weight, bias };
    });
  }

  /** Fills `activations` for one input and returns the class probabilities (the same array each time). */
  forward(input) {
    this.activations[0].set(input);
    const last = this.layers.length - 1;
    this.layers.forEach(({ inputs, outputs, weight, bias }, i) => {
      const from = this.activations[i], to = this.activations[i + 1];
      for (let o = 0, k = 0; o < outputs; o++) {
        let z = bias[o];
        for (let j = 0; j < inputs; j++) z += weight[k++] * from[j];
        to[o] = i === last ? z : this.f.value(z);
      }
    });
    const out = this.activations[last + 1];
    const top = Math.max(...out);
    let sum = 0;
    for (let c = 0; c < out.length; c++) sum += out[c] = Math.exp(out[c] - top);
    for (let c = 0; c < out.length; c++) out[c] /= sum;
    return out;
  }

  /** Mean cross-entropy over the examples; leaves its gradient in `gradients`. */
  gradient(inputs, labels) {
    this.gradients.fill(0);
    let loss = 0;
    for (let n = 0; n < inputs.length; n++) {
      const p = this.forward(inputs[n]);
      loss -= Math.log(Math.max(p[labels[n]], 1e-300)) / inputs.length;
      const last = this.layers.length;
      for (let c = 0; c < p.length; c++) this.deltas[last][c] = (p[c] - (c === labels[n])) / inputs.length;
      this.#backward();
    }
    return loss;
  }

  #backward() {
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const { inputs, outputs, weight } = this.layers[i];
      const slope = this.slopes[i];
      const from = this.activations[i], before = this.deltas[i], delta = this.deltas[i + 1];
      before.fill(0);
      for (let o = 0, k = 0; o < outputs; o++) {
        slope.bias[o] += delta[o];
        for (let j = 0; j < inputs; j++, k++) {
          slope.weight[k] += delta[o] * from[j];
          before[j] += delta[o] * weight[k];
        }
      }
      if (i > 0) for (let j = 0; j < inputs; j++) before[j] *= this.f.slope(from[j]);
    }
  }

  /** One Adam step (Kingma and Ba 2015) on these examples; returns the loss before it. */
  train(inputs, labels, rate = 0.02) {
    const loss = this.gradient(inputs, labels);
    this.steps += 1;
    const scale = (rate * Math.sqrt(1 - 0.999 ** this.steps)) / (1 - 0.9 ** this.steps);
    const floor = 1e-8 * Math.sqrt(1 - 0.999 ** this.steps);
    for (let k = 0; k < this.parameters.length; k++) {
      const g = this.gradients[k];
      this.moments[k] = 0.9 * this.moments[k] + 0.1 * g;
      this.squares[k] = 0.999 * this.squares[k] + 0.001 * g * g;
      this.parameters[k] -= (scale * this.moments[k]) / (Math.sqrt(this.squares[k]) + floor);
    }
    return loss;
  }

  /**
   * The activations of every layer over the plane [-1, 1]² in side × side cells, row 0 at the top:
   * `maps[layer][unit]` is a Float32Array. The last layer holds probabilities.
   */
  maps(side) {
    const maps = this.widths.map((n) => Array.from({ length: n }, () => new Float32Array(side * side)));
    this.#sweep(side, (k) => maps.forEach((layer, i) => layer.forEach((map, u) => { map[k] = this.activations[i][u]; })));
    return maps;
  }

  /** p(class 1) − p(class 0) over the same cells. */
  decision(side, out = new Float32Array(side * side)) {
    this.#sweep(side, (k, p) => { out[k] = p[1] - p[0]; });
    return out;
  }

  #sweep(side, visit) {
    const input = [0, 0];
    for (let row = 0, k = 0; row < side; row++) {
      input[1] = 1 - (2 * row + 1) / side;
      for (let column = 0; column < side; column++, k++) {
        input[0] = (2 * column + 1) / side - 1;
        visit(k, this.forward(input));
      }
    }
  }
}

const SHAPES = {
  spiral(random, k, label) {
    const t = k, angle = 1.75 * t * 2 * Math.PI * 0.75 + label * Math.PI;
    const radius = 0.08 + 0.82 * t;
    return [radius * Math.sin(angle) + 0.015 * normal(random), radius * Math.cos(angle) + 0.015 * normal(random)];
  },
  moons(random, k, label) {
    const angle = Math.PI * k, side = label ? -1 : 1;
    return [0.55 * Math.cos(angle) * side + 0.27 * -side + 0.05 * normal(random),
      0.62 * Math.sin(angle) * side - 0.16 * side + 0.05 * normal(random)];
  },
  circle(random, k, label) {
    const angle = 2 * Math.PI * random(), radius = label ? 0.42 * Math.sqrt(k) : 0.66 + 0.22 * k;
    return [radius * Math.sin(angle), radius * Math.cos(angle)];
  },
  xor(random, k, label) {
    const x = 0.1 + 0.78 * random(), y = (0.1 + 0.78 * random()) * (label ? 1 : -1);
    return random() < 0.5 ? [x, y] : [-x, -y];
  },
};

export const shapes = Object.keys(SHAPES);

/** `count` points of a two-class data set in the plane [-1, 1]²: `{inputs: [[x, y]…], labels: [0|1…]}`. */
export function points(shape, count, seed = 1) {
  const random = stream(seed);
  const inputs = [], labels = [];
  for (let n = 0; n < count; n++) {
    const label = n % 2;
    inputs.push(SHAPES[shape](random, Math.floor(n / 2) / Math.ceil(count / 2), label));
    labels.push(label);
  }
  return { inputs, labels };
}

/** A fresh random choice of `size` examples, for one step. */
export function batch({ inputs, labels }, size, random) {
  const picks = Array.from({ length: size }, () => Math.floor(random() * inputs.length));
  return [picks.map((k) => inputs[k]), picks.map((k) => labels[k])];
}
