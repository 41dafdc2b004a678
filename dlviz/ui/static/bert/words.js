// The sentences of the panel, with the numbers of this very answer, and what is worth reading. Nothing here draws.

import { count as counted, number, percent, steady } from "../lib/number.js";
import { written } from "../lib/tokens.js";
import { ROLES, gridOf, largest, linking, mostParticular, rolesOf } from "./reading.js";

export const OPENING = "The cat sat on the mat because it was tired.";
const NAMED_FROM = 0.5; // of its weight: more than half goes there
const LEANING_FROM = 0.25;

export const TO = { previous: "to the token just before", next: "to the token just after", first: "to [CLS]", separator: "to [SEP]", same: "to itself" };
export const ROLE_NAMES = { previous: "the token before", next: "the token after", first: "[CLS]", separator: "[SEP]", same: "itself" };
const NAMES = { previous: "a previous-token head", next: "a next-token head", first: "a head that rests on [CLS]", separator: "a separator head", same: "a head that looks at itself" };

/** Sentences worth reading. `pair`: [query, key], two pieces; `role`: the head to show is the one that has most of it. */
export const PRESETS = [
  { title: "it → cat", text: OPENING, pair: ["it", "cat"] },
  { title: "it → mat?", text: "The cat sat on the mat because it was soft.", pair: ["it", "mat"] },
  { title: "Previous-token head", text: "Small errors in the beginning become large errors in the end.", role: "previous" },
  { title: "Next-token head", text: "When the music stopped, everybody looked for a chair.", role: "next" },
  { title: "Resting on [CLS]", text: "Nobody knew whether the letter would arrive in time.", role: "first" },
  { title: "Any for [SEP]?", text: "The rain stopped.", second: "We went outside.", role: "separator" },
  { title: "Pieces of words", text: "Untranslatability is an unbelievably longwinded word.", role: "next" },
];

export const place = ({ layer, head }) => `layer ${layer + 1}, head ${head + 1}`;
export const upper = (text) => text[0].toUpperCase() + text.slice(1);
export const share = (x) => percent(x, x < 0.0995 ? 1 : 0).replace(" ", "\u00a0");
export const quoted = (piece) => `“${written(piece)}”`;

export const lead = "This is all-MiniLM-L6-v2, a BERT of 6 layers × 12 heads that arrives with pip and runs on this machine; nothing here trains it. It reads a sentence in both "
  + "directions at once. Each small square below is a head: row by row, how each token shares its attention among all tokens.";

/** How a sentence was read. */
export const readInWords = ({ count, given, milliseconds }) => `${counted(count)} tokens${given > count ? ` of ${counted(given)}` : ""}, ids → 6 × 12 × ${count} × ${count} weights in ${number(milliseconds, 2)} ms. `
  + "All is read in small letters; ## goes on with the word before; [CLS] stands before every sentence and [SEP] after it.";

/** What the chosen head does, measured on many sentences and said of this one. */
export function headInWords(reading, many, { layer, head }) {
  const here = rolesOf(reading.roles, layer, head);
  const name = upper(place({ layer, head }));
  const wide = `On average its pieces look at ${number(reading.breadth[layer * 12 + head], 2)} of ${reading.count} tokens here.`;
  if (!many) return `${name}. ${wide}`;
  const all = rolesOf(many.roles, layer, head);
  const k = all.indexOf(Math.max(...all));
  const role = ROLES[k];
  const measured = `on ${many.sentences} sentences ${share(all[k])} of its weight goes ${TO[role]}, here ${share(here[k])}; chance would give ${share(many.chance)}`;
  if (all[k] >= NAMED_FROM) return `${name} is ${NAMES[role]}: ${measured}. ${wide}`;
  if (all[k] >= LEANING_FROM) return `${name} leans ${TO[role]}: ${measured}. ${wide}`;
  return `${name} has no fixed place to look at, it goes by what the tokens are: even ${TO[role]}, its most frequent place, go only ${share(all[k])} of its weight on ${many.sentences} sentences. ${wide}`;
}

/** A name for a thumbnail: its role, where one has more than half of the weight. */
export function roleOf(many, layer, head) {
  if (!many) return "";
  const all = rolesOf(many.roles, layer, head);
  const most = Math.max(...all);
  return most >= NAMED_FROM ? ROLES[all.indexOf(most)] : "";
}

/** The role of a head with what it gives, or nothing. */
export function roleInWords(many, { layer, head }) {
  const role = roleOf(many, layer, head);
  return role ? `: ${share(rolesOf(many.roles, layer, head)[ROLES.indexOf(role)])} ${TO[role]}, on ${many.sentences} sentences` : "";
}

/** What a preset shows, said with what was measured. */
export function presetInWords(preset, reading, many) {
  const { pieces, weights, count } = reading;
  if (preset.pair) {
    const [query, key] = preset.pair.map((piece) => pieces.indexOf(piece));
    const linked = linking(weights, count, query, key);
    const [first] = linked;
    const own = mostParticular(linked);
    const rival = pieces.findIndex((piece, at) => ["cat", "mat"].includes(piece) && at !== key);
    const instead = `${share(gridOf(weights, count, own.layer, own.head)[query * count + rival])} to ${quoted(pieces[rival])}`;
    const link = `${quoted(pieces[query])} to ${quoted(pieces[key])}`;
    const most = first === own ? "" : ` More weight, ${share(first.weight)}, runs in ${place(first)}, but there the others give ${share(first.others)}: it looks at ${quoted(pieces[key])} whoever asks.`;
    return `The head that links ${link} most of its own accord is ${place(own)}: ${share(own.weight)}, where the other tokens give ${quoted(pieces[key])} ${share(own.others)} on average, and ${quoted(pieces[query])} gives ${instead}.${most}`;
  }
  if (!many) return "";
  const k = ROLES.indexOf(preset.role);
  const all = Array.from({ length: 72 }, (_, i) => many.roles[i * ROLES.length + k]);
  const most = Math.max(...all);
  const enough = all.filter((x) => x >= NAMED_FROM).length;
  const kind = ROLE_NAMES[preset.role];
  if (!enough) return `None of the 72 heads gives even half of its weight to ${kind}: the most is ${share(most)}, where chance gives ${share(many.chance)}. In BERT-base such heads have been found (Clark et al., 2019); in this one there is none.`;
  return `${enough === 1 ? "One head gives" : `${enough} of the 72 heads give`} more than half of the weight to ${kind}, on ${many.sentences} sentences; the most is ${share(most)}.`;
}

/** What a change has changed. */
export function changeInWords(reading, names, most, { layer, head, shift }) {
  const { changed, count, pieces } = reading;
  const last = changed.turned.subarray(6 * count);
  const order = [...last.keys()].sort((a, b) => last[b] - last[a]);
  const [first, second] = order;
  const after = second === undefined ? "" : `, then that of ${quoted(pieces[second])} by ${number(last[second], 2)}`;
  return `With ${names} the vector of ${quoted(pieces[first])} has turned most after layer 6, by ${number(last[first], 2)} (1 − cosine)${after}. The sentence as a whole has a cosine of ${number(changed.cosine, 3)} with what it was. `
    + `The chosen head, ${place({ layer, head })}, moved ${share(shift)} of its weights; ${place(most)} moved most, ${share(most.shift)}.`;
}

/** What the matrix of sentences says. */
export function matrixInWords({ cosine, count }) {
  if (count < 2) return "With a second sentence there is something to compare.";
  let most = [0, 1];
  let least = [0, 1];
  for (let i = 0; i < count; i += 1) {
    for (let j = i + 1; j < count; j += 1) {
      if (cosine[i * count + j] > cosine[most[0] * count + most[1]]) most = [i, j];
      if (cosine[i * count + j] < cosine[least[0] * count + least[1]]) least = [i, j];
    }
  }
  const say = ([i, j]) => `${i + 1} and ${j + 1} (${steady(cosine[i * count + j], 3)})`;
  return count === 2 ? `The two have a cosine of ${steady(cosine[1], 3)}.` : `Most alike are ${say(most)}, least ${say(least)}.`;
}

/** What the pairs of tokens add to a cosine. */
export function sharesInWords({ rows, columns, values, sum }) {
  let at = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i] > values[at]) at = i;
  const [row, column] = [Math.floor(at / columns.length), at % columns.length];
  return `The ${rows.length} × ${columns.length} pairs of tokens add up to the cosine, ${number(sum, 3)}. The largest part, ${number(values[at], 2)}, comes from ${quoted(rows[row])} with ${quoted(columns[column])}; the scale ends at ±${number(largest(values), 2)}.`;
}
