// What the server has to say: a line that goes by itself, or a card with a way out when training diverged.

import { h, icon, replace } from "../lib/dom.js";

const READING = 7000; // ms a line stays

export function noticeBoard(live, ctx) {
  const line = h("div.line", { role: "status", "aria-live": "polite" });
  const card = h("div.diverged.hidden", { role: "alert" });
  let going = 0;

  function say(text) {
    clearTimeout(going);
    replace(line, h("span", text), close("Hide this message", () => replace(line)));
    going = setTimeout(() => replace(line), READING);
  }

  function close(label, onclick) {
    return h("button.plain.square.close", { title: label, "aria-label": label, onclick }, icon("cross", 16));
  }

  function warn({ text, offers }) {
    const hide = () => card.classList.add("hidden");
    const take = async (offer) => {
      hide();
      for (const command of offer.commands) await live.ask(command);
    };
    replace(card, icon("warning", 22), h("p", text),
      h("div.row", (offers ?? []).map((offer, i) => h(i === 0 ? "button.primary" : "button", { onclick: () => take(offer) }, offer.label))),
      close("Hide this message", hide));
    card.classList.remove("hidden");
  }

  live.on("note", ({ numbers }) => (numbers.level === "diverged" ? warn(numbers) : say(numbers.text)), ctx.signal);
  live.on("runs", () => card.classList.add("hidden"), ctx.signal);
  ctx.signal.addEventListener("abort", () => clearTimeout(going));
  return { element: h("div.notices", card, line) };
}
