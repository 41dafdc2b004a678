// Which class is left out of training: chips by class name that set it, begin anew and train.

import { h, number, replace, setText } from "../lib/dom.js";
import { whyLeaveOut } from "./words.js";

const STEPS = 1000; // that a new network is trained for

/** `{element, show()}`; `onleft()` once a class was left out. */
export function buildLeaving({ live, onleft }) {
  const chips = h("div.row.anomalies-classes", { role: "group", "aria-label": "Class left out of training" });
  const why = h("p.small.muted");
  const problem = h("p.problem.small", { role: "alert" });
  const train = h("button.primary", { type: "button", onclick: () => live.play(true, STEPS) }, `Train ${number(STEPS)} steps`);
  const head = h("span.label", "Leave a class out of training");
  const element = h("section.anomalies-leaving", head, h("div.row", chips, train), why, problem);
  let [built, busy] = ["", false];

  async function choose(value) {
    if (busy || live.scene.numbers.spec.leave_out === value) return;
    busy = true;
    setText(problem, "");
    const answer = await live.set({ leave_out: value }, { quiet: true });
    busy = false;
    if (answer?.kind === "note" && answer.numbers.level === "error") {
      setText(problem, answer.numbers.text);
      return;
    }
    if (value !== "none") {
      onleft();
      live.play(true, STEPS);
    }
  }

  return {
    element,
    show() {
      const { classes, spec } = live.scene.numbers;
      const several = classes.length > 1;
      for (const each of [head, chips]) each.classList.toggle("hidden", !several);
      if (built !== classes.join()) {
        built = classes.join();
        replace(chips, ["none", ...classes.keys()].map((value) => h("button.chip", { type: "button", "data-leave": value, onclick: () => choose(String(value)) }, value === "none" ? "none" : classes[value])));
      }
      for (const chip of chips.children) chip.setAttribute("aria-pressed", String(chip.dataset.leave === spec.leave_out));
      train.classList.toggle("hidden", (live.newest?.step ?? 1) > 0 || Boolean(live.state?.playing));
      setText(why, whyLeaveOut(live.scene.numbers));
    },
  };
}
