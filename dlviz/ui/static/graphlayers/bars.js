// What each neighbour counts for, as a row of bars one points at: the node itself first, in the accent's colour.

import { h, number, setText } from "../lib/dom.js";

/**
 * `{element, set({heard, head, nameOf, focus, apart})}`; `onhover(node | null)`, `onpick(node)`. The bars are one picture for the
 * keys: arrows go from bar to bar.
 */
export function coefficientBars({ label, onhover, onpick }) {
  const bars = h("div.gy-bars", { tabindex: 0, role: "listbox", "aria-label": label, onkeydown: key, onpointerleave: () => onhover(null), onblur: () => onhover(null) });
  const top = h("span.gy-top.value");
  const element = h("div.gy-barsbox", top, bars);
  let [shown, made] = [[], []];
  let focused = null;

  function key(event) {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (way && shown.length) {
      const at = shown.findIndex(({ node }) => node === focused);
      onhover(shown[(at + way + shown.length) % shown.length].node);
    } else if (event.key === "Enter" && focused !== null) onpick(focused);
    else return;
    event.preventDefault();
  }

  return {
    element,
    set({ heard, head, nameOf, focus, apart }) {
      shown = heard;
      focused = heard.some(({ node }) => node === focus) ? focus : null;
      if (made.length !== heard.length) {
        made = heard.map((_, k) => h("span.gy-bar", {
          role: "option",
          onpointerenter: () => onhover(shown[k].node),
          onclick: () => onpick(shown[k].node),
        }, h("i")));
        bars.replaceChildren(...made);
      }
      const values = heard.map(({ coefficient }) => coefficient[head] ?? coefficient[0]);
      const most = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)));
      heard.forEach(({ node, isOwn }, k) => {
        const bar = made[k];
        bar.classList.toggle("own", isOwn);
        bar.classList.toggle("lit", node === focus);
        bar.setAttribute("aria-selected", node === focus);
        bar.title = `${nameOf(node)}: ${values[k] === null ? "where it is the largest" : number(values[k])}`;
        bar.firstChild.style.height = `${values[k] === null ? 100 : most ? Math.max(2, (100 * Math.abs(values[k])) / most) : 0}%`;
        bar.classList.toggle("open", values[k] === null);
      });
      setText(top, heard.length ? (values[0] === null ? "the largest of each" : `to ${number(most)}`) : apart === null ? "nothing arrives" : "no neighbour");
    },
  };
}
