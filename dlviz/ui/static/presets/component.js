// Settings worth seeing, the failing ones included: one click sets the scene, and plays
// unless training is one matter of the lab among others.

import { h, icon, replace } from "../lib/dom.js";
import { mount } from "../lib/mount.js";

// Only what a preset is about tells it apart; the view and a changed learning rate do not.
function isSet({ changes }, spec) {
  return Object.entries(changes).every(([name, value]) => JSON.stringify(spec[name]) === JSON.stringify(value));
}

export default mount((root, live, ctx) => {
  const list = h("div.list", { role: "group", "aria-label": "Presets" });
  const words = h("p.words", { role: "status" });
  const buttons = new Map();
  root.append(h("section.presets", h("span.label", "Try"), list, words));

  async function take(preset) {
    show(preset.slug);
    const answer = await live.ask({ do: "set", changes: preset.changes, ...(preset.trained ? { trained: true } : {}) });
    if (answer.kind === "reply" && ctx.data.plays !== false && !preset.trained) live.play(true);
  }

  function show(slug) {
    for (const [name, button] of buttons) button.setAttribute("aria-pressed", name === slug);
    const preset = ctx.data.presets.find((each) => each.slug === slug);
    replace(words, preset ? [preset.fails ? h("b", "Fails on purpose. ") : null, preset.text] : null);
  }

  function build() {
    buttons.clear();
    replace(list, ctx.data.presets.map((preset) => {
      const button = h("button.preset", { title: preset.text, onclick: () => take(preset) },
        preset.fails ? h("span.fails", { title: "Fails on purpose" }, icon("warning", 16)) : null, preset.title);
      buttons.set(preset.slug, button);
      return button;
    }));
  }

  build();
  live.on("scene", (scene) => {
    show(ctx.data.presets.find((preset) => isSet(preset, scene.numbers.spec))?.slug);
  }, ctx.signal);
  return { update: build };
});
