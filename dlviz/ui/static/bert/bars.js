// Lists of names with a bar and a number each, which keep their elements while their numbers change.

import { h, replace, setText } from "../lib/dom.js";
import { share } from "./words.js";

/** `{element, set(rows)}`; a row: {name, share, aside?, text?, strong?}. `onpick(i)`, `onhover(i | null)`: rows are buttons then. */
export function barList({ label, onpick, onhover }) {
  const element = h("div.bars", { role: onpick ? "group" : "list", "aria-label": label });
  let parts = [];
  function make(count) {
    parts = Array.from({ length: count }, (_, i) => {
      const [name, fill, aside, value] = [h("span.bar-name"), h("i"), h("i.aside"), h("span.value")];
      const inside = [name, h("span.bar", fill, aside), value];
      const row = onpick
        ? h("button.bar-row", { type: "button", onclick: () => onpick(i), onpointerenter: () => onhover?.(i), onpointerleave: () => onhover?.(null), onfocus: () => onhover?.(i), onblur: () => onhover?.(null) }, inside)
        : h("div.bar-row", { role: "listitem" }, inside);
      return { row, name, fill, aside, value };
    });
    replace(element, parts.map(({ row }) => row));
  }
  return {
    element,
    set(rows) {
      if (rows.length !== parts.length) make(rows.length);
      rows.forEach(({ name, share: part, aside, text, strong }, i) => {
        const at = parts[i];
        setText(at.name, name);
        at.fill.style.transform = `scaleX(${Math.min(1, Math.abs(part))})`;
        at.aside.style.left = aside === undefined ? "-9px" : `${100 * aside}%`;
        setText(at.value, text ?? share(part));
        at.row.classList.toggle("strong", Boolean(strong));
        at.row.classList.toggle("negative", part < 0);
      });
    },
  };
}
