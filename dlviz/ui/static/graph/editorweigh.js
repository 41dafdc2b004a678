// Whether a text is too much for a graph, before any of it is sent; and a file as text.

import { count } from "../lib/dom.js";
import { LIMITS } from "./editoredits.js";

const MOST_BYTES = 1e6; // of a file
const MOST_SENT = 240 * 1024; // bytes of a message as JSON

/** Why a text cannot be a graph here, in words; "" where nothing speaks against it. */
export function tooMuch(text) {
  const lines = linesOf(text);
  const tags = (text.match(/<(?:\w+:)?edge[\s/>]/g) ?? []).length;
  const edges = tags || (text.trimStart().startsWith("<") ? 0 : lines);
  const room = tags ? LIMITS.edges : 2 * (LIMITS.edges + LIMITS.nodes);
  if (edges > room) return `This has ${count(edges)} ${tags ? "edges" : "lines"}; a graph here has at most ${count(LIMITS.edges)} edges and ${count(LIMITS.nodes)} nodes. Nothing was changed. Try a part of it.`;
  const bytes = new TextEncoder().encode(JSON.stringify(text)).length;
  if (bytes > MOST_SENT) return `This text has ${count(bytes / 1024)} KB; at most ${MOST_SENT / 1024} can be read. Nothing was changed. Try a part of it.`;
  return "";
}

function linesOf(text) {
  let lines = 0;
  for (let at = 0; at >= 0 && at < text.length; at = text.indexOf("\n", at) + 1 || -1) lines += 1;
  return lines;
}

/** The text of a file; an Error with words where it is too large or no text. GraphML loses the space between its tags. */
export async function readFile(file) {
  const name = file.name || "The file";
  if (file.size > MOST_BYTES) throw new Error(`${name} has ${(file.size / 1e6).toFixed(1)} MB; at most 1 MB is read. Try a part of it.`);
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new Error(`${name} is no text, so no graph can be read from it. Files of edges, GraphML and SMILES are text.`);
  }
  // A .smi file may name its molecule after the SMILES.
  if (/\.smi$/i.test(name)) return text.trim().split(/\s/)[0] ?? "";
  return text.trimStart().startsWith("<") ? text.replace(/>\s+</g, "><") : text;
}
