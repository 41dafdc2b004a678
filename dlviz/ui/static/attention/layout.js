// Where everything of the flow lies: tokens are rows, stations stand from left to right, and where there is no room for the
// next block a new line begins. Pure arithmetic, in CSS pixels.

import { attentionName } from "./words.js";

const ROW = { least: 11, most: 19 }; // px of a token's row
const ROOMY = { rows: 456, labels: 30, strip: 46, strands: 96, feed: 80, answers: 186 }; // px of all rows together, and least widths
const NARROW = { rows: 370, labels: 25, strip: 34, strands: 76, feed: 56, answers: 186 };
const NARROW_BELOW = 520; // px
const WORDS = 74; // px of a label that is a word
const MOST = { strip: 64, strands: 250, feed: 108, answers: 270 };
const NORM_BAR = 15; // px beside a stream for the length of each vector
const STRETCH = 1.35; // how much wider than it asks a station may become
export const NORM_GAP = 24; // a layer norm stands in it
const GAP = 14;

/**
 * `lines`: [{stations, segments, rows, width}]. A station is {kind, stack, layer, part, x, width, title, shape, gap}; kind:
 * labels, token, place, stream, strands, memory, feed, answers. `gap`: px before it, in which "+" and layer norm stand.
 * A segment is {stack, from, to}: which tokens the rows between two x are. `row`: height of a token's row.
 */
export function layoutOf({ numbers }, pass, room) {
  const stacks = Object.values(pass.stacks);
  const most = Math.max(...stacks.map(({ tokens }) => tokens));
  const least = room < NARROW_BELOW ? NARROW : ROOMY;
  const row = Math.max(ROW.least, Math.min(ROW.most, Math.floor(least.rows / most)));
  const flows = stacks.map((stack) => flowOf(stack, numbers, pass, room, least));
  const lines = [];
  for (const { head, groups } of flows) {
    let open = null;
    for (const group of groups) {
      if (open && leastOf(open) + leastOf(group) <= room) open.push(...group);
      else lines.push((open = [...head, ...group]));
    }
  }
  return { row, room, lines: lines.map((line) => placed(line, pass, room)) };
}

const leastOf = (stations) => stations.reduce((sum, { least, gap }) => sum + least + gap, 0);

// Labels, and groups of stations that stay together: a whole block where it fits into a line, else part by part.
function flowOf(stack, numbers, pass, room, least) {
  const { spec, words, classes, masked } = numbers;
  const { name, tokens } = stack;
  const { width: d, heads, norm, feed_forward: f } = spec;
  const [before, after] = [norm === "pre" ? NORM_GAP : GAP, norm === "post" ? NORM_GAP + GAP : GAP + 4];
  const memory = pass.stacks.encoder?.tokens;
  const shaped = (...sizes) => sizes.join(" × ");
  const station = (kind, size, more) => ({ kind, stack: name, least: least[size], most: MOST[size], layer: null, part: null, gap: GAP, ...more });
  const label = words ? WORDS : least.labels;
  const labels = { ...station("labels"), least: label, most: label, gap: 0 };
  const stream = (more) => {
    const base = station("stream", "strip", { shape: shaped(tokens, d), ...more });
    return { ...base, least: base.least + NORM_BAR, most: base.most + NORM_BAR };
  };
  const begin = [];
  if (stack.place) begin.push(station("token", "strip", { title: "Token", shape: shaped(tokens, d), gap: 8 }), station("place", "strip", { title: "Place", shape: shaped(tokens, d), gap: 18 }));
  begin.push(stream({ title: stack.place ? "Sum" : "Token", part: "embedding", gap: stack.place ? 18 : 8 }));
  const blocks = stack.blocks.map(({ layer, cross }) => {
    const parts = [];
    const attend = (part, keys) => [
      ...(part === "cross" ? [{ ...labels, stack: "encoder", part: "cross", gap: norm === "pre" ? NORM_GAP : GAP }, station("memory", "strip", { title: "Memory", shape: shaped(keys, d), stack: "encoder", gap: 4 })] : []),
      station("strands", "strands", { layer, part, title: attentionName(name, part, masked), shape: shaped(heads, tokens, keys), gap: part === "cross" ? GAP : before }),
      stream({ layer, part, title: norm === "post" ? "Add, norm" : "Add", gap: after }),
    ];
    parts.push(attend("attention", tokens));
    if (cross) parts.push(attend("cross", memory));
    if (f) parts.push([station("feed", "feed", { layer, title: "Feed-forward", shape: shaped(tokens, f), gap: before }), stream({ layer, part: "feed_forward", title: norm === "post" ? "Add, norm" : "Add", gap: after })]);
    return parts;
  });
  const end = name === "encoder" ? [[station("memory", "strip", { title: "Memory", shape: shaped(tokens, d), gap: norm === "pre" ? NORM_GAP : GAP })]] : [[station("answers", "answers", { title: "Says", shape: shaped(tokens, classes.length), note: "probability, right, loss in nats", gap: norm === "pre" ? NORM_GAP : GAP })]];
  if (name === "encoder") blocks.at(-1).at(-1).push(...end.pop()); // never alone in a line
  const isWhole = (parts) => labels.least + leastOf(parts.flat()) <= room;
  return { head: [labels], groups: [begin, ...blocks.flatMap((parts) => (isWhole(parts) ? [parts.flat()] : parts)), ...end] };
}

function placed(line, pass, room) {
  const free = room - leastOf(line);
  const wish = line.reduce((sum, { least, most }) => sum + most - least, 0);
  const share = wish ? Math.max(0, Math.min(STRETCH, free / wish)) : 0;
  let x = 0;
  const stations = line.map((station) => {
    const at = x + station.gap;
    const width = station.least + share * (station.most - station.least);
    x = at + width;
    return { ...station, x: at, width };
  });
  const segments = [];
  for (const { stack, x: from, width } of stations) {
    const last = segments.at(-1);
    if (last?.stack === stack) last.to = from + width;
    else segments.push({ stack, from, to: from + width });
  }
  const rows = Math.max(...segments.map(({ stack }) => pass.stacks[stack].tokens));
  return { stations, segments, rows, width: x };
}

/** The stack whose token is under x of a line. */
export function stackAt({ segments }, x) {
  return (segments.find(({ to }) => x <= to) ?? segments.at(-1)).stack;
}

/** The stations from an attention's lines to the next ones: [left, right] px, the room its heads have below. */
export function underOf({ stations, width }, station) {
  const at = stations.indexOf(station);
  const next = stations.findIndex((each, i) => i > at && (each.kind === "strands" || each.kind === "answers" || each.kind === "labels"));
  return [station.x, next < 0 ? width : stations[next].x - stations[next].gap];
}
