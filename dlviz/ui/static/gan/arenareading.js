// The reading of the place that is pointed at: its noise, where it lies, what D says of it, and which way a fake there is pushed.

import { h, number, setText } from "../lib/dom.js";

const WAYS = ["right", "up and right", "up", "up and left", "left", "down and left", "down", "down and right"];
const NUMBERS_SHOWN = 4; // of a noise of many

export const vector = (values, most = NUMBERS_SHOWN) => `(${[...values].slice(0, most).map((value) => number(value)).join(", ")}${values.length > most ? ", …" : ""})`;

/** {element, show(opened | null, look, {isPinned})}. */
export function buildReading() {
  const title = h("div.ga-reading-title");
  const rows = ["noise z", "lies at x", "D’s output", "D says", "is pushed by"].map((name) => {
    const value = h("dd.value");
    return { term: h("dt", name), value };
  });
  const equation = h("p.value.ga-equation");
  const hint = h("p.small.muted");
  const element = h("div.ga-reading", { role: "status", "aria-live": "off" }, title, h("dl", rows.flatMap(({ term, value }) => [term, value])), equation, hint);

  return {
    element,
    show(opened, look, scale, isPinned) {
      element.classList.toggle("empty", !opened);
      element.classList.toggle("pinned", isPinned);
      if (!opened) {
        setText(title, "Nothing is pointed at");
        setText(hint, "Point at a fake, at any place of the plane, or into the noise. Click a fake to hold it, then arrow keys walk from fake to fake; Escape lets go.");
        setText(equation, "");
        for (const { value } of rows) setText(value, "–");
        return;
      }
      const { kind, index, z, x, logit, pull, slope, push, label } = opened;
      const told = look.told ? `, told ${look.scene.numbers.classes[label]}` : "";
      setText(title, kind === "fake" ? `Fake ${index + 1} of ${look.count}${told}` : kind === "noise" ? `A fake of the noise you point at${told}` : `A place of the plane${told}`);
      const isProbability = scale.kind === "odds";
      setText(rows[0].value, z ? vector(z) : "none: a place, no fake");
      setText(rows[1].value, vector(x));
      setText(rows[2].value, number(logit));
      setText(rows[3].value, saysOf(opened, scale));
      setText(rows[4].term, kind === "place" ? "a fake here is pushed" : "is pushed");
      setText(rows[4].value, pushWords(push));
      setText(equation, `−∂ℓ/∂x = −ℓ′ · ∂D/∂x = ${number(-pull)} · ${vector(slope)} = ${vector(push)}`);
      setText(hint, isPinned ? "Held. Arrow keys walk from fake to fake, Escape lets go." : kind === "fake" ? "Click to hold it." : isProbability ? "ℓ: the generator’s loss of one fake; D in the equation is the output before σ." : "ℓ: the generator’s loss of one fake.");
    },
    read: () => ({ title: title.textContent, rows: rows.map(({ value }) => value.textContent), equation: equation.textContent, hint: hint.textContent }),
  };
}

function saysOf({ says, logit }, scale) {
  const share = scale.share(logit);
  const side = Math.abs(share) < 0.2 ? "cannot tell" : share > 0 ? "rather real" : "rather fake";
  return scale.kind === "odds" ? `real with ${number(says)}: ${Math.abs(share) > 0.9 ? side.replace("rather", "surely") : side}` : `${number(says)}, ${share >= 0 ? "above" : "below"} even (${number(scale.even)}): ${side}`;
}

/** The way and size of a push. */
export function pushWords(push) {
  const size = Math.hypot(...push);
  if (size < 1e-9) return "nowhere: D is flat here";
  const way = Math.round((Math.atan2(push[1], push[0]) / (2 * Math.PI)) * 8 + 8) % 8;
  return `${WAYS[way]}, slope ${number(size)}`;
}
