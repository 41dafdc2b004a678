// What the network says of the drawn molecule, live; what cannot be in it; and how far it is from all that the network has seen.

import { h, percent, replace, setText, steady } from "../lib/dom.js";
import { leftOut } from "./asked.js";
import { ELEMENTS, charged, formula, nameOf, nitroGroups, tooMany } from "./chemistry.js";
import { factsOf } from "./facts.js";
import { buildSurroundings } from "./surroundings.js";
import { paintSmall } from "./view.js";

const MOST_ROUNDS = 3;
const books = new WeakMap(); // molecules → {rounds → surroundings}
const TIMES = ["", "one bond", "two bonds", "three bonds", "four bonds", "five bonds", "six bonds", "seven bonds", "eight bonds"];

function surroundingsOf({ molecules, network }) {
  const rounds = Math.min(MOST_ROUNDS, network.rows.length);
  if (!books.has(molecules)) books.set(molecules, new Map());
  const made = books.get(molecules);
  if (!made.has(rounds)) made.set(rounds, buildSurroundings(molecules, molecules.map(({ isHeld }) => !isHeld), rounds));
  return made.get(rounds);
}

/** All that is said of a drawn molecule; null of an empty one. `before`: of another moment, which only the answers are of. */
export function judge(source, molecule, before = null) {
  if (!molecule.elements.length) return null;
  if (before) return { ...before, ...leftOut(source, molecule) };
  const near = surroundingsOf(source);
  return { ...leftOut(source, molecule), ...near.of(molecule), rounds: near.rounds, problems: tooMany(molecule), charged: charged(molecule), unknown: [...new Set(molecule.elements.filter((element) => !ELEMENTS.includes(element)))], nitro: nitroGroups(molecule).length };
}

/** `draw(source, molecule, said, colors, name, atom)`, `atom` the one pointed at; `onpick(place)` shows the nearest molecule of the set above. */
export function buildVerdict({ onpick }) {
  const big = h("p.big.value");
  const bar = h("div.gm-bar-of", h("i"));
  const [margin, where, domain, nearWords] = [h("p.value"), h("p.gm-where.value"), h("p.gm-domain.value"), h("p.value")];
  const problems = h("ul.gm-problems", { role: "status" });
  const canvas = h("canvas");
  const nearest = h("button.gm-tile.gm-nearest", { type: "button", onclick: () => onpick(nearest.place) }, canvas, nearWords);
  const element = h("div.gm-verdict", { "aria-live": "polite" }, big, bar, margin, where, problems, domain, nearest);

  return {
    element,
    draw(source, molecule, said, colors, name, atom) {
      nearest.classList.toggle("hidden", !said);
      bar.classList.toggle("hidden", !said);
      if (!said) {
        setText(big, "An empty sheet");
        setText(margin, "Choose an example, or press a free place to set the first atom.");
        for (const line of [domain, where]) setText(line, "");
        replace(problems);
        return;
      }
      const { answer } = said;
      setText(big, `${percent(answer.probability)} mutagenic`);
      bar.firstChild.style.width = `${answer.probability * 100}%`;
      setText(margin, `${name || formula(molecule)}: logits ${steady(answer.logits[0], 2)} (not) and ${steady(answer.logits[1], 2)} (mutagenic), margin ${steady(answer.margin, 2)}.`);
      setText(where, atom === null ? "" : `Atom ${atom + 1}, ${nameOf(molecule.elements[atom])}: without it the margin would be ${steady(answer.margin - said.atoms[atom], 2)}.`);
      replace(problems,
        said.problems.map(({ atom, has, most }) => h("li.warned", `Atom ${atom + 1}, ${nameOf(molecule.elements[atom])}, has ${has} bonds; it can have ${most}. The network does not know that and answers all the same.`)),
        said.unknown.map((element) => h("li.warned", `${element} is none of the set's elements (${ELEMENTS.join(", ")}): to the network such an atom is all zeros.`)));
      setText(domain, domainWords(source, molecule, said));
      const other = source.molecules[said.nearest];
      nearest.place = other.place;
      setText(nearWords, `Most alike in the set: molecule ${other.place + 1}, ${other.label ? "mutagenic" : "not mutagenic"}, ${percent(said.alike, 0)} of the surroundings shared`);
      paintSmall(canvas, other, colors);
    },
    read: () => ({ big: big.textContent, where: where.textContent, domain: domain.textContent, near: nearWords.textContent, problems: [...problems.children].map((line) => line.textContent) }),
  };
}

function domainWords({ molecules }, molecule, { strange, rounds, nitro }) {
  const { length } = molecule.elements;
  const facts = factsOf(molecules);
  const all = molecules.length;
  const have = facts.nitro.mutagenic[0] + facts.nitro.not[0];
  const far = strange.length
    ? `${strange.length === length ? "None" : `Only ${length - strange.length}`} of its ${length} atoms ${length - strange.length === 1 ? "stands" : "stand"} in surroundings (all within ${TIMES[rounds]}) that a training molecule has.`
    : `All its ${length} atoms stand in surroundings (all within ${TIMES[rounds]}) that training molecules have.`;
  const missing = nitro ? "" : ` It has no nitro group, and ${have === all ? `all ${all}` : `${have} of the ${all}`} molecules of the set have one.`;
  const sizes = molecules.map(({ elements }) => elements.length);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const size = length < least ? ` It has fewer atoms than any of the set (${least} to ${most}).` : length > most ? ` It has more atoms than any of the set (${least} to ${most}).` : "";
  const outside = strange.length > length / 4 || !nitro || size;
  return `${far}${missing}${size}${outside ? " So this is outside what the network has seen: read the answer as a guess, not as chemistry." : ""}`;
}
