// What a person has switched off: heads made silent or even, parts that add nothing; in the words of lib/transformer.js.

const PARTS = { attention: "attention", cross: "attention to the encoder", feed_forward: "feed-forward" };
const STACKS = { core: "layer", encoder: "encoder layer", decoder: "decoder layer" };

export const partName = (part) => PARTS[part];

/** "layer 1", "decoder layer 2". */
export const layerName = (stack, layer) => `${STACKS[stack]} ${layer + 1}`;

/** "head 2 of layer 1", "head 1 of decoder layer 2 to the encoder". */
export function headName(id) {
  const [stack, layer, kind, head] = id.split(".");
  return `head ${Number(head) + 1} of ${layerName(stack, Number(layer))}${kind === "cross" ? " to the encoder" : ""}`;
}

export class Changes {
  /** `changed()` is called whenever something is switched. */
  constructor(changed) {
    this.changed = changed;
    for (const name of ["silent", "even", "off"]) this[name] = new Set();
    this.layers = new Map(); // "core.0" → the parts that it has
  }

  get some() {
    return this.silent.size + this.even.size + this.off.size > 0;
  }

  get key() {
    return ["silent", "even", "off"].map((name) => [...this[name]].sort().join()).join(" ");
  }

  /** "silent", "even" or "on". */
  of(head) {
    return this.silent.has(head) ? "silent" : this.even.has(head) ? "even" : "on";
  }

  /** Make a head silent or even; one that is so already is let go. */
  switchHead(head, kind) {
    const was = this.of(head);
    this.silent.delete(head);
    this.even.delete(head);
    if (was !== kind) this[kind].add(head);
    this.changed();
  }

  /** Switch parts ("core.0.attention") off together; where all are off already, on again. */
  switchParts(parts) {
    const all = parts.every((part) => this.off.has(part));
    for (const part of parts) if (all) this.off.delete(part); else this.off.add(part);
    this.changed();
  }

  clear() {
    for (const name of ["silent", "even", "off"]) this[name].clear();
    this.changed();
  }

  /** Let go of what the network of a pass does not have. */
  keepThoseOf(pass) {
    const heads = new Set(pass.grids.flatMap(({ id, part }) => part.weights.map((_, head) => `${id}.${head}`)));
    this.layers = new Map(Object.values(pass.stacks).flatMap(({ name, blocks }) => blocks.map((block) => [`${name}.${block.layer}`, partsOf(block)])));
    const parts = new Set([...this.layers].flatMap(([layer, names]) => names.map((part) => `${layer}.${part}`)));
    for (const name of ["silent", "even"]) for (const head of this[name]) if (!heads.has(head)) this[name].delete(head);
    for (const part of this.off) if (!parts.has(part)) this.off.delete(part);
  }

  /** "head 2 of layer 1 is silent, the feed-forward of layer 2 is off". */
  get words() {
    const found = [...this.silent].map((head) => `${headName(head)} is silent`);
    found.push(...[...this.even].map((head) => `${headName(head)} has an even pattern`));
    for (const [layer, parts] of this.layers) {
      const off = parts.filter((part) => this.off.has(`${layer}.${part}`));
      const [stack, at] = layer.split(".");
      const name = layerName(stack, Number(at));
      if (off.length === parts.length) found.push(`all of ${name} is off`);
      else found.push(...off.map((part) => `the ${partName(part)} of ${name} is off`));
    }
    return found.length > 3 ? `${found.slice(0, 2).join(", ")} and ${found.length - 2} more` : found.join(", ");
  }
}

/** The parts that a block has, in the order of the flow. */
export const partsOf = (block) => ["attention", "cross", "feed_forward"].filter((part) => block[part]);
