// What a race found, in words made from its numbers alone.

import { percent, steady } from "../lib/dom.js";
import { NAMES } from "./kinds.js";

const SOLVED = 0.99; // share right from which a task counts as solved
const list = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);
const named = (kinds) => list(kinds.map((kind) => NAMES[kind]));

/** `shown`: {kinds, chance, steps, masked, task, seed}. */
export function verdict({ kinds, chance, steps, masked, task, seed }) {
  const came = Object.keys(kinds).filter((kind) => Number.isFinite(kinds[kind].loss.at(-1)));
  const lost = Object.keys(kinds).filter((kind) => !came.includes(kind));
  const share = (kind) => kinds[kind].accuracy.at(-1);
  const solved = came.filter((kind) => share(kind) >= SOLVED);
  const ranked = came.filter((kind) => !solved.includes(kind)).sort((a, b) => share(b) - share(a));
  const said = [];
  if (solved.length) said.push(`After ${steps.at(-1)} steps ${solved.length === came.length ? "all" : named(solved)} ${solved.length > 1 ? "answer" : "answers"} at least 99 % rightly.`);
  if (ranked.length) said.push(`${solved.length ? "" : `After ${steps.at(-1)} steps: `}${list(ranked.map((kind) => `${NAMES[kind]} ${percent(share(kind))}`))} right.`);
  if (came.includes("none")) {
    const { loss } = kinds.none;
    const own = loss.at(-1);
    const near = own > 0.85 * chance;
    if (near) said.push(`Without positions the loss is ${steady(own)}, chance is ${steady(chance)}: what the order says cannot be learned.`);
    else if (masked === "causal") said.push(`Without positions the loss is ${steady(own)}, below chance, ${steady(chance)}: under a causal mask a token sees only what came before, and that alone tells something of the order.`);
    else said.push(`Without positions the loss is ${steady(own)}, below chance, ${steady(chance)}: something can be told from which tokens there are, whatever their order.`);
  }
  if (task === "who" && came.includes("alibi") && share("alibi") < SOLVED) said.push("ALiBi knows distances without directions: it gets right what can be told from who stands nearer, and cannot tell a sentence from its mirror image.");
  if (lost.length) said.push(`${named(lost)} did not come through: training left the numbers.`);
  return `${said.join(" ")} One seed, ${seed}.`;
}

/** Which kinds hold on sequences longer than they learned; empty where none was asked. */
export function beyondWords({ kinds, lengths }) {
  if (!lengths) return "";
  const able = Object.keys(kinds).filter((kind) => kinds[kind].atLength?.[0] >= SOLVED - 0.09);
  if (!able.length) return "";
  const told = able.map((kind) => `${NAMES[kind]} from ${percent(kinds[kind].atLength[0])} to ${percent(kinds[kind].atLength.at(-1))}`);
  return `On sequences of ${lengths.at(-1)} tokens instead of ${lengths[0]}, the share right goes with ${list(told)}.`;
}
