// Writing one weight of the learner by hand, and watching it return.

import { h, number, parseNumber, setText } from "../lib/dom.js";

export function weightEditor({ live, onclose }) {
  let target = null; // {array, index, words, value}
  const input = h("input.value", { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", size: 7, "aria-label": "New value of the weight" });
  const words = h("span.label");
  const problem = h("span.problem.small", { role: "alert" });
  const element = h("form.edit.row.hidden", { onsubmit: (event) => { event.preventDefault(); send(); } },
    words, input, h("button", { type: "submit" }, "Set"),
    h("button.plain", { type: "button", onclick: close }, "Close"), problem);
  input.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

  async function send() {
    const value = parseNumber(input.value);
    setText(problem, "");
    if (!Number.isFinite(value)) {
      setText(problem, `“${input.value}” is not a number. Give one such as 0.5.`);
      return;
    }
    const { array, index } = target;
    const answer = await live.ask({ do: "edit", array, index, value });
    if (answer?.kind === "note" && answer.numbers.level === "error") setText(problem, answer.numbers.text);
  }

  function close() {
    target = null;
    element.classList.add("hidden");
    onclose();
  }

  return {
    element,
    get target() { return target; },
    open(next) {
      target = next;
      setText(words, next.words);
      setText(problem, "");
      input.value = number(next.value);
      element.classList.remove("hidden");
      input.focus({ preventScroll: true });
      input.select();
    },
    close,
  };
}
