// Pictures on their way to the run: one message at a time, and the newest wins, so that a fast hand is never behind.

const TIMES_KEPT = 200;

/**
 * {send(text, since), drop(), busy, last, times}. `refused(words)` hears why the run did not take a picture, `settled()` that the
 * newest is the run's; `drawing(on)` whether any is on its way. `frames(fn)` calls `fn` with every frame.
 */
export function makeSender({ live, frames, refused, settled, drawing = () => {} }) {
  let [waiting, underway] = [null, false];
  let sent = []; // pictures whose frame has not come: {text, since}
  const sender = {
    times: [], // ms from the event to the frame of that picture
    last: null, // the text sent last
    get busy() {
      return underway || waiting !== null || sent.length > 0;
    },
    /** `since`: the time of the event, as performance.now() has it. */
    send(text, since) {
      waiting = { text, since: waiting?.since ?? since };
      drawing(true);
      pump();
    },
    /** Another picture was chosen: what is on its way no longer matters. */
    drop() {
      waiting = null;
      sent = [];
      drawing(false);
    },
  };

  async function pump() {
    if (underway || !waiting) return;
    const job = waiting;
    waiting = null;
    underway = true;
    sender.last = job.text;
    sent.push(job);
    const answer = await live.set({ own_pixels: job.text }, { quiet: true });
    underway = false;
    if (answer?.kind === "note") {
      sent = sent.filter((each) => each !== job);
      refused(answer.numbers.text);
      if (!sender.busy) drawing(false);
    }
    pump();
  }

  frames(() => {
    const at = sent.findIndex(({ text }) => text === live.scene.numbers.spec.own_pixels);
    if (at < 0) return;
    // A later picture holds what the earlier ones had, so its frame answers them too.
    for (const { since } of sent.splice(0, at + 1)) sender.times.push(performance.now() - since);
    sender.times.splice(0, sender.times.length - TIMES_KEPT);
    if (sender.busy) return;
    drawing(false);
    settled();
  });
  return sender;
}
