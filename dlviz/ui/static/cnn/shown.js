// The picture that the network is shown, and on it what the cell pointed at can see.

import { outline } from "../lib/cells.js";
import { css, rgb } from "../lib/color.js";
import { fit, h, setText } from "../lib/dom.js";
import { Sprites } from "../lib/sprites.js";
import { PICTURE, fieldOf, isMap, shapeText } from "./rows.js";

export function buildShown(area, stage) {
  const sprites = new Sprites();
  const canvas = h("canvas.whole", { role: "img" });
  const shape = h("span.label.value");
  area.append(h("figure.layer.picture", h("figcaption", h("span.name", "Picture"), shape), canvas));
  let painted = null;

  canvas.addEventListener("pointermove", (event) => {
    const { height, width } = stage.picture ?? {};
    if (!height) return;
    const box = canvas.getBoundingClientRect();
    const at = (value, end) => Math.min(end - 1, Math.max(0, Math.floor(value * end)));
    stage.point({ row: PICTURE, channel: null, y: at((event.clientY - box.top) / box.height, height), x: at((event.clientX - box.left) / box.width, width) });
  });
  canvas.addEventListener("pointerleave", () => stage.point(null));

  /** What the cell pointed at sees: {top, bottom, left, right}, or null. */
  function field() {
    const at = stage.focus ?? stage.pinned;
    if (!at || at.row === PICTURE || at.y === null || at.y === undefined) return null;
    const row = stage.row(at.row);
    return row && isMap(row) ? fieldOf(stage.rows, at.row, at.y, at.x) : null;
  }

  return {
    field,
    draw() {
      const { picture, ctx } = stage;
      if (!picture) return;
      setText(shape, shapeText([picture.channels, picture.height, picture.width]));
      if (painted !== picture.data) {
        painted = picture.data;
        sprites.paintPicture(picture);
        const { label, classes } = stage.scene.numbers;
        canvas.setAttribute("aria-label", label === null ? "Your own picture" : `Test picture of class ${classes[label]}`);
      }
      canvas.style.aspectRatio = `${picture.width} / ${picture.height}`;
      const { pen, width, height } = fit(canvas);
      pen.imageSmoothingEnabled = false;
      sprites.drawTo(pen, 0, 0, 0, width, height);
      const seen = field();
      if (!seen) return;
      const [w, d] = [width / picture.width, height / picture.height];
      const box = [Math.max(seen.left * w, 0), Math.max(seen.top * d, 0)];
      box.push(Math.min((seen.right + 1) * w, width) - box[0], Math.min((seen.bottom + 1) * d, height) - box[1]);
      pen.beginPath();
      pen.rect(0, 0, width, height);
      pen.rect(...box);
      pen.fillStyle = css(rgb(ctx.colors.paper), 0.5);
      pen.fill("evenodd");
      outline(pen, box, ctx.colors.accent, 2);
    },
  };
}
