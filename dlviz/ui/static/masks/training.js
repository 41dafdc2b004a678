// The run built anew with the mask on the grid: as a choice of the spec where it is one, else as a drawn mask.

import { h, setText } from "../lib/dom.js";
import { problemLine, settingsOf } from "../lib/settings.js";
import { writeDrawn } from "../lib/masking.js";
import { templateMask } from "./templates.js";

const LONGEST = 64; // tokens; a mask by rule is written so large where sequences are of many lengths
const WIDEST = 63; // of a window: then all see all
const BY_RULE = ["blocks", "strided", "prefix"]; // templates that go on beyond the tokens on the screen

/** The settings that make a network with this mask. */
export function settingsFor({ template, value, mask, tokens, scene }) {
  if (template === "none" || template === "causal") return { mask: template };
  if (template === "window") return { mask: "window", window: Math.min(value, WIDEST) };
  const { spec, pattern } = scene.numbers;
  const varies = pattern === "decoder" || spec.task === "who";
  const side = BY_RULE.includes(template) ? (varies ? LONGEST : Math.max(tokens, spec.length)) : tokens;
  const cells = side === tokens ? mask : templateMask(template, side, value);
  return { mask: "drawn", drawn: writeDrawn(cells, side) };
}

/** `current()` gives what is on the grid; `done(scene)` is called when a network is built anew; of the one before: its scene. */
export function buildTraining({ live, ctx }, current, done) {
  const settings = settingsOf({ live, ctx });
  const button = h("button.primary", { type: "button", onclick: train }, "Train with this mask");
  const words = h("span.small.muted.value");
  const element = h("div.row.train", button, words, problemLine(settings, "mask"), problemLine(settings, "drawn"));
  let busy = false;

  async function train() {
    if (busy || !current()) return;
    busy = true;
    const { scene } = current();
    const taken = await settings.change(settingsFor(current()));
    busy = false;
    if (ctx.signal.aborted || !taken) return;
    done(scene);
    live.play(true);
  }

  function show({ isOwn, isEncoder }) {
    button.disabled = isOwn;
    setText(words, isOwn ? "This is the mask that it is trained with." : `Begins a new network at step 0 with this mask${isEncoder ? " in its encoder" : ""}, and trains it. The mask is in the link of the page.`);
  }

  return { element, show };
}
