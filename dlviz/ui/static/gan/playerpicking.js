// Which fake is opened, and whether D is shown it or a real example: stepped, typed, or told by other parts of the stage.

import { count, h, icon, parseNumber, setText } from "../lib/dom.js";

/** `redraw()` is called for every change. Other parts are told by `stage.emit("chosen", index)`, and tell it the same way. */
export function buildPicking(stage, redraw) {
  const state = { index: 0, real: 0, isReal: false };
  let most = 1;
  const step = (name, by, words) => h("button.square", { type: "button", "aria-label": words, title: words, onclick: () => choose((state.index + by + most) % most) }, icon(name));
  const typed = h("input.value", { type: "text", inputmode: "numeric", size: 4, "aria-label": "Number of the fake", autocomplete: "off" });
  const of = h("span.small.muted.value");
  const problem = h("p.problem.small", { role: "alert" });
  const words = h("span.small.muted.value.gp-chosen", { role: "status" });
  const chip = (isReal, name) => h("button.chip", { type: "button", onclick: () => { Object.assign(state, { isReal }); redraw(); } }, name);
  const [fakeChip, realChip] = [chip(false, "The fake"), chip(true, "A real example")];
  const another = h("button.chip", { type: "button", onclick: () => { state.real += 1; redraw(); } }, "Another real one");
  const element = h("div.gp-picking",
    h("div.row.gp-pick", h("span.small", "Fake"), step("left", -1, "The fake before"), typed, step("right", 1, "The next fake"), of),
    h("div.row.gp-pick", { role: "group", "aria-label": "What D is shown" }, h("span.small", "D is shown"), fakeChip, realChip, another), words, problem);

  function choose(index) {
    setText(problem, "");
    typed.removeAttribute("aria-invalid");
    state.index = index;
    typed.value = String(index + 1);
    stage.emit("chosen", index);
    stage.live.shared.set("happened.fake_chosen", true);
    redraw();
  }
  typed.addEventListener("change", () => {
    const given = parseNumber(typed.value);
    if (Number.isInteger(given) && given >= 1 && given <= most) {
      choose(given - 1);
      return;
    }
    typed.setAttribute("aria-invalid", "true");
    setText(problem, `Give a whole number from 1 to ${count(most)}: so many fakes are shown.`);
  });
  stage.on("chosen", (index) => {
    if (!Number.isInteger(index) || index < 0 || index === state.index) return;
    Object.assign(state, { index, isReal: false });
    setText(problem, "");
    typed.removeAttribute("aria-invalid");
    redraw();
  });

  // A real example as the networks see it, and its class.
  function realOf({ numbers, arrays }) {
    const size = numbers.shape.reduce((all, n) => all * n, 1);
    const { data } = arrays.real;
    const k = state.real % (data.length / size);
    const values = data.subarray(k * size, (k + 1) * size);
    return { index: k, label: arrays.real_labels.data[k], example: Float32Array.from(values, numbers.planar ? undefined : (byte) => (byte / 255) * 2 - 1) };
  }

  return {
    element,
    key: () => [state.index, state.isReal, state.real],
    /** {index, isReal, real}; the index is bounded by what is there. */
    of(scene) {
      most = scene.arrays.shown_labels.data.length;
      if (state.index >= most) state.index = 0;
      return { index: state.index, isReal: state.isReal, real: state.isReal ? realOf(scene) : null };
    },
    show({ index, isReal, label, fakeLabel, numbers, step: at }) {
      setText(of, `of ${count(most)}`);
      if (typed.getRootNode().activeElement !== typed && !typed.hasAttribute("aria-invalid")) typed.value = String(index + 1);
      fakeChip.setAttribute("aria-pressed", String(!isReal));
      realChip.setAttribute("aria-pressed", String(isReal));
      another.classList.toggle("hidden", !isReal);
      const asked = numbers.told ? ` G was told class ${numbers.classes[fakeLabel]}${isReal ? `, D ${numbers.classes[label]}` : ", and D is told the same"}.` : "";
      setText(words, `The networks of step ${count(at)}.${asked}`);
    },
    problem: () => problem.textContent,
    words: () => words.textContent,
  };
}
