"""A graph as the compact text in which it travels in a link or a command, and back.

    {"v":1,"d":0,"c":["A","B"],"f":[],"n":[[0,-0.5,0,0,1,"left"],[3,0.5,0,1,1]],"e":[[0,3],[3,3,2.5]]}

"d": 1 for directed; "c", "f": names of classes and features; "n": for each node key, x, y, label, 1 if the label is
given, name, features; "e": for each edge the keys of its ends, its weight, the kind of its bond.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs.graph import MOST_CLASSES, MOST_EDGES, MOST_FEATURES, MOST_NODES, UNKNOWN, Graph, graph_of

START = '{"v":1,'
MOST_LETTERS = 400_000  # of any text that a person gives as a graph
NAME_LENGTH = 40
MOST_KEY = 2**53 - 1  # beyond, JavaScript can't tell whole numbers apart
KINDS = 4  # of bonds
AGAIN = "the whole link again, or a graph that the lab wrote"


def write(graph: Graph) -> str:
    """The graph as text: places rounded to 3 decimals, weights and features to 6 digits.

    What can be left out is: weights of 1, names and features at a node's end. That a graph without edges could have
    kinds of bonds is not kept.
    """
    keys = graph.keys.tolist()
    nodes = []
    for at, key in enumerate(keys):
        x, y = (_short(round(float(value), 3)) for value in graph.places[at])
        entry = [key, x, y, int(graph.labels[at]), int(graph.given[at])]
        features = [_short(value) for value in graph.features[at].tolist()]
        if graph.names[at] or features:
            entry.append(graph.names[at])
        nodes.append([*entry, features] if features else entry)
    edges = []
    for at, (a, b) in enumerate(graph.edges.tolist()):
        weight = _short(float(graph.weights[at]))
        entry = [keys[a], keys[b]]
        if graph.kinds is not None:
            entry += [weight, int(graph.kinds[at])]
        elif weight != 1:
            entry.append(weight)
        edges.append(entry)
    whole = {"v": 1, "d": int(graph.directed), "c": graph.classes, "f": graph.feature_names, "n": nodes, "e": edges}
    return json.dumps(whole, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def is_code(text: str) -> bool:
    """Whether `text` begins as what `write` writes."""
    return text.startswith(START)


def read_code(name: str, text: str) -> Graph:
    """The graph that `write` wrote. Raises `InvalidInput` about `name` for whatever is broken, before anything costs
    time. A graph without any node is one."""
    if len(text) > MOST_LETTERS:
        raise InvalidInput(name, f"must have at most {MOST_LETTERS:,} letters", f"{len(text):,}", "a smaller graph")
    try:
        whole = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise InvalidInput(name, 'must be a graph as text, {"v":1,…}', text, AGAIN) from None
    read = _Reading(name)
    if not isinstance(whole, dict) or set(whole) != set("vdcfne") or whole["v"] != 1:
        raise read.wrong("must have exactly the parts v (1), d, c, f, n and e", text)
    directed = read.one_of("d", whole["d"], 1) == 1
    classes = read.names("c", whole["c"], MOST_CLASSES)
    features = read.names("f", whole["f"], MOST_FEATURES)
    nodes = [read.node(entry, len(classes), len(features)) for entry in read.items("n", whole["n"], MOST_NODES)]
    position: dict[int, int] = {}
    for node in nodes:
        if node[0] in position:
            raise read.wrong("must give each node a key of its own", f"key {node[0]} twice")
        position[node[0]] = len(position)
    edges = [read.edge(entry, position) for entry in read.items("e", whole["e"], MOST_EDGES)]
    seen: set[tuple[int, int]] = set()
    for entry, (a, b, _, _) in zip(whole["e"], edges, strict=True):
        ends = (a, b) if directed else (min(a, b), max(a, b))
        if ends in seen:
            raise read.wrong("must have each edge once", entry)
        seen.add(ends)
    kinds = [edge[3] for edge in edges]
    if UNKNOWN in kinds and set(kinds) != {UNKNOWN}:
        raise read.wrong("must give the kind of every bond or of none", f"{kinds.count(UNKNOWN)} without")
    return graph_of(
        [node[5] for node in nodes],
        np.array([node[1:3] for node in nodes], dtype=np.float32),
        [edge[:2] for edge in edges],
        keys=list(position),
        weights=[edge[2] for edge in edges],
        directed=directed,
        features=np.array([node[6] for node in nodes], dtype=np.float32).reshape(len(nodes), len(features)),
        feature_names=features,
        labels=[node[3] for node in nodes],
        given=[node[4] for node in nodes],
        classes=classes,
        kinds=None if UNKNOWN in kinds or not kinds else kinds,
    )


def positive(value: object) -> bool:
    """Whether `value` is a number that is a weight: finite and over 0 in single precision too."""
    return _finite(value) and float(np.float32(value)) > 0  # type: ignore[arg-type]


class _Reading:
    """The checks of one text; `name` is what errors are about."""

    def __init__(self, name: str) -> None:
        self.name = name

    def wrong(self, rule: str, given: object) -> InvalidInput:
        return InvalidInput(self.name, rule, given, AGAIN)

    def items(self, part: str, value: Any, most: int) -> list[Any]:
        if not isinstance(value, list):
            raise self.wrong(f"must have a list as its part {part}", value)
        if len(value) > most:
            what = {"c": "classes", "f": "features", "n": "nodes", "e": "edges"}[part]
            raise self.wrong(f"must have at most {most:,} {what}", f"{len(value):,}")
        return value

    def names(self, part: str, value: Any, most: int) -> list[str]:
        found = self.items(part, value, most)
        for entry in found:
            self.named(entry)
        if len(set(found)) < len(found):
            raise self.wrong(f"must not have a name twice in its part {part}", found)
        return found

    def named(self, value: Any) -> str:
        if not isinstance(value, str) or len(value) > NAME_LENGTH or not value.isprintable():
            raise self.wrong(f"must have names of at most {NAME_LENGTH} printable letters", value)
        return value

    def one_of(self, what: str, value: Any, most: int, least: int = 0) -> int:
        if not _whole(value) or not least <= value <= most:
            raise self.wrong(f"must have a whole number from {least} to {most} as {what}", value)
        return int(value)

    def node(self, entry: Any, classes: int, features: int) -> tuple[int, float, float, int, bool, str, list[float]]:
        if not isinstance(entry, list) or not 5 <= len(entry) <= 7:
            raise self.wrong("must have nodes [key, x, y, label, given, name, features]", entry)
        key, x, y, label, given, name, own = entry + ["", []][len(entry) - 5 :]
        self.one_of("key", key, MOST_KEY)
        for value in (x, y):
            if not _finite(value) or abs(value) > 1:
                raise self.wrong("must have coordinates from -1 to 1", entry)
        self.one_of("label", label, classes - 1, UNKNOWN)
        if self.one_of("given", given, 1) and label == UNKNOWN:
            raise self.wrong("must not give a label that is unknown", entry)
        if not isinstance(own, list) or not all(map(_finite, own)):
            raise self.wrong("must have finite numbers as features", entry)
        if len(own) != features:
            raise self.wrong(f"must have {features} features at every node, as its part f names", entry)
        return key, x, y, label, bool(given), self.named(name), own

    def edge(self, entry: Any, position: dict[int, int]) -> tuple[int, int, float, int]:
        if not isinstance(entry, list) or not 2 <= len(entry) <= 4:
            raise self.wrong("must have edges [key, key, weight, kind]", entry)
        for key in entry[:2]:
            if not _whole(key) or key not in position:
                raise self.wrong("must have edges between keys of its nodes", entry)
        weight = entry[2] if len(entry) > 2 else 1.0
        if not positive(weight):
            raise self.wrong("must have weights over 0", entry)
        kind = self.one_of("kind of a bond", entry[3], KINDS - 1) if len(entry) > 3 else UNKNOWN
        return position[entry[0]], position[entry[1]], float(weight), kind


def _short(value: float) -> float | int:
    """The number to 6 digits, whole ones without a point."""
    found = float(f"{value:.6g}")
    return int(found) if found.is_integer() and abs(found) < 1e6 else found


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _finite(value: object) -> bool:
    """Whether `value` is a number, and finite in single precision."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return abs(value) <= float(np.finfo(np.float32).max)


def _refuse(word: str) -> NoReturn:
    """JSON's NaN and Infinity are no numbers here."""
    raise ValueError(word)
