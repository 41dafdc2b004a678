// The mask as a grid one can paint, begun from a rule or from what is there.

import { h, replace, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { Pattern } from "../lib/pattern.js";
import { TEMPLATES } from "./templates.js";

const PALE = 3.2; // end of the scale: an open cell, 1, is then a quiet colour on which lines stand out

/**
 * `state`: {template, values, mirror, hand}. `on`: rule(name, value), paint(query, key, hides), fill(hides), invert(), undo(),
 * hover, mirror(isOn).
 */
export function buildDrawing(ctx, on) {
  const names = Object.keys(TEMPLATES);
  const rule = knob({ name: "rule", kind: "choice", label: "Begin with", options: [...names, "hand"], labels: [...names.map((name) => TEMPLATES[name].label), "Drawn by hand"], default: "own" }, {
    onchange: (name) => on.rule(name),
  });
  const place = h("div.number-of");
  let number = { name: null, most: 0, control: null };
  const mirror = knob({ name: "mirror", kind: "flag", label: "Mirror", help: "What you paint for a query and a key is painted for the key as query too." }, { value: false, onchange: on.mirror });
  const button = (text, title, onclick) => h("button", { type: "button", title, onclick }, text);
  const undo = button("Undo", "Take the last change back", on.undo);
  const tools = h("div.row.tools", mirror.element, button("Show all", "Nothing is hidden", () => on.fill(0)), button("Hide all", "Everything is hidden", () => on.fill(1)), button("Invert", "Hidden cells are shown, shown ones hidden", on.invert), undo);
  let hides = 1; // what the stroke under way does
  let shown = null; // {mask, tokens} on the grid
  const pattern = new Pattern({
    label: "The mask; Enter or Space hides or shows a cell, a drag paints", redraw: ctx.redraw, side: 40,
    onhover: on.hover,
    onpaint(query, key, { begins }) {
      if (!shown) return;
      if (begins) hides = shown.mask[query * shown.tokens + key] ? 0 : 1;
      on.paint(query, key, hides, begins);
      pattern.speak();
    },
  });
  pattern.canvas.style.touchAction = "none"; // a finger draws here; the page scrolls beside the grid
  const words = h("p.small.muted.value.about-mask");
  const element = h("div.drawing", h("h3", "The mask"), h("div.rule", rule.element, place), pattern.element, tools, words);

  function show({ mask, tokens, labels, template, value, canUndo, open }) {
    shown = { mask, tokens };
    rule.set(template);
    const described = TEMPLATES[template]?.number ?? null;
    const [name, most] = [described ? template : null, Math.max(described?.low ?? 0, tokens)];
    if (number.name !== name || number.most !== most) {
      const control = described && knob({ name: "number", kind: "range", label: described.label, unit: described.unit, help: described.help, low: described.low, high: most, whole: true, default: described.value }, { value, onchange: (given) => on.rule(template, given) });
      number = { name, most, control };
      replace(place, control?.element);
    } else if (number.value !== value) {
      number.control?.set(value);
    }
    number.value = value;
    undo.disabled = !canUndo;
    pattern.set({ rows: labels, columns: labels, values: new Float32Array(tokens * tokens).fill(1), hidden: mask, high: PALE });
    setText(words, `${tokens} × ${tokens}, queries down, keys across. ${open} of ${tokens * tokens} pairs are open; a hatched pair is hidden: ${TEMPLATES[template]?.words ?? "drawn by hand"}.`);
  }

  return { element, pattern, show, draw: (colors) => pattern.draw(colors) };
}
