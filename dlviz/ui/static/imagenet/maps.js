// What each stage of the network makes of the picture: rows of maps, the strongest first, fetched when they come into
// sight; on the picture beside them what the cell pointed at can see; and one map enlarged, with its exact numbers.

import { h, number, replace, setText } from "../lib/dom.js";
import { Grid } from "../lib/grid.js";
import { MapRow } from "./maprow.js";
import { Seen } from "./seen.js";

export const STAGES = ["stem", "stage1", "stage2", "stage3", "stage4", "stage5", "stage6", "stage7", "head"];
const ASK = "Point at a map to read it; click it to enlarge it.";

/** `panel`: {ctx, version, source(), resting(), nudge()}, see component.js. */
export function buildMaps(panel) {
  const { ctx } = panel;
  let focus = null; // the place pointed at
  let opened = null; // {row, k, channel, version, values | null}
  const seen = new Seen(null);
  const enlarged = new Seen(null);
  const says = h("p.says.value", { "aria-live": "off" }, ASK);
  const rows = STAGES.map((name) => new MapRow(name, { point, open, more: () => panel.nudge() }));
  const grid = new Grid({ label: "The map, enlarged", largest: 40, onhover: look, onwalk: look, onpick: look });
  const read = h("p.read.value");
  const open_ = h("div.opened", h("div.opened-map", grid.element, read), h("div.opened-seen", h("p.label", "What the cell can see"), enlarged.canvas),
    h("button.chip", { type: "button", onclick: () => open(null) }, "Close"));
  const element = h("section.part", h("h3", "What each stage makes of it"),
    h("p.muted.lead", "Each row is a stage with its strongest maps, from the pixels at the top to the last maps, from which the answer is read. Further down the cells are fewer and larger, "
      + "and each sees more of the picture. Every map has a scale of its own: blue is positive, orange negative."),
    h("div.maps-wall", h("div.maps-side", seen.canvas, says), h("div.maps-rows", rows.map((row) => row.element))));
  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) rows.find((row) => row.element === target).inSight = isIntersecting;
    panel.nudge();
    ctx.redraw();
  }, { rootMargin: "120px" });
  for (const row of rows) sight.observe(row.element);
  ctx.signal.addEventListener("abort", () => sight.disconnect());

  function point(place) {
    focus = place;
    setText(says, place ? place.row.inWords(place) : ASK);
    seen.field = place && place.y !== null ? place.row.fieldOf(place) : null;
    ctx.redraw();
  }

  function open(place) {
    const again = place && opened?.row === place.row && opened.k === place.k;
    open_.remove();
    opened = place && !again ? { ...place, channel: place.row.found.channels[place.k], version: -1, values: null } : null;
    if (opened) opened.row.below.append(open_);
    grid.cursor = null;
    look(null);
    panel.nudge();
    ctx.redraw();
  }

  function look(place) {
    const row = opened?.row;
    enlarged.field = place && row ? row.fieldOf({ y: place[0], x: place[1] }) : null;
    const value = place && opened?.values ? grid.at(place) : null;
    setText(read, value === null ? "Point at a cell." : `Row ${place[0] + 1}, column ${place[1] + 1}: ${number(value, 4)}`);
    grid.light("point", place ? { cells: [place], stroke: ctx.colors.accent, width: 2 } : null);
    ctx.redraw();
  }

  function refused(answer) {
    panel.fail(answer.numbers.text);
  }

  return {
    element,
    take(bytes) {
      for (const each of [seen, enlarged]) each.take(bytes);
      for (const row of rows) row.element.classList.add("waiting");
    },
    /** The next job: the map that is open, then the rows in sight. */
    next() {
      if (!panel.resting()) return null;
      const { version } = panel;
      if (opened && opened.version !== version) {
        const asked = opened;
        return {
          options: { ...panel.source(), only: "maps", stage: asked.row.name, channel: asked.channel },
          took(answer) {
            if (answer.kind !== "reply") refused(answer);
            if (asked !== opened) return;
            opened.version = version;
            if (answer.kind !== "reply") return;
            const { data, shape: [height, width] } = answer.arrays.map;
            opened.values = data;
            grid.set({ values: data, rows: height, cols: width, hatched: false, signed: data.some((value) => value < 0), title: `${asked.row.name} · map ${asked.channel + 1}`, shape: `${height} × ${width}` });
            look(null);
          },
        };
      }
      const row = rows.find((each) => each.wants(version));
      if (!row) return null;
      return {
        options: { ...panel.source(), only: "maps", stage: row.name, first: row.first },
        took(answer) {
          if (answer.kind !== "reply") {
            refused(answer);
            row.inSight = false; // until it is scrolled away and back, or something changes
            return;
          }
          row.take(answer, version);
          if (focus?.row === row) point(null);
          ctx.redraw();
        },
      };
    },
    draw(colors) {
      seen.draw(colors);
      for (const row of rows) row.draw(colors, focus, opened);
      if (!opened?.values) return;
      grid.draw(colors);
      enlarged.draw(colors);
    },
    /** For tests: what is shown. */
    expose: () => ({
      says: says.textContent, field: seen.field,
      rows: rows.map((row) => ({ name: row.name, version: row.found?.version, channels: row.found && [...row.found.channels], range: row.found && [...row.found.range], shape: row.shape.textContent, sees: row.sees.textContent })),
      opened: opened && { stage: opened.row.name, channel: opened.channel, values: opened.values && [...opened.values], field: enlarged.field },
    }),
    /** Where cell (y, x) of the k-th map of a stage is on the page. */
    middle(name, k, y, x) {
      const row = rows.find((each) => each.name === name);
      const box = row.canvas.getBoundingClientRect();
      const [left, top] = row.boxOf(k);
      return [box.left + left + ((x + 0.5) * row.tile) / row.found.cols, box.top + top + ((y + 0.5) * row.tile) / row.found.rows];
    },
    valueAt: (name, k, y, x) => rows.find((each) => each.name === name).valueAt({ k, y, x }),
  };
}
