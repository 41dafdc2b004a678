// Small pictures with words under them: a picture as it is, or noise made strong enough to be seen.

import { fit, h, number, setText } from "../lib/dom.js";
import { Sprites } from "../lib/sprites.js";

/** {element, picture(shown), noise(change, limit), words(lines), draw(colors)}; pictures are {channels, rows, cols, data}. */
export function buildPane(title) {
  const sprites = new Sprites();
  const canvas = h("canvas.pane-picture", { role: "img", "aria-label": title });
  const [name, below, more] = [h("figcaption.label", title), h("p.value.small"), h("p.label.value")];
  const element = h("figure.pane", name, canvas, below, more);
  let paint = null;

  return {
    element,
    title: (text) => setText(name, text),
    picture({ channels, rows, cols, data }) {
      canvas.style.aspectRatio = `${cols} / ${rows}`;
      paint = () => sprites.paintPicture({ channels, height: rows, width: cols, data });
    },
    /**
     * What was added to a picture, stretched so that ±limit fills the scale: a grey one in the colours of signed
     * values; of a coloured one each channel from black to full, half of it where nothing was added.
     */
    noise({ channels, rows, cols, data }, limit) {
      canvas.style.aspectRatio = `${cols} / ${rows}`;
      const by = limit > 0 ? 1 / (2 * limit) : 0;
      paint = (colors) => {
        sprites.size(1, rows, cols);
        if (channels === 1) sprites.paintValues(data, limit || 1, false, colors);
        else sprites.paintPicture({ channels, height: rows, width: cols, data: data.map((change) => 0.5 + change * by) });
      };
    },
    /** `wrong`: it is no longer the answer it was. */
    words(text, rest = "", wrong = false) {
      setText(below, text);
      setText(more, rest);
      below.classList.toggle("wrong", wrong);
      canvas.setAttribute("aria-label", `${title}. ${text}`);
    },
    draw(colors) {
      if (!paint || !canvas.clientWidth) return;
      paint(colors);
      const { pen, width, height } = fit(canvas);
      pen.imageSmoothingEnabled = false;
      sprites.drawTo(pen, 0, 0, 0, width, height);
    },
  };
}

/** How much noise of ±limit is stretched: "× 10". */
export const stretched = (limit) => (limit > 0 ? `× ${number(1 / (2 * limit))}` : "");
