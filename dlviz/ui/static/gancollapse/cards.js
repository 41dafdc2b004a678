// Failing on purpose: settings that break the game, and the change that mends each.

import { count, h, setText } from "../lib/dom.js";
import { REGIMES } from "./regimes.js";

const KEPT = ["seed"]; // of what is set now; everything else begins from the defaults, so that a card always means the same

export function buildCards({ stage, settings, happened }) {
  const { live, ctx } = stage;
  const refused = h("p.gc-problem.small", { role: "alert" });
  let [busy, last] = [false, null]; // last: the button that was pressed; several cards mend with the same settings

  // All fields, so that one click sets the scene whatever was set before.
  function whole(changes) {
    const all = Object.values(settings.fields).filter(({ name }) => !KEPT.includes(name)).map(({ name, default: value }) => [name, value]);
    return { ...Object.fromEntries(all), ...changes };
  }

  async function take(button, changes, steps, word) {
    if (busy) return;
    busy = true;
    setText(refused, "");
    const taken = await settings.change(whole(changes));
    if (taken) {
      last = button;
      happened(word);
      await live.reset();
      live.play(true, steps);
    } else setText(refused, "These settings were refused; the line at the control says why.");
    busy = false;
    ctx.redraw();
  }

  const cards = REGIMES.map((regime) => {
    const fail = h("button", { type: "button", onclick: () => take(fail, regime.changes, regime.steps, "regime_tried") }, `Let it fail: ${count(regime.steps)} ${regime.steps === 1 ? "step" : "steps"}`);
    const mend = h("button", { type: "button", onclick: () => take(mend, { ...regime.changes, ...regime.mend }, regime.mended_steps, "regime_mended") }, `Mend it: ${count(regime.mended_steps)} steps`);
    const element = h("article.gc-card", { "data-regime": regime.slug }, h("h4", regime.title), h("p", regime.watch), h("p.gc-blind", regime.mended), h("p.gc-sets.small.muted", `Sets ${words(regime.changes)}. Mends with ${words(regime.mend)}.`), h("div.row", fail, mend));
    return { regime, element, fail, mend };
  });
  const element = h("section.gc-part", { "aria-label": "Failing on purpose" }, h("h3", "Fail on purpose, then mend it"),
    h("p.gc-about", "Each was tried on two seeds; the numbers are what came out. A button sets everything, starts at step 0 with the seed of now, and trains. Both can be undone by any other setting."), refused, h("div.gc-cards", cards.map((each) => each.element)));

  function words(changes) {
    return Object.entries(changes).map(([name, value]) => {
      const field = settings.fields[name];
      const said = Array.isArray(value) ? value.join(", ") : field?.labels?.[field.options.indexOf(value)] ?? String(value);
      return `${field?.label ?? name}: ${said}`;
    }).join("; ");
  }

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const isSet = (changes) => {
    const spec = live.scene?.numbers.spec;
    return Boolean(spec) && Object.entries(whole(changes)).every(([name, value]) => same(spec[name], value));
  };

  return {
    element,
    draw() {
      for (const { regime, fail, mend } of cards) {
        fail.setAttribute("aria-pressed", String(isSet(regime.changes)));
        mend.setAttribute("aria-pressed", String(last === mend && isSet({ ...regime.changes, ...regime.mend })));
      }
    },
    read: () => ({ busy, step: live.newest?.step ?? null, spec: live.scene?.numbers.spec ?? null, pressed: cards.flatMap(({ regime, fail, mend }) => [fail.ariaPressed === "true" ? `${regime.slug} fails` : "", mend.ariaPressed === "true" ? `${regime.slug} mended` : ""]).filter(Boolean) }),
  };
}
