// "Copy link": the address of this setup at this very step.

import { addressWith, copyText } from "../lib/address.js";
import { h, icon, replace } from "../lib/dom.js";

const THANKS = 1600; // ms

export function copyButton(live, ctx) {
  if (!ctx.data.slug) return null;
  const face = [icon("link"), h("span.words", "Copy link")];
  const button = h("button.plain.copy", { title: "Copy a link to this setup, at this step", onclick: copy }, face);

  async function copy() {
    if (!live.scene) return;
    const step = live.frame?.step ?? 0;
    const address = addressWith(ctx.data.slug, live.scene, step ? { [`${ctx.data.slug}.step`]: step } : {});
    const copied = await copyText(address);
    replace(button, icon(copied ? "check" : "cross"), h("span.words", { role: "status" }, copied ? "Copied" : "Not allowed here"));
    setTimeout(() => replace(button, face), THANKS);
  }

  return button;
}
