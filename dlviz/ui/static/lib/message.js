// The envelope of docs/architecture.md: u32 header length, JSON header padded to 8, then the arrays.

const VIEWS = { f32: Float32Array, i32: Int32Array, u8: Uint8Array };

/**
 * Decode one message: {kind, run, step, version, numbers, arrays: {name: {shape, data}}}.
 * `data` are views into `buffer` (an ArrayBuffer); nothing is copied. Throws on a malformed envelope.
 */
export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const body = 4 + length;
  const arrays = {};
  for (const { name, dtype, shape, offset } of header.arrays ?? []) {
    const View = VIEWS[dtype];
    if (!View) throw new Error(`The message's array ${name} has the unknown dtype ${dtype}.`);
    const size = shape.reduce((product, n) => product * n, 1);
    arrays[name] = { shape, data: new View(buffer, body + offset, size) };
  }
  return { kind: header.kind, run: header.run, step: header.step ?? 0, version: header.version ?? 0, numbers: header.numbers ?? {}, arrays };
}

/** Bytes of base64 text, as the relay carries messages. */
export function fromBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes.buffer;
}

/** A note of our own making, in the shape of the server's. */
export const localNote = (level, text, token) => ({ kind: "note", step: 0, version: 0, numbers: { level, text, token, offers: [] }, arrays: {} });
