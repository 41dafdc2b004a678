// Pictures on their way to the run: one message at a time, and the newest wins, so that a fast hand is never behind.

const TIMES_KEPT = 200;

/** {send(text, since), busy, sent, times}. `refused(words)` hears why the run did not take a picture. */
export function makeSender(stage, { refused, settled }) {
  const { live } = stage;
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
      stage.drawing = true;
      pump();
    },
    /** Another picture was chosen: what is on its way no longer matters. */
    drop() {
      waiting = null;
      sent = [];
      stage.drawing = false;
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
      if (!sender.busy) stage.drawing = false;
    }
    pump();
  }

  stage.on("frame", () => {
    const at = sent.findIndex(({ text }) => text === live.scene.numbers.spec.own_pixels);
    if (at < 0) return;
    // A later picture holds what the earlier ones had, so its frame answers them too.
    for (const { since } of sent.splice(0, at + 1)) sender.times.push(performance.now() - since);
    sender.times.splice(0, sender.times.length - TIMES_KEPT);
    if (sender.busy) return;
    stage.drawing = false;
    settled();
  });
  return sender;
}
