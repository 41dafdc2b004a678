// What could come next: the likeliest tokens as bars, as the network says and as they are drawn from.

import { h, percent, replace, setText } from "../lib/dom.js";
import { written as sign, spoken } from "../lib/tokens.js";

const SHOWN = 12; // tokens; the others are one line until they are asked for
const least = (p) => (p > 0 && p < 0.0005 ? "< 0.1 %" : percent(p));

/** `onchoose(id)`. `show({found, vocabulary, chosen, drawn, warm, cut, live})`; `found` as sampling.chances gives it. */
export function buildBars({ onchoose }) {
  const heads = h("div.option.heads.label", { "aria-hidden": "true" });
  const list = h("div.options", { role: "group", "aria-label": "What could come next" });
  const rest = h("button.plain.chip.rest", { type: "button", onclick: () => { all = !all; show(state); } });
  const element = h("div.bars", heads, list, rest);
  let all = false;
  let rows = [];
  let state = null;

  function make() {
    const token = h("span.token-sign.code");
    const [own, final] = [bar(), bar()];
    const row = h("button.option", { type: "button", onclick: () => onchoose(Number(row.dataset.id)) }, token, own.element, final.element);
    return { row, token, own, final };
  }

  function bar() {
    const fill = h("i.fill");
    const value = h("span.value");
    return { element: h("span.bar", h("span.track", fill), value), fill, value };
  }

  function show(next) {
    state = next;
    const { found, vocabulary, chosen, live, drawing } = next;
    const { order, own, final, kept } = found;
    const count = all ? order.length : Math.min(SHOWN, order.length);
    while (rows.length < count) rows.push(make());
    while (rows.length > count) rows.pop().row.remove();
    rows.forEach((each, place) => {
      const id = order[place];
      each.row.dataset.id = id;
      if (each.row.parentNode !== list) list.append(each.row);
      setText(each.token, sign(vocabulary[id]));
      each.own.fill.style.width = `${own[id] * 100}%`;
      each.final.fill.style.width = `${final[id] * 100}%`;
      setText(each.own.value, least(own[id]));
      setText(each.final.value, kept[id] ? least(final[id]) : "cut");
      each.row.classList.toggle("cut", !kept[id]);
      each.row.classList.toggle("chosen", id === chosen);
      each.row.disabled = !live;
      each.row.setAttribute("aria-label", `${spoken(vocabulary[id])}: ${percent(own[id])} by the network, ${kept[id] ? `${percent(final[id])} ${drawing}` : "cut"}${id === chosen ? ", written" : ""}. Write it.`);
    });
    replace(heads, h("span", "next"), h("span", "as the network says"), h("span", drawing));
    const others = order.slice(SHOWN);
    const sum = (of) => others.reduce((total, id) => total + of[id], 0);
    rest.classList.toggle("hidden", others.length === 0);
    setText(rest, all ? "Show fewer" : `${others.length} others: ${least(sum(own))} → ${least(sum(final))}`);
  }

  return { element, show };
}
