// What must change together, so that a choice is never refused by surprise: a set of graphs with a task that it can answer, a
// single one with features that mean something, heads with widths that they divide.

const SETS = ["mutag", "families"];
const OF_SETS = ["graph", "regression"];
const SET_FOR = { graph: "mutag", regression: "families" };
const MOST = 64; // features of a layer

export const isSet = (dataset) => SETS.includes(dataset);
export const isOfSets = (task) => OF_SETS.includes(task);

/** All changes that belong to choosing `value` for the field `name`; `get(name)` is the value of a field now. */
export function together(get, name, value) {
  if (name === "dataset") return forGraph(get, value);
  if (name === "task") return isOfSets(value) === isSet(get("dataset")) ? { task: value } : { ...forGraph(get, SET_FOR[value] ?? "karate"), task: value };
  if (name === "layer" && value === "gat") return { layer: value, ...changed(get, "heads", headsFor(get("hidden"), get("heads"))) };
  if (name === "heads") return { heads: value, ...changed(get, "hidden", widthsFor(get("hidden"), value)) };
  if (name === "hidden" && get("layer") === "gat") return { hidden: value, ...changed(get, "heads", headsFor(value, get("heads"))) };
  return { [name]: value };
}

const changed = (get, name, value) => (JSON.stringify(get(name)) === JSON.stringify(value) ? {} : { [name]: value });

function forGraph(get, dataset) {
  if (dataset === get("dataset")) return {};
  const changes = { dataset };
  if (get("graph") && dataset !== "own") changes.graph = ""; // what was edited is the graph before
  if (get("shown")) changes.shown = 0;
  if (isSet(dataset)) {
    if (!isOfSets(get("task"))) Object.assign(changes, { task: "graph", features: "own" });
    else if (get("features") === "identity") changes.features = "own";
  } else if (isOfSets(get("task"))) Object.assign(changes, { task: dataset === "own" ? "link" : "node", features: "identity" });
  else if (get("features") === "own" && dataset !== "own") changes.features = "identity";
  return changes;
}

/** The most heads, at most `heads`, that split every width but the last evenly. */
export function headsFor(hidden, heads) {
  for (let few = heads; few > 1; few -= 1) if (hidden.slice(0, -1).every((n) => n % few === 0)) return few;
  return 1;
}

/** The widths nearest to `hidden` that so many heads split evenly; the last layer averages its heads and may have any. */
export function widthsFor(hidden, heads) {
  const most = MOST - (MOST % heads);
  return hidden.map((n, k) => (k === hidden.length - 1 || n % heads === 0 ? n : Math.min(most, Math.max(heads, heads * Math.round(n / heads)))));
}

/** Why `value` cannot be chosen for `name` now, or "". */
export function reasonAgainst(get, name, value) {
  if (name === "dataset" && value === "own" && !get("graph")?.trim()) return "Your own graph comes in by “Paste or open” at the graph below, or by editing the one that is there.";
  if (name === "features" && value === "identity" && isSet(get("dataset"))) return "A one-hot identity means nothing here: node 3 of one graph is not node 3 of another.";
  if (name === "features" && value === "own" && !isSet(get("dataset")) && !get("graph")?.trim()) return "This graph brings no features of its own. Set some at a node of the graph below, or paste a graph that has them.";
  return "";
}
