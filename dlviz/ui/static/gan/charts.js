// Which curves a game needs, by its loss and by what is real: names, lines, and the level at which nothing is won.

import { CRITICS, ODDS } from "./games.js";

const TWICE_LOG2 = -2 * Math.log(2);

/**
 * [{name, group: "game" | "fakes", lines: [[measurement, label, color]], level: [value, label] | null}]. `numbers`: of the frame;
 * what is null there means nothing and is left out. `colors`: of the theme; real ones blue, fakes and G orange, D in ink.
 */
export function chartsOf({ spec, numbers, classes, colors }) {
  const { ink, positive, negative, accent, muted } = colors;
  const odds = ODDS.includes(spec.loss);
  const game = [
    { name: "Losses: each against the other", lines: [["discriminator_loss", "D", ink], ["generator_loss", "G", negative]] },
    odds
      ? { name: "Value V = mean log D(x) + mean log(1 − D(G(z)))", lines: [["value", "V", accent]], level: [TWICE_LOG2, "−2 log 2"] }
      : { name: "Gap: mean output for real less mean for fake", lines: [["gap", "gap", accent]], level: [0, "none"] },
    { name: odds ? "What D gives on average, as odds" : "What D gives on average, as it is", lines: [["d_real", "real", positive], ["d_fake", "fake", negative]], level: levelOf(spec.loss) },
    { name: CRITICS.includes(spec.loss) ? "Separation: chance that real is above fake" : "Separation, and accuracy of D's verdicts", lines: [["separation", "separation", ink], ["accuracy", "accuracy", muted]], level: [0.5, "guessing"] },
  ];
  const has = (name) => numbers[name] !== null && numbers[name] !== undefined;
  const fakes = [
    { name: `${spec.dataset in ISLANDS ? "Modes" : "Classes"} that G covers, of ${classes.length}`, lines: [["modes", "covered", accent]], level: [classes.length, "all"] },
    { name: "Precision, recall, and quality", lines: [["precision", "precision", ink], ["recall", "recall", accent], ["quality", "quality", muted]], level: [1, "all"] },
    { name: "Fréchet distance of fakes to real ones", lines: [["frechet", "distance", negative]] },
    { name: "Diversity: distance of two fakes by that of two real", lines: [["diversity", "diversity", accent]], level: [1, "as real"] },
  ];
  return [...game.map((each) => ({ group: "game", ...each })), ...fakes.map((each) => ({ group: "fakes", ...each }))]
    .map((each) => ({ level: null, ...each, lines: each.lines.filter(([name]) => has(name)) }))
    .filter(({ lines }) => lines.length);
}

const ISLANDS = { ring8: true, grid25: true, disjoint: true };
const levelOf = (loss) => (ODDS.includes(loss) || loss === "leastsquares" ? [0.5, "undecided"] : null);
