"""The panel Order in the real app: numberings against numpy, answers and attention against torch, the trainings too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from dlviz.labs.graph.ordering import order, positions
from dlviz.labs.graph.probe import shown_piece
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training.jobs import to_the_end

LINK = "graph?graph.panel=Order"
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.graphorder)"
CLOSE = 1e-5

pytestmark = pytest.mark.browser
tall = pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 12_000}}], indirect=True, ids=["tall"])


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {PANEL}?.dlviz.graphorder(); return now?.shuffle && now.transformer && ({condition}) }}",
        timeout=120_000,
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.graphorder()")
    return found


def matrix_of(cells: list[list[float]], count: int) -> np.ndarray:
    """0 and 1 at [row, column] of the picture of a matrix."""
    matrix = np.zeros((count, count))
    for row, column, share in cells:
        assert 0.3 < share <= 1
        matrix[int(row), int(column)] = 1
    return matrix


def check_numbering(now: dict[str, Any], run: GraphRun) -> None:
    """The matrices, the answers in three orders and the readouts of the numbering on screen."""
    shuffle, piece = now["shuffle"], shown_piece(run)
    count, numbering = len(piece.x), np.array(shuffle["order"])
    adjacency = np.zeros((count, count))
    adjacency[piece.index[1], piece.index[0]] = 1
    permutation = np.eye(count)[numbering]
    moved = permutation @ adjacency @ permutation.T
    np.testing.assert_array_equal(matrix_of(shuffle["before"]["cells"], count), adjacency)
    np.testing.assert_array_equal(matrix_of(shuffle["after"]["cells"], count), moved)
    assert shuffle["movedCells"] == int(((moved > 0) & (adjacency == 0)).sum())
    network = run.network.eval()
    with torch.no_grad():
        edges = network.edges(piece.index, piece.weight, count)
        embedding = network.embed(piece.x, edges)
        answers = network(piece.x, edges) if run.spec.task == "node" else embedding
    size = float(answers.abs().max())
    close = {"atol": CLOSE * max(1, size), "rtol": CLOSE}
    np.testing.assert_allclose(shuffle["was"], answers.numpy().ravel(), **close)
    np.testing.assert_allclose(shuffle["is"], answers.numpy()[numbering].ravel(), **close)
    np.testing.assert_allclose(shuffle["lined"], answers.numpy().ravel(), **close)
    assert shuffle["off"] == np.abs(np.float32(shuffle["was"]) - np.float32(shuffle["lined"])).max()
    assert shuffle["off"] < 1e-6 * max(1, size)
    for how, wanted in (("sum", embedding.sum(0)), ("mean", embedding.mean(0)), ("max", embedding.amax(0))):
        np.testing.assert_allclose(shuffle["readouts"][how]["is"], wanted.numpy(), atol=1e-4, rtol=1e-4)
        assert shuffle["readouts"][how]["off"] < 1e-5 * max(1, size)


@tall
@pytest.mark.timeout(240)
def test_another_numbering_moves_the_matrix_and_not_the_answers(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".graphorder")
    now = wait(page, "now.step === 60")  # with which the lab opens
    run = GraphRun(GraphSpec())
    run.advance(now["step"])
    assert now["shuffle"]["order"] == list(range(34))
    check_numbering(now, run)
    assert not page.evaluate(f"() => {PANEL}.dlviz.happened('numbering_shuffled')")

    panel.get_by_role("button", name="Shuffle the numbers").click()
    now = wait(page, "now.shuffle.order[0] !== 0 && now.shuffle.torch")
    assert page.evaluate(f"() => {PANEL}.dlviz.happened('numbering_shuffled')")
    check_numbering(now, run)
    trace = order(run, numbering=now["shuffle"]["order"])
    assert now["shuffle"]["torch"]["off"] == pytest.approx(float(trace["off"]), abs=2e-6)  # type: ignore[index]

    # The same seed typed gives the same numbering; one that is none is said, and stays said.
    first = now["shuffle"]["order"]
    panel.get_by_role("button", name="As above").click()
    wait(page, "now.shuffle.order[0] === 0 && now.shuffle.order[33] === 33")
    typed = panel.get_by_label("Seed of the numbering")
    typed.fill("many")
    typed.press("Enter")
    page.evaluate(f"() => {PANEL}.dlviz.pick({{ node: 5 }})")
    now = wait(page, "now.picked === 5")
    assert now["shuffle"]["problem"] == "Give a whole number from 0 to 9,999 as the seed."
    assert typed.input_value() == "many"
    typed.fill("2")
    typed.press("Enter")
    now = wait(page, "now.shuffle.order[0] !== 0")
    assert (now["shuffle"]["order"], now["shuffle"]["problem"]) == (first, "")

    # Two nodes change numbers by the keys; a row is dragged elsewhere, and walked.
    panel.get_by_role("button", name="As above").click()
    panel.get_by_role("button", name="Swap two").click()
    canvas = panel.locator(".go-three .graph-canvas")
    canvas.press("ArrowLeft")
    canvas.press("Enter")
    now = wait(page, "now.shuffle.hint.startsWith('Now click')")
    one = now["picked"]
    canvas.press("ArrowDown")
    canvas.press("Enter")
    now = wait(page, f"now.shuffle.order[{one}] !== {one}")
    other = now["shuffle"]["order"][one]
    wanted = list(range(34))
    wanted[one], wanted[other] = other, one
    assert now["shuffle"]["order"] == wanted
    check_numbering(now, run)
    panel.get_by_role("button", name="As above").click()
    page.mouse.move(*page.evaluate(f"() => {PANEL}.dlviz.rowOnPage(3)"))
    page.mouse.down()
    page.mouse.move(*page.evaluate(f"() => {PANEL}.dlviz.rowOnPage(20)"), steps=4)
    page.mouse.up()
    now = wait(page, "now.shuffle.order[20] === 3")
    assert now["shuffle"]["order"] == [*range(3), *range(4, 21), 3, *range(21, 34)]
    check_numbering(now, run)
    panel.locator("canvas.go-matrix.movable").press("Alt+ArrowUp")
    now = wait(page, "now.shuffle.order[20] !== 3 || now.hovered !== 3")
    check_numbering(now, run)


@tall
@pytest.mark.timeout(300)
def test_networks_that_read_numbers_fail_and_the_bars_say_it(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".graphorder")
    wait(page)
    assert panel.get_by_text("Nothing is trained yet").is_visible()
    panel.get_by_role("button", name="Train them all").click()
    now = wait(page, "now.race.isDone && now.race.bars.graphs[2][1].dots === 3")
    assert page.evaluate(f"() => {PANEL}.dlviz.happened('order_raced')")
    result = now["race"]["result"]
    assert result["plan"]["held"] == 32
    alone = to_the_end(order(GraphRun(GraphSpec()), race_seeds=1))
    for part in ("nodes", "graphs"):
        table = np.array(result[part], float).reshape(3, 2, 3)
        assert np.isfinite(table).all()
        np.testing.assert_allclose(table[:, :, :1], alone[part], atol=0.05)
        for row, wanted in zip(now["race"]["bars"][part], table.mean(2), strict=True):
            for bar, mean in zip(row, wanted, strict=True):
                assert abs(float(bar["said"].removesuffix(" %")) - 100 * mean) <= 0.5001
                assert float(bar["width"].removesuffix("%")) == pytest.approx(100 * mean, abs=1e-3)
    nodes, graphs = (np.array(result[part]).reshape(3, 2, 3).mean(2) for part in ("nodes", "graphs"))
    assert nodes[0, 0] == nodes[0, 1]
    assert f"the row reader goes from {nodes[2, 0]:.0%} to {nodes[2, 1]:.0%}".replace("%", " %") in now["race"]["words"]
    assert f"GIN at {graphs[0, 1]:.0%}".replace("%", " %") in now["race"]["words"]


@tall
@pytest.mark.timeout(240)
def test_attention_over_nodes_is_torchs_in_every_numbering(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".graphorder")
    wait(page)
    panel.get_by_role("button", name="Shuffle the numbers").click()
    now = wait(page, "now.shuffle.order[0] !== 0 && now.transformer.order[0] !== 0")
    run = GraphRun(GraphSpec())
    trace = order(run)
    weights = {name: torch.tensor(values) for name, values in trace.state.items()}  # type: ignore[union-attr]
    piece = shown_piece(run)
    numbering = torch.tensor(now["shuffle"]["order"])
    adjacent = torch.eye(34, dtype=torch.bool)
    adjacent[piece.index[1], piece.index[0]] = True

    def torchs(numbers: torch.Tensor, linked: bool, placed: bool) -> torch.Tensor:
        embedded = piece.x[numbers] @ weights["embed.weight"].T + (positions(34) if placed else 0)
        q, k, v = (embedded @ weights[f"{name}.weight"].T for name in "qkv")
        mask = adjacent[numbers][:, numbers][None] if linked else None
        return scaled_dot_product_attention(q[None], k[None], v[None], attn_mask=mask)[0]

    for case, (linked, placed) in enumerate([(False, False), (True, False), (False, True), (True, True)]):
        panel.get_by_role("button", name="Only along edges" if linked else "Every pair").click()
        panel.get_by_role("button", name="Positions by number" if placed else "No positions").click()
        shown = f"now.transformer.state.linked === {str(linked).lower()} && now.transformer.state.placed === "
        now = wait(page, shown + str(placed).lower())
        attended = now["transformer"]
        is_ = torchs(numbering, linked, placed)
        for name in ("output", "asMessages"):
            np.testing.assert_allclose(attended[name], is_.numpy().ravel(), atol=CLOSE, rtol=CLOSE)
        off = float((is_[numbering.argsort()] - torchs(torch.arange(34), linked, placed)).abs().max())
        assert attended["offs"][case] == pytest.approx(off, abs=1e-5)
        assert (attended["off"] > 0.1) == placed
        # Lines are as wide as the attention of the picked node.
        place = numbering.argsort().numpy()
        shares = np.array(attended["attention"]).reshape(34, 34)[place[attended["node"]]][place]
        drawn = {b if a == attended["node"] else a: width for a, b, width in attended["widths"]}
        assert len(drawn) == (int(adjacent[attended["node"]].sum()) - 1 if linked else 33)
        for node, width in drawn.items():
            assert width == pytest.approx(0.5 + 6 * shares[node] / shares.max(), abs=0.126)
    assert "order matters" in now["transformer"]["words"]
    before = now["transformer"]["output"]
    panel.get_by_role("button", name="Other weights").click()
    now = wait(page, "now.transformer.state.seed === 2 && now.transformer.output[0] !== " + repr(before[0]))
    other = order(run, seed=2)
    panel.get_by_role("button", name="No positions").click()
    panel.get_by_role("button", name="Every pair").click()
    now = wait(page, "!now.transformer.state.linked && !now.transformer.state.placed")
    wanted = other["output"][numbering.numpy()]  # type: ignore[index]
    np.testing.assert_allclose(now["transformer"]["output"], wanted.ravel(), atol=CLOSE, rtol=CLOSE)


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 14_000}}], indirect=True, ids=["phone"])
@pytest.mark.timeout(240)
def test_on_a_phone_with_whole_graphs_nothing_overflows(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}&graph.dataset=families&graph.task=graph&graph.features=degree&graph.layer=gin")
    panel = page.locator(".graphorder")
    wait(page, "now.spec.dataset === 'families'")
    page.evaluate(f"() => {PANEL}.dlviz.advance(6)")
    wait(page, "now.step === 6")
    panel.get_by_role("button", name="Shuffle the numbers").click()
    now = wait(page, "now.step === 6 && now.shuffle.order.some((node, k) => node !== k)")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    run = GraphRun(GraphSpec(dataset="families", task="graph", features="degree", layer="gin"))
    run.advance(now["step"])
    check_numbering(now, run)
    answers = run.measured_now().answers[0].numpy()
    np.testing.assert_allclose(now["shuffle"]["answer"]["is"], answers, atol=1e-3, rtol=1e-4)
