// The line under a cloud: on which axes its points stand, or how far t-SNE has come.

import { h, number, replace } from "../lib/dom.js";
import { aboutAxes, aboutLayout } from "./words.js";

/** `cancel()` gives a layout up, `again()` asks for one of the moment shown now. */
export function buildUnder(space, { cancel, again }) {
  const element = h("div.under.small.muted.value", { "aria-live": "polite" });
  const track = h("span.track", { role: "progressbar", "aria-label": "t-SNE", "aria-valuemin": 0, "aria-valuemax": 1 });
  const stop = h("button.small-button", { type: "button", onclick: cancel }, "Cancel");
  let shown = "";

  return {
    element,
    /** {progress, layout, axes, moment, frame, now: the step on the page} */
    show({ progress, layout, axes, moment, frame, now }) {
      const isOld = Boolean(layout) && space === "features" && layout.step !== now;
      const text = progress ? `t-SNE: ${progress.text}` : layout ? aboutLayout({ ...layout, space, now }) : moment ? aboutAxes({ axes, frame, moment }) : "";
      if (progress) {
        const share = progress.done / progress.total;
        track.style.setProperty("--share", share);
        track.setAttribute("aria-valuenow", share);
      }
      if (shown === `${text} ${now}`) return;
      shown = `${text} ${now}`;
      const renew = isOld ? h("button.small-button", { type: "button", onclick: again }, `Lay out step ${number(now)}`) : null;
      replace(element, h("span", text), progress ? [track, stop] : renew);
    },
  };
}
