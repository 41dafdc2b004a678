// The kernels of a convolution as they change: chips to choose one, tiles or a matrix, and one kernel opened.

import { css } from "../lib/color.js";
import { fit, h, number, percent, replace, setText } from "../lib/dom.js";
import { Follower } from "./follower.js";
import { buildLens } from "./lens.js";
import { buildMatrix } from "./matrix.js";
import { buildTiles } from "./tiles.js";
import { convolutions, inputName, rowOf, shapeText } from "./units.js";

const PACE = 330; // ms between two looks while it trains
const [OUTPUTS, INPUTS] = [64, 32]; // what the probe gives at a time

/** `choose(unit)` opens a filter below; `structure()` names the network as it was built. */
export function buildKernels({ live, ctx, structure, choose, chosen }) {
  const chips = h("div.row.layers", { role: "group", "aria-label": "Convolution" });
  const reading = h("p.reading");
  const problem = h("p.problem", { role: "alert", hidden: true });
  const lens = buildLens();
  const parts = { tiles: buildTiles({ onpoint: point, onpick: pick }), matrix: buildMatrix({ onpoint: point, onpick: pick }) };
  const pages = h("div.row.pages");
  const scale = h("canvas.scale", { role: "img" });
  const ends = { low: h("span"), high: h("span") };
  const words = h("p.label.caption");
  const element = h("section.kernels", { "aria-label": "Kernels" },
    h("h3", "The kernels"), chips, reading, problem,
    h("div.kernel-field",
      h("div.field-side", pages, parts.tiles.element, parts.matrix.element,
        h("div.legend", scale, h("div.ends.value", ends.low, h("span", "0"), ends.high)), words),
      lens.element));
  let layer = null; // the name of the convolution that is shown
  let from = [0, 0]; // the first filter and the first incoming map of the window
  let found = null; // what the probe gave, see `read`
  let began = { key: "", data: null }; // the first weights of that window
  let hovered = null; // {k, c}
  let built = "";

  const rows = () => live.scene.numbers.rows;
  const windowKey = () => `${live.shown} ${structure()} ${layer} ${from}`;
  const follower = new Follower({
    live, ctx, panel: "filters", pace: PACE, took, refused,
    wish: () => {
      settle();
      const { picture, own_pixels: own } = live.scene.numbers.spec;
      const options = { row: layer, output_from: from[0], input_from: from[1], first: began.key !== windowKey(), parameters: false };
      return { key: `${windowKey()} ${picture} ${own}`, options, window: windowKey() };
    },
  });

  /** The layer and the window exist, whatever the network has become. */
  function settle() {
    const known = convolutions(rows());
    if (!known.some(({ name }) => name === layer)) [layer, from, hovered] = [known[0].name, [0, 0], null];
    const { output_shape: [outputs], input_shape: [inputs] } = rowOf(rows(), layer);
    if (from[0] >= outputs || from[1] >= inputs) from = [0, 0];
  }

  function took({ arrays, step }, { window, options }) {
    const { data: weight, shape: [outputs, inputs, side] } = arrays.weight;
    if (arrays.first) began = { key: window, data: arrays.first.data };
    const list = (name) => arrays[name].data;
    found = {
      step, row: options.row, weight, outputs, inputs, side, from: list("output_from")[0], inputFrom: list("input_from")[0],
      limit: list("limit")[0] || 1, moved: list("moved"), norm: list("norm"), bias: list("bias"), strongest: list("strongest"),
      layerMoved: list("layer_moved")[0], first: began.key === window ? began.data : null, fresh: true,
    };
    problem.hidden = true;
    ctx.redraw();
  }

  function refused(text) {
    problem.hidden = false;
    setText(problem, text);
  }

  // ---- what a person does

  function open(name, window = [0, 0]) {
    if (name === layer && String(window) === String(from)) return;
    [layer, from, hovered, found] = [name, window, null, name === layer ? found : null];
    follower.nudge();
    ctx.redraw();
  }

  function point(place) {
    hovered = place;
    ctx.redraw();
  }

  function pick({ k, c }) {
    hovered = { k, c };
    choose({ row: layer, channel: k });
  }

  // ---- what is shown

  function showChips() {
    const known = convolutions(rows());
    const key = JSON.stringify([known, layer]);
    if (key === built) return;
    built = key;
    replace(chips, known.map((row) => h("button.chip.layer", {
      type: "button", "aria-pressed": String(row.name === layer), onclick: () => open(row.name),
    }, h("b", row.name), h("span.value", shapeText([row.output_shape[0], row.input_shape[0], row.kernel_size, row.kernel_size])))));
  }

  function showPages({ output_shape: [outputs], input_shape: [inputs] }) {
    const steps = (word, at, size, total, place) => {
      if (total <= size) return null;
      const go = (way) => open(layer, from.with(place, at + way * size));
      return h("span.row.page", h("button.square", { type: "button", "aria-label": `Earlier ${word}`, disabled: at === 0, onclick: () => go(-1) }, "‹"),
        h("span.small.value", `${word} ${number(at + 1)}–${number(Math.min(total, at + size))} of ${number(total)}`),
        h("button.square", { type: "button", "aria-label": `Later ${word}`, disabled: at + size >= total, onclick: () => go(1) }, "›"));
    };
    const key = `${layer} ${from} ${outputs} ${inputs}`;
    if (pages.dataset.shows === key) return;
    pages.dataset.shows = key;
    replace(pages, steps("filters", from[0], OUTPUTS, outputs, 0), steps("maps read", from[1], INPUTS, inputs, 1));
  }

  /** The kernel to open: the one pointed at, else the first of the filter chosen, else the first. */
  function place() {
    const inside = ({ k, c }) => k >= found.from && k < found.from + found.outputs && c >= found.inputFrom && c < found.inputFrom + found.inputs;
    const unit = chosen();
    const options = [hovered, unit.row === layer ? { k: unit.channel, c: found.inputFrom } : null];
    return options.find((each) => each && inside(each)) ?? { k: found.from, c: found.inputFrom };
  }

  function showLens(row) {
    const { k, c } = place();
    const { side, inputs, weight, first, limit } = found;
    const [i, j] = [k - found.from, c - found.inputFrom];
    const cells = side * side;
    const cut = (data) => data && [...data.subarray((i * inputs + j) * cells, (i * inputs + j + 1) * cells)];
    lens.show({
      title: `Map ${k + 1} of ${layer} from ${inputName(rows(), row, c)}`, kernel: cut(weight), first: cut(first), side, limit,
      filter: { inputs: row.input_shape[0], norm: found.norm[i], moved: found.moved[i], bias: found.bias[i], strongest: found.strongest[i] },
    });
    lens.draw(ctx.colors);
  }

  function draw() {
    follower.nudge();
    settle();
    showChips();
    const row = rowOf(rows(), layer);
    showPages(row);
    if (!found || found.row !== layer || found.outputs + found.from > row.output_shape[0]) return;
    const shown = row.name === convolutions(rows())[0].name ? "tiles" : "matrix"; // the first one reads one picture, or three colours
    for (const [name, part] of Object.entries(parts)) part.element.classList.toggle("hidden", name !== shown);
    const part = parts[shown];
    if (found.fresh || found.colors !== ctx.colors) part.show(found, ctx.colors);
    [found.fresh, found.colors] = [false, ctx.colors];
    const unit = chosen();
    part.mark(unit.row === layer ? unit.channel : null);
    part.draw?.(ctx.colors);
    setText(reading, sentence(row));
    setText(words, caption(row, shown));
    showScale();
    showLens(row);
  }

  function sentence({ kernel_size: k, input_shape: [inputs], output_shape: [outputs] }) {
    const before = inputName(rows(), rowOf(rows(), layer), 0).replace(/^map \d+ of /, "");
    const read = before.startsWith("the ") ? (inputs === 1 ? "the picture" : "the three colours of the picture") : `the ${number(inputs)} maps of ${before}`;
    const moved = found.step === 0 ? "Nothing has been learned yet: these are the random first weights." : `At step ${number(found.step)} the layer has moved ${percent(found.layerMoved)} from its first weights, ‖w\u00a0−\u00a0w₀‖\u00a0/\u00a0‖w₀‖.`;
    return `${number(outputs)} filter${outputs === 1 ? "" : "s"} of ${k}\u00a0×\u00a0${k} read${outputs === 1 ? "s" : ""} ${read}. ${moved}`;
  }

  function caption({ input_shape: [inputs] }, shown) {
    const scaled = "One scale for the whole layer.";
    if (shown === "matrix") return `${scaled} A row makes one map, a column reads one; beside each row how far the filter has moved. Point at a kernel to open it, press it to see what excites its map.`;
    const colour = inputs === 3 ? " Above, the filter as a colour: a weight of 0 is half bright. Below, its red, green and blue with their signs." : "";
    return `${scaled}${colour} Under each filter its number and how far it has moved. Press one to see what excites it.`;
  }

  function showScale() {
    const { pen, width, height } = fit(scale);
    for (let x = 0; x < width; x += 1) {
      pen.fillStyle = css(ctx.colors.diverging((2 * x) / Math.max(1, width - 1) - 1));
      pen.fillRect(x, 0, 1.5, height);
    }
    setText(ends.low, `−${number(found.limit)}`);
    setText(ends.high, `+${number(found.limit)}`);
    scale.setAttribute("aria-label", `Colours from ${ends.low.textContent} to ${ends.high.textContent}`);
  }

  function read() {
    return found && {
      row: layer, step: found.step, busy: follower.busy, from: [found.from, found.inputFrom], shape: [found.outputs, found.inputs, found.side], weight: [...found.weight],
      first: found.first && [...found.first], moved: [...found.moved], limit: found.limit, lens: lens.text(), reading: reading.textContent, at: place(),
    };
  }

  return { element, draw, read, open };
}
