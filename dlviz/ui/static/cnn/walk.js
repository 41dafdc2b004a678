// Walking through the test pictures: the next, the one before, any, or only those the network takes for something else.

import { count, h, icon, setText } from "../lib/dom.js";

const MOST = 1000; // pictures that the field `picture` can name

/** {element, show(own)}. `leave()` is called before another picture is asked for. */
export function buildWalk(stage, { leave }) {
  const name = h("p.walk-name.small");
  const step = (way, word, sign) => h("button.square", { type: "button", title: word, "aria-label": word, onclick: () => go(way) }, icon(sign, 17));
  const mistakes = h("button.chip", { type: "button", "aria-pressed": "false", onclick: () => {
    mistakes.setAttribute("aria-pressed", String(!only()));
    if (only() && !wrong().includes(stage.setting("picture"))) go(1);
  } }, "Only mistakes");
  const element = h("div.walk", name, h("div.row.walk-row",
    step(-1, "The test picture before", "left"), h("button.chip", { type: "button", title: "Any test picture", onclick: () => go(0) }, "Any"), step(1, "The next test picture", "right")), mistakes);

  const only = () => mistakes.getAttribute("aria-pressed") === "true";
  const wrong = () => [...(stage.frame?.arrays.worst?.data ?? [])];
  const total = () => Math.min(MOST, stage.scene?.numbers.split.test ?? 1);

  function go(way) {
    const list = only() && wrong().length ? wrong() : Array.from({ length: total() }, (_, i) => i);
    const here = list.indexOf(stage.setting("picture") % total());
    let next = here < 0 ? 0 : (here + way + list.length) % list.length;
    if (way === 0) next = Math.floor(Math.random() * list.length);
    leave();
    stage.live.set({ picture: list[next], own_pixels: "" });
  }

  return {
    element,
    show(own) {
      const { label, classes } = stage.scene.numbers;
      const at = stage.setting("picture") % total();
      setText(name, own || label === null ? "Your picture" : `Test picture ${count(at + 1)} of ${count(total())}: ${classes[label]}`);
      const none = wrong().length === 0;
      mistakes.disabled = none;
      mistakes.title = none ? "The network makes no mistake on the test pictures" : `The ${wrong().length} test pictures that it is surest of and wrong about`;
      if (none) mistakes.setAttribute("aria-pressed", "false");
    },
  };
}
