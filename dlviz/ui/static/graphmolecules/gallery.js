// The molecules of the set, some at a time, each with what it is and what the network says of it; one of them is chosen.

import { count, h, percent, replace, setText } from "../lib/dom.js";
import { answerOf, probabilities } from "../lib/graphs.js";
import { formula } from "./chemistry.js";
import { paintSmall } from "./view.js";

const AT_ONCE = 12;
const FILTERS = {
  all: ["All", () => true],
  wrong: ["Answered wrong", (molecule, isRight) => !isRight],
  mutagenic: ["Mutagenic", ({ label }) => label === 1],
  not: ["Not mutagenic", ({ label }) => label === 0],
  held: ["Kept back", ({ isHeld }) => isHeld],
};

/** `draw(source, place, colors)`, `read()`; `onpick(place)`. */
export function buildGallery({ onpick, onchange }) {
  let [filter, page, fits, shown] = ["all", 0, [], null];
  let seen = null;
  const painted = []; // by tile, what its canvas shows
  let touched = false; // the page that a person turned to stays
  const chips = Object.fromEntries(Object.entries(FILTERS).map(([name, [label]]) => [name, h("button.chip", { type: "button", "data-filter": name, onclick: () => { [filter, page, touched] = [name, 0, true]; onchange(); } }, label)]));
  const turn = (by) => { page += by; touched = true; onchange(); };
  const back = h("button", { type: "button", "aria-label": "Molecules before", onclick: () => turn(-1) }, "‹");
  const forth = h("button", { type: "button", "aria-label": "Molecules after", onclick: () => turn(1) }, "›");
  const where = h("span.small.muted.value", { "aria-live": "polite" });
  const list = h("div.gm-tiles");
  const none = h("p.muted.gm-none");
  const element = h("section.gm-gallery", { "aria-label": "The molecules" },
    h("div.gm-bar", h("div.row", { role: "group", "aria-label": "Which molecules" }, Object.values(chips)), h("div.row.gm-turn", back, where, forth)), list, none);
  const tiles = Array.from({ length: AT_ONCE }, () => {
    const canvas = h("canvas");
    const [name, truth, said] = [h("b.value"), h("span.gm-truth"), h("span.gm-said.value")];
    const tile = h("button.gm-tile", { type: "button", onclick: () => onpick(tile.place) }, canvas, h("span.gm-tile-words", name, truth, said));
    return { tile, canvas, name, truth, said };
  });
  replace(list, tiles.map(({ tile }) => tile));

  function draw(source, place, colors) {
    const { molecules, answers } = source;
    const now = [molecules, `${source.isOwn}:${answers.step}`, place, filter, page, colors, list.clientWidth];
    if (seen && now.every((value, k) => value === seen[k])) return; // what stands still is not painted again
    seen = now;
    const right = molecules.map(({ label, place: at }) => answerOf(answers.logits, at, 2) === label);
    fits = molecules.filter((molecule, k) => FILTERS[filter][1](molecule, right[k]));
    const last = Math.max(0, Math.ceil(fits.length / AT_ONCE) - 1);
    if (!touched) page = Math.floor(Math.max(0, fits.findIndex((molecule) => molecule.place === place)) / AT_ONCE);
    page = seen[4] = Math.min(last, Math.max(0, page));
    const some = fits.slice(page * AT_ONCE, (page + 1) * AT_ONCE);
    for (const [name, chip] of Object.entries(chips)) {
      chip.setAttribute("aria-pressed", name === filter);
      setText(chip, `${FILTERS[name][0]} ${molecules.filter((molecule, k) => FILTERS[name][1](molecule, right[k])).length}`);
    }
    setText(where, fits.length ? `${page * AT_ONCE + 1} to ${page * AT_ONCE + some.length} of ${count(fits.length)}` : "0 of 0");
    back.disabled = page === 0;
    forth.disabled = page === last;
    setText(none, fits.length ? "" : "None: the network answers all of them right.");
    shown = { filter, page, total: fits.length, wrong: right.filter((isRight) => !isRight).length, step: answers.step, tiles: some.map((molecule) => ({ place: molecule.place, label: molecule.label, probability: probabilities(answers.logits, molecule.place, 2)[1], isRight: right[molecule.place] })) };
    tiles.forEach(({ tile, canvas, name, truth, said }, k) => {
      const molecule = some[k];
      tile.classList.toggle("hidden", !molecule);
      if (!molecule) return;
      const { probability, isRight } = shown.tiles[k];
      tile.place = molecule.place;
      tile.setAttribute("aria-pressed", molecule.place === place);
      tile.classList.toggle("wrong", !isRight);
      setText(name, `${molecule.place + 1}${molecule.isHeld ? " · kept back" : ""}`);
      truth.dataset.label = molecule.label;
      setText(truth, molecule.label ? "mutagenic" : "not mutagenic");
      setText(said, `${percent(probability, 0)}${isRight ? "" : " · wrong"}`);
      tile.setAttribute("aria-label", `Molecule ${molecule.place + 1}, ${formula(molecule)}: ${molecule.label ? "mutagenic" : "not mutagenic"}; the network says ${percent(probability, 0)} mutagenic${isRight ? "" : ", which is wrong"}`);
      const look = [molecule, colors, list.clientWidth];
      if (look.every((value, i) => value === painted[k]?.[i])) return;
      painted[k] = look;
      paintSmall(canvas, molecule, colors);
    });
  }

  return { element, draw, read: () => shown };
}
