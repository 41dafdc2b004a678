// The two squares: query and keys over the field of the chosen function, and the values with the five contexts.

import { css, mix, rgb } from "../lib/color.js";
import { h, number, percent, setText, svg } from "../lib/dom.js";
import { fieldOf } from "./field.js";
import { shape } from "./mark.js";
import { buildPad } from "./pad.js";
import { KINDS, NAMES, times } from "./rules.js";
import { REACH } from "./situations.js";

const SIDES = { score: 64, weight: 64, winner: 128 }; // cells of the field; what has edges needs more
const FAINT = 0.5; // how far the field goes towards the full colours, so that arrows stand out

const packed = ([r, g, b]) => ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;

export function buildPlanes({ moveQuery, moveKey, moveValue, look }) {
  const hueOf = (id) => Number(id.slice(1));
  const vectors = buildPad({
    label: "Query and keys", reach: REACH, axes: ["first number →", "↑ second number"],
    moved: (id, at) => (id === "q" ? moveQuery(at) : moveKey(hueOf(id), at)),
    chosen: (id) => { if (id !== "q") look(hueOf(id)); },
    placed: moveQuery,
  });
  const values = buildPad({ label: "Values", reach: REACH, moved: (id, at) => moveValue(hueOf(id), at), chosen: (id) => look(hueOf(id)) });
  const field = document.createElement("canvas");
  let numbers = new Float32Array(0);
  const bar = h("canvas.scale", { width: 120, height: 1, "aria-hidden": "true" });
  const ends = [h("span.value"), h("span.value")];
  const caption = h("p.small.muted.value");
  const scale = h("div.row.ends", ends[0], bar, ends[1]);
  const left = h("figure.plane", vectors.element, h("figcaption.stack", scale, caption));
  const about = h("p.small.muted.value");
  const right = h("figure.plane", values.element, h("figcaption", about));
  let limit = 1;

  function shades(state, colors) {
    if (state.of === "winner") return null;
    const paper = rgb(colors.paper);
    const full = state.of === "score" ? colors.diverging : colors.sequential;
    return (t) => mix(paper, full(t), FAINT);
  }

  function paintField(state, colors) {
    const at = Math.max(0, state.keys.findIndex((key) => key.hue === state.look));
    const side = SIDES[state.of];
    if (field.width !== side || !numbers.length) {
      field.width = field.height = side;
      numbers = new Float32Array(side * side);
    }
    fieldOf(state.kind, state.of, at, state.keys.map((key) => key.at), state.matrices, side, REACH, numbers);
    limit = state.of === "score" ? numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1 : 1;
    const shade = shades(state, colors);
    const steps = shade && Array.from({ length: 129 }, (_, i) => shade(state.of === "score" ? (i - 64) / 64 : i / 128));
    const paper = rgb(colors.paper);
    const own = [mix(paper, rgb(colors.ink), 0.08), ...state.keys.map((key) => mix(paper, rgb(colors.classes[key.hue]), 0.3))];
    const inks = Uint32Array.from(steps ?? own, packed);
    const pen = field.getContext("2d");
    const image = pen.createImageData(side, side);
    const pixels = new Uint32Array(image.data.buffer);
    const [from, by] = { score: [64, 64 / limit], weight: [0, 128], winner: [1, 1] }[state.of];
    for (let i = 0; i < numbers.length; i += 1) pixels[i] = inks[Math.round(from + by * numbers[i])];
    pen.putImageData(image, 0, 0);
    if (!shade) return;
    const strip = bar.getContext("2d");
    for (let x = 0; x < 120; x += 1) {
      strip.fillStyle = css(shade(state.of === "score" ? (x - 59.5) / 59.5 : x / 119));
      strip.fillRect(x, 0, 1, 1);
    }
  }

  function say(state) {
    const key = state.keys.find((each) => each.hue === state.look) ?? state.keys[0];
    const name = NAMES[state.kind].toLowerCase();
    const texts = {
      score: `Colour: the ${name} score of key ${key.name}, were the query there.`,
      weight: `Colour: the weight of key ${key.name} by the ${name} score, were the query there.`,
      winner: `Colour: the key with the best ${name} score, were the query there; grey where keys share it.`,
    };
    const dashed = state.kind === "bilinear" ? ` Dashed: W k of ${key.name}.` : "";
    setText(caption, texts[state.of] + dashed);
    scale.classList.toggle("unused", state.of === "winner");
    setText(ends[0], state.of === "score" ? number(-limit, 2) : "0 %");
    setText(ends[1], state.of === "score" ? number(limit, 2) : "100 %");
  }

  const line = (place, from, to, more) => {
    const [[x1, y1], [x2, y2]] = [place(from), place(to)];
    return svg("line", { x1, y1, x2, y2, ...more });
  };

  function ghosts(state, colors) {
    if (state.kind !== "bilinear") return undefined;
    const key = state.keys.find((each) => each.hue === state.look) ?? state.keys[0];
    return (place) => [line(place, [0, 0], times(state.matrices.w, key.at), { class: "ghost", stroke: colors.classes[key.hue] })];
  }

  function draw(state, found, colors) {
    paintField(state, colors);
    const { keys, query } = state;
    const { weights, context } = found[state.kind];
    const list = keys.map((key) => ({ id: `k${key.hue}`, at: key.at, kind: "arrow", name: key.name, said: `Key ${key.name}`, color: colors.classes[key.hue], strong: key.hue === state.look }));
    const asked = { id: "q", at: query, kind: "arrow", name: "q", said: "Query", color: colors.ink, strong: true, beside: true };
    vectors.draw({
      items: [asked, ...list], below: ghosts(state, colors),
      paint(pen, size) {
        pen.imageSmoothingEnabled = state.of !== "winner";
        pen.drawImage(field, 0, 0, size, size);
      },
      words: `The query at ${query.join(", ")} and ${keys.length} keys. ${caption.textContent}`,
    }, colors);
    values.draw({
      items: keys.map((key) => ({ id: `v${key.hue}`, at: key.value, kind: "point", name: key.name, said: `Value of ${key.name}`, color: colors.classes[key.hue], strong: key.hue === state.look })),
      below: (place) => keys.map((key, n) => line(place, key.value, context, { class: "pull", stroke: colors.classes[key.hue], "stroke-width": 0.5 + 7 * weights[n] })),
      above: (place) => [...KINDS.filter((kind) => kind !== state.kind), state.kind].map((kind) => {
        const [x, y] = place(found[kind].context);
        return svg("g", { transform: `translate(${x} ${y})`, class: kind === state.kind ? "context-of now" : "context-of", "data-kind": kind }, shape(kind));
      }),
      words: `${keys.length} values and the contexts of five functions. By the ${NAMES[state.kind].toLowerCase()} score the context is ${context.map((x) => number(x)).join(", ")}.`,
    }, colors);
    say(state);
    const most = weights.indexOf(Math.max(...weights));
    setText(about, `Lines: the weights by the ${NAMES[state.kind].toLowerCase()} score, ${keys[most].name} with ${percent(weights[most], 0)}. Where they meet is the context, their weighted mean; the other marks are the other functions' contexts.`);
  }

  return { left, right, draw, middleOf: (id) => (id.startsWith("v") ? values : vectors).middleOf(id), limit: () => limit, field: () => numbers };
}
