// The next step as the probe `turn` gave it: its moves in their order, each with what it saw, made, learned and changed.

/**
 * {step, version, scene, spec, size, shape, told, critic, planar, discriminator: [move], generator: move | null, after}.
 *
 * A move has `batch` (how many examples) and `shown` (of how many the examples themselves are here). `of(list, i)`: the numbers
 * of example i of a list of examples.
 */
export function readTurn(reply, scene) {
  const { arrays } = reply;
  const { spec, shape, told, planar, critic, rows } = scene.numbers;
  const size = shape.reduce((product, n) => product * n, 1);
  const layers = (part) => rows.filter((row) => row.part === part && row.parameters).map(({ name, label }) => ({ name: name.split(".")[1], label }));
  const turn = {
    step: reply.step, version: reply.version, scene, spec, size, shape, told, planar, critic, noise: spec.noise_dimensions,
    layers: { discriminator: layers("discriminator"), generator: layers("generator") },
    of: (list, i) => list.subarray(i * size, (i + 1) * size),
    codeOf: (move, i) => move.z.subarray(i * spec.noise_dimensions, (i + 1) * spec.noise_dimensions),
    after: arrays.after.data, discriminator: [], generator: null,
  };
  const moves = arrays.d_loss?.data.length ?? 0;
  for (let j = 0; j < moves; j += 1) turn.discriminator.push(discriminatorMove(arrays, j, moves, spec.noise_dimensions, size));
  if (arrays.g_loss) turn.generator = generatorMove(arrays, size);
  return turn;
}

// Part j of an array whose first axis is the step; of a smaller batch only as many as there are.
function discriminatorMove(arrays, j, moves, noise, size) {
  const one = (name) => arrays[name]?.data[j] ?? null;
  const part = (name, most = Infinity) => {
    if (!arrays[name]) return null;
    const { data } = arrays[name];
    const long = data.length / moves;
    return data.subarray(j * long, j * long + Math.min(long, most));
  };
  const batch = one("d_batch");
  const shown = Math.min(batch, arrays.real.shape[1]);
  return {
    kind: "d", number: j, moves, batch, shown,
    z: part("d_z", shown * noise), labels: part("d_labels", batch),
    real: part("real", shown * size), fakes: part("d_fakes", shown * size),
    realSeen: part("real_seen", shown * size), fakesSeen: part("d_fakes_seen", shown * size),
    realLogits: part("d_real_logits", batch), fakeLogits: part("d_fake_logits", batch),
    realAfter: part("d_real_after", batch), fakeAfter: part("d_fake_after", batch),
    between: part("between", shown * size), slopes: part("slopes", batch),
    loss: one("d_loss"), penalty: one("d_penalty"), norm: one("d_gradient_norm"), change: one("d_change"), largest: one("d_largest"), clipped: one("d_clipped"),
    layerGradients: part("d_layer_gradients"), layerChanges: part("d_layer_changes"), mapBefore: part("d_map_before"), mapAfter: part("d_map_after"),
  };
}

function generatorMove(arrays, size) {
  const all = (name) => arrays[name]?.data ?? null;
  const one = (name) => all(name)?.[0] ?? null;
  const [fakes, gradient, moved, batch] = [all("g_fakes"), all("g_gradient"), all("g_moved"), all("g_logits").length];
  const shown = fakes.length / size;
  // The loss is a mean over the batch; `batch` times its gradient is that of a fake's own loss.
  const own = gradient.map((value) => value * batch);
  const cosines = Float32Array.from({ length: shown }, (_, i) => cosineOf(fakes, moved, gradient, i, size));
  return {
    kind: "g", batch, shown, fakes, gradient: own, moved, cosines,
    z: all("g_z"), labels: all("g_labels"), seen: all("g_seen"), logits: all("g_logits"), logitsAfter: all("g_logits_after"),
    loss: one("g_loss"), norm: one("g_gradient_norm"), change: one("g_change"), largest: one("g_largest"),
    layerGradients: all("g_layer_gradients"), layerChanges: all("g_layer_changes"), map: all("g_map"),
    bug: arrays.bug_change ? {
      norm: one("bug_gradient_norm"), change: one("bug_change"), largest: one("bug_largest"), logits: all("bug_logits"), map: all("bug_map"),
      layerGradients: all("bug_layer_gradients"), layerChanges: all("bug_layer_changes"),
    } : null,
  };
}

// Between where a fake went and where its own loss falls fastest, −gradient; not a number where either is nothing.
function cosineOf(fakes, moved, gradient, i, size) {
  let [product, went, wished] = [0, 0, 0];
  for (let k = i * size; k < (i + 1) * size; k += 1) {
    const [step, wish] = [moved[k] - fakes[k], -gradient[k]];
    product += step * wish;
    went += step * step;
    wished += wish * wish;
  }
  return product / Math.sqrt(went * wished);
}

/** Length of example i of a list of examples. */
export function lengthOf(list, i, size) {
  let sum = 0;
  for (let k = i * size; k < (i + 1) * size; k += 1) sum += list[k] ** 2;
  return Math.sqrt(sum);
}

/** The mean of what is a number. */
export function meanOf(values) {
  let [sum, count] = [0, 0];
  for (const value of values) if (!Number.isNaN(value)) { sum += value; count += 1; }
  return count ? sum / count : NaN;
}
