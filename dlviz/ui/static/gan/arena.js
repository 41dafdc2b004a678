// To be built.

export function buildArena() {
  return {};
}
