// Beside an operation the convolution that it is made of: its kernels with their numbers, and how near torch comes.

import { h, number, replace, setText } from "../lib/dom.js";
import { Grid } from "../lib/grid.js";
import { additivity, agreement, verdict } from "./words.js";

const LARGEST_CELL = 40;
const WIDEST_GRID = 230; // px

/** The section on the kernels. */
export function buildMade(ctx) {
  const texts = Object.fromEntries(["why", "near", "sum"].map((name) => [name, h("p")]));
  const heading = h("h3");
  const kernels = h("div.kernels");
  const weight = h("p.small.muted.value.weight");
  const element = h("section.made", { "aria-label": "The convolution behind it" }, heading, texts.why, kernels, weight, texts.near, texts.sum);
  let grids = [];
  let built = "";

  function show({ operation, settings, arrays }) {
    const { isOne, heading: title, why } = verdict(operation, settings);
    setText(heading, title);
    heading.dataset.one = isOne;
    setText(texts.why, why);
    lay(namedKernels(operation, settings, arrays));
    const one = (name) => arrays[name]?.data[0];
    const made = arrays.difference !== undefined;
    setText(texts.near, !made ? "" : isOne ? agreement(one("difference"), one("difference_float"), operation === "sobel" || operation === "laplacian")
      : `The length of torch's two convolutions differs from OpenCV's by at most ${number(one("difference"))}.`);
    setText(texts.sum, arrays.additivity ? additivity(one("additivity"), one("broken"), [...arrays.example.data], isOne) : "");
  }

  function lay(named) {
    const shape = JSON.stringify(named.map(({ name, rows, cols }) => [name, rows, cols]));
    if (shape !== built) {
      built = shape;
      grids = named.map(({ name, rows, cols }, i) => {
        const point = (place) => tell(i, name, place);
        return new Grid({ label: name, largest: Math.min(LARGEST_CELL, WIDEST_GRID / Math.max(rows, cols)), onhover: point, onwalk: point });
      });
      replace(kernels, grids.map((grid, i) => {
        grid.element.style.setProperty("--wide", `${named[i].cols * grid.largest + 1}px`);
        return grid.element;
      }));
    }
    named.forEach(({ values, rows, cols, shape: caption }, i) => grids[i].set({ values, rows, cols, shape: caption }));
    tell(0, "", null);
  }

  function tell(i, name, place) {
    grids.forEach((grid, each) => grid.light("pointed", place && each === i ? { cells: [place], stroke: ctx.colors.accent } : null));
    setText(weight, !grids.length ? "" : place ? `${name}, row ${place[0] + 1}, column ${place[1] + 1}: ${number(grids[i].at(place))}` : "Point at a cell to read its weight.");
    ctx.redraw();
  }

  function draw() {
    for (const grid of grids) grid.draw(ctx.colors);
  }

  return { element, show, draw };
}

/** [{name, rows, cols, values}] of the kernels in an answer. */
export function namedKernels(operation, settings, arrays) {
  const found = [];
  if (arrays.blur_kernel) found.push(of(arrays.blur_kernel, 0, "Blur"));
  if (!arrays.kernel) return found;
  const [outputs, inputs] = arrays.kernel.shape;
  if (inputs === 3) return [{ name: "Red, green, blue", rows: 1, cols: 3, values: arrays.kernel.data, shape: "3 × 1 × 1" }];
  if (outputs === 2) return [...found, of(arrays.kernel, 0, "Across"), of(arrays.kernel, 1, "Down")];
  return [of(arrays.kernel, 0, "Kernel")];
}

function of({ shape: [, , rows, cols], data }, output, name) {
  return { name, rows, cols, shape: `${rows} × ${cols}`, values: data.subarray(output * rows * cols, (output + 1) * rows * cols) };
}
