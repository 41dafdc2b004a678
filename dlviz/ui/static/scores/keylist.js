// The vectors as a list of numbers one can type into: the query, and every key with its name and its value.

import { h, number, parseNumber, replace, setText } from "../lib/dom.js";
import { FEWEST, MOST, REACH } from "./situations.js";

const LETTERS = 10; // of a name

export function buildKeyList({ moveQuery, moveKey, moveValue, rename, remove, add, look }) {
  const problem = h("p.problem.small", { role: "alert" });
  const more = h("button.chip", { type: "button", onclick: add }, "Add a key");
  const body = h("tbody");
  const table = h("table.vectors", h("thead", h("tr", h("th", ""), h("th", { colspan: 2 }, "vector"), h("th", { colspan: 2 }, "value"), h("th", ""))), body);
  const element = h("div.stack.keylist", table, h("div.row", more, problem));
  const rows = new Map(); // hue, or "q" → {row, fields: [[get, field]], name}

  function cell(said, get, put) {
    const field = h("input.value", { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", "aria-label": said });
    field.addEventListener("focus", () => field.select());
    field.addEventListener("change", () => {
      const given = parseNumber(field.value);
      const isFine = Math.abs(given) <= REACH;
      if (isFine) field.removeAttribute("aria-invalid");
      else field.setAttribute("aria-invalid", "true");
      setText(problem, isFine ? "" : `${said}: give a number from ${number(-REACH)} to ${REACH}.`);
      if (isFine) put(given);
    });
    return { field, get };
  }

  const pair = (said, get, put) => [0, 1].map((i) => cell(`${said}, ${i ? "second" : "first"} number`, (state) => get(state)[i], (x) => put(i, x)));

  function queryRow(state) {
    let now = state.query;
    const fields = pair("Query", (s) => (now = s.query), (i, x) => moveQuery(now.with(i, x)));
    return { fields, row: h("tr", h("th", { scope: "row" }, "q"), fields.map(({ field }) => h("td", field)), h("td", { colspan: 3 })) };
  }

  function keyRow(hue) {
    let now = null;
    const of = (state) => (now = state.keys.find((key) => key.hue === hue));
    const name = h("input.key-name", { type: "text", maxlength: LETTERS, autocomplete: "off", spellcheck: "false", "aria-label": "Name of the key" });
    name.addEventListener("change", () => rename(hue, name.value.trim()));
    name.addEventListener("focus", () => look(hue));
    const vector = pair("Key", (s) => of(s).at, (i, x) => moveKey(hue, now.at.with(i, x)));
    const value = pair("Value", (s) => of(s).value, (i, x) => moveValue(hue, now.value.with(i, x)));
    const away = h("button.plain.away", { type: "button", onclick: () => remove(hue) }, "×");
    const fields = [...vector, ...value];
    return { fields, name, away, row: h("tr", { "data-hue": hue }, h("th", { scope: "row" }, name), fields.map(({ field }) => h("td", field)), h("td", away)) };
  }

  function draw(state, colors) {
    const wanted = ["q", ...state.keys.map((key) => key.hue)];
    for (const id of wanted) if (!rows.has(id)) rows.set(id, id === "q" ? queryRow(state) : keyRow(id));
    const shown = wanted.map((id) => rows.get(id).row);
    if (shown.length !== body.childElementCount || shown.some((row, n) => body.children[n] !== row)) replace(body, shown);
    for (const id of wanted) {
      const { fields, name, away, row } = rows.get(id);
      for (const { field, get } of fields) {
        const text = number(get(state));
        if (field.getRootNode().activeElement !== field && !field.hasAttribute("aria-invalid") && field.value !== text) field.value = text;
      }
      if (id === "q") continue;
      const key = state.keys.find((each) => each.hue === id);
      name.style.color = colors.classes[id];
      if (name.getRootNode().activeElement !== name && name.value !== key.name) name.value = key.name;
      away.disabled = state.keys.length <= FEWEST;
      away.setAttribute("aria-label", `Remove key ${key.name}`);
      row.classList.toggle("seen", state.look === id);
    }
    more.disabled = state.keys.length >= MOST;
    more.title = more.disabled ? `At most ${MOST} keys.` : "";
  }

  return { element, draw };
}
