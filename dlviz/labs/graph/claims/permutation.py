"""Whether renumbering the nodes renumbers the output and changes nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.graph.data import Piece
from dlviz.labs.graph.model import Gnn
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import LAYERS, GraphSpec
from dlviz.training.evaluating import evaluating
from dlviz.training.experiment import Pace

CLOSE = 1e-6
MUTAG: dict[str, Any] = {"dataset": "mutag", "task": "graph", "features": "own", "readout": "sum", "hidden": (16, 16)}


def experiment(layers: Sequence[str] = tuple(LAYERS), draws: int = 10, steps: int = 50) -> Iterator[Progress | Verdict]:
    """Rows: layer, of nodes or of a graph, the largest difference in single precision and in double, relative to the
    largest output."""
    pace = Pace(2 * len(layers) * steps, 5)
    rows = []
    for layer in layers:
        for answers in ("nodes", "graph"):
            run = GraphRun(GraphSpec(layer=layer, **(MUTAG if answers == "graph" else {})))
            yield from pace.train(run, steps, f"{layer}, answers of {answers}")
            chance = torch.Generator().manual_seed(7)
            found = [difference(run, chance) for _ in range(draws)]
            rows.append({"layer": layer, "answers": answers, "single": max(single for single, _ in found),
                         "double": max(double for _, double in found)})  # fmt: skip
    yield judge(rows)


def difference(run: GraphRun, chance: torch.Generator) -> tuple[float, float]:
    """Of one renumbering, in single and in double precision."""
    piece = run.learned.pieces[0]
    order = torch.randperm(len(piece.x), generator=chance)
    shuffled = renumbered(piece, order, torch.randperm(piece.index.shape[1], generator=chance))
    return compare(run.network, piece, shuffled, order), compare(deepcopy(run.network).double(), piece, shuffled, order)


def renumbered(piece: Piece, order: Tensor, edges: Tensor) -> Piece:
    """The same graph with node `order[k]` as node k, and its edges in another order."""
    place = order.argsort()
    return Piece(piece.x[order], place[piece.index[:, edges]], piece.weight[edges], piece.pair[edges], piece.batch)


def compare(network: Gnn, piece: Piece, shuffled: Piece, order: Tensor) -> float:
    """The largest difference of the two outputs, node by node, relative to the largest output."""
    kind = next(network.parameters()).dtype
    with evaluating(network):
        one, other = (answer(network, each, kind) for each in (piece, shuffled))
    wanted = one[order] if network.spec.task == "node" else one
    return ((wanted - other).abs().max() / wanted.abs().max()).item()


def answer(network: Gnn, piece: Piece, kind: torch.dtype) -> Tensor:
    """The network's answers, computed in numbers of that kind."""
    edges = network.edges(piece.index, piece.weight.to(kind), len(piece.x))
    found: Tensor = network(piece.x.to(kind), edges, piece.batch)
    return found


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Yes where nothing differs by more than 1e-6 in single precision; partly where only in double."""
    single, double = max(row["single"] for row in rows), max(row["double"] for row in rows)
    holds = "yes" if single <= CLOSE else "partly" if double <= CLOSE else "no"
    sentence = (
        f"Over {len(rows)} trained networks the renumbered output and the output for the renumbered graph differ by at "
        f"most {single:.1e} of the largest output in single precision and {double:.1e} in double: what is left is the "
        "rounding of sums that are taken in another order."
    )
    return Verdict(holds, sentence, rows)  # type: ignore[arg-type]
