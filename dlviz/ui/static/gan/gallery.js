// To be built.

export function buildGallery() {
  return {};
}
