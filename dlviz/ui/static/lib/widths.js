// The sizes of a row of layers, typed or stepped: units of dense layers, maps of convolutions. Give "lib/widths.css" in the
// component's `styles`.

import { count, h, parseNumber, replace, setText } from "./dom.js";
import { problemLine, settingsOf } from "./settings.js";

const SMALL = 8; // below, a step is one; above, twice or half

/**
 * The control of a field of kind "sizes": {element}. `one` is what a size counts, "units"; null when there is no such field.
 * `changes(sizes)` makes the changes to send; `around(k)` gives elements that stand with the size of layer k.
 */
export function widthsControl(stage, name, one, { changes = (sizes) => ({ [name]: sizes }), around = () => null } = {}) {
  const settings = settingsOf(stage);
  const field = settings.fields[name];
  if (!field) return null;
  const list = h("div.widths-list");
  const wrong = h("p.wrong.small", { role: "alert" });
  const help = h("span.help", { tabindex: 0, role: "note", "aria-label": field.help }, "?", h("span.bubble", { "aria-hidden": "true" }, field.help));
  const element = h("div.knob.widths", { "data-field": name, "data-kind": "widths", role: "group", "aria-label": field.label },
    h("div.knob-head.label", h("span", field.label), help), list, wrong, problemLine(settings, name));
  let drawn = "";

  const put = (sizes) => {
    setText(wrong, "");
    settings.change(changes(sizes));
  };
  const bounded = (n) => Math.min(field.high, Math.max(field.low, n));
  const more = (n) => bounded(n < SMALL ? n + 1 : 2 * n);
  const fewer = (n) => bounded(n <= SMALL ? n - 1 : Math.round(n / 2));

  function size(n, k, sizes) {
    const typed = h("input.value", { type: "text", inputmode: "numeric", value: n, size: 4, "aria-label": `${one} of layer ${k + 1}`, autocomplete: "off" });
    typed.addEventListener("change", () => {
      const given = parseNumber(typed.value);
      if (!Number.isInteger(given) || given < field.low || given > field.high) {
        typed.setAttribute("aria-invalid", "true");
        setText(wrong, `Layer ${k + 1} needs a whole number of ${one} from ${field.low} to ${count(field.high)}, such as ${n}.`);
        return;
      }
      put(sizes.with(k, given));
    });
    typed.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      typed.value = n;
      typed.removeAttribute("aria-invalid");
      setText(wrong, "");
    });
    const button = (sign, to, words) => h("button.square", { type: "button", disabled: to === n, "aria-label": `${words} ${one} in layer ${k + 1}`, title: `${to} ${one}`, onclick: () => put(sizes.with(k, to)) }, sign);
    return h("span.size", around(k), button("−", fewer(n), "Fewer"), typed, button("+", more(n), "More"));
  }

  settings.on(() => {
    const sizes = settings.value(name) ?? [];
    const key = JSON.stringify(sizes);
    if (key === drawn) return; // drawing them anew would wipe what is being typed, and its complaint
    drawn = key;
    setText(wrong, "");
    replace(list, sizes.map((n, k) => [size(n, k, sizes), h("span.muted.arrow", { "aria-hidden": "true" }, "→")]), sizes.length ? null : h("span.muted.small", "none"),
      h("button.square.plain", { type: "button", disabled: sizes.length <= field.at_least, "aria-label": "Remove the last layer", title: "Remove the last layer", onclick: () => put(sizes.slice(0, -1)) }, "×"),
      h("button.square.plain", { type: "button", disabled: sizes.length >= field.at_most, "aria-label": "Add a layer", title: "Add a layer", onclick: () => put([...sizes, bounded(Math.max(1, sizes.length ? Math.round(sizes.at(-1) / 2) : 64))]) }, "+"));
  });
  return { element };
}
