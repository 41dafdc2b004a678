// The exact numbers of the map that is open, asked of the run whenever another moment is on screen.

const APART = 250; // ms between two questions while it trains: a probe holds up the training
const RETRY = 300; // ms, while the server is still on its way to the moment looked back to
const TRIES = 4;

/**
 * `want(pinned)` each time something is drawn. `data` is null or {row, channel, step, arrays} of the newest answer for
 * that map; `problem` says why there is none.
 */
export function makeAsking(stage) {
  const { live, ctx } = stage;
  let [asked, busy, last, tries, timer] = [null, false, -Infinity, 0, null];
  const asking = {
    data: null,
    problem: "",

    want(pinned) {
      const key = `${pinned.row} ${pinned.channel}`;
      if (asking.key !== key) Object.assign(asking, { key, data: null, problem: "" });
      const { frame } = stage;
      if (busy || !frame || (asked?.frame === frame && asked.key === key)) return;
      const wait = asked?.key === key && live.state?.playing ? last + APART - performance.now() : 0;
      if (wait > 0) {
        timer ??= setTimeout(() => {
          timer = null;
          ctx.redraw();
        }, wait);
        return;
      }
      ask({ key, frame, ...pinned });
    },
  };

  async function ask(wish) {
    if (asked?.frame !== wish.frame) tries = 0;
    [asked, busy, last] = [wish, true, performance.now()];
    const { row, channel } = wish;
    const answer = await live.ask({ do: "probe", panel: "feature_maps", options: { row, channel } }, { quiet: true });
    busy = false;
    if (ctx.signal.aborted) return;
    if (asking.key === wish.key) {
      if (answer.kind === "reply") Object.assign(asking, { data: { row, channel, step: answer.step, arrays: answer.arrays }, problem: "" });
      else asking.problem = answer.numbers.text;
      if (answer.kind === "reply" && answer.step !== wish.frame.step && tries < TRIES) {
        tries += 1;
        setTimeout(() => {
          if (asked === wish) asked = { ...wish, frame: null };
          ctx.redraw();
        }, RETRY);
      }
    }
    ctx.redraw();
  }

  return asking;
}
