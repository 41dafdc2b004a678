// Values that the components of a page tell each other, such as which neuron the pointer is on.

export class Shared {
  constructor(changed) {
    this.values = new Map();
    this.changed = changed;
  }

  get(key) {
    return this.values.get(key);
  }

  set(key, value) {
    if (Object.is(this.values.get(key), value)) return;
    this.values.set(key, value);
    this.changed({ key, value });
  }
}
