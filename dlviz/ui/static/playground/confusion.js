// The confusion matrix of the model on screen, recomputed in the browser from its weights, and one
// point's cross-entropy: its softmax beside its one-hot target.
//
// buildConfusion(el, stage) → {update(), draw()}. A cell's points are handed to stage.light as
// {set: "train" | "test", points: Set of indices}; null puts the light out.

import { css } from "../lib/color.js";
import { count, h, percent, replace, setText, steady } from "../lib/dom.js";
import { forward, makeBatch, pointLoss, setPoint } from "../lib/nn.js";

const EVERY = 100; // ms between two countings while training
const NEAR = 0.4; // a point this close to the pointer, in units of the plane, is the one that is meant

/** For each point the likeliest class: [true class][predicted class] → indices of the points. */
export function confuse(model, points, targets) {
  const size = targets.length;
  const cells = Array.from({ length: model.classes }, () => Array.from({ length: model.classes }, () => []));
  if (!size) return cells;
  const [x1, x2] = [new Float64Array(size), new Float64Array(size)];
  for (let p = 0; p < size; p += 1) [x1[p], x2[p]] = [points[2 * p], points[2 * p + 1]];
  const logits = forward(model, makeBatch(model, x1, x2)).values.at(-1);
  for (let p = 0; p < size; p += 1) {
    let best = 0;
    for (let k = 1; k < model.classes; k += 1) if (logits[k * size + p] > logits[best * size + p]) best = k;
    cells[targets[p]][best].push(p);
  }
  return cells;
}

/** The share of each true class that was recognised; null for a class without points. */
export function recalls(cells) {
  return cells.map((row, k) => {
    const all = row.reduce((sum, cell) => sum + cell.length, 0);
    return all ? row[k].length / all : null;
  });
}

/** The data point nearest to a place of the plane, train or test, or null when none is near. */
export function nearestPoint(scene, x1, x2) {
  let found = null;
  let closest = NEAR ** 2;
  for (const set of ["train", "test"]) {
    const points = scene.arrays[`${set}_points`].data;
    const targets = scene.arrays[`${set}_targets`].data;
    for (let p = 0; p < targets.length; p += 1) {
      const distance = (points[2 * p] - x1) ** 2 + (points[2 * p + 1] - x2) ** 2;
      if (distance < closest) [closest, found] = [distance, { set, index: p, x1: points[2 * p], x2: points[2 * p + 1], target: targets[p] }];
    }
  }
  return found;
}

export function buildConfusion(el, stage) {
  const { live, ctx } = stage;
  const view = { set: "test", cells: null, pinned: null, place: null, counted: 0, buttons: [], timer: 0 };
  const title = h("h3", "Confusion");
  const accuracy = h("span.muted.small.value");
  const sets = ["test", "train"].map((set) => h("button", {
    type: "button", "aria-pressed": String(set === view.set), onclick: () => choose(set),
  }, set === "test" ? "Test" : "Training"));
  const table = h("table.confusion");
  const reading = h("p.muted.small");
  const single = buildPoint();
  const root = h("section.confusion-panel", { "aria-label": "Confusion matrix" },
    h("div.row", title, h("div.segments", { role: "group", "aria-label": "Points counted" }, sets), accuracy),
    h("div.confusion-body", h("div.confusion-matrix", table, reading), single.root));
  el.append(root);

  function choose(set) {
    Object.assign(view, { set, counted: 0 });
    sets.forEach((button, i) => button.setAttribute("aria-pressed", String((i === 0) === (set === "test"))));
    pin(null);
    refresh();
  }

  function buildTable(classes) {
    const swatch = (k) => h("i.swatch", { style: { background: ctx.colors.classes[k] } });
    view.buttons = Array.from({ length: classes }, (_, k) => Array.from({ length: classes }, (_, j) => h("button.plain.cell", {
      onpointerenter: () => light([k, j]),
      onpointerleave: () => light(view.pinned),
      onfocus: () => light([k, j]),
      onblur: () => light(view.pinned),
      onclick: () => pin(view.pinned && view.pinned[0] === k && view.pinned[1] === j ? null : [k, j]),
    })));
    view.recalls = Array.from({ length: classes }, () => h("td.recall.value"));
    const names = Array.from({ length: classes }, (_, k) => k);
    replace(table,
      h("caption.unseen", "Rows are true classes, columns are predictions"),
      h("thead",
        h("tr", h("td"), h("th.label", { colspan: classes, scope: "colgroup" }, "predicted"), h("th.label.recall", { scope: "col" }, "recall")),
        h("tr", h("td.label", "true"), names.map((k) => h("th", { scope: "col", "aria-label": `predicted class ${k}` }, swatch(k), h("span", String(k)))), h("td"))),
      h("tbody", names.map((k) => h("tr",
        h("th", { scope: "row", "aria-label": `true class ${k}` }, swatch(k), h("span", String(k))),
        view.buttons[k].map((button) => h("td", button)), view.recalls[k]))));
    table.style.setProperty("--classes", classes);
    table.classList.toggle("many", classes > 5);
  }

  function light(cell) {
    view.lit = cell;
    const points = cell && view.cells?.[cell[0]]?.[cell[1]];
    stage.light(points ? { set: view.set, points: new Set(points) } : null);
    read();
  }

  function pin(cell) {
    view.pinned = cell;
    view.buttons.forEach((row, k) => row.forEach((button, j) =>
      button.setAttribute("aria-pressed", String(cell?.[0] === k && cell?.[1] === j))));
    light(cell);
  }

  function read() {
    if (!view.lit || !view.cells) {
      setText(reading, "Point at a cell: its points light up on the output.");
      return;
    }
    const [k, j] = view.lit;
    const n = view.cells[k][j].length;
    const what = n === 1 ? "1 point" : `${count(n)} points`;
    setText(reading, k === j ? `${what} of class ${k} recognised.` : `${what} of class ${k} taken for class ${j}.`);
  }

  function refresh() {
    const { scene, frame } = live;
    const model = stage.model;
    const isClassification = scene?.numbers.problem === "classification";
    root.classList.toggle("hidden", !isClassification);
    if (!isClassification || !frame || !model || model.version !== scene.version) return;
    const wait = view.counted + EVERY - performance.now();
    if (wait > 0) {
      view.timer ||= setTimeout(() => { view.timer = 0; refresh(); }, wait);
      return;
    }
    view.counted = performance.now();
    if (view.buttons.length !== model.classes || view.colors !== ctx.colors) {
      buildTable(model.classes);
      view.colors = ctx.colors;
      pin(null);
    }
    view.cells = confuse(model, scene.arrays[`${view.set}_points`].data, scene.arrays[`${view.set}_targets`].data);
    showCounts();
    if (view.lit) light(view.lit);
    else read();
    single.show(view.place);
  }

  function showCounts() {
    let right = 0;
    let all = 0;
    const found = recalls(view.cells);
    view.cells.forEach((row, k) => {
      const inRow = row.reduce((sum, cell) => sum + cell.length, 0);
      all += inRow;
      right += row[k].length;
      row.forEach((cell, j) => {
        const button = view.buttons[k][j];
        const share = inRow ? cell.length / inRow : 0;
        setText(button, count(cell.length));
        button.style.setProperty("--shade", css(ctx.colors.sequential(0.75 * share)));
        button.classList.toggle("none", cell.length === 0);
        button.classList.toggle("strong", share > 0.55);
        button.setAttribute("aria-label", `true ${k}, predicted ${j}: ${count(cell.length)}`);
      });
      setText(view.recalls[k], found[k] === null ? "–" : percent(found[k], 0));
    });
    setText(accuracy, all ? `${count(right)} of ${count(all)} right, ${percent(right / all)}` : "no points in this set");
  }

  function buildPoint() {
    const bars = h("div.softmax");
    const loss = h("p.value.small");
    const words = h("p.muted.small");
    const rootOfPoint = h("div.one-point", { "aria-label": "Cross-entropy of one point" },
      h("h4", "One point's loss"), bars, loss, words);
    let rows = [];
    let batch = null;
    function build(classes) {
      rows = Array.from({ length: classes }, (_, k) => ({
        fill: h("i.fill", { style: { background: ctx.colors.classes[k] } }), goal: h("i.goal"),
        share: h("span.value"), wanted: h("span.value.muted"), root: null,
      }));
      replace(bars, h("div.softmax-row.label", h("span"), h("span", "softmax"), h("span", "p"), h("span", "one-hot")),
        rows.map((row, k) => (row.root = h("div.softmax-row", h("span.value", String(k)), h("span.bar", row.fill, row.goal), row.share, row.wanted))));
    }
    function show(place) {
      const { model } = stage;
      if (!model || model.problem !== "classification" || !live.frame) return;
      if (!batch || batch.model !== model || batch.colors !== ctx.colors) {
        batch = { model, colors: ctx.colors, ...makeBatch(model, new Float64Array(1), new Float64Array(1)) };
        build(model.classes);
      }
      rootOfPoint.classList.toggle("idle", !place);
      if (!place) {
        rows.forEach((row) => { row.fill.style.width = "0"; row.goal.classList.add("hidden"); setText(row.share, ""); setText(row.wanted, ""); });
        setText(loss, "");
        setText(words, "Move over the output: a point's probabilities stand beside its one-hot target.");
        return;
      }
      const point = nearestPoint(live.scene, place.x1, place.x2);
      forward(model, setPoint(model, batch, point?.x1 ?? place.x1, point?.x2 ?? place.x2));
      rows.forEach((row, k) => {
        const p = batch.probabilities[k];
        row.fill.style.width = `${p * 100}%`;
        row.goal.classList.toggle("hidden", point?.target !== k);
        row.root.classList.toggle("right", point?.target === k);
        setText(row.share, steady(p));
        setText(row.wanted, point ? (point.target === k ? "1" : "0") : "");
      });
      if (point) {
        setText(loss, `loss = −ln p(${point.target}) = −ln ${steady(batch.probabilities[point.target])} = ${steady(pointLoss(model, batch, point.target))}`);
        setText(words, `${point.set === "train" ? "Training" : "Test"} point (${steady(point.x1, 2)}, ${steady(point.x2, 2)}) of class ${point.target}.`);
      } else {
        setText(loss, "");
        setText(words, `No data point at (${steady(place.x1, 2)}, ${steady(place.x2, 2)}), so no target and no loss.`);
      }
    }
    return { root: rootOfPoint, show };
  }

  stage.on("pointer", ({ kind, x1, x2 }) => {
    view.place = kind === "leave" ? null : { x1, x2 };
    single.show(view.place);
  });
  stage.on("scene", () => { pin(null); view.counted = 0; });
  stage.on("frame", refresh);
  ctx.signal.addEventListener("abort", () => clearTimeout(view.timer));
  refresh();
  return { update: () => { view.counted = 0; refresh(); } };
}
