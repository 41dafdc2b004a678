// Masks by rule, and how far each lets information travel: Uint8Array (query · key), 1 for hidden.

import { maskOf } from "../lib/masking.js";

export const NEVER = 255; // layers that do not suffice, however many

const whole = (label, unit, help, low, value) => ({ label, unit, help, low, value });

/** name → {label, words, number: its number, or null}. `own` is the mask of the network on the screen. */
export const TEMPLATES = {
  own: { label: "The network's own", number: null, words: "the mask that this network was trained with" },
  none: { label: "None", number: null, words: "every token sees every token" },
  causal: { label: "Causal", number: null, words: "a token sees itself and what came before" },
  window: { label: "Local window", number: whole("Width", "tokens", "How far a token sees to either side.", 0, 3), words: "a token sees its neighbours" },
  padding: { label: "Padding at the end", number: whole("Filled up", "tokens", "The last tokens are only there to make sequences of a batch equally long; nobody may look at them.", 1, 4), words: "the last tokens are hidden from all" },
  blocks: { label: "Blocks", number: whole("Block", "tokens", "A token sees its own block only.", 1, 6), words: "a token sees its own block" },
  strided: { label: "Every nth", number: whole("Stride", "tokens", "A token sees itself and every nth token before and after it.", 1, 4), words: "a token sees every nth one, counted from itself" },
  prefix: { label: "Prefix, then causal", number: whole("Prefix", "tokens", "All see these first tokens; after them nobody looks ahead.", 0, 6), words: "all see the prefix, and otherwise only what came before" },
};

/** The mask of a template for so many tokens; `value` is its number. `own` is not one of these. */
export function templateMask(name, tokens, value) {
  if (name === "none" || name === "causal") return maskOf(name, tokens);
  if (name === "window") return maskOf("window", tokens, { window: value });
  const sees = {
    padding: (q, k) => k < tokens - value,
    blocks: (q, k) => Math.floor(q / value) === Math.floor(k / value),
    strided: (q, k) => (q - k) % value === 0,
    prefix: (q, k) => k < value || k <= q,
  }[name];
  return Uint8Array.from({ length: tokens * tokens }, (_, i) => (sees(Math.floor(i / tokens), i % tokens) ? 0 : 1));
}

/** A mask for another number of tokens: cells that are new are hidden from nobody. */
export function resized(mask, side, tokens) {
  const out = new Uint8Array(tokens * tokens);
  for (let q = 0; q < Math.min(side, tokens); q += 1) {
    for (let k = 0; k < Math.min(side, tokens); k += 1) out[q * tokens + k] = mask[q * side + k];
  }
  return out;
}

/** Queries from which everything is hidden. */
export function blindRows(mask, tokens) {
  return Array.from({ length: tokens }, (_, q) => q).filter((q) => mask.subarray(q * tokens, (q + 1) * tokens).every(Boolean));
}

/**
 * How many layers it takes until a query can know of a key, Uint8Array (query · key): 0 for itself, which the sum around
 * each layer passes on; `NEVER` where no number of layers does. The boolean powers of (1 + mask's open cells), row by row
 * as bits.
 */
export function layersNeeded(mask, tokens) {
  const words = Math.ceil(tokens / 32);
  const once = new Uint32Array(tokens * words);
  const needed = new Uint8Array(tokens * tokens).fill(NEVER);
  for (let q = 0; q < tokens; q += 1) {
    needed[q * tokens + q] = 0;
    for (let k = 0; k < tokens; k += 1) if (k === q || !mask[q * tokens + k]) once[q * words + (k >> 5)] |= 1 << (k & 31);
  }
  let now = new Uint32Array(tokens * words);
  for (let q = 0; q < tokens; q += 1) now[q * words + (q >> 5)] |= 1 << (q & 31);
  for (let layer = 1, more = true; more && layer <= tokens; layer += 1) {
    more = false;
    const next = new Uint32Array(now);
    for (let q = 0; q < tokens; q += 1) {
      // One layer more: what those that q sees have come to know by now.
      for (let k = 0; k < tokens; k += 1) {
        if (once[q * words + (k >> 5)] & (1 << (k & 31))) for (let w = 0; w < words; w += 1) next[q * words + w] |= now[k * words + w];
      }
      for (let k = 0; k < tokens; k += 1) {
        if (needed[q * tokens + k] === NEVER && next[q * words + (k >> 5)] & (1 << (k & 31))) {
          needed[q * tokens + k] = layer;
          more = true;
        }
      }
    }
    now = next;
  }
  return needed;
}

/** How many tokens each query can know of after so many layers, itself among them. */
export function reachCounts(needed, tokens, layers) {
  return Array.from({ length: tokens }, (_, q) => needed.subarray(q * tokens, (q + 1) * tokens).reduce((n, x) => n + (x <= layers ? 1 : 0), 0));
}
