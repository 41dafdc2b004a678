// One of 1,000 classes, by typing a part of its name.

import { h, replace, setText } from "../lib/dom.js";

const SUGGESTED = 4;

/** The list that all fields of a component share. */
export function classList(id) {
  const element = h("datalist", { id });
  return {
    element,
    fill(names) {
      if (!element.children.length) replace(element, names.map((name) => h("option", { value: name })));
    },
  };
}

/** Index of the class that is meant, null for nothing, or words on why it is none. */
export function classOf(names, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return null;
  const exact = names.findIndex((name) => name.toLowerCase() === wanted);
  if (exact >= 0) return exact;
  const near = names.filter((name) => name.toLowerCase().includes(wanted));
  if (near.length === 1) return names.indexOf(near[0]);
  const some = near.slice(0, SUGGESTED).join(", ");
  return `No class is called “${text.trim()}”. ${near.length ? `${near.length} contain it: ${some}${near.length > SUGGESTED ? " …" : ""}.` : "ImageNet's 1,000 names are of things and animals, such as espresso or tiger cat."}`;
}

/** A field with a name beside it. `choose(index | null)` hears what was typed. */
export function classField({ label, list, choose }) {
  const wrong = h("p.small.problem", { role: "alert" });
  let names = [];
  const field = h("input", { type: "text", id: `${list}-${label.replaceAll(" ", "-")}`, list, autocomplete: "off", spellcheck: "false",
    onchange() {
      const found = classOf(names, field.value);
      const refused = typeof found === "string";
      setText(wrong, refused ? found : "");
      field.toggleAttribute("aria-invalid", refused);
      if (refused) field.setAttribute("aria-invalid", "true");
      else choose(found);
    },
    onfocus: () => field.select(),
    onkeydown(event) {
      event.stopPropagation();
      if (event.key === "Enter") field.blur();
    } });
  return {
    element: h("div.knob.class-field", h("div.knob-head.label", h("label", { for: field.id }, label)), field, wrong),
    show({ names: all, chosen, otherwise }) {
      names = all;
      field.placeholder = otherwise;
      if (field.getRootNode().activeElement === field || field.hasAttribute("aria-invalid")) return;
      field.value = chosen === null ? "" : names[chosen];
    },
    /** Forget what was typed and refused. */
    clear() {
      setText(wrong, "");
      field.removeAttribute("aria-invalid");
    },
  };
}
