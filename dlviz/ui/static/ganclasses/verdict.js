// Does being told the class help here? Said from the numbers of both, also where it does not.

import { count, number, percent } from "../lib/dom.js";

const CLEAR = 3; // standard errors from which a difference of shares is called one
const FAR = 1.25; // times a Fréchet distance from which it is called larger

const whole = (share) => percent(share, 0);

/** Standard error of the difference of two shares of n fakes each. */
export const errorOf = (a, b, n) => Math.sqrt((a * (1 - a) + b * (1 - b)) / n);

/** What a share, a distance and a count of classes say: −1 worse when told, 0 no clear difference, 1 better. */
export function compared(unconditional, conditional, measured) {
  const [a, b] = [unconditional, conditional];
  const clear = CLEAR * errorOf(a.quality, b.quality, measured);
  return {
    quality: Number.isFinite(a.quality) ? Math.sign(Math.abs(b.quality - a.quality) > clear ? b.quality - a.quality : 0) : null,
    frechet: a.frechet > FAR * b.frechet ? 1 : b.frechet > FAR * a.frechet ? -1 : 0,
    modes: Number.isFinite(a.modes) ? Math.sign(b.modes - a.modes) : null,
  };
}

/** The sentences of a moment of a race. */
export function verdict(race, step, name) {
  const { plan, settings } = race;
  const [a, b] = ["unconditional", "conditional"].map((kind) => race.scores(kind, step));
  if (step === 0) return "Neither has learned anything yet: go on in time.";
  const classes = plan.classes.length;
  const judged = compared(a, b, plan.measured);
  const start = `${name}, step ${count(step)}, seed ${settings.seed}:`;
  if (judged.quality === null) return `${start} the Fréchet distance is ${number(a.frechet)} untold and ${number(b.frechet)} told. No classifier reads these, so nothing here says whether it makes what it is asked for.`;
  const found = `${start} of what the one makes untold ${whole(a.quality)} are good, of the told one's ${whole(b.quality)}; ${number(a.modes)} and ${number(b.modes)} of ${classes} classes are covered, and the Fréchet distance is ${number(a.frechet)} and ${number(b.frechet)}.`;
  return `${found} ${helps(judged)} ${obeys(b, classes, plan.measured)}`;
}

function helps(judged) {
  const values = Object.values(judged);
  const [better, worse] = [1, -1].map((sign) => values.filter((value) => value === sign).length);
  if (better && !worse) return `So here being told the class helps, by ${better === 3 ? "all three" : better === 2 ? "two of the three and the third does not speak against it" : "one of the three; the others show no clear difference"}.`;
  if (worse && !better) return `So here being told the class does not help: ${worse === 1 ? "one of the three numbers is" : `${worse} of the three numbers are`} worse, none clearly better.`;
  if (better && worse) return "So here it is a draw: being told makes something better and something worse.";
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
export const basis = ({ plan }) => `${count(plan.measured)} fakes of each. Shares differ from ${CLEAR} standard errors on, Fréchet distances from a quarter more on. One seed is one throw of the dice: try others before you believe it.`;
