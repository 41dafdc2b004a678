// What a move did, in a sentence made from the numbers.

import { number, percent } from "../lib/number.js";

/** "3 cells right and 1 down"; "" where nothing moved. */
export function way([down, right]) {
  const parts = [];
  if (right) parts.push([Math.abs(right), right > 0 ? "right" : "left"]);
  if (down) parts.push([Math.abs(down), down > 0 ? "down" : "up"]);
  return parts.map(([size, where], i) => (i === 0 ? `${size} ${size === 1 ? "cell" : "cells"} ${where}` : `${size} ${where}`)).join(" and ");
}

/** Whether the map moved along: {text, level}. `errors` {inside, border}, `top` the largest value of the map. */
export function equivariance({ inside, border }, top, wrap) {
  const exact = 1e-5 * Math.max(top, 1); // float32 adds in another order
  if (inside > exact) return { level: "warn", text: `The map did not move along: it differs by up to ${number(inside)}.` };
  if (wrap) return { level: "good", text: "The map moved along exactly, everywhere." };
  if (border > exact) return { level: "edge", text: `The map moved along exactly, but at the border it differs by up to ${number(border)}.` };
  return { level: "good", text: "The map moved along exactly; at the border too, as there is no ink there." };
}

/** How the read-outs fared. `all`: {name, before, said}: the class that each gave before the move, and gives now. */
export function answers(all, truth) {
  const list = (items, say = ({ name }) => name) => new Intl.ListFormat("en").format(items.map(say));
  const kept = all.filter(({ said }) => said === truth);
  const lost = all.filter(({ before, said }) => before === truth && said !== truth);
  const never = all.filter(({ before, said }) => before !== truth && said !== truth);
  const parts = [
    kept.length ? `The dense ${kept.length > 1 ? "layers" : "layer"} on ${list(kept)} ${kept.length > 1 ? "say" : "says"} ${truth}` : `No dense layer says ${truth}`,
    lost.length ? `${kept.length ? "that on" : "the one on"} ${list(lost, ({ name, said }) => `${name} now says ${said}`)}` : "",
    never.length ? `on ${list(never)} it was wrong before the move already` : "",
  ];
  return `${parts.filter(Boolean).join("; ")}.`;
}

/** What the test on all held-out digits says for this distance. `rows`: {name, accuracy}. */
export function tested(rows, distance, held, wrap) {
  const parts = rows.map(({ name, accuracy }) => `${name} ${percent(accuracy)}`).join(", ");
  const where = distance === 0 ? "where they stand" : `moved by ${distance} ${distance === 1 ? "cell" : "cells"} right, left, down or up${wrap ? ", around the edge" : ""}`;
  return `Of ${held} digits held out, ${where}, told rightly: ${parts}.`;
}
