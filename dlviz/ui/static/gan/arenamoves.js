// One move at a time: D alone, G alone, or both. The setting "who moves" is put back afterwards, so that the train bar goes on
// as before.

import { count, h, setText } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";

const WHO = [
  ["discriminator", "D moves once", "The discriminator learns from one batch; the generator stands still"],
  ["generator", "G moves once", "The generator follows its arrows for one batch; the discriminator stands still"],
  ["both", "Both once", "One whole step: the discriminator, then the generator"],
];

export function buildMoves(stage) {
  const { live, ctx } = stage;
  const settings = settingsOf(stage);
  const said = h("p.small.muted.ga-moved", { role: "status" });
  const buttons = WHO.map(([who, word, title]) => h("button", { type: "button", title, "data-who": who, onclick: () => move(who) }, word));
  const element = h("div.ga-moves", h("div.row", { role: "group", "aria-label": "One move at a time" }, buttons), said);
  const waiting = []; // moves that were asked for while one is under way: no press is lost
  let isBusy = false;

  async function move(who) {
    waiting.push(who);
    if (isBusy) return;
    isBusy = true;
    element.classList.add("busy");
    const before = settings.value("moves");
    let now = before;
    try {
      while (waiting.length && !ctx.signal.aborted) {
        const next = waiting.shift();
        if (next !== now && !(await settings.change({ moves: next }))) break;
        now = next;
        const answer = await live.advance(1);
        if (answer?.kind === "note") break;
        live.shared.set(`happened.${next === "both" ? "both_moved" : next === "generator" ? "generator_moved" : "discriminator_moved"}`, true);
        setText(said, sentence(next));
      }
    } finally {
      waiting.length = 0;
      if (now !== before && !ctx.signal.aborted) await settings.change({ moves: before });
      isBusy = false;
      element.classList.remove("busy");
    }
  }

  function sentence(who) {
    const times = settings.value("discriminator_steps");
    const rounds = times > 1 ? ` ${count(times)} times` : "";
    if (who === "discriminator") return `D moved${rounds}: its map changed, no fake did.`;
    if (who === "generator") return "G moved: the fakes and the sheet changed, D’s map did not.";
    return `D moved${rounds}, then G.`;
  }

  return { element, read: () => ({ busy: isBusy, said: said.textContent, moves: settings.value("moves") }) };
}
