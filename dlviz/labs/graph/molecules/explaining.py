"""How much each atom (and bond) of a molecule speaks for "mutagenic": three answers to that question.

All explain the margin, the logit of the second class minus the logit of the first: above 0 the answer is the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs.graph import Graph, graph_of
from dlviz.labs.graph.data import Piece, features, piece_of, together
from dlviz.labs.graph.model import Gnn
from dlviz.training.evaluating import evaluating

METHODS = ("occlusion", "gradient", "integrated")
POINTS = 256  # at which integrated gradients ask for the gradient


@dataclass(frozen=True)
class Explained:
    """`atoms` (atom,) and `bonds` (bond,; NaN where the method says nothing of bonds): what each adds to the margin.

    `margin` of the molecule, and `baseline`: with all features 0. `error`: sum of `atoms` − (`margin` − `baseline`),
    which is 0 for integrated gradients with endless points, and means nothing for the others.
    """

    atoms: np.ndarray
    bonds: np.ndarray
    margin: float
    baseline: float
    error: float


def margins(network: Gnn, pieces: Sequence[Piece]) -> Tensor:
    """(graph,) logit of the second class − logit of the first; in one pass, but where PairNorm would mix the graphs."""
    if network.spec.norm == "pairnorm" and len(pieces) > 1:
        return torch.cat([margins(network, [piece]) for piece in pieces])
    piece = together(list(pieces))
    answers: Tensor = network(piece.x, network.edges(piece.index, piece.weight, len(piece.x)), piece.batch, len(pieces))
    return answers[:, 1] - answers[:, 0]


def explain(network: Gnn, graph: Graph, method: str, points: int = POINTS) -> Explained:
    """What each atom of a molecule adds, by one of METHODS; `points`: of integrated gradients. The network is left as
    it was. Raises `InvalidInput`."""
    if method not in METHODS:
        raise InvalidInput("molecules.method", f"must be one of {', '.join(METHODS)}", method, METHODS[0])
    piece = piece_of(features(network.spec, graph)[0], graph)
    none = np.full(len(graph.edges), np.nan, np.float32)
    with evaluating(network):
        margin, baseline = margins(network, [piece, replace(piece, x=torch.zeros_like(piece.x))]).tolist()
        if method == "occlusion":
            atoms, bonds = occlusion(network, graph, margin)
        elif method == "gradient":
            atoms, bonds = gradient_times_input(network, piece), none
        else:
            atoms, bonds = integrated_gradients(network, piece, points), none
    return Explained(atoms, bonds, margin, baseline, float(atoms.sum(dtype=np.float64)) - (margin - baseline))


def gradient_times_input(network: Gnn, piece: Piece) -> np.ndarray:
    """(atom,): slope of the margin by each feature of the atom, times the feature, summed."""
    with torch.enable_grad():
        x = piece.x.clone().requires_grad_()
        slope = torch.autograd.grad(margins(network, [replace(piece, x=x)]).sum(), x)[0]
    return np.asarray((slope * piece.x).sum(1).numpy(), np.float32)


def integrated_gradients(network: Gnn, piece: Piece, points: int = POINTS) -> np.ndarray:
    """(atom,): the mean slope on the straight way from all features 0 to the molecule, times the features, summed
    (M. Sundararajan, A. Taly, Q. Yan, Axiomatic Attribution for Deep Networks, 2017). The mean is an integral, by
    Gauss and Legendre's rule."""
    places, weights = np.polynomial.legendre.leggauss(points)
    ways = torch.tensor((places + 1) / 2, dtype=torch.float32)
    shares = torch.tensor(weights / 2, dtype=torch.float32)
    with torch.enable_grad():
        x = (ways[:, None, None] * piece.x).requires_grad_()
        found = torch.autograd.grad(_margins_of_one(network, piece, x).sum(), x)[0]
    slope = (found * shares[:, None, None]).sum(0)
    return np.asarray((slope * piece.x).sum(1).numpy(), np.float32)


def _margins_of_one(network: Gnn, piece: Piece, x: Tensor) -> Tensor:
    """(way,): the margins of one molecule with other features, `x` (way, atom, feature)."""
    many, atoms, _ = x.shape
    if network.spec.norm == "pairnorm":
        return torch.cat([margins(network, [replace(piece, x=one)]) for one in x])
    starts = torch.arange(many) * atoms
    index = (piece.index[:, None, :] + starts[:, None]).reshape(2, -1)
    answers = network(x.reshape(many * atoms, -1), network.edges(index, piece.weight.repeat(many), many * atoms),
                      torch.arange(many).repeat_interleave(atoms), many)  # fmt: skip
    return torch.as_tensor(answers[:, 1] - answers[:, 0])


def occlusion(network: Gnn, graph: Graph, margin: float) -> tuple[np.ndarray, np.ndarray]:
    """(atom,) and (bond,): by how much the margin falls when one is left out, an atom with all its bonds."""
    others = [without_atom(graph, k) for k in range(graph.count)]
    others += [without_bond(graph, k) for k in range(len(graph.edges))]
    left = margins(network, [piece_of(features(network.spec, other)[0], other) for other in others]).numpy()
    lost = (margin - left).astype(np.float32)
    return lost[: graph.count], lost[graph.count :]


def without_atom(graph: Graph, atom: int) -> Graph:
    """The molecule without an atom and its bonds."""
    keep = np.arange(graph.count) != atom
    bonds = (graph.edges != atom).all(1)
    moved = np.cumsum(keep) - 1
    return _part(graph, keep, moved[graph.edges[bonds]], bonds)


def without_bond(graph: Graph, bond: int) -> Graph:
    """The molecule without a bond."""
    bonds = np.arange(len(graph.edges)) != bond
    return _part(graph, np.ones(graph.count, bool), graph.edges[bonds], bonds)


def _part(graph: Graph, keep: np.ndarray, edges: np.ndarray, bonds: np.ndarray) -> Graph:
    return graph_of(
        [name for name, kept in zip(graph.names, keep, strict=True) if kept],
        graph.places[keep],
        edges,
        features=graph.features[keep],
        feature_names=graph.feature_names,
        kinds=None if graph.kinds is None else graph.kinds[bonds],
    )
