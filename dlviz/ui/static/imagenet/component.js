// The panel ImageNet: a photograph, what is cut out of it, the answer, the maps of every stage, and what speaks for it.

import { h, setText } from "../lib/dom.js";
import { knob } from "../lib/knob.js";
import { mount } from "../lib/mount.js";
import { photoChooser } from "../lib/photos.js";
import { buildAnswer, topOf } from "./answer.js";
import { Cropper, inside } from "./cropper.js";
import { Line } from "./line.js";
import { buildMaps } from "./maps.js";
import { LEAST, MIDDLE, encoded, resample } from "./resample.js";
import { Seen } from "./seen.js";
import { buildWall } from "./wall.js";
import { EXAMPLES, NORMALISING, cutInWords, leadInWords, pixelInWords, toSee } from "./words.js";

export const styles = ["lib/grid.css", "lib/photos.css", "lib/attributed.css", "imagenet/parts.css"];

const REST = 300; // ms without a move before maps and wall follow the frame
const PHOTO = "imagenet.photo";

export default mount((root, live, ctx) => {
  const problem = h("p.problem", { role: "alert", hidden: true });
  const panel = {
    ctx, names: [], picture: null, crop: MIDDLE, bytes: null, answer: null,
    version: 0, // counts the pictures that the network was given
    rested: -1, // the version at which the frame last came to rest
    /** The picture as a command names it. */
    source: () => (panel.picture.own ? { pixels: encoded(panel.bytes) } : { photo: panel.picture.name, crop: [panel.crop.left, panel.crop.top, panel.crop.size] }),
    resting: () => panel.rested === panel.version && panel.answer?.version === panel.version,
    nudge: () => line.nudge(),
    refused: -1, // the version that could not be answered
    /** Another question is asked of the same picture. */
    asked() {
      line.drop();
      if (panel.answer) answer.show(panel.answer, panel.names, wall.question().target);
      line.nudge();
    },
    fail(text) {
      problem.hidden = !text;
      setText(problem, text);
    },
  };

  // ---- the parts

  const cropper = new Cropper(move);
  const place = { at: null };
  const seen = new Seen((at) => { place.at = at; tell(); ctx.redraw(); });
  const size = knob({ name: "size", kind: "range", label: "Frame", low: Math.round(100 * LEAST), high: 100, default: 88, unit: "%", help: "How much of the picture's side goes to the network. The middle 87.5 % is what it was tested with." },
    { value: 100 * MIDDLE.size, onchange: (value) => cropper.zoom(panel.crop.size / (value / 100)) });
  const middle = h("button.chip", { type: "button", onclick: () => move(MIDDLE) }, "Back to the middle");
  const cut = h("p.label");
  const pixel = h("p.label.value");
  const answer = buildAnswer((index) => wall.choose({ target: wall.state.target === index ? null : index }));
  const sentence = h("p.to-see");
  const lead = h("p.lead.muted");
  const maps = buildMaps(panel);
  const wall = buildWall(panel);
  const examples = EXAMPLES.map((example) => h("button.chip", { type: "button", "aria-pressed": "false", onclick: () => open(example) }, example.title));
  const chooser = photoChooser({ live, ctx }, take, {
    keys: { from: "imagenet.photo.from", upload: "imagenet.upload" },
    ask: askForPhoto,
    labels: (names) => names.map((name) => name[0].toUpperCase() + name.slice(1)),
    value: () => live.shared.get(PHOTO) ?? "coffee",
    choose: (name) => live.shared.set(PHOTO, name),
    on: (fn) => { fn(); live.on("shared", ({ key }) => key === PHOTO && fn(), ctx.signal); },
  });
  const line = new Line({ live, signal: ctx.signal, sources: [nextAnswer, maps.next, wall.next] });
  let waking = 0;
  ctx.signal.addEventListener("abort", () => clearTimeout(waking));

  const whole = h("div.imagenet",
    lead,
    h("div.choose", chooser.element, h("div.row.examples", h("span.label", "Worth a look"), examples)), problem,
    h("div.look",
      h("figure.cut", h("figcaption.label", h("span", "The picture"), h("span", "drag the frame, pull a corner")), cropper.canvas, h("div.row.cut-tools", size.element, middle)),
      h("figure.given", h("figcaption.label", h("span", "What the network is given"), h("span.value", "3 × 224 × 224")), seen.canvas, cut, pixel),
      h("div.says-it", h("p.label", "What it answers"), answer.element, sentence)),
    maps.element, wall.element);
  root.append(whole);
  tell();
  answer.show(null, [], null);
  live.on("status", (status) => {
    if (status !== "open") return;
    panel.refused = -1;
    line.nudge();
  }, ctx.signal);

  // ---- what happens

  async function askForPhoto(_live, photo, thumbnails) {
    const ask = (options) => live.ask({ do: "probe", panel: "imagenet", options }, { quiet: true });
    const opening = thumbnails ? await ask({ only: "opening" }) : null;
    const found = opening?.kind === "note" ? opening : await ask({ only: "photo", photo });
    whole.classList.toggle("unable", !panel.picture && found.kind === "note"); // then the chooser says why, and that is all
    if (!opening || found.kind === "note") return found;
    panel.names = opening.numbers.texts["state/classes"];
    setText(lead, leadInWords(opening.arrays.parameters.data[0]));
    return { ...found, numbers: { ...found.numbers, texts: { ...opening.numbers.texts, ...found.numbers.texts } }, arrays: { ...opening.arrays, ...found.arrays } };
  }

  function take(picture) {
    panel.picture = picture;
    move(MIDDLE);
  }

  function open(example) {
    live.shared.set("imagenet.photo.from", "photo");
    live.shared.set(PHOTO, example.photo);
    Object.assign(wall.state, { target: null, minus: example.minus });
    if (panel.picture?.name === example.photo) move(MIDDLE);
  }

  function move(crop) {
    if (!panel.picture) return;
    panel.crop = inside(crop);
    panel.version += 1;
    panel.bytes = resample(panel.picture, panel.crop);
    seen.take(panel.bytes);
    cropper.show(panel.picture, panel.crop);
    size.set(100 * panel.crop.size);
    setText(cut, `${cutInWords(panel.picture, panel.crop)} ${NORMALISING}`);
    panel.fail("");
    tell();
    line.drop();
    line.nudge();
    clearTimeout(waking);
    waking = setTimeout(rest, REST);
    ctx.redraw();
  }

  /** The frame rests: maps and wall follow. */
  function rest() {
    panel.rested = panel.version;
    for (const each of [maps, wall]) each.take(panel.bytes);
    wall.refresh();
    line.nudge();
    ctx.redraw();
  }

  function nextAnswer() {
    const { version } = panel;
    if (!panel.bytes || [panel.answer?.version, panel.refused].includes(version) || !ctx.visible) return null;
    const began = performance.now();
    return {
      options: { ...panel.source(), only: "answer" },
      took(reply) {
        if (reply.kind !== "reply") {
          panel.fail(reply.numbers.text);
          panel.refused = version; // the same picture is not asked about again and again
          return;
        }
        const { probabilities, milliseconds } = reply.arrays;
        panel.answer = { version, probabilities: probabilities.data, milliseconds: milliseconds.data[0], took: performance.now() - began };
        show();
      },
    };
  }

  function show() {
    const { picture, names } = panel;
    answer.show(panel.answer, names, wall.question()?.target ?? null);
    setText(sentence, toSee(picture, panel.answer, names));
    EXAMPLES.forEach(({ photo }, k) => examples[k].setAttribute("aria-pressed", String(!picture.own && picture.name === photo)));
    if (panel.resting()) wall.refresh();
    ctx.redraw();
  }

  function tell() {
    setText(pixel, place.at && panel.bytes ? pixelInWords(panel.bytes, place.at) : "Point at a pixel to read it.");
  }

  ctx.host.dlviz = {
    imagenet: () => ({
      photo: panel.picture?.name, own: panel.picture?.own ?? false, crop: panel.crop, version: panel.version, busy: line.busy,
      settled: panel.resting() && !line.busy, top: panel.answer && topOf(panel.answer.probabilities), probabilities: panel.answer?.version === panel.version ? [...panel.answer.probabilities] : null,
      took: panel.answer?.took, says: sentence.textContent, cut: cut.textContent, pixel: pixel.textContent, problem: problem.textContent, maps: maps.expose(), wall: wall.expose(),
    }),
    bytes: () => encoded(panel.bytes),
    valuesOf: wall.valuesOf,
    move,
    middle: maps.middle,
    valueAt: maps.valueAt,
  };

  return {
    update() {
      wall.update();
      ctx.redraw();
    },
    draw() {
      line.nudge(); // it may have come into sight
      if (!panel.bytes) return;
      cropper.draw(ctx.colors);
      seen.place = place.at;
      seen.draw(ctx.colors);
      maps.draw(ctx.colors);
      wall.draw(ctx.colors);
    },
  };
});
