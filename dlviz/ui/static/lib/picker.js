// Choosing one of the test pictures: a row of them, a page at a time, of all classes or of one. Give "lib/picker.css".

import { Album, paintBytes } from "./album.js";
import { h, replace, setText } from "./dom.js";

const PAGE = 12;

/**
 * `{element, show({chosen, classes, labels, count, key})}`: `labels` of the test pictures (as far as known), `count` of them,
 * `key` of the data set they belong to; `onpick(index)`. A class chip shows only pictures of that class.
 */
export function buildPicker({ live, ctx, label, onpick, page = PAGE }) {
  const album = new Album(live, () => ctx.redraw(), { panel: "album", more: () => ({ parameters: false }) });
  let [from, only, state, built] = [0, null, null, ""];
  const chips = h("div.picker-classes", { role: "group", "aria-label": `${label}: classes` });
  const row = h("div.picker-row", { role: "listbox", "aria-label": label });
  const back = h("button.square", { type: "button", "aria-label": "Pictures before", onclick: () => turn(-1) }, "‹");
  const on = h("button.square", { type: "button", "aria-label": "Pictures after", onclick: () => turn(1) }, "›");
  const where = h("span.small.muted.value");
  const element = h("div.picker", h("div.picker-head", chips, where), h("div.picker-body", back, row, on));

  const listed = () => [...state.labels.keys()].filter((i) => only === null || state.labels[i] === only);
  function turn(way) {
    from = Math.max(0, Math.min(listed().length - 1, from + way * page));
    ctx.redraw();
  }
  function choose(kind) {
    only = only === kind ? null : kind;
    from = 0;
    ctx.redraw();
  }

  return {
    element,
    show(next) {
      if (state?.key !== next.key) {
        album.clear();
        [from, only] = [0, null];
      }
      state = next;
      if (built !== next.classes.join()) {
        built = next.classes.join();
        replace(chips, next.classes.length > 1 ? next.classes.map((name, i) => h("button.chip", { type: "button", "aria-pressed": false, onclick: () => choose(i) }, name)) : []);
      }
      [...chips.children].forEach((chip, i) => chip.setAttribute("aria-pressed", String(only === i)));
      const all = listed();
      const some = all.slice(from, from + page);
      album.need(some);
      back.disabled = from === 0;
      on.disabled = from + page >= all.length;
      setText(where, all.length ? `${from + 1}–${from + some.length} of ${all.length}` : "");
      while (row.children.length > some.length) row.lastChild.remove();
      some.forEach((index, k) => {
        let button = row.children[k];
        if (!button) {
          button = h("button.picker-one.plain", { type: "button", role: "option", onclick: (event) => onpick(Number(event.currentTarget.dataset.index)) }, h("canvas.thumb", { width: 1, height: 1 }));
          row.append(button);
        }
        const picture = album.get(index);
        const name = next.classes[next.labels[index]];
        if (Number(button.dataset.index) !== index || button.dataset.drawn !== String(Boolean(picture)) || button.dataset.key !== next.key) {
          button.dataset.index = index;
          button.dataset.drawn = Boolean(picture);
          button.dataset.key = next.key;
          button.title = `Test picture ${index}: ${name}`;
          button.setAttribute("aria-label", button.title);
          if (picture) paintBytes(button.firstChild, picture);
        }
        button.setAttribute("aria-selected", String(index === next.chosen));
      });
    },
    album,
  };
}
