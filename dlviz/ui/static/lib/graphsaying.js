// How a node is called in a sentence.

/** A node's name as one says it: a number alone is no name, nor is one that several nodes have. */
export function saidName({ names }, k) {
  const name = names[k] || String(k + 1);
  if (names.indexOf(name) !== names.lastIndexOf(name)) return `Node ${k} (${name})`;
  return /^\d/.test(name) || name.length < 2 ? `Node ${name}` : name;
}
