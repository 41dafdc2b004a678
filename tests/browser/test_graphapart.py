"""Tell apart: the page's refinement, networks and words against Python's, and the panel in the real app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np
import pytest

from dlviz.core.errors import InvalidInput
from dlviz.labs.graph.apart import reading
from dlviz.labs.graph.apart.networks import HOW, NETWORKS, draws
from dlviz.labs.graph.apart.pairs import PAIRS, Pair
from dlviz.labs.graph.apart.probing import apart
from dlviz.labs.graph.apart.refining import refine
from tests.browser.static_page import static_page
from tests.labs.graph.test_apart import partition, probed, random_pair, text

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.graphapart)"
MODULES = ("pairs", "refining", "network", "isomorphic", "comparing", "graphtext")
COMPARE = """([left, right, knowledge, epsilon, seed]) => {
  const found = comparing.compare({left, right, knowledge, epsilon, seed});
  const rounds = found.wl.colors.map((_, round) => round);
  const how = ["sum", "mean", "max"];
  return {colors: found.wl.colors, different: found.wl.different, stable: found.wl.stable, tones: found.wl.tones, isomorphic: found.isomorphic,
    table: found.wl.table.map(({round, own, near, fresh}) => [round, own, near, fresh]),
    groups: how.map((each) => found.parts[each].map(({groups}) => groups)), follows: how.map((each) => found.parts[each].map(({follows}) => follows)),
    told: rounds.map((round) => how.map((each) => how.map((by) => found.read(round, each, by).told))),
    most: rounds.map((round) => how.map((each) => how.map((by) => found.read(round, each, by).most))),
    vectors: rounds.map((round) => how.map((each) => how.map((by) => found.read(round, each, by).vectors.map((both) => both.map((one) => [...one])))))};
}"""  # noqa: E501


@pytest.fixture(scope="module")
def bare(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as opened:
        for name in MODULES:
            opened.evaluate(f"async () => {{ window.{name} = await import('/graphapart/{name}.js'); }}")
        yield opened


def plain(pair: Pair) -> list[dict[str, Any]]:
    return [{"colors": list(graph.colors), "edges": [list(edge) for edge in graph.edges]} for graph in pair]


def test_the_shelf_is_pythons(bare: Any) -> None:
    shelf = bare.evaluate("() => pairs.PAIRS")
    assert [pair["slug"] for pair in shelf] == list(PAIRS)
    for pair in shelf:
        for side, wanted in zip(("left", "right"), plain(PAIRS[pair["slug"]]), strict=True):
            assert {name: pair[side][name] for name in wanted} == wanted, pair["slug"]
            places = np.array(pair[side]["places"])
            assert places.shape == (len(wanted["colors"]), 2)
            assert np.abs(places).max() <= 1
        assert pair["why"]
        assert pair["source"]
    chance = draws(12345)
    wanted = [next(chance) for _ in range(500)]
    assert bare.evaluate("() => { const f = network.draws(12345); return Array.from({length: 500}, f); }") == wanted
    assert 0.45 < np.mean(wanted) < 0.55


CASES: list[tuple[str | int, str, float]] = [(slug, "given", 0.0) for slug in PAIRS]
CASES += [("hexagon", "triangles", 0.0), ("rook", "triangles", 0.1), ("same", "numbers", 0.1), ("swap", "given", 0.1)]
CASES += [(case, ("given", "triangles", "numbers")[case % 3], (0.0, 0.1)[case % 2]) for case in range(12)]


@pytest.mark.parametrize(("case", "knowledge", "epsilon"), CASES)
def test_everything_computed_of_a_pair_is_pythons(bare: Any, case: str | int, knowledge: str, epsilon: float) -> None:
    pair = PAIRS[case] if isinstance(case, str) else random_pair(case)
    options: dict[str, Any] = {"knowledge": knowledge, "epsilon": epsilon, "seed": 5}
    wanted = apart(None, case, **options) if isinstance(case, str) else probed(pair, **options)
    found = bare.evaluate(COMPARE, [*plain(pair), knowledge, epsilon, 5])
    assert found["colors"] == wanted["colors"].tolist()
    assert [-1 if found[name] is None else found[name] for name in ("different", "stable")] == [
        wanted[name][0] for name in ("different", "stable")
    ]
    assert found["isomorphic"] == bool(wanted["isomorphic"][0])
    assert found["table"] == [[r, own, list(near), new] for r, own, near, new in refine(pair, knowledge).table]
    for row, colors in zip(found["tones"], found["colors"], strict=True):
        assert partition(row) == partition(colors)
    for a, how in enumerate(HOW):
        assert found["groups"][a] == wanted[f"groups_{how}"].tolist()
    assert np.array_equal(found["follows"], wanted["follows"])
    assert np.array_equal(found["told"], wanted["told"])
    np.testing.assert_allclose(found["most"], wanted["difference"], rtol=1e-6, atol=1e-13)
    for step, by_how in enumerate(found["vectors"]):
        for a in range(3):
            mine = np.array(by_how[a])  # (readout, network, side, feature)
            theirs = wanted["readouts"][:, step, a].transpose(1, 0, 2, 3)[..., : mine.shape[-1]]
            np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-11)


def test_renumbered_graphs_are_found_out(bare: Any) -> None:
    ask = """([left, right]) => { const joint = refining.together(left, right);
      const told = refining.knowledgeOf(joint, [...left.colors, ...right.colors], "given").told;
      return isomorphic.isIsomorphic(joint, refining.refine(joint, told).colors.at(-1)); }"""
    yes = 0
    for seed in range(80):
        pair = random_pair(seed)
        wanted = nx.is_isomorphic(*(g.networkx() for g in pair), node_match=lambda a, b: a == b)
        assert bare.evaluate(ask, plain(pair)) == wanted, seed
        yes += wanted
    assert yes >= 20


def test_text_is_read_as_python_reads_it(bare: Any) -> None:
    good = ["0 1\n1 2", "# note\n a;b \n\nb,c\nb = c\nlone", "1 0\n0 1\n0 = b\n0=a", text(PAIRS["swap"][0]), "x\r\ny x"]
    for given in good:
        graph = reading.read("graph", given)
        found = bare.evaluate("(text) => graphtext.readGraph(text)", given)
        assert (found["colors"], found["edges"]) == (list(graph.colors), [list(edge) for edge in graph.edges])
        assert np.abs(found["places"]).max() <= 1
        again = bare.evaluate("(text) => graphtext.readGraph(graphtext.writeGraph(graphtext.readGraph(text)))", given)
        assert (again["colors"], again["edges"]) == (found["colors"], found["edges"])
    bad = ["", "0 0", "a b c", "0 = d", "= b", "a b = c", "x" * 13, "\n".join(map(str, range(101))),
           "\n".join(f"{a} {b}" for a in range(40) for b in range(a))]  # fmt: skip
    for given in bad:
        with pytest.raises(InvalidInput) as refused:
            reading.read("graph", given)
        problem = bare.evaluate("(text) => graphtext.readGraph(text).problem", given)
        rule = str(refused.value)
        assert problem.split(";")[0].removeprefix("The graph ") in rule, (problem, rule)


# --- the real app ----------------------------------------------------------------------------------


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of what is on screen, `g`, holds; `g`."""
    asked = f"() => {{ const g = {PANEL}?.dlviz.graphapart(); return g && g.views[0].nodes.length && ({condition}); }}"
    page.wait_for_function(asked, timeout=120_000)
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.graphapart()")
    return found


def opened(page: Any, app: str) -> dict[str, Any]:
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 12_000})
    page.goto(f"{app}/graph?graph.panel=Tell+apart")
    return wait(page)


def node(page: Any, side: int, k: int) -> tuple[float, float]:
    """Where a node of a view lies on the page."""
    box = page.locator(".graphapart .graph-canvas").nth(side).bounding_box()
    at = page.evaluate(f"() => {PANEL}.dlviz.graphapart().views[{side}].nodes[{k}]")
    return box["x"] + at["x"], box["y"] + at["y"]


def check(g: dict[str, Any]) -> None:
    """What is on screen, against the probe."""
    pair = tuple(
        reading.Small(tuple(graph["colors"]), tuple((a, b) for a, b in graph["edges"])) for graph in g["graphs"]
    )
    options = {"epsilon": g["epsilon"], "knowledge": g["knowledge"], "seed": g["seed"]}
    wanted = probed((pair[0], pair[1]), **options)
    assert g["colors"] == wanted["colors"].tolist()
    cut, r = pair[0].count, g["round"]
    row = wanted["colors"][r]
    drawn = [each["fill"] for view in g["views"] for each in view["nodes"]]
    if len(set(row)) <= 10:
        assert len(set(drawn)) == len(set(row)) == len(set(zip(drawn, row, strict=True)))
    counts = {str(c): [int((row[:cut] == c).sum()), int((row[cut:] == c).sum())] for c in sorted(set(row))}
    assert g["refinement"]["counts"] == counts
    assert g["refinement"]["picked"][-1].startswith(
        "One colour" if row[g["picked"][0]] == row[cut + g["picked"][1]] else "Two colours"
    )
    for a, how in enumerate(HOW):
        part = wanted[f"groups_{how}"][r]
        badge = g["followers"][how]["badge"]
        assert badge.split(": ")[1].split()[0] == str(len(set(part)))
        assert badge.startswith("follows" if wanted["follows"][a, r] else "merges")
        assert g["followers"][how]["marks"] == [bool(each) for each in wanted["follows"][a]]
        if len(set(part)) <= 10:
            assert partition(g["followers"][how]["fills"]) == partition(part)
        for k, by in enumerate(HOW):
            told, cell = wanted["told"][r, a, k], g["telling"]["cells"][f"{how} {by}"]
            assert cell["word"] == ("Told apart" if told else "The same")
            assert cell["more"].startswith(f"{told} of {NETWORKS}")


def test_the_panel_by_mouse_and_keys(page: Any, app: str) -> None:
    g = opened(page, app)
    panel = page.locator(".graphapart")
    assert (g["slug"], g["round"], g["different"]) == ("hexanes", 2, 2)
    assert g["banner"][0] == "Different after round 2"
    check(g)
    assert g["refinement"]["picked"][0] == "L2 in round 2: ( 4 , {223} ) → 11"

    # Stepped by keys, back to the start and on.
    panel.get_by_role("slider", name="Round").focus()
    page.keyboard.press("Home")
    g = wait(page, "g.round === 0 && g.transport.words === 'Round 0 of 5'")
    check(g)
    assert g["refinement"]["picked"][0] == "L2 begins as a → 1"
    panel.get_by_role("button", name="One round on").focus()
    page.keyboard.press("Enter")
    check(wait(page, "g.round === 1"))

    # Another pair, a node picked in the picture, a cell opened.
    panel.locator("[data-slug=shares]").click()
    g = wait(page, "g.slug === 'shares' && g.picked[1] === 0 && g.views[1].nodes.length === 5")
    assert g["banner"][0] == "Different before the first round"
    check(g)
    hands = g["byHand"]["nodes"]
    assert [(each["sum"], each["mean"], each["max"]) for each in hands] == [
        ([0, 1, 1], [0, 0.5, 0.5], [0, 1, 1]),
        ([0, 2, 2], [0, 0.5, 0.5], [0, 1, 1]),
    ]
    said = g["byHand"]["verdicts"]
    assert ["Told apart" in line for line in said] == [True, False, False]
    panel.locator(".ga-cell").nth(4 + 1).click()  # mean, read out by mean
    panel.get_by_role("button", name="Draw 3:").click()
    g = wait(page, "g.telling.title.startsWith('mean messages, read out by mean')")
    wanted = apart(None, "shares")["readouts"][2, g["round"], 1, 1]
    np.testing.assert_allclose(g["telling"]["exact"], wanted, rtol=1e-9, atol=1e-12)
    assert g["telling"]["vectors"][0] == [f"{x:.3f}".replace("-", "−") for x in wanted[0]]
    page.mouse.click(*node(page, 1, 3))
    g = wait(page, "g.picked[1] === 3 && g.views[1].picked === 3")
    assert g["byHand"]["nodes"][1]["node"] == "R4"
    check(g)

    # The sum at ε = 0, and mended.
    panel.locator("[data-slug=swap]").click()
    g = wait(page, "g.slug === 'swap'")
    check(g)
    assert "with ε = 0 a node's own" in g["followers"]["sum"]["words"]
    panel.get_by_role("button", name="ε = 0.1").click()
    g = wait(page, "g.epsilon === 0.1")
    check(g)
    assert g["telling"]["words"].startswith("All nine networks tell")

    # What nothing tells, and triangles do.
    panel.locator("[data-slug=hexagon]").click()
    g = wait(page, "g.slug === 'hexagon'")
    check(g)
    assert g["banner"][0] == "Cannot tell apart: stable after round 0"
    assert "no renumbering makes one of the other (0 triangles on the left, 2 on the right)" in g["banner"][1]
    panel.get_by_role("button", name="also their triangles").click()
    check(wait(page, "g.knowledge === 'triangles' && g.different === 0"))
    panel.get_by_role("button", name="Draw other weights").click()
    check(wait(page, f"g.seed === {NETWORKS}"))
    words = "[...globalThis[Symbol.for('dlviz.sessions')].values()][0].shared"
    assert (
        page.evaluate(f"() => ['pair_compared', 'wl_stepped'].map((w) => {words}.get('happened.' + w))") == [True] * 2
    )


def test_play_goes_on_to_the_end_by_itself(page: Any, app: str) -> None:
    opened(page, app)
    page.locator(".graphapart [data-slug=hexagon]").click()
    wait(page, "g.slug === 'hexagon' && g.round === 1")
    page.locator(".graphapart").get_by_role("button", name="Play").click()
    wait(page, "g.transport.playing && g.round === 0")
    g = wait(page, "!g.transport.playing && g.round === 1")
    assert g["transport"]["words"] == "Round 1 of 1"


def test_changing_the_graphs_and_bad_input(page: Any, app: str) -> None:
    opened(page, app)
    panel = page.locator(".graphapart")
    panel.locator("[data-slug=hexagon]").click()
    wait(page, "g.slug === 'hexagon'")
    panel.locator("[data-tool=color]").click()
    page.mouse.click(*node(page, 0, 2))
    g = wait(page, "g.slug === 'own' && g.graphs[0].colors[2] === 1")
    check(g)
    assert g["banner"][0] == "Different before the first round"
    panel.locator("[data-tool=erase]").click()
    page.mouse.click(*node(page, 0, 2))
    g = wait(page, "g.graphs[0].colors.length === 5 && g.views[0].nodes.length === 5")
    assert g["graphs"][0]["edges"] == [[0, 1], [2, 3], [3, 4], [4, 0]]
    panel.locator("[data-tool=join]").click()
    page.mouse.move(*node(page, 0, 1))
    page.mouse.down()
    page.mouse.move(*node(page, 0, 2), steps=4)
    page.mouse.up()
    g = wait(page, "g.graphs[0].edges.length === 5")
    check(g)
    panel.locator("[data-tool=add]").click()
    box = panel.locator(".graph-canvas").nth(1).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 20)
    check(wait(page, "g.graphs[1].colors.length === 7"))

    panel.get_by_role("button", name="Your own pair").click()
    left, right = panel.locator("textarea").nth(0), panel.locator("textarea").nth(1)
    left.fill("0 1\nthis is text")
    right.fill("")
    panel.get_by_role("button", name="Compare these two").click()
    g = wait(page, "g.own.problems[0]")
    assert g["own"]["problems"] == [
        "The graph must have two names a line; you gave line 2: this is text. What works: 0 1.",
        "The graph must have a node; you gave none. What works: 0 1.",
    ]
    assert g["own"]["texts"] == ["0 1\nthis is text", ""]
    assert len(g["graphs"][1]["colors"]) == 7
    left.fill("a b\nb c\nc a\nc = b")
    right.fill("a b\nb c\nc = b")
    panel.get_by_role("button", name="Compare these two").click()
    g = wait(page, "g.graphs[0].colors.length === 3 && g.views[1].nodes.length === 3")
    assert g["own"]["problems"] == ["", ""]
    assert g["graphs"] == [
        {"colors": [0, 0, 1], "edges": [[0, 1], [1, 2], [0, 2]]},
        {"colors": [0, 0, 1], "edges": [[0, 1], [1, 2]]},
    ]
    check(g)
    panel.locator("[data-stage=right]").click()
    g = wait(page, "g.graphs[1].colors.length === 34")
    assert len(g["graphs"][1]["edges"]) == nx.karate_club_graph().number_of_edges()
    assert {tuple(edge) for edge in g["graphs"][1]["edges"]} == {tuple(sorted(e)) for e in nx.karate_club_graph().edges}
    check(g)


def test_on_a_phone(page: Any, app: str) -> None:
    page.set_viewport_size({"width": 390, "height": 12_000})
    opened(page, app)
    page.locator(".graphapart [data-slug=decalin]").click()
    g = wait(page, "g.slug === 'decalin' && g.views[1].nodes.length === 10")
    check(g)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    width = page.locator(".graphapart .graph-canvas").first.bounding_box()["width"]
    for view in g["views"]:
        assert all(0 < each["x"] < width for each in view["nodes"])
