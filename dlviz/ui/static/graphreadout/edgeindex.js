// ptr and edge_index as PyTorch Geometric stores them: every edge with the number by which its nodes were moved.

import { h, setText } from "../lib/dom.js";

const MOST = 300; // columns that are shown

/** `onedge(edge | null)`. `show({batch, over, colors})`. */
export function buildEdgeIndex({ onedge }) {
  const columns = h("div.gr-columns");
  const scroller = h("div.gr-scroller", {
    tabindex: 0, role: "application",
    onpointerover: (event) => take(event), onpointerdown: (event) => take(event),
    onpointerleave: (event) => { if (event.pointerType === "mouse") onedge(null); },
    onblur: () => onedge(null),
    onkeydown: (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!way || !batch) return;
      event.preventDefault();
      const next = Math.max(0, Math.min(shownCount - 1, (now ?? -1) + way));
      onedge(next);
      cells[next]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    },
  }, columns);
  const [ptr, more] = [h("p.gr-ptr.value"), h("p.small.muted")];
  let [batch, now, cells, shownCount] = [null, null, [], 0];

  function take(event) {
    const cell = event.target.closest?.(".gr-column");
    if (cell) onedge(Number(cell.dataset.edge));
  }

  return {
    element: h("div.stack", ptr, scroller, more),
    scroller,
    show({ batch: next, over, colors }) {
      if (next !== batch) {
        batch = next;
        shownCount = Math.min(MOST, batch.sources.length);
        cells = Array.from({ length: shownCount }, (_, e) => {
          const g = batch.batch[batch.targets[e]];
          return h("span.gr-column", { "data-edge": e, style: { "--of": colors.classes[g] } }, h("span", String(batch.sources[e])), h("span", String(batch.targets[e])));
        });
        columns.replaceChildren(h("span.gr-column.gr-side", h("span", "source"), h("span", "target")), ...cells);
        setText(ptr, `ptr = [${batch.ptr.join(", ")}]: where each graph’s nodes begin`);
        setText(more, batch.sources.length > shownCount ? `… and ${batch.sources.length - shownCount} columns more` : "");
        scroller.setAttribute("aria-label", `edge_index, 2 by ${batch.sources.length}. Left and right arrow keys go from edge to edge.`);
        scroller.scrollLeft = 0;
      }
      const edge = over?.edge ?? null;
      if (edge === now) return;
      cells[now]?.classList.remove("on");
      cells[edge]?.classList.add("on");
      now = edge;
    },
    read: () => ({ ptr: ptr.textContent, columns: cells.map((cell) => [...cell.children].map((each) => Number(each.textContent))) }),
  };
}
