// Channels as small pictures to choose from.

import { h, replace } from "../lib/dom.js";
import { Grid } from "../lib/grid.js";

export class Thumbs {
  constructor(stage, label, onchoose) {
    this.stage = stage;
    this.onchoose = onchoose;
    this.element = h("div.thumbs.hidden", { role: "radiogroup", "aria-label": label });
    this.items = [];
    this.version = null;
  }

  /** Places for `count` channels with these names; none for a single one. */
  build(count, names) {
    const wanted = count > 1 ? names.slice(0, count) : [];
    if (wanted.join("\n") === this.names) return;
    this.names = wanted.join("\n");
    this.version = null;
    this.items = wanted.map((name, k) => {
      const picture = new Grid({ label: name, walks: false, largest: 64 });
      picture.canvas.setAttribute("aria-hidden", "true");
      const button = h("button.thumb", { type: "button", role: "radio", title: name, "aria-label": `${k + 1}: ${name}`, onclick: () => this.onchoose(k) },
        picture.canvas, h("span.thumb-name", name));
      button.addEventListener("keydown", (event) => this.walk(event, k));
      return { button, picture };
    });
    replace(this.element, this.items.map(({ button }) => button));
    this.element.classList.toggle("hidden", !wanted.length);
  }

  walk(event, k) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (k + way + this.items.length) % this.items.length;
    this.onchoose(next);
    this.items[next].button.focus();
  }

  /** `picture(k)` gives what Grid.set takes; asked again only when `version` is another. */
  paint(picture, version) {
    if (version === this.version) return;
    this.version = version;
    this.items.forEach((item, k) => item.picture.set({ ...picture(k), pad: [0, 0, 0, 0] }));
    this.stale = true;
  }

  /** Mark one as chosen; those that `takesPart(k)` denies are faint. */
  choose(chosen, takesPart) {
    this.items.forEach(({ button }, k) => {
      button.setAttribute("aria-checked", k === chosen);
      button.tabIndex = k === chosen ? 0 : -1;
      button.classList.toggle("apart", !takesPart(k));
    });
  }

  draw() {
    const { colors } = this.stage.ctx;
    const width = this.items[0]?.picture.canvas.clientWidth;
    if (!this.stale && this.drawn?.colors === colors && this.drawn.width === width) return;
    this.stale = false;
    this.drawn = { colors, width };
    for (const { picture } of this.items) picture.draw(colors);
  }
}
