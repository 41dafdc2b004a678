// Counts over many fakes, asked of the server calmly: at once when a person moves in time, now and then while it trains.

const PACE = 700; // ms between two answers while training
const REST = 8; // times as long as an answer took, the cores are left to the training
const FAKES = 400;
const CONVOLUTIONAL = 80; // fakes of large networks

/** `{nudge(), found}`; `onfound()` when there are new counts. `found`: {step, version, noises, told, confusion, obedience, d, …}. */
export function buildCounting({ live, ctx, onfound }) {
  let [found, asking, next, timer] = [null, false, 0, 0];
  ctx.signal.addEventListener("abort", () => clearTimeout(timer));

  const isOf = (frame) => found !== null && found.version === frame.version && found.step === frame.step;

  async function nudge() {
    const { frame, scene } = live;
    if (!frame || !scene?.numbers.told || frame.version !== scene.version || asking || !ctx.visible || isOf(frame)) return;
    const wait = next - performance.now();
    if (wait > 0 && (live.state?.playing || found === null)) {
      clearTimeout(timer);
      timer = setTimeout(nudge, wait);
      return;
    }
    asking = true;
    const began = performance.now();
    const { told, spec } = scene.numbers;
    const noises = Math.min(50, Math.max(4, Math.round((spec.network === "dcgan" ? CONVOLUTIONAL : FAKES) / told)));
    const answer = await live.ask({ do: "probe", panel: "conditional", options: { noises, examples: false, parameters: false } }, { quiet: true, signal: ctx.signal });
    asking = false;
    if (ctx.signal.aborted) return;
    next = performance.now() + Math.max(PACE, REST * (performance.now() - began));
    if (answer.kind !== "reply" || !answer.arrays.d) return; // the run was changed meanwhile: the next frame asks again
    found = take(answer, noises);
    onfound();
    nudge();
  }

  return { nudge, get found() { return found; } };
}

/** The arrays of a reply, and what follows from them: D's mean output by class asked and class told, and how often it minds. */
function take({ arrays, step, version }, noises) {
  const { data: d, shape: [count, told] } = arrays.d;
  const [asked, reals] = [arrays.asked.data, arrays.real_label.data];
  return {
    step, version, noises, told, count, asked, read: arrays.read?.data ?? null,
    confusion: arrays.confusion?.data ?? null, obedience: arrays.obedience?.data[0] ?? null,
    means: meansOf(d, asked, told), onTop: onTop(d, asked, told), realOnTop: onTop(arrays.d_real.data, reals, told), reals: reals.length,
  };
}

/** Mean of the rows (n, told) of each class, (told, told) row by row; NaN where there is none of a class. */
function meansOf(rows, labels, told) {
  const [sums, counts] = [new Float64Array(told * told), new Float64Array(told)];
  labels.forEach((label, i) => {
    counts[label] += 1;
    for (let k = 0; k < told; k += 1) sums[label * told + k] += rows[i * told + k];
  });
  return sums.map((sum, at) => sum / counts[Math.floor(at / told)]);
}

/** The share of rows that are largest at their own label. */
function onTop(rows, labels, told) {
  let hits = 0;
  labels.forEach((label, i) => {
    const row = rows.subarray(i * told, (i + 1) * told);
    if (row.every((value, k) => k === label || value < row[label])) hits += 1;
  });
  return hits / labels.length;
}
