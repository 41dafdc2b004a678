"""The panel Scores in the real app: what one drags and types, against torch."""

from __future__ import annotations

import re
from typing import Any, cast

import numpy as np
import pytest

from dlviz.labs.attention import scoring
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.scoring import FUNCTIONS

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.scores)"
RUN = cast(AttentionRun, None)  # the panel has vectors of its own
PHONE = {"viewport": {"width": 390, "height": 10_000}, "has_touch": True}
REACH = 4.0


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until a JavaScript expression of the panel's numbers `s` holds; these numbers."""
    page.wait_for_function(f"() => {{ const s = {PANEL}?.dlviz.scores(); return s && ({condition}); }}", timeout=60_000)
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.scores()")
    return found


def open_scores(page: Any, app: str) -> dict[str, Any]:
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 10_000})
    page.goto(f"{app}/attention?attention.panel=Scores")
    return wait(page)


def middle(page: Any, handle: str) -> tuple[float, float]:
    x, y = page.evaluate(f"(id) => {PANEL}.dlviz.middleOf(id)", handle)
    return float(x), float(y)


def of_torch(found: dict[str, Any]) -> Any:
    """The probe's answer to what the panel has now."""
    m = found["matrices"]
    return scoring.scores(
        RUN, query=found["query"], keys=[key["at"] for key in found["keys"]],
        values=[key["value"] for key in found["keys"]], w=m["w"], w_query=m["wQuery"], w_key=m["wKey"], v=m["v"],
        dimensions=2 * m["repeats"],
    )  # fmt: skip


def check(page: Any, found: dict[str, Any]) -> None:
    """Everything that the cards say, against torch."""
    trace = of_torch(found)
    for kind in FUNCTIONS:
        for name in ("scores", "weights", "context"):
            np.testing.assert_allclose(found["found"][kind][name], trace[f"{kind}_{name}"], atol=1e-12, rtol=1e-12)
        card = page.locator(f".scores .card-of[data-kind={kind}]")
        said = [[plain(text) for text in line.split("\n")[1:]] for line in card.locator(".line").all_inner_texts()]
        for (score, share), wanted, weight in zip(said, trace[f"{kind}_scores"], trace[f"{kind}_weights"], strict=True):
            assert score == pytest.approx(wanted, abs=0.0051 if abs(wanted) < 1000 else 0.51)
            assert share == pytest.approx(100 * weight, abs=0.501)
        context = re.findall(r"−?[\d.]+", card.locator(".context").inner_text())
        np.testing.assert_allclose([plain(x) for x in context], trace[f"{kind}_context"], atol=0.0051)
        last = card.locator(".equation p").last.inner_text()
        at = [key["hue"] for key in found["keys"]].index(found["look"])
        assert plain(last.split("=")[-1]) == pytest.approx(trace[f"{kind}_scores"][at], abs=0.0051)


def plain(text: str) -> float:
    return float(text.replace("−", "-").replace("%", "").replace(",", "").strip())


def check_field(found: dict[str, Any]) -> None:
    """The colours of the plane, against torch at some queries."""
    field = np.array(found["field"])
    side = round(len(field) ** 0.5)
    at = [key["hue"] for key in found["keys"]].index(found["look"])
    for cell in range(0, len(field), 397):
        row, column = divmod(cell, side)
        query = [REACH * (2 * (column + 0.5) / side - 1), REACH * (1 - 2 * (row + 0.5) / side)]
        trace = of_torch({**found, "query": query})
        scores, weights = trace[f"{found['kind']}_scores"], trace[f"{found['kind']}_weights"]
        second, first = np.sort(scores)[-2:]
        winner = scores.argmax() if first - second > 1e-9 * max(1, abs(first)) else -1
        wanted = {"score": scores[at], "weight": weights[at], "winner": winner}[found["of"]]
        assert field[cell] == pytest.approx(wanted, rel=1e-6, abs=1e-6)
    if found["of"] == "score":
        assert found["limit"] == np.abs(field).max()


def test_vectors_that_move_and_functions_that_differ(page: Any, app: str) -> None:
    """One page, since opening it takes longer than asking it."""
    found = open_scores(page, app)
    panel = page.locator(".scores")
    assert found["query"] == list(scoring.QUERY)
    assert [key["at"] for key in found["keys"]] == [list(key) for key in scoring.KEYS]
    assert [key["value"] for key in found["keys"]] == [list(value) for value in scoring.VALUES]
    assert found["matrices"]["w"] == [list(row) for row in scoring.W]
    check(page, found)
    check_field(found)
    assert found["sentence"] == "Dot product and scaled dot choose b; cosine and additive choose a; bilinear chooses c."
    q, (a, b) = np.array(scoring.QUERY), np.array(scoring.KEYS[:2])
    angles = [np.degrees(np.arccos(q @ k / np.linalg.norm(q) / np.linalg.norm(k))) for k in (b, a)]
    assert f"b stands {angles[0]:.0f}° from the query and a only {angles[1]:.0f}°" in found["why"]
    assert f"b is {np.linalg.norm(b) / np.linalg.norm(a):.2g} times as long" in found["why"]

    # By the pointer: the query, a key, a value, a column of W.
    for handle, (dx, dy) in {"q": (-90, 40), "k0": (40, 60), "v1": (-30, -50)}.items():
        x, y = middle(page, handle)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + dx / 2, y + dy / 2)
        page.mouse.move(x + dx, y + dy)
        page.mouse.up()
        page.wait_for_function(
            f"([id, x, y]) => {{ const [a, b] = {PANEL}.dlviz.middleOf(id); return Math.hypot(a - x, b - y) < 4; }}",
            arg=[handle, x + dx, y + dy],
        )
    found = wait(page, "s.query[0] < 1 && s.places === 'own'")
    check(page, found)
    x, y = middle(page, "first")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 50, y - 50)
    page.mouse.up()
    found = wait(page, "s.matrices.w[1][0] > 0.5")
    assert found["matrices"]["w"][0][1] == 0  # the other column stays
    check(page, found)

    # By the keyboard; then every function's field, and vectors of more dimensions.
    panel.locator("circle[data-id=k3]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    found = wait(page, "s.keys[3].at[0] === -1.4 && s.keys[3].at[1] === -0.5")
    assert found["look"] == 3
    for kind, of in zip(FUNCTIONS, ("Score", "Weight", "Winner", "Score", "Weight"), strict=True):
        panel.locator(f".card-of[data-kind={kind}] .head").click()
        panel.get_by_role("radio", name=of).click()
        found = wait(page, f"s.kind === '{kind}' && s.of === '{of.lower()}'")
        check_field(found)
    panel.get_by_label("As if d were").select_option("64")
    found = wait(page, "s.matrices.repeats === 32")
    check(page, found)
    check_field(found)


def test_keys_come_and_go_and_bad_input_changes_nothing(page: Any, app: str) -> None:
    open_scores(page, app)
    panel = page.locator(".scores")
    for many in range(5, 9):
        panel.get_by_role("button", name="Add a key").click()
        check(page, wait(page, f"s.keys.length === {many}"))
    assert panel.get_by_role("button", name="Add a key").is_disabled()
    name = panel.get_by_label("Name of the key").nth(1)
    name.fill("<b>x</b>")
    name.press("Enter")
    found = wait(page, "s.keys[1].name === '<b>x</b>'")
    assert panel.locator("b b").count() == 0
    field = panel.get_by_label("W, row 1, column 2", exact=True)
    field.fill("much")
    field.press("Enter")
    panel.get_by_text("Give a number from −20 to 20, such as 0.").wait_for()
    assert wait(page)["matrices"] == found["matrices"]
    field.fill("−2,5")
    field.press("Enter")
    check(page, wait(page, "s.matrices.w[0][1] === -2.5"))
    first = panel.get_by_label("Query, first number")
    first.fill("9")
    first.press("Enter")
    panel.get_by_text("Query, first number: give a number from −4 to 4.").wait_for()
    assert wait(page)["query"] == found["query"]
    for left in range(7, 2, -1):
        panel.locator(".away").first.click()
        found = wait(page, f"s.keys.length === {left}")
    check(page, found)
    assert panel.locator(".away").first.is_disabled()


def test_situations_say_what_a_function_cannot_tell(page: Any, app: str) -> None:
    open_scores(page, app)
    menu = page.locator(".scores").get_by_label("Vectors", exact=True)
    menu.select_option("lengths")
    found = wait(page, "s.places === 'lengths'")
    check(page, found)
    assert np.ptp(of_torch(found)["cosine_scores"]) < 1e-12
    assert "4 keys stand at the same angle to the query, 0°" in found["why"]
    menu.select_option("none")
    found = wait(page, "s.places === 'none'")
    check(page, found)
    assert "the weights are even, 25 % each" in found["why"]
    menu.select_option("long")
    found = wait(page, "s.places === 'long'")
    trace = of_torch(found)
    assert (trace["dot_scores"].argmax(), trace["cosine_scores"].argmax()) == (1, 0)
    for name in ("angles", "opposite", "winners"):
        menu.select_option(name)
        check(page, wait(page, f"s.places === '{name}'"))


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["phone"])
def test_on_a_phone(page: Any, app: str) -> None:
    found = open_scores(page, app)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # The page may clip what sticks out: so every element is asked, except in what scrolls by itself.
    sticking = f"[...{PANEL}.shadowRoot.querySelectorAll('.scores *:not(.frame *)')]"
    assert page.evaluate(f"() => Math.max(...{sticking}.map((e) => e.getBoundingClientRect().right))") <= 390
    check(page, found)
    page.touchscreen.tap(*(x + 30 for x in middle(page, "q")))
    check(page, wait(page, "s.places === 'own'"))
