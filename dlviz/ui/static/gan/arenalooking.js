// Which look is on screen: the newest whole one. Small networks are computed within a frame; large ones in slices, and the look
// before stays until they are done. At rest the map is computed again in finer cells.

import { inSlices } from "../lib/slices.js";
import { fieldOf, lookOf } from "./arenalook.js";

const SIDES = [16, 20, 24, 28, 32, 40, 48, 56, 64];
const FINE = 128;
const MAP_BUDGET = 7; // ms a frame for the map
const WHOLE_BUDGET = 22; // ms up to which a look is computed at once
const REST = 160; // ms without a new moment, after which the map is made finer
const CALM = 0.2; // how much one measured time changes what is expected
const COSTS = 15; // measured times of which the middle one counts: a thread that was put aside says nothing of the work

export function makeLooking({ signal, changed }) {
  const state = { look: null, side: 24, cost: null, whole: 0, working: null, wanted: null, key: "", rest: 0, sizes: "", took: 0, map: 0 };
  let [spentNow, costs] = [0, []];
  const spent = (ms, cells) => {
    spentNow += ms;
    costs = [...costs.slice(1 - COSTS), ms / cells];
    state.cost = costs.toSorted((a, b) => a - b)[costs.length >> 1];
  };

  // The largest side that the map's time allows; one step up only when there is some room, so that it does not waver.
  function chooseSide() {
    if (state.cost === null) return;
    const fits = (side, room) => state.cost * side * side <= MAP_BUDGET * room;
    const at = SIDES.indexOf(state.side);
    if (!fits(state.side, 1) && at > 0) state.side = SIDES[at - 1];
    else if (at < SIDES.length - 1 && fits(SIDES[at + 1], 0.85)) state.side = SIDES[at + 1];
  }

  function take(look, key) {
    look.key = key;
    state.look = look;
    clearTimeout(state.rest);
    state.rest = setTimeout(() => refine(look), REST);
  }

  function refine(look) {
    if (look.field.side >= FINE) return;
    const isWanted = () => state.look === look && !state.working;
    inSlices(fieldOf(look.moment, FINE, look.label), (field) => {
      look.field = field;
      changed();
    }, { signal, wanted: isWanted });
  }

  /** The look to draw now, if there is one. `options` {label, axes, base} belong to it; `key` names them and the moment. */
  function see(moment, options, key) {
    if (!moment || state.look?.key === key || state.working === key) return state.look;
    const sizes = JSON.stringify(moment.scene.numbers.parameters);
    if (sizes !== state.sizes) costs = [];
    if (sizes !== state.sizes) Object.assign(state, { sizes, cost: null, whole: 0, side: SIDES[2] });
    if (state.working) {
      state.wanted = [moment, options, key];
      return state.look;
    }
    chooseSide();
    const isLong = state.whole > WHOLE_BUDGET;
    spentNow = 0;
    const work = timed(lookOf(moment, { ...options, side: isLong ? SIDES[0] : state.side, spent }));
    if (isLong) {
      state.working = key;
      inSlices(work, (look) => {
        state.working = null;
        take(look, key);
        const next = state.wanted;
        state.wanted = null;
        if (next) see(...next);
        changed();
      }, { signal });
      return state.look;
    }
    let step = work.next();
    while (!step.done) step = work.next();
    take(step.value, key);
    return state.look;
  }

  // The same work, with the time it took in all. Down quickly: the first looks of a page take long, as nothing is compiled yet.
  function* timed(work) {
    let took = 0;
    for (;;) {
      const began = performance.now();
      const { done, value } = work.next();
      took += performance.now() - began;
      if (done) {
        [state.took, state.map] = [took, spentNow];
        state.whole = took < state.whole ? (state.whole + took) / 2 : state.whole ? state.whole + CALM * (took - state.whole) : took;
        return value;
      }
      yield;
    }
  }

  return { see, get isWorking() { return state.working !== null; }, read: () => ({ side: state.look?.field.side ?? null, computing: state.took, map: state.map, whole: state.whole }) };
}
