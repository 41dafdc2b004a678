// Does being told the class help here? Said from the numbers of both, also where it does not.

import { count, number, percent } from "../lib/dom.js";

const CLEAR = 3; // standard errors from which a difference of shares is called one
const FAR = 1.25; // times a Fréchet distance from which it is called larger
const COMPARED = 300; // real examples of which recall is a share (measuring.py)
const NAMES = { quality: "the share of good ones", modes: "the classes covered", frechet: "the Fréchet distance", recall: "the share of real ones it reaches" };

const whole = (share) => percent(share, 0);

/** Standard error of the difference of two shares of n fakes each. */
export const errorOf = (a, b, n) => Math.sqrt((a * (1 - a) + b * (1 - b)) / n);

const better = (a, b, n) => (Number.isFinite(a) ? Math.sign(Math.abs(b - a) > CLEAR * errorOf(a, b, n) ? b - a : 0) : null);

/** −1 where it is worse when told, 0 without a clear difference, 1 better; null where it is not measured. */
export function compared([a, b], { measured, floor }) {
  const isFar = Math.abs(a.frechet - b.frechet) > floor;
  return {
    quality: better(a.quality, b.quality, measured),
    modes: Number.isFinite(a.modes) ? Math.sign(b.modes - a.modes) : null,
    frechet: isFar && a.frechet > FAR * b.frechet ? 1 : isFar && b.frechet > FAR * a.frechet ? -1 : 0,
    recall: better(a.recall, b.recall, COMPARED),
  };
}

/** The sentences of a moment of a race. */
export function verdict(race, step, name) {
  const { plan, settings } = race;
  const [a, b] = race.both(step);
  if (step === 0) return "Neither has learned anything yet: go on in time.";
  const start = `${name}, step ${count(step)}, seed ${settings.seed}:`;
  const reached = `of the real ones ${whole(a.recall)} lie among the fakes of the untold one, ${whole(b.recall)} among the told one's; the Fréchet distance is ${number(a.frechet)} and ${number(b.frechet)}`;
  if (!Number.isFinite(a.quality)) return `${start} ${reached}. ${helps(compared([a, b], plan))}`;
  const found = `${start} of what the one makes untold ${whole(a.quality)} are good, of the told one's ${whole(b.quality)}; ${number(a.modes)} and ${number(b.modes)} of ${plan.classes.length} classes are covered; ${reached}.`;
  return `${found} ${helps(compared([a, b], plan))} ${obeys(b, plan.classes.length, plan.measured)}`;
}

function helps(judged) {
  const named = (sign) => Object.keys(NAMES).filter((name) => judged[name] === sign).map((name) => NAMES[name]).join(" and ");
  const [up, down] = [named(1), named(-1)];
  if (up && down) return `So here being told the class helps with ${up}, and costs ${down}.`;
  if (up) return `So here being told the class helps: with ${up}.`;
  if (down) return `So here being told the class does not help: it costs ${down}.`;
  return "So here being told the class makes no clear difference to how good the fakes are.";
}

function obeys({ obedience }, classes, measured) {
  if (!Number.isFinite(obedience)) return "";
  const chance = 1 / classes;
  const error = Math.sqrt((chance * (1 - chance)) / measured);
  if (obedience < chance + CLEAR * error) return `Asked for a class it does not listen yet: ${whole(obedience)} are read as asked, and chance alone gives ${whole(chance)}.`;
  return `And it can be asked: ${whole(obedience)} are read as what was asked for, where chance gives ${whole(chance)}.`;
}

/** What all that rests on. */
export const basis = ({ plan }) => `${count(plan.measured)} fakes of each, beside ${count(plan.held)} held-back real examples. Shares differ from ${CLEAR} standard errors on, Fréchet distances from a quarter and ${number(plan.floor)} on: so far are other real examples from these. One seed is one throw of the dice: try others before you believe it.`;
