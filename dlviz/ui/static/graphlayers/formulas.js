// The six formulas, typeset: letters in italics, indices below, fractions with a line.

import { h } from "../lib/dom.js";

const i = (letter) => h("i", letter);
const sub = (letter, below) => h("span", i(letter), h("sub", below));
const x = (below) => h("span", h("b", "x"), h("sub", below));
const W = (below) => h("span", h("b", "W"), below ? h("sub", below) : null);
const over = (top, bottom) => h("span.gy-frac", h("span", top), h("span", bottom));
const sum = (under) => h("span.gy-sum", h("span", "Σ"), h("small", under));
const root = (...inside) => h("span.gy-root", "√", h("span", inside));
const result = () => h("span", h("b", "h"), h("sub", "i"), " = ");
const N = "j ∈ N(i)";
const OWN = "j ∈ N(i) ∪ {i}";

export const NAMES = { naive: "A X W", loops: "(A + I) X W", gcn: "GCN", sage: "GraphSAGE", gat: "GAT", gin: "GIN" };
export const SAID = {
  naive: "Add up the neighbours.",
  loops: "Add up the neighbours and yourself.",
  gcn: "Add up, divided by the roots of both degrees.",
  sage: "Your own and your neighbours' mean, each with its W.",
  gat: "Each neighbour by an attention that sums to 1.",
  gin: "Count them all, then a small network.",
};

const HOW = {
  sum: () => [sum(N), " "],
  mean: () => [over("1", ["|", i("N"), "(i)|"]), " ", sum(N), " "],
  max: () => [h("span.gy-sum", h("span", "max"), h("small", N)), " "],
};

/** The formula of a kind as elements; `how` it aggregates. */
export function formula(kind, how) {
  switch (kind) {
    case "naive":
      return [result(), sum(N), " ", sub("w", "ij"), " ", W(), x("j")];
    case "loops":
      return [result(), sum(OWN), " ", sub("w", "ij"), " ", W(), x("j")];
    case "gcn":
      return [result(), sum(OWN), " ", over([sub("w", "ij")], root(sub("d", "i"), " ", sub("d", "j"))), " ", W(), x("j")];
    case "sage":
      return [result(), W("r"), x("i"), " + ", W("l"), " ", ...HOW[how](), x("j")];
    case "gat":
      return [result(), sum(OWN), " ", sub("α", "ij"), " ", W(), x("j")];
    default:
      return [result(), h("b", "V"), " ReLU(", W(), "((1 + ", i("ε"), ")", x("i"), " + ", ...HOW[how](), x("j"), "))"];
  }
}

/** What is meant by the letters that only one formula has. */
export const WITH = {
  naive: "w of a self-loop only where the graph has one",
  loops: "w = 1 for oneself",
  gcn: "d: the weights that come in, oneself's 1 among them",
  sage: "weights of edges are not looked at",
  gat: "α: softmax over j of LeakyReLU(a·Wxⱼ + b·Wxᵢ), one a head; heads beside each other",
  gin: "ε learned, here from 0; weights of edges are not looked at",
};
