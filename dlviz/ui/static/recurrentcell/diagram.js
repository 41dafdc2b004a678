// The three cells as pictures, laid out for the width there is. What runs along the top is drawn to scale.

import { Sheet } from "./drawing.js";

const BELT = 82; // height of the conveyor belt's middle
const GATES = 262; // height of the gates' middles
const BUS = 340; // height of the line that everything enters by

/**
 * The picture as an SVG element. `found`: equations and `before` of arithmetic.js; `sizes` {hidden, input}; `token`: what
 * is read, in words; `lit`, `colors`, `largest` as Sheet has them.
 */
export function diagram({ cell, found, sizes, token, width, colors, lit, largest }) {
  const sheet = new Sheet({ width, height: cell === "rnn" ? 330 : 408, colors, lit, largest });
  const by = Object.fromEntries(found.equations.map((equation) => [equation.id, equation]));
  const left = Math.max(34, 0.07 * width);
  const span = width - 2 * left;
  const place = { width, left, right: width - left, wide: width > 560, at: (share) => left + share * span, sizes, token };
  ({ rnn, lstm, gru })[cell](sheet, by, found.before, place);
  return sheet.root;
}

const numbers = (n) => (n === 1 ? ", one number" : `, ${n} numbers`);

/** x_t from below and h_{t−1} from the left, into one line or two. */
function entrances(sheet, before, { at, left, token, sizes, wide }, { x, h, xTo, hTo, from = 0 }) {
  const foot = at(0.03);
  sheet.wire(null, [foot, 404], [foot, x], [at(xTo), x]);
  sheet.word(null, foot + 7, 401, `x_t ${token}${wide ? numbers(sizes.input) : ""}`);
  if (hTo === null) return;
  sheet.wire(null, [from, h], [at(hTo), h]);
  sheet.word(null, 2, h - 8, "h_{t−1}");
  sheet.value(null, 2, h + 17, before.h, "start");
}

function shape(sheet, equation, x, y, { sizes, wide, at }, k) {
  const text = `${sizes.hidden} × (${sizes.input} + ${sizes.hidden})`;
  if (wide) sheet.word(equation.id, x, y, `W_${equation.letter} ${text}`, "middle", "note");
  else if (k === 0) sheet.word(null, at(0.42), y, `each W: ${text}`, "middle", "note");
}

function lstm(sheet, by, before, place) {
  const { at, width, left, right, wide } = place;
  const [f, i, g, o, out] = [0.14, 0.34, 0.55, 0.755, 0.925].map(at);
  const middle = (i + g) / 2;
  sheet.body(left, 26, right - left, 346);
  entrances(sheet, before, place, { x: BUS, h: BUS, xTo: 0.755, hTo: 0.755 });

  // The conveyor belt: before · forget + input · candidate = after.
  const { before: c, kept, written, value: after } = by.cell;
  sheet.band(null, [0, BELT], [f, BELT], c);
  sheet.band("cell", [f, BELT], [middle, BELT], kept);
  sheet.band("cell", [middle, 178], [middle, BELT], written);
  sheet.band("cell", [middle, BELT], [width, BELT], after);
  sheet.word(null, 2, 19, "c_{t−1}");
  sheet.value(null, wide ? 36 : 2, wide ? 19 : 44, c);
  sheet.value("cell", (f + middle) / 2, 44, kept, "middle", wide ? "f · c_{t−1} = " : "");
  sheet.value("cell", middle + (wide ? 28 : 26), 140, written, "start", wide ? "i · g = " : "");
  sheet.word("cell", width - 2, 19, "c_t", "end");
  sheet.value("cell", wide ? width - 24 : width - 2, wide ? 19 : 44, after, "end");
  sheet.scale(right - 76, 393, "c");

  const gates = [[by.forget_gate, f], [by.input_gate, i], [by.candidate, g], [by.output_gate, o]];
  gates.forEach(([equation, x], k) => {
    sheet.wire(equation.id, [x, BUS], [x, GATES + 21]);
    sheet.gate(equation, x, GATES, wide ? 64 : 44);
    sheet.value(equation.id, x + 5, GATES + 41, equation.sum);
    shape(sheet, equation, x, BUS + 20, place, k);
  });
  sheet.wire("forget_gate", [f, GATES - 21], [f, BELT]);
  sheet.value("forget_gate", f + 5, GATES - 30, by.forget_gate.value);
  sheet.wire("input_gate", [i, GATES - 21], [i, 190], [middle, 190]);
  sheet.value("input_gate", i + 5, GATES - 30, by.input_gate.value);
  sheet.wire("candidate", [g, GATES - 21], [g, 190], [middle, 190]);
  sheet.value("candidate", g + 5, GATES - 30, by.candidate.value);
  sheet.wire("output_gate", [o, GATES - 21], [o, 214], [out, 214]);
  sheet.value("output_gate", o + 5, GATES - 30, by.output_gate.value);
  sheet.wire("hidden", [out, BELT + sheet.thickness(after) / 2], [out, BUS], [width - 2, BUS]);
  sheet.head("hidden", width - 2, BUS);
  sheet.value("hidden", out - 5, 190, by.hidden.squashed, "end");
  sheet.word("hidden", width - 2, BUS - 8, "h_t", "end");
  sheet.value("hidden", width - 2, BUS + 17, by.hidden.value, "end");

  sheet.op("cell", f, BELT, "×");
  sheet.op("cell", middle, 190, "×");
  sheet.op("cell", middle, BELT, "+");
  sheet.op("hidden", out, 158, "tanh");
  sheet.op("hidden", out, 214, "×");
}

function gru(sheet, by, before, place) {
  const { at, width, left, right, wide } = place;
  const [z, r, times, n] = [0.16, 0.41, 0.6, 0.82].map(at);
  const [hBus, xBus] = [330, 352];
  const tap = at(0.03);
  sheet.body(left, 26, right - left, 352);
  entrances(sheet, before, place, { x: xBus, h: hBus, xTo: 0.82, hTo: null });
  sheet.wire(null, [tap - 14, BELT], [tap - 14, hBus], [times, hBus]);

  const { kept, written, value: after } = by.hidden;
  sheet.band(null, [0, BELT], [z, BELT], before.h);
  sheet.band("hidden", [z, BELT], [n, BELT], kept);
  sheet.band("hidden", [n, 156], [n, BELT], written);
  sheet.band("hidden", [n, BELT], [width, BELT], after);
  sheet.word(null, 2, 19, "h_{t−1}");
  sheet.value(null, wide ? 36 : 2, wide ? 19 : 44, before.h);
  sheet.value("hidden", (z + n) / 2, 44, kept, "middle", wide ? "z · h_{t−1} = " : "");
  sheet.value("hidden", n - 30, 128, written, "end", wide ? "(1 − z) · n = " : "");
  sheet.word("hidden", width - 2, 19, "h_t", "end");
  sheet.value("hidden", wide ? width - 24 : width - 2, wide ? 19 : 44, after, "end");
  sheet.scale(right - 76, 395, "h");

  const gates = [[by.update_gate, z], [by.reset_gate, r], [by.candidate, n]];
  gates.forEach(([equation, x], k) => {
    if (equation.id !== "candidate") sheet.wire(equation.id, [x - 9, hBus], [x - 9, GATES + 21]);
    sheet.wire(equation.id, [x + 9, xBus], [x + 9, GATES + 21]);
    sheet.gate(equation, x, GATES, wide ? 64 : 46);
    sheet.value(equation.id, x + 15, GATES + 41, equation.sum);
    shape(sheet, equation, x, xBus + 19, place, k);
  });
  sheet.wire("candidate", [times, hBus], [times, GATES], [n - 20, GATES]);
  sheet.value("candidate", times + 6, GATES + 41, by.candidate.recurrent, "start", wide ? "Σ u·h + b = " : "");
  sheet.wire("reset_gate", [r, GATES - 21], [r, 218], [times, 218], [times, GATES]);
  sheet.value("reset_gate", r + 5, GATES - 28, by.reset_gate.value);
  sheet.wire("update_gate", [z, GATES - 21], [z, BELT]);
  sheet.value("update_gate", z + 5, GATES - 28, by.update_gate.value);
  sheet.wire("hidden", [z, 168], [n, 168]);
  sheet.value("hidden", at(0.53), 160, 1 - by.hidden.z);
  sheet.wire("candidate", [n, GATES - 21], [n, 168]);
  sheet.value("candidate", n + 5, GATES - 28, by.candidate.value);

  sheet.op("hidden", z, BELT, "×");
  sheet.op("hidden", at(0.41), 168, "1 −");
  sheet.op("hidden", n, 168, "×");
  sheet.op("hidden", n, BELT, "+");
  sheet.op("candidate", times, GATES, "×");
}

function rnn(sheet, by, before, place) {
  const { at, width, left, right, wide, sizes, token } = place;
  const [u, plus, curve] = [0.2, 0.48, 0.76].map(at);
  const equation = by.hidden;
  const y = 150;
  sheet.body(left, 40, right - left, 240);
  sheet.band(null, [0, y], [u, y], before.h);
  sheet.band("hidden", [curve, y], [width, y], equation.value);
  sheet.word(null, 2, y - 48, "h_{t−1}");
  sheet.value(null, 2, y - 30, before.h);
  sheet.word("hidden", width - 2, y - 48, "h_t", "end");
  sheet.value("hidden", width - 2, y - 30, equation.value, "end");
  sheet.scale(at(0.04), 260, "h");
  sheet.wire("hidden", [u, y], [curve, y]);
  sheet.value("hidden", (u + plus) / 2 + 4, y - 8, equation.state.sum, "middle");
  sheet.wire("hidden", [plus, 326], [plus, y]);
  sheet.word(null, plus + 8, 322, `x_t ${token}${wide ? numbers(sizes.input) : ""}`);
  sheet.value("hidden", plus + 6, 196, equation.input.sum);
  sheet.wire("hidden", [plus, 84], [plus, y]);
  sheet.word("hidden", plus, 62, "b_{ih} + b_{hh}", "middle", "note");
  sheet.value("hidden", plus, 78, equation.bi + equation.bh, "middle");
  sheet.value("hidden", (plus + curve) / 2 - 6, y - 8, equation.sum, "middle");
  sheet.op("hidden", u, y, "U");
  sheet.op("hidden", plus, 236, "W");
  sheet.word("hidden", u, y + 32, `${sizes.hidden} × ${sizes.hidden}`, "middle", "note");
  sheet.word("hidden", plus + 20, 240, `${sizes.hidden} × ${sizes.input}`, "start", "note");
  sheet.op("hidden", plus, y, "+");
  sheet.gate(equation, curve, y, wide ? 64 : 46);
}
