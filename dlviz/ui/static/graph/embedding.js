// Embedding of the stage: see the builder of this area.

export function buildEmbedding(area, stage) {
  return { draw() {}, read: () => null };
}
