// Which graph of a set is on screen: one after the other, by number, by its class, or those that are answered wrong.

import { count, h, icon, replace, setText } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";
import { graphCount, shownPlace } from "../lib/graphs.js";

/** `{element, show(scene, frame), read()}`. */
export function buildChooser(stage, change) {
  const settings = settingsOf(stage);
  const field = h("input.value", { type: "number", min: 1, step: 1, "aria-label": "Number of the graph", onchange: () => go(Number(field.value) - 1) });
  const total = h("span.muted.value");
  const filter = h("select", { "aria-label": "Which graphs to go through", onchange: () => step(1, true) });
  const found = h("span.small.muted.value");
  const own = h("span.small.muted.hidden", "Your edited graph is shown; the set itself stays as it is.");
  const element = h("div.row.ge-chooser.hidden",
    h("button.square.plain", { type: "button", "aria-label": "The graph before", onclick: () => step(-1) }, icon("left", 18)),
    h("span.row.ge-number", h("span.label", "Graph"), field, total),
    h("button.square.plain", { type: "button", "aria-label": "The next graph", onclick: () => step(1) }, icon("right", 18)),
    h("span.menu", filter), found, own);
  let built = "";

  const inSet = (scene) => graphCount(scene) - (scene.numbers.own ? 1 : 0);

  // The graphs that the filter lets through, by what was measured last.
  function places() {
    const { scene, frame } = stage;
    const all = Array.from({ length: inSet(scene) }, (_, g) => g);
    const { graph_label: labels, graph_target: targets, split } = scene.arrays;
    if (filter.value === "all" || !filter.value) return all;
    if (filter.value.startsWith("class")) return all.filter((g) => labels.data[g] === Number(filter.value.slice(5)));
    const answers = frame?.arrays.answers;
    if (!answers || answers.shape[0] < all.length) return [];
    const { classes, mean, spread } = scene.numbers;
    return all.filter((g) => {
      if (filter.value === "heldwrong" && split.data[g] !== 1) return false;
      if (!classes.length) return Math.abs(answers.data[g] * spread + mean - targets.data[g]) > 0.5;
      const row = answers.data.slice(g * classes.length, (g + 1) * classes.length);
      return row.indexOf(Math.max(...row)) !== labels.data[g];
    });
  }

  function go(place) {
    if (!Number.isInteger(place) || !stage.scene) return;
    const shown = Math.max(0, Math.min(inSet(stage.scene) - 1, place));
    field.value = String(shown + 1);
    change({ shown, graph: "" });
  }

  function step(way, isHere = false) {
    const now = settings.value("shown");
    const fit = places();
    if (!fit.length || (isHere && fit.includes(now))) return;
    const next = way > 0 ? fit.find((g) => g > now) ?? fit[0] : fit.findLast((g) => g < now) ?? fit.at(-1);
    go(next);
  }

  function show(scene, isTyping) {
    const { spec, classes } = scene.numbers;
    const isSet = spec.task === "graph" || spec.task === "regression";
    element.classList.toggle("hidden", !isSet);
    if (!isSet) return;
    const key = JSON.stringify([spec.dataset, classes]);
    if (built !== key) {
      built = key;
      replace(filter, h("option", { value: "all" }, "All graphs"), classes.map((name, k) => h("option", { value: `class${k}` }, name)),
        h("option", { value: "wrong" }, classes.length ? "Answered wrong" : "Off by more than ½"), h("option", { value: "heldwrong" }, classes.length ? "Kept back, answered wrong" : "Kept back, off by more than ½"));
      filter.value = "all";
    }
    if (!isTyping) field.value = String(Math.min(settings.value("shown"), inSet(scene) - 1) + 1);
    field.max = String(inSet(scene));
    setText(total, `of ${count(inSet(scene))}`);
    own.classList.toggle("hidden", !scene.numbers.own);
    setText(found, filter.value === "all" ? "" : `${count(places().length)} such graphs`);
  }

  return {
    element,
    show: (scene) => show(scene, field.matches(":focus")),
    read: () => (stage.scene && !element.classList.contains("hidden") ? { shown: shownPlace(stage.scene), count: inSet(stage.scene), filter: filter.value, fits: places() } : null),
  };
}
