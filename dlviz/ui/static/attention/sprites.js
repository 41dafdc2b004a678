// The strips of numbers of a moment as small pictures, made once a moment, and the ends of their scales.

import { Sprites } from "../lib/sprites.js";

const STEPS = [1, 1.5, 2, 3, 4, 6, 8, 10]; // ends of scales, times a power of ten: they stay while numbers move a little
const MOST_LOOKED_AT = 12_000; // numbers, to find the end of a scale

/** The next round number that is not smaller. */
export function roundUp(x) {
  if (!(x > 0) || !Number.isFinite(x)) return 1;
  const power = 10 ** Math.floor(Math.log10(x));
  return STEPS.find((step) => step * power >= x * 0.999999) * power;
}

// The size below which all but one in a hundred numbers of some matrices lie: a single outlier would make the rest pale.
function usual(matrices) {
  const every = Math.max(1, Math.ceil(matrices.reduce((sum, { length }) => sum + length, 0) / MOST_LOOKED_AT));
  const some = [];
  for (const values of matrices) for (let i = 0; i < values.length; i += every) some.push(Math.abs(values[i]));
  const sizes = Float64Array.from(some).sort();
  return sizes[Math.floor(0.99 * (sizes.length - 1))];
}

export class Strips {
  constructor() {
    this.kept = new Map();
    this.key = null;
  }

  get(name) {
    return this.kept.get(name);
  }

  /** Paint all strips of a moment; nothing where they are there already. */
  make({ moment, streams, ctx: { colors } }) {
    if (this.key === moment && this.colors === colors) return;
    [this.key, this.colors] = [moment, colors];
    const stacks = Object.values(moment.pass.stacks);
    const signed = [];
    const amounts = [];
    for (const stack of stacks) {
      signed.push([`${stack.name}.token`, stack.token, stack], [`${stack.name}.top`, stack.top, stack]);
      if (stack.place) signed.push([`${stack.name}.place`, stack.place, stack]);
      for (const { after, layer, values } of streams[stack.name]) signed.push([`${stack.name}.${layer}.${after}`, values, stack]);
      for (const { layer, feed_forward: feed } of stack.blocks) if (feed) amounts.push([`${stack.name}.${layer}.units`, feed.units, stack]);
    }
    this.limit = roundUp(usual(signed.map(([, values]) => values)));
    this.high = amounts.length ? roundUp(usual(amounts.map(([, values]) => values))) : null;
    for (const [some, limit, isAmount] of [[signed, this.limit, false], [amounts, this.high, true]]) {
      for (const [name, values, { tokens }] of some) {
        if (!this.kept.has(name)) this.kept.set(name, new Sprites());
        const sprite = this.kept.get(name);
        sprite.size(1, tokens, values.length / tokens);
        sprite.paintValues(values, limit, isAmount, colors);
      }
    }
  }
}
