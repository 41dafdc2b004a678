// What the three parts share: the network and the picture shown, the class in question, and what the server is asked.

export const CLASS = "cnn.class";
const OF_THE_PICTURE = ["picture", "own_pixels"];
const AT_A_TIME = 3; // long probes of this panel; a run takes four of all

/** The stage. `picture` is {channels, rows, cols, data}, data (channel, row, column) in [0, 1]. */
export function makeStage(live, ctx) {
  const waiting = new Set();
  let busy = 0;
  const stage = {
    live, ctx, askers: [],
    get scene() {
      return live?.scene?.numbers ?? null;
    },
    get names() {
      return stage.scene.classes;
    },
    /** The true class, or null for one's own picture. */
    get truth() {
      return stage.scene.label;
    },
    get picture() {
      const { shape: [channels, rows, cols], data } = live.scene.arrays.picture;
      return { channels, rows, cols, data };
    },
    get answered() {
      const logits = live?.frame?.arrays.logits?.data;
      return logits ? argmax(logits) : 0;
    },
    /** The class in question: the one chosen anywhere on the page, or else what the network answers. */
    get chosen() {
      const chosen = live.shared.get(CLASS) ?? null;
      return chosen !== null && chosen < stage.names.length ? chosen : null;
    },
    get focus() {
      return stage.chosen ?? stage.answered;
    },
    /** Pressing the class once more gives the choice back to the answer. */
    choose(k) {
      live.shared.set(CLASS, live.shared.get(CLASS) === k ? null : k);
    },

    /** {step, playing, settled} of the moment on the screen, or null before there is one; `playing`: it is being trained. */
    moment() {
      const { frame, scene, state } = live ?? {};
      if (!frame || !scene) return null;
      return { step: frame.step, playing: Boolean(state?.playing) || (state?.goal ?? null) !== null, settled: isSettled(live, frame) };
    },
    /** Text that differs where the network may: another run, other settings, a parameter edited by hand. */
    networkKey() {
      const spec = Object.entries(stage.scene.spec).filter(([name]) => !OF_THE_PICTURE.includes(name));
      return JSON.stringify([live.shown, spec, live.state?.marks?.length ?? 0]);
    },
    pictureKey: () => JSON.stringify(OF_THE_PICTURE.map((name) => stage.scene.spec[name])),

    /** Take one of the places for long probes; false where none is free: `nudge` is called when one is. */
    enter(nudge) {
      if (busy >= AT_A_TIME) {
        waiting.add(nudge);
        return false;
      }
      busy += 1;
      return true;
    },
    leave() {
      busy -= 1;
      const all = [...waiting]; // who waits may be out of sight by now, so everybody is told
      waiting.clear();
      for (const nudge of all) nudge();
    },
  };
  return stage;
}

// Looking back shows the nearest moment at hand until a nearer one has come. A question asked in between would bring
// the server to the one at hand, and the nearer one would never come.
function isSettled(live, frame) {
  if (live.looking === null) return true;
  const far = Math.abs(frame.step - live.looking);
  return live.moments.every((step) => Math.abs(step - live.looking) >= far);
}

/** Index of the largest value. */
export function argmax(values) {
  let best = 0;
  for (let k = 1; k < values.length; k += 1) if (values[k] > values[best]) best = k;
  return best;
}
