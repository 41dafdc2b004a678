"""Settings worth seeing, each with what to watch. A test tries every one and checks what its line promises."""

from __future__ import annotations

from typing import Any

from dlviz.core.lab import Preset

MOLECULES: dict[str, Any] = {
    "dataset": "mutag",
    "task": "graph",
    "features": "own",
    "layer": "gin",
    "hidden": (32, 32),
    "readout": "sum",
    "learning_rate": 0.005,
}
FAMILIES: dict[str, Any] = {"dataset": "families", "task": "graph", "features": "own", "learning_rate": 0.01}

PRESETS = (
    # --- one graph, a class for each node ---
    Preset(
        "gat",
        "Attention",
        "Two heads weigh the neighbours. On this club nothing asks for it: about as many right as with even weights, "
        "and the weights are uneven all the same.",
        {"layer": "gat"},
    ),
    Preset(
        "naive",
        "No self-loops",
        "A X W as it stands: no node hears itself in one layer, and the size of an embedding grows with the degree.",
        {"layer": "naive"},
    ),
    Preset(
        "constant",
        "Nothing to go by",
        "All nodes have the same feature, so that a GCN sees degrees and no person. Both leaders are told apart by a "
        "hair, and the others are guessed.",
        {"features": "constant"},
        fails=True,
    ),
    Preset(
        "lesmis",
        "Les Misérables",
        "77 persons, communities found by modularity, one member of each told: most of the others follow within 200 "
        "steps.",
        {"dataset": "lesmis"},
    ),
    Preset(
        "bipartite",
        "Two sides",
        "Women and the events they went to: every edge leads to the other side. Without self-loops two steps lead back "
        "to one's own, and all are right; a GCN, which mixes both sides, does worse.",
        {"dataset": "davis", "layer": "naive", "hidden": (8, 8)},
    ),
    Preset(
        "blocks",
        "Three blocks",
        "Sixty nodes in three groups that are tied inside: three told ones are enough.",
        {"dataset": "blocks"},
    ),
    Preset(
        "counting",
        "Count your neighbours",
        "Equal features, and the class says who has many neighbours. The sum counts: all are right. Then choose Mean.",
        {"dataset": "random", "features": "constant", "layer": "gin", "hidden": (8,)},
    ),
    Preset(
        "uncounted",
        "The mean cannot count",
        "The same with the mean: every node hears 1, whatever its degree, and all get one answer.",
        {"dataset": "random", "features": "constant", "layer": "gin", "hidden": (8,), "aggregate": "mean"},
        fails=True,
    ),
    # --- depth ---
    Preset(
        "deep",
        "Twelve layers",
        "Before training all embeddings lie close together: that is over-smoothing. What comes of it depends on the "
        "seed: 97, 75 and 59 % right for seeds 1, 2 and 3.",
        {"hidden": (8,) * 12},
    ),
    Preset(
        "residual",
        "Twelve layers with a way around",
        "The same depth with residual connections: each layer adds to what was there.",
        {"hidden": (8,) * 12, "residual": True},
    ),
    Preset(
        "pairnorm",
        "Twelve layers kept apart",
        "PairNorm holds the mean distance of the nodes after every layer.",
        {"hidden": (8,) * 12, "norm": "pairnorm"},
    ),
    # --- missing edges ---
    Preset(
        "links",
        "Who else met?",
        "15 % of the edges are kept back: two whose embeddings point the same way are taken for joined.",
        {"task": "link", "hidden": (16, 8), "learning_rate": 0.01},
    ),
    Preset(
        "chapters",
        "Who else shares a chapter?",
        "Missing edges of Les Misérables: of a kept-back pair that is joined and one that is not, the right one comes "
        "first in some 85 of 100.",
        {"dataset": "lesmis", "task": "link", "hidden": (16, 8), "learning_rate": 0.01},
    ),
    # --- one answer for a graph ---
    Preset(
        "molecules",
        "Molecules, trained",
        "188 molecules, mutagenic or not. A GIN with the sum, trained before: open Molecules to see which atoms speak.",
        MOLECULES,
        trained=True,
    ),
    Preset(
        "molecules-mean",
        "Molecules by the mean",
        "A GCN with the mean sees shares of atoms and not how many: watch the accuracy beside the larger class's.",
        MOLECULES | {"layer": "gcn", "hidden": (32, 32, 32), "readout": "mean", "learning_rate": 0.01},
    ),
    Preset(
        "rings",
        "Count the rings",
        "A number for each molecule: how many rings it has. The sum gets near it.",
        MOLECULES | {"task": "regression", "learning_rate": 0.003},
    ),
    Preset(
        "families",
        "Rings, trees, ladders",
        "Four families of graphs, equal features. With sums nearly all of those kept back are right.",
        FAMILIES | {"layer": "gin", "hidden": (16, 16), "readout": "sum"},
    ),
    Preset(
        "families-mean",
        "All graphs alike",
        "The same with means all the way: equal features stay equal, and every graph gets the same answer.",
        FAMILIES | {"layer": "sage", "hidden": (16, 16), "readout": "mean"},
        fails=True,
    ),
    Preset(
        "triangles",
        "Count the triangles",
        "A number for each graph that no single node sees.",
        FAMILIES | {"task": "regression", "layer": "gin", "hidden": (32, 32), "readout": "sum", "learning_rate": 0.003},
    ),
)
