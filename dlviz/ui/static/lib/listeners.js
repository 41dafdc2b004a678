// Who wants to hear of what: the parts of a stage tell each other by kinds.

/** `{on(kind, fn), emit(kind, value)}`, to be spread into a stage. Those who listen live as long as it does. */
export function listeners() {
  const known = new Map(); // kind → functions, in the order they came
  return {
    on(kind, fn) {
      if (!known.has(kind)) known.set(kind, new Set());
      known.get(kind).add(fn);
    },
    emit(kind, value) {
      for (const fn of known.get(kind) ?? []) fn(value);
    },
  };
}
