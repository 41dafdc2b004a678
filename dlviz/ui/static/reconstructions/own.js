// The picture on screen, to be drawn, erased, moved or brought from a file, and what the network gives back of it at once.

import { css, rgb } from "../lib/color.js";
import { h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { sliceOf } from "../lib/latentslice.js";
import { buildSheet } from "../lib/pad.js";
import { paintPixels, textOf } from "../lib/pixels.js";
import { Plane, viewOf } from "../lib/plane.js";
import { paintCross, paintPoints } from "../lib/planepaint.js";
import { differenceOf, paintSigned, reconstruct } from "../lib/reconstruction.js";
import { makeSender } from "../lib/sender.js";
import { buildTiles, cellWords } from "../lib/tiles.js";
import { shareBelow } from "./measured.js";

const NUMBERS_SHOWN = 12; // of a code
const TIMES_KEPT = 100;
const BLANK = "Nothing is drawn yet: this is what comes back of an empty picture.";

/** `measured()`: the errors of all test pictures or null; `happened(word)`. */
export function buildOwn({ live, ctx, measured, happened }) {
  const sender = makeSender({ live, frames: (fn) => live.on("frame", fn, ctx.signal), refused: say, settled: () => ctx.redraw() });
  let [own, words, told, look] = [null, "", 0, null]; // own: the pixels drawn here, until the run has them
  let since = null; // when the change began that is not yet drawn
  let shown = null;
  const times = []; // ms from an event to the picture that answers it
  const point = (at) => { look = at; ctx.redraw(); };
  const sheet = buildSheet({ redraw: () => ctx.redraw(), ready: () => Boolean(live.scene), changed, said: say, pointed: point });
  const tiles = buildTiles(["reconstruction", "error"], { size: () => sheet.drawing.shape.slice(1), onpoint: point });
  const [title, status, readout] = [h("h4"), h("p.small.recon-status", { role: "status" }), h("p.small.muted.value.recon-own-readout")];
  const [error, nats, rank, code, place] = [h("td.value"), h("td.value"), h("p.recon-rank.value", { "aria-live": "polite" }), h("p.small.value.recon-code"), h("p.small.muted")];
  const putBack = h("button.chip", { type: "button", onclick: () => { own = null; sender.drop(); live.set({ own_pixels: "" }); } }, "Back to the test picture");
  const classes = h("select", { id: "recon-told", "aria-label": "The class that the network is told", onchange: () => { told = classes.selectedIndex; ctx.redraw(); } });
  const telling = h("label.row.small.recon-telling", { for: "recon-told" }, "The network is told that it is a", h("span.menu", classes));
  const plane = new Plane({ label: "Where the code lies", onhover: () => {} });
  for (const [name, value] of [["role", "img"], ["tabindex", "-1"]]) plane.canvas.setAttribute(name, value);
  const figure = (area, name, ...content) => h("figure.recon-figure", { "data-area": area }, h("figcaption.label", name), content);
  const element = h("section.recon-part.recon-own", { "aria-label": "The picture on screen" },
    h("div.row.recon-head", h("h3", "The picture on screen, or one of your own"), title, h("span.grow"), putBack),
    h("p.muted", "Draw into the picture, erase, move, turn or scale it, or bring one from a file: the network answers each stroke here in the page. It goes to the run as well, so that every panel shows it."),
    telling, status,
    h("div.recon-board",
      figure("pad", "Picture", sheet.element), figure("again", "Reconstruction", tiles.tiles[0]), figure("error", "Error: reconstruction − picture", tiles.tiles[1]),
      figure("plane", "Where its code lies among those of test pictures", plane.canvas, place),
      h("div.recon-found", readout, rank, h("table.recon-table", h("tr", h("th", "Squared error"), error), h("tr", h("th", "−log p(x | z)"), nats)), code)));
  let listed = "";

  function say(text) {
    words = text;
    ctx.redraw();
  }

  function changed(bytes, event) {
    own = Float32Array.from(bytes, (byte) => byte / 255);
    since ??= event?.timeStamp ?? performance.now();
    words = "";
    sender.send(textOf(bytes), event?.timeStamp ?? performance.now());
    happened("drew");
  }

  live.on("scene", (scene) => {
    const text = scene.numbers.spec.own_pixels;
    const { shape, data } = scene.arrays.picture;
    const mine = (sender.busy || (text !== "" && text === sender.last)) && String(shape) === String(sheet.drawing.shape);
    if (mine) return;
    own = null;
    sheet.load(shape, data);
    words = "";
  }, ctx.signal);

  function draw(moment, frame) {
    const { scene, network } = moment;
    const { spec, shape, classes: names, label: known } = scene.numbers;
    const isOwn = own !== null || spec.own_pixels !== "";
    if (listed !== names.join()) {
      listed = names.join();
      replace(classes, names.map((name) => h("option", name)));
      told = 0;
    }
    const label = isOwn ? told : known ?? 0;
    telling.classList.toggle("hidden", !(network.told && isOwn));
    const pixels = own ?? scene.arrays.picture.data;
    if (pixels.length !== shape.reduce((a, b) => a * b)) return; // drawn for the pictures of before
    if (shown?.moment !== moment || shown.pixels !== pixels || shown.label !== label || shown.colors !== ctx.colors) {
      const item = reconstruct(network, spec, pixels, label);
      const difference = differenceOf(item.picture, pixels, shape);
      paintPixels(tiles.canvases[0], item.picture, shape);
      paintSigned(tiles.canvases[1], difference, shape, ctx.colors);
      shown = { moment, pixels, label, colors: ctx.colors, item, difference, isOwn };
      if (since !== null) {
        times.push(performance.now() - since);
        times.splice(0, times.length - TIMES_KEPT);
        since = null;
      }
    }
    const { item } = shown;
    sheet.draw(ctx.colors, look && { top: look.y, left: look.x, bottom: look.y, right: look.x });
    tiles.mark(look);
    setText(title, isOwn ? "Your picture" : `Test picture ${spec.picture}: ${names[known ?? 0]}`);
    putBack.classList.toggle("away", !isOwn);
    setText(status, words || (isOwn && sheet.drawing.isBlank ? BLANK : ""));
    setText(error, `${steady(item.squaredError, 4)}, the mean over ${number(pixels.length)} numbers`);
    setText(nats, `${number(item.nats, 4)} nats`);
    setText(rank, rankWords(item, measured()));
    setText(code, codeWords(item));
    setText(readout, look ? cell(look, shape) : "Point at one of the three to read the same cell of all.");
    paintPlane(network, frame, scene, item);
  }

  function cell(at, shape) {
    const { item, pixels } = shown;
    const write = (values) => cellWords(values, at, shape);
    return `Row ${at.y}, column ${at.x}: picture ${write(pixels)}, reconstruction ${write(item.picture)}, error ${write(item.picture.map((x, i) => x - pixels[i]))}`;
  }

  function rankWords({ squaredError }, now) {
    if (!now) return "";
    const { errors } = now.test;
    const below = shareBelow(errors, squaredError);
    const all = `the ${number(errors.length)} test pictures`;
    if (below === 1) return `More unusual than all of ${all}: none comes out with so large an error.`;
    if (below === 0) return `Less unusual than all of ${all}: none comes out with so small an error.`;
    const share = `${percent(below, below > 0.99 ? 1 : 0)} of ${all}`;
    return below < 0.5 ? `Nothing unusual: its squared error is larger than those of ${share}.` : `More unusual than ${share}: their squared errors are smaller.`;
  }

  function codeWords({ mean, logVariance }) {
    const some = [...mean.subarray(0, NUMBERS_SHOWN)].map((x) => steady(x, 2)).join(", ");
    const more = mean.length > NUMBERS_SHOWN ? `, … (${mean.length} numbers)` : "";
    const spread = logVariance ? ` σ = (${[...logVariance.subarray(0, NUMBERS_SHOWN)].map((x) => steady(Math.exp(x / 2), 2)).join(", ")}${mean.length > NUMBERS_SHOWN ? ", …" : ""}).` : "";
    return `Code: ${logVariance ? "μ" : "z"} = (${some}${more}).${spread}`;
  }

  function paintPlane(network, frame, scene, item) {
    const { latent } = network;
    const codes = frame?.arrays.mean;
    if (!codes || codes.shape[1] !== latent) return;
    const slice = sliceOf({ latent, principal: latent > 2, center: frame.arrays.center?.data, axes: frame.arrays.axes?.data });
    const count = codes.shape[0];
    const points = new Float32Array(2 * count);
    for (let i = 0; i < count; i += 1) points.set(slice.toPlane(codes.data.subarray(i * latent, (i + 1) * latent)), 2 * i);
    const here = slice.toPlane(item.mean);
    plane.names = latent > 2 ? ["1st", "2nd"] : slice.names; // beside the numbers of the axis there is room for no more
    plane.view = viewOf([...points, ...here]);
    const pen = plane.begin(ctx.colors);
    const labels = scene.arrays.labels.data.subarray(0, count);
    paintPoints(pen, plane, points, labels, ctx.colors, { radius: 2, strength: 0.6 });
    paintCross(pen, plane, here, css(rgb(ctx.colors.ink)));
    shown.place = here;
    plane.canvas.setAttribute("aria-label", `Where the code lies: ${slice.names[0]} ${number(here[0])}${latent > 1 ? `, ${slice.names[1]} ${number(here[1])}` : ""}`);
    setText(place, `${latent > 2 ? `The two directions in which the ${latent} numbers of a code spread most` : latent === 2 ? "The two numbers of the code" : "The one number of the code"}; ${count} test pictures in the colours of their classes, this picture at the cross.`);
  }

  return {
    element, draw,
    read: () => shown && {
      step: shown.moment.step, own: shown.isOwn, label: shown.label, pixels: [...shown.pixels], bytes: [...sheet.bytes()], picture: [...shown.item.picture], difference: [...shown.difference],
      squaredError: shown.item.squaredError, nats: shown.item.nats, mean: [...shown.item.mean], place: shown.place ?? null, look,
      rank: rank.textContent, status: status.textContent, readout: readout.textContent, times: [...times], busy: sender.busy,
    },
    get item() { return shown?.item ?? null; },
  };
}
