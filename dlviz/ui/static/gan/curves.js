// To be built.

export function buildCurves() {
  return {};
}
