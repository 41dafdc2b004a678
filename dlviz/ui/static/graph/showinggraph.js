// Show a graph of the set by a click; where a person's own graph is on the screen, it is not thrown away unasked.

import { h, setText } from "../lib/dom.js";
import { settingsOf } from "../lib/settings.js";

/** {element, show(g), read()}: `show` changes the graph on the screen, or offers to, in `element`. */
export function showingGraph(stage) {
  const settings = settingsOf(stage);
  const words = h("span.small");
  let wanted = null;
  const element = h("div.gne-other.hidden", { role: "status" }, words, h("button.plain", { type: "button", onclick: () => settings.change({ shown: wanted, graph: "" }) }, "Show it instead of yours"));
  const say = () => {
    element.classList.toggle("hidden", wanted === null);
    setText(words, wanted === null ? "" : `Your own graph is on the screen; graph ${wanted} would take its place.`);
  };
  stage.on("scene", () => {
    wanted = null;
    say();
  });
  return {
    element,
    show(g) {
      wanted = stage.scene.numbers.own ? g : null;
      if (wanted === null) settings.change({ shown: g });
      say();
    },
    read: () => wanted,
  };
}
