// The channels of a layer, each with its map (or its number) and its gain. Pressing a channel silences it or gives it back.

import { fit, h, number, replace, setText, steady } from "../lib/dom.js";
import { Sprites } from "../lib/sprites.js";
import { HIGHEST, LOWEST, channelName } from "./gains.js";

const STEP = 0.1;
const UNIT = 20; // px: a unit has one number, so its face is a strip

/** `change(channel, gain)` hears what a person does. */
export function buildTiles({ ctx, change }) {
  const element = h("div.channels", { role: "group", "aria-label": "Channels and their gains" });
  const sprites = new Sprites();
  let tiles = [];
  let built = "";
  let state = null;

  function build({ layer, first, last }) {
    const key = JSON.stringify([layer, first, last]);
    if (key === built) return;
    built = key;
    tiles = Array.from({ length: last - first }, (_, i) => build1(layer, first + i));
    replace(element, tiles.map((tile) => tile.element));
    element.classList.toggle("units", !layer.maps);
  }

  function build1(layer, k) {
    const name = channelName(layer, k);
    const canvas = h("canvas.face", { "aria-hidden": "true", style: layer.maps ? {} : { height: `${UNIT}px` } });
    const says = h("span.value.says");
    const lost = h("span.label.lost", { title: "Change of the test accuracy when this channel alone is silenced, in percentage points" });
    const press = h("button.press.plain", { type: "button", onclick: () => change(k, gainOf(k) === 0 ? 1 : 0) }, canvas, h("span.caption", h("span.label", name), says));
    const slider = h("input", { type: "range", min: LOWEST, max: HIGHEST, step: STEP, "aria-label": `Gain of ${name}` });
    slider.addEventListener("input", () => change(k, Math.round(slider.valueAsNumber * 10) / 10));
    slider.addEventListener("dblclick", () => change(k, 1));
    return { k, name, canvas, press, slider, says, lost, element: h("div.channel", { "data-channel": k }, press, slider, lost), shown: null };
  }

  const gainOf = (k) => state.gains.get(state.layer.name, k);

  return {
    element,
    /** {layer, first, last, values: (channel, …) numbers of those channels or null, shape, gains, limit, amount, worth} */
    show(next) {
      state = next;
      build(state);
      for (const tile of tiles) {
        const gain = gainOf(tile.k);
        tile.element.classList.toggle("changed", gain !== 1);
        tile.element.classList.toggle("silent", gain === 0);
        tile.press.setAttribute("aria-pressed", gain === 0);
        tile.press.title = gain === 0 ? `${tile.name} is silenced: press to give it back` : `Silence ${tile.name}`;
        if (Number(tile.slider.value) !== gain) tile.slider.value = gain;
        tile.slider.style.setProperty("--share", (gain - LOWEST) / (HIGHEST - LOWEST));
        tile.slider.setAttribute("aria-valuetext", gain === 0 ? "silenced" : `times ${number(gain)}`);
        setText(tile.says, `× ${number(gain)}`);
        const worth = state.worth?.[tile.k];
        setText(tile.lost, worth === undefined ? "" : `alone ${signedPoints(worth)}`);
      }
    },
    draw() {
      if (!state?.values) return;
      const { values, shape: [count, height, width], limit, amount, first } = state;
      sprites.size(count, height, width);
      const size = height * width;
      const scaled = Float32Array.from(values, (value, i) => value * gainOf(first + Math.floor(i / size)));
      sprites.paintValues(scaled, limit, amount, ctx.colors);
      tiles.forEach((tile, i) => {
        tile.canvas.style.aspectRatio = state.layer.maps ? `${width} / ${height}` : "";
        const { pen, width: across, height: down } = fit(tile.canvas);
        pen.imageSmoothingEnabled = false;
        sprites.drawTo(pen, i, 0, 0, across, down);
      });
    },
    /** For tests: the numbers that a tile's colours stand for. */
    value: (i, at) => state.values[i * state.shape[1] * state.shape[2] + at] * gainOf(state.first + i),
  };
}

/** A change of accuracy in points: −5.7. */
export const signedPoints = (share) => (Math.abs(share) < 5e-5 ? "±0" : `${share > 0 ? "+" : ""}${steady(100 * share, 1)}`);
