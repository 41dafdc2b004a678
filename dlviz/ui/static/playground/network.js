// The network picture: one canvas for links, maps and numbers; over it the nodes' buttons, the layers'
// controls, a tip and the field to type a number into; under it the card of a unit or of a backward pass.

import { fit, h, number, setText } from "../lib/dom.js";
import { inks } from "../lib/heat.js";
import { openEditor } from "./edit.js";
import { arrange, biasPlace } from "./geometry.js";
import { LayerControls } from "./layers.js";
import { linkInks, Links } from "./links.js";
import { FEATURE_NAMES } from "./maps.js";
import { featureText, Nodes } from "./nodes.js";
import { shortName, unitName } from "./notation.js";
import { drawNumbers, drawWeights } from "./overlay.js";
import { settingsOf } from "../lib/settings.js";
import { UnitCard } from "./unit.js";

const REACH = 9; // pixels from a link that still mean it
const FLOW = 26; // pixels a second that the dashes travel while training

export function buildNetwork(el, stage) {
  const { live, ctx } = stage;
  const bar = h("div.network-bar");
  const canvas = h("canvas.network-canvas", { "aria-hidden": "true" });
  const marks = h("div.marks", { "aria-hidden": "true" });
  const tip = h("div.tip.value.hidden", { role: "status" });
  const plane = h("div.network-plane", canvas, marks);
  const scroller = h("div.network-scroll", plane);
  const cards = h("div.cards");
  el.append(bar, scroller, cards);

  const links = new Links();
  const controls = new LayerControls(bar, plane, stage);
  const nodes = new Nodes(plane, stage, {
    enter: ({ layer, unit }) => stage.hover({ layer, unit }),
    leave: () => stage.hover(null),
  });
  plane.append(tip);
  const card = new UnitCard(cards, stage, (array, index, anchor) => editAt(array, index, anchor));
  const view = { geometry: null, structure: "", width: 0, link: null, bias: null, closeEditor: null };
  stage.cards = cards;
  stage.nodeAt = (layer, unit) => nodes.all.find((node) => node.layer === layer && node.unit === unit);

  // ---- layout: only when the structure or the width changes

  // Told by an observer: to read it here would make the browser lay the whole page out in every frame.
  let width = scroller.clientWidth;
  const size = new ResizeObserver(() => {
    width = scroller.clientWidth;
    ctx.redraw();
  });
  size.observe(scroller);
  ctx.signal.addEventListener("abort", () => size.disconnect());

  function layout() {
    const { model } = stage;
    if (!model || !width || (model.structure === view.structure && width === view.width)) return;
    view.closeEditor?.();
    Object.assign(view, { structure: model.structure, width, geometry: arrange(model, width), link: null, bias: null });
    plane.style.width = `${view.geometry.width}px`;
    plane.style.height = `${view.geometry.height}px`;
    links.arrange(model, view.geometry);
    nodes.arrange(model, view.geometry);
    controls.arrange(model, view.geometry);
    placeMarks(model);
    if (live.frame) nodes.judge(live.frame);
  }

  /** Names beside the first and the last column. */
  function placeMarks(model) {
    const { columns, size } = view.geometry;
    const name = (node, side, ...content) => h(`span.mark.${side}`, {
      style: { top: `${node.y}px`, height: `${size}px`, left: `${side === "before" ? node.x - 6 : node.x + size + 7}px` },
    }, ...content);
    marks.replaceChildren(
      ...columns[0].nodes.map((node) => name(node, "before", featureText(node.unit))),
      ...(model.problem === "classification" ? columns.at(-1).nodes.map((node) => name(node, "after",
        h("i.swatch", { style: { background: ctx.colors.classes[node.unit] } }), view.geometry.narrow ? "" : String(node.unit))) : []));
    [...marks.querySelectorAll(".before")].forEach((mark, k) => mark.classList.toggle("off", !columns[0].nodes[k].used));
  }

  // ---- pointer: everything under it is found by calculation

  const placeOf = (event) => {
    const box = plane.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  function under(event) {
    const [x, y] = placeOf(event);
    const hit = nodes.hit(x, y);
    if (hit) return { x, y, ...hit };
    const link = links.nearest(x, y, event.pointerType === "touch" ? 2 * REACH : REACH);
    return link ? { x, y, link } : { x, y };
  }

  function move(event) {
    if (!view.geometry || event.pointerType === "touch" || event.target.closest(".head, .editor")) return leave();
    const found = under(event);
    plane.classList.toggle("pointing", Boolean(found.node || found.link || found.bias));
    stage.hover(found.node ? { layer: found.node.layer, unit: found.node.unit } : null);
    view.link = found.link ?? null;
    view.bias = found.bias ?? null;
    showTip(found);
    ctx.redraw();
  }

  function leave() {
    if (!view.link && !view.bias && !stage.hovered) return;
    Object.assign(view, { link: null, bias: null });
    stage.hover(null);
    tip.classList.add("hidden");
    plane.classList.remove("pointing");
    ctx.redraw();
  }

  function showTip({ x, y, link, bias }) {
    tip.classList.toggle("hidden", !(link || bias) || view.closeEditor !== null);
    if (!link && !bias) return;
    const words = link ? linkName(link) : `bias of ${unitName(stage.model, bias.layer, bias.unit)}`;
    const value = link ? valueOf(`weight.${link.layer}`, [link.unit, link.input]) : valueOf(`bias.${bias.layer - 1}`, [bias.unit]);
    const gradient = stage.backprop?.open && link ? stage.backprop.weightGradient(link.layer, link.unit, link.input) : null;
    setText(tip, `${words}: ${number(value)}${gradient === null ? "" : `, ∂L/∂w ${number(gradient)}`}`);
    tip.style.left = `${Math.min(Math.max(x, 90), view.geometry.width - 90)}px`;
    tip.style.top = `${y - 14}px`;
  }

  const linkName = ({ layer, unit, input }) => `${shortName(stage.model, layer, input)} → ${unitName(stage.model, layer + 1, unit)}`;

  function valueOf(array, index) {
    const [kind, layer] = array.split(".");
    const place = stage.model.layers[layer];
    return place[kind][index.length === 2 ? index[0] * place.inputs + index[1] : index[0]];
  }

  function click(event) {
    if (!view.geometry || event.target.closest(".head, .editor")) return;
    if (event.detail === 0) { // by keyboard or a screen reader: the button itself is meant
      const node = nodes.all.find((one) => one.button === event.target);
      if (node) act(node);
      return;
    }
    const found = under(event);
    if (found.bias) edit(`bias.${found.bias.layer - 1}`, [found.bias.unit], found.x, found.y);
    else if (found.node) act(found.node);
    else if (found.link) edit(`weight.${found.link.layer}`, [found.link.unit, found.link.input], found.x, found.y);
    else stage.select(null);
  }

  function act({ layer, unit }) {
    if (stage.backprop?.open) {
      stage.backprop.focusOn(layer, unit);
    } else if (layer === 0) {
      toggleFeature(FEATURE_NAMES[unit]);
    } else {
      const same = stage.selected?.layer === layer && stage.selected?.unit === unit;
      stage.select(same ? null : { layer, unit });
    }
  }

  function toggleFeature(name) {
    const settings = settingsOf(stage);
    if (settings.isHidden("features")) return;
    const wanted = new Set(settings.value("features"));
    if (!wanted.delete(name)) wanted.add(name);
    if (wanted.size) settings.change({ features: FEATURE_NAMES.filter((one) => wanted.has(one)) });
    else card.say("A network needs at least one feature. Switch another on first.");
  }

  // ---- typing a number

  function edit(array, index, x, y) {
    view.closeEditor?.();
    tip.classList.add("hidden");
    const [kind, layer] = array.split(".");
    const link = kind === "weight" ? { layer: Number(layer), unit: index[0], input: index[1] } : null;
    const label = link ? `Weight ${linkName(link)}` : `Bias of ${unitName(stage.model, Number(layer) + 1, index[0])}`;
    view.edited = link;
    const back = plane.getRootNode().activeElement;
    view.closeEditor = openEditor(plane, {
      x, y, label, value: valueOf(array, index),
      submit: async (value) => {
        const answer = await live.ask({ do: "edit", array, index, value });
        if (answer.kind === "reply") live.shared.set("edited", true);
        return answer;
      },
      closed: () => {
        Object.assign(view, { closeEditor: null, edited: null });
        back?.focus?.();
        ctx.redraw();
      },
    });
    ctx.redraw();
  }

  /** From the unit's card: the field opens at the unit's own place in the picture. */
  function editAt(array, index, anchor) {
    const [kind, layer] = array.split(".");
    if (kind === "weight") {
      const { x0, y0, x1, y1 } = links.place(Number(layer), index[0], index[1]);
      edit(array, index, (x0 + x1) / 2, (y0 + y1) / 2);
    } else {
      const place = biasPlace(stage.nodeAt(Number(layer) + 1, index[0]), view.geometry.size);
      edit(array, index, place.x, place.y);
    }
    anchor.blur();
  }

  plane.addEventListener("pointermove", move);
  plane.addEventListener("pointerleave", leave);
  plane.addEventListener("click", click);
  stage.on("select", () => { nodes.mark(); ctx.redraw(); });

  // ---- drawing

  let colorTables = null;
  function theme() {
    colorTables = { maps: inks(ctx.colors), links: linkInks(ctx.colors) };
    stage.inks = colorTables.maps;
    el.style.setProperty("--negative", ctx.colors.negative);
    el.style.setProperty("--positive", ctx.colors.positive);
    view.structure = "";
  }

  function draw() {
    const { model, maps, backprop } = stage;
    if (!model || model.step < 0) return;
    layout();
    if (!view.geometry) return;
    if (stage.fresh) {
      nodes.judge(live.frame);
      if (!live.state.playing) nodes.describeAll();
    }
    if (stage.fresh || view.painted !== maps || view.paintedWith !== colorTables) {
      nodes.paint(maps, colorTables.maps);
      Object.assign(view, { painted: maps, paintedWith: colorTables });
    }
    card.root.classList.toggle("hidden", Boolean(backprop?.open));
    if (!backprop?.open) card.update();
    const { pen } = fit(canvas);
    pen.clearRect(0, 0, view.geometry.width, view.geometry.height);
    if (backprop?.open) drawBackprop(pen, backprop);
    else drawForward(pen);
    nodes.drawBiases(pen, ctx.colors);
    if (stage.pointer && !backprop?.open) nodes.drawProbe(pen, stage.pointer, ctx.colors);
  }

  function drawForward(pen) {
    const { selected, hovered } = stage;
    const unit = hovered ?? selected;
    const strong = view.edited ?? view.link ?? (unit && unit.layer > 0 ? { layer: unit.layer - 1, unit: unit.unit } : null);
    const dim = unit && unit.layer > 0 && !view.link ? () => 0.45 : null;
    const flowing = live.state.playing && !ctx.reducedMotion;
    links.draw(pen, colorTables.links, { strong, opacity: dim, flow: flowing ? (performance.now() / 1000) * FLOW : null });
    nodes.draw(pen, ctx.colors);
  }

  function drawBackprop(pen, backprop) {
    links.draw(pen, colorTables.links, backprop.linkStyle(view.link));
    nodes.draw(pen, ctx.colors);
    drawNumbers(pen, nodes.all, view.geometry, backprop, ctx.colors);
    if (backprop.focus?.layer > 0) drawWeights(pen, links, backprop, ctx.colors);
  }

  theme();
  return { draw, update: theme };
}
