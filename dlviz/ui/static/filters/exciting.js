// What excites a channel: the test pictures with the largest activation, the lowest, and which classes they are of.

import { h, number, percent, replace, setText } from "../lib/dom.js";
import { Grid } from "../lib/grid.js";
import { setOnce } from "../lib/once.js";
import { boxOf, card } from "./cards.js";
import { Follower } from "./follower.js";
import { LOW, TOP, byClass, column, preferences, ranked } from "./ranking.js";
import { buildSpread } from "./spread.js";
import { channelName, isMap, rowOf, unitName } from "./units.js";
import { excitingWords, lowestWords, spreadWords } from "./words.js";

const PACE = 2500; // ms between two passes over the test pictures while it trains
const [NARROWEST, WIDEST, TALL] = [10, 46, 20]; // px of a cell of the overview

/** `chosen()` is the unit, `look.measure` how a map counts; `structure()` names the network as it was built. */
export function buildExciting({ live, ctx, album, look, chosen, structure, choose, stage }) {
  const title = h("h4.unit-title");
  const words = h("p.reading");
  const waits = h("p.small.muted", { role: "status" });
  const problem = h("p.problem", { role: "alert", hidden: true });
  const top = h("div.cards");
  const low = h("div.cards.low");
  const lowTitle = h("p.label");
  const lowSide = h("div.lowest", lowTitle, low);
  const spread = buildSpread();
  const classWords = h("p.small");
  const overview = new Grid({
    label: "Channels by class", onhover: point, onwalk: point,
    onpick: ([, c]) => choose({ row: chosen().row, channel: c }),
  });
  const overviewWords = h("p.small.value.pointed");
  const names = h("div.overview-names.value");
  const scroll = h("div.overview-scroll", overview.element);
  const element = h("div.exciting-part",
    h("div.overview", h("p.label", "Every channel of the layer and every class: how far the mean activation of a class lies from that of all test pictures, in standard deviations of the channel. Blue: more, orange: less. Press a channel to choose it."),
      h("div.overview-field", names, scroll), overviewWords),
    title, words, problem, waits,
    h("div.exciting-field", h("div.exciting-pictures", top, lowSide), h("div.by-class", spread.element, classWords)));
  let found = null; // what the probe gave last
  let ranking = null; // of the channel chosen: {key, values, order, classes}
  let drawn = "";
  let pointed = null;

  const follower = new Follower({
    live, ctx, panel: "top_pictures", pace: PACE,
    wish: () => {
      const { row } = chosen();
      const measure = isMap(rowOf(live.scene.numbers.rows, row)) ? look.measure : "cell";
      return { key: `${structure()} ${row} ${measure}`, options: { row, measure, parameters: false }, about: `${live.shown} ${structure()} ${row} ${measure}` };
    },
    took: (answer, wish) => take(answer, wish, true),
    progress: (message, wish) => {
      const { done, total } = message.numbers.progress;
      setText(waits, `Looking at the test pictures: ${number(done)} of ${number(total)} …`);
      // A first look is shown as it comes; a later one waits until it is whole, so that nothing jumps back.
      if (message.arrays.activation && (!found?.whole || found.about !== wish.about)) take(message, wish, false);
    },
    refused: (text) => {
      problem.hidden = false;
      setText(problem, text);
      setText(waits, "");
    },
  });

  function take({ arrays }, { about, options }, whole) {
    found = {
      about, whole, row: options.row, measure: options.measure, step: arrays.at_step.data[0], activation: arrays.activation,
      truth: arrays.truth.data, answer: arrays.answer.data, confidence: arrays.confidence.data, field: arrays.field?.data ?? null,
      y: arrays.y, x: arrays.x,
    };
    found.size = found.field ? Math.max(...Array.from({ length: found.field.length / 2 }, (_, i) => found.field[2 * i + 1] - found.field[2 * i] + 1)) : 0;
    problem.hidden = true;
    if (whole) setText(waits, "");
    ranking = null;
    ctx.redraw();
  }

  function point(place) {
    pointed = place;
    ctx.redraw();
  }

  /** What a picture's winning cell sees, or null. */
  function boxFor(index) {
    if (!found.field) return null;
    const at = index * found.activation.shape[1] + chosen().channel;
    return boxOf(found.field, found.y.data[at], found.x.data[at]);
  }

  function cards(places) {
    const { classes } = live.scene.numbers;
    return places.map((index) => album.get(index)).filter(Boolean).map((picture) => card({
      picture, value: ranking.values[picture.index], truth: found.truth[picture.index], answer: found.answer[picture.index],
      confidence: found.confidence[picture.index], box: boxFor(picture.index), size: found.size,
    }, classes, stage));
  }

  function showOverview(classes) {
    const { activation } = found;
    const [, channels] = activation.shape;
    if (found.preferences === undefined) found.preferences = preferences(activation, found.truth, classes.length);
    const cell = Math.min(WIDEST, Math.max(NARROWEST, (scroll.clientWidth - 2) / channels));
    overview.largest = cell;
    setOnce(overview, `${found.about} ${found.step} ${found.truth.length} ${cell}`, () => ({
      tall: TALL / cell,
      values: found.preferences, rows: classes.length, cols: channels, hatched: false, title: `${found.row}: ${number(channels)} channels`, shape: "",
    }));
    overview.element.style.width = `${channels * cell + 1}px`;
    if (names.dataset.shows !== classes.join()) {
      names.dataset.shows = classes.join();
      replace(names, classes.map((name) => h("span", name)));
    }
    const { channel } = chosen();
    overview.light("chosen", { cells: classes.map((_, k) => [k, channel]), stroke: ctx.colors.accent, width: 2, hull: true });
    overview.light("point", pointed ? { cells: [pointed], stroke: ctx.colors.ink, width: 1.5 } : null);
    overview.draw(ctx.colors);
    const row = rowOf(live.scene.numbers.rows, found.row);
    const at = pointed ?? null;
    setText(overviewWords, at
      ? `${channelName(row, at[1], classes)}, class ${classes[at[0]]}: ${number(overview.at(at), 2)} standard deviations from the mean of all`
      : `Full colour: ± ${number(overview.limit, 2)} standard deviations.`);
  }

  function draw() {
    follower.nudge();
    const { rows, classes } = live.scene.numbers;
    const unit = chosen();
    const row = rowOf(rows, unit.row);
    setText(title, `What excites ${unitName(row, unit.channel, classes)}`);
    const isRight = found && found.row === unit.row && found.activation.shape[1] === row.output_shape[0];
    element.classList.toggle("waiting", !isRight);
    if (!isRight) {
      if (!follower.busy) return;
      setText(waits, waits.textContent || "Looking at the test pictures …");
      return;
    }
    showOverview(classes);
    const key = `${unit.channel} ${found.measure}`;
    if (ranking?.key !== key) {
      const values = column(found.activation, unit.channel);
      ranking = { key, values, order: ranked(values), classes: byClass(values, found.truth, classes.length) };
      drawn = "";
    }
    const best = ranking.order.slice(0, TOP);
    const worst = ranking.order.slice(-LOW).reverse();
    const flat = ranking.classes.high === ranking.classes.low;
    const tied = ranking.values.reduce((n, value) => n + (value === ranking.classes.low), 0);
    const shown = flat ? [] : tied > LOW ? best : [...best, ...worst];
    album.need(shown);
    const here = `${key} ${found.step} ${found.about} ${shown.map((index) => Boolean(album.get(index)))}`;
    if (here !== drawn && (shown.every((index) => album.get(index)) || !drawn)) {
      drawn = here;
      replace(top, flat ? null : cards(best));
      replace(low, flat || tied > LOW ? null : cards(worst));
    }
    setText(words, excitingWords({ row, unit, found, ranking, classes, flat }));
    setText(lowTitle, flat ? "" : lowestWords(ranking, tied, LOW));
    spread.show(ranking.classes, classes);
    spread.draw(ctx.colors);
    setText(classWords, flat ? "" : spreadWords(ranking.classes, classes));
  }

  function read() {
    const cardsOf = (place) => [...place.querySelectorAll(".exciting")].map((each) => {
      const frame = each.querySelector(".seen");
      const patch = each.querySelector(".patch");
      return { index: Number(each.dataset.index), text: each.innerText, box: frame && ["top", "left", "height", "width"].map((side) => parseFloat(frame.style[side])), patch: patch && [patch.height, patch.width] };
    });
    return found && ranking && {
      row: found.row, measure: found.measure, step: found.step, whole: found.whole, busy: follower.busy, channel: chosen().channel,
      top: cardsOf(top), low: cardsOf(low), values: [...ranking.values], classes: { ...ranking.classes, rows: ranking.classes.rows.map((each) => ({ ...each, bins: [...each.bins] })) },
      preferences: [...found.preferences], words: words.textContent, classWords: classWords.textContent, lowTitle: lowTitle.textContent,
    };
  }

  /** The largest activation of a test picture, of the unit chosen; null until it is known. */
  return { element, draw, read, forget: () => { [found, ranking, drawn] = [null, null, ""]; } };
}
