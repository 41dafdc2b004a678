// GIN layers of random weights in double precision, so that "the same" means equal but for rounding
// (dlviz/labs/graph/apart/networks.py has the same networks in torch; lib/gnn.js computes in single precision, as training does).

export const HOW = ["sum", "mean", "max"];
export const [WIDTH, NETWORKS, TOLERANCE] = [16, 8, 1e-9];

/** Even numbers in [0, 1), the same as in Python (mulberry32). */
export function draws(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const known = new Map();

/** Of each layer {inputs, first, firstBias, second, secondBias}, even in ±1/√inputs as torch begins. */
export function weightsOf(seed, inputs, layers) {
  const key = `${seed} ${inputs} ${layers}`;
  if (known.has(key)) return known.get(key);
  if (known.size > 64) known.clear();
  const chance = draws(seed);
  const even = (size, far) => Float64Array.from({ length: size }, () => far * (2 * chance() - 1));
  const found = Array.from({ length: layers }, (_, layer) => {
    const before = layer === 0 ? inputs : WIDTH;
    const [near, far] = [before ** -0.5, WIDTH ** -0.5];
    return { inputs: before, first: even(WIDTH * before, near), firstBias: even(WIDTH, near), second: even(WIDTH * WIDTH, far), secondBias: even(WIDTH, far) };
  });
  known.set(key, found);
  return found;
}

function linear(x, rows, inputs, weight, bias, isRectified) {
  const out = new Float64Array(rows * WIDTH);
  for (let r = 0; r < rows; r += 1) {
    for (let o = 0; o < WIDTH; o += 1) {
      let sum = bias[o];
      for (let i = 0; i < inputs; i += 1) sum += x[r * inputs + i] * weight[o * inputs + i];
      out[r * WIDTH + o] = isRectified ? Math.max(0, sum) : sum;
    }
  }
  return out;
}

/** Rows `members` of x put together: (width,); 0 where there is none. */
export function gathered(how, x, width, members) {
  const out = new Float64Array(width);
  members.forEach((k, at) => {
    for (let f = 0; f < width; f += 1) {
      const value = x[k * width + f];
      if (how !== "max") out[f] += value;
      else if (at === 0 || value > out[f]) out[f] = value;
    }
  });
  if (how === "mean" && members.length) for (let f = 0; f < width; f += 1) out[f] /= members.length;
  return out;
}

/** Embeddings of every round from 0 on: [{x (count, width), width}]. */
export function embeddings({ count, around }, told, inputs, layers, how, epsilon) {
  const x = new Float64Array(count * inputs);
  told.forEach((place, k) => { x[k * inputs + place] = 1; });
  const found = [{ x, width: inputs }];
  for (const layer of layers) {
    const { x: before, width } = found.at(-1);
    const combined = new Float64Array(count * width);
    for (let k = 0; k < count; k += 1) {
      const heard = gathered(how, before, width, around[k]);
      for (let f = 0; f < width; f += 1) combined[k * width + f] = (1 + epsilon) * before[k * width + f] + heard[f];
    }
    const first = linear(combined, count, width, layer.first, layer.firstBias, true);
    found.push({ x: linear(first, count, WIDTH, layer.second, layer.secondBias, false), width: WIDTH });
  }
  return found;
}

/** The largest difference of two vectors as a share of the largest number in them; 0 where all is 0. */
export function difference(one, other) {
  let [most, far] = [0, 0];
  for (let f = 0; f < one.length; f += 1) {
    most = Math.max(most, Math.abs(one[f]), Math.abs(other[f]));
    far = Math.max(far, Math.abs(one[f] - other[f]));
  }
  return most ? far / most : 0;
}

/** Groups of nodes that all networks give the same embedding, from 0 in order of appearance; `all`: of each network {x, width}. */
export function groupsOf(all, count) {
  const limits = all.map(({ x }) => TOLERANCE * x.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  const isOne = (k, other) => all.every(({ x, width }, n) => {
    for (let f = 0; f < width; f += 1) if (!(Math.abs(x[k * width + f] - x[other * width + f]) <= limits[n])) return false;
    return true;
  });
  const first = [];
  return Array.from({ length: count }, (_, k) => {
    const at = first.findIndex((other) => isOne(k, other));
    if (at >= 0) return at;
    first.push(k);
    return first.length - 1;
  });
}
