// Whether the run has done what was announced: what the noise shown became, against what the copy had made of it.

import { count, number } from "../lib/dom.js";

/** A sentence; empty where no step has been taken here, or where the moment after it is no longer on screen. */
export function takenWords(announced, frame) {
  if (!announced || frame.step !== announced.step + 1 || frame.version !== announced.version) return "";
  const most = difference(announced, frame);
  const what = `the ${count(frame.arrays.fake.shape[0])} fakes of the stage`;
  if (most === 0) return `Step ${number(frame.step)} is taken. ${what[0].toUpperCase()}${what.slice(1)} are exactly where they were announced; the next step is open.`;
  return `Step ${number(frame.step)} is taken. Between what was announced and ${what} the largest difference is ${number(most)}.`;
}

// Points travel as they are; pictures as bytes, and are compared as such.
function difference({ after, planar }, frame) {
  const { data } = frame.arrays.fake;
  let most = 0;
  for (let k = 0; k < data.length; k += 1) {
    const wanted = planar ? after[k] : Math.round(255 * Math.min(1, Math.max(0, (after[k] + 1) / 2)));
    most = Math.max(most, Math.abs(data[k] - wanted));
  }
  return planar || most > 1 ? most : 0; // a byte may be rounded the other way
}
