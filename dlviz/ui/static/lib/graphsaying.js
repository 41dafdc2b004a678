// How a node is called in a sentence.

/** A node's name as one says it: a number alone is no name. */
export function saidName({ names }, k) {
  const name = names[k] || String(k + 1);
  return /^\d/.test(name) || name.length < 2 ? `Node ${name}` : name;
}
