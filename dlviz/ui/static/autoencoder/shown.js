// The picture that goes in: a test picture to choose, or one's own with the way back.

import { h, setText } from "../lib/dom.js";
import { buildPicker } from "../lib/picker.js";
import { paintPixels } from "../lib/pixels.js";
import { problemLine, settingsOf } from "../lib/settings.js";

export function buildShown(area, stage) {
  const settings = settingsOf(stage);
  const pick = (picture) => {
    settings.change({ picture, own_pixels: "" });
  };
  const picker = buildPicker({ live: stage.live, ctx: stage.ctx, label: "Test pictures", onpick: pick });
  const canvas = h("canvas.shown-picture", { role: "img" });
  const words = h("span.small.muted");
  const back = h("button.chip.hidden", { type: "button", onclick: () => settings.change({ own_pixels: "" }) }, "Back to test pictures");
  const problems = ["picture", "own_pixels"].map((name) => problemLine(settings, name));
  area.append(h("div.row.shown-head", h("h3", "The picture"), words, back), h("div.shown-body", canvas, picker.element), ...problems);
  let painted = null;

  return {
    draw() {
      const { numbers, arrays } = stage.scene;
      const { classes, spec, shape, label, split } = numbers;
      const isOwn = Boolean(spec.own_pixels);
      const chosen = spec.picture % split.test;
      setText(words, isOwn ? `Your own picture${numbers.told ? `, told as ${classes[0]}` : ""}` : `Test picture ${chosen}${classes.length > 1 ? `, of class ${classes[label]}` : ""}: it was never trained on`);
      back.classList.toggle("hidden", !isOwn);
      if (painted !== arrays.picture) {
        painted = arrays.picture;
        paintPixels(canvas, arrays.picture.data, shape);
        canvas.setAttribute("aria-label", words.textContent);
      }
      picker.show({ chosen: isOwn ? null : chosen, classes, labels: arrays.labels.data, count: split.test, key: `${spec.dataset} ${spec.leave_out}` });
    },
    read: () => ({ words: words.textContent, own: !back.classList.contains("hidden"), picture: [...stage.scene.arrays.picture.data] }),
  };
}
