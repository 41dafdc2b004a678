"""A small graph from text: an edge a line. The page reads the same way (graphapart/graphtext.js)."""

from __future__ import annotations

import re

from dlviz.core.errors import InvalidInput
from dlviz.labs.graph.apart.pairs import Small

MOST_NODES, MOST_EDGES, MOST_LETTERS = 100, 600, 12
COLORS = "abc"
FORM = "0 1"


def read(name: str, text: object) -> Small:
    """`0 1` joins two nodes, `4` is a node alone, `4 = b` gives a node the colour b. Raises `InvalidInput` about
    `name`."""
    if not isinstance(text, str):
        raise InvalidInput(name, "must be lines of text, two names a line", text, FORM)
    colors: dict[str, int] = {}
    edges: dict[tuple[int, int], None] = {}

    def place(node: str, line: int) -> int:
        if len(node) > MOST_LETTERS:
            raise InvalidInput(name, f"must have names of at most {MOST_LETTERS} letters", f"line {line}: {node}", FORM)
        if node not in colors:
            if len(colors) == MOST_NODES:
                raise InvalidInput(name, f"must have at most {MOST_NODES} nodes", f"one more in line {line}", "fewer")
            colors[node] = 0
        return list(colors).index(node)

    for line, row in enumerate(text.split("\n"), 1):
        row = row.strip()
        if not row or row.startswith("#"):
            continue
        node, equals, color = (part.strip() for part in row.partition("="))
        if equals:
            if not node or len(color) != 1 or color not in COLORS or re.search(r"[\s,;]", node):
                raise InvalidInput(name, "must give colours as a, b or c", f"line {line}: {row[:40]}", "4 = b")
            place(node, line)
            colors[node] = COLORS.index(color)
            continue
        parts = [part for part in re.split(r"[\s,;]+", row) if part]
        if not 1 <= len(parts) <= 2:
            raise InvalidInput(name, "must have two names a line", f"line {line}: {row[:40]}", FORM)
        places = [place(part, line) for part in parts]
        if len(places) == 1:
            continue
        a, b = sorted(places)
        if a == b:
            raise InvalidInput(name, "must not join a node with itself", f"line {line}: {row[:40]}", FORM)
        edges[a, b] = None
        if len(edges) > MOST_EDGES:
            raise InvalidInput(name, f"must have at most {MOST_EDGES} edges", f"one more in line {line}", "fewer")
    if not colors:
        raise InvalidInput(name, "must have a node", "none", FORM)
    return Small(tuple(colors.values()), tuple(edges))
