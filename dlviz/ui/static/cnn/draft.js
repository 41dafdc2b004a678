// What the builder shows: the settings of the running network, or a draft that does not work yet. A change that works
// is sent; one that does not stays here, marked, and the running network is left alone.

import { settingsOf } from "../lib/settings.js";
import { SETS, STRUCTURE, clash, mended, oneEach, rowsOf, short } from "./plan.js";

const SAME_SHAPE = (a, b) => SETS[a].slice(0, 2).join() === SETS[b].slice(0, 2).join();

export function makeDraft(stage) {
  const settings = settingsOf(stage);
  let asked = ""; // the structure sent last
  let changes = null; // of the draft that does not work; null: the settings are shown
  const listeners = new Set();
  const tell = () => { for (const fn of listeners) fn(); };

  const draft = {
    settings,
    get waiting() {
      return changes !== null;
    },
    value: (name) => changes?.[name] ?? settings.value(name),
    spec: () => Object.fromEntries(STRUCTURE.map((name) => [name, draft.value(name)])),
    rows: () => rowsOf(draft.spec()),
    clash: () => clash(draft.spec()),
    mended: () => mended(draft.spec()),
    /** Take changes of the structure. What works is sent with all that was drafted before. */
    edit(next) {
      const wanted = { ...changes, ...next };
      const spec = { ...draft.spec(), ...next };
      if (next.dataset && !SAME_SHAPE(next.dataset, settings.value("dataset"))) Object.assign(wanted, { own_pixels: "", picture: 0 });
      if (clash(spec)) {
        changes = wanted;
        tell();
        return;
      }
      changes = null;
      asked = JSON.stringify(STRUCTURE.map((name) => spec[name]));
      for (const name of STRUCTURE) settings.problems.delete(name);
      settings.change(wanted);
      tell();
    },
    /** Leave the draft: the running network is shown again. */
    forget() {
      changes = null;
      tell();
    },
    on(fn) {
      listeners.add(fn);
      settings.on(fn);
    },
    setBlock(at, name, value) {
      const blocks = draft.value("channels").length;
      draft.edit({ [name]: (name === "channels" ? (all) => all : short)(oneEach(draft.value(name), blocks).with(at, value)) });
    },
    addBlock() {
      const maps = draft.value("channels");
      const grown = (name) => short([...oneEach(draft.value(name), maps.length), oneEach(draft.value(name), maps.length).at(-1)]);
      draft.edit({ channels: [...maps, Math.min(512, 2 * maps.at(-1))], kernel_sizes: grown("kernel_sizes"), paddings: grown("paddings") });
    },
    removeBlock(at) {
      const maps = draft.value("channels");
      const less = (name) => short(oneEach(draft.value(name), maps.length).toSpliced(at, 1));
      draft.edit({ channels: maps.toSpliced(at, 1), kernel_sizes: less("kernel_sizes"), paddings: less("paddings") });
    },
    setDense: (at, units) => draft.edit({ dense_units: draft.value("dense_units").with(at, units) }),
    addDense: () => draft.edit({ dense_units: [...draft.value("dense_units"), draft.value("dense_units").at(-1) ?? 64] }),
    removeDense: (at) => draft.edit({ dense_units: draft.value("dense_units").toSpliced(at, 1) }),
  };
  // Another network was set from elsewhere (a preset, a link): what was drafted on the old one is over.
  let known = "";
  stage.on("scene", (scene) => {
    const spec = JSON.stringify(STRUCTURE.map((name) => scene.numbers.spec[name]));
    if (known && spec !== known && spec !== asked) changes = null;
    known = spec;
    tell();
  });
  return draft;
}
