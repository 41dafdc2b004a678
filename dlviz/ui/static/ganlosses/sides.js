// What each of the two is trained with: presets, and a control for each setting that may differ.

import { h, setText } from "../lib/dom.js";
import { fold } from "../lib/fold.js";
import { knob } from "../lib/knob.js";
import { matters, saidOf, SIDES } from "./race.js";

const FIRST = ["loss", "discriminator_steps"];
const MORE = ["batch_norm", "spectral_norm", "label_smoothing", "instance_noise", "rate_ratio"];
const OF_A_LOSS = ["clip", "penalty"];
const APART = [...FIRST, ...OF_A_LOSS, ...MORE];

export const PRESETS = [
  { label: "Minimax | non-saturating", first: { loss: "minimax" }, second: { loss: "nonsaturating" } },
  { label: "Non-saturating | Wasserstein, penalty", first: { loss: "nonsaturating" }, second: { loss: "wgangp" } },
  { label: "With | without spectral norm", first: { spectral_norm: true }, second: { spectral_norm: false } },
  { label: "1 | 5 D-steps", first: { discriminator_steps: 1 }, second: { discriminator_steps: 5 } },
  { label: "No smoothing | 0.2", first: { label_smoothing: 0 }, second: { label_smoothing: 0.2 } },
];

/** `{element, chosen, hold(on), draw(spec)}`; `chosen`: {first: {setting: value}, second: …}, what differs from the run. */
export function buildSides({ ctx, onchange }) {
  const fields = Object.fromEntries((ctx.data.fields ?? []).map((field) => [field.name, field]));
  const chosen = { first: { ...PRESETS[0].first }, second: { ...PRESETS[0].second } };
  let [spec, held] = [null, false];
  const valueOf = (side, name) => chosen[side][name] ?? spec?.[name] ?? fields[name]?.default;
  const presets = PRESETS.map((preset) => h("button.chip", { type: "button", onclick: () => pick(preset) }, preset.label));
  const cards = Object.fromEntries(SIDES.map((side) => {
    const knobs = Object.fromEntries(APART.filter((name) => fields[name]).map((name) => [name, knob(fields[name], { onchange: (value) => { chosen[side][name] = value; onchange(); } })]));
    const place = (names) => h("div.gl-knobs", names.map((name) => knobs[name]?.element));
    const more = fold("More that may differ", () => MORE.filter((name) => matters(name, valueOf(side, "loss"))).map((name) => saidOf(name, valueOf(side, name))).join(", "), [place(MORE)]);
    const swatch = h("i.gl-dash", { "data-side": side });
    return [side, { knobs, more, element: h("fieldset.gl-side", { "aria-label": side === "first" ? "First setting" : "Second setting" }, h("h4", swatch, side === "first" ? "First" : "Second"), place([...FIRST, ...OF_A_LOSS]), more.head, more.body) }];
  }));
  const element = h("div.stack.gl-sides",
    h("div.row", { role: "group", "aria-label": "Pairs to begin with" }, h("span.label", "Compare"), presets),
    h("div.gl-two", SIDES.map((side) => cards[side].element)));

  // Where the run's loss has no use for what a pair is about, the pair brings a loss that has.
  function settingsOfPair(preset, side) {
    const own = preset[side];
    const fits = Object.keys(own).every((name) => matters(name, own.loss ?? spec?.loss));
    return fits ? own : { loss: "nonsaturating", ...own };
  }

  function pick(preset) {
    for (const side of SIDES) chosen[side] = { ...settingsOfPair(preset, side) };
    onchange();
  }

  const isThat = (preset) => SIDES.every((side) => {
    const [a, b] = [settingsOfPair(preset, side), chosen[side]];
    return Object.keys({ ...a, ...b }).every((name) => a[name] === b[name]);
  });

  return {
    element, chosen,
    /** While they train, the choice is theirs. */
    hold(on) {
      held = on;
      for (const chip of presets) chip.disabled = on;
      for (const side of SIDES) for (const each of Object.values(cards[side].knobs)) each[on ? "disable" : "enable"]("");
    },
    draw(now) {
      spec = now;
      presets.forEach((chip, i) => chip.setAttribute("aria-pressed", isThat(PRESETS[i])));
      for (const side of SIDES) {
        const { knobs, more } = cards[side];
        for (const [name, each] of Object.entries(knobs)) each.set(valueOf(side, name));
        const loss = valueOf(side, "loss");
        for (const [name, each] of Object.entries(knobs)) each.element.classList.toggle("hidden", !matters(name, loss));
        more.say();
      }
    },
    get held() { return held; },
  };
}
