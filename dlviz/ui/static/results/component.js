// Results: curves, confusion matrix and mistakes at the moment shown. All numbers come with the frame; the pictures
// are asked for by their place in the test part, and kept.

import { h, number, percent, replace, setText } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { isSettled } from "../lib/settled.js";
import { settingsOf } from "../lib/settings.js";
import { buildConfusion } from "./confusion.js";
import { scoresOf } from "./counting.js";
import { buildCurves } from "./curves.js";
import { Album, thumbnail, unpack } from "../lib/album.js";
import { gapWords, splitWords } from "./words.js";

export default mount((root, live, ctx) => {
  const stage = { live, ctx };
  const settings = settingsOf(stage);
  const album = new Album(live, () => ctx.redraw());
  const curves = buildCurves(stage);
  const total = h("p.total.value");
  const gap = h("p.gap");
  const split = h("p.small.muted.split");
  const inCell = h("div.in-cell.hidden", { "aria-live": "polite" });
  const confusion = buildConfusion({ ctx, onpick: pick, under: inCell });
  const worst = h("div.thumbs");
  const worstWords = h("p.small.muted");
  root.append(h("div.results",
    curves.element,
    h("div.words", gap, split),
    h("section", { "aria-label": "Confusion matrix" }, h("div.row.head", h("h3", "What is taken for what"), total), confusion.element),
    h("section", { "aria-label": "Worst mistakes" }, h("h3", "Worst mistakes"), worstWords, worst)));

  let chosen = null; // [truth, answer] of the cell that is open
  let opened = null; // its pictures: {key, pictures, n}
  let dataset = null;
  let drawn = ""; // what the row of mistakes shows
  let matrixOf = null;

  for (const kind of ["scene", "frame", "state", "runs", "compared"]) live.on(kind, () => ctx.redraw(), ctx.signal);
  ctx.host.dlviz = { results: read, scrub: (step) => live.scrub(step) };

  // ---- the pictures of a cell

  function pick(truth, answer) {
    const again = chosen && chosen[0] === truth && chosen[1] === answer;
    chosen = again ? null : [truth, answer];
    opened = null;
    matrixOf = null;
    live.shared.set("happened.opened_confusion", true);
    ctx.redraw();
  }

  async function fetchCell(key, frame) {
    opened = { key, pictures: opened?.pictures ?? null, waiting: true, n: opened?.n ?? 0, of: opened?.of };
    const [truth, answer] = chosen;
    const options = { truth, answer, measured_at: frame.numbers.measured_at, parameters: false };
    const reply = await live.ask({ do: "probe", panel: "results", options }, { quiet: true });
    if (opened?.key !== key) return;
    if (reply.kind === "note") {
      opened = { key, problem: reply.numbers.text };
    } else {
      const pictures = unpack(reply);
      const { data, shape } = reply.arrays.confusion;
      album.add(pictures);
      opened = { key, pictures, n: data[truth * shape[1] + answer], of: [truth, answer] };
    }
    ctx.redraw();
  }

  function showCell(frame, names) {
    inCell.classList.toggle("hidden", !chosen);
    if (!chosen) {
      opened = null;
      return;
    }
    const key = `${live.shown} ${live.scene.version} ${frame.numbers.measured_at} ${chosen}`;
    // Another moment while playing: the answer under way is waited for, so that there is one question at a time.
    if (opened?.key !== key && !opened?.waiting && isSettled(live)) fetchCell(key, frame);
    if (!opened || inCell.dataset.shows === `${opened.key} ${Boolean(opened.waiting)}` || (opened.waiting && opened.pictures)) return;
    inCell.dataset.shows = `${opened.key} ${Boolean(opened.waiting)}`;
    if (opened.problem || !opened.pictures) {
      replace(inCell, h("p.small.muted", opened.problem ?? "Looking for them …"));
      return;
    }
    const { pictures, n, of: [truth, answer] } = opened;
    const title = truth === answer ? `“${names[truth]}” recognised` : `“${names[truth]}” taken for “${names[answer]}”`;
    const order = truth === answer ? "the least sure first" : "the surest first";
    const said = n === 0 ? "none at this moment" : `${number(pictures.length)} of ${number(n)}, ${order}`;
    replace(inCell,
      h("div.row", h("h4", title), h("span.small.muted.value", said),
        h("button.plain.small-button", { type: "button", onclick: () => pick(truth, answer) }, "Close")),
      h("div.thumbs", pictures.map((picture) => card(picture, picture, names))));
  }

  // ---- thumbnails

  function card(picture, { truth, answer, confidence }, names) {
    const wrong = truth !== answer;
    const words = wrong ? `${names[truth]} → ${names[answer]}` : `${names[truth]} ✓`;
    const label = `Test picture ${picture.index}: ${names[truth]}, answered ${names[answer]} with ${percent(confidence)}`;
    return h("button.card-thumb.plain", {
      type: "button", "data-index": picture.index, title: `${label}. Press to look at it on the stage.`,
      onclick: () => settings.change({ picture: picture.index, own_pixels: "" }),
    }, thumbnail(picture, label), h("span.value", { class: wrong ? "wrong" : "" }, words), h("span.label.value", percent(confidence)));
  }

  function showWorst(frame, names) {
    const places = [...frame.arrays.worst.data];
    if (isSettled(live)) album.need(places);
    const answers = frame.arrays.worst_answers.data;
    const confidence = frame.arrays.worst_confidence.data;
    const now = places.map((index, k) => ({ index, picture: album.get(index), answer: answers[k], confidence: confidence[k] }));
    const key = now.map((each) => `${each.index} ${each.answer} ${each.confidence} ${Boolean(each.picture)}`).join();
    if (key === drawn) return;
    if (now.some(({ picture }) => !picture) && drawn) return; // the row before stays until the new pictures are here
    drawn = key;
    const arrived = now.filter(({ picture }) => picture);
    const wrong = arrived.filter(({ picture, answer }) => picture.truth !== answer);
    setText(worstWords, sayWorst(wrong.length, arrived.length));
    replace(worst, arrived.map(({ picture, answer, confidence: sure }) => card(picture, { truth: picture.truth, answer, confidence: sure }, names)));
  }

  function sayWorst(wrong, all) {
    const what = "truth → answer and how sure the network was of it. Press one to put it on the stage.";
    if (wrong === all) return `Test pictures answered wrongly, the surest first: ${what}`;
    const rest = `The other ${number(all - wrong)} are right (✓), but less sure than any other.`;
    if (wrong === 0) return `No test picture is answered wrongly. ${rest}`;
    return `${wrong === 1 ? "One test picture is" : `Only ${number(wrong)} test pictures are`} answered wrongly: ${what} ${rest}`;
  }

  // ---- everything

  function begin(scene) {
    const { spec } = scene.numbers;
    if (dataset === spec.dataset) return;
    dataset = spec.dataset;
    album.clear();
    [chosen, opened, drawn, matrixOf] = [null, null, "", null];
    replace(worst);
  }

  function draw() {
    const { scene, frame } = live;
    if (!scene || !frame) return;
    begin(scene);
    const { classes: names } = scene.numbers;
    curves.draw(frame);
    const said = gapWords(frame.numbers, curves.best());
    setText(gap, said.text);
    gap.dataset.level = said.level;
    setText(split, splitWords(scene.numbers.split));
    const { data } = frame.arrays.confusion;
    if (matrixOf?.data !== data || matrixOf.colors !== ctx.colors) {
      const scores = scoresOf(data, names.length);
      matrixOf = { data, colors: ctx.colors, scores };
      confusion.show({ confusion: data, scores, names, chosen });
      setText(total, `${number(scores.right)} of ${number(scores.total)} test pictures right, ${percent(scores.right / scores.total)}, measured at step ${number(frame.numbers.measured_at)}`);
    }
    confusion.draw();
    showCell(frame, names);
    showWorst(frame, names);
  }

  function read() {
    const { frame, scene } = live;
    if (!frame || !matrixOf) return null;
    const shown = (element) => [...element.querySelectorAll(".card-thumb")].map((each) => ({ index: Number(each.dataset.index), text: each.innerText }));
    return {
      step: frame.step, measuredAt: frame.numbers.measured_at, scores: matrixOf.scores, confusion: [...matrixOf.data],
      numbers: frame.numbers, best: curves.best(), gap: gap.textContent, split: scene.numbers.split, picture: scene.numbers.spec.picture,
      worst: shown(worst), cell: opened?.pictures && !opened.waiting ? shown(inCell) : null, chosen,
    };
  }

  return { draw, update: () => { matrixOf = null; ctx.redraw(); } };
});
