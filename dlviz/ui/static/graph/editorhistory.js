// The graph being edited: what is drawn at once, what is on its way to the run, and the way back through all edits.

import { editableOf, writeGraph } from "../lib/graphcode.js";
import { graphOf } from "../lib/graphs.js";
import { settingsOf } from "../lib/settings.js";
import { LIMITS } from "./editoredits.js";

const FIELDS = ["dataset", "task", "features", "graph", "shown"]; // what an edit may change, so that undoing gives it back
const MOST_KEPT = 200;

const editable = new WeakMap(); // graph of a scene → the same, to be edited

/** The graph of a scene as one that can be edited, made once. */
export function editableNow(scene) {
  const graph = graphOf(scene);
  if (!editable.has(graph)) editable.set(graph, editableOf(graph, scene.numbers.spec.features === "own"));
  return editable.get(graph);
}

/**
 * {graph (being shown), isAhead, problem, commit(graph, more), change(changes), undo(), redo(), canUndo, canRedo, asItWas(), sent}.
 * One message is on its way at a time, and the newest edit wins. What the run refuses is taken back, with its words.
 */
export function buildHistory(stage, changed) {
  const settings = settingsOf(stage);
  let [past, future] = [[], []]; // states: {values, graph}
  let draft = null; // drawn until the scene with it has come
  let waiting = null;
  let underway = false;
  let began = null; // {dataset, graph text} that this data set was first seen with
  const history = {
    problem: "",
    sent: 0,
    get graph() { return draft ?? (stage.scene && editableNow(stage.scene)); },
    get isAhead() { return draft !== null; },
    get canUndo() { return past.length > 0; },
    get canRedo() { return future.length > 0; },
    get isEdited() { return settings.value("graph") !== beginning(); },
    commit, change, undo, redo, asItWas, say,
  };

  const state = () => waiting ?? { values: Object.fromEntries(FIELDS.map((name) => [name, settings.value(name)])), graph: history.graph };
  const beginning = () => (began?.dataset === settings.value("dataset") ? began.graph : "");

  function say(words) {
    if (history.problem === words) return;
    history.problem = words;
    changed();
  }

  /** Take an edited graph; `more`: other settings that change with it. False where it is too long to travel. */
  function commit(graph, more = {}) {
    const text = writeGraph(graph);
    if (text.length > LIMITS.letters) {
      say(`As text this graph would have ${text.length.toLocaleString("en")} letters; at most ${LIMITS.letters.toLocaleString("en")} can be sent. Fewer features or shorter names would help. Nothing was changed.`);
      return false;
    }
    if (more.dataset === "own") began = { dataset: "own", graph: text };
    return go({ values: { ...state().values, ...more, graph: text }, graph });
  }

  /** Other settings of the graph, undone like an edit. */
  function change(changes) {
    return go({ values: { ...state().values, ...changes }, graph: null });
  }

  const before = () => ({ past: [...past], future: [...future] });

  function go(next) {
    const kept = before();
    keep(past, state());
    future = [];
    take(next, kept);
    return true;
  }

  function keep(list, { values, graph }) {
    list.push({ values, graph });
    if (list.length > MOST_KEPT) list.shift();
  }

  function undo() {
    if (!past.length) return;
    const kept = before();
    keep(future, state());
    take(past.pop(), kept);
  }

  function redo() {
    if (!future.length) return;
    const kept = before();
    keep(past, state());
    take(future.pop(), kept);
  }

  function asItWas() {
    if (history.isEdited) go({ values: { ...state().values, graph: beginning() }, graph: null });
  }

  function take(next, kept) {
    waiting = { ...next, before: waiting?.before ?? kept };
    draft = next.graph;
    history.problem = "";
    pump();
    changed();
  }

  async function pump() {
    if (underway || !waiting) return;
    const job = waiting;
    waiting = null;
    underway = true;
    const fresh = Object.entries(job.values).filter(([name, value]) => settings.value(name) !== value);
    history.sent += 1;
    const taken = !fresh.length || await settings.change(Object.fromEntries(fresh));
    underway = false;
    if (stage.ctx.signal.aborted) return;
    if (!taken) refused(job, fresh.map(([name]) => name));
    arrived();
    pump();
    changed();
  }

  // The drawing goes back to what the run has, and so do the lists of edits; a newer edit is tried first.
  function refused(job, names) {
    if (waiting) {
      waiting.before = job.before;
      return;
    }
    history.problem = names.map((name) => settings.problem(name)).find(Boolean) || "This edit was not taken.";
    [past, future] = [job.before.past, job.before.future];
    draft = null;
  }

  function arrived() {
    const spec = stage.scene?.numbers.spec;
    if (!spec) return;
    if (began?.dataset !== spec.dataset) began = { dataset: spec.dataset, graph: spec.dataset === "own" ? spec.graph : "" };
    if (underway || waiting) return;
    if (draft && spec.graph === settings.value("graph")) draft = null;
  }

  stage.on("scene", arrived);
  return history;
}
