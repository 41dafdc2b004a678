// Small copies of test pictures: fetched once by their place in the test part, kept.

/** The pictures of a reply of the probe, one object each: {index, truth, answer, confidence, pixels, …}. */
export function unpack({ arrays }) {
  const { data, shape: [count, channels, height, width] } = arrays.pictures;
  const size = channels * height * width;
  return Array.from({ length: count }, (_, k) => ({
    index: arrays.index.data[k], truth: arrays.truth.data[k], answer: arrays.answer.data[k],
    confidence: arrays.confidence.data[k], channels, height, width, pixels: data.subarray(k * size, (k + 1) * size),
  }));
}

/** Test pictures kept by their place. They belong to a data set: `clear` when it changes. */
export class Album {
  constructor(live, onarrive) {
    this.live = live;
    this.onarrive = onarrive;
    this.clear();
  }

  clear() {
    this.kept = new Map();
    this.asked = new Set();
  }

  get(index) {
    return this.kept.get(index) ?? null;
  }

  add(pictures) {
    for (const picture of pictures) this.kept.set(picture.index, picture);
  }

  /** Ask for those that are not here; `onarrive` is called when they have come. */
  async need(indices) {
    const missing = [...indices].filter((index) => !this.kept.has(index) && !this.asked.has(index));
    if (!missing.length) return;
    const { asked } = this; // of this data set
    for (const index of missing) asked.add(index);
    const options = { indices: missing, measured_at: this.live.frame?.numbers.measured_at ?? null, parameters: false };
    const answer = await this.live.ask({ do: "probe", panel: "results", options }, { quiet: true });
    for (const index of missing) asked.delete(index);
    if (asked !== this.asked || answer.kind === "note") return;
    this.add(unpack(answer));
    this.onarrive();
  }
}
