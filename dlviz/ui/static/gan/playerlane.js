// One network as a row of stations, from what goes in to what comes out.

import { count, h, replace, setText, steady } from "../lib/dom.js";
import { shapeText } from "./parameters.js";
import { doing } from "./playerstations.js";
import { buildTile } from "./playertile.js";

/** `onpoint(station, at | null)`, `onhold(station, at)`, `onleave()`; `after`: an element that stands at the end. */
export function buildLane({ name, after, onpoint, onhold, onleave }) {
  const row = h("div.gp-row");
  const parameters = h("span.small.muted.value");
  const element = h("section.gp-lane", { "aria-label": name }, h("div.row.gp-lane-head", h("h4", name), parameters), row);
  let built = { key: "", tiles: [] };

  function build(stations) {
    const tiles = stations.map((station) => {
      const tile = buildTile({ label: station.title, onpoint: (at) => onpoint(station.key, at), onhold: (at) => onhold(station.key, at), onleave });
      const title = h("b", station.title);
      const scale = h("span.muted.value");
      const figure = h("figure.gp-station", { "data-station": station.key }, h("figcaption", title, h("span.muted.value", shapeText(station.shape))), tile.canvas, scale);
      return { station, tile, title, scale, figure };
    });
    const arrow = (station) => station.row && h("div.gp-arrow", { "aria-hidden": "true" }, h("span.small.muted", doing(station)), h("span.gp-line"));
    replace(row, tiles.map(({ figure, station }) => h("div.gp-pair", arrow(station), figure)), after ?? null);
    return tiles;
  }

  return {
    element,
    /** `titles`: other titles by key; `lit`, `opened`: by key, places outlined and the one that is read. */
    show({ stations, values, planar, total, titles = {}, lit = {}, opened = {} }, colors) {
      const key = JSON.stringify(stations.map(({ key: of, shape }) => [of, shape, stations.length]));
      if (key !== built.key) built = { key, tiles: build(stations) };
      setText(parameters, `${count(total)} parameters`);
      return built.tiles.map(({ tile, title, scale }, k) => {
        const station = stations[k];
        const isPicture = !planar && (station.key === "shown" || station.key === "generator.output");
        const shown = titles[station.key] ?? station.title;
        setText(title, shown);
        const numbers = values.get(station.key);
        const limit = tile.show({
          values: numbers, shape: station.shape, isPicture, lit: lit[station.key] ?? [], opened: opened[station.key] ?? null,
          label: `${name}, ${shown}, ${shapeText(station.shape)}, ${doing(station) || "given"}`,
        }, colors);
        setText(scale, isPicture ? "−1 black, 1 white" : `± ${steady(limit, 2)}`);
        return { key: station.key, limit, place: (at) => tile.placeOf(at) };
      });
    },
  };
}
