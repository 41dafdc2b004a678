// The map: the loss of held-back sequences without each head and each part in turn, measured by the server.

import { css } from "../lib/color.js";
import { readable } from "../lib/cells.js";
import { h, number, percent, replace, setText, steady } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { headName, layerName, partName } from "./changing.js";

const KIND = { name: "kind", kind: "choice", label: "Each head", options: ["silent", "even"], labels: ["Silent", "Even"], default: "silent", help: "Silent: the head gives nothing. Even: it looks at all tokens it may see alike, so only where it looks is lost." };
const WHAT = { name: "what", kind: "choice", label: "Change of", options: ["loss", "accuracy"], labels: ["Loss", "Accuracy"], default: "loss" };
const LITTLE = { loss: 0.01, accuracy: 0.005 }; // changes not worth speaking of
const SHARE = 0.02; // of the loss: less is not worth a name
const UNITS = { attention: "whole attention", cross: "whole attention", feed_forward: "feed-forward", layer: "whole layer" };
const COLUMNS = ["whole attention", "feed-forward", "whole layer"];

const prefixOf = (stack, kind) => (stack !== "decoder" ? "" : kind === "cross" ? "cross_" : "decoder_");

/** Every cell of the map: {id or ids, row, column, change: {loss, accuracy}, is: {loss, accuracy}}. */
export function cellsOf(reply, grids, kind) {
  const array = (name) => reply.arrays[name];
  const base = { loss: array("loss").data[0], accuracy: array("accuracy").data[0] };
  const cell = (name, i, more) => {
    const is = Object.fromEntries(["loss", "accuracy"].map((what) => [what, array(`${name}_${what}`).data[i]]));
    return { ...more, is, change: { loss: is.loss - base.loss, accuracy: is.accuracy - base.accuracy } };
  };
  return grids.flatMap(({ id, stack, layer, kind: part, part: { weights } }) => {
    const prefix = prefixOf(stack, part);
    const heads = weights.map((_, head) => cell(`${prefix}${kind}`, layer * weights.length + head, { head: `${id}.${head}`, row: id, column: `Head ${head + 1}`, name: headName(`${id}.${head}`) }));
    const offs = prefixOf(stack, "attention");
    const parts = reply.numbers.texts[`state/${offs}parts`];
    const units = parts.map((unit, u) => [unit, u]).filter(([unit]) => (part === "cross" ? unit === "cross" : unit !== "cross"));
    return [...heads, ...units.map(([unit, u]) => cell(`${offs}off`, layer * parts.length + u, {
      parts: (unit === "layer" ? parts.filter((each) => each !== "layer") : [unit]).map((each) => `${stack}.${layer}.${each}`),
      row: id, column: UNITS[unit], name: unit === "layer" ? `all of ${layerName(stack, layer)}` : `the ${partName(unit)} of ${layerName(stack, layer)}`,
    }))];
  });
}

/** `state`: {kind, what}; `change` hears the controls, `choose(cell)` a cell; `job` has the button. */
export function buildMap(state, { ctx, job, changes, change, choose }) {
  const set = (field) => knob(field, { value: state[field.name], onchange: (value) => change({ [field.name]: value }) });
  const [kind, what] = [set(KIND), set(WHAT)];
  const words = h("p.sentence", { "aria-live": "polite" });
  const more = h("p.more");
  const table = h("div.map", { role: "grid", "aria-label": "Change when a head or part is switched off", onkeydown: walk });
  const [low, high, about] = [h("span.value"), h("span.value"), h("span")];
  const ramp = h("canvas.ramp", { role: "img", "aria-label": "Colour scale" });
  const scale = h("div.scale.label", low, ramp, high, about);
  const strongest = h("button.chip", { type: "button", onclick: () => { if (worst) choose(worst); } });
  const status = h("p.small.muted.value");
  const result = h("div.result", words, more, h("div.row", strongest), h("div.scroller", table), scale, status);
  const element = h("section.of-map", { "aria-label": "What each head is worth" }, h("h3", "What each head is worth"),
    h("p.about", "Each head is switched off alone, then each part and each layer, and the loss measured over held-back sequences. Click a cell to switch it off in the diagram."),
    h("div.controls", kind.element, what.element, job.element), result);
  let buttons = [];
  let worst = null;

  function walk(event) {
    const at = buttons.findIndex(({ button }) => button === event.target);
    if (at < 0) return;
    const row = buttons.filter(({ cell }) => cell.row === buttons[at].cell.row).length;
    const to = buttons[at + ({ ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row }[event.key] ?? NaN)];
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[at].button.tabIndex = -1;
    to.button.tabIndex = 0;
    to.button.focus();
  }

  const isOn = (cell) => (cell.head ? changes.of(cell.head) !== "on" : cell.parts.every((part) => changes.off.has(part)));
  const signed = (x) => {
    const text = state.what === "loss" ? Math.abs(x).toFixed(2) : Math.abs(100 * x).toFixed(1);
    return Number(text) === 0 ? text : `${x < 0 ? "−" : "+"}${text}`;
  };

  function paintMap(cells, grids, limit) {
    const heads = Math.max(...grids.map(({ part }) => part.weights.length));
    const had = document.activeElement && table.getRootNode().activeElement?.dataset.cell;
    buttons = [];
    const rows = grids.map((grid) => {
      const own = cells.filter(({ row }) => row === grid.id);
      const all = [...Array.from({ length: heads }, (_, i) => `Head ${i + 1}`), ...COLUMNS].map((column) => {
        const cell = own.find((each) => each.column === column);
        if (!cell) return h("span.none", { role: "gridcell" });
        const value = cell.change[state.what];
        const color = ctx.colors.diverging(Math.max(-1, Math.min(1, ((state.what === "loss" ? -1 : 1) * value) / limit)));
        const said = `${cell.name} ${cell.head ? state.kind : "off"}: loss ${steady(cell.is.loss, 3)}, accuracy ${percent(cell.is.accuracy, 1)}`;
        const button = h("button.map-cell.value", {
          type: "button", role: "gridcell", "data-cell": cell.head ?? cell.parts.join(" "), title: `${said}. Press to switch it ${isOn(cell) ? "on" : "off"}.`, "aria-label": said,
          tabindex: buttons.length ? -1 : 0, class: [cell.head ? "" : "of-part", isOn(cell) ? "on" : ""].join(" "), style: { background: css(color), color: css(readable(color, ctx.colors)) },
          onclick: () => choose(cell),
        }, signed(value));
        buttons.push({ cell, button });
        return button;
      });
      const name = `${grid.stack === "core" ? "Layer" : grid.stack === "encoder" ? "Encoder" : "Decoder"} ${grid.layer + 1}${grid.kind === "cross" ? ", to the encoder" : ""}`;
      return h("div.map-row", { role: "row" }, h("span.row-name", { role: "rowheader" }, name), all);
    });
    element.style.setProperty("--heads", heads);
    replace(table, h("div.map-row.map-head.label", { role: "row" }, h("span", { role: "columnheader" }, ""), Array.from({ length: heads }, (_, i) => h("span", { role: "columnheader" }, `Head ${i + 1}`)), COLUMNS.map((name) => h("span", { role: "columnheader" }, name))), rows);
    if (had) buttons.find(({ button }) => button.dataset.cell === had)?.button.focus();
  }

  /** `reply` of the probe or null; `step`: of the moment on screen. Null, or what is shown as numbers. */
  function show({ reply, grids, step }) {
    result.classList.toggle("hidden", !reply);
    if (!reply) return null;
    const cells = cellsOf(reply, grids, state.kind);
    const heads = cells.filter(({ head }) => head);
    const limit = Math.max(LITTLE[state.what], ...heads.map(({ change: found }) => Math.abs(found[state.what])));
    paintMap(cells, grids, limit);
    worst = heads.reduce((a, b) => (b.change.loss > a.change.loss ? b : a));
    const [loss, accuracy, sequences] = ["loss", "accuracy", "sequences"].map((name) => reply.arrays[name].data[0]);
    const there = reply.arrays.step.data[0];
    setText(words, `${there === step ? "" : `At step ${there.toLocaleString("en")}: `}${matters({ worst, loss, accuracy, sequences, kind: state.kind })}`);
    setText(more, [otherKind(reply, grids, worst), together(cells, grids)].filter(Boolean).join(" "));
    setText(strongest, `${isOn(worst) ? "Switch on" : "Switch off"} ${worst.name}`);
    const [a, b] = state.what === "loss" ? [`+${number(limit, 2)}`, `−${number(limit, 2)}`] : [`−${number(100 * limit, 2)}`, `+${number(100 * limit, 2)}`];
    setText(low, a);
    setText(high, b);
    setText(about, `${state.what === "loss" ? "nats of loss" : "points of accuracy"} more or less; the scale ends at the largest change of a head, whole parts may go beyond`);
    setText(status, `Without a change: loss ${steady(loss, 3)} nats, ${percent(accuracy, 1)} right, over ${number(sequences)} held-back sequences at step ${there.toLocaleString("en")}${there === step ? "" : `; on screen is step ${step.toLocaleString("en")}`}.`);
    result.classList.toggle("old", there !== step);
    return { step: there, loss, accuracy, worst: worst.head, limit, words: words.textContent, more: more.textContent, cells: cells.map(({ head, parts, is, change: found }) => ({ id: head ?? parts.join(" "), ...is, change: found.loss })), texts: buttons.map(({ button }) => button.textContent) };
  }

  function draw(colors) {
    if (ramp.width !== 256) Object.assign(ramp, { width: 256, height: 1 });
    const pen = ramp.getContext("2d");
    const image = pen.createImageData(256, 1);
    for (let x = 0; x < 256; x += 1) image.data.set([...colors.diverging((2 * x) / 255 - 1), 255], 4 * x);
    pen.putImageData(image, 0, 0);
  }

  return { element, show, draw };
}

const little = (loss) => Math.max(LITTLE.loss, SHARE * loss);

function matters({ worst, loss, accuracy, sequences, kind }) {
  if (worst.change.loss < little(loss)) return `No single head matters now: without any one of them the loss rises by ${steady(Math.max(0, worst.change.loss), 2)} nats at most, from ${steady(loss, 2)}.`;
  const name = worst.name[0].toUpperCase() + worst.name.slice(1);
  return `${name} matters most: ${kind === "silent" ? "silent" : "with an even pattern"}, the loss of ${number(sequences)} held-back sequences rises from ${steady(loss, 2)} to ${steady(worst.is.loss, 2)} nats, and ${percent(worst.is.accuracy, 0)} instead of ${percent(accuracy, 0)} of the answers are right.`;
}

// The same head in the other way of switching it off: is it where it looks, or that it passes on anything?
function otherKind(reply, grids, worst) {
  if (worst.change.loss < little(reply.arrays.loss.data[0])) return "";
  const same = (name) => cellsOf(reply, grids, name).find(({ head }) => head === worst.head).change.loss;
  const [silent, even] = [same("silent"), same("even")];
  if (silent < LITTLE.loss) return "";
  const share = even / silent;
  const ends = share > 0.5 ? "what it does is mostly in where it looks" : "much of what it does it does wherever it looks";
  return `Silent it costs ${steady(silent, 2)} nats, with an even pattern ${steady(Math.max(0, even), 2)}: ${ends}.`;
}

// Heads that stand in for each other: alone each costs little, together much.
function together(cells, grids) {
  const found = grids.map((grid) => {
    const own = cells.filter(({ row }) => row === grid.id);
    const alone = own.filter(({ head }) => head).reduce((sum, { change }) => sum + Math.max(0, change.loss), 0);
    return { grid, alone, whole: own.find(({ column }) => column === "whole attention").change.loss };
  }).filter(({ alone, whole }) => whole > 0.05 && whole > 2 * alone).sort((a, b) => b.whole - b.alone - (a.whole - a.alone))[0];
  if (!found) return "";
  const { grid, alone, whole } = found;
  return `The heads of ${layerName(grid.stack, grid.layer)}${grid.kind === "cross" ? " to the encoder" : ""} stand in for each other: switched off one at a time they cost ${steady(alone, 2)} nats in all, the whole attention at once ${steady(whole, 2)}.`;
}
