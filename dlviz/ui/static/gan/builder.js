// To be built.

export function buildBuilder() {
  return {};
}
