// Test pictures as exact numbers, asked for two or three at a time and kept: what the page encodes must be what torch encodes.

const KEPT_AT_MOST = 400;

/** Pictures by place: {pixels, truth, factors (of sprites, else null)}; they belong to a data set (`of`). */
export class Inputs {
  constructor(live, onarrive) {
    Object.assign(this, { live, onarrive, key: null, problem: "" });
    this.clear();
  }

  clear() {
    this.kept = new Map();
    this.wanted = new Map(); // "a,b,c" → the sprite drawn with those factors
    this.asked = new Set();
    this.presets = null; // of sprites: a, b, c for each factor
    this.problem = "";
  }

  /** Forget everything that belongs to other pictures than those of this scene. */
  of(scene) {
    const { dataset, leave_out: without } = scene.numbers.spec;
    const key = `${dataset} ${without}`;
    if (key === this.key) return false;
    this.key = key;
    this.clear();
    return true;
  }

  get(index) {
    return this.kept.get(index) ?? null;
  }

  /** Whether pictures `a`, `b` (and `c`) are here; else they are asked for, and `onarrive` is called. */
  need(a, b, c = null) {
    const places = c === null ? [a, b] : [a, b, c];
    const name = places.join();
    const isHere = places.every((index) => this.kept.has(index)) && (c === null || !this.presets || this.wanted.has(name));
    if (!isHere && !this.asked.has(name)) this.ask(places, name);
    return isHere;
  }

  async ask([a, b, c = null], name) {
    const { asked } = this; // of this data set
    asked.add(name);
    const answer = await this.live.ask({ do: "probe", panel: "interpolate", options: { a, b, c, steps: 2, parameters: false } }, { quiet: true });
    if (asked !== this.asked) return;
    this.problem = answer.kind === "reply" ? "" : answer.numbers.text;
    if (answer.kind === "reply") this.take(answer.arrays, name);
    asked.delete(name);
    this.onarrive();
  }

  take({ inputs: { data, shape }, truth, index, factors, presets, wanted }, name) {
    const size = data.length / shape[0];
    if (this.kept.size > KEPT_AT_MOST) this.kept.clear();
    index.data.forEach((at, k) => this.kept.set(at, {
      pixels: data.slice(k * size, (k + 1) * size), truth: truth.data[k],
      factors: factors ? [...factors.data.slice(k * factors.shape[1], (k + 1) * factors.shape[1])] : null,
    }));
    if (presets) this.presets = Array.from({ length: presets.shape[0] }, (_, k) => [...presets.data.slice(3 * k, 3 * k + 3)]);
    if (wanted) this.wanted.set(name, wanted.data.slice());
  }
}
