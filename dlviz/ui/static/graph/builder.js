// Builder of the stage: see the builder of this area.

export function buildBuilder(area, stage) {
  return { draw() {}, read: () => null };
}
