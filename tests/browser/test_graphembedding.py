"""The plane of embeddings: components against sklearn, turning against scipy, all else against torch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from scipy.linalg import orthogonal_procrustes
from scipy.spatial.distance import pdist
from sklearn.decomposition import PCA

from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from tests.browser.graphbuilding_page import CLOSE, LIVE, PHONE, STAGE, TALL, open_stage, read, show, wait_for
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

PLANE = "async ([values, count, width]) => (await import('/graph/embeddingplane.js')).pca(values, count, width)"
TURN = "async ([places, before]) => (await import('/graph/embeddingplane.js')).aligned(places, before)"
EIGEN = """async (rows) => { const { values, vectors } = (await import('/graph/embeddingeigen.js')).eigenOf(rows);
    return { values, vectors: vectors.map((each) => [...each]) }; }"""
GRAPHS: dict[str, Any] = {"dataset": "families", "features": "degree"}
SPECS = [
    GraphSpec(),
    GraphSpec(dataset="lesmis", layer="sage", hidden=(6, 1)),
    GraphSpec(layer="gat", hidden=(8, 8), heads=4, residual=True, norm="pairnorm"),
    GraphSpec(task="link", hidden=(8, 3)),
    GraphSpec(**GRAPHS, task="graph", layer="gcn", hidden=(8, 2), readout="sum"),
    GraphSpec(**GRAPHS, task="regression", layer="gcn", hidden=(8, 4)),
]


@pytest.fixture(scope="module")
def opened(browser: Any, app: str) -> Iterator[Any]:
    """One page for all tests that need no other; its errors fail the last of them."""
    context = browser.new_context(viewport=TALL)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    yield open_stage(page, app)
    context.close()
    assert problems == []


@pytest.fixture(scope="module")
def computing(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as page:
        yield page


@pytest.mark.parametrize(("count", "width"), [(34, 8), (200, 64), (5, 3), (3, 16), (40, 4)])
def test_components_and_their_share_are_sklearns(computing: Any, count: int, width: int) -> None:
    chance = np.random.default_rng(count)
    x = chance.normal(size=(count, width)) * np.geomspace(3, 0.1, width) + 5
    if width == 4:
        x[:, 2:] = x[:, :2] @ [[1.0, 2.0], [0.5, -1.0]]  # of rank 2: two eigenvalues are 0
    found = computing.evaluate(PLANE, [x.ravel().tolist(), count, width])
    wanted = PCA(2).fit(x)
    assert found["share"] == pytest.approx(wanted.explained_variance_ratio_.sum(), abs=1e-9)
    places = np.array(found["places"])
    np.testing.assert_allclose(np.abs(places), np.abs(wanted.transform(x)), atol=1e-6)  # an axis has no sign
    rows = x.T @ x
    eigen = computing.evaluate(EIGEN, rows.tolist())
    np.testing.assert_allclose(eigen["values"], np.linalg.eigvalsh(rows)[::-1], atol=1e-9 * rows.max())
    vectors = np.array(eigen["vectors"])
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(width), atol=1e-10)


def test_rows_that_are_all_the_same_lie_at_one_place(computing: Any) -> None:
    found = computing.evaluate(PLANE, [[1.5] * 12, 4, 3])
    assert found["share"] == 1
    np.testing.assert_allclose(found["places"], 0, atol=1e-12)


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_plane_is_turned_onto_the_moment_before_as_scipy_does(computing: Any, mirrored: bool) -> None:
    chance = np.random.default_rng(7)
    before = chance.normal(size=(30, 2))
    angle = 2.3
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag(
        [1, -1 if mirrored else 1]
    )
    places = before @ turn + 0.05 * chance.normal(size=(30, 2))
    found = computing.evaluate(TURN, [places.tolist(), [None, *before[1:].tolist()]])
    best, _ = orthogonal_procrustes(places[1:], before[1:])
    np.testing.assert_allclose(found, places @ best, atol=1e-9)


def embedded(run: GraphRun) -> list[np.ndarray]:
    """What lies in the plane after each layer: nodes, or the readouts of all graphs."""
    network = run.network.eval()
    found = []
    with torch.no_grad():
        for piece in run.learned.pieces:
            records: list[dict[str, torch.Tensor]] = []
            network.embed(piece.x, network.edges(piece.index, piece.weight, len(piece.x)), records)
            after = [record["after"] for record in records]
            found.append([network.read_out(x, piece.batch, 1) for x in after] if run.spec.is_set else after)
    return [torch.cat(list(each)).numpy() for each in zip(*found, strict=True)]


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"{s.task}-{s.layer}-{s.hidden[-1]}")
def test_what_lies_where_is_torchs(opened: Any, spec: GraphSpec) -> None:
    run = show(opened, spec, 24)
    shown = read(opened)["embedding"]
    layers = embedded(run)
    last = layers[-1]
    with torch.no_grad():
        answers = run.network.head(torch.tensor(last)).numpy()
    if spec.task == "regression":
        learned = run.learned
        wanted = np.stack([learned.y.numpy(), answers[:, 0]], 1) * learned.spread + learned.mean
        np.testing.assert_allclose(shown["places"], wanted, atol=1e-3)
        assert shown["at"] == 0
        off = np.abs(wanted[:, 0] - wanted[:, 1])
        assert shown["within"] == pytest.approx(off[learned.told].mean(), abs=1e-3)
        assert shown["between"] == pytest.approx(off[learned.held].mean(), abs=1e-3)
        return
    np.testing.assert_allclose(np.reshape(shown["values"], last.shape), last, atol=CLOSE)
    check_places(shown, last)
    check_apart(shown, run, last)
    if spec.task in ("node", "graph"):
        truth = np.array(shown["labels"])
        assert shown["wrong"] == ((answers.argmax(1) != truth) & (truth >= 0)).tolist()
        if last.shape[1] < 3:
            check_regions(shown, run)
    if len(layers) > 1:
        opened.locator(".graph-embedding [role=radio]").first.click()
        wait_for(opened, "shown.embedding.layer === 0")
        np.testing.assert_allclose(
            np.reshape(read(opened)["embedding"]["values"], layers[0].shape), layers[0], atol=CLOSE
        )
        assert read(opened)["embedding"]["regions"] == []
        opened.locator(".graph-embedding [role=radio]").first.press("ArrowRight")
        wait_for(opened, "shown.embedding.layer === 1")


def check_places(shown: dict[str, Any], last: np.ndarray) -> None:
    """Places are the features, or sklearn's components up to a turn; pixels are where the places are."""
    places = np.array(shown["places"])
    width = last.shape[1]
    if width == 1:
        np.testing.assert_allclose(places[:, :1], last, atol=CLOSE)
    elif width == 2:
        np.testing.assert_allclose(places, last, atol=CLOSE)
    else:
        wanted = PCA(2).fit(last.astype(np.float64))
        np.testing.assert_allclose(pdist(places), pdist(wanted.transform(last)), atol=1e-3)
        assert shown["share"] == pytest.approx(wanted.explained_variance_ratio_.sum(), abs=1e-4)
        assert f"{shown['share'] * 100:.1f} %" in shown["plane"]
    pixels, box = np.array(shown["pixels"]), shown["box"]
    scale = (shown["corner"][1] / 2 - 30) / box["half"]
    np.testing.assert_allclose(pixels[:, 0], shown["corner"][0] / 2 + scale * (places[:, 0] - box["x"]), atol=1e-6)
    assert (pixels >= 0).all()
    assert (pixels <= np.array(shown["corner"])).all(), "nothing lies outside of the picture"


def check_apart(shown: dict[str, Any], run: GraphRun, last: np.ndarray) -> None:
    """Mean distances by scipy, of the same class and of others; of missing edges, of joined nodes and of others."""
    apart = pdist(last.astype(np.float64))
    a, b = np.triu_indices(len(last), 1)
    labels = np.array(shown["labels"])
    if run.spec.task == "link":
        joined = {tuple(sorted(edge)) for edge in run.learned.graphs[0].edges.tolist()}
        same = np.array([(x, y) in joined for x, y in zip(a.tolist(), b.tolist(), strict=True)])
    else:
        same = labels[a] == labels[b]
        apart, same = (each[(labels[a] >= 0) & (labels[b] >= 0)] for each in (apart, same))
    assert shown["within"] == pytest.approx(apart[same].mean(), rel=1e-4)
    assert shown["between"] == pytest.approx(apart[~same].mean(), rel=1e-4)
    assert f"{shown['within']:.2f}" in shown["words"]


def check_regions(shown: dict[str, Any], run: GraphRun) -> None:
    """At each place of the picture the ground says what torch's head answers there."""
    box, (width, height) = shown["box"], shown["corner"]
    scale = (height / 2 - 30) / box["half"]
    chance = np.random.default_rng(3)
    pixels = chance.uniform(0, 1, (400, 2)) * [width, height] - [width / 2, height / 2]
    places = pixels * [1, -1] / scale + [box["x"], box["y"]]
    inputs = places[:, : run.spec.hidden[-1]]
    with torch.no_grad():
        logits = run.network.head(torch.tensor(inputs, dtype=torch.float32))
    top = logits.topk(2, dim=1).values
    clear = (top[:, 0] - top[:, 1] > 1e-4 * logits.abs().max()).numpy()
    if len(run.spec.hidden) and run.spec.hidden[-1] == 1:
        places[:, 1] = 0  # up and down means nothing
    for place, answer in zip(places[clear], logits.argmax(1).numpy()[clear], strict=True):
        assert [each["answer"] for each in shown["regions"] if inside(place, np.array(each["polygon"]))] == [answer]


def inside(place: np.ndarray, polygon: np.ndarray) -> bool:
    """Whether a convex polygon holds the place: it is on the same side of every edge."""
    to = np.roll(polygon, -1, 0) - polygon
    towards = place - polygon
    side = to[:, 0] * towards[:, 1] - to[:, 1] * towards[:, 0]
    return bool((side >= -1e-9).all() or (side <= 1e-9).all())


def test_pairs_and_products_of_missing_edges_are_torchs(opened: Any) -> None:
    run = show(opened, GraphSpec(task="link", hidden=(8, 2)), 40)
    z = torch.tensor(embedded(run)[-1])
    opened.evaluate(f"() => {STAGE}.dlviz.pick({{ node: 5, hovered: 16 }})")
    wait_for(opened, "shown.embedding.probability !== null && shown.embedding.hovered === 16")
    shown = read(opened)["embedding"]
    assert shown["probability"] == pytest.approx(torch.sigmoid(z[5] @ z[16]).item(), abs=CLOSE)
    assert f"= {shown['probability']:.3f}" in shown["product"]
    for name, pairs in (("held", run.learned.held_positive), ("free", run.learned.held_negative)):
        joined = (z[pairs[:, 0]] * z[pairs[:, 1]]).sum(1) > 0
        yes, no = ("found", "missed") if name == "held" else ("seen", "right")
        assert sorted(shown["pairs"][yes]) == sorted(pairs[joined].tolist())
        assert sorted(shown["pairs"][no]) == sorted(pairs[~joined].tolist())


def test_pointing_links_both_ways_and_keys_walk_the_plane(opened: Any) -> None:
    show(opened, GraphSpec(), 12)
    opened.evaluate(f"() => {STAGE}.dlviz.pick({{ hovered: 7, node: 3 }})")
    wait_for(
        opened,
        "shown.embedding.hovered === 7 && shown.embedding.picked === 3 && shown.embedding.point.startsWith('Node 7')",
    )
    x, y = read(opened)["embedding"]["pixels"][33]
    canvas = opened.locator(".graph-embedding .graph-canvas")
    canvas.hover(position={"x": x, "y": y})
    wait_for(opened, "shown.embedding.hovered !== 7 && shown.embedding.hovered !== null")
    over = read(opened)["embedding"]["hovered"]
    canvas.click(position={"x": x, "y": y})
    wait_for(opened, "shown.embedding.picked === arg", over)
    opened.mouse.move(5, 5)
    canvas.focus()
    canvas.press("ArrowLeft")
    wait_for(opened, "shown.embedding.hovered !== null")
    walked = read(opened)["embedding"]["hovered"]
    canvas.press("Enter")
    wait_for(opened, "shown.embedding.picked === arg", walked)


def test_trails_are_the_moments_that_were_seen_and_a_turned_plane_stays(opened: Any) -> None:
    show(opened, GraphSpec(hidden=(8, 5)), 3)
    before = np.array(read(opened)["embedding"]["places"])
    for step in range(4, 8):
        opened.evaluate(f"() => {{ {LIVE}.advance(1); }}")
        wait_for(opened, f"shown.embedding.step === {step}")
        places = np.array(read(opened)["embedding"]["places"])
        turned, _ = orthogonal_procrustes(places, before)
        np.testing.assert_allclose(turned, np.eye(2), atol=1e-6, err_msg="it is already turned as near as can be")
        before = places
    assert read(opened)["embedding"]["trailed"] >= 5
    opened.locator(".graph-embedding [data-show=trails]").click()
    wait_for(opened, "shown.embedding.trailed === 0")
    opened.locator(".graph-embedding [data-show=trails]").click()


def test_a_click_on_a_dot_shows_that_graph(opened: Any) -> None:
    show(opened, GraphSpec(**GRAPHS, task="regression", layer="gcn"), 12)
    shown = read(opened)["embedding"]
    far = int(np.argmax(np.array(shown["pixels"])[:, 0]))  # nothing lies over it
    x, y = shown["pixels"][far]
    opened.locator(".graph-embedding .graph-canvas").click(position={"x": x, "y": y})
    wait_for(opened, "shown.spec.shown === arg && shown.embedding.picked === arg", far)
    opened.mouse.move(5, 5)


@pytest.mark.parametrize("page", [{"viewport": PHONE, "has_touch": True, "reduced_motion": "reduce"}], indirect=True)
def test_on_a_phone_nothing_overflows_and_still_pictures_have_no_trails(page: Any, app: str) -> None:
    open_stage(page, app, dataset="lesmis", hidden="8,4", layer="gin")
    page.evaluate(f"() => {{ {LIVE}.advance(3); }}")
    wait_for(page, "shown.embedding.step === 3")
    assert page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]
    assert read(page)["embedding"]["trailed"] == 0
    assert page.locator(".graph-embedding [data-show=trails]").get_attribute("aria-pressed") == "false"
    page.get_by_role("button", name="Give the last layer 2 features").click()
    wait_for(page, "shown.spec.hidden[1] === 2 && shown.embedding.regions.length > 1")
