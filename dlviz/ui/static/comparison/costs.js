// What each cell costs: its matrices drawn to scale, its parameters and multiplications by formula.

import { CELL_NAMES, cellColor, KINDS } from "../lib/cellkinds.js";
import { css, rgb } from "../lib/color.js";
import { count, h, number, replace, setText, svg } from "../lib/dom.js";
import { GATES, inLetters, layersOf } from "./formulas.js";

const [WIDE, TALL] = [230, 240]; // px that the largest drawing may take
const GAP = 3; // px between two gates
const ROOM = 15; // px that a name needs

export function buildCosts(stage) {
  const { live, ctx } = stage;
  const cards = KINDS.map((cell) => {
    const parts = { title: h("h4"), size: h("p.small.muted.value"), drawing: h("div.drawing"), parameters: h("div.formula"), products: h("div.formula"), share: h("p.share.value") };
    return { cell, parts, element: h("article.cost", { "data-cell": cell }, parts.title, parts.size, parts.drawing, parts.share, h("p.label", "Parameters"), parts.parameters, h("p.label", "Multiplications a step"), parts.products) };
  });
  const note = h("p.small.muted.value");
  const problem = h("p.problem.small", { role: "alert" });
  const element = h("section.part", { "aria-label": "What each cell costs" },
    h("h3", "What each cell costs"),
    h("p.about", "Every gate is a layer of its own: a matrix W for the input (H × D), a matrix U for the state (H × H), and torch's two biases. An RNN has one, a GRU three, an LSTM four; so with equal sizes a GRU has ¾ of an LSTM's parameters, and an RNN ¼. The rectangles are to scale."),
    h("div.cards", cards.map((card) => card.element)), note, problem);
  let reply = null;
  let state = null;

  function shapeOf() {
    const { spec, layers } = live.scene.numbers;
    return { layers: spec.layers, directions: spec.bidirectional ? 2 : 1, input: layers[0].input };
  }

  const cores = () => (live.scene.numbers.pattern === "decoder" ? 2 : 1);

  /** Hidden size of a cell, as the server found it; null before. */
  function sizeOf(cell) {
    if (stage.equal === "hidden") return live.scene.numbers.spec.hidden_size;
    return reply?.arrays[`${cell}_equal_hidden_size`].data[0] ?? null;
  }

  function drawing(cell, size, input, unit) {
    const names = GATES[cell];
    const color = rgb(cellColor(cell, ctx.colors));
    const [w, u, b] = [input, size, 2].map((n) => n * unit);
    const tall = size * unit;
    const width = w + u + Math.max(2, b);
    const height = ROOM + names.length * (tall + GAP);
    const blocks = names.map((name, k) => {
      const y = ROOM + k * (tall + GAP);
      const part = (x, wide, strength) => svg("rect", { x, y, width: Math.max(1, wide - 1), height: Math.max(1, tall), fill: css(color, strength) });
      // Where a gate is too flat its name stands beside it, and where gates are too many for that, nowhere.
      const label = tall + GAP >= ROOM ? svg("text", { x: width + 8, y: y + tall / 2, "dominant-baseline": "central" }, name) : null;
      return svg("g", part(0, w, 0.45), part(w, u, 0.85), part(w + u, Math.max(2, b), 0.3), label);
    });
    const heads = [["W", w / 2, w], ["U", w + u / 2, u], ["biases", width + 8, 0]].map(([name, x, wide]) => (
      wide >= ROOM - 5 || wide === 0 ? svg("text", { x, y: ROOM - 5, "text-anchor": wide ? "middle" : "start" }, name) : null));
    const said = `${CELL_NAMES[cell]}: ${names.length} blocks of ${count(size)} rows and ${count(input)} + ${count(size)} + 2 columns`;
    return svg("svg", { role: "img", "aria-label": said, width: width + 96, height, viewBox: `0 0 ${width + 96} ${height}` }, heads, blocks);
  }

  function formula(letters, lines, total) {
    return [h("p.letters.small.muted", letters), ...lines.map((line) => h("p.value", line)), total ? h("p.value", h("b", total)) : null];
  }

  function draw() {
    const shape = shapeOf();
    const sizes = Object.fromEntries(KINDS.map((cell) => [cell, sizeOf(cell)]));
    if (KINDS.some((cell) => sizes[cell] === null)) return;
    const reach = KINDS.map((cell) => [shape.input + sizes[cell] + 2, GATES[cell].length * sizes[cell]]);
    const unit = Math.min(...reach.map(([wide, tall]) => Math.min(WIDE / wide, (TALL - 4 * GAP) / tall)));
    const all = Object.fromEntries(KINDS.map((cell) => {
      const layers = layersOf(cell, sizes[cell], shape);
      const sum = (name) => layers.reduce((total, layer) => total + layer[name], 0);
      return [cell, { size: sizes[cell], layers, parameters: cores() * sum("parameters"), multiplications: sum("multiplications") }];
    }));
    const key = `${JSON.stringify(all)} ${ctx.colors.dark}`;
    if (element.dataset.shows !== key) for (const card of cards) show(card, all, shape, unit);
    element.dataset.shows = key;
    const lines = [`D = ${count(shape.input)} numbers read at a step${shape.layers > 1 ? "; the upper layers read the state of the layer below" : ""}.`];
    if (shape.directions > 1) lines.push("All of it twice, for both directions.");
    if (cores() > 1) lines.push("Encoder and decoder have a core each.");
    const limited = stage.equal === "parameters" && KINDS.filter((cell) => sizes[cell] === 256 && all[cell].parameters < 0.9 * all.lstm.parameters);
    if (limited?.length) lines.push(`More than 256 units cannot be chosen here, so ${limited.map((cell) => CELL_NAMES[cell]).join(" and ")} stays smaller.`);
    setText(note, lines.join(" "));
    state = Object.fromEntries(KINDS.map((cell) => [cell, { size: all[cell].size, parameters: all[cell].parameters, multiplications: all[cell].multiplications }]));
  }

  function show({ cell, parts }, all, shape, unit) {
    const { size, layers, parameters, multiplications } = all[cell];
    const many = layers.length > 1 || cores() > 1;
    const each = (name) => layers.map((layer, k) => (layers.length > 1 ? `Layer ${k + 1}: ${layer[name]}` : layer[name]));
    setText(parts.title, CELL_NAMES[cell]);
    parts.title.style.color = cellColor(cell, ctx.colors);
    setText(parts.size, `H = ${count(size)} units`);
    replace(parts.drawing, drawing(cell, size, shape.input, unit));
    const { parameters: letters, multiplications: steps, products } = inLetters(cell);
    replace(parts.parameters, ...formula(letters, each("text"), many ? `${cores() > 1 ? `${cores()} cores: ` : "In all: "}${count(parameters)}` : null));
    replace(parts.products, ...formula(`${steps}${products ? `, for ${products}` : ""}`, each("products"), layers.length > 1 ? `In all: ${count(multiplications)}` : null));
    const ratio = parameters / all.lstm.parameters;
    setText(parts.share, cell === "lstm" ? `${count(parameters)} parameters` : `${count(parameters)}: ${fraction(ratio)} of the LSTM's`);
  }

  function take(answer) {
    setText(problem, answer.kind === "note" ? answer.numbers.text : "");
    if (answer.kind === "reply") reply = answer;
    element.dataset.shows = "";
  }

  const one = (name) => reply?.arrays[name]?.data[0] ?? null;
  const now = () => reply && { step: reply.step, loss: one("validation_loss"), accuracy: one("validation_accuracy") };
  return { element, draw, take, now, read: () => ({ costs: state }) };
}

function fraction(ratio) {
  const known = { "0.250": "¼", "0.500": "½", "0.750": "¾" }[ratio.toFixed(3)];
  return known ?? `× ${number(ratio)}`;
}
