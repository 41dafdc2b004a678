// All heads of all layers as small patterns, each with the role that was measured; the chosen one is framed.

import { h, percent, replace, setText } from "../lib/dom.js";
import { paintThumb } from "../lib/thumb.js";
import { headName, placeOf, rolesOf, summed } from "./naming.js";

/** `choose(grid, head)` hears clicks; arrow keys walk from head to head. */
export function buildThumbs({ choose }) {
  const element = h("div.thumbs", { role: "group", "aria-label": "All heads of all layers; arrow keys walk", onkeydown: walk });
  let tiles = []; // {grid id, head, button, canvas, words, score}
  let built = "";

  function build(grids) {
    const shape = ({ part, id }) => `${id} ${part.weights.length}`;
    const key = grids.map(shape).join();
    if (key === built) return;
    built = key;
    tiles = [];
    const rows = grids.map((grid) => {
      const row = grid.part.weights.map((_, head) => {
        const canvas = h("canvas.thumb", { "aria-hidden": "true" });
        const [words, score] = [h("span.role"), h("span.score.value")];
        const button = h("button.tile.plain", { type: "button", "data-grid": grid.id, "data-head": head, onclick: () => choose(grid.id, head) }, canvas, h("span.title", `Head ${head + 1}`), words, score);
        tiles.push({ id: grid.id, head, button, canvas, words, score });
        return button;
      });
      const size = h("span.label.value");
      tiles.at(-1).size = size;
      return h("div.layer", { class: grid.part.weights.length > 4 ? "wide" : null }, h("div.layer-name", h("b", placeOf(grid)), size), h("div.tiles", { style: { "--heads": grid.part.weights.length } }, row));
    });
    replace(element, rows);
  }

  // Left and right through a layer, up and down from layer to layer.
  function walk(event) {
    const at = tiles.findIndex(({ button }) => button === event.target);
    const across = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at < 0 || !(across || down)) return;
    const heads = tiles.filter(({ id }) => id === tiles[at].id).length;
    const to = tiles[at + (across ?? down * heads)];
    event.preventDefault();
    event.stopPropagation();
    if (!to) return;
    choose(to.id, to.head);
    to.button.focus();
  }

  /** `high(values)`: the end of the colour scale of a head. */
  function show({ pass, reply, chosen, high, colors }) {
    build(pass.grids);
    const grids = new Map(pass.grids.map((grid) => [grid.id, grid]));
    for (const tile of tiles) {
      const grid = grids.get(tile.id);
      const values = grid.part.weights[tile.head];
      const isChosen = chosen.grid.id === tile.id && chosen.head === tile.head;
      paintThumb(tile.canvas, { values, rows: grid.queries.length, columns: grid.keys.length, hidden: grid.part.hidden, high: high(values) }, colors);
      tile.button.classList.toggle("chosen", isChosen);
      tile.button.setAttribute("aria-pressed", isChosen);
      tile.button.tabIndex = isChosen ? 0 : -1;
      if (tile.size) setText(tile.size, `${grid.part.weights.length} × ${grid.queries.length} × ${grid.keys.length}`);
      const measured = reply ? rolesOf(reply, grid, tile.head) : null;
      tile.button.classList.toggle("named", Boolean(measured?.named));
      setText(tile.words, measured ? measured.named?.name ?? "no role" : " ");
      setText(tile.score, measured?.named ? percent(measured.named.mass, 0) : " ");
      const said = `${placeOf(grid)}, ${headName(tile.head)}${measured ? `: ${summed(measured)}` : ""}`;
      tile.button.setAttribute("aria-label", said);
      tile.button.title = measured?.named ? `${said} of its attention; an even pattern: ${percent(measured.named.chance, 0)}` : said;
    }
  }

  return { element, show, names: () => tiles.map(({ id, head, words, score }) => ({ id, head, name: words.textContent, score: score.textContent })) };
}
