"""The panel Scores: five ways to say how well a query and a key go together, on the same vectors.

Dot product and its scaled form: A. Vaswani et al., Attention Is All You Need, 2017, section 3.2. Bilinear ("general"):
M.-T. Luong et al., Effective Approaches to Attention-based Neural Machine Translation, 2015, section 3.1. Additive:
D. Bahdanau et al., Neural Machine Translation by Jointly Learning to Align and Translate, 2015, appendix A.1.2.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace

if TYPE_CHECKING:
    from dlviz.labs.attention.run import AttentionRun

FUNCTIONS = ("dot", "scaled", "cosine", "bilinear", "additive")
PLANE = 2  # numbers of a vector that one can draw
FEWEST_KEYS, MOST_KEYS = 2, 8
LARGEST = 100.0  # of a number given: its products and sums stay far from where floats end
MOST_DIMENSIONS = 512
# What the panel opens with; tests/browser/test_scores.py holds both to each other.
QUERY = (1.5, 1.0)
KEYS = ((0.8, 0.9), (3.0, -0.5), (-0.4, 2.2), (-1.5, -1.0))
VALUES = ((2.5, 2.0), (2.5, -2.0), (-2.5, 2.0), (-2.5, -2.0))
W = ((0.2, 0.0), (0.0, 1.5))
W_QUERY = ((1.0, 0.0), (0.0, 1.0))
W_KEY = ((1.0, 0.0), (0.0, 1.0))
V = (1.0, 1.0)


class Additive(nn.Module):
    """A small network as the score: v · tanh(W_q q + W_k k).

    query (feature,), keys (key, feature) → (key,). Never beyond Σ|v|, however long the vectors are.
    """

    def __init__(self, w_query: Tensor, w_key: Tensor, v: Tensor) -> None:
        super().__init__()
        self.query, self.key, self.out = (_layer(matrix) for matrix in (w_query, w_key, v[None]))

    def forward(self, query: Tensor, keys: Tensor) -> Tensor:
        scores: Tensor = self.out((self.query(query) + self.key(keys)).tanh())[:, 0]
        return scores


def _layer(matrix: Tensor) -> nn.Linear:
    """A linear layer with that matrix (output, input) and no bias; no first weights are drawn for it."""
    layer = nn.utils.skip_init(nn.Linear, matrix.shape[1], matrix.shape[0], bias=False, dtype=matrix.dtype)
    layer.weight = nn.Parameter(matrix.clone())
    return layer


def score(kind: str, query: Tensor, keys: Tensor, w: Tensor, additive: Additive) -> Tensor:
    """(key,): how well each of `keys` (key, feature) goes with `query` (feature,), by one of `FUNCTIONS`."""
    match kind:
        case "dot":
            return keys @ query
        case "scaled":
            return keys @ query / math.sqrt(len(query))
        case "cosine":
            return F.cosine_similarity(keys, query[None])
        case "bilinear":
            return keys @ (query @ w)
        case _:
            scores: Tensor = additive(query, keys)
            return scores


def scores(
    run: AttentionRun,
    query: Any = QUERY,
    keys: Any = KEYS,
    values: Any = None,
    w: Any = W,
    w_query: Any = W_QUERY,
    w_key: Any = W_KEY,
    v: Any = V,
    dimensions: Any = PLANE,
) -> Trace:
    """Scores, weights and context of one query over some keys, by each of `FUNCTIONS`.

    `query`: 2 numbers; `keys`, `values`: 2 to 8 rows of 2; `w` (q · W k), `w_query`, `w_key`: 2 × 2; `v`: 2. Without
    `values` the panel's own are taken, and (0, 0) beyond the fourth. `dimensions`, an even number: the two coordinates
    of query and keys are repeated until there are so many, W stands that often on the diagonal, and the columns of
    `w_query` and `w_key` are repeated.

    Of each function `<name>_scores` and `<name>_weights` (key,), the softmax of the scores, and `<name>_context`
    (feature,), the values' mean by these weights. `query` (feature,), `keys` and `values` (key, feature) as given; the
    matrices are the state. Nothing of the run is used. Raises `InvalidInput`.
    """
    asked, offered = _numbers("query", query, (PLANE,)), _rows("keys", keys)
    given = _own_values(len(offered)) if values is None else _rows("values", values)
    if len(given) != len(offered):
        raise InvalidInput("scores.values", "must be as many as there are keys", len(given), str(len(offered)))
    square = (PLANE, PLANE)
    matrices = {"w": _numbers("w", w, square), "w_query": _numbers("w_query", w_query, square),
                "w_key": _numbers("w_key", w_key, square), "v": _numbers("v", v, (PLANE,))}  # fmt: skip
    times = _times(dimensions)
    additive = Additive(matrices["w_query"].repeat(1, times), matrices["w_key"].repeat(1, times), matrices["v"])
    wide = torch.block_diag(*[matrices["w"]] * times)
    arrays = {"query": asked, "keys": offered, "values": given}
    dims: dict[str, tuple[str, ...]] = {"query": ("feature",), "keys": ("key", "feature"), "values": ("key", "feature")}
    with torch.no_grad():
        for kind in FUNCTIONS:
            found = score(kind, asked.repeat(times), offered.repeat(1, times), wide, additive)
            weights = found.softmax(0)
            arrays |= {f"{kind}_scores": found, f"{kind}_weights": weights, f"{kind}_context": weights @ given}
            dims |= {f"{kind}_scores": ("key",), f"{kind}_weights": ("key",), f"{kind}_context": ("feature",)}
    plain = {name: tensor.numpy().copy() for name, tensor in arrays.items()}
    return Trace(plain, dims, {}, {name: tensor.numpy().copy() for name, tensor in matrices.items()})


def _own_values(keys: int) -> Tensor:
    found = torch.zeros(keys, PLANE, dtype=torch.float64)
    some = torch.tensor(VALUES[:keys], dtype=torch.float64)
    found[: len(some)] = some
    return found


def _times(dimensions: Any) -> int:
    """How often the two coordinates stand in a vector of so many dimensions."""
    whole = isinstance(dimensions, int) and not isinstance(dimensions, bool)
    if not whole or not PLANE <= dimensions <= MOST_DIMENSIONS or dimensions % PLANE:
        rule = f"must be an even number from {PLANE} to {MOST_DIMENSIONS}"
        raise InvalidInput("scores.dimensions", rule, dimensions, "64")
    return int(dimensions) // PLANE


def _rows(name: str, given: Any) -> Tensor:
    """(key, feature) of a list of pairs."""
    if not isinstance(given, list | tuple) or not FEWEST_KEYS <= len(given) <= MOST_KEYS:
        shown = len(given) if isinstance(given, list | tuple) else given
        rule = f"must be a list of {FEWEST_KEYS} to {MOST_KEYS} pairs of numbers"
        raise InvalidInput(f"scores.{name}", rule, shown, "[[1, 0], [0, 1]]")
    return _numbers(name, given, (len(given), PLANE))


def _numbers(name: str, given: Any, shape: tuple[int, ...]) -> Tensor:
    """Numbers of that shape from nested lists."""
    example: Any = [1, 0] if len(shape) == 1 else [[1, 0], [0, 1]]
    try:
        found = torch.tensor(given, dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        found = torch.empty(0)
    if found.shape != shape or not (found.abs() <= LARGEST).all():
        rule = f"must be {' × '.join(map(str, shape))} numbers from −{LARGEST:g} to {LARGEST:g}"
        raise InvalidInput(f"scores.{name}", rule, given, str(example))
    return found
