// How one letter comes to be written: the scores, the softmax and the context vector, number by number.

import { css } from "../lib/color.js";
import { fit, h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { spoken, written } from "../lib/tokens.js";

const ROWS = 4; // letters that are looked at most
const AROUND = 2; // letters before and after, so that one knows which it is
const ANSWERS = 3;

export function buildReadout() {
  const title = h("h4");
  const lead = h("p.small.muted.value");
  const table = h("table.sum.value");
  const answers = h("div.answers");
  const element = h("div.readout", h("div.stack", title, lead, h("div.frame", table)), answers);
  let strips = []; // {canvas, values}
  let key = "";

  const strip = (values, label) => {
    const canvas = h("canvas.strip", { role: "img", "aria-label": `${label}: ${values.length} numbers` });
    strips.push({ canvas, values });
    return canvas;
  };

  /** `at`: which letter; `source`, `answersOf`: texts; `read`: of both networks. */
  function show({ at, pinned, source, said, read, score, step }) {
    const now = `${at} ${pinned} ${source.join("")} ${score} ${step} ${read.attention.letters[at].scores.join()}`;
    if (now === key) return;
    key = now;
    strips = [];
    const { hidden, scores, weights, context } = read.attention.letters[at];
    const ranked = [...weights.keys()].sort((a, b) => weights[b] - weights[a]);
    const top = ranked.slice(0, ROWS);
    const rest = ranked.slice(ROWS);
    const largest = scores[ranked[0]];
    const total = scores.reduce((sum, s) => sum + Math.exp(s - largest), 0);
    setText(title, `How letter ${at + 1} of ${said.attention.length}, ${named(said.attention[at])}, comes about with attention`);
    const formula = score === "dot" ? "score of letter j = d · hⱼ" : "score of letter j = v · tanh(W_q d + W_k hⱼ + b)";
    setText(lead, `${formula}; weight = exp(score − largest) ÷ the sum of all ${source.length} of them; context c = Σ weight × hⱼ. ${pinned ? "Pinned: click it again to let go." : "Point at another letter, or click it to pin it."}`);
    replace(table,
      h("thead", h("tr", h("th", ""), h("th", `${hidden.length} numbers`), h("th", "score"), h("th", "exp(score − largest)"), h("th", "weight"))),
      h("tbody",
        h("tr.asks", h("th", { scope: "row" }, "d, the decoder's state"), h("td", strip(hidden, "State of the decoder")), h("td"), h("td"), h("td")),
        top.map((j) => h("tr", { "data-at": j }, h("th", { scope: "row" }, h("span.muted", `h${subscript(j + 1)} `), around(source, j)), h("td", strip(read.attention.states[j], `State after letter ${j + 1}`)),
          h("td", steady(scores[j], 2)), h("td", number(Math.exp(scores[j] - largest), 2)), h("td", h("b", steady(weights[j], 3))))),
        rest.length ? h("tr.rest", h("th", { scope: "row" }, `the other ${rest.length} together`), h("td"), h("td"), h("td", number(rest.reduce((sum, j) => sum + Math.exp(scores[j] - largest), 0), 2)), h("td", steady(rest.reduce((sum, j) => sum + weights[j], 0), 3))) : null,
        h("tr.gives", h("th", { scope: "row" }, "c, the context"), h("td", strip(context, "Context")), h("td"), h("td", number(total, 3)), h("td", "1"))));
    const column = (name, label) => {
      const letter = read[name].letters[at];
      if (!letter) return h("div.answer", h("p.label", label), h("p.small.muted", "It has stopped writing by now."));
      const best = [...letter.shares.keys()].sort((a, b) => letter.shares[b] - letter.shares[a]).slice(0, ANSWERS);
      return h("div.answer", { "data-network": name }, h("p.label", label), best.map((id) => h("div.guess",
        h("span.code", written(said.vocabulary[id]).replace("$", "⏎")), h("span.bar", h("i", { style: { width: `${100 * letter.shares[id]}%` } })), h("span.value", percent(letter.shares[id], 1)))));
    };
    replace(answers, h("h4", `What letter ${at + 1} may be`), column("attention", "With attention: from c and d"), column("plain", "Without: from d alone"));
  }

  function draw(colors) {
    for (const { canvas, values } of strips) {
      if (!canvas.clientWidth) continue;
      const { pen, width, height } = fit(canvas);
      const cell = width / values.length;
      values.forEach((value, k) => {
        pen.fillStyle = css(colors.diverging(value));
        pen.fillRect(k * cell, 0, cell + 0.4, height);
      });
    }
  }

  return { element, show, draw };
}

const named = (letter) => (letter === "$" ? "the end sign ⏎" : `“${spoken(letter)}”`);
const subscript = (n) => [...String(n)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");

function around(source, j) {
  const text = (from, to) => source.slice(Math.max(0, from), to).map(written).join("");
  return h("span.code.around", text(j - AROUND, j), h("b", written(source[j])), text(j + 1, j + 1 + AROUND));
}
