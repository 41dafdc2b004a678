// The named sub-steps of a step, in their order, and what of the diagram is lit in each.

const OF_D = [
  { id: "real", title: "Draw real examples", short: "Real", lit: { nodes: ["real"] } },
  { id: "noise", title: "Draw noise", short: "Noise", lit: { nodes: ["noise"] } },
  { id: "fakes", title: "G makes fakes", short: "Fakes", lit: { forward: ["zg", "gx"], nodes: ["fake"] } },
  { id: "judge", title: "D judges both", short: "D judges", lit: { forward: ["xd", "rd", "dl"], nodes: ["said"] } },
  { id: "loss", title: "D’s loss, term by term", short: "D’s loss", lit: { nodes: ["said"] } },
  { id: "step", title: "D’s gradient and its step", short: "D’s step", lit: { back: ["ld"], update: ["D"] } },
];
const OF_G = [
  { id: "gfakes", title: "New noise, new fakes", short: "New fakes", lit: { forward: ["zg", "gx"], nodes: ["noise", "fake"] } },
  { id: "gjudge", title: "D judges the new fakes", short: "D judges", lit: { forward: ["xd", "dl"], nodes: ["said"] } },
  { id: "gloss", title: "G’s loss, and its gradient at each fake", short: "G’s loss", lit: { back: ["ld", "dx"], nodes: ["said", "fake"] } },
  { id: "gback", title: "The gradient goes on through G", short: "Back through G", lit: { back: ["ld", "dx", "xg"] } },
  { id: "gstep", title: "G’s step", short: "G’s step", lit: { back: ["xg"], update: ["G"] } },
];
const BUG = { id: "bug", title: "The bug: D takes that gradient too", short: "The bug", lit: { back: ["ld"], update: ["D"] } };

/** [{id, title, short, group, move, frozen: [player], lit}] of an opened step. */
export function substepsOf(turn) {
  const found = [];
  for (const move of turn.discriminator) {
    const group = move.moves > 1 ? `D moves, ${move.number + 1} of ${move.moves}` : "D moves";
    for (const part of OF_D) found.push({ ...part, group, move, frozen: ["G"] });
  }
  if (turn.generator) {
    const { bug } = turn.generator;
    const frozen = bug ? [] : ["D"];
    for (const part of OF_G) found.push({ ...part, title: part.id === "gjudge" && turn.discriminator.length ? "The changed D judges them" : part.title, group: "G moves", move: turn.generator, frozen });
    if (bug) found.push({ ...BUG, group: "G moves", move: turn.generator, frozen: [] });
  }
  return found;
}
