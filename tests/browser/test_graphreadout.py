"""The panel Readout in the real app: batch, readouts, copies and sizes against torch_geometric and the same run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import pearsonr
from torch_geometric.data import Batch, Data
from torch_geometric.nn import global_add_pool, global_max_pool, global_mean_pool

from dlviz.core import spec as specs
from dlviz.labs.graph.data import Piece
from dlviz.labs.graph.reading_out import HOWS, part, readout
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.graphreadout)"
TALL = {"viewport": {"width": 1440, "height": 12_000}}
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True}
POOLS = dict(zip(HOWS, (global_add_pool, global_mean_pool, global_max_pool), strict=True))
MUTAG = {"dataset": "mutag", "task": "graph", "features": "own", "layer": "gin", "hidden": (8, 4), "readout": "sum"}
CLOSE = {"rtol": 1e-4, "atol": 1e-4}
STEPS = 40


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `r`, what the panel shows, holds; `r`."""
    page.wait_for_function(
        f"() => {{ const r = {PANEL}?.dlviz.graphreadout(); return r && ({condition}); }}", timeout=90_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.graphreadout()")
    return found


def opened(page: Any, app: str, **settings: Any) -> tuple[dict[str, Any], GraphRun]:
    spec = GraphSpec(**settings)
    link = "&".join(f"{key}={value}" for key, value in specs.link("graph", spec).items())
    page.goto(f"{app}/graph?graph.panel=Readout&graph.step={STEPS}&{link}")
    now = wait(page, f"r.step === {STEPS} && r.sizes")
    run = GraphRun(spec)
    run.advance(STEPS)
    return now, run


def embedded(run: GraphRun, x: torch.Tensor, index: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return run.network.eval().embed(x, run.network.edges(index, weight, len(x)))


def data_of(piece: Piece) -> Data:
    return Data(x=piece.x, edge_index=piece.index, edge_weight=piece.weight)


def check(now: dict[str, Any], run: GraphRun) -> Batch:
    """Everything of the batch on screen, by torch_geometric; gives the batch."""
    batch = Batch.from_data_list([data_of(part(run, place)) for place in now["chosen"]])
    np.testing.assert_allclose(np.reshape(now["x"], batch.x.shape), batch.x)
    assert now["batch"] == batch.batch.tolist()
    assert now["ptr"] == batch.ptr.tolist()
    assert now["edgeIndex"] == batch.edge_index.tolist()
    assert now["columns"] == batch.edge_index.T.tolist()[:300]
    embedding = embedded(run, batch.x, batch.edge_index, batch.edge_weight)
    np.testing.assert_allclose(now["embedding"], embedding.ravel(), **CLOSE)
    trace = readout(run, graphs=now["chosen"])
    for how, pool in POOLS.items():
        np.testing.assert_allclose(now[how], pool(embedding, batch.batch).ravel(), **CLOSE)
        np.testing.assert_allclose(now[how], trace[how].ravel(), **CLOSE)
    if "answers" in trace.arrays:
        for k, how in enumerate(HOWS):
            np.testing.assert_allclose(now["answers"][how], trace["answers"][k].ravel(), **CLOSE)
    return batch


def check_sizes(now: dict[str, Any], run: GraphRun, count: int) -> None:
    """Length of each readout of every graph there is, and how far it goes with the size."""
    sizes, norms = [], {how: [] for how in HOWS}
    assert now["sizes"]["places"] == list(range(count))
    for place in range(count):
        piece = part(run, place)
        embedding = embedded(run, piece.x, piece.index, piece.weight)
        sizes.append(len(piece.x))
        for how, pool in POOLS.items():
            norms[how].append(float(pool(embedding, None).norm()))
    assert now["sizes"]["sizes"] == sizes
    for how in HOWS:
        np.testing.assert_allclose(now["sizes"][how], norms[how], **CLOSE)
        assert now["sizes"]["r"][how] == pytest.approx(pearsonr(sizes, norms[how]).statistic, abs=1e-3)


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_a_batch_of_molecules_is_torch_geometrics(page: Any, app: str) -> None:
    now, run = opened(page, app, **MUTAG)
    assert now["chosen"] == readout(run)["chosen"].tolist()
    batch = check(now, run)
    check_sizes(now, run, 188)
    # A cell of the large adjacency: the graph, the moved numbers.
    box = page.locator(".gr-blocks").bounding_box()
    edge = int(now["ptr"][1]) and next(e for e, a in enumerate(now["edgeIndex"][0]) if a >= now["ptr"][1])
    a, b = (side[edge] for side in now["edgeIndex"])
    x, y = page.evaluate(f"([b, a]) => {PANEL}.dlviz.graphreadoutBlock(b, a)", [b, a])
    page.mouse.move(box["x"] + x, box["y"] + y)
    now = wait(page, f"r.over?.edge === {edge}")
    start = now["ptr"][1]
    assert f"source {a - start} + {start} = {a}, target {b - start} + {start} = {b}." in now["words"]
    assert now["views"][1]["hoveredEdge"] is not None
    assert now["views"][0]["hoveredEdge"] is None
    x, y = page.evaluate(f"() => {PANEL}.dlviz.graphreadoutBlock(0, {start})")
    page.mouse.move(box["x"] + x, box["y"] + y)
    assert "no message crosses" in wait(page, f"r.over?.column === {start} && r.over.node === 0")["words"]
    # A number of each readout, written out.
    embedding = np.reshape(now["embedding"], (-1, 4))[batch.batch.numpy() == 1]
    for how in HOWS:
        table = page.locator(".gr-three canvas").nth(HOWS.index(how))
        x, y = page.evaluate(f"() => {PANEL}.dlviz.graphreadoutCell('{how}', 1, 2)")
        table.hover(position={"x": x, "y": y})
        now = wait(page, f"r.cell.how === '{how}' && r.cell.g === 1 && r.cell.k === 2")
        assert now["equation"].startswith(f"{how}[1, 2] = ")
        assert f"{len(embedding)} numbers" in now["equation"]
    best = int(embedding[:, 2].argmax())
    assert f"it is node {best} of graph 1, row {best + start};" in now["equation"]
    for how in HOWS:
        shares = torch.tensor(now["answers"][how]).view(-1, 2).softmax(1)
        wanted = [f"{run.learned.classes[int(row.argmax())]}, {row.max():.0%}".replace("%", " %") for row in shares]
        assert now["notes"][how] == wanted


def lonely(now: dict[str, Any]) -> int:
    """The graph whose dot is the furthest from every other, by size and length of the sum."""
    dots = np.stack([now["sizes"]["sizes"], now["sizes"]["sum"]], 1) / [16, max(now["sizes"]["sum"])]
    apart = np.linalg.norm(dots[:, None] - dots, axis=2) + np.eye(len(dots))
    apart[now["chosen"]] = -1
    return int(apart.min(1).argmax())


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_graphs_come_and_go_and_copies_double_the_sum_only(page: Any, app: str) -> None:
    now, run = opened(
        page, app, **{**MUTAG, "dataset": "families", "features": "degree", "layer": "gcn", "readout": "mean"}
    )
    typed = page.locator(".gr-typed")
    for wrong in ("240", "-1", "seven", ""):
        typed.fill(wrong)
        typed.press("Enter")
        assert "from 0 to 239" in page.locator(".gr-problem").inner_text()
    assert wait(page)["chosen"] == now["chosen"]  # nothing lost
    extra = next(k for k in range(20, 240) if k not in now["chosen"])
    typed.fill(str(extra))
    typed.press("Enter")
    now = wait(page, f"r.chosen.at(-1) === {extra}")
    assert page.locator(".gr-problem").inner_text() == ""
    check(now, run)
    page.get_by_role("button", name=f"out of the batch, no. {extra} of the set").click()
    now = wait(page, f"!r.chosen.includes({extra})")
    spot = lonely(now)
    x, y = page.evaluate(f"() => {PANEL}.dlviz.graphreadoutSpot('sum', {spot})")
    page.locator(".gr-scatter").first.click(position={"x": x, "y": y})
    now = wait(page, f"r.chosen.at(-1) === {spot}")
    check(now, run)
    page.locator(".graphreadout input.value").last.fill("3")
    page.locator(".graphreadout input.value").last.press("Enter")
    now = wait(page, "r.doubled.copies === 3")
    piece = part(run, now["chosen"][0])
    batch = Batch.from_data_list([data_of(piece)] * 3)
    one = embedded(run, piece.x, piece.index, piece.weight)
    many = embedded(run, batch.x, batch.edge_index, batch.edge_weight)
    for row in now["doubled"]["rows"]:
        pool = POOLS[row["how"]]
        np.testing.assert_allclose(row["one"], pool(one, None)[0], **CLOSE)
        np.testing.assert_allclose(row["many"], pool(many, None)[0], **CLOSE)
        assert row["isSame"] == (row["how"] != "sum")
    assert "The sum is 3 times as long; mean and max do not notice" in now["doubled"]["sentence"]


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_one_graph_gives_neighbourhoods_and_the_way_to_a_set(page: Any, app: str) -> None:
    now, run = opened(page, app, layer="gat", hidden=(4, 3), heads=2)
    stage = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.graph)"
    page.evaluate(f"() => {stage}.dlviz.pick({{hovered: 33}})")  # in the drawing, or anywhere on the page
    row = wait(page, "r.over?.node >= 0")["over"]["node"]
    assert now["x"][row * 34 : row * 34 + 34] == np.eye(34)[33].tolist()
    page.evaluate(f"() => {stage}.dlviz.pick({{hovered: null}})")
    assert wait(page, "!r.over")
    assert not now["isSet"]
    assert now["chosen"] == readout(run)["chosen"].tolist()
    check(now, run)
    check_sizes(now, run, 34)
    assert now["notes"] is None
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    # By the keys: edges, cells of the adjacency, cells of a readout.
    strip = page.locator(".gr-scroller")
    strip.focus()
    strip.press("ArrowRight")
    strip.press("ArrowRight")
    assert "Column 1 of edge_index" in wait(page, "r.over?.edge === 1")["words"]
    blocks = page.locator(".gr-blocks")
    blocks.focus()
    blocks.press("ArrowDown")
    blocks.press("ArrowDown")
    assert wait(page, "r.over?.part === 'a'")["over"]["node"] == 1
    table = page.locator(".gr-three canvas").nth(2)
    table.focus()
    table.press("ArrowRight")
    table.press("ArrowDown")
    assert wait(page, "r.cell.how === 'max'")["equation"].startswith("max[1, ")
    page.get_by_role("button", name="Take the molecules of MUTAG").click()
    now = wait(page, "r.isSet && r.sizes?.places.length === 188")
    assert now["notes"]["mean"]
