// How what a node has heard of grows, layer by layer: a bar each, with who is new.

import { h, setText } from "../lib/dom.js";

const NAMES = 14;

export function buildHops(ongo) {
  const element = h("ol.gm-hops");
  let [rows, shown] = [[], []];
  return {
    element,
    show(counts, total, at) {
      if (rows.length !== counts.length) {
        rows = counts.map((_, k) => {
          const parts = { title: h("b"), bar: h("i.gm-bar"), words: h("span.value"), names: h("span.label") };
          parts.button = h("button.plain.gm-hop", { type: "button", onclick: () => ongo(k) }, parts.title, h("span.gm-track", parts.bar), parts.words, parts.names);
          return parts;
        });
        element.replaceChildren(...rows.map(({ button }) => h("li", button)));
      }
      counts.forEach(({ hop, heard, fresh, names }, k) => {
        const { title, bar, words, names: said, button } = rows[k];
        setText(title, hop ? `Layer ${hop}` : "Alone");
        bar.style.width = `${(100 * heard) / Math.max(1, total)}%`;
        setText(words, `${heard} of ${total}`);
        setText(said, !hop ? "" : fresh ? `${fresh} new: ${names.slice(0, NAMES).join(", ")}${names.length > NAMES ? ` and ${names.length - NAMES} more` : ""}` : "nobody new");
        button.classList.toggle("gm-now", k === at);
      });
      shown = counts.map(({ hop, heard, fresh }) => ({ hop, heard, fresh }));
    },
    read: () => shown,
  };
}
