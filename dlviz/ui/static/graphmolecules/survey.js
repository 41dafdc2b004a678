// Many molecules: what the set itself says of nitro groups, and where their atoms stand by each method.

import { h, number, percent, replace, setText } from "../lib/dom.js";
import { buildJob } from "../lib/job.js";
import { factsOf, heldRight } from "./facts.js";
import { LABELS, METHODS } from "./methods.js";

const of = ([some, all]) => `${some} of ${all}`;

export function buildSurvey({ live, ctx, onchange, happened }) {
  let [found, asking, begun, shown] = [null, null, null, null];
  const sentence = h("p.gm-sentence.value");
  const rule = h("p.value");
  const job = buildJob({
    live, ctx, label: "Ask every atom of those kept back", again: "Ask again",
    command: () => ({ do: "probe", panel: "molecules", options: { survey: true, train: true } }),
    onbegin() { begun = asking; },
    took(answer) {
      if (answer.numbers.progress) return;
      found = { ...readSurvey(answer), source: begun, step: begun.isOwn ? begun.step : answer.step };
      happened("atoms_explained");
      onchange();
    },
  });
  const verdict = h("p.gm-sentence.value", { "aria-live": "polite" });
  const table = h("table.gm-table.value");
  const result = h("div.stack.hidden", verdict, h("div.gm-wide", table), h("p.small.muted", "Mean: what an atom of that kind adds on average, over the molecules kept back. First: in how many of them the atom of the largest size is of that kind."));
  const element = h("section.gm-part", { "aria-label": "Nitro groups" }, h("h3", "Are nitro groups the reason?"), sentence, rule, job.element, result);

  function draw(source) {
    asking = source;
    const facts = factsOf(source.molecules);
    const right = heldRight(source);
    const { nitro, amine, rings } = facts;
    const separates = nitro.mutagenic[0] * nitro.not[1] !== nitro.not[0] * nitro.mutagenic[1];
    setText(sentence, `The textbook names nitro and amine groups. In this set ${of(nitro.mutagenic)} mutagenic molecules carry a nitro group, and ${of(nitro.not)} of the others: ${separates ? "that tells them apart a little" : "it tells nothing apart, for all were chosen to have one"}. An amine group is in ${of(amine.mutagenic)} mutagenic and in ${of(amine.not)} others${amine.mutagenic[0] / amine.mutagenic[1] < amine.not[0] / amine.not[1] ? ": here it even speaks against" : ""}.`);
    setText(rule, `Of the ${facts.held} molecules kept back the network is right on ${percent(right)}${right === facts.always ? ", " : "; "}a rule that only counts rings (${rings.least} or more: mutagenic) on ${percent(rings.held)}, and always the same answer on ${percent(facts.always)}. One molecule is ${percent(1 / facts.held)}: do not read much into a few percent.`);
    result.classList.toggle("hidden", !found);
    if (found) sayFound(source);
    shown = { facts, right, sentence: sentence.textContent, rule: rule.textContent, running: job.running, verdict: found ? verdict.textContent : "", found: found && { step: found.step, kinds: found.kinds, by: found.by } };
  }

  function sayFound(source) {
    const said = METHODS.map((method) => {
      const { nitro_above: above, nitro_top: top } = found.by[method];
      return `${LABELS[method].toLowerCase()}: ${percent(above, 0)} (first in ${top})`;
    });
    const all = METHODS.map((method) => found.by[method].nitro_above);
    const agree = Math.min(...all) > 0.5 ? "All three call the nitro groups important." : Math.max(...all) < 0.5 ? "None calls the nitro groups important." : "So whether the nitro groups matter depends on how one asks: an explanation answers its own question, not “why”.";
    const old = source.isOwn || found.step === source.step ? "" : ` (at step ${found.step}; the network has learned on since)`;
    setText(verdict, `How often an atom of a nitro group counts more than another atom of its molecule, 50 % if all were alike${old}: ${said.join("; ")}, of ${factsOf(source.molecules).held} kept back. ${agree}`);
    replace(table,
      h("thead", h("tr", h("th", "Atoms"), h("th", "how many"), METHODS.flatMap((method) => [h("th", `${LABELS[method]}: mean`), h("th", "first")]))),
      h("tbody", found.kinds.map((kind, k) => h("tr", h("th", { scope: "row" }, kind), h("td", found.by.occlusion.kind_count[k]),
        METHODS.flatMap((method) => [h("td", number(found.by[method].kind_mean[k])), h("td", found.by[method].kind_top[k])])))));
  }

  return { element, draw, read: () => shown };
}

function readSurvey({ arrays, numbers }) {
  const one = (method, name) => arrays[`${method}_${name}`].data;
  return {
    kinds: numbers.texts["state/kinds"],
    by: Object.fromEntries(METHODS.map((method) => [method, {
      kind_count: [...one(method, "kind_count")], kind_mean: [...one(method, "kind_mean")].map((value) => (Number.isFinite(value) ? value : null)), kind_top: [...one(method, "kind_top")],
      nitro_top: one(method, "nitro_top")[0], nitro_chance: one(method, "nitro_chance")[0], nitro_above: one(method, "nitro_above")[0],
    }])),
  };
}
