"""Message passing in the browser (lib/gnn.js, lib/graphs.js) against torch: every number of every layer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.data.graphs import coding
from dlviz.data.graphs.graph import graph_of
from dlviz.labs.graph.probe import shown_piece
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import LAYERS, GraphSpec
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser
CLOSE = 1e-5

ODD = coding.write(
    graph_of(
        ["a", "b", "c", "d", "e", "f"],
        np.zeros((6, 2)),
        [[0, 0], [0, 1], [1, 0], [2, 1], [4, 3]],
        directed=True,
        weights=[2.0, 0.5, 1.0, 3.0, 1.0],
        features=np.arange(18, dtype=np.float32).reshape(6, 3) / 10 - 0.7,
        feature_names=["u", "v", "w"],
        labels=[0, 1, 0, 1, 0, -1],
        given=[True, True, False, False, False, False],
        classes=["x", "y"],
    )
)
SPECS = [
    *[GraphSpec(layer=layer, hidden=(6, 4, 2)) for layer in LAYERS],
    *[GraphSpec(layer=layer, dataset="own", graph=ODD, features="own", hidden=(4, 4)) for layer in LAYERS],
    GraphSpec(layer="sage", aggregate="max", activation="tanh", residual=True, hidden=(6, 6, 3), features="degree"),
    GraphSpec(layer="gin", aggregate="mean", norm="pairnorm", hidden=(6, 6, 3), features="degree"),
    GraphSpec(task="link", hidden=(8, 4)),
    GraphSpec(dataset="mutag", task="graph", features="own", layer="gin", readout="sum", hidden=(8, 4), shown=5),
    GraphSpec(dataset="families", task="regression", features="degree", layer="gat", readout="max", hidden=(8, 4)),
]
RUN = """({numbers, scene, state}) => {
  const kinds = {float32: Float32Array, int32: Int32Array, uint8: Uint8Array};
  const read = (all) => Object.fromEntries(Object.entries(all).map(([name, {shape, kind, data}]) => [name, {shape, data: kinds[kind].from(data)}]));
  const whole = {numbers, arrays: read(scene)};
  const network = gnn.readGnn(whole, read(state));
  const found = network.run(graphs.graphOf(whole));
  return {answers: [...found.answers], layers: found.layers.map((record) => Object.fromEntries(Object.entries(record)
    .filter(([, value]) => value instanceof Float32Array).map(([name, value]) => [name, [...value]])
    .concat([["sources", [...record.edges.sources]], ["targets", [...record.edges.targets]], ["scale", [...record.edges.scale]], ["degree", [...record.edges.degree]]])))};
}"""  # noqa: E501


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        opened.evaluate(
            "async () => { window.gnn = await import('/lib/gnn.js'); window.graphs = await import('/lib/graphs.js'); }"
        )
        yield opened


def plain(arrays: Any) -> dict[str, Any]:
    return {
        name: {"shape": list(a.shape), "kind": a.dtype.name, "data": np.nan_to_num(a).ravel().tolist()}
        for name, a in arrays.items()
    }


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"{s.dataset}-{s.task}-{s.layer}-{s.aggregate}-{s.norm}")
def test_every_number_of_every_layer_equals_torchs(page: Any, spec: GraphSpec) -> None:
    run = GraphRun(spec)
    run.advance(5)
    network, piece = run.network.eval(), shown_piece(run)
    edges = network.edges(piece.index, piece.weight, len(piece.x))
    records: list[dict[str, torch.Tensor]] = []
    with torch.no_grad():
        network.embed(piece.x, edges, records)
        answers = network(piece.x, edges, piece.batch)
    scene = run.scene()
    state = {k: v for k, v in run.frame().arrays.items() if k.startswith("state/")}
    found = page.evaluate(RUN, {"numbers": dict(scene.numbers), "scene": plain(scene.arrays), "state": plain(state)})
    np.testing.assert_allclose(found["answers"], answers.numpy().ravel(), atol=CLOSE, rtol=CLOSE)
    assert len(found["layers"]) == len(records)
    for ours, theirs in zip(found["layers"], records, strict=True):
        assert ours["sources"] == edges.sources.tolist()
        assert ours["targets"] == edges.targets.tolist()
        np.testing.assert_allclose(ours["scale"], edges.scale, atol=CLOSE)
        np.testing.assert_allclose(ours["degree"], edges.degrees(), atol=CLOSE)
        for name, values in theirs.items():
            np.testing.assert_allclose(ours[name], values.numpy().ravel(), atol=CLOSE, rtol=CLOSE, err_msg=name)
