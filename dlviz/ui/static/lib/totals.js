// What is said of a sum: its terms written out, elided where there are many, and the figures that it comes to.

import { written } from "./cells.js";
import { h, number, setText, steady } from "./dom.js";

const AT_MOST = 6; // terms written out; a longer sum is elided in the middle

/** A factor behind a multiplication sign: a negative one in brackets. */
export const bracketed = (value) => (written(value).startsWith("−") ? `(${written(value)})` : written(value));

/** Which of `count` terms are written out: all of a few, else both ends and the one pointed at. */
export function keep(count, pointed) {
  const all = [...Array(count).keys()];
  if (count <= AT_MOST) return all;
  const wanted = new Set([0, 1, 2, count - 2, count - 1]);
  if (pointed !== null && pointed < count) wanted.add(pointed);
  else wanted.add(3);
  return [...wanted].sort((a, b) => a - b);
}

/** A large number over its name: {element, text, set(x, caption, how)}. */
export function figure(name, tag = "span") {
  const value = h("span.big.value");
  const label = h("span.label");
  const element = h(`${tag}.figure.${name}`, value, label);
  return {
    element,
    text: "",
    set(x, caption, how = null) {
      this.text = typeof x === "string" ? x : x === null ? "…" : how === number ? number(x) : steady(x);
      setText(value, this.text);
      setText(label, caption);
    },
  };
}
