// The generator's first layer: what each class adds to each of its units, what the noise adds, and the bias.

/** The first layer of a player that has weights: its row of the plan. */
export const firstOf = (gan, part) => gan.rows[part].find(({ kind }) => ["linear", "conv", "transposed"].includes(kind));

/**
 * {row, units, noise, told, at(unit, input), bias(unit), places}: the weight of each input of the generator's first layer; of maps
 * the mean over their places, which are `places` many.
 */
export function firstLayer({ gan }) {
  const row = firstOf(gan, "generator");
  const { weight, bias } = gan.weightsOf(row);
  const inputs = gan.noise + gan.told;
  const units = row.output_shape[0];
  const places = row.kind === "transposed" ? row.kernel * row.kernel : 1;
  const values = new Float64Array(units * inputs); // (unit, input)
  for (let unit = 0; unit < units; unit += 1) {
    for (let input = 0; input < inputs; input += 1) {
      if (places === 1) values[unit * inputs + input] = weight[unit * inputs + input];
      else for (let k = 0; k < places; k += 1) values[unit * inputs + input] += weight[(input * units + unit) * places + k] / places;
    }
  }
  return { row, units, inputs, noise: gan.noise, told: gan.told, places, values, weight, hasBias: row.bias, at: (unit, input) => values[unit * inputs + input], bias: (unit) => (row.bias ? bias[unit] : 0) };
}

/** What the noise, the class and the bias add to a unit (of maps: to its mean). */
export function partsOf(layer, unit, z, label) {
  let fromNoise = 0;
  for (let i = 0; i < layer.noise; i += 1) fromNoise += layer.at(unit, i) * z[i];
  const [fromClass, bias] = [layer.at(unit, layer.noise + label), layer.bias(unit)];
  return { fromNoise, fromClass, bias, sum: fromNoise + fromClass + bias };
}

/** The share of the variance of the layer's sums, of maps at each place, that is the class's: over noise and classes drawn evenly. */
export function shareOfClass(layer, isUniform) {
  const ofOne = isUniform ? 1 / 3 : 1; // variance of one number of the noise
  let [noise, classes] = [0, 0];
  const sums = layer.units * layer.places;
  const at = layer.places === 1 ? layer.at : (unit, input) => layer.weight[input * sums + unit];
  for (let unit = 0; unit < sums; unit += 1) {
    for (let i = 0; i < layer.noise; i += 1) noise += at(unit, i) ** 2 * ofOne;
    let [sum, squares] = [0, 0];
    for (let k = 0; k < layer.told; k += 1) {
      const value = at(unit, layer.noise + k);
      sum += value;
      squares += value * value;
    }
    classes += squares / layer.told - (sum / layer.told) ** 2;
  }
  return classes / (classes + noise);
}

/** The unit to which a class adds most. */
export function strongest(layer, label) {
  let best = 0;
  for (let unit = 1; unit < layer.units; unit += 1) if (Math.abs(layer.at(unit, layer.noise + label)) > Math.abs(layer.at(best, layer.noise + label))) best = unit;
  return best;
}
