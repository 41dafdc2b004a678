// Work that is done again only when what it depends on is another.

/** `isNew(...things)`: whether any of them differs from the last call, by identity. */
export function changed() {
  let before = null;
  return (...things) => {
    const isSame = before?.length === things.length && things.every((thing, i) => thing === before[i]);
    before = things;
    return !isSame;
  };
}
