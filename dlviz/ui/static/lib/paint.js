// One animation frame for the whole page: first everybody hears what has come, then all draw what changed.
// With a frame of its own for each of the two, a moment would reach the screen one frame later, and the
// browser would compose every picture twice.

let hearing = [];
let drawing = [];
let asked = false;
let isHearing = false;

/** Call `fn` at the next animation frame, before anything is drawn in it. */
export function hear(fn) {
  hearing.push(fn);
  ask();
}

/** Call `fn` when this animation frame draws, if it has not begun to; else in the next one. */
export function draw(fn) {
  drawing.push(fn);
  if (!isHearing) ask();
}

function ask() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(frame);
}

function frame() {
  asked = false;
  isHearing = true;
  const heard = hearing;
  hearing = [];
  run(heard);
  isHearing = false;
  const drawn = drawing;
  drawing = [];
  run(drawn);
}

function run(calls) {
  for (const call of calls) {
    try {
      call();
    } catch (problem) {
      reportError(problem); // one broken picture must not stop the others
    }
  }
}
