// The answer: the five likeliest of 1,000 classes as bars, and how long the network took.

import { h, number, percent, replace, setText } from "../lib/dom.js";

const TOP = 5;

/** Indices of the five likeliest classes, the first first. */
export function topOf(probabilities) {
  return Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]).slice(0, TOP);
}

/** `choose(class)` when a bar is pressed. */
export function buildAnswer(choose) {
  const verdict = h("p.verdict", { role: "status" });
  const list = h("div.bars");
  const times = h("p.label.value.times");
  const bars = Array.from({ length: TOP }, () => {
    const [name, fill, share] = [h("span.class-name"), h("i.fill"), h("span.share.value")];
    const button = h("button.class", { type: "button", onclick: () => choose(Number(button.dataset.index)) }, name, h("span.track", fill), share);
    return { button, name, fill, share };
  });
  replace(list, bars.map(({ button }) => button));

  return {
    element: h("div.answer", verdict, list, times),
    /** answer: {probabilities, milliseconds, took} or null; chosen: the class that is asked about. */
    show(answer, names, chosen) {
      list.classList.toggle("waiting", !answer);
      if (!answer) {
        setText(verdict, "Reading the network …");
        return;
      }
      const { probabilities, milliseconds, took } = answer;
      const top = topOf(probabilities);
      setText(verdict, `${names[top[0]]}, ${percent(probabilities[top[0]]).replace(" ", "\u00a0")}`);
      bars.forEach(({ button, name, fill, share }, k) => {
        const index = top[k];
        button.dataset.index = index;
        button.title = `Ask what speaks for ${names[index]}`;
        button.setAttribute("aria-pressed", String(index === chosen));
        button.classList.toggle("first", k === 0);
        setText(name, names[index]);
        fill.style.transform = `scaleX(${probabilities[index]})`;
        setText(share, percent(probabilities[index]));
      });
      setText(times, `One pass took ${number(milliseconds)} ms, the answer was here after ${number(Math.round(took))} ms. The other ${number(names.length - TOP)} classes share ${percent(1 - top.reduce((sum, k) => sum + probabilities[k], 0))}.`);
    },
  };
}
