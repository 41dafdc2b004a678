// What the numbers say, in words.

import { count, number, steady } from "../lib/dom.js";
import { CRITICS, meanPull, odds } from "./formulas.js";
import { SIDES } from "./race.js";

const MUCH = 3; // times, from which one slope is called larger than the other
const ROOM = 1.25; // times, from which a distance is called larger
const STRONG = 0.7;
const SOME = 0.4;

const slopeWords = (size) => (size < 0.0095 ? number(size, 2) : steady(size)); // a starving one still has its digits

/** Why minimax starves, or does not, of the fakes of this moment. */
export function pullWords({ step, fake }, loss) {
  const [minimax, other] = ["minimax", "nonsaturating"].map((name) => meanPull(name, fake));
  const mean = fake.reduce((sum, x) => sum + odds(x), 0) / fake.length;
  const start = `At step ${count(step)} the mean slope that reaches a fake is ${slopeWords(minimax)} under minimax and ${slopeWords(other)} under non-saturating`;
  // A critic's outputs are heights; this is what the two would make of them.
  const who = CRITICS.includes(loss) ? "The run's D is a critic: read as odds, its output gives" : "D gives";
  const said = `${who} a fake a probability of ${slopeWords(mean)} on average`;
  if (other > MUCH * minimax) return `${start}, ${number(other / minimax, 2)} times as much. ${said}; where D is sure of a fake, the curve of minimax is flat, and the generator starves.`;
  if (minimax > MUCH * other) return `${start}. ${said}: D takes the fakes for real, and it is non-saturating whose curve is flat there, as it should be.`;
  return `${start}. ${said}: it is not sure of the fakes, and so minimax does not starve now.`;
}

/** How the two compare at a moment. */
export function verdictWords(race, moment) {
  const [a, b] = SIDES.map((side) => ({ name: race.nameOf(side), frechet: race.at(side, "frechet", moment), modes: race.at(side, "modes", moment) }));
  const start = `After ${count(moment.step)} steps `;
  if (!race.differ.length) return `${start}the two are the same in every number, as they must be: the same settings and the same seed.`;
  if (moment.step === 0) return "Before training: neither generator has learned anything, and both begin with the numbers of the same seed.";
  const one = ({ name, frechet, modes }) => `“${name}” ${frechet === null ? "has left the numbers" : `stands at a Fréchet distance of ${number(frechet)}${modes === null ? "" : ` with ${modes} of ${race.plan.modes} ${race.plan.planar ? "modes" : "classes"}`}`}`;
  const both = `${start}${one(a)}, ${one(b)}.`;
  if (a.frechet === null || b.frechet === null) return both;
  const [less, more] = a.frechet < b.frechet ? [a, b] : [b, a];
  if (more.frechet < ROOM * less.frechet) return `${both} Within a quarter of each other: no difference to speak of.`;
  return `${both} By that distance “${less.name}” is nearer to what is real. It is one seed: another may turn it round.`;
}

const LOSS_WORDS = { generator_loss: "the generator's loss", discriminator_loss: "the discriminator's loss", gap: "the gap between D's mean outputs" };
export const nameOfCurve = (name, isCritic) => (name === "gap" && isCritic ? "the critic's gap" : LOSS_WORDS[name]);

/** What a rank correlation with the Fréchet distance means. */
export function agreementWords({ rho, n, name, where, isCritic, changed }) {
  const what = nameOfCurve(name, isCritic);
  const head = what[0].toUpperCase() + what.slice(1);
  if (n < 4) return `${where}: fewer than four measurements so far. Train on, and there will be a correlation.`;
  if (Number.isNaN(rho)) return `${where}: ${what} or the Fréchet distance never changes, so there is no correlation.`;
  const start = `${where}, over ${count(n)} measurements: the rank correlation of ${what} with the Fréchet distance is ρ = ${steady(rho, 2)}.`;
  const mixed = changed ? " The settings were changed under way, which mixes what the loss means." : "";
  if (name === "discriminator_loss" && rho <= -SOME) return `${start} It ${rho <= -STRONG ? "does tell" : "tells something"}, the other way round: it rises as the fakes get better, since D can tell them less and less.${mixed}`;
  if (rho >= STRONG) return `${start} Here it does tell: as it falls, the fakes get better.${mixed}`;
  if (rho <= -STRONG) return `${start} It misleads: it rises while the fakes get better, since the other player learns too.${mixed}`;
  if (rho >= SOME) return `${start} It tells something, but not enough to stop by.${mixed}`;
  if (rho <= -SOME) return `${start} If anything it points the wrong way.${mixed}`;
  return `${start} ${head} says next to nothing of how good the fakes are: it measures the other player as much as the fakes.${mixed}`;
}
