// The same test pictures through every size of the code: a row a size, autoencoder and a rival side by side.

import { paintBytes } from "../lib/album.js";
import { h, number, replace, setText } from "../lib/dom.js";
import { NAMES } from "./sweep.js";

const [ACROSS, ACROSS_NARROW, NARROW] = [6, 3, 640];

/** `{element, show({sweep, classes, chosen})}`; `onpick(k)`: a row. */
export function buildTiles({ redraw, onpick }) {
  let [from, only, rival] = [0, null, "pca"];
  let shown = [];
  const change = (fn) => {
    fn();
    redraw();
  };
  const chips = h("div.row", { role: "group", "aria-label": "Pictures of one class" });
  const turn = (way) => change(() => { from += way * across(); });
  const back = h("button.square", { type: "button", "aria-label": "Pictures before", onclick: () => turn(-1) }, "‹");
  const on = h("button.square", { type: "button", "aria-label": "Pictures after", onclick: () => turn(1) }, "›");
  const where = h("span.small.muted.value");
  const rivals = h("div.segments", { role: "group", "aria-label": "Beside the autoencoder" }, ["pca", "linear"].map((name) => h("button.chip", { type: "button", "data-rival": name, onclick: () => change(() => { rival = name; }) }, NAMES[name])));
  const table = h("table.compression-tiles");
  const element = h("div.stack", h("div.row.compression-pager", chips, h("span.grow"), back, where, on), h("div.row", h("span.label", "Beside the autoencoder"), rivals), h("div.compression-frame", table));
  let built = "";
  const across = () => (element.clientWidth < NARROW ? ACROSS_NARROW : ACROSS);

  function build(sweep, classes) {
    const key = `${sweep.sizes.join()} ${across()} ${rival}`;
    if (chips.dataset.of !== classes.join()) {
      chips.dataset.of = classes.join();
      only = null;
      from = 0;
      replace(chips, classes.length > 1 ? classes.map((name, i) => h("button.chip", { type: "button", "aria-pressed": "false", onclick: () => change(() => { only = only === i ? null : i; from = 0; }) }, name)) : []);
    }
    if (built === key) return;
    built = key;
    table.painted = null;
    const cells = () => Array.from({ length: across() }, () => h("td", h("canvas.thumb", { width: 1, height: 1 })));
    const gap = () => h("td.gap");
    replace(table,
      h("thead", h("tr", h("th"), h("th", { colspan: across() }, NAMES.autoencoder), h("td.gap"), h("th", { colspan: across() }, NAMES[rival]))),
      h("tbody", [null, ...sweep.sizes].map((size, row) => h("tr", { "data-size": size ?? "original" },
        h("th", size === null ? "Original" : h("button.plain", { type: "button", onclick: () => onpick(row - 1) }, h("b", String(size)), h("span.small.muted.value"))), cells(), gap(), cells()))));
  }

  function show({ sweep, classes, chosen }) {
    build(sweep, classes);
    const all = sweep.truth.map((label, i) => (only === null || label === only ? i : -1)).filter((i) => i >= 0);
    from = Math.max(0, Math.min(from, Math.ceil(all.length / across()) * across() - across()));
    shown = all.slice(from, from + across());
    back.disabled = from === 0;
    on.disabled = from + across() >= all.length;
    setText(where, all.length ? `${from + 1}–${from + shown.length} of ${all.length}` : "none of this class");
    [...chips.children].forEach((chip, i) => chip.setAttribute("aria-pressed", String(only === i)));
    for (const chip of rivals.children) chip.setAttribute("aria-pressed", String(chip.dataset.rival === rival));
    const painted = [sweep, chosen, rival, across(), ...shown];
    if (table.painted?.length === painted.length && painted.every((each, k) => each === table.painted[k])) return;
    table.painted = painted;
    const missing = (name) => (sweep.methods[name] ? NAMES[name] : `${NAMES[name]}, not trained yet`);
    const heads = table.tHead.rows[0].cells;
    setText(heads[1], missing("autoencoder"));
    setText(heads[3], missing(rival));
    [...table.tBodies[0].rows].forEach((row, r) => {
      const k = r - 1;
      row.classList.toggle("chosen", k === chosen);
      if (k >= 0) setText(row.querySelector(".small"), `${(sweep.rawBytes / (4 * sweep.sizes[k])).toFixed(sweep.rawBytes / (4 * sweep.sizes[k]) < 10 ? 1 : 0)}× smaller`);
      const canvases = row.querySelectorAll("canvas");
      canvases.forEach((canvas, c) => {
        const method = c < across() ? "autoencoder" : rival;
        const i = shown[c % across()];
        const there = i !== undefined && (k < 0 || sweep.has(method, k));
        canvas.classList.toggle("absent", !there);
        if (!there) {
          Object.assign(canvas, { width: 1, height: 1 }); // what stood there before is wiped
          for (const name of ["title", "role", "aria-label"]) canvas.removeAttribute(name);
          return;
        }
        paintBytes(canvas, k < 0 ? sweep.picture(i) : sweep.picture(i, method, k));
        const said = k < 0 ? `Test picture ${i}: ${classes[sweep.truth[i]]}` : `Test picture ${i} from ${sweep.sizes[k]} numbers, ${NAMES[method]}: squared error ${number(sweep.errorOf(i, method, k))}`;
        canvas.title = said;
        canvas.setAttribute("role", "img");
        canvas.setAttribute("aria-label", said);
      });
    });
  }

  return { element, show, get shown() { return shown; }, get rival() { return table.painted?.[2] ?? rival; } };
}
