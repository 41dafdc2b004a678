// Matrix of the stage: see the builder of this area.

export function buildMatrix(area, stage) {
  return { draw() {}, read: () => null };
}
