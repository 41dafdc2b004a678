// What a picture file says of itself, read from its bytes before anything is decoded: format, size, and what
// a person should know. A file of a few bytes may claim any size, and the one who decodes it pays for that.

import { count, number } from "./number.js";

export const MOST_PIXELS = 24e6;
export const FEWEST_SIDE = 3;
const CAN = "PNG, JPEG, GIF, WebP and BMP can be read";

const text = (bytes, at, length) => String.fromCharCode(...bytes.subarray(at, at + length));
const u16 = (bytes, at) => (bytes[at] << 8) | bytes[at + 1];
const u32 = (bytes, at) => u16(bytes, at) * 65536 + u16(bytes, at + 2);
const le16 = (bytes, at) => bytes[at] | (bytes[at + 1] << 8);
const le24 = (bytes, at) => le16(bytes, at) | (bytes[at + 2] << 16);
const le32 = (bytes, at) => le16(bytes, at) + le16(bytes, at + 2) * 65536;

const READERS = { PNG: readPng, JPEG: readJpeg, GIF: readGif, WebP: readWebp, BMP: readBmp };

/**
 * The header of a file's bytes: {kind, width, height, notes, alpha}. Width and height are those of the file, before
 * a picture taken sideways is turned. Throws an Error of one line for what cannot be read, named by `name`.
 */
export function readHeader(bytes, name) {
  if (bytes.length === 0) throw new Error(`${name} is empty. ${CAN}.`);
  const kind = formatOf(bytes);
  if (!(kind in READERS)) throw new Error(`${name} is not a picture that can be read here: ${kind}. ${CAN}.`);
  const found = { kind, width: 0, height: 0, notes: [], alpha: false, complete: true };
  READERS[kind](bytes, found);
  if (!found.complete || !(found.width > 0 && found.height > 0)) {
    throw new Error(`${name} is cut off: its ${count(bytes.length)} ${bytes.length === 1 ? "byte ends" : "bytes end"} before the picture does. Try to save it again.`);
  }
  checkSize(found.width, found.height);
  return found;
}

/** Refuse what is too large to decode or too small to slide over. */
export function checkSize(width, height) {
  const size = `This picture has ${count(width)} × ${count(height)}`;
  if (width * height > MOST_PIXELS) {
    const mega = (width * height) / 1e6;
    const much = `${mega < 1000 ? number(mega) : count(mega)} megapixels. At most ${MOST_PIXELS / 1e6} are read.`;
    throw new Error(`${size} = ${much} Try ${smaller(width, height)}.`);
  }
  if (Math.min(width, height) < FEWEST_SIDE) {
    throw new Error(`${size} ${width * height === 1 ? "pixel" : "pixels"}. At least ${FEWEST_SIDE} × ${FEWEST_SIDE} are needed. Try a larger one.`);
  }
}

// What would be read: the same shape, in round numbers.
function smaller(width, height) {
  const scale = Math.sqrt(MOST_PIXELS / (width * height)) / 100;
  const sides = [width, height].map((side) => Math.floor(side * scale) * 100);
  return Math.min(...sides) > 0 ? `a copy of ${sides.map((side) => count(side)).join(" × ")}` : "a smaller one";
}

/** The name of the format, or for what is none of ours a clause that says what the file begins with. */
function formatOf(bytes) {
  if (text(bytes, 0, 8) === "\x89PNG\r\n\x1a\n") return "PNG";
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "JPEG";
  if (/^GIF8[79]a$/.test(text(bytes, 0, 6))) return "GIF";
  if (text(bytes, 0, 4) === "RIFF" && text(bytes, 8, 4) === "WEBP") return "WebP";
  if (text(bytes, 0, 2) === "BM" && [12, 40, 52, 56, 64, 108, 124].includes(le32(bytes, 14))) return "BMP";
  if (/^(II\*\0|MM\0\*)$/.test(text(bytes, 0, 4))) return "it is a TIFF";
  if (text(bytes, 4, 4) === "ftyp") return `it is ${/^(avif|avis)/.test(text(bytes, 8, 4)) ? "an AVIF" : /^(hei|hev|mif)/.test(text(bytes, 8, 4)) ? "a HEIC" : "a film"}`;
  return `it begins with ${opening(bytes)}`;
}

/** The first few bytes as one may read them: words where they are words, else in hexadecimal. */
function opening(bytes) {
  let words = "";
  try {
    words = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, 64), { stream: true });
  } catch {
    words = "\0"; // not UTF-8, so not words
  }
  if (/[\0-\x08\x0e-\x1f]/.test(words)) return `the bytes ${[...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
  const line = words.replace(/\s+/g, " ").trim();
  return `“${line.length > 24 ? `${line.slice(0, 24).trim()}…` : line}”`;
}

function readPng(bytes, found) {
  let [at, frames, ended, alpha] = [8, 0, false, false];
  while (at + 12 <= bytes.length && !ended) {
    const [length, kind] = [u32(bytes, at), text(bytes, at + 4, 4)];
    if (kind === "IHDR") {
      [found.width, found.height] = [u32(bytes, at + 8), u32(bytes, at + 12)];
      if (bytes[at + 16] === 16) found.notes.push("16 bits a channel; the upper 8 are kept.");
      alpha = (bytes[at + 17] & 4) > 0;
    }
    if (kind === "tRNS") alpha = true;
    if (kind === "acTL") frames = u32(bytes, at + 8);
    ended = kind === "IEND";
    at += 12 + length;
  }
  found.complete = tooLarge(found) || (ended && at <= bytes.length);
  found.alpha = alpha;
  if (frames > 1) found.notes.push(animated(frames));
}

function readJpeg(bytes, found) {
  let [at, components, scanned] = [2, 0, false];
  while (at + 4 <= bytes.length && !scanned) {
    if (bytes[at] !== 0xff) break;
    const [marker, length] = [bytes[at + 1], u16(bytes, at + 2)];
    if (marker === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      [found.height, found.width] = [u16(bytes, at + 5), u16(bytes, at + 7)];
      components = bytes[at + 9];
    }
    if (marker === 0xe1 && text(bytes, at + 4, 6) === "Exif\0\0") turn(orientation(bytes.subarray(at + 10, at + 2 + length)), found);
    scanned = marker === 0xda;
    at += 2 + length;
  }
  // The end mark may be followed by what some cameras append, so it is looked for, not expected last.
  found.complete = tooLarge(found) || (scanned && hasMark(bytes, at, 0xff, 0xd9));
  if (components === 4) found.notes.push("CMYK; converted to RGB.");
}

/** The EXIF orientation (1 to 8) in a TIFF block; 1 where none is given. */
function orientation(block) {
  const little = text(block, 0, 2) === "II";
  const [short, long] = little ? [le16, le32] : [u16, u32];
  const directory = long(block, 4);
  for (let i = 0, entries = short(block, directory) || 0; i < entries; i += 1) {
    const at = directory + 2 + 12 * i;
    if (short(block, at) === 0x0112) return short(block, at + 8);
  }
  return 1;
}

function turn(way, found) {
  if (way >= 2 && way <= 8) found.notes.push("Turned upright, as the camera noted.");
}

function hasMark(bytes, from, first, second) {
  for (let at = bytes.length - 2; at >= from; at -= 1) if (bytes[at] === first && bytes[at + 1] === second) return true;
  return false;
}

function readGif(bytes, found) {
  [found.width, found.height] = [le16(bytes, 6), le16(bytes, 8)];
  const table = (flags) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const past = (at) => {
    while (at < bytes.length && bytes[at] !== 0) at += bytes[at] + 1; // blocks of at most 255 bytes, the last of none
    return at + 1;
  };
  let [at, frames] = [13 + table(bytes[10]), 0];
  while (at < bytes.length && bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      if (bytes[at + 1] === 0xf9 && bytes[at + 3] & 1) found.alpha = true;
      at = past(at + 2);
    } else if (bytes[at] === 0x2c) {
      frames += 1;
      at = past(at + 11 + table(bytes[at + 9]));
    } else {
      break;
    }
  }
  found.complete = tooLarge(found) || (frames > 0 && bytes[at] === 0x3b);
  if (frames > 1) found.notes.push(animated(frames));
}

function readWebp(bytes, found) {
  let [at, frames] = [12, 0];
  while (at + 8 <= bytes.length) {
    const [kind, length] = [text(bytes, at, 4), le32(bytes, at + 4)];
    if (kind === "VP8X") {
      [found.width, found.height] = [le24(bytes, at + 12) + 1, le24(bytes, at + 15) + 1];
      found.alpha = (bytes[at + 8] & 0x10) > 0;
    } else if (kind === "VP8 " && !found.width) {
      [found.width, found.height] = [le16(bytes, at + 14) & 0x3fff, le16(bytes, at + 16) & 0x3fff];
    } else if (kind === "VP8L" && !found.width) {
      const packed = le32(bytes, at + 9);
      [found.width, found.height] = [(packed & 0x3fff) + 1, (Math.floor(packed / 16384) & 0x3fff) + 1];
      found.alpha = ((packed / 2 ** 28) & 1) > 0;
    } else if (kind === "ANMF") {
      frames += 1;
    }
    at += 8 + length + (length & 1);
  }
  found.complete = tooLarge(found) || bytes.length >= le32(bytes, 4) + 8;
  if (frames > 1) found.notes.push(animated(frames));
}

function readBmp(bytes, found) {
  const old = le32(bytes, 14) === 12;
  [found.width, found.height] = old
    ? [le16(bytes, 18), le16(bytes, 20)]
    : [le32(bytes, 18) | 0, Math.abs(le32(bytes, 22) | 0)]; // a negative height: rows from the top
  const [bits, compression, start] = [le16(bytes, old ? 24 : 28), old ? 0 : le32(bytes, 30), le32(bytes, 10)];
  const packed = compression === 1 || compression === 2;
  const needed = packed ? le32(bytes, 34) : Math.ceil((found.width * bits) / 32) * 4 * found.height;
  found.complete = tooLarge(found) || bytes.length >= start + needed;
  found.alpha = bits === 32;
}

// A claim of too many pixels is the better thing to say of a file that is also too short for them.
const tooLarge = ({ width, height }) => width * height > MOST_PIXELS;
const animated = (frames) => `An animation of ${count(frames)} frames; the first is taken.`;
