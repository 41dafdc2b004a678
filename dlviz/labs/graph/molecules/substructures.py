"""What a molecule is built of, found from its atoms and bonds alone: nitro and amine groups, rings, kinds of atoms."""

from __future__ import annotations

import numpy as np

from dlviz.data.graphs.graph import Graph
from dlviz.data.graphs.molecules import BONDS

KINDS = (
    "N of a NO₂",
    "O of a NO₂",
    "C that carries a NO₂",
    "C in a ring",
    "C outside",
    "other N",
    "other O",
    "halogen",
)
SINGLE = BONDS.index("single")


def neighbours(graph: Graph) -> list[list[tuple[int, int]]]:
    """Of each atom its neighbours as (atom, kind of the bond)."""
    found: list[list[tuple[int, int]]] = [[] for _ in range(graph.count)]
    kinds = np.full(len(graph.edges), SINGLE) if graph.kinds is None else graph.kinds
    for (a, b), kind in zip(graph.edges.tolist(), kinds.tolist(), strict=True):
        found[a].append((b, kind))
        found[b].append((a, kind))
    return found


def nitro(graph: Graph) -> np.ndarray:
    """(atom,) i64: the number of the nitro group that an atom is of, −1 none. A nitro group is an N with two O that
    have no other neighbour."""
    around, found, groups = neighbours(graph), np.full(graph.count, -1), 0
    for atom, name in enumerate(graph.names):
        ends = [other for other, _ in around[atom] if graph.names[other] == "O" and len(around[other]) == 1]
        if name == "N" and len(ends) == 2:
            found[[atom, *ends]] = groups
            groups += 1
    return found


def amine(graph: Graph) -> np.ndarray:
    """(atom,) bool: an N with one neighbour, a single bond away. Its two hydrogens are left out of the set."""
    around = neighbours(graph)
    return np.array(
        [name == "N" and [kind for _, kind in around[k]] == [SINGLE] for k, name in enumerate(graph.names)], bool
    )


def in_ring(graph: Graph) -> np.ndarray:
    """(atom,) bool: on a bond whose ends stay joined without it."""
    around, found = neighbours(graph), np.zeros(graph.count, bool)
    for a, b in graph.edges.tolist():
        seen, todo = {a}, [a]
        while todo:
            at = todo.pop()
            for other, _ in around[at]:
                if other not in seen and {at, other} != {a, b}:
                    seen.add(other)
                    todo.append(other)
        found[[a, b]] |= b in seen
    return found


def kinds_of_atoms(graph: Graph) -> np.ndarray:
    """(atom,) i64: places in KINDS."""
    groups, ring, around = nitro(graph), in_ring(graph), neighbours(graph)
    found = np.zeros(graph.count, np.int64)
    for k, name in enumerate(graph.names):
        if groups[k] >= 0:
            found[k] = 0 if name == "N" else 1
        elif name == "C":
            carries = any(groups[other] >= 0 and graph.names[other] == "N" for other, _ in around[k])
            found[k] = 2 if carries else 3 if ring[k] else 4
        else:
            found[k] = {"N": 5, "O": 6}.get(name, 7)
    return found
