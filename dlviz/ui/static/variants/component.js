// Variants: the relatives of the convolution as cards, each computed on the picture of the stage.

import { slidingParameters } from "../lib/costs.js";
import { withChannels } from "../lib/changes.js";
import { count, h, number, replace, setText } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { settingsOf } from "../lib/settings.js";
import { Card } from "./card.js";
import { currentOf, GROUPS, settingOf, variantOf } from "./catalogue.js";
import { Flip } from "./flip.js";
import { middleRow, wholePicture } from "./picture.js";

export const styles = ["lib/grid.css"];

const MANY_FILTERS = 64; // as a layer inside a real network has them

export default mount((root, live, ctx) => {
  const settings = settingsOf({ live, ctx });
  const { options = [], labels: words = [] } = settings.fields.kernel ?? {};
  const labels = Object.fromEntries(options.map((option, i) => [option, words[i]]));
  const tools = { send, labels };
  const cards = GROUPS.flatMap((group) => group.cards.map((card) => new Card(card, tools)));
  const flip = new Flip(tools);
  for (const card of [...cards, flip]) card.onchange = () => ctx.redraw();

  const channelsNote = h("div.channels-note");
  const compared = h("p.compared");
  const missing = h("div.missing");
  const sections = GROUPS.map((group) => h("section", h("h3", group.title), group.key === "channels" ? channelsNote : null,
    h("div.cards", cards.filter(({ card }) => group.cards.includes(card)).map((card) => card.element)), group.key === "channels" ? compared : null));
  const gallery = h("div.gallery", sections, h("section", h("h3", "Turned or not"), flip.element));
  root.append(h("div.variants", missing, gallery));
  let shown = null;
  expose(ctx.host, () => shown, cards, flip);

  async function send(changes, card) {
    setText(card.problem, "");
    const taken = await settings.change(changes);
    if (!taken) setText(card.problem, Object.keys(changes).map((name) => settings.problem(name)).find(Boolean) ?? "The server did not take it.");
  }

  function take(scene) {
    const picture = wholePicture(scene);
    shown = null;
    gallery.classList.toggle("hidden", !picture);
    missing.classList.toggle("hidden", Boolean(picture));
    if (!picture) {
      replace(missing, h("p", "The layer on the stage is one-dimensional and takes one row of the picture; the variants need all of it."),
        h("button", { onclick: () => settings.change({ layer: "conv2d", weights: [], padding: "valid" }) }, "Put a two-dimensional convolution on the stage"));
      return;
    }
    const setting = settingOf(scene, picture);
    const names = scene.numbers.channel_names;
    const current = currentOf(scene.numbers.spec);
    for (const card of cards) {
      const variant = variantOf(card.card, scene, setting);
      const isRow = variant.shapes?.[0].input_size[0] === 1 && setting.n > 1;
      card.take(variant, isRow ? middleRow(picture) : picture.data, names, card.card.key === current);
    }
    flip.take(scene, picture);
    shown = scene;
    showNote(scene, setting);
    setText(compared, compare(setting, cards));
    ctx.redraw();
  }

  function showNote(scene, { c }) {
    const say = (text) => h("p.small", text);
    const give = (channels, text) => h("button", { onclick: () => settings.change(withChannels(scene, channels)) }, text);
    if (c === 1) replace(channelsNote, say("The picture has one channel, so there is nothing to keep apart or to mix: depthwise is the convolution itself, and pointwise only scales."), give("rgb", "Give it three channels (RGB)"), give("maps", "Give it four maps"));
    else replace(channelsNote, say("Channels left, maps right; a line joins what sees each other."));
  }

  live.on("scene", take, ctx.signal);

  return {
    update() {
      for (const card of [...cards, flip]) card.repaint();
      ctx.redraw();
    },
    draw() {
      if (!shown) return;
      for (const card of [...cards, flip]) card.draw(ctx.colors);
    },
  };
});

/** Depthwise separable against the full convolution, with the numbers of this picture and of a layer with many filters. */
function compare({ c, k }, cards) {
  const found = cards.find(({ card }) => card.key === "separable").variant;
  if (found.wrong) return "";
  const { shapes } = found;
  const [filters, size] = [shapes.at(-1).outputs, shapes[0].kernel_size[0] || k];
  const parameters = (outputs) => [
    slidingParameters({ kh: size, kw: size, inputs: c, outputs }),
    slidingParameters({ kh: size, kw: size, inputs: c, outputs: c, groups: c }) + slidingParameters({ kh: 1, kw: 1, inputs: c, outputs }),
  ];
  const say = ([full, separable]) => {
    const share = full >= separable ? `${number(full / separable)} times fewer` : `${number(separable / full)} times more, because so few filters do not repay the second stage`;
    return `${count(separable)} parameters instead of ${count(full)}, ${share}`;
  };
  const channels = `${c} channel${c === 1 ? "" : "s"}`;
  return `From ${channels} to ${filters} map${filters === 1 ? "" : "s"} with a ${size} × ${size} kernel, depthwise separable needs ${say(parameters(filters))}. `
    + `To ${MANY_FILTERS} maps it would be ${say(parameters(MANY_FILTERS))}.`;
}

/** Read-only views for the browser tests: every card as plain numbers. */
function expose(host, scene, cards, flip) {
  host.dlviz = {
    panel: "variants",
    get ready() {
      return Boolean(scene());
    },
    version: () => scene()?.version,
    cards: () => cards.map((card) => {
      const { wrong = "", shapes = [], layers = [], settings = null } = card.variant;
      return {
        key: card.card.key, wrong, shapes, settings, current: card.element.classList.contains("current"),
        weights: layers.map((layer) => (layer.weight ? [...layer.weight] : [])), biases: layers.map((layer) => (layer.bias ? [...layer.bias] : [])),
        input: card.values ? [...card.values[0]] : [], output: card.values ? [...card.values.at(-1)] : [],
        winners: shapes[0]?.kind === "max" ? card.winners() : [], lit: card.at ? [...card.dependencies().found[0].values()] : [],
      };
    }),
    flip: () => ({ kernel: [...flip.chosen.values], symmetry: flip.symmetry(), plane: [...flip.plane], results: flip.results.map((each) => [...each]), shape: flip.shape }),
  };
}
