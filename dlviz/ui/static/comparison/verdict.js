// What a race found, in words made from its numbers alone.

import { CELL_NAMES, KINDS } from "../lib/cellkinds.js";
import { number, steady } from "../lib/dom.js";
import { lossAt, meanOver } from "./reading.js";

const mean = (values) => meanOver(values.map((x) => [x]))[0];
const names = (cells) => cells.map((cell) => CELL_NAMES[cell]).join(" and ");

/** Who has the lower loss in the end, and whether that is more than luck. */
export function verdict({ race, seeds, chance }) {
  const came = KINDS.filter((cell) => race[cell].finals("loss").length === seeds);
  const lost = KINDS.filter((cell) => !came.includes(cell));
  const left = lost.length ? ` ${names(lost)} did not come through: training left the numbers.` : "";
  if (!came.length) return left.trim();
  const ranked = [...came].sort((a, b) => mean(race[a].finals("loss")) - mean(race[b].finals("loss")));
  const each = ranked.map((cell) => `${CELL_NAMES[cell]} ${steady(mean(race[cell].finals("loss")))}`).join(", ");
  const none = ranked.filter((cell) => mean(race[cell].finals("loss")) >= chance);
  const nothing = none.length ? ` ${none.length === came.length ? "None is" : `${names(none)} ${none.length > 1 ? "are" : "is"} not`} better than chance, ${steady(chance)}.` : "";
  const [first, second] = ranked;
  if (!second) return `${each}.${nothing}${left}`;
  if (seeds === 1) return `With this one seed the ${CELL_NAMES[first]} has the lowest loss: ${each}.${nothing}${left} One seed is one throw of the dice: run three.`;
  const apart = Math.max(...race[first].finals("loss")) < Math.min(...race[second].finals("loss"));
  const clear = apart ? `all ${number(seeds)} of its seeds are below every seed of the ${CELL_NAMES[second]}` : `but its seeds and those of the ${CELL_NAMES[second]} overlap, so the order of these two may be luck`;
  return `Over ${number(seeds)} seeds the ${CELL_NAMES[first]} has the lowest mean loss, ${each}; ${clear}.${nothing}${left}`;
}

/** Who is ahead when each has trained for as long as the fastest took; of the first seed. */
export function atEqualTime({ race, steps }) {
  const ran = KINDS.filter((cell) => race[cell].finals("loss").length && race[cell].rate[0] > 0);
  if (ran.length < 2) return "";
  const seconds = Math.min(...ran.map((cell) => steps / race[cell].rate[0]));
  const at = ran.map((cell) => ({ cell, ...lossAt(race, race[cell], seconds) })).filter(({ step }) => step !== undefined);
  const quick = ran.reduce((a, b) => (race[a].rate[0] > race[b].rate[0] ? a : b));
  const told = at.sort((a, b) => a.loss - b.loss).map(({ cell, step, loss }) => `${CELL_NAMES[cell]} ${steady(loss)} after ${number(step)} steps`);
  const speeds = ran.filter((cell) => cell !== quick).map((cell) => `${number(race[quick].rate[0] / race[cell].rate[0])} times as many steps a second as the ${CELL_NAMES[cell]}`);
  return `The ${CELL_NAMES[quick]} was the fastest, with ${speeds.join(" and ")}. In the ${number(seconds)} s that it took: ${told.join(", ")}.`;
}
