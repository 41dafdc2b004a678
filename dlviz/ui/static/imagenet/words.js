// What there is to see on a picture, in sentences with the numbers of this very answer. Nothing here draws.

import { count, number, percent } from "../lib/number.js";
import { topOf } from "./answer.js";
import { SIDE } from "./resample.js";

const MEAN = 127;
const SPREAD = 128;
const DOMESTIC = ["tabby", "tiger cat", "Persian cat", "Siamese cat", "Egyptian cat"];

/** Pictures worth opening: `minus` "next" asks what speaks for the answer rather than for the runner-up. */
export const EXAMPLES = [
  { photo: "coffee", title: "Coffee: an espresso", minus: null },
  { photo: "camera", title: "Camera: a tripod", minus: null },
  { photo: "chelsea", title: "Chelsea: which cat?", minus: "next" },
  { photo: "astronaut", title: "Astronaut: a football helmet?", minus: null },
];

const LINES = {
  coffee: ({ first, second, share }) => `It says ${first} at ${share(first)}, and ${second} comes next with ${share(second)}. Move the frame off the cup: how little of it is enough?`,
  camera: ({ first, share }) => `A man looks through a camera, and it says ${first} at ${share(first)}; reflex camera gets ${share("reflex camera")}. No class is called man or photographer. Grad-CAM below shows where it looks.`,
  chelsea: ({ first, second, share, sum, part }) => `That it is a house cat it knows well: its ${number(DOMESTIC.length)} house cats have ${part(sum(DOMESTIC))} together. Which one it does not: ${first} ${share(first)}, ${second} ${share(second)}. Ask below what speaks for the one rather than the other.`,
  astronaut: ({ first, second, share, called }) => `${called("astronaut") ? `${count(called("astronaut"))} of its names contain` : "None of its 1,000 names contains"} “astronaut”, so it must answer with something else: ${first} at ${share(first)}, ${second} at ${share(second)}. See below whether it looks at the helmet, and cut it away.`,
};

export const leadInWords = (parameters) => `EfficientNet-Lite0, a network of ${count(parameters)} parameters, arrives with pip and runs on this machine; nothing here trains it. `
  + "Give it a photograph, drag the frame, and watch the answer change.";

/** The sentence under the answer. */
export function toSee(picture, { probabilities }, names) {
  const top = topOf(probabilities);
  const part = (value) => percent(value, value < 0.1 ? 1 : 0).replace(" ", "\u00a0"); // the sign stays on its line
  const share = (name) => part(probabilities[names.indexOf(name)]);
  const known = { first: names[top[0]], second: names[top[1]], share, part, sum: (some) => some.reduce((total, name) => total + probabilities[names.indexOf(name)], 0), called: (word) => names.filter((name) => name.toLowerCase().includes(word)).length };
  const line = picture.own ? null : LINES[picture.name];
  if (line) return line(known);
  const sure = probabilities[top[0]] > 0.5 ? "" : " It is not sure: no class has half of the probability.";
  return `It says ${known.first} at ${share(known.first)}, then ${known.second} at ${share(known.second)}.${sure} It can only answer with one of its 1,000 names, whatever the picture shows.`;
}

/** What is cut out, and how many pixels become of it. */
export function cutInWords({ width }, { size }) {
  const cut = size * width;
  const way = cut > SIDE ? "reduced" : "enlarged";
  return `The ${count(cut)} × ${count(cut)} pixels in the frame, of ${count(width)} × ${count(width)}, ${way} to ${SIDE} × ${SIDE} (bicubic).`;
}

/** A pixel as a byte and as the network takes it. */
export function pixelInWords(bytes, [row, column]) {
  const at = 3 * (row * SIDE + column);
  const parts = ["red", "green", "blue"].map((name, c) => `${name} ${bytes[at + c]} → ${number(normalised(bytes[at + c]))}`);
  return `Row ${row + 1}, column ${column + 1}: ${parts.join(", ")}`;
}

export const normalised = (byte) => (byte - MEAN) / SPREAD;

export const NORMALISING = `Then every byte b becomes (b − ${MEAN}) / ${SPREAD}.`;
