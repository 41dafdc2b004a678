// Whether the moment on screen is the one that was looked for.

/**
 * Looking back shows the nearest moment at hand until a nearer one has come. A question asked in between would
 * bring the server to the one at hand, and the nearer one would never come.
 */
export function isSettled(live) {
  if (live.looking === null) return true;
  if (!live.frame) return false;
  const far = Math.abs(live.frame.step - live.looking);
  return live.moments.every((step) => Math.abs(step - live.looking) >= far);
}
