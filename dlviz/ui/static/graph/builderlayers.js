// The six kinds of layers in words, by formula, and by what their parameters cost.

/** Formulas have their lower parts in _{…}. */
export const KINDS = {
  naive: {
    name: "A X W", words: "Every node adds up what its neighbours send. It does not hear itself, and many neighbours make large numbers.",
    formula: "h′_{i} = Σ_{j→i} w_{ji} W h_{j} + b",
  },
  loops: {
    name: "(A + I) X W", words: "The same with a loop at every node, so that it hears itself too. Many neighbours still make large numbers.",
    formula: "h′_{i} = Σ_{j→i, j=i} w_{ji} W h_{j} + b",
  },
  gcn: {
    name: "GCN", words: "With loops, and every message divided by the roots of both degrees d: who has many neighbours is not louder for it.",
    formula: "h′_{i} = Σ_{j→i, j=i} w_{ji} / √(d_{j} d_{i}) · W h_{j} + b",
  },
  sage: {
    name: "GraphSAGE", words: "What comes from the neighbours and what a node has itself go through a matrix each. Weights of edges do not matter.",
    formula: "h′_{i} = W_{1} AGG_{j→i} h_{j} + b + W_{2} h_{i}",
  },
  gat: {
    name: "GAT", words: "A node learns how much to listen to each neighbour and to itself: α is a softmax over all that come in, one for each head.",
    formula: "h′_{i} = Σ_{j→i, j=i} α_{ji} W h_{j} + b,   α_{ji} = softmax_{j} LeakyReLU(a_{1}·W h_{j} + a_{2}·W h_{i})",
  },
  gin: {
    name: "GIN", words: "A sum keeps count of what comes in, and a small network of two layers looks at it. ε says how much a node counts itself.",
    formula: "h′_{i} = W_{2} ReLU(W_{1}((1 + ε) h_{i} + AGG_{j→i} h_{j}) + b_{1}) + b_{2}",
  },
};

const AGGREGATES = { sum: "Σ", mean: "mean", max: "max" };

/** The formula with the aggregate in use. */
export const formulaFor = (kind, how) => KINDS[kind].formula.replace("AGG", AGGREGATES[how] ?? how);

const plainTimes = (from, to) => `${from} × ${to} + ${to}`;

/** What a layer's parameters are made of, by its row of the scene: "34 × 8 + 8". */
export function termsOf({ kind, inputs, outputs, heads, beside }) {
  if (kind === "sage") return `2 × ${inputs} × ${outputs} + ${outputs}`;
  if (kind === "gin") return `${plainTimes(inputs, outputs)} + ${plainTimes(outputs, outputs)} + 1`;
  if (kind === "gat") {
    const all = beside ? outputs : `${heads} × ${outputs}`;
    return `${inputs} × ${all} + 2 × ${all} + ${outputs}`;
  }
  return plainTimes(inputs, outputs);
}

/** The same as a number. */
export function countOf({ kind, inputs, outputs, heads, beside }) {
  if (kind === "sage") return 2 * inputs * outputs + outputs;
  if (kind === "gin") return (inputs + 1) * outputs + (outputs + 1) * outputs + 1;
  const all = kind === "gat" && !beside ? heads * outputs : outputs;
  return inputs * all + (kind === "gat" ? 2 * all : 0) + outputs;
}

/** What the terms of a kind are. */
export const TERMS = {
  naive: "W and b", loops: "W and b", gcn: "W and b", sage: "W₁, W₂ and b", gat: "W, both a and b", gin: "both layers of the small network, and ε",
};
