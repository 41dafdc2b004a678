// The canvas of the plane, drawn from what is seen: layers below, the places above.

import { fit } from "../lib/dom.js";
import { paintMap } from "./planedensity.js";
import { classifiedCells, paintAxes, paintCells, paintCodes, paintPlaces, paintPrior, paintTiles } from "./planelayers.js";
import { SIDE } from "./planesight.js";
import { paintHills, paintLanes, paintLineAxis, paintLinePlaces, partsOf } from "./planeline.js";

/** `paint(sight, {options, alone, classes, places, colors})` draws it all; `forget()` after another theme. */
export function makeCanvas(plane) {
  const codes = document.createElement("canvas");
  const field = document.createElement("canvas");
  let [codesKey, fieldOf, cells, cellsOf, drawn] = ["", null, null, null, null];

  // The layer of the codes is painted again only when something of it changed.
  function keep(key, paint) {
    if (codesKey !== key) {
      codesKey = key;
      drawn = paint() ?? null;
    }
  }

  function layerKey(sight, { on }, alone) {
    const { view, stretched, origin, canvas } = plane;
    return [sight.gliding.version, view.x, view.y, stretched, origin, canvas.width, canvas.height, alone, on.points, on.clouds, on.tiles].join("/");
  }

  function cellsFor(tiles, classes, colors) {
    if (cellsOf !== tiles) [cells, cellsOf] = [classifiedCells(tiles, classes.length, colors), tiles];
    return cells;
  }

  function onPlane(pen, sight, { options, alone, classes, places, colors }, size) {
    const { on } = options;
    const fits = (found) => found && found.space === sight.space;
    if (on.tiles) {
      if (fits(sight.tiles)) paintTiles(pen, plane, { ...sight.tiles, side: SIDE }, colors);
      if (fits(sight.growing)) paintTiles(pen, plane, { ...sight.growing, side: SIDE }, colors);
      if (on.classes && fits(sight.tiles) && sight.tiles.confidence && !fits(sight.growing)) paintCells(pen, plane, { canvas: cellsFor(sight.tiles, classes, colors), box: sight.tiles.box }, false);
    }
    if (on.density && fits(sight.field)) {
      if (fieldOf !== sight.field) {
        fieldOf = sight.field;
        paintMap(field, sight.field, colors);
      }
      pen.globalAlpha = on.tiles ? 0.6 : 1;
      paintCells(pen, plane, { canvas: field, box: sight.field.box }, true);
      pen.globalAlpha = 1;
    }
    const sayAxes = paintAxes(pen, plane, colors, size);
    const sayPrior = on.prior && sight.variational ? paintPrior(pen, plane, colors) : null;
    keep(layerKey(sight, options, alone), () => paintCodes(codes, plane, sight.gliding.now, sight.labels, { alone, clouds: on.clouds, dots: on.points, ringed: on.tiles }, colors));
    pen.drawImage(codes, 0, 0, size.width, size.height);
    sayPrior?.();
    sayAxes();
    paintPlaces(pen, plane, { ...places, points: sight.gliding.now.points }, colors);
  }

  function onLine(pen, sight, { options, alone, classes, places, colors }, size) {
    const { on } = options;
    const hasTiles = on.tiles && (sight.tiles ?? sight.growing)?.space === sight.space;
    const parts = partsOf(size, on.tiles, SIDE);
    if (hasTiles) {
      const tiles = sight.growing ?? sight.tiles;
      const [left, , wide] = plane.boxOf({ x: tiles.box.x, y: [0, 1] });
      pen.imageSmoothingEnabled = false;
      pen.drawImage(tiles.sheet, left, parts.tiles[0], wide, parts.tiles[1] - parts.tiles[0]);
      if (on.classes && sight.tiles?.confidence && !sight.growing) pen.drawImage(cellsFor(sight.tiles, classes, colors), left, parts.tiles[0], wide, parts.tiles[1] - parts.tiles[0]);
      pen.imageSmoothingEnabled = true;
    }
    keep(layerKey(sight, options, alone), () => paintLanes(codes, plane, sight.gliding.now, sight.labels, { alone, clouds: on.clouds, dots: on.points, classes: classes.length, names: classes, parts }, colors));
    pen.drawImage(codes, 0, 0, size.width, size.height);
    paintHills(pen, plane, { mixture: sight.mixture, hasPrior: on.prior && sight.variational, hasCodes: on.density, parts }, colors, size.width);
    paintLineAxis(pen, plane, parts, colors, size.width);
    paintLinePlaces(pen, plane, places, parts, colors, hasTiles ? parts.tiles[1] : parts.axis[0]);
  }

  return {
    paint(sight, given) {
      const { pen, width, height } = fit(plane.canvas);
      pen.clearRect(0, 0, width, height);
      (sight.flat ? onLine : onPlane)(pen, sight, given, { width, height });
    },
    /** Of how many test pictures the clouds are drawn. */
    get clouds() { return drawn; },
    forget() {
      [codesKey, fieldOf, cellsOf] = ["", null, null];
    },
  };
}
