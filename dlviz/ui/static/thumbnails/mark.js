// The mark of dlviz: two classes and the boundary between them.

import { svg } from "../lib/dom.js";

export function mark(size) {
  return svg("svg.mark", { viewBox: "0 0 64 64", width: size, height: size, "aria-hidden": "true" },
    svg("clipPath", { id: "mark-edge" }, svg("rect", { x: 2, y: 2, width: 60, height: 60, rx: 14 })),
    svg("g", { "clip-path": "url(#mark-edge)" },
      svg("rect", { width: 64, height: 64, style: { fill: "var(--class-0)" } }),
      svg("path", { d: "M42 0C56 16 18 22 24 40C28 52 46 48 46 64H64V0Z", style: { fill: "var(--class-1)" } }),
      svg("path", { d: "M42 0C56 16 18 22 24 40C28 52 46 48 46 64", style: { fill: "none", stroke: "var(--paper)", "stroke-width": "3" } })),
    [[15, 21], [13, 49], [48, 20], [53, 46]].map(([cx, cy]) => svg("circle", { cx, cy, r: 4.2, style: { fill: "var(--paper)" } })));
}
