// How the activations of one channel lie, class by class: a small histogram of each, with its mean.

import { css } from "../lib/color.js";
import { fit, h, number, replace, setText, steady } from "../lib/dom.js";
import { BINS } from "./ranking.js";

export function buildSpread() {
  const ends = { low: h("span"), high: h("span") };
  const tenth = h("th.label", { scope: "col", title: "Of the tenth of all test pictures with the largest activation, how many are of this class" });
  const body = h("tbody");
  const element = h("table.spread",
    h("caption.unseen", "Activation of the channel by class"),
    h("thead", h("tr", h("th.label", { scope: "col" }, "Class"), h("th.label.ends-head", { scope: "col" }, h("span.ends.value", ends.low, h("span", "activation"), ends.high)),
      h("th.label", { scope: "col", title: "Mean activation of the test pictures of this class" }, "Mean"),
      tenth)),
    body);
  let cells = [];
  let spread = null;
  let built = "";

  return {
    element,
    /** `found` of ranking.js, names of the classes. */
    show(found, names) {
      spread = found;
      if (built !== names.join()) {
        built = names.join();
        cells = names.map((name) => ({ canvas: h("canvas.bars", { role: "img" }), mean: h("td.value"), top: h("td.value.top"), name }));
        replace(body, cells.map(({ canvas, mean, top, name }) => h("tr", h("th", { scope: "row" }, name), h("td.bars-cell", canvas), mean, top)));
      }
      setText(ends.low, number(found.low));
      setText(ends.high, number(found.high));
      setText(tenth, `In the top ${number(found.tenth)}`);
      const most = Math.max(...found.rows.map(({ mean }) => mean));
      cells.forEach(({ canvas, mean, top, name }, k) => {
        const row = found.rows[k];
        setText(mean, steady(row.mean));
        mean.classList.toggle("most", row.mean === most);
        setText(top, number(row.top));
        top.style.setProperty("--share", row.top / found.tenth);
        canvas.setAttribute("aria-label", `${name}: ${row.count} pictures, mean ${number(row.mean)}`);
      });
    },
    draw(colors) {
      if (!spread) return;
      const most = Math.max(...spread.rows.map(({ bins, count }) => Math.max(...bins) / Math.max(1, count))) || 1;
      cells.forEach(({ canvas }, k) => {
        const { pen, width, height } = fit(canvas);
        pen.clearRect(0, 0, width, height);
        const { bins, count, mean } = spread.rows[k];
        pen.fillStyle = css(colors.sequential(0.72));
        bins.forEach((n, i) => {
          const tall = count ? (n / count / most) * (height - 1) : 0;
          pen.fillRect((i * width) / BINS, height - 1 - tall, width / BINS - 1, n ? Math.max(1, tall) : 0);
        });
        pen.fillStyle = colors.line;
        pen.fillRect(0, height - 1, width, 1);
        const at = ((mean - spread.low) / (spread.high - spread.low || 1)) * width;
        pen.fillStyle = colors.ink;
        pen.fillRect(Math.min(width - 1.5, Math.max(0, at - 0.75)), 0, 1.5, height);
      });
    },
  };
}
