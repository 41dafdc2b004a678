// One of the three parts: a heading, a sentence or two, and what is in it; it knows whether it can be seen.

import { h } from "../lib/dom.js";

/** {element, sight(), problem}. `seen()` is called when the part comes into sight. */
export function buildPart({ ctx }, { name, title, lead, seen }, ...children) {
  const problem = h("p.problem", { role: "alert", hidden: true });
  const element = h("section.part", { "data-part": name, "aria-label": title }, h("h3", title), h("p.muted.lead", lead), problem, children);
  let inSight = false;
  const observer = new IntersectionObserver((entries) => {
    inSight = entries.at(-1).isIntersecting;
    if (inSight) seen();
  }, { rootMargin: "100px" });
  observer.observe(element);
  ctx.signal.addEventListener("abort", () => observer.disconnect());
  return {
    element,
    sight: () => inSight && ctx.visible,
    /** The server's words where it refused, or "". */
    say(words) {
      problem.hidden = !words;
      if (problem.textContent !== words) problem.textContent = words;
    },
  };
}
