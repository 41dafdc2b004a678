// Sentences side by side: their vectors' cosines as a matrix, and one of them opened into pairs of tokens.

import { css } from "../lib/color.js";
import { fit, h, number, replace, setText, steady } from "../lib/dom.js";
import { Pattern } from "../lib/pattern.js";
import { largest } from "./reading.js";
import { sendable } from "./sentence.js";
import { matrixInWords, sharesInWords } from "./words.js";

const MOST = 8;
const REST = 500; // ms without a key before a sentence counts as written
const KEPT = "bert.sentences";
const SETS = [
  { title: "Paraphrases", sentences: ["A man is eating food.", "Someone is having a meal.", "A man is riding a horse.", "The weather is cold today."] },
  { title: "Negation", sentences: ["I like this film.", "I enjoy this movie.", "I do not like this film.", "I hate this film."] },
  { title: "Word order", sentences: ["The dog bites the man.", "The man bites the dog.", "The man is bitten by the dog.", "The dog sleeps beside the man."] },
  { title: "One word, two senses", sentences: ["She sat on the bank of the river.", "The bank raised its interest rates.", "They walked along the shore.", "The loan has become more expensive."] },
  { title: "Question and answer", sentences: ["How do plants make sugar?", "Photosynthesis turns light into chemical energy.", "How do plants get rid of pests?", "The plant closed in March, and 300 people lost their work."] },
];

/** `panel`: {ctx, live, asker, happened(word)}. */
export function buildSimilarity(panel) {
  const { ctx, live, asker } = panel;
  const state = { sentences: live.shared.get(KEPT) ?? SETS[0].sentences, answer: null, between: [0, 1], shares: null, inSight: false, asked: "" };
  let dirty = false;
  const redraw = () => { dirty = true; ctx.redraw(); };
  const rows = h("ol.sentences");
  const problem = h("p.problem", { role: "alert" });
  const notes = h("div.notes");
  const says = h("p.says", { "aria-live": "polite" });
  const add = h("button.chip", { type: "button", onclick: () => put([...state.sentences, ""], { focus: true }) }, "Add a sentence");
  const chips = SETS.map((set) => h("button.chip", { type: "button", "aria-pressed": "false", onclick: () => put(set.sentences, { anew: true }) }, set.title));
  const matrix = new Pattern({ label: "Cosines of the sentences", redraw, side: 62, onhover: point, onpick: open });
  const readout = h("p.label.value");
  const shares = new Pattern({ label: "What each pair of tokens adds", redraw, side: 44, onhover: pointShare, onpick: pointShare });
  const sharesTitle = h("p.label");
  const sharesSay = h("p.says");
  const sharesRead = h("p.label.value");
  const scales = [h("canvas.scale", { role: "img", "aria-label": "Colour scale of the cosines" }), h("canvas.scale", { role: "img", "aria-label": "Colour scale of the parts" })];
  const ends = [h("span"), h("span")];
  let waiting = 0;
  let inputs = [];
  ctx.signal.addEventListener("abort", () => clearTimeout(waiting));

  const opened = h("div.sides.opened", h("div.compared", sharesTitle, shares.element, h("div.scale-of.value", ends[0], scales[1], ends[1])), h("div.compared.beside", sharesSay, sharesRead));
  const element = h("section.part", h("h3", "What it was trained for: sentences that mean the same lie close together"),
    h("p.muted.lead", "The mean of the last vectors of all tokens, shortened to length 1, stands for a sentence (384 numbers). It was trained on a billion pairs of sentences to give pairs a large cosine and others a small one. Whether it has understood them is another question: try word order and negation."),
    h("div.row.presets", h("span.label", "Worth comparing"), chips), h("div.sides", h("div.written", rows, h("div.row", add), problem, notes),
      h("div.compared", matrix.element, h("div.scale-of.value", h("span", "−1"), scales[0], h("span", "1"), h("span.label", "cosine")), says, readout)), opened);
  const sight = new IntersectionObserver((entries) => {
    state.inSight = entries.at(-1).isIntersecting;
    nudge();
  }, { rootMargin: "200px" });
  sight.observe(element);
  ctx.signal.addEventListener("abort", () => sight.disconnect());

  function build({ focus } = {}) {
    inputs = state.sentences.map((text, i) => {
      const input = h("input", { type: "text", value: text, spellcheck: "false", autocomplete: "off", "aria-label": `Sentence ${i + 1}` });
      input.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => take(i, input.value), REST);
      });
      input.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.key === "Enter") take(i, input.value);
      });
      return input;
    });
    replace(rows, inputs.map((input, i) => h("li", h("span.value.label", i + 1), input,
      h("button.square.plain", { type: "button", "aria-label": `Remove sentence ${i + 1}`, disabled: inputs.length < 3, onclick: () => put(state.sentences.filter((_, at) => at !== i), { anew: true }) }, "×"))));
    if (focus) inputs.at(-1).focus();
  }

  function take(i, text) {
    clearTimeout(waiting);
    if (state.sentences[i] === text) return;
    put(state.sentences.with(i, text));
    panel.happened("bert_compared");
  }

  function put(sentences, { anew = false, focus = false } = {}) {
    state.sentences = sentences;
    live.shared.set(KEPT, sentences);
    if (anew) state.between = [0, 1];
    if (inputs.length !== sentences.length || anew) build({ focus });
    nudge();
  }

  function refresh() {
    add.disabled = state.sentences.length >= MOST;
    add.title = add.disabled ? `At most ${MOST} sentences` : "";
    chips.forEach((chip, i) => chip.setAttribute("aria-pressed", String(SETS[i].sentences.join("\n") === state.sentences.join("\n"))));
  }

  /** Ask for what is written, once for the same sentences and the same pair. */
  function nudge() {
    refresh();
    const given = state.sentences.map((text) => sendable(text).slice(0, 20_000));
    const filled = given.map((text, at) => [text, at]).filter(([text]) => text.trim());
    const numbers = filled.map(([, at]) => at);
    const between = state.between.every((at) => numbers.includes(at)) ? state.between : [numbers[0], numbers[Math.min(1, numbers.length - 1)]];
    const key = JSON.stringify([given, between]);
    if (!state.inSight || !ctx.visible || state.asked === key || !filled.length || live.status !== "open" && live.status !== "relay") return;
    state.asked = key;
    const sentences = filled.map(([text]) => text);
    asker.ask("similarity", { only: "similarity", sentences, between: between.map((at) => numbers.indexOf(at)) }, {
      took({ arrays, numbers: { texts } }) {
        setText(problem, "");
        notes.replaceChildren(...texts["state/notes"].map((line) => h("p.note", line)));
        state.answer = { cosine: arrays.cosine.data, vectors: arrays.vectors.data, count: sentences.length, names: numbers.map((at) => String(at + 1)), numbers };
        state.between = between;
        state.shares = { rows: texts["state/rows"], columns: texts["state/columns"], values: arrays.shares.data };
        show();
      },
      refused: (text) => setText(problem, text),
    });
  }

  function show() {
    const { answer, between, shares: { rows: down, columns, values } } = state;
    matrix.set({ rows: answer.names, columns: answer.names, values: answer.cosine, scale: "diverging", high: 1 });
    const [i, j] = between.map((at) => answer.numbers.indexOf(at));
    matrix.light(i, j, { pinned: true });
    setText(says, matrixInWords(answer));
    point(i, j);
    setText(sharesTitle, `Sentences ${between[0] + 1} and ${between[1] + 1}, opened: what each pair of tokens adds · ${down.length} × ${columns.length}`);
    const end = largest(values) || 1;
    shares.set({ rows: down, columns, values, scale: "diverging", high: end });
    setText(ends[0], number(-end, 2));
    setText(ends[1], number(end, 2));
    setText(sharesSay, sharesInWords({ rows: down, columns, values, sum: values.reduce((a, b) => a + b, 0) }));
    pointShare(null, null);
    redraw();
  }

  function point(i, j) {
    const { answer } = state;
    if (!answer) return;
    const at = i === null || j === null ? null : [i, j];
    setText(readout, at ? `Sentence ${answer.names[i]} and ${answer.names[j]}: cosine ${steady(answer.cosine[i * answer.count + j], 4)}` : "Point at a cell to read it, click it to open it.");
  }

  function open(i, j) {
    if (i === null || j === null) return;
    state.between = [i, j].map((at) => state.answer.numbers[at]);
    panel.happened("bert_compared");
    nudge();
  }

  function pointShare(q, k) {
    const found = state.shares;
    shares.light(q, k);
    const usable = found && q !== null && k !== null;
    setText(sharesRead, usable ? `“${found.rows[q]}” with “${found.columns[k]}”: ${number(found.values[q * found.columns.length + k])}` : "Point at a cell to read it.");
  }

  build();
  refresh();
  return {
    element, nudge, matrix, shares,
    retry() { state.asked = ""; },
    draw(colors, resized) {
      if (!state.answer || !(dirty || resized)) return;
      dirty = false;
      matrix.draw(colors);
      shares.draw(colors);
      for (const canvas of scales) {
        const { pen, width, height } = fit(canvas);
        for (let x = 0; x < width; x += 1) {
          pen.fillStyle = css(colors.diverging((2 * x) / Math.max(1, width - 1) - 1));
          pen.fillRect(x, 0, 1.5, height);
        }
      }
    },
    expose: () => ({ sentences: state.sentences, between: state.between, cosine: state.answer && [...state.answer.cosine], shares: state.shares && { ...state.shares, values: [...state.shares.values] }, says: says.textContent, parts: sharesSay.textContent, readout: readout.textContent, problem: problem.textContent, notes: notes.textContent }),
  };
}
