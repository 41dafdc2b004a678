"""Messages without weights: what passing features on does by itself, and how fast it makes nodes alike.

Let S = D^-½ A D^-½ be the adjacency normalised from both sides (GCN: of the graph with self-loops). Passing on k times
multiplies every eigenvector of S by its eigenvalue to the power k. Of the largest eigenvalue (1, once for every part
of the graph) all stays: that part of the features is the limit. What else there is shrinks at least as fast as |λ|^k,
with λ the largest other eigenvalue in size. The mean of the neighbours, D^-1 A = D^-½ S D^½, has the same eigenvalues.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

KINDS = ("gcn", "mean", "naive")
SAME = 1e-6  # eigenvalues closer than this are one
TINY = 1e-30


@dataclass(frozen=True)
class Passing:
    """`matrix` (node, node) multiplies the features of all nodes once a layer. `symmetric` (node, node) has the same
    eigenvalues; `matrix` = diag(1 / `root`) `symmetric` diag(`root`). `weights` (node, node), `degrees` (node,): of the
    graph that is passed along."""

    matrix: np.ndarray
    symmetric: np.ndarray
    root: np.ndarray
    weights: np.ndarray
    degrees: np.ndarray


def passing(kind: str, edges: np.ndarray, weights: np.ndarray, count: int) -> Passing:
    """How features are passed on: `gcn` S with self-loops, `mean` D^-1 A, `naive` A as it stands.

    `edges` (edge, 2), `weights` (edge,): every edge goes both ways, of a directed graph too. Of two edges between the
    same nodes the weights add up. A node without neighbours hears 0, with `gcn` itself.
    """
    a = np.zeros((count, count))
    for (source, target), weight in zip(edges, weights, strict=True):
        a[source, target] += weight
        if source != target:
            a[target, source] += weight
    if kind == "gcn":
        loops = np.diag(a)
        a = a + np.diag(np.where(loops == 0, 1.0, 0.0))
    degrees = a.sum(1)
    over = np.where(degrees > 0, 1 / np.sqrt(np.where(degrees > 0, degrees, 1)), 0.0)
    normal = over[:, None] * a * over
    match kind:
        case "gcn":
            return Passing(normal, normal, np.ones(count), a, degrees)
        case "mean":
            per_node = np.where(degrees > 0, 1 / np.where(degrees > 0, degrees, 1), 0.0)
            return Passing(per_node[:, None] * a, normal, np.sqrt(degrees), a, degrees)
        case _:
            return Passing(a, a, np.ones(count), a, degrees)


@dataclass(frozen=True)
class Spectrum:
    """`values` (unit,): eigenvalues from the largest down. `alike`: how many are equal to the largest. `rate`: the size
    of the largest other one over the largest, by which what is not the limit shrinks a layer, at the slowest."""

    values: np.ndarray
    alike: int
    rate: float
    limit: np.ndarray  # (node, node): the projection on the eigenvectors of the largest


def spectrum(how: Passing) -> Spectrum:
    """Eigenvalues of `how.symmetric`, what stays for ever, and how fast the rest goes."""
    values, vectors = np.linalg.eigh(how.symmetric)
    values, vectors = values[::-1], vectors[:, ::-1]
    most = values[0]
    alike = int((values > most - SAME * max(1.0, abs(most))).sum())
    rest = np.abs(values[alike:])
    rate = float(rest.max() / most) if len(rest) and most > SAME else 0.0
    return Spectrum(values, alike, rate, vectors[:, :alike] @ vectors[:, :alike].T)


def measures(x: np.ndarray, how: Passing, found: Spectrum) -> dict[str, float]:
    """How alike the rows of x (node, feature) are; all four are of the features over their size.

    `away`: the share of their length that is not the limit's. `energy`: the Dirichlet energy
    ½ Σ_ij a_ij ‖x_i / √d_i − x_j / √d_j‖² over ‖x‖², what neighbours differ by (C. Cai and Y. Wang, A Note on
    Over-Smoothing for Graph Neural Networks, 2020); for the mean the features are compared as they stand.
    `variance`: the mean squared distance of a row from the mean row, over the mean squared length. `cosine`: the mean
    cosine distance of two nodes (MAD of D. Chen et al., Measuring and Relieving the Over-Smoothing Problem for Graph
    Neural Networks from the Topological View, 2020).
    """
    size = float((x**2).sum())
    if size <= TINY:
        return dict.fromkeys(("away", "energy", "variance", "cosine"), float("nan"))
    y = x * how.root[:, None]  # as the symmetric matrix sees them
    away = y - found.limit @ y
    over = np.where(how.degrees > 0, 1 / np.sqrt(np.where(how.degrees > 0, how.degrees, 1)), 0.0)
    z = y * over[:, None]
    apart = (how.degrees[:, None] * z**2).sum() - (z * (how.weights @ z)).sum()
    return {
        "away": float(np.sqrt((away**2).sum() / max((y**2).sum(), TINY))),
        "energy": float(max(0.0, apart) / max((y**2).sum(), TINY)),
        "variance": float(((x - x.mean(0)) ** 2).sum() / size),
        "cosine": mean_cosine_distance(x),
    }


def mean_cosine_distance(x: np.ndarray) -> float:
    """The mean of 1 − cos of the rows of every two nodes that have a length; NaN for fewer than two such nodes."""
    long = np.sqrt((x**2).sum(1))
    long, unit = long[long > TINY], x[long > TINY] / long[long > TINY][:, None]
    n = len(long)
    if n < 2:
        return float("nan")
    # The sum over pairs of ½ ‖u − v‖² = n Σ ‖u − ū‖², which keeps its digits where all are nearly one.
    return float(n * ((unit - unit.mean(0)) ** 2).sum() / (n * (n - 1)))


def walk(x: np.ndarray, how: Passing, layers: int) -> list[np.ndarray]:
    """The features (node, feature) before any layer and after each, divided by their largest size where they would
    leave the numbers: every measure is of the features over their size."""
    found = [np.asarray(x, np.float64)]
    for _ in range(layers):
        y = how.matrix @ found[-1]
        most = np.abs(y).max(initial=0.0)
        found.append(y / most if most > 1e30 else y)
    return found
