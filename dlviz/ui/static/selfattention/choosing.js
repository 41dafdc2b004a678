// Which attention and which head is opened, and whether its scores are divided by √d.

import { h, replace } from "../lib/dom.js";
import { knob } from "../lib/knob.js";

const NAMES = { core: "Layer", encoder: "Encoder, layer", decoder: "Decoder, layer" };

/** What an attention of a pass is called: "Layer 1", "Decoder, layer 1, to the encoder". */
export function nameOf({ stack, layer, kind }) {
  const end = kind === "cross" ? ", to the encoder" : stack === "decoder" ? ", to itself" : "";
  return `${NAMES[stack]} ${layer + 1}${end}`;
}

/** `on`: {grid(id), head(index), scaled(boolean)}. */
export function buildChoosing({ on }) {
  const place = h("div.places");
  const scale = knob({ name: "scaled", kind: "flag", label: "Divide by √d", default: true, help: "A switch to see what the division does to the network as it is now; nothing is trained anew. The setting Divide by √d of the network itself is on the stage." }, { onchange: on.scaled });
  const element = h("div.controls", place, scale.element);
  let [key, knobs] = ["", {}];

  return {
    element,
    show({ grids, grid, head, heads, scaled }) {
      const now = `${grids.map(({ id }) => id).join()} ${heads}`;
      if (now !== key) {
        key = now;
        const make = (label, options, labels, onchange) => knob({ name: label, kind: "choice", label, options, labels, default: options[0] }, { onchange });
        const numbers = Array.from({ length: heads }, (_, k) => String(k));
        knobs = {
          grid: make("Attention", grids.map(({ id }) => id), grids.map(nameOf), on.grid),
          head: make("Head", numbers, numbers.map((k) => String(Number(k) + 1)), (value) => on.head(Number(value))),
        };
        replace(place, grids.length > 1 ? knobs.grid.element : null, heads > 1 ? knobs.head.element : null);
      }
      knobs.grid.set(grid.id);
      knobs.head.set(String(head));
      scale.set(scaled);
    },
  };
}
