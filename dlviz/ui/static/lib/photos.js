// Which photograph a panel looks at: one of the package's, or one a person brought.
// Photographs are asked for once a page; a person's picture lives in live.shared, for all components.

import { h, icon, replace, setText } from "./dom.js";
import { settingsOf } from "./settings.js";
import { fileChooser, pictureOf, readPicture } from "./upload.js";

const asked = new WeakMap(); // live → Map of name → Promise of {pixels, depth, width, height, name, credit}
const looks = new WeakMap(); // live → {names, labels, thumbnails}, once they have come

async function fetchPhoto(live, name, ask) {
  const answer = await ask(live, name, !looks.has(live));
  if (answer.kind === "note") throw new Error(answer.numbers.text);
  const { texts } = answer.numbers;
  if (answer.arrays.thumbnails) looks.set(live, { names: texts["state/names"], thumbnails: answer.arrays.thumbnails });
  const { data, shape: [height, width, depth] } = answer.arrays.photo;
  return { pixels: data, depth, width, height, name, credit: texts["state/credit"] };
}

function photoNamed(live, name, ask) {
  if (!asked.has(live)) asked.set(live, new Map());
  const known = asked.get(live);
  if (!known.has(name)) {
    known.set(name, fetchPhoto(live, name, ask).catch((problem) => {
      known.delete(name); // so that it is asked for again
      throw problem;
    }));
  }
  return known.get(name);
}

/**
 * Whence the photographs come, and who knows which is chosen: here the Convolution lab's panel Photo and its setting.
 * `keys`: what live.shared calls the choice between photo and upload, and the upload; `ask(live, name, thumbnails)`:
 * the reply with `photo`, if asked `thumbnails`, and in its texts `state/names` and `state/credit`; `labels(names)`.
 */
function settingOf(stage) {
  const settings = settingsOf(stage);
  return {
    keys: { from: "convolution.photo.from", upload: "convolution.upload" },
    ask: (live, photo, thumbnails) => live.ask({ do: "probe", panel: "photo", options: { photo, filtered: false, thumbnails } }),
    labels: (names) => settings.fields.photo?.labels ?? names,
    value: () => settings.value("photo"),
    choose: (photo) => settings.change({ photo }),
    on: (fn) => settings.on(fn),
  };
}

/** Pixels of a picture as an ImageData. */
export function imageOf({ pixels, depth, width, height }) {
  const image = new ImageData(width, height);
  const { data } = image;
  for (let i = 0, from = 0, to = 0; i < width * height; i += 1, from += depth, to += 4) {
    data[to] = pixels[from];
    data[to + 1] = pixels[from + 1];
    data[to + 2] = pixels[from + 2];
    data[to + 3] = 255;
  }
  return image;
}

/**
 * The row of thumbnails with the upload button, and what it chose: `take(picture)` is called with every new one,
 * {pixels, depth, width, height, name, credit, own}. `stage`: {live, ctx}; `source` as `settingOf` has it.
 */
export function photoChooser(stage, take, source = settingOf(stage)) {
  const { live, ctx } = stage;
  const { from: FROM, upload: UPLOAD } = source.keys;
  const row = h("div.photos", { role: "radiogroup", "aria-label": "Photo" });
  const said = h("p.small.muted");
  const wrong = h("p.small.problem", { role: "alert" });
  const { field, choose } = fileChooser(bring);
  const element = h("div.photo-chooser", row, said, wrong, field);
  let shown = null;

  const upload = () => live.shared.get(UPLOAD) ?? null;
  const isOwn = () => Boolean(upload()) && live.shared.get(FROM) !== "photo";

  async function bring(file) {
    setText(wrong, "");
    try {
      const picture = await readPicture(file, { side: 512 });
      live.shared.set(FROM, "upload");
      live.shared.set(UPLOAD, picture);
    } catch (problem) {
      setText(wrong, problem.message);
    }
  }

  async function follow() {
    const own = isOwn() ? upload() : null;
    const wanted = own ?? source.value();
    if (wanted === shown) return;
    shown = wanted;
    try {
      const picture = own ? { ...own, depth: 4, credit: own.name, own: true } : await photoNamed(live, wanted, source.ask);
      if (wanted !== shown || ctx.signal.aborted) return; // another one was chosen meanwhile
      setText(wrong, "");
      setText(said, (own?.notes ?? []).join(" "));
      take(picture);
    } catch (problem) {
      shown = null;
      setText(wrong, problem.message);
    }
    build();
  }

  function build() {
    const look = looks.get(live);
    if (!look) return;
    const labels = source.labels(look.names);
    const [, height, width, depth] = look.thumbnails.shape;
    const each = look.names.map((name, i) => {
      const pixels = look.thumbnails.data.subarray(i * height * width * depth, (i + 1) * height * width * depth);
      return thumbnail(labels[i] ?? name, imageOf({ pixels, depth, width, height }), shown === name, () => {
        live.shared.set(FROM, "photo");
        if (source.value() !== name) source.choose(name);
        follow();
      });
    });
    const own = upload();
    if (own) each.push(thumbnail("Yours", imageOf({ ...own, depth: 4 }), shown === own, () => live.shared.set(FROM, "upload")));
    const bringing = h("button.bring", { type: "button", title: "Bring a picture of your own: PNG, JPEG, GIF, WebP or BMP", onclick: choose }, icon("upload", 18), "Upload");
    const focused = [...row.children].indexOf(row.getRootNode().activeElement);
    replace(row, each, bringing);
    if (focused >= 0) row.children[focused]?.focus();
  }

  row.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const radios = [...row.querySelectorAll("[role=radio]")];
    const at = radios.indexOf(row.getRootNode().activeElement);
    if (!way || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = radios[(at + way + radios.length) % radios.length];
    next.focus();
    next.click();
  });
  element.addEventListener("dragover", (event) => event.preventDefault());
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    const file = pictureOf(event.dataTransfer);
    if (file) bring(file);
  });
  source.on(() => follow());
  live.on("shared", ({ key }) => {
    if (key === UPLOAD && upload() && upload() !== shown) live.shared.set(FROM, "upload");
    if (key === UPLOAD || key === FROM) follow().then(build);
  }, ctx.signal);
  return { element, bring };
}

function thumbnail(name, image, chosen, onclick) {
  const canvas = h("canvas", { width: image.width, height: image.height, "aria-hidden": "true" });
  canvas.getContext("2d").putImageData(image, 0, 0);
  return h("button.thumb", { type: "button", role: "radio", "aria-checked": String(chosen), tabindex: chosen ? 0 : -1, title: name, onclick }, canvas, h("span", name));
}
