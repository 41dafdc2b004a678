// Every class left out in turn: a job that trains a small network for each, and the classes ranked by how well they are found.

import { h, number, replace, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { knob } from "../lib/knob.js";
import { SCORES } from "./words.js";

const STEPS = { name: "steps", kind: "range", label: "Training of each", unit: "steps", low: 20, high: 2000, whole: true, log: true, default: 300, help: "Each network begins from nothing, with the settings of this page and one class left out." };

export function buildEvery({ live, ctx }) {
  const wanted = { steps: STEPS.default };
  let found = null; // {classes, names, auc, error, steps, of}
  let asked = null;
  const steps = knob(STEPS, { onchange: (value) => { wanted.steps = value; } });
  const job = buildJob({
    live, ctx, label: "Try every class", again: "Try again",
    command: () => ({ do: "probe", panel: "anomalies", options: { every: asked.steps } }),
    onbegin() {
      asked = { steps: wanted.steps, classes: live.scene.numbers.classes, of: key() };
    },
    took({ arrays, numbers }) {
      if (!arrays.class_auc) return;
      const [count, width] = arrays.class_auc.shape;
      const rows = (array, across) => Array.from({ length: count }, (_, i) => [...array.data.subarray(i * across, (i + 1) * across)]);
      found = { ...asked, names: numbers.texts["state/scores"], auc: rows(arrays.class_auc, width), error: rows(arrays.class_error, 2) };
      if (!numbers.progress) live.shared.set("happened.every-class", true);
      ctx.redraw();
    },
  });
  const words = h("p.value", { "aria-live": "polite" });
  const table = h("table.anomalies-ranking.value");
  const frame = h("div.anomalies-frame.hidden", table);
  const element = h("section.anomalies-part", { "aria-label": "Every class in turn" }, h("h3", "Which class is hardest to find?"),
    h("p.small.muted", "One network for each class, which never saw it: test pictures of the class against those of all others. The run of this page stays as it is."),
    h("div.row.anomalies-knobs", steps.element, job.element), words, frame);
  const key = () => {
    const { spec } = live.scene.numbers;
    return [spec.dataset, spec.kind].join();
  };

  function show(score) {
    const { classes } = live.scene.numbers;
    element.classList.toggle("hidden", classes.length < 2);
    const isHere = found && found.of === key();
    frame.classList.toggle("hidden", !isHere);
    words.classList.toggle("hidden", !isHere);
    if (!isHere) return;
    const at = Math.max(0, found.names.indexOf(score));
    const done = found.classes.map((name, i) => ({ name, i, auc: found.auc[i], error: found.error[i] })).filter(({ auc }) => Number.isFinite(auc[0]));
    done.sort((a, b) => a.auc[at] - b.auc[at]);
    const drawn = JSON.stringify([at, done]);
    if (table.dataset.drawn === drawn) return;
    table.dataset.drawn = drawn;
    replace(table,
      h("thead", h("tr", h("th", "Left out"), h("th.wide", `AUC of ${SCORES[found.names[at]].title.toLowerCase().replace("elbo", "ELBO").replace("kl", "KL")}`), found.names.filter((_, k) => k !== at).map((name) => h("th", SCORES[name].title)), h("th", "Its squared error"), h("th", "That of the others"))),
      h("tbody", done.map(({ name, auc, error }) => h("tr", { "data-class": name }, h("th", name),
        h("td.wide", h("span.anomalies-bar", h("i", { style: { width: `${100 * auc[at]}%` } }), h("em")), h("b", number(auc[at]))),
        auc.filter((_, k) => k !== at).map((value) => h("td", number(value))), h("td", number(error[0])), h("td", number(error[1]))))));
    const [hard, easy] = [done[0], done.at(-1)];
    const reached = hard.auc[at] < 0.5 ? `, worse than guessing: its squared error is ${number(hard.error[0])} beside ${number(hard.error[1])} for what was trained on, so the network copies it without ever having seen one` : "";
    setText(words, done.length < 2 ? `${done.length} of ${found.classes.length} classes tried.` : `Hardest to find is ${hard.name}, AUC ${number(hard.auc[at])}${reached}. Easiest is ${easy.name}, AUC ${number(easy.auc[at])}.`);
  }

  return { element, show, read: () => found && { ...found, shown: [...table.querySelectorAll("tbody tr")].map((row) => row.dataset.class) } };
}
