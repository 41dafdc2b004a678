"""lib/graphcode.js against dlviz/data/graphs/coding.py: the same letters for every graph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from dlviz.data.graphs import coding, many, single
from dlviz.data.graphs.graph import Graph, graph_of
from dlviz.data.graphs.molecules import from_smiles
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

MIDDLES = [0.0625, -0.0625, 0.1875, 0.3125, -0.5, 1.0, -1.0, 0.0, -0.0, 1e-9, 0.9999, 0.0005, 0.4375]
AWKWARD = [100000.5, 100001.5, 1e6, 123456.7, 1234567.0, 1e-5, 1.5e-7, 3.4e38, -2.5, 0.1, 1e16, 1e15]


def strange() -> Graph:
    count = len(AWKWARD) - 1
    x = np.resize(np.array(MIDDLES), (count, 2)) * 1.0
    features = np.stack([AWKWARD[:count], [-v for v in AWKWARD[1:]]], 1).astype(np.float32)
    edges = [[0, 1], [1, 0], [2, 2], [5, 3], [4, 6]]
    return graph_of(
        ["", "Zoë", 'a "quoted" \\ name', "名", "a's", *[""] * (count - 5)], x, edges,
        keys=[7, 3, *range(10, 8 + count)],
        weights=[1.0, 0.1, 1e-6, 2e7, 100001.5], directed=True, features=features, feature_names=["one", "two"],
        labels=[0, 1, -1, *[0] * (count - 3)], given=[True, *[False] * (count - 1)], classes=["Ä", "b"],
    )  # fmt: skip


def chance(seed: int) -> Graph:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 40))
    edges = np.argwhere(np.triu(rng.random((count, count)) < 0.2))
    scale = 10.0 ** rng.integers(-7, 8, len(edges))
    labels = rng.integers(-1, 3, count)
    return graph_of(
        [str(k) if rng.random() < 0.7 else "" for k in range(count)], rng.uniform(-1, 1, (count, 2)), edges,
        keys=rng.permutation(1000)[:count].tolist(),
        weights=(rng.uniform(0.1, 9, len(edges)) * scale).astype(np.float32),
        features=rng.normal(size=(count, 3)).astype(np.float32) * 10.0 ** rng.integers(-6, 7),
        feature_names=["u", "v", "w"],
        labels=labels, given=(labels >= 0) & (rng.random(count) < 0.5), classes=["a", "b", "c"],
    )  # fmt: skip


GRAPHS = {
    **{slug: (lambda s=slug: single.load_single(s, 1)) for slug in single.SINGLE},
    "aspirin": lambda: from_smiles("t", "CC(=O)Oc1ccccc1C(=O)O"),
    "mutag": lambda: many.load_many("mutag", 1).graphs[3],
    "strange": strange,
    "empty": lambda: graph_of([], np.zeros((0, 2)), []),
    **{f"chance {k}": (lambda s=k: chance(s)) for k in range(12)},
}


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        opened.evaluate("async () => { window.code = await import('/lib/graphcode.js'); }")
        yield opened


def plain(graph: Graph) -> dict[str, Any]:
    """The graph as the page holds one: single precision as doubles, nothing rounded."""
    return {
        "directed": graph.directed, "classes": list(graph.classes), "featureNames": list(graph.feature_names),
        "nodes": [
            {"key": int(graph.keys[k]), "x": float(graph.places[k, 0]), "y": float(graph.places[k, 1]),
             "label": int(graph.labels[k]), "given": bool(graph.given[k]), "name": graph.names[k],
             "features": [float(value) for value in graph.features[k]]}
            for k in range(graph.count)
        ],
        "edges": [
            {"a": int(a), "b": int(b), "weight": float(graph.weights[e]),
             "kind": -1 if graph.kinds is None else int(graph.kinds[e])}
            for e, (a, b) in enumerate(graph.edges)
        ],
    }  # fmt: skip


@pytest.mark.parametrize("name", GRAPHS)
def test_the_page_writes_a_graph_as_python_does(page: Any, name: str) -> None:
    graph = GRAPHS[name]()
    expected = coding.write(graph)
    assert page.evaluate("(graph) => code.writeGraph(graph)", plain(graph)) == expected
    # What the page reads it writes again, so that undoing gives back the very same text.
    assert page.evaluate("(text) => code.writeGraph(code.parseGraph(text))", expected) == expected
