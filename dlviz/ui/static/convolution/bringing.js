// A picture from outside: chosen as a file, dropped on the stage, or pasted. It becomes the picture of the stage,
// reduced to its size, and in full the one that the photo panels work on.

import { h, icon, isTyping } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";
import { fileChooser, FULL_SIDE, pictureOf, readPicture, resizePicture } from "../lib/upload.js";
import { fittedChanges } from "./fitting.js";

/** {button}: opens a file. Also hears drops and pastes on the stage of `stage.ctx.root`. */
export function buildBringing(stage, picture) {
  const settings = settingsOf(stage);
  const { root, signal } = stage.ctx;
  const { field, choose } = fileChooser(take);
  const button = h("button", { type: "button", title: "Open a picture file, drop one here, or paste one. It is read in this browser.", onclick: choose },
    icon("upload", 18), "Upload", field);
  const veil = h("div.veil.hidden", { "aria-hidden": "true" }, h("p", "Drop a picture"));
  root.append(veil);

  async function take(file) {
    try {
      const found = await readPicture(file, { side: FULL_SIDE });
      stage.live.shared.set("convolution.upload", found);
      const side = settings.value("side");
      const rgb = settings.value("channels") === "rgb";
      const taken = await picture.bring(channelsOf(resizePicture(found, side), rgb), fittedChanges(stage, {}));
      if (taken) stage.say([`${found.name} is the picture now, ${side} × ${side}${rgb ? "" : " in grey"}.`, ...found.notes].join(" "));
    } catch (problem) {
      stage.say(problem.message, null, "problem");
    }
  }

  root.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    veil.classList.remove("hidden");
  }, { signal });
  root.addEventListener("dragleave", (event) => {
    if (!root.contains(event.relatedTarget)) veil.classList.add("hidden");
  }, { signal });
  root.addEventListener("drop", (event) => {
    veil.classList.add("hidden");
    const file = pictureOf(event.dataTransfer);
    if (!file) return;
    event.preventDefault();
    take(file);
  }, { signal });
  document.addEventListener("paste", (event) => {
    const file = isTyping(event) ? null : pictureOf(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    take(file);
  }, { signal });
  return { button, take };
}

/** RGBA as bytes channel by channel: three, or one, weighted as the eye does (ITU-R BT.601, as in OpenCV). */
export function channelsOf(pixels, rgb) {
  const count = pixels.length / 4;
  const found = new Uint8Array(rgb ? 3 * count : count);
  for (let i = 0; i < count; i += 1) {
    const [r, g, b] = pixels.subarray(4 * i, 4 * i + 3);
    if (rgb) [found[i], found[count + i], found[2 * count + i]] = [r, g, b];
    else found[i] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
  }
  return found;
}
