"""The probe of "Tell apart": colours of every round, what networks see of them, and which readouts differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import torch

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.graph.apart import reading
from dlviz.labs.graph.apart.networks import (
    HOW,
    NETWORKS,
    TOLERANCE,
    difference,
    embeddings,
    groups,
    layers_of,
    readout,
    weights,
)
from dlviz.labs.graph.apart.pairs import PAIRS, Pair
from dlviz.labs.graph.apart.refining import KNOWLEDGE, MOST_ROUNDS, refine
from dlviz.training.asking import number, whole

if TYPE_CHECKING:
    from dlviz.labs.graph.run import GraphRun

MOST_SEED = 10**6
NONE = -1


def apart(
    run: GraphRun | None,
    pair: str = "hexanes",
    rounds: int | None = None,
    seed: int = 0,
    epsilon: float = 0.0,
    knowledge: str = "given",
    left: str | None = None,
    right: str | None = None,
) -> Trace:
    """Two graphs under the Weisfeiler–Lehman test and under GIN layers with random weights, round by round.

    `colors` (step, node): colour numbers, the left graph's nodes first; `side` (node,): 0 left, 1 right; `different`
    and `stable`: rounds, -1 for never; `isomorphic` 0 or 1. `groups_sum`, `groups_mean`, `groups_max` (step, node):
    nodes that all networks give the same embedding; `follows` (channel, step): whether these are the colours' groups,
    channels in the order sum, mean, max. `readouts` (batch, step, channel, unit, point, feature): of every network, how
    it aggregates, how it reads out, and of both graphs; 0 past the end of a shorter row. `told` (step, channel,
    unit): how many networks tell the two apart, `difference` the largest of theirs, as a share of the largest number.

    `pair`: one of those on the shelf; or `left` and `right` as text (`reading.read`). `rounds`: until none splits
    anything. `knowledge`: what nodes are told at the start, "given", "triangles" or "numbers". `seed`: of the first of
    the eight networks. Needs nothing of the run. Raises `InvalidInput`.
    """
    graphs = _pair(pair, left, right)
    if knowledge not in KNOWLEDGE:
        raise InvalidInput("apart.knowledge", f"must be one of {', '.join(KNOWLEDGE)}", knowledge, "given")
    many = None if rounds is None else whole("apart.rounds", rounds, 0, MOST_ROUNDS)
    begin = whole("apart.seed", seed, 0, MOST_SEED)
    eps = number("apart.epsilon", epsilon, -1, 1)
    found = refine(graphs, knowledge, many)
    steps, count = found.colors.shape
    cut, inputs = graphs[0].count, int(found.told.max()) + 1
    seeds = range(begin, begin + NETWORKS)
    seen = [[embeddings(graphs, found.told, layers_of(s, inputs, steps - 1, how, eps)) for s in seeds] for how in HOW]
    widest = max(x.shape[1] for x in seen[0][0])
    reads = np.zeros((NETWORKS, steps, len(HOW), len(HOW), 2, widest))
    told, apart_by = np.zeros((steps, 3, 3), np.int32), np.zeros((steps, 3, 3))
    for a in range(len(HOW)):
        for n, rows in enumerate(seen[a]):
            for step, x in enumerate(rows):
                for r, how in enumerate(HOW):
                    both = readout(how, x[:cut]), readout(how, x[cut:])
                    reads[n, step, a, r, :, : x.shape[1]] = torch.stack(both).numpy()
                    share = difference(*both)
                    told[step, a, r] += share > TOLERANCE
                    apart_by[step, a, r] = max(apart_by[step, a, r], share)
    parts = [np.stack([groups([rows[step] for rows in every]) for step in range(steps)]) for every in seen]
    wanted = np.stack([np.unique(row, return_inverse=True)[1] for row in found.colors])
    follows = np.array([[_alike(part[k], wanted[k]) for k in range(steps)] for part in parts], np.int32)
    arrays = {
        "colors": found.colors, "side": np.repeat(np.array([0, 1], np.int32), [cut, count - cut]),
        "different": _one(found.different), "stable": _one(found.stable),
        "isomorphic": np.array([nx.is_isomorphic(*(g.networkx() for g in graphs), node_match=_same_color)], np.int32),
        **{f"groups_{how}": part for how, part in zip(HOW, parts, strict=True)},
        "follows": follows, "readouts": reads, "told": told, "difference": apart_by,
    }  # fmt: skip
    dims = {"side": ("node",), "follows": ("channel", "step"), "told": ("step", "channel", "unit"),
            "difference": ("step", "channel", "unit"), "different": ("point",), "stable": ("point",),
            "isomorphic": ("point",), "readouts": ("batch", "step", "channel", "unit", "point", "feature")}  # fmt: skip
    state = {
        f"{s}.{layer}.{name}": values.copy()
        for s in seeds
        for layer, each in enumerate(weights(s, inputs, max(1, steps - 1)))
        for name, values in each.items()
    }
    return Trace(arrays, {name: dims.get(name, ("step", "node")) for name in arrays}, {}, state)


def _pair(slug: str, left: str | None, right: str | None) -> Pair:
    if left is not None or right is not None:
        return reading.read("apart.left", left or ""), reading.read("apart.right", right or "")
    if slug not in PAIRS:
        raise InvalidInput("apart.pair", f"must be one of {', '.join(PAIRS)}", slug, "hexanes")
    return PAIRS[slug]


def _one(value: int | None) -> np.ndarray:
    return np.array([NONE if value is None else value], np.int32)


def _same_color(one: dict[str, int], other: dict[str, int]) -> bool:
    return one["color"] == other["color"]


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two lists of numbers put the same nodes together."""
    return bool(((one[:, None] == one) == (other[:, None] == other)).all())
