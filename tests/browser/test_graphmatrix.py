"""The matrix of the Graph lab's stage: every step against networkx, torch_geometric and the run's own layers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch
from torch_geometric.nn import GATConv
from torch_geometric.nn.conv.gcn_conv import gcn_norm
from torch_geometric.utils import add_remaining_self_loops

from dlviz.core import spec as specs
from dlviz.data.graphs import coding
from dlviz.data.graphs.graph import Graph, graph_of
from dlviz.labs.graph.probe import messages
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from tests.browser.static_page import static_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.graph)"
TALL = {"viewport": {"width": 1440, "height": 12_000}}
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True}
CLOSE = 1e-6
ONE_WAY = graph_of(
    ["a", "b", "c", "d", "e", "f"], np.zeros((6, 2)), [[0, 0], [0, 1], [1, 0], [2, 1], [4, 3], [2, 4]],
    directed=True, weights=[2.0, 0.5, 1.0, 3.0, 1.0, 0.25], labels=[0, 1, 0, 1, 0, -1],
    given=[True, True, False, False, False, False], classes=["x", "y"],
)  # fmt: skip
ISOLATED = graph_of(
    list("abcde"), np.zeros((5, 2)), [[0, 1], [1, 2], [2, 2]], labels=[0, 1, -1, -1, -1],
    given=[True, True, False, False, False], classes=["x", "y"],
)  # fmt: skip
SPECS = {
    "karate": GraphSpec(),
    "one way, weighted, loops": GraphSpec(dataset="own", graph=coding.write(ONE_WAY)),
    "isolated nodes": GraphSpec(dataset="own", graph=coding.write(ISOLATED)),
    "lesmis": GraphSpec(dataset="lesmis"),
}
MATRICES = """async ({numbers, scene}) => {
  const { graphOf } = await import('/lib/graphs.js');
  const { matrixOf, largestEigenvalue, isSymmetric } = await import('/graph/matrixsteps.js');
  const { orderOf, communities } = await import('/graph/matrixorder.js');
  const kinds = {float32: Float32Array, int32: Int32Array, uint8: Uint8Array};
  const arrays = Object.fromEntries(Object.entries(scene).map(([name, {shape, kind, data}]) => [name, {shape, data: kinds[kind].from(data)}]));
  const graph = graphOf({numbers, arrays});
  const steps = Object.fromEntries(['plain', 'loops', 'degree', 'normal'].map((slug) => {
    const made = matrixOf(slug, graph);
    return [slug, {values: [...made.values], sums: [...made.sums], filled: made.filled, eigen: largestEigenvalue(made), symmetric: isSymmetric(made)}];
  }));
  return {steps, orders: Object.fromEntries(['numbered', 'class', 'degree'].map((how) => [how, orderOf(how, graph)])), communities: [...communities(graph)]};
}"""  # noqa: E501


@pytest.fixture(scope="module")
def bare(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        yield opened


def plain(arrays: Any) -> dict[str, Any]:
    return {
        name: {"shape": list(a.shape), "kind": a.dtype.name, "data": np.nan_to_num(a).ravel().tolist()}
        for name, a in arrays.items()
    }


def dense(index: torch.Tensor, weight: torch.Tensor, count: int) -> np.ndarray:
    """[target, source], so that the product collects what comes in."""
    found = np.zeros((count, count), np.float32)
    np.add.at(found, (index[1].numpy(), index[0].numpy()), weight.numpy())
    return found


def of_pyg(graph: Graph) -> dict[str, np.ndarray]:
    index, weight = torch.tensor(graph.edge_index), torch.tensor(graph.edge_weight)
    loops = dense(*add_remaining_self_loops(index, weight, 1.0, graph.count), graph.count)
    return {"plain": dense(index, weight, graph.count), "loops": loops, "degree": np.diag(loops.sum(1)),
            "normal": dense(*gcn_norm(index, weight, graph.count, add_self_loops=True), graph.count)}  # fmt: skip


def of_networkx(graph: Graph) -> nx.Graph:
    made = nx.DiGraph() if graph.directed else nx.Graph()
    made.add_nodes_from(range(graph.count))
    made.add_weighted_edges_from(
        (int(a), int(b), float(w)) for (a, b), w in zip(graph.edges, graph.weights, strict=True)
    )
    return made


@pytest.mark.parametrize("name", SPECS)
def test_every_matrix_is_networkxs_and_torch_geometrics(bare: Any, name: str) -> None:
    run = GraphRun(SPECS[name])
    graph = run.learned.graphs[0]
    scene = run.scene()
    found = bare.evaluate(MATRICES, {"numbers": dict(scene.numbers), "scene": plain(scene.arrays)})
    wanted = of_pyg(graph)
    for slug, matrix in wanted.items():
        ours = np.reshape(found["steps"][slug]["values"], (graph.count, graph.count))
        np.testing.assert_allclose(ours, matrix, atol=CLOSE, err_msg=slug)
        np.testing.assert_allclose(found["steps"][slug]["sums"], matrix.sum(1), rtol=1e-5, err_msg=slug)
        assert found["steps"][slug]["filled"] == np.count_nonzero(matrix)
        assert found["steps"][slug]["symmetric"] == np.allclose(matrix, matrix.T, atol=CLOSE)
        if not graph.directed:
            largest = float(np.linalg.eigvalsh(matrix.astype(float))[-1])
            assert found["steps"][slug]["eigen"] == pytest.approx(largest, abs=2e-3)
        elif slug != "degree":
            assert found["steps"][slug]["eigen"] is None
    other = of_networkx(graph)
    adjacency = nx.adjacency_matrix(other, nodelist=range(graph.count)).toarray()
    np.testing.assert_allclose(wanted["plain"], adjacency.T, atol=CLOSE)  # networkx: the sender is the row
    if not graph.directed:
        for node in range(graph.count):
            if not other.has_edge(node, node):
                other.add_edge(node, node, weight=1.0)
        laplacian = nx.normalized_laplacian_matrix(other, nodelist=range(graph.count)).toarray()
        ours = np.reshape(found["steps"]["normal"]["values"], (graph.count, graph.count))
        np.testing.assert_allclose(ours, np.eye(graph.count) - laplacian, atol=CLOSE)
    check_orders(found, graph)


def check_orders(found: dict[str, Any], graph: Graph) -> None:
    degrees = graph.degrees
    assert found["orders"]["numbered"] == list(range(graph.count))
    assert found["orders"]["degree"] == sorted(range(graph.count), key=lambda k: (-degrees[k], k))
    rank = [label if label >= 0 else 99 for label in graph.labels]
    assert found["orders"]["class"] == sorted(range(graph.count), key=lambda k: (rank[k], -degrees[k], k))
    if graph.directed or not len(graph.edges):
        return
    groups = found["communities"]
    parts = [{k for k in range(graph.count) if groups[k] == group} for group in set(groups)]
    other = of_networkx(graph)
    ours = nx.community.modularity(other, parts)
    theirs = nx.community.modularity(other, nx.community.greedy_modularity_communities(other, weight="weight"))
    assert ours > theirs - 0.1  # as good as another method's, or nearly


def test_two_hundred_nodes_are_drawn_in_a_frame(bare: Any) -> None:
    """A budget that a slow machine keeps as well: the median of many drawings, hovers included."""
    took = bare.evaluate("""async () => {
      const { MatrixPicture } = await import('/graph/matrixpicture.js');
      const picture = new MatrixPicture({label: '', onhover() {}, onpick() {}});
      picture.element.style.width = '600px';
      picture.canvas.style.width = '100%';
      document.body.append(picture.element);
      const count = 200, message = new Map(), values = new Float32Array(count * count), rows = Array.from({length: count}, () => []);
      for (let k = 0; k < 1200; k += 1) { const at = (k * 7919) % (count * count); message.set(at, k); values[at] = (k % 9) + 1; }
      const graph = {names: Array.from({length: count}, (_, k) => String(k))};
      const colors = {paper: '#ffffff', ink: '#000000', muted: '#888888', line: '#cccccc', accent: '#008800', classes: Array(10).fill('#1f6fb5'), font: 'sans-serif', sequential: (t) => [255 * (1 - t), 255 * (1 - t), 255]};
      const took = [];
      for (let turn = 0; turn < 25; turn += 1) {
        const order = graph.names.map((_, k) => (k * (turn + 1) * 3 + turn) % count);
        picture.show({matrix: {slug: 'plain', count, values, rows, message, sums: new Float32Array(count).fill(2), most: 9}, graph, order: [...new Set(order)].length === count ? order : graph.names.map((_, k) => k), groups: {of: new Int32Array(count), sorted: true}, row: turn, column: turn + 3, spots: [], picked: null});
        picture.draw(colors);
        took.push(picture.last.milliseconds);
      }
      return took.sort((a, b) => a - b)[12];
    }""")  # noqa: E501
    assert took < 8


# --- the real app ----------------------------------------------------------------------------------


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `m`, the matrix on screen, holds; `m`."""
    page.wait_for_function(
        f"() => {{ const m = {STAGE}?.dlviz.graph()?.matrix; return m && m.product && ({condition}); }}", timeout=90_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {STAGE}.dlviz.graph().matrix")
    return found


def opened(page: Any, app: str, **settings: Any) -> tuple[dict[str, Any], GraphRun]:
    spec = GraphSpec(**settings)
    link = "&".join(f"{key}={value}" for key, value in specs.link("graph", spec).items())
    page.goto(f"{app}/graph?graph.step=40&{link}")
    now = wait(page, "m.step === 40")
    run = GraphRun(spec)
    run.advance(40)
    return now, run


def step(page: Any, slug: str) -> dict[str, Any]:
    page.locator(f".gx-step[value={slug}]").click()
    return wait(page, f"m.slug === '{slug}'")


def point(page: Any, now: dict[str, Any], i: int, j: int) -> None:
    """Put the pointer on a cell."""
    places = {node: place for place, node in enumerate(now["nodes"])}
    first = now["middles"][0]
    x0, y0 = (first[axis] - places[0] * now["cell"] for axis in (0, 1))
    x, y = x0 + places[j] * now["cell"], y0 + places[i] * now["cell"]
    page.locator(".gx-canvas").hover(position={"x": x, "y": y})


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_the_matrix_and_the_drawing_show_the_same(page: Any, app: str) -> None:
    now, run = opened(page, app)
    graph = run.learned.graphs[0]
    wanted = of_pyg(graph)
    for slug, matrix in wanted.items():
        now = step(page, slug)
        np.testing.assert_allclose(now["values"], matrix.ravel(), atol=CLOSE)
    assert now["used"] == "normal"
    now = step(page, "normal")
    assert "largest eigenvalue is 1:" in now["whole"]
    assert f"{np.count_nonzero(wanted['normal'])} of 1,156 cells" in now["whole"]
    point(page, now, 3, 7)
    now = wait(page, "m.marked.cell?.join() === '3,7' && m.marked.row === 3 && m.product.i === 3")
    assert now["equation"] == f"Â[3, 7] = 1 / √(7 · 5) = {wanted['normal'][3, 7]:.3g}"
    edge = next(k for k, pair in enumerate(graph.edges.tolist()) if pair == [3, 7])
    # The product of the row is what the layer passes on.
    trace = messages(run)
    np.testing.assert_allclose(now["product"]["sum"], trace["aggregate"][3], atol=1e-5)
    # From elsewhere: an edge marks both its cells, a node its row and its column.
    page.mouse.move(5, 5)
    wait(page, "m.marked.row === null")
    page.evaluate(f"() => {STAGE}.dlviz.pick({{hovered: null, hoveredEdge: {edge}}})")
    now = wait(page, "m.marked.spots.length === 2")
    assert sorted(now["marked"]["spots"]) == [[3, 7], [7, 3]]
    page.evaluate(f"() => {STAGE}.dlviz.pick({{hovered: 33, hoveredEdge: null}})")
    now = wait(page, "m.marked.row === 33 && m.marked.column === 33")
    assert now["equation"] == f"Row 33: 18 filled cells, sum {wanted['normal'][33].sum():.3g}"
    page.locator("section.graph-matrix [role=radio][value=degree]").click()
    now = wait(page, "m.order === 'degree'")
    assert now["nodes"] == sorted(range(34), key=lambda k: (-graph.degrees[k], k))
    point(page, now, 33, 0)
    assert wait(page, "m.marked.cell?.join() === '33,0'")["equation"] == "Â[33, 0] = 0"


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_attention_is_torch_geometrics_for_every_layer_and_head(page: Any, app: str) -> None:
    _, run = opened(page, app, layer="gat", hidden=(6, 3), heads=3)
    now = step(page, "attention")
    index = torch.tensor(run.learned.graphs[0].edge_index)
    for layer in (0, 1):
        inputs, outputs = ((34, 2), (6, 3))[layer]
        other = GATConv(inputs, outputs, 3, concat=layer == 0)
        other.load_state_dict(run.network.layers[layer].state_dict())
        x = torch.tensor(messages(run, layer_number=layer)["features"])
        _, (looped, attention) = other(x, index, return_attention_weights=True)
        page.locator("section.graph-matrix select").first.select_option(index=layer)
        page.locator("section.graph-matrix select").nth(1).select_option(index=2)
        now = wait(page, f"m.layer === {layer} && m.head === 2 && m.product.layer === {layer}")
        wanted = dense(looped, attention[:, 2].detach(), 34)
        np.testing.assert_allclose(now["values"], wanted.ravel(), atol=1e-5)
        np.testing.assert_allclose(now["sums"], 1, atol=1e-5)
        w = other.lin.weight.detach()[2 * outputs : 3 * outputs]
        np.testing.assert_allclose(now["product"]["sum"], (wanted @ (x @ w.T).numpy())[now["product"]["i"]], atol=1e-4)
    assert "Every row sums to 1" in now["whole"]


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_the_keys_walk_the_cells_and_a_phone_has_room(page: Any, app: str) -> None:
    now, run = opened(page, app, dataset="own", graph=coding.write(ONE_WAY))
    assert "transpose" in page.locator("section.graph-matrix").inner_text()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    canvas = page.locator(".gx-canvas")
    canvas.focus()
    for key in ("Home", "ArrowDown", "e"):
        canvas.press(key)
    now = wait(page, "m.marked.cell !== null")
    wanted = of_pyg(run.learned.graphs[0])["plain"]
    i, j = now["marked"]["cell"]
    assert i == 1
    assert now["equation"] == f"A[{i}, {j}] = {wanted[i, j]:g}"
    assert wanted[i, j] > 0
    assert "not symmetric" in now["whole"]
    canvas.press("Enter")
    wait(page, f"m.marked.row === {i}")
    picked = page.evaluate(f"() => {STAGE}.dlviz.graph().matrix.product.i")
    assert picked == i
    canvas.press("Escape")
    assert wait(page, "m.marked.row === null")["product"]["i"] == i  # the picked node stays
    assert json.loads(run.spec.graph)["d"] == 1
