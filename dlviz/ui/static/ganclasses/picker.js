// The class that is asked for: one large button each, keys 0 to 9, arrow keys.

import { h, replace } from "../lib/dom.js";
import { shortcuts } from "../lib/keys.js";

/** `{element, show({classes, chosen})}`; `onpick(at)`; `isHeard()`: whether a digit typed anywhere on the page is meant for it. */
export function buildPicker({ ctx, onpick, isHeard }) {
  const buttons = h("div.gc-classes", { role: "radiogroup", "aria-label": "Class asked for", onkeydown: arrows });
  const noun = h("span.gc-make", "Make a");
  const element = h("div.gc-picker", noun, buttons);
  let [all, key] = [[], ""];
  const actions = {};
  for (let k = 0; k < 10; k += 1) Object.defineProperty(actions, String(k), { get: () => (isHeard() && k < all.length ? () => onpick(k) : undefined) });
  shortcuts(actions, ctx.signal);

  function arrows(event) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const at = all.findIndex((button) => button.tabIndex === 0);
    const next = (at + way + all.length) % all.length;
    onpick(next);
    all[next].focus();
  }

  return {
    element,
    show({ classes, chosen, planar }) {
      if (key !== classes.join()) {
        key = classes.join();
        all = classes.map((name, at) => h("button.gc-class.value", { type: "button", role: "radio", "aria-label": `Make a ${name}`, onclick: () => onpick(at) }, name));
        replace(buttons, all);
        buttons.style.setProperty("--columns", classes.length > 13 ? 13 : classes.length);
        buttons.classList.toggle("wordy", classes.some((name) => name.length > 2));
      }
      noun.textContent = planar ? "Make a point of mode" : "Make a";
      all.forEach((button, at) => {
        button.setAttribute("aria-checked", at === chosen);
        button.tabIndex = at === chosen ? 0 : -1;
      });
    },
  };
}
