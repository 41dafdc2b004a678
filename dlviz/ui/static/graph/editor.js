// Editor of the stage: see the builder of this area.

export function buildEditor(area, stage) {
  return { draw() {}, read: () => null };
}
