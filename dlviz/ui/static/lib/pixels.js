// A picture of one's own on its way to the run: values in [0, 1], channel after channel, as the field `own_pixels` has them.

/** A byte a value. */
export const bytesOf = (data) => Uint8Array.from(data, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));

/** The text that the bytes travel as. */
export const textOf = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
