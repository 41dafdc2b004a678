// One network of the two: its plane of codes with what is decoded at the cross, and under it the tiles and the map.

import { h, setText } from "../lib/dom.js";
import { paintPath } from "../lib/planepaint.js";
import { inSlices } from "../lib/slices.js";
import { Layer } from "./layer.js";
import { paintCodes, paintMap, paintPlace, tiles, TILES } from "./paintings.js";
import { LABELS } from "./race.js";
import { buildReading } from "./reading.js";
import { mapWords } from "./words.js";

/** `{element, show(now), draw(now, colors), layers}`; `now`: what the component shows, see `shown` there. */
export function buildColumn({ kind, place, ctx }) {
  const label = LABELS[kind];
  const layers = {
    codes: new Layer({ label: `${label}: codes of the test pictures`, place }),
    tiles: new Layer({ label: `${label}: what is decoded all over the plane`, place }),
    map: new Layer({ label: `${label}: how sure the classifier is`, place }),
  };
  const reading = buildReading(label);
  const size = h("span.small.muted.value");
  const mapTitle = h("p.label");
  const mapSaid = h("p.small.value.mapsaid");
  const element = h("figure.column", { "data-network": kind },
    h("figcaption.row", h("h4", label), h("span.grow"), size),
    h("div.look", layers.codes.element, reading.element),
    h("div.under",
      h("div.stack", h("p.label", `Decoded: ${TILES} × ${TILES} places`), layers.tiles.element),
      h("div.stack", mapTitle, layers.map.element)),
    mapSaid);
  const painted = new WeakMap(); // side → canvas of its tiles; null while on the way

  function tilesOf(side, moment, shape) {
    if (!painted.has(side)) {
      painted.set(side, null);
      inSlices(tiles(side, moment.reach, shape), (canvas) => { painted.set(side, canvas); ctx.redraw(); }, { signal: ctx.signal });
    }
    return painted.get(side);
  }

  /** Words and the picture at the cross. */
  function show({ race, moment, i, at, read }) {
    const side = moment[kind];
    const { u, z, picture, probabilities } = at[kind];
    reading.show({ u, z, picture, shape: race.shape, probabilities, classes: race.plan.classes });
    setText(size, `${moment.labels.length} codes × ${race.settings.latent}${side.clouds ? ", each a cloud (1 σ)" : ""}`);
    setText(mapTitle, side.confidence ? "How sure the classifier is" : "Where codes lie near");
    setText(mapSaid, mapWords(race, kind, moment, i));
    element.classList.toggle("read", Boolean(read));
  }

  function draw({ race, moment, at, from, to }, colors) {
    const side = moment[kind];
    const { reach, labels } = moment;
    const names = race.settings.latent > 2 ? ["1st, in σ", "2nd, in σ"] : ["z₁, in σ", "z₂"];
    const key = `${race.settings.key} ${moment.step} ${race.moments.length}`;
    const { u } = at[kind];
    const ends = race.settings.latent === 2 || at.how === "picture" ? [side.placeOf(from), side.placeOf(to)] : null;
    const cross = (pen, plane) => paintPlace(pen, plane, u, colors);
    const shared = { reach, names, colors };
    layers.codes.draw({ ...shared, key, under: (pen, plane) => paintCodes(pen, plane, side, labels, colors), over: (pen, plane) => {
      if (ends && from !== to) paintPath(pen, plane, ends, colors.ink, 1.5);
      cross(pen, plane);
    } });
    const canvas = tilesOf(side, moment, race.shape);
    layers.tiles.draw({ ...shared, names: ["", ""], key: `${key} ${Boolean(canvas)}`, under: (pen, plane, width, height) => {
      pen.imageSmoothingEnabled = canvas && canvas.width > width * devicePixelRatio;
      if (canvas) pen.drawImage(canvas, 0, 0, width, height);
    }, over: cross });
    layers.map.draw({ ...shared, names: ["", ""], key, under: (pen, plane, width, height) => paintMap(pen, plane, side, reach, colors, width, height), over: cross });
  }

  return { element, show, draw, layers, hasTiles: (side) => Boolean(painted.get(side)) };
}
