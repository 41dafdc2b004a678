// The heads of one attention as small pictures of their patterns: queries down, keys across. A click chooses the head.

import { h } from "../lib/dom.js";
import { rgb } from "../lib/color.js";
import { likeliest } from "../lib/transformer.js";
import { spoken } from "../lib/tokens.js";

const SIDE = { least: 52, most: 112 };
const GAP = 10;

/** How many thumbnails stand side by side in so many px, and how wide each is: [columns, side]. */
export function columnsFor(heads, room) {
  for (let columns = heads; columns > 1; columns -= 1) {
    const side = (room - (columns - 1) * GAP) / columns;
    if (side >= SIDE.least && Math.ceil(heads / columns) * columns - heads < 2) return [columns, Math.min(SIDE.most, Math.floor(side))];
  }
  const columns = Math.min(heads, 2);
  return [columns, Math.min(SIDE.most, Math.max(30, Math.floor((room - (columns - 1) * GAP) / columns)))];
}

export class Thumbs {
  constructor(stage, id) {
    Object.assign(this, { stage, id });
    const { spec } = stage.scene.numbers;
    this.heads = Array.from({ length: spec.heads }, (_, head) => this.one(head));
    this.element = h("div.head-row", { role: "group", "aria-label": `Heads of ${id}` }, this.heads.map(({ element }) => element));
    this.key = null;
  }

  one(head) {
    const canvas = h("canvas.thumb");
    const row = h("i.mark.row-mark");
    const column = h("i.mark.column-mark");
    const name = h("span.head-name", `head ${head + 1}`);
    const element = h("button.head-thumb.plain", {
      type: "button", "data-grid": this.id, "data-head": head, "aria-pressed": "false",
      onclick: () => (this.stage.chosenIn(this.id) === head ? this.stage.attended.choose(null, null) : this.stage.choose(this.id, head)),
    }, h("span.thumb-frame", canvas, row, column), name);
    return { element, canvas, row, column, head };
  }

  /** Take so much room. */
  fit(left, width) {
    const [columns, side] = columnsFor(this.heads.length, width);
    Object.assign(this.element.style, { width: `${width}px`, marginLeft: `${left}px` });
    this.element.style.setProperty("--side", `${side}px`);
    this.element.style.setProperty("--columns", columns);
  }

  grid() {
    return this.stage.moment.pass.grids.find(({ id }) => id === this.id);
  }

  draw(counts) {
    const { moment, ctx: { colors } } = this.stage;
    const grid = this.grid();
    const isNew = this.key !== moment || this.colors !== colors;
    [this.key, this.colors] = [moment, colors];
    const chosen = this.stage.chosenIn(this.id);
    for (const each of this.heads) {
      if (isNew) this.paint(each, grid, counts, colors);
      const on = String(chosen === each.head);
      if (each.element.getAttribute("aria-pressed") !== on) each.element.setAttribute("aria-pressed", on);
      this.mark(each, grid);
    }
  }

  paint({ canvas, head, element }, { part, kind, queries, keys, stack }, counts, colors) {
    const [down, across] = [part.tokens, part.keys];
    if (canvas.width !== across || canvas.height !== down) {
      [canvas.width, canvas.height] = [across, down];
      canvas.style.height = `clamp(40px, calc(var(--side) * ${down / across}), calc(var(--side) * 1.3))`; // few rows stay visible
    }
    const pen = canvas.getContext("2d");
    const image = pen.createImageData(across, down);
    const { table } = colors.sequential;
    const [paper, faint] = [rgb(colors.paper), rgb(colors.panel)];
    const weights = part.weights[head];
    const full = this.stage.full.get(this.id) ?? 1;
    for (let q = 0, at = 0; q < down; q += 1) {
      for (let k = 0; k < across; k += 1, at += 1) {
        const shade = q >= counts[stack] ? paper : part.hidden?.[at] ? faint : null;
        const from = 3 * Math.round(510 * Math.min(1, weights[at] / full));
        for (let c = 0; c < 3; c += 1) image.data[4 * at + c] = shade ? shade[c] : table[from + c];
        image.data[4 * at + 3] = 255;
      }
    }
    pen.putImageData(image, 0, 0);
    const last = counts[stack] - 1;
    const looked = weights.subarray(last * across, (last + 1) * across);
    const { vocabulary, classes } = this.stage.scene.numbers;
    const name = (ids, names, i) => spoken(names[ids[i]]);
    const most = likeliest(looked);
    element.setAttribute("aria-label", `${this.id.replaceAll(".", " ")}, head ${head + 1}: the last token, ${name(queries, stack === "decoder" ? classes : vocabulary, last)}, looks most at ${name(keys, kind === "cross" || stack !== "decoder" ? vocabulary : classes, most)}`);
  }

  // The row of the token looked at, and where it is only a key its column.
  mark({ row, column }, { part, stack, kind }) {
    const { focus } = this.stage;
    const q = focus?.stack === stack ? focus.at : null;
    const k = kind === "cross" && focus?.stack === "encoder" ? focus.at : null;
    row.style.cssText = q === null || q >= part.tokens ? "display:none" : `top:${(100 * q) / part.tokens}%;height:${100 / part.tokens}%`;
    column.style.cssText = k === null ? "display:none" : `left:${(100 * k) / part.keys}%;width:${100 / part.keys}%`;
  }
}
