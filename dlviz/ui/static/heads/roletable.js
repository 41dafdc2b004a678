// The chosen head's attention by kind of token: how much of it, beside what an even pattern would have there.

import { h, percent, replace, setText, steady } from "../lib/dom.js";
import { headName, placeOf, rolesOf } from "./naming.js";

export function buildRoleTable() {
  const title = h("h4");
  const rows = h("div.role-rows", { role: "table", "aria-label": "Attention by kind of token" });
  const words = h("p.sentence");
  const rule = h("p.small.muted");
  const element = h("section.roles", { "aria-label": "What the chosen head does" }, title, words, rows, rule);

  function row({ role, name, about, mass, chance, count }, named) {
    const isNone = count === 0;
    return h("div.role-row", { role: "row", "data-role": role, class: named ? "named" : null },
      h("span.role-name", { role: "rowheader" }, h("b", name), h("span.label", about)),
      h("span.meter", { role: "cell", "aria-label": isNone ? "not possible here" : `${percent(mass, 1)}, an even pattern ${percent(chance, 1)}` },
        isNone ? null : h("i.mass", { style: { width: percent(mass, 2).replace(" ", "") } }), isNone ? null : h("i.even", { style: { left: percent(chance, 2).replace(" ", "") } })),
      h("span.value.numbers", { role: "cell" }, isNone ? "–" : percent(mass, 1)),
      h("span.value.numbers.muted", { role: "cell" }, isNone ? "nowhere" : percent(chance, 1)));
  }

  function show({ reply, grid, head }) {
    element.classList.toggle("hidden", !reply);
    if (!reply) return null;
    const found = rolesOf(reply, grid, head);
    const { named, entropy, even } = found;
    const [sequences, threshold, margin] = ["sequences", "threshold", "margin"].map((name) => reply.arrays[name].data[0]);
    setText(title, `What ${headName(head)} of ${placeOf(grid).toLowerCase()} does, over ${sequences} held-back sequences`);
    const best = found.rows.filter(({ count }) => count > 0).reduce((a, b) => (b.mass - b.chance > a.mass - a.chance ? b : a));
    setText(words, named
      ? `${percent(named.mass, 0)} of its attention goes to ${named.about}; an even pattern would put ${percent(named.chance, 0)} there.`
      : `It has no name: the most it puts above chance goes to ${best.about}, ${percent(best.mass, 0)} where an even pattern has ${percent(best.chance, 0)}.`);
    const legend = h("div.role-row.heads.label", { role: "row" }, h("span", { role: "columnheader" }, "Kind of token"), h("span", { role: "columnheader" }, h("i.key.mass-key"), " head ", h("i.key.even-key"), " even"), h("span.numbers", { role: "columnheader" }, "head"), h("span.numbers", { role: "columnheader" }, "even"));
    replace(rows, legend, found.rows.map((each) => row(each, each === named)));
    setText(rule, `A head is named where it puts at least ${percent(threshold, 0)} of its attention, and at least ${Math.round(margin * 100)} points more than an even pattern. One token may be of two kinds, so the shares do not add up to 100 %. Its rows have ${steady(entropy, 2)} nats of entropy in the mean, an even pattern ${steady(even, 2)}. Induction: Olsson et al. 2022; kinds of heads: Clark et al. 2019.`);
    return { step: reply.step, named: named?.role ?? null, rows: found.rows.map(({ role, mass, chance, count }) => ({ role, mass, chance, count })), entropy, even, sequences };
  }

  return { element, show };
}
