// A part of a builder that opens: its head says in one line what is in it. Give "lib/fold.css" in the component's `styles`.

import { h, setText } from "./dom.js";

/** `{head, body, say()}`: `summary()` gives the line of the head, which `say` writes anew. */
export function fold(name, summary, children, isOpen = false) {
  const said = h("span.muted.summary");
  const body = h("div.fold-body", { role: "region", "aria-label": name }, children);
  const head = h("button.fold-head.plain", { type: "button", "aria-expanded": "false", onclick: () => open(head.getAttribute("aria-expanded") !== "true") }, h("span.fold-name", name), said);
  const open = (on) => {
    head.setAttribute("aria-expanded", String(on));
    body.classList.toggle("hidden", !on);
  };
  open(isOpen);
  return { head, body, say: () => setText(said, summary()) };
}
