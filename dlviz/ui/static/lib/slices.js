// Long work in the page in slices, so that it never holds up a frame: a generator that yields often.

const BUDGET = 8; // ms of an animation frame

/**
 * Run `work` (a generator) to its end and call `done(its value)`: at once where it takes less than a slice. It is given up
 * when `signal` aborts or `wanted()` no longer holds.
 */
export function inSlices(work, done, { signal, wanted = () => true } = {}) {
  const go = () => {
    if (signal?.aborted || !wanted()) return;
    const until = performance.now() + BUDGET;
    for (;;) {
      const { done: isOver, value } = work.next();
      if (isOver) {
        done(value);
        return;
      }
      if (performance.now() > until) break;
    }
    requestAnimationFrame(go);
  };
  go();
}
