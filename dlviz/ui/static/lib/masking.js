// Masks of attention: which keys a query may not look at, and a mask drawn by hand as text.

/** Which keys a query may not look at: Uint8Array (query · key), 1 for hidden. `spec` has `window` and `drawn`. */
export function maskOf(kind, tokens, { window = 0, drawn = "" } = {}) {
  const hidden = new Uint8Array(tokens * tokens);
  const bits = kind === "drawn" ? readDrawn(drawn) : null;
  for (let q = 0, at = 0; q < tokens; q += 1) {
    for (let k = 0; k < tokens; k += 1, at += 1) {
      if (kind === "causal") hidden[at] = k > q ? 1 : 0;
      else if (kind === "window") hidden[at] = Math.abs(k - q) > window ? 1 : 0;
      else if (bits && q < bits.side && k < bits.side) hidden[at] = bits.cells[q * bits.side + k];
    }
  }
  return hidden;
}

/** A drawn mask from its text, "4.000f": {side, cells}. */
export function readDrawn(text) {
  const [side, digits = ""] = text.split(".");
  const n = Number(side) || 0;
  const cells = new Uint8Array(n * n);
  for (let i = 0; i < cells.length; i += 1) cells[i] = (parseInt(digits[i >> 2] ?? "0", 16) >> (3 - (i & 3))) & 1;
  return { side: n, cells };
}

/** A square mask as text; `readDrawn` gives it again. */
export function writeDrawn(cells, side) {
  let digits = "";
  for (let i = 0; i < side * side; i += 4) {
    let digit = 0;
    for (let j = 0; j < 4; j += 1) digit = 2 * digit + (cells[i + j] ? 1 : 0);
    digits += digit.toString(16);
  }
  return `${side}.${digits}`;
}
