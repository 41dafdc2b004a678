// To be built.

export function buildPlayers() {
  return {};
}
