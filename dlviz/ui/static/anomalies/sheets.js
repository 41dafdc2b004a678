// Contact sheets: pictures with what the network makes of them and their score, in rows as wide as there is room.

import { paintBytes } from "../lib/album.js";
import { h, number, setText } from "../lib/dom.js";
import { paintPixels } from "../lib/pixels.js";

const TILE = 62; // px, with its gap
const BUDGET = 7; // ms of a frame for new reconstructions

/** The reconstructions of a moment's network, made as they are wanted and kept until there is another moment or other pictures. */
export class Again {
  constructor(redraw) {
    Object.assign(this, { redraw, key: "", kept: new Map() });
  }

  begin(moment, found) {
    const key = `${moment.scene.version} ${moment.step} ${found.kind} ${found.step}`;
    if (key !== this.key) Object.assign(this, { key, kept: new Map() });
    Object.assign(this, { moment, found, until: performance.now() + BUDGET, late: false });
  }

  /** What the network makes of the picture at place `i`; null where it must wait for the next frame. */
  of(i) {
    if (!this.kept.has(i)) {
      if (performance.now() > this.until) {
        if (!this.late) requestAnimationFrame(this.redraw);
        this.late = true;
        return null;
      }
      const { network } = this.moment;
      const { pictures, told } = this.found;
      const size = pictures.data.length / pictures.shape[0];
      const pixels = Float32Array.from(pictures.data.subarray(i * size, (i + 1) * size), (byte) => byte / 255);
      this.kept.set(i, network.decode(network.encode(pixels, told[i]).mean, told[i]).picture);
    }
    return this.kept.get(i);
  }
}

/** `{element, show({title, list, …}), indices}`: `list` the places of pictures, the first ones are shown (the title says so where
 * `all` are meant); `rows` of tiles. */
export function buildSheet({ name, rows = 1, onhover }) {
  const title = h("h4");
  const tiles = h("div.anomalies-tiles", { role: "list", "aria-label": name });
  const none = h("p.small.muted");
  const element = h("section.anomalies-sheet", { "data-sheet": name }, title, tiles, none);
  let shown = [];

  function show({ title: text, list, all = false, empty = "", again, found, score, wrong, lit, nameOf }) {
    const most = Math.max(3, Math.floor((tiles.clientWidth + 8) / TILE)) * rows;
    shown = list.slice(0, most);
    setText(title, all && list.length > most ? `${text}, ${most} of them shown` : text);
    setText(none, list.length ? "" : empty);
    while (tiles.children.length > shown.length) tiles.lastChild.remove();
    const { pictures: { data, shape: [, channels, height, width] }, scores } = found;
    const size = channels * height * width;
    shown.forEach((i, k) => {
      let tile = tiles.children[k];
      if (!tile) {
        tile = h("figure.anomalies-tile", { role: "listitem", tabindex: 0, onpointerenter: () => onhover(shown[k]), onpointerleave: () => onhover(null), onfocus: () => onhover(shown[k]), onblur: () => onhover(null) },
          h("canvas.thumb", { width: 1, height: 1 }), h("canvas.thumb", { width: 1, height: 1 }), h("figcaption.value"));
        tiles.append(tile);
      }
      const key = `${again.key} ${i}`;
      const [above, below, words] = tile.children;
      if (tile.dataset.key !== key) {
        paintBytes(above, { pixels: data.subarray(i * size, (i + 1) * size), channels, height, width });
        const made = again.of(i);
        if (made) {
          paintPixels(below, made, [channels, height, width]);
          tile.dataset.key = key;
        }
      }
      setText(words, number(scores[score][i], 2));
      tile.classList.toggle("wrong", wrong(i));
      tile.classList.toggle("lit", lit?.has(i) ?? false);
      tile.setAttribute("aria-label", `${nameOf(i)}: ${number(scores[score][i])}${wrong(i) ? ", on the wrong side of the threshold" : ""}`);
      tile.title = nameOf(i);
    });
  }

  return { element, show, get indices() { return shown; } };
}
