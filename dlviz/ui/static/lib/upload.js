// A picture that a person brings: read in this browser, never sent as a file. Its header is checked before it is
// decoded; then the middle square is cut out and reduced.

import { h } from "./dom.js";
import { checkSize, readHeader } from "./imagefile.js";
import { count } from "./number.js";

export const MOST_BYTES = 32 * 2 ** 20;
export const FULL_SIDE = 512; // of the copy that is kept for everybody

/**
 * The middle square of a picture file, at most `side` × `side`: {pixels, width, height, name, notes}.
 * `pixels` is RGBA, all of it opaque; `notes` are lines on what was done to it.
 * Throws an Error of one line where the file cannot be read.
 */
export async function readPicture(file, { side = FULL_SIDE } = {}) {
  const name = file.name || "The picture";
  if (file.size > MOST_BYTES) {
    throw new Error(`${name} has ${count(file.size / 2 ** 20)} MB. At most ${MOST_BYTES / 2 ** 20} are read. Try a smaller copy.`);
  }
  const header = readHeader(new Uint8Array(await bytesOf(file, name)), name);
  const image = await decode(file, name, header);
  try {
    checkSize(image.width, image.height);
    const notes = [...header.notes];
    const edge = Math.min(image.width, image.height);
    if (image.width !== image.height) notes.push(`The middle square of ${count(image.width)} × ${count(image.height)} is taken.`);
    const canvas = reduce(image, edge, Math.min(edge, side));
    if (layOnWhite(canvas, header.alpha)) notes.push("It is transparent in places; these are white here.");
    const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return { pixels: data, width, height, name, notes };
  } finally {
    image.close();
  }
}

/** The picture reduced further, as RGBA of `side` × `side`. */
export function resizePicture({ pixels, width, height }, side) {
  const canvas = square(width, height);
  canvas.getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
  const small = reduce(canvas, Math.min(width, height), side);
  return small.getContext("2d").getImageData(0, 0, side, side).data;
}

/** The files of a drop or of a paste that may be pictures: the first, or null. */
export function pictureOf(transfer) {
  const files = [...(transfer?.files ?? [])];
  return files.find((file) => file.type.startsWith("image/")) ?? files[0] ?? null;
}

/** An unseen `field` that asks for a picture file when `choose()` is called; `take(file)` gets what was chosen. */
export function fileChooser(take) {
  const field = h("input.unseen", {
    type: "file", accept: "image/png,image/jpeg,image/gif,image/webp,image/bmp", tabindex: -1, "aria-hidden": "true",
    onchange: () => {
      const [file] = field.files;
      if (file) take(file);
      field.value = ""; // so that the same file can be chosen again
    },
  });
  return { field, choose: () => field.click() };
}

async function bytesOf(file, name) {
  try {
    return await file.arrayBuffer();
  } catch (problem) {
    throw new Error(`${name} cannot be opened: ${problem.message}`, { cause: problem });
  }
}

async function decode(file, name, { kind }) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (problem) {
    throw new Error(`${name} begins as a ${kind}, but its picture is damaged and cannot be decoded. Try to save it again.`, { cause: problem });
  }
}

function square(width, height = width) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d", { willReadFrequently: true });
  return canvas;
}

// By halves, since a browser that reduces at one stroke leaves most of the pixels out.
function reduce(image, edge, side) {
  let [source, left, top, size] = [image, (image.width - edge) / 2, (image.height - edge) / 2, edge];
  while (size > side) {
    const next = Math.max(side, Math.ceil(size / 2));
    source = drawn(source, left, top, size, next);
    [left, top, size] = [0, 0, next];
  }
  return source === image || size < side ? drawn(source, left, top, size, side) : source;
}

function drawn(source, left, top, size, side) {
  const canvas = square(side);
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = size !== side;
  pen.imageSmoothingQuality = "high";
  pen.drawImage(source, Math.floor(left), Math.floor(top), size, size, 0, 0, side, side);
  return canvas;
}

/** Put white behind the picture; true where any of it was seen through. */
function layOnWhite(canvas, mayBeTransparent) {
  if (!mayBeTransparent) return false;
  const pen = canvas.getContext("2d");
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  let seen = false;
  for (let at = 3; at < data.length && !seen; at += 4) seen = data[at] < 255;
  const kept = pen.globalCompositeOperation;
  pen.globalCompositeOperation = "destination-over";
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.globalCompositeOperation = kept;
  return seen;
}
