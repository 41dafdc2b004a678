// The home page: what dlviz is, a picture that learns while one reads, a card a lab, and how to begin.

import { h, icon, replace } from "../lib/dom.js";
import { mount } from "../lib/mount.js";
import { shapes } from "../lib/tinytrain.js";
import { Attending } from "./attending.js";
import { attentionPainter } from "./attention.js";
import { autoencoderPainter } from "./autoencoder.js";
import { Autoencoding } from "./autoencoding.js";
import { cnnPainter } from "./cnn.js";
import { Competing } from "./competing.js";
import { convolutionPainter } from "./convolution.js";
import { fieldPainter } from "./field.js";
import { ganPainter } from "./gan.js";
import { graphPainter } from "./graph.js";
import { hero } from "./hero.js";
import { Living } from "./living.js";
import { mark } from "./mark.js";
import { networkPainter, WIDTHS } from "./network.js";
import { Reading } from "./reading.js";
import { recurrentPainter } from "./recurrent.js";
import { Sliding } from "./sliding.js";
import { Spreading } from "./spreading.js";
import { Unrolling } from "./unrolling.js";

// What Lab.thumbnail may name: (canvas, ctx, seed) → a picture that can be drawn and begun again.
const PICTURES = {
  network: learning(networkPainter, WIDTHS, "circle"),
  field: learning(fieldPainter, [2, 8, 8, 2], "moons"),
  convolution: (canvas, ctx) => new Sliding(canvas, ctx, convolutionPainter(ctx)),
  cnn: (canvas, ctx) => new Reading(canvas, ctx, cnnPainter(ctx)),
  recurrent: (canvas, ctx) => new Unrolling(canvas, ctx, recurrentPainter(ctx)),
  attention: (canvas, ctx) => new Attending(canvas, ctx, attentionPainter(ctx)),
  autoencoder: (canvas, ctx) => new Autoencoding(canvas, ctx, autoencoderPainter(ctx)),
  gan: (canvas, ctx, seed) => new Competing(canvas, ctx, ganPainter(ctx), seed),
  graph: (canvas, ctx, seed) => new Spreading(canvas, ctx, graphPainter(ctx), seed),
};

function learning(painter, widths, shape) {
  return (canvas, ctx, seed) => {
    const living = new Living(canvas, ctx, { widths, shape, seed, count: 110, paint: painter(ctx) });
    return {
      repaint: () => living.paint(living),
      again: () => {
        if (living.learned && !ctx.reducedMotion) living.start(shapes[(shapes.indexOf(living.shape) + 1) % shapes.length]);
      },
    };
  };
}

const PROMISES = [
  ["Train it", "Every model on screen is trained here and now, never replayed."],
  ["Open every number", "Follow any neuron down to its sums and products, forward and back."],
  ["Intervene", "Edit a weight, move the data, go back in time and branch."],
  ["Take the code", "A run is a link, and a plain PyTorch script that repeats it."],
];

const STEPS = [
  ["Open a lab.", "Data and a model are already there."],
  ["Press play.", "The loss falls, and every picture follows."],
  ["Touch something.", "A weight, a layer, a point. The link in the address bar keeps it all."],
];

const KEYS = [["Space", "play or pause"], ["→", "one step"], ["←", "one step back in time"], ["R", "start again"],
  ["Tab", "to every control; arrows move inside it"]];

export default mount((root, live, ctx) => {
  const top = hero(ctx);
  const repaints = [top.repaint];
  const cards = h("div.cards");
  const page = h("div.home",
    h("header.hero",
      h("div.pitch", h("div.wordmark", mark(52), h("h1", "dlviz")),
        h("p.sentence", "A visual explorer of deep learning: build a small model, train it live, and look inside while it learns."),
        h("div.row.start"),
        h("ol.steps", STEPS.map(([what, why]) => h("li", h("b", what), " ", why)))),
      top.element),
    h("ul.promises", PROMISES.map(([what, how]) => h("li", h("h3", what), h("p", how)))),
    h("section", h("h2", "Labs"), cards),
    h("section.keys", h("h2", "By keyboard"), h("dl", KEYS.map(([key, what]) => h("div", h("dt", h("kbd", key)), h("dd", what))))));
  root.append(page);

  // A real link, for a new tab and for the address under the pointer; a plain click stays in the page.
  function link(kind, slug, query, ...children) {
    const search = new URLSearchParams(query).toString();
    return h(kind, {
      href: search ? `${slug}?${search}` : slug,
      onclick: (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
        event.preventDefault();
        ctx.trigger("open", { slug, query, token: crypto.randomUUID?.() ?? String(Math.random()) });
      },
    }, children);
  }

  function card({ slug, title, topic, sentence, thumbnail, panels, presets }, k) {
    const canvas = h("canvas", { "aria-hidden": "true" });
    const words = h("div.words",
      h("div.label", topic), link("a.title", slug, {}, h("h3", title), icon("right", 18)), h("p", sentence),
      panels.length ? h("p.small.muted", panels.join(" · ")) : null,
      presets.length ? h("div.row.presets", h("span.label", "Begin with"), presets.map((preset) => link("a.chip", slug, preset.query, preset.title))) : null);
    const element = h("article.lab.card", { "data-slug": slug }, canvas, words);
    const picture = (PICTURES[thumbnail] ?? PICTURES.field)(canvas, ctx, 3 + k);
    repaints.push(() => picture.repaint());
    canvas.addEventListener("click", () => words.querySelector("a.title").click());
    element.addEventListener("pointerenter", () => picture.again());
    return element;
  }

  const broken = ({ slug, reason }) => h("article.lab.card.broken", { role: "alert" },
    h("div.words", h("div.label", icon("warning", 16), "This lab cannot be opened"), h("h3", slug), h("p.code", reason),
      h("p.small.muted", "The other labs are not affected. `python -m dlviz doctor` says what is missing.")));

  function takeData({ labs = [], broken: failed = [] }) {
    replace(cards, labs.map(card), failed.map(broken));
    cards.classList.toggle("one", labs.length + failed.length === 1);
    cards.classList.toggle("two", labs.length + failed.length === 2);
    const [first] = labs;
    replace(page.querySelector(".start"), first ? link("a.go", first.slug, {}, `Open the ${first.title}`, icon("right", 18)) : null);
  }

  function takeColors() {
    ctx.colors.classes.slice(0, 2).forEach((color, k) => root.style.setProperty(`--class-${k}`, color));
    for (const repaint of repaints) repaint();
  }

  let drawn = JSON.stringify(ctx.data);
  takeData(ctx.data);
  takeColors();
  return {
    update(data) {
      if (JSON.stringify(data) !== drawn) takeData(data);
      drawn = JSON.stringify(data);
      takeColors();
    },
  };
});
