// Graphs drawn small, colours as chips, and the colours of the theme as variables.

import { h, replace, svg } from "../lib/dom.js";

export const TONES = 10;

/** The theme's colours as `--ga-0` to `--ga-9` on `root`. */
export function paintTones(root, colors) {
  colors.classes.slice(0, TONES).forEach((color, k) => root.style.setProperty(`--ga-${k}`, color));
}

/** Put these children into `parent`; where one of those before had the focus, the one in its place gets it. */
export function refill(parent, children) {
  const held = [...parent.children].indexOf(parent.getRootNode().activeElement);
  replace(parent, children);
  if (held >= 0) parent.children[Math.min(held, parent.children.length - 1)]?.focus({ preventScroll: true });
}

/** The CSS of a tone. */
export const toneOf = (tone) => `var(--ga-${tone % TONES})`;

/** A picture of a graph; `tones`: of its nodes. */
export function small({ edges, places }, tones, label = "") {
  const at = ([x, y]) => [50 + 40 * x, 50 - 40 * y];
  const radius = places.length > 40 ? 2.5 : places.length > 12 ? 4 : 6.5;
  const image = svg("svg.ga-small", { viewBox: "0 0 100 100", role: label ? "img" : null, "aria-label": label || null, "aria-hidden": label ? null : "true" });
  for (const [a, b] of edges) {
    const [[x1, y1], [x2, y2]] = [at(places[a]), at(places[b])];
    image.append(svg("line", { x1, y1, x2, y2 }));
  }
  places.forEach((place, k) => {
    const [cx, cy] = at(place);
    image.append(svg("circle", { cx, cy, r: radius, style: { fill: toneOf(tones[k]) } }));
  });
  return image;
}

/** A colour number on its tone. */
export const chip = (color, tone) => h("span.ga-chip", { style: { "--tone": toneOf(tone) } }, String(color));

const LISTED = 8;

/** {1, 1, 2} as chips; where there are many, each with how often it is there. */
export function multiset(colors, tone) {
  const counts = new Map();
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1);
  const isShort = colors.length <= LISTED;
  const inside = isShort ? colors.map((color) => chip(color, tone(color))) : [...counts].map(([color, many]) => h("span.ga-many", `${many} × `, chip(color, tone(color))));
  return h("span.ga-set", h("span.ga-brace", "{"), inside, h("span.ga-brace", "}"));
}
