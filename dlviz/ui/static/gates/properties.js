// Properties of a text or a row of numbers, one number a step, computed from what was read up to and with that step.
//
// {slug, words: "the position in the line", yes: "at a digit", counts, series: Float64Array(step)}; `yes` is there where
// the property is 0 or 1, `counts` where it is a whole number that grows. Those that are the same at every step say so in
// `constant`.

const OPENS = "([{";
const CLOSES = ")]}";
const LETTER = /[\p{L}\p{N}_]/u;
const QUOTES = "'\"`";

/** Counts with a state: `step(token, t, state)` gives the number after each token. */
function counted(tokens, step) {
  let state = 0;
  return Float64Array.from(tokens, (token, t) => (state = step(token, state, t)));
}

const flags = (tokens, is) => Float64Array.from(tokens, (token, t) => (is(token, t) ? 1 : 0));

/** Whether a string is open after each letter; it ends with its own quote, or with the line. */
function quoted(letters) {
  let open = null;
  return flags(letters, (letter) => {
    if (open) {
      const inside = letter !== "\n";
      if (letter === open || letter === "\n") open = null;
      return inside;
    }
    if (QUOTES.includes(letter)) open = letter;
    return open !== null;
  });
}

const depth = (tokens) => counted(tokens, (token, deep) => Math.max(0, deep + OPENS.includes(token) - CLOSES.includes(token)));
const position = (words) => ({ slug: "position", words, counts: true, series: (tokens) => Float64Array.from(tokens, (_, t) => t) });
const number = (slug, words, series) => ({ slug, words, series });
const counter = (slug, words, series) => ({ slug, words, counts: true, series });
const flag = (slug, words, yes, is) => ({ slug, words, yes, series: (tokens) => flags(tokens, (token, t) => is(token, t, tokens)) });

const inWord = flag("word", "being inside a word", "inside a word", (letter) => LETTER.test(letter));
const wordBegins = flag("begins", "the beginning of a word", "at the first letter of a word", (letter, t, all) => LETTER.test(letter) && (t === 0 || !LETTER.test(all[t - 1])));
const afterSpace = flag("after_space", "coming after a space", "right after a space", (_, t, all) => t > 0 && all[t - 1] === " ");
const digit = flag("digit", "digits", "at a digit", (letter) => /^\p{N}$/u.test(letter));

const TEXT = [
  counter("line", "the position in the line", (tokens) => counted(tokens, (letter, at) => (letter === "\n" ? 0 : at + 1))),
  counter("depth", "the depth of brackets", depth),
  { slug: "brackets", words: "being inside brackets", yes: "inside brackets", series: (tokens) => depth(tokens).map((deep) => (deep > 0 ? 1 : 0)) },
  { slug: "quoted", words: "being inside a string", yes: "inside a quoted string", series: quoted },
  inWord,
  wordBegins,
  afterSpace,
  flag("upper", "capital letters", "at a capital letter", (letter) => /^\p{Lu}$/u.test(letter)),
  digit,
  position("the position in the text"),
];

const afterNot = {
  slug: "after_not", words: "coming after “not”", yes: "after “not”, until the clause ends",
  series: (tokens) => counted(tokens, (word, state, t) => (["and", "but"].includes(word) ? 0 : t > 0 && tokens[t - 1] === "not" ? 1 : state)),
};

const BY_TASK = {
  characters: TEXT,
  sentiment: [afterNot, position("the position in the sentence")],
  tagging: [position("the position in the sentence")],
  dates: [digit, inWord, position("the position in the text")],
  digit_words: [inWord, wordBegins, position("the position in the text")],
  copy: [flag("blank", "blanks", "at a blank", (token) => token === "."), position("the position in the sequence")],
  brackets: [counter("depth", "how many brackets are open", depth), flag("opening", "opening brackets", "at an opening bracket", (token) => token === "("), position("the position in the sequence")],
  parity: [
    { slug: "odd", words: "the ones so far being odd", yes: "where the ones so far are odd", series: (tokens) => counted(tokens, (bit, odd) => (bit === "1" ? 1 - odd : odd)) },
    flag("one", "ones", "at a one", (bit) => bit === "1"),
    position("the position in the sequence"),
  ],
};

/** Of rows of numbers: each feature, whether the first of them rises, and for the sum task what is to be said. */
function ofNumbers(rows, features) {
  const found = features.map((name, i) => number(`feature_${i}`, `the ${name} that is read`, (all) => Float64Array.from(all, (row) => row[i])));
  const rises = flag("rises", "rising values", "where the value rises", (row, t, all) => t > 0 && row[0] > all[t - 1][0]);
  const sum = number("sum", "the sum of the marked values so far", (all) => counted(all, (row, total) => total + row[0] * row[1]));
  return [...found, ...(features.includes("mark") ? [sum] : [rises]), position("the position in the sequence")];
}

/** Of answers that are known at each step, whether it is this one: the tags of words. */
function ofTags(classes, targets) {
  return classes.map((name, k) => flag(`tag_${k}`, `${name}s`, `at a word that is ${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`, (_, t) => targets[t] === k));
}

/** Properties of what a part reads. `tokens`: letters, words or rows of numbers. */
export function propertiesOf({ task, part, tokens, features, classes, targets }) {
  let known = typeof tokens[0] === "string" ? (BY_TASK[task] ?? TEXT) : ofNumbers(tokens, features);
  if (task === "tagging" && targets) known = [...ofTags(classes, targets), ...known];
  if (part === "decoder") known = [digit, position("the position in what is written")];
  return known.map((property) => {
    const series = property.series(tokens);
    return { ...property, series, constant: series.every((value) => value === series[0]) };
  });
}
