"""Networks of random weights that differ in one thing only, how a node puts its messages together; and what they see.

GIN layers (K. Xu et al., How Powerful are Graph Neural Networks?, 2019, equation 4.1) without an activation between
them, in double precision: "the same" then means equal but for rounding.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from dlviz.labs.graph.apart.pairs import Pair
from dlviz.labs.graph.apart.refining import together
from dlviz.labs.graph.layers import Edges, Gin, aggregated, edges_of

WIDTH = 16
NETWORKS = 8  # draws of weights: one that sees no difference may be an accident, eight are not
TOLERANCE = 1e-9  # of the largest number compared; rounding is some 1e-15 of it
HOW = ("sum", "mean", "max")
_WORD = 0xFFFFFFFF


def draws(seed: int) -> Iterator[float]:
    """Even numbers in [0, 1), the same in Python and in the page (mulberry32, T. Ettinger, 2017)."""
    state = seed & _WORD
    while True:
        state = (state + 0x6D2B79F5) & _WORD
        t = ((state ^ (state >> 15)) * (1 | state)) & _WORD
        t = ((t + (((t ^ (t >> 7)) * (61 | t)) & _WORD)) & _WORD) ^ t
        yield (t ^ (t >> 14)) / 2**32


@lru_cache(maxsize=64)
def weights(seed: int, inputs: int, layers: int) -> tuple[dict[str, np.ndarray], ...]:
    """Of each layer `nn.0.weight`, `nn.0.bias`, `nn.2.weight`, `nn.2.bias`, even in ±1/√inputs as torch begins."""
    chance = draws(seed)
    found = []
    for layer in range(layers):
        before = inputs if layer == 0 else WIDTH
        shapes = {
            "nn.0.weight": (WIDTH, before),
            "nn.0.bias": (WIDTH,),
            "nn.2.weight": (WIDTH, WIDTH),
            "nn.2.bias": (WIDTH,),
        }
        far = {"nn.0": before**-0.5, "nn.2": WIDTH**-0.5}
        found.append(
            {
                name: np.array([far[name[:4]] * (2 * next(chance) - 1) for _ in range(int(np.prod(shape)))]).reshape(
                    shape
                )
                for name, shape in shapes.items()
            }
        )
    return tuple(found)


def layers_of(seed: int, inputs: int, layers: int, how: str, epsilon: float) -> list[Gin]:
    """The layers with the weights of that seed, in double precision."""
    found = []
    with torch.random.fork_rng(devices=[]):  # a module draws first values, which are not kept
        for each in weights(seed, inputs, layers):
            layer = Gin(each["nn.0.weight"].shape[1], WIDTH, how).double()
            layer.load_state_dict(
                {
                    "eps": torch.tensor([epsilon], dtype=torch.float64),
                    **{name: torch.tensor(w) for name, w in each.items()},
                }
            )
            found.append(layer)
    return found


def edges_in(pair: Pair) -> Edges:
    """Both graphs as one: messages run both ways along every edge."""
    index = [[j, k] for k, near in enumerate(together(pair)) for j in near]
    both = torch.tensor(index, dtype=torch.long).reshape(-1, 2).T
    return edges_of("gin", both, torch.ones(both.shape[1]), pair[0].count + pair[1].count)


@torch.no_grad()
def embeddings(pair: Pair, told: np.ndarray, layers: list[Gin]) -> list[Tensor]:
    """Of every round from 0 on (node, feature): what the nodes are told, one-hot, and each layer's output."""
    x = torch.nn.functional.one_hot(torch.tensor(told, dtype=torch.long)).double()
    edges = edges_in(pair)
    found = [x]
    for layer in layers:
        found.append(layer(found[-1], edges))
    return found


def readout(how: str, x: Tensor) -> Tensor:
    """(node, feature) → (feature,)."""
    nodes = torch.stack([torch.arange(len(x)), torch.zeros(len(x), dtype=torch.long)])
    return aggregated(how, x, Edges(nodes, torch.ones(len(x)), 1, torch.ones(len(x))))[0]


def difference(one: Tensor, other: Tensor) -> float:
    """The largest difference of two vectors, as a share of the largest number in them; 0 where all is 0."""
    most = float(torch.cat([one.abs(), other.abs()]).max())
    return float((one - other).abs().max()) / most if most else 0.0


def groups(rows: list[Tensor]) -> np.ndarray:
    """(node,): nodes that every network gives the same embedding have the same number, from 0 in order of appearance.
    `rows`: of each network (node, feature)."""
    limits = [TOLERANCE * float(x.abs().max()) for x in rows]
    found: list[int] = []
    first: list[int] = []
    for k in range(len(rows[0])):
        for number, other in enumerate(first):
            if all(float((x[k] - x[other]).abs().max()) <= limit for x, limit in zip(rows, limits, strict=True)):
                found.append(number)
                break
        else:
            found.append(len(first))
            first.append(k)
    return np.array(found, np.int32)
