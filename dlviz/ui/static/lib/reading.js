// What a classifier says of a picture.

/** {answer, confidence} of the class that `read` (pixels → probabilities) holds most likely; null without a classifier. */
export function readingOf(read, picture) {
  if (!read) return null;
  const shares = read(picture);
  const answer = shares.reduce((best, share, k) => (share > shares[best] ? k : best), 0);
  return { answer, confidence: shares[answer] };
}
