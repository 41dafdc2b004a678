// What the server refused, in its words, under the control that caused it; with a button that asks again with what
// would work. Nothing is lost: the setting has its old value, and the picture stays.

import { h, number, parseNumber, replace } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";
import { nearer, send } from "./knobs.js";

const STANDS = 600; // ms that a refusal stays, whatever is still on its way from the server
const ELSEWHERE = new Set(["learning_rate", "batch_size", "optimizer", "pairs", "pair_noise"]); // said in their panel
const ATTEMPT = /\. Try ([^ ]+)\.$/;

/** Shows refusals under `controls[field]` where that is on screen, else in `strip`. Returns what clears them. */
export function showRefusals(stage, controls, strip) {
  const settings = settingsOf(stage);
  const saidElsewhere = (name) => ELSEWHERE.has(name) || name.startsWith("stack_");
  for (const name of Object.keys(settings.fields)) if (!saidElsewhere(name)) settings.said.add(name);
  let [since, known, shown] = [0, "", []];

  function show() {
    const problems = [...settings.problems].filter(([name]) => !saidElsewhere(name));
    const text = JSON.stringify(problems);
    if (text === known) return;
    [known, since] = [text, performance.now()];
    for (const old of shown) old.remove();
    const homeless = [];
    shown = problems.map(([name, words]) => {
      const bubble = h("div.refusal", { "data-refused": name }, h("p.small", { role: "alert" }, words), h("div.row.tight", wayOut(name, words),
        h("button.chip.plain", { type: "button", onclick: forget }, "Close")));
      const home = controls[name]?.element;
      if (home?.checkVisibility()) {
        home.append(bubble);
        nearer(bubble, stage.ctx.root);
      } else {
        homeless.push(bubble);
      }
      return bubble;
    });
    replace(strip, homeless);
  }

  function wayOut(name, words) {
    const field = settings.fields[name];
    const value = field ? meant(field, ATTEMPT.exec(words)?.[1] ?? "") : undefined;
    if (value === undefined) return null;
    const asked = stage.asked ?? {};
    const wanted = { ...asked, [name]: value };
    if (Object.entries(wanted).every(([field, each]) => JSON.stringify(each) === JSON.stringify(settings.value(field)))) return null; // as it is
    const text = name in asked ? `Use ${written(field, value)}` : `Set ${field.label} to ${written(field, value)} as well`;
    return h("button.chip", { type: "button", onclick: () => send(stage, wanted) }, text);
  }

  function forget() {
    settings.problems.clear();
    settings.tell();
  }

  settings.on(show);
  stage.on("scene", () => {
    // Something else was taken since: what was refused before is over.
    if (settings.problems.size > 0 && performance.now() - since > STANDS) forget();
  });
  return forget;
}

/** The value of the field that "Try …" means; undefined when it means none. */
function meant(field, text) {
  const known = (word) => field.options.includes(word);
  if (field.kind === "choice") return known(text) ? text : undefined;
  if (field.kind === "several") return text.split(",").every(known) ? text.split(",") : undefined;
  if (field.kind !== "range") return undefined;
  const value = parseNumber(text);
  return value >= field.low && value <= field.high ? value : undefined;
}

function written(field, value) {
  const word = (option) => field.labels?.[field.options.indexOf(option)] ?? option;
  if (field.kind === "choice") return word(value);
  return Array.isArray(value) ? [...new Set(value)].map(word).join("; ") : number(value);
}
