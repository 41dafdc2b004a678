// The two ends of the way: which pictures they are, chosen from one row of test pictures.

import { h, setText } from "../lib/dom.js";
import { buildPicker } from "../lib/picker.js";
import { paintPixels } from "../lib/pixels.js";

/** Buttons with a picture each, of which one is chosen for: `show(k, {pixels, shape, words, isHeld, label})`. */
export function buildSlots(letters, onhold) {
  const slots = letters.map((letter, k) => {
    const [canvas, words] = [h("canvas.ip-slot-picture", { width: 1, height: 1 }), h("span.small.muted.ip-slot-words")];
    const button = h("button.ip-slot", { type: "button", onclick: () => onhold(k) }, h("b", letter), canvas, words);
    return { button, canvas, words };
  });
  return {
    elements: slots.map(({ button }) => button),
    show(k, { pixels, shape, words, isHeld }) {
      const slot = slots[k];
      if (pixels) paintPixels(slot.canvas, pixels, shape);
      setText(slot.words, words);
      slot.button.setAttribute("aria-pressed", String(isHeld));
      slot.button.setAttribute("aria-label", `${letters[k]}: ${words}. ${isHeld ? "The row below chooses it" : "Choose it by the row below"}`);
    },
  };
}

/** `onhold(k)`, `onpick(index)` for the end that is held, `onact(name)`: swap, another or prior. */
export function buildEnds({ live, ctx, onhold, onpick, onact }) {
  const slots = buildSlots(["A", "B"], onhold);
  const picker = buildPicker({ live, ctx, label: "Test pictures for the end that is held", onpick, page: 10 });
  const prior = h("button", { type: "button", onclick: () => onact("prior") }, "Two draws of the prior");
  const element = h("div.ip-ends",
    h("div.ip-slots", slots.elements),
    picker.element,
    h("div.row", h("button", { type: "button", onclick: () => onact("swap") }, "Swap"), h("button", { type: "button", onclick: () => onact("another") }, "Another pair"), prior));
  return {
    element,
    /** `ends`: two of {index (null: a point), pixels, truth}; `scene`, `held`. */
    show({ ends, held, scene }) {
      const { classes, shape, split, variational } = scene.numbers;
      ends.forEach(({ index, shown, truth }, k) => slots.show(k, {
        pixels: shown, shape, isHeld: k === held,
        words: index === null ? "a point of the plane" : `test picture ${index}${classes.length > 1 ? `: ${classes[truth]}` : ""}`,
      }));
      prior.classList.toggle("hidden", !variational);
      const labels = scene.arrays.labels.data;
      picker.show({ chosen: ends[held].index, classes, labels, count: split.test, key: `${scene.numbers.spec.dataset} ${scene.numbers.spec.leave_out}` });
    },
  };
}
