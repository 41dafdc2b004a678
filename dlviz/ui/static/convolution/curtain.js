// While the panel "Learn the kernel" hides a kernel, the stage must not tell it.

import { h } from "../lib/dom.js";

const REVEALED = "convolution.revealed"; // false while a kernel is to be guessed

export function buildCurtain(middle, stage) {
  const { shared } = stage.live;
  const reveal = h("button.chip", { type: "button", onclick: () => {
    shared.set(REVEALED, true);
    shared.set("happened.guessed", true);
  } }, "Reveal");
  const curtain = h("div.curtain.card.hidden", h("p.small", "This kernel is hidden; the panel Learn the kernel is to find it."), reveal);
  middle.append(curtain);
  stage.live.on("shared", ({ key }) => { if (key === REVEALED) stage.ctx.redraw(); }, stage.ctx.signal);
  return {
    show() {
      const drawn = shared.get(REVEALED) === false && !stage.learned && Boolean(stage.layer.weight);
      middle.classList.toggle("curtained", drawn);
      curtain.classList.toggle("hidden", !drawn);
    },
  };
}
