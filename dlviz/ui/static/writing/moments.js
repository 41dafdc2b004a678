// The same text from several moments of the training, with the same luck: how it learned to write.

import { h, replace, setText } from "../lib/dom.js";
import { readNetwork } from "../lib/recurrent.js";
import { written as sign } from "../lib/tokens.js";
import { Writer } from "./writer.js";

const MOMENTS = 8; // that are kept
const LETTERS = 140; // of each sample
const PATIENCE = 5000; // ms to wait for the weights of one moment
const SLICE = 10; // ms of writing an animation frame

/** So many of `steps`, first and last among them. */
export function chosen(steps, most = MOMENTS) {
  if (steps.length <= most) return [...steps];
  return [...new Set(Array.from({ length: most }, (_, k) => steps[Math.round((k * (steps.length - 1)) / (most - 1))]))];
}

/**
 * `settings()` gives {prefix, rules, luck} of the panel, or null; `weights()` the newest answer of the weights. Give every
 * answer to `take(reply, scene)`; call `again()` when a setting has changed.
 */
export function buildMoments(live, ctx, { settings, weights }) {
  const button = h("button.chip", { type: "button", onclick: () => (collecting ? stop() : collect()) });
  const said = h("span.small.muted.value", { role: "status" });
  const list = h("ol.moments");
  const element = h("section.stack", { "aria-label": "How it learned to write" },
    h("h4", "How it learned to write"), h("div.row", button, said), list);
  const kept = new Map(); // step → {network, row, text, writer}
  let version = null;
  let collecting = null; // {resolve, step} of the moment that is waited for
  let stopped = false;
  let due = [];

  function take(reply, scene) {
    if (reply.version !== version) {
      version = reply.version;
      if (!collecting) forget();
    }
    if (!collecting || collecting.step !== reply.step) return;
    kept.set(reply.step, { network: readNetwork(scene, reply), text: "" });
    collecting.resolve(true);
  }

  function forget() {
    kept.clear();
    due = [];
    replace(list);
  }

  // The whole page goes through the moments: the film. It ends where it began.
  async function collect() {
    const back = live.looking;
    const steps = chosen(live.moments);
    stopped = false;
    forget();
    for (const step of steps) {
      if (stopped || ctx.signal.aborted) break;
      const come = new Promise((resolve) => {
        collecting = { step, resolve };
        setTimeout(() => resolve(false), PATIENCE);
      });
      tell(`Going to step ${step} …`);
      live.scrub(step);
      const here = weights();
      if (here?.step === step && here.version === live.scene?.version) take(here, live.scene);
      await come;
      again();
    }
    collecting = null;
    live.scrub(back);
    tell();
  }

  function stop() {
    stopped = true;
    collecting?.resolve(false);
  }

  /** Write all samples anew, a slice at a time. */
  function again() {
    const given = settings();
    if (!given) return;
    due = [...kept].sort(([a], [b]) => a - b).map(([step, each]) => {
      const writer = new Writer();
      writer.rules = given.rules;
      writer.luck = given.luck;
      writer.read(each.network, given.prefix);
      each.row ??= h("li", h("button.moment", { type: "button", title: "Show this moment", onclick: () => live.scrub(step) },
        h("span.label.value", `step ${step.toLocaleString("en")}`), h("span.code.line")));
      return { each, writer };
    });
    replace(list, [...kept].sort(([a], [b]) => a - b).map(([, each]) => each.row));
    ctx.redraw();
  }

  function tell(text = "") {
    setText(said, text);
    const count = chosen(live.moments).length;
    setText(button, collecting ? "Stop" : kept.size ? "Write them again" : `Write the same at ${count} moments of the training`);
    button.disabled = !collecting && count < 2;
    if (!text && count < 2) setText(said, "Train a little: there is one moment only.");
  }

  return {
    element,
    take,
    again,
    tell,
    get samples() {
      return [...kept].sort(([a], [b]) => a - b).map(([step, { text }]) => ({ step, text }));
    },
    draw() {
      if (!collecting) tell();
      const end = performance.now() + SLICE;
      while (due.length && performance.now() < end) {
        const { each, writer } = due[0];
        if (writer.length < LETTERS) {
          writer.write();
          continue;
        }
        const { vocabulary } = writer.network;
        each.text = writer.written.map(({ id }) => vocabulary[id]).join("");
        setText(each.row.querySelector(".line"), [...each.text].map((letter) => (letter === " " ? " " : sign(letter))).join(""));
        due.shift();
      }
      for (const { each } of due) if (!each.text) setText(each.row.querySelector(".line"), "…");
      for (const [step, each] of kept) each.row?.firstChild.setAttribute("aria-current", step === live.frame?.step);
      if (due.length) ctx.redraw();
    },
  };
}
