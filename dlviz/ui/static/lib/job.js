// A button for work that takes a while on the server: it starts, shows how far it is, and can be cancelled.

import { count, h, setText } from "./dom.js";

/**
 * `{element, running, start(), stop()}`. `command()` gives the command to ask; `took(answer)` hears what is found on the way and
 * at the end (`answer.numbers.progress` only on the way). What the server refuses stands beside the button.
 */
export function buildJob({ live, ctx, label, again = label, command, took, onbegin }) {
  const button = h("button", { type: "button", onclick: () => (running ? running.abort() : start()) }, label);
  const done = h("div.done");
  const track = h("div.track", { role: "progressbar", "aria-label": label, "aria-valuemin": 0 }, done);
  const words = h("span.small.muted.value", { "aria-live": "polite" });
  const problem = h("p.problem.small", { role: "alert" });
  const element = h("div.job", button, h("div.way", track, words), problem);
  button.disabled = true; // until there is a run to ask
  live.on("scene", () => { button.disabled = false; }, ctx.signal);
  let running = null; // AbortController
  let asked = false;
  ctx.signal.addEventListener("abort", () => running?.abort());

  function show(progress) {
    element.classList.toggle("running", Boolean(running));
    element.setAttribute("aria-busy", Boolean(running));
    setText(button, running ? "Cancel" : asked ? again : label);
    if (!progress) return;
    const share = Math.min(1, progress.done / Math.max(1, progress.total));
    done.style.width = `${share * 100}%`;
    track.setAttribute("aria-valuemax", progress.total);
    track.setAttribute("aria-valuenow", progress.done);
    setText(words, `${count(progress.done)} of ${count(progress.total)}${progress.text ? ` · ${progress.text}` : ""}`);
  }

  async function start() {
    running = new AbortController();
    asked = true;
    setText(problem, "");
    show({ done: 0, total: 1, text: "starting" });
    onbegin?.();
    const { signal } = running;
    const answer = await live.ask(command(), {
      quiet: true, signal,
      progress(message) {
        show(message.numbers.progress);
        took(message);
      },
    });
    running = null;
    show();
    if (ctx.signal.aborted) return;
    if (answer.kind === "reply") took(answer);
    else if (!signal.aborted) setText(problem, answer.numbers.text);
    else setText(words, "cancelled");
    element.classList.toggle("stopped", answer.kind !== "reply");
  }

  show();
  return { element, start, stop: () => running?.abort(), get running() { return Boolean(running); } };
}
