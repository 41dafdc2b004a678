// The cell that is looked at, written out: its terms, longest first, and how they come to its number.

import { h, setText } from "../lib/dom.js";
import { number } from "../lib/number.js";
import { listed } from "./messagesterms.js";

export function buildOpened(onall) {
  const title = h("h4.gm-small-title");
  const list = h("div.gm-terms");
  const total = h("p.gm-total.value");
  const note = h("p.label");
  const more = h("button.gm-fold", { type: "button", onclick: () => { isAll = !isAll; onall(); } });
  const element = h("div.gm-opened", { role: "region", "aria-label": "The cell written out" }, title, list, more, total, note);
  let [isAll, shown] = [false, null];

  function show(given, negative, positive) {
    element.classList.toggle("gm-empty", !given);
    shown = null;
    if (!given) return;
    const found = listed(given, isAll);
    const longest = Math.max(1e-12, ...found.terms.map(({ value }) => Math.abs(value)));
    setText(title, found.title);
    while (list.children.length > found.terms.length) list.lastChild.remove();
    found.terms.forEach(({ label, text, value }, k) => {
      if (!list.children[k]) list.append(h("p.gm-term", h("span.gm-term-name"), h("span.gm-term-text.value"), h("span.gm-track", h("i.gm-bar")), h("span.gm-term-value.value")));
      const [name, words, track, sum] = list.children[k].children;
      setText(name, label);
      setText(words, text);
      track.firstChild.style.width = `${(100 * Math.abs(value)) / longest}%`;
      track.firstChild.style.background = value < 0 ? negative : positive;
      setText(sum, number(value));
    });
    more.classList.toggle("hidden", !found.rest && !isAll);
    setText(more, !found.rest ? "Only the first" : found.joined === "largest" ? `${found.rest.count} smaller ones` : `${found.rest.count} shorter ones, together ${number(found.rest.value)}`);
    const joined = found.joined === "sum" ? "Sum" : found.joined === "largest" ? "The largest" : found.joined[0].toUpperCase() + found.joined.slice(1);
    setText(total, found.terms.length ? `${joined} = ${number(found.total)}` : `= ${number(found.total)}`);
    setText(note, found.note);
    shown = { title: found.title, terms: found.terms.map(({ label, text, value }) => ({ label, text, value })), rest: found.rest, total: found.total, words: total.textContent };
  }
  return { element, show, read: () => shown };
}
