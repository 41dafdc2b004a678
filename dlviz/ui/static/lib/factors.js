// Names of what varies in a sprite, in the order of dlviz/data/sprites.py.

export const FACTORS = ["x", "y", "size", "hue", "turn"];
