"""Pairs of small graphs that some networks cannot tell apart. The page draws the same (graphapart/pairs.js); a test
holds both against each other.

A node has a colour 0, 1, 2 (on screen a, b, c): all that a network is told of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx


@dataclass(frozen=True)
class Small:
    """An undirected graph: `colors` (node,), `edges` between positions, each once."""

    colors: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]

    @property
    def count(self) -> int:
        return len(self.colors)

    def neighbours(self) -> list[list[int]]:
        """Of every node, in the order of the edges."""
        found: list[list[int]] = [[] for _ in self.colors]
        for a, b in self.edges:
            found[a].append(b)
            found[b].append(a)
        return found

    def networkx(self) -> nx.Graph:
        """With `color` at every node."""
        graph = nx.Graph()
        graph.add_nodes_from((k, {"color": color}) for k, color in enumerate(self.colors))
        graph.add_edges_from(self.edges)
        return graph


Pair = tuple[Small, Small]


def ring(count: int, colors: tuple[int, ...] = ()) -> Small:
    """`count` nodes in a circle."""
    return Small(colors or (0,) * count, tuple((k, (k + 1) % count) for k in range(count)))


def star(*leaves: int) -> Small:
    """A node of colour 0 whose neighbours have these colours."""
    return Small((0, *leaves), tuple((0, k + 1) for k in range(len(leaves))))


def plain(count: int, *edges: tuple[int, int]) -> Small:
    """All nodes of colour 0."""
    return Small((0,) * count, edges)


def torus(steps: tuple[tuple[int, int], ...]) -> Small:
    """4 × 4 places that wrap around, each joined with those so many rows and columns away."""
    found = {
        tuple(sorted((4 * row + column, 4 * ((row + down) % 4) + (column + right) % 4)))
        for row in range(4)
        for column in range(4)
        for down, right in steps
    }
    return plain(16, *sorted((a, b) for a, b in found))


PAIRS: dict[str, Pair] = {
    # K. Xu et al., How Powerful are Graph Neural Networks?, 2019, figure 3: (a), (b), (c).
    "count": (star(0, 0), star(0, 0, 0, 0)),
    "twice": (star(1, 2), star(1, 2, 2)),
    "shares": (star(1, 2), star(1, 1, 2, 2)),
    "sizes": (ring(4), ring(8)),
    # 2-methylhexane and 3-methylhexane, without their hydrogen.
    "hexanes": (
        plain(7, (0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (1, 6)),
        plain(7, (0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (2, 6)),
    ),
    "swap": (ring(4, (0, 0, 1, 1)), ring(4, (0, 1, 0, 1))),
    "hexagon": (ring(6), plain(6, (0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3))),
    # Decalin and bicyclopentyl: R. Sato, A Survey on the Expressive Power of Graph Neural Networks, 2020.
    "decalin": (
        plain(10, *((k, (k + 1) % 10) for k in range(10)), (0, 5)),
        plain(10, *((k, (k + 1) % 5) for k in range(5)), *((5 + k, 5 + (k + 1) % 5) for k in range(5)), (0, 5)),
    ),
    # The rook's graph and Shrikhande's (1959): strongly regular with the same numbers (16, 6, 2, 2).
    "rook": (torus(((0, 1), (0, 2), (1, 0), (2, 0))), torus(((0, 1), (1, 0), (1, 1)))),
    "same": (
        plain(6, (0, 1), (1, 2), (2, 3), (3, 0), (0, 4), (4, 1), (3, 5)),
        plain(6, (5, 3), (3, 1), (1, 4), (4, 5), (5, 0), (0, 3), (4, 2)),
    ),
}
