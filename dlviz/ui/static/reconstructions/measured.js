// The errors of all test pictures at the moment on screen, asked for calmly while training goes on.

const PACE = 2500; // ms between two answers while training: each encodes and decodes 2,000 pictures

/** {value, nudge()}: `value` is what was measured last of this run's settings, or null. `took()` hears of a new one. */
export function measuredOf({ live, ctx, took, refused }) {
  const store = { value: null, asking: false, next: 0, timer: 0, nudge };
  ctx.signal.addEventListener("abort", () => clearTimeout(store.timer));

  function nudge() {
    const { frame, scene } = live;
    if (store.value && scene && store.value.version !== scene.version && store.value.key !== keyOf(scene)) store.value = null;
    if (!frame || !scene || store.asking || !ctx.visible) return;
    if (store.value && store.value.step === frame.step && store.value.key === keyOf(scene)) return;
    const wait = store.next - performance.now();
    if (wait > 0 && live.state?.playing && store.value) {
      clearTimeout(store.timer);
      store.timer = setTimeout(nudge, wait);
      return;
    }
    ask(keyOf(scene));
  }

  async function ask(key) {
    store.asking = true;
    const answer = await live.ask({ do: "probe", panel: "reconstructions", options: { parameters: false } }, { quiet: true, progress: () => {} });
    store.asking = false;
    if (ctx.signal.aborted) return;
    store.next = performance.now() + PACE;
    if (answer.kind !== "reply") {
      refused(answer.numbers.text);
      store.timer = setTimeout(nudge, PACE);
      return;
    }
    if (key === keyOf(live.scene)) {
      store.value = read(answer, live.scene, key);
      refused("");
      took();
    }
    nudge();
  }
  return store;
}

/** What the pictures and the network are, whatever is looked at. */
const keyOf = ({ numbers: { spec } }) => {
  const { picture: _picture, own_pixels: _own, ...rest } = spec;
  return JSON.stringify(rest);
};

function read({ arrays }, scene, key) {
  const of = (name) => arrays[name].data;
  return {
    key, version: scene.version, step: of("steps")[0],
    test: { errors: of("squared_error"), losses: of("loss"), labels: of("label") },
    train: { errors: of("train_squared_error"), losses: of("train_loss"), labels: of("train_label") },
    mean: { errors: of("mean_squared_error"), losses: of("mean_loss"), picture: of("mean_picture") },
  };
}

export const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The standard deviation, of the values themselves. */
export const spreadOf = (values, mean = meanOf(values)) => Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);

/** The share of values that are smaller. */
export const shareBelow = (values, value) => values.reduce((sum, each) => sum + (each < value), 0) / values.length;

/** Of each class that there is: {at, test: {mean, spread, count}, train}. */
export function byClass({ test, train }, classes) {
  const part = ({ errors, labels }, at) => {
    const some = [...errors].filter((_, i) => labels[i] === at);
    const mean = meanOf(some);
    return { count: some.length, mean, spread: spreadOf(some, mean) };
  };
  return classes.map((_, at) => ({ at, test: part(test, at), train: part(train, at) })).filter((each) => each.test.count > 0);
}
