// What must change together: a data set with networks that can learn it, so that a choice is never refused by surprise.

const POINTS = ["ring8", "grid25", "circle", "line", "spiral", "disjoint", "own"];
const WITH_CLASSES = ["ring8", "grid25", "disjoint", "mnist", "digits", "sprites"];
const FIVE_POINTS = "Agn3LLExW0eYggExrKn3"; // a W, for who has drawn none yet (dlviz/data/placing.py)

const FOR_POINTS = { network: "dense", batch_norm: "none", noise_dimensions: 2, batch_size: 128, learning_rate: 0.001 };
const DCGAN = { network: "dcgan", channels: [64, 32], batch_norm: "both", noise_dimensions: 32, batch_size: 64, learning_rate: 0.0005 };
const DENSE = { network: "dense", batch_norm: "generator", noise_dimensions: 16, batch_size: 64, learning_rate: 0.001 };
const FOR_PICTURES = { mnist: DCGAN, digits: DENSE, sprites: DCGAN };

export const isPlanar = (dataset) => POINTS.includes(dataset);
export const hasClasses = (dataset) => WITH_CLASSES.includes(dataset);

/** All changes that belong to choosing `value` for the field `name`; `get(name)` is the value of a field now. */
export function companions(get, name, value) {
  if (name === "dataset") return { ...forExamples(get, value), dataset: value };
  if (name !== "network" || value === get("network")) return { [name]: value };
  if (!isPlanar(get("dataset"))) return { ...(value === "dcgan" ? DCGAN : DENSE) };
  return value === "dcgan" ? { dataset: "mnist", ...DCGAN } : { network: value };
}

function forExamples(get, dataset) {
  const isOther = isPlanar(dataset) !== isPlanar(get("dataset"));
  return {
    ...(isOther ? FOR_PICTURES[dataset] ?? FOR_POINTS : {}),
    ...(get("conditional") && !hasClasses(dataset) ? { conditional: false } : {}),
    ...(dataset === "own" && !get("own_points") ? { own_points: FIVE_POINTS } : {}),
  };
}
