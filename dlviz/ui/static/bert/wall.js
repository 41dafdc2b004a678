// All 6 × 12 heads as small squares on one canvas: point at one to read it, click or walk to choose it.

import { fit, h } from "../lib/dom.js";
import { HEADS, LAYERS, endOf, gridOf, largest } from "./reading.js";
import { place } from "./words.js";

const LEFT = 22; // px for the numbers of the layers
const TOP = 18;
const NAMED_FROM = 36; // px of a square that has room for a role under it
const LEVELS = 255;
const SHORT = { previous: "before", next: "after", first: "[CLS]", separator: "[SEP]", same: "itself" };

export class Wall {
  constructor({ redraw, onhover, onpick }) {
    Object.assign(this, { redraw, onhover, onpick });
    this.state = { weights: null, count: 0, layer: 0, head: 0, signed: false, scale: "word", signs: new Set(), roles: null };
    this.lit = { query: null, key: null };
    this.pointed = null; // {layer, head}
    this.atlas = document.createElement("canvas");
    this.made = null; // what the atlas was made of
    this.canvas = h("canvas.wall", {
      role: "application", tabindex: 0, "aria-roledescription": "heads", onpointermove: (event) => this.point(this.headAt(event)), onpointerleave: () => this.point(null),
      onclick: (event) => { const at = this.headAt(event); if (at) this.onpick(at); }, onkeydown: (event) => this.key(event),
    });
    this.canvas.style.cssText = "display:block;width:100%;touch-action:pan-y;cursor:pointer";
  }

  /** `weights` (layer · head · query · key); `scale`, `signs`: see endOf; `roles(layer, head)`: a role or "". */
  set(next) {
    Object.assign(this.state, next);
    const { layer, head } = this.state;
    this.canvas.setAttribute("aria-label", `72 heads, 6 layers of 12; arrow keys choose. Chosen: ${place({ layer, head })}`);
    this.redraw();
  }

  light(query, key) {
    if (this.lit.query === query && this.lit.key === key) return;
    this.lit = { query, key };
    this.redraw();
  }

  get places() {
    const width = this.canvas.clientWidth;
    const pitch = (width - LEFT) / HEADS;
    const gap = pitch > 40 ? 6 : 3;
    const tile = Math.max(4, Math.floor(pitch - gap));
    const under = tile >= NAMED_FROM ? 15 : gap;
    return { pitch, tile, down: tile + under, height: Math.ceil(TOP + LAYERS * (tile + under)) };
  }

  headAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const { pitch, down } = this.places;
    const [head, layer] = [Math.floor((event.clientX - box.left - LEFT) / pitch), Math.floor((event.clientY - box.top - TOP) / down)];
    return head >= 0 && layer >= 0 && head < HEADS && layer < LAYERS ? { layer, head } : null;
  }

  /** Middle of a head's square on the page, for tests. */
  middle(layer, head) {
    const box = this.canvas.getBoundingClientRect();
    const { pitch, tile, down } = this.places;
    return [box.left + LEFT + head * pitch + tile / 2, box.top + TOP + layer * down + tile / 2];
  }

  point(at) {
    if (at?.layer === this.pointed?.layer && at?.head === this.pointed?.head) return;
    this.pointed = at;
    this.onhover(at);
    this.redraw();
  }

  key(event) {
    const { layer, head } = this.state;
    const to = { ArrowUp: [layer - 1, head], ArrowDown: [layer + 1, head], ArrowLeft: [layer, head - 1], ArrowRight: [layer, head + 1], Home: [layer, 0], End: [layer, HEADS - 1] }[event.key];
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    const at = { layer: Math.min(LAYERS - 1, Math.max(0, to[0])), head: Math.min(HEADS - 1, Math.max(0, to[1])) };
    Object.assign(this.state, at); // the next key may come before the next picture
    this.onpick(at);
  }

  // One pixel for each weight, made once for these weights and this theme.
  make(colors) {
    const { weights, count, signed, scale, signs } = this.state;
    const made = this.made;
    if (made?.weights === weights && made.signed === signed && made.scale === scale && made.dark === colors.dark && made.count === count) return;
    this.made = { weights, signed, scale, dark: colors.dark, count };
    const paint = signed ? (t) => colors.diverging(2 * t - 1) : colors.sequential;
    const table = Array.from({ length: LEVELS + 1 }, (_, i) => paint(i / LEVELS));
    Object.assign(this.atlas, { width: HEADS * count, height: LAYERS * count });
    const pen = this.atlas.getContext("2d");
    const picture = pen.createImageData(HEADS * count, LAYERS * count);
    for (let layer = 0; layer < LAYERS; layer += 1) {
      for (let head = 0; head < HEADS; head += 1) {
        const grid = gridOf(weights, count, layer, head);
        const high = signed ? largest(grid) || 1 : endOf(grid, scale, signs, count);
        for (let q = 0, at = 0; q < count; q += 1) {
          let to = 4 * ((layer * count + q) * HEADS * count + head * count);
          for (let k = 0; k < count; k += 1, at += 1, to += 4) {
            const t = signed ? (grid[at] / high + 1) / 2 : grid[at] / high;
            const [r, g, b] = table[Math.round(LEVELS * Math.min(1, Math.max(0, t)))];
            picture.data[to] = r;
            picture.data[to + 1] = g;
            picture.data[to + 2] = b;
            picture.data[to + 3] = LEVELS;
          }
        }
      }
    }
    pen.putImageData(picture, 0, 0);
  }

  draw(colors) {
    const { weights, count, layer: chosenLayer, head: chosenHead, roles } = this.state;
    if (!weights || !this.canvas.clientWidth) return;
    this.make(colors);
    const { pitch, tile, down, height } = this.places;
    if (this.canvas.style.height !== `${height}px`) this.canvas.style.height = `${height}px`;
    const { pen, width } = fit(this.canvas);
    pen.clearRect(0, 0, width, height);
    pen.textBaseline = "middle";
    pen.textAlign = "center";
    pen.font = `12px ${colors.font}`;
    const isLit = (layer, head) => (this.pointed ? this.pointed.layer === layer && this.pointed.head === head : chosenLayer === layer && chosenHead === head);
    for (let head = 0; head < HEADS; head += 1) {
      pen.fillStyle = (this.pointed?.head ?? chosenHead) === head ? colors.ink : colors.muted;
      pen.fillText(head + 1, LEFT + head * pitch + tile / 2, TOP / 2 - 1);
    }
    pen.imageSmoothingEnabled = count > tile;
    const cell = tile / count;
    for (let layer = 0; layer < LAYERS; layer += 1) {
      const y = TOP + layer * down;
      pen.fillStyle = (this.pointed?.layer ?? chosenLayer) === layer ? colors.ink : colors.muted;
      pen.font = `12px ${colors.font}`;
      pen.fillText(layer + 1, LEFT / 2 - 4, y + tile / 2);
      for (let head = 0; head < HEADS; head += 1) {
        const x = LEFT + head * pitch;
        pen.drawImage(this.atlas, head * count, layer * count, count, count, x, y, tile, tile);
        pen.lineWidth = 1;
        pen.strokeStyle = colors.line;
        pen.strokeRect(x - 0.5, y - 0.5, tile + 1, tile + 1);
        pen.strokeStyle = colors.accent;
        pen.globalAlpha = 0.55;
        if (this.lit.query !== null) pen.strokeRect(x, y + this.lit.query * cell, tile, Math.max(2, cell));
        else if (this.lit.key !== null) pen.strokeRect(x + this.lit.key * cell, y, Math.max(2, cell), tile);
        pen.globalAlpha = 1;
        const chosen = chosenLayer === layer && chosenHead === head;
        if (chosen || isLit(layer, head)) {
          pen.lineWidth = chosen ? 3 : 1.5;
          pen.strokeRect(x - 2, y - 2, tile + 4, tile + 4);
        }
        const role = tile >= NAMED_FROM ? roles?.(layer, head) : "";
        if (role) {
          pen.font = `11px ${colors.font}`;
          pen.fillStyle = chosen ? colors.ink : colors.muted;
          pen.fillText(SHORT[role], x + tile / 2, y + tile + 8, tile + 6);
        }
      }
    }
  }
}
