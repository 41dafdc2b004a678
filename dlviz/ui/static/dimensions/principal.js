// The principal directions of the codes: how much each holds, and the codes seen along the first two.

import { Album, paintBytes } from "../lib/album.js";
import { h, number, percent, setText } from "../lib/dom.js";
import { Plane, viewOf } from "../lib/plane.js";
import { paintCross, paintPoints } from "../lib/planepaint.js";

const BARS = 32;
const NEAR = 14; // px within which a point is pointed at
const ENOUGH = 0.95; // share of the variance that is asked after

/** `onpick(index)`: the code of a test picture is to go to the sliders. */
export function buildPrincipal({ live, ctx, onpick }) {
  const album = new Album(live, () => ctx.redraw(), { panel: "album", more: () => ({ parameters: false }) });
  const plane = new Plane({ label: "Codes of test pictures along the first two principal directions", names: ["p₁", "p₂"], onhover: (place) => { at = place && nearest(place); ctx.redraw(); }, onpick: () => { if (at !== null && at !== undefined) onpick(at); } });
  plane.canvas.classList.add("dm-plane");
  const bars = h("div.dm-bars", { role: "list", "aria-label": "Share of the variance that each direction holds" });
  const [line, sentence] = [h("p.small.muted.value"), h("p.dm-sentence.value", { "aria-live": "polite" })];
  const [picture, words] = [h("canvas.dm-pointed-picture", { width: 1, height: 1, role: "img" }), h("p.small.value.dm-pointed-words")];
  const pointed = h("div.dm-pointed", picture, words);
  const element = h("section.dm-part", { "aria-label": "Principal directions" }, h("h3", "Principal directions of the codes"), sentence,
    h("div.dm-halves", h("div.stack", h("p.label", "Share of the variance, by direction"), bars, line),
      h("div.dm-seen", plane.canvas, pointed)));
  let [at, points, shown] = [null, null, null];

  function nearest(place) {
    const [x, y] = plane.toPixel(place);
    let [best, least] = [null, NEAR];
    for (let i = 0; points && i < points.length / 2; i += 1) {
      const [u, v] = plane.toPixel([points[2 * i], points[2 * i + 1]]);
      const far = Math.hypot(u - x, v - y);
      if (far < least) [best, least] = [i, far];
    }
    return best;
  }

  /** `rows` of `principalRows`; `codes` (n · latent). */
  function show({ rows, singular, codes, latent, labels, classes, z, colors }) {
    const count = codes.length / latent;
    points = new Float32Array(2 * count);
    const [first, second] = rows;
    for (let i = 0; i < count; i += 1) {
      const code = codes.subarray(i * latent, (i + 1) * latent);
      points[2 * i] = first.value(code);
      points[2 * i + 1] = second ? second.value(code) : 0;
    }
    const here = [first.value(z), second ? second.value(z) : 0];
    plane.view = viewOf([...points, ...here]);
    plane.names = second ? ["p₁", "p₂"] : ["p₁", ""];
    const pen = plane.begin(colors);
    paintPoints(pen, plane, points, labels, colors);
    paintCross(pen, plane, here, colors.ink);
    if (at !== null && at !== undefined && at < count) {
      pen.beginPath();
      pen.arc(...plane.toPixel([points[2 * at], points[2 * at + 1]]), 6, 0, 2 * Math.PI);
      pen.strokeStyle = colors.accent;
      pen.lineWidth = 2;
      pen.stroke();
      album.need([at]);
      const found = album.get(at);
      if (found) paintBytes(picture, found);
      picture.setAttribute("aria-label", `Test picture ${at}`);
      setText(words, `Test picture ${at}${classes.length > 1 ? `: ${classes[labels[at]]}` : ""}. Press to take its code.`);
    } else setText(words, "Point at a code to see its picture. The cross is the code of the sliders.");
    picture.classList.toggle("dm-none", at === null || at === undefined);
    drawBars(rows, singular);
    const shares = rows.map(({ amount }) => amount);
    let [sum, enough] = [0, 0];
    while (enough < shares.length && sum < ENOUGH - 1e-6) { sum += shares[enough]; enough += 1; }
    const two = shares[0] + (shares[1] ?? 0);
    setText(sentence, latent === 1 ? "One number to a code: it is its own principal direction and holds all of the variance." : `The first two of ${latent} directions hold ${percent(two, 0)} of the variance of the codes; ${enough === 1 ? "one holds" : `${enough} hold`} 95 %.${latent === 2 ? " Of two numbers nothing is hidden here: the picture is the plane of codes, turned." : ""}`);
    shown = { points: [...points], shares, singular: [...singular], at: at ?? null, sentence: sentence.textContent };
  }

  function drawBars(rows, singular) {
    const some = rows.slice(0, BARS);
    if (bars.children.length !== some.length) bars.replaceChildren(...some.map(() => h("div.dm-bar", { role: "listitem" }, h("span.small.value"), h("i"), h("span.small.muted"))));
    const most = Math.max(1e-9, ...some.map(({ amount }) => amount));
    some.forEach(({ amount, name, used }, k) => {
      const bar = bars.children[k];
      bar.children[1].style.height = `${(100 * amount) / most}px`;
      setText(bar.children[0], some.length <= 12 ? percent(amount, 0) : "");
      setText(bar.children[2], some.length <= 16 || k % 4 === 0 ? name : "");
      bar.title = `${name}: ${used}, singular value ${number(singular[k])}`;
      bar.setAttribute("aria-label", bar.title);
    });
    setText(line, `Singular values of the centred codes: ${[...singular].slice(0, 8).map((value) => number(value)).join(", ")}${singular.length > 8 ? " …" : ""}`);
  }

  const onPage = (index) => {
    const box = plane.canvas.getBoundingClientRect();
    const [x, y] = plane.toPixel([points[2 * index], points[2 * index + 1]]);
    return [box.left + x, box.top + y];
  };
  return { element, show, onPage, forget: () => { album.clear(); at = null; }, read: () => shown };
}
