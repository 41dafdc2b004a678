// The stage of the Attention lab: the sequence on the screen and what the network says of it.

import { h } from "../lib/dom.js";
import { momentsOf } from "../lib/moments.js";
import { mount } from "../lib/mount.js";
import { likeliest, rowOf } from "../lib/transformer.js";
import { Tokens } from "../lib/tokens.js";

export const styles = ["lib/tokens.css"];

export default mount((root, live, ctx) => {
  const tokens = new Tokens({ label: "The sequence", colors: () => ctx.colors });
  root.append(h("div.attention", tokens.element));
  let now = null;
  momentsOf(live).watch(ctx, (moment) => { now = moment; ctx.redraw(); });
  return {
    draw() {
      if (!now) return;
      const { vocabulary, classes, words } = now.scene.numbers;
      const below = now.read ? null : now.ids.map((_, i) => classes[likeliest(rowOf(now.pass, i))]);
      tokens.set({ tokens: now.ids.map((id) => vocabulary[id]), below, words });
      ctx.host.dlviz = { stage: "attention", step: () => now.step };
    },
  };
});
