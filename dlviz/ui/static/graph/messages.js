// Messages of the stage: see the builder of this area.

export function buildMessages(area, stage) {
  return { draw() {}, read: () => null };
}
