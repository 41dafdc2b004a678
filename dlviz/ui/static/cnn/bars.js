// The answer: a bar for every class, the true one marked, and whether the network is right.

import { h, icon, percent, replace, setText } from "../lib/dom.js";
import { CLASS } from "./stage.js";

export function softmax(logits) {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (z) => Math.exp(z - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

export function buildBars(area, stage) {
  const { live, ctx } = stage;
  const verdict = h("p.verdict", { role: "status" });
  const list = h("div.classes");
  area.append(h("figure.layer.answer", h("figcaption", h("span.name", "Answer"), h("span.label", "Softmax of the logits")), verdict, list));
  let bars = [];
  let built = "";
  let probabilities = [];

  function build() {
    const { classes } = stage.scene.numbers;
    const key = classes.join();
    if (key === built) return;
    built = key;
    bars = classes.map((name, k) => {
      const fill = h("i.fill");
      const share = h("span.share.value");
      const mark = h("span.mark");
      const button = h("button.class", { type: "button", title: `Ask about ${name}`, onclick: () => live.shared.set(CLASS, live.shared.get(CLASS) === k ? null : k) },
        h("span.class-name", name), mark, h("span.track", fill), share);
      return { button, fill, share, mark };
    });
    replace(list, bars.map(({ button }) => button));
    list.classList.toggle("wordy", classes.some((name) => name.length > 3));
  }

  stage.on("scene", build);
  return {
    probabilities: () => probabilities,
    verdict: () => verdict.textContent,
    draw(frame) {
      if (!frame || frame.arrays.logits.data.length !== bars.length) return;
      const { label, classes } = stage.scene.numbers;
      probabilities = softmax(frame.arrays.logits.data);
      const answer = probabilities.indexOf(Math.max(...probabilities));
      const asked = live.shared.get(CLASS) ?? null;
      bars.forEach(({ button, fill, share, mark }, k) => {
        fill.style.transform = `scaleX(${probabilities[k]})`;
        setText(share, percent(probabilities[k]));
        button.classList.toggle("answered", k === answer);
        button.classList.toggle("wrong", k === answer && label !== null && k !== label);
        button.setAttribute("aria-pressed", k === asked);
        const sign = k === label ? "true" : "";
        if (mark.dataset.sign === sign) return;
        mark.dataset.sign = sign;
        replace(mark, sign ? icon("check", 14) : null);
        mark.title = sign ? "The true class" : "";
      });
      const sure = `${classes[answer]}, ${percent(probabilities[answer]).replace(" ", "\u00a0")}`; // the sign stays on its line
      setText(verdict, label === null ? `It says ${sure}` : answer === label ? `Right: ${sure}` : `Wrong: ${sure}; it is ${classes[label]}`);
      verdict.classList.toggle("warn", label !== null && answer !== label);
    },
  };
}
