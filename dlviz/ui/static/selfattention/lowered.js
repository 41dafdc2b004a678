// Letters set as mathematics sets them: "W_Q" with its Q lowered, "x_{17}" with 17, "e^{s}" with s raised.

import { h, replace } from "../lib/dom.js";

const MOVED = /([_^])(?:\{([^}]*)\}|(\w))/g;

/** The text as nodes. */
export function lowered(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(MOVED)) {
    nodes.push(text.slice(at, found.index), h(found[1] === "_" ? "sub" : "sup", found[2] ?? found[3]));
    at = found.index + found[0].length;
  }
  return [...nodes, text.slice(at)];
}

/** Write it into an element, only where it differs. */
export function setLowered(element, text) {
  if (element.dataset.text === text) return;
  element.dataset.text = text;
  replace(element, lowered(text));
}
