// What a sub-step looks like with pictures: rows of the same examples, with what D says under each.

import { h, number, replace, setText, steady } from "../lib/dom.js";
import { said } from "../lib/gan.js";
import { paintPixels } from "../lib/pixels.js";
import { discriminatorTerms, generatorTerms } from "./terms.js";

/** `onfollow(index)` hears which example is pressed. */
export function buildTileView({ onfollow }) {
  const body = h("div.gt-rows");
  const note = h("p.small.muted.value");
  const element = h("div.gt-tiles", body, note);
  let [key, rows, read] = ["", [], null];

  function build(wanted, count) {
    const next = `${count}/${wanted.map(({ title }) => title).join("|")}`;
    if (next === key) return;
    key = next;
    rows = wanted.map(({ title }) => {
      const tiles = Array.from({ length: count }, (_, i) => {
        const [canvas, words] = [h("canvas.gt-tile-picture", { width: 1, height: 1, "aria-hidden": "true" }), h("span.gt-tile-words.value")];
        return { canvas, words, button: h("button.plain.gt-tile", { type: "button", onclick: () => onfollow(i) }, canvas, words) };
      });
      return { title: h("span.label"), tiles };
    });
    replace(body, rows.map(({ title, tiles }) => h("div.gt-row", title, h("div.gt-row-tiles", tiles.map(({ button }) => button)))));
  }

  function show(turn, sub, follow, colors) {
    const wanted = rowsOf(turn, sub);
    const count = sub.move.shown;
    build(wanted, count);
    rows.forEach(({ title, tiles }, r) => {
      const row = wanted[r];
      setText(title, row.title);
      const most = row.signed ? Math.max(1e-12, row.values.reduce((top, value) => Math.max(top, Math.abs(value)), 0)) : 1;
      tiles.forEach(({ canvas, words, button }, i) => {
        if (row.codes) paintCode(canvas, turn.codeOf(sub.move, i), colors);
        else if (row.signed) paintSigned(canvas, turn.of(row.values, i), turn.shape, most, colors);
        else paintPixels(canvas, turn.of(row.values, i).map((value) => (value + 1) / 2), turn.shape);
        canvas.classList.toggle("gt-code", Boolean(row.codes));
        setText(words, row.words ? row.words(i) : "");
        button.classList.toggle("now", i === follow);
        button.setAttribute("aria-label", `Follow example ${i + 1}: ${row.title}${row.words ? `, ${row.words(i)}` : ""}`);
        button.setAttribute("aria-pressed", String(i === follow));
      });
    });
    const signed = wanted.filter((row) => row.signed).map((row) => `${row.title}: from ${number(-row.most)} (orange) over 0 to ${number(row.most)} (blue).`);
    setText(note, [...signed, wanted[0].codes ? "Each square is one number of the noise: orange below 0, blue above, fullest at 3 and beyond." : ""].filter(Boolean).join(" "));
    read = wanted.map((row) => ({ title: row.title, words: row.words ? Array.from({ length: count }, (_, i) => row.words(i)) : [], values: row.codes ? null : [...row.values] }));
  }
  return { element, show, read: () => read, pixels: (r, i) => [...rows[r].tiles[i].canvas.getContext("2d").getImageData(0, 0, rows[r].tiles[i].canvas.width, rows[r].tiles[i].canvas.height).data] };
}

const topOf = (values) => values.reduce((top, value) => Math.max(top, Math.abs(value)), 0);

// [{title, values | codes, words(i), signed}]
function rowsOf(turn, { id, move }) {
  const { spec } = turn;
  const say = (logits) => (i) => steady(said(spec.loss, logits[i]), 2);
  const change = (before, after) => (i) => `${steady(said(spec.loss, before[i]), 2)} → ${steady(said(spec.loss, after[i]), 2)}`;
  const add = (terms) => (i) => `+ ${steady(terms[i], 2)}`;
  const real = (title, words) => ({ title, values: move.realSeen ?? move.real, words });
  const fake = (title, words) => ({ title, values: move.fakesSeen ?? move.fakes, words });
  const signed = (title, values, words) => ({ title, values, words, signed: true, most: topOf(values) });
  const terms = move.kind === "d" && id === "loss" ? discriminatorTerms(spec, move.realLogits, move.fakeLogits) : null;
  const towards = () => move.gradient.map((value) => -value);
  switch (id) {
    case "real": return [{ title: "Real", values: move.real }, ...(move.realSeen ? [{ title: "Real, with instance noise", values: move.realSeen }] : [])];
    case "noise": return [{ title: "Noise", codes: true }];
    case "fakes": return [{ title: "Fakes", values: move.fakes }];
    case "judge": return [real("Real: what D says", say(move.realLogits)), fake("Fakes: what D says", say(move.fakeLogits))];
    case "loss": return [real("Real: what each adds to the loss", add(terms.real)), fake("Fakes: what each adds", add(terms.fake)), ...(move.between ? [{ title: "Between: D’s slope there", values: move.between, words: (i) => steady(move.slopes[i], 2) }] : [])];
    case "step": return [real("Real: D before → after", change(move.realLogits, move.realAfter)), fake("Fakes: D before → after", change(move.fakeLogits, move.fakeAfter))];
    case "gfakes": return [{ title: "New noise", codes: true }, { title: "New fakes", values: move.fakes }];
    case "gjudge": return [{ title: "New fakes: what D says now", values: move.seen ?? move.fakes, words: say(move.logits) }];
    case "gloss": return [{ title: "Fakes: what each adds to G’s loss", values: move.fakes, words: add(generatorTerms(spec, move.logits)) }, signed("How each pixel should change, −∂ℓ/∂fake", towards())];
    case "gback": return [signed("−∂ℓ/∂fake, on its way back through G", towards())];
    case "gstep": return [{ title: "Before", values: move.fakes }, { title: "After G’s step", values: move.moved }, signed("What has changed", move.moved.map((value, k) => value - move.fakes[k]), (i) => `cos ${steady(move.cosines[i], 2)}`), signed("What was asked for, −∂ℓ/∂fake", towards())];
    default: return [{ title: "Fakes: D before → after", values: move.fakes, words: change(move.logits, move.bug.logits) }];
  }
}

function paintSigned(canvas, values, [channels, height, width], most, colors) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  const count = width * height;
  for (let i = 0; i < count; i += 1) {
    let sum = 0; // of a coloured picture the channels together
    for (let c = 0; c < channels; c += 1) sum += values[c * count + i] / channels;
    image.data.set([...colors.diverging(sum / most), 255], 4 * i);
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function paintCode(canvas, code, colors) {
  const side = Math.ceil(Math.sqrt(code.length));
  const rows = Math.ceil(code.length / side);
  if (canvas.width !== side || canvas.height !== rows) Object.assign(canvas, { width: side, height: rows });
  const image = new ImageData(side, rows);
  code.forEach((value, i) => image.data.set([...colors.diverging(value / 3), 255], 4 * i));
  canvas.getContext("2d").putImageData(image, 0, 0);
}
