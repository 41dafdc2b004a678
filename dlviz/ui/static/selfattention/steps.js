// The steps of attention in their order: what each lights, what it says, and which cell it works out for a chosen pair.

import { number, steady } from "../lib/dom.js";

/**
 * The steps of these parts: [{id, title, formula, lit: [ids], says, cell(pair) → {id, row, column}}]. A pair is {query, key,
 * element, feature}: two tokens, the number of the head and the number of a token that are followed.
 */
export function stepsOf({ by, facts }) {
  const { width, size, heads, head, crosses, turns, biased, divided, hides, norm, slope, normed } = facts;
  const present = (...ids) => ids.filter((id) => by[id]);
  const score = ["h", "b", "p"].find((id) => by[id]);
  const memory = crosses ? "M" : "X";
  const steps = [
    {
      id: "x", title: crosses ? "X and M" : "X", formula: norm === "pre" ? "X = norm(x)" : "X", lit: present("r", "x", "m"),
      says: `${crosses ? `Every token that is being written is a row of X, every token that was read a row of M: ${width} numbers each` : `Every token is a row of ${width} numbers, which stand for it and for its place`}${normed && norm === "pre" ? "; layer norm brings each row of x to mean 0 and deviation 1 before it is used" : ""}.`,
      cell: (pair) => ({ id: "x", row: pair.query, column: pair.feature }),
    },
    {
      id: "qkv", title: "Q, K, V", formula: `Q = X · W_Q + b,  K = ${memory} · W_K + b,  V = ${memory} · W_V + b`, lit: present("x", "m", "wq", "wk", "wv", ...(turns ? ["q0", "k0"] : ["q", "k"]), "v"),
      says: `Three learned matrices make three rows of ${size} numbers of each token: its query says what it looks for, its key what it offers to be found by, its value what it gives.`,
      cell: (pair) => ({ id: turns ? "q0" : "q", row: pair.query, column: pair.element }),
    },
  ];
  if (turns) {
    steps.push({
      id: "rope", title: "Turn (RoPE)", formula: "θ = place ÷ 10000^{2i/d}", lit: ["q0", "k0", "q", "k"],
      says: "RoPE turns each pair of numbers of a query and a key by an angle that grows with the token’s place; their product then depends on how far apart the two stand, not on where.",
      cell: (pair) => ({ id: "q", row: pair.query, column: pair.element }),
    });
  }
  steps.push(
    {
      id: "scores", title: "Q · Kᵀ", formula: "S_{ij} = q_i · k_j = Σ q_{im} k_{jm}", lit: ["q", "k", "s"],
      says: `Each query meets each key: ${size === 1 ? "the product of their numbers is" : `the ${size} products of their numbers, added up, are`} the score of the pair.`,
      cell: (pair) => ({ id: "s", row: pair.query, column: pair.key }),
    },
    {
      id: "scale", title: "÷ √d", formula: divided ? `S_{ij} ÷ √${size} = S_{ij} ÷ ${steady(Math.sqrt(size), 2)}` : "S_{ij}, not divided", lit: ["s", "p"],
      says: divided
        ? `A sum of ${size} products spreads √${size} times as far as one of them, so it is divided by √${size}: the softmax is kept from giving everything to one key.`
        : `The division by √${size} is switched off: the scores go into the softmax ${steady(Math.sqrt(size), 2)} times as large as they would.`,
      cell: (pair) => ({ id: "p", row: pair.query, column: pair.key }),
    },
  );
  if (biased) {
    steps.push({
      id: "alibi", title: "Bias (ALiBi)", formula: `− ${number(slope, 4)} · |i − j|`, lit: ["p", "b"],
      says: `ALiBi takes ${number(slope, 4)} from the score for every token of distance between the two; each head has its own slope, here that of head ${head + 1}.`,
      cell: (pair) => ({ id: "b", row: pair.query, column: pair.key }),
    });
  }
  steps.push(
    {
      id: "mask", title: "Mask", formula: hides ? "hidden: −∞" : "nothing is hidden", lit: hides ? present(biased ? "b" : "p", "h") : [score],
      says: hides ? "Hatched pairs are hidden: that query may not look at that key. Their score counts as −∞, so the softmax gives them nothing." : "Nothing is hidden here: every query may look at every key.",
      cell: (pair) => ({ id: score, row: pair.query, column: pair.key }),
    },
    {
      id: "softmax", title: "Softmax", formula: "A_{ij} = e^{s} ÷ Σ e^{s} over the row", lit: [score, "a"],
      says: "The softmax turns each row of scores into shares that are positive and add up to 1: how much of its attention the query gives to each key.",
      cell: (pair) => ({ id: "a", row: pair.query, column: pair.key }),
    },
    {
      id: "mix", title: "A · V", formula: "z_i = Σ_j A_{ij} v_j", lit: ["a", "v", "z"],
      says: "Each query gets the values of all keys, each times its weight, added up: a mixture of what the tokens give.",
      cell: (pair) => ({ id: "z", row: pair.query, column: pair.element }),
    },
    {
      id: "out", title: "W_O", formula: "z · W_O", lit: ["z", "wo", "o"],
      says: `The head’s ${size} rows of W_O turn the mixture into ${width} numbers again: this is what head ${head + 1} adds to the token.`,
      cell: (pair) => ({ id: "o", row: pair.query, column: pair.feature }),
    },
    {
      id: "heads", title: heads === 1 ? "+ b_O" : "All heads", formula: heads === 1 ? "z · W_O + b_O" : `Σ over ${heads} heads + b_O`, lit: ["o", "t"],
      says: heads === 1 ? "There is one head only; the bias b_O is added to what it gives." : `What the ${heads} heads add is added up, with one bias b_O for all: this is what attention gives.`,
      cell: (pair) => ({ id: "t", row: pair.query, column: pair.feature }),
    },
    {
      id: "residual", title: "Residual", formula: "x + attention(x)", lit: present(by.r ? "r" : "x", "t", "y"),
      says: "The result is added to what came in, which has gone around the attention unchanged: attention only ever adds to a token.",
      cell: (pair) => ({ id: "y", row: pair.query, column: pair.feature }),
    },
  );
  if (by.n) {
    steps.push({
      id: "norm", title: "Layer norm", formula: "(x − mean) ÷ deviation · gain + shift", lit: ["y", "n"],
      says: "Layer norm after the sum, as in the paper of 2017: each row is brought to mean 0 and deviation 1, then each number to its own learned gain and shift.",
      cell: (pair) => ({ id: "n", row: pair.query, column: pair.feature }),
    });
  }
  return steps;
}
