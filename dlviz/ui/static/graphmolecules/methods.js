// The three ways to ask which atoms matter: what they are called, and what they do, in words.

export const METHODS = ["occlusion", "gradient", "integrated"]; // as dlviz/labs/graph/molecules/explaining.py has them
export const LABELS = { occlusion: "Leave it out", gradient: "Gradient × input", integrated: "Integrated gradients" };
export const ABOUT = {
  occlusion: "The network is asked again without the atom and its bonds, and without each bond: the number is by how much the margin falls.",
  gradient: "The slope of the margin by the atom's own input, times that input: what a tiny change of that one number would do. It looks at this molecule only, and at nothing on the way to it.",
  integrated: "The slopes are averaged on the way from a molecule of unknown atoms (all inputs 0, the bonds kept) to this one. Then the numbers of all atoms add up to the difference of the two margins.",
};
