"""The panel Heads in the real app: patterns, rows, roles and their history against torch and the probes."""

from __future__ import annotations

import math
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest

from dlviz.labs.attention import probe
from dlviz.labs.attention.roles import ROLES, roles
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.heads && !e.dlviz.stage)"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SMALL = {"width": 16, "heads": 2, "length": 12, "examples": 200}
CLOSE = 2e-6


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until a JavaScript expression of the panel's numbers `g` holds; these numbers."""
    page.wait_for_function(f"() => {{ const g = {PANEL}?.dlviz.heads(); return g && ({condition}); }}", timeout=90_000)
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.heads()")
    return found


def open_heads(page: Any, app: str, **settings: Any) -> dict[str, Any]:
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 10_000})  # all of it in sight
    given = "".join(f"&attention.{name}={quote(str(value))}" for name, value in settings.items())
    page.goto(f"{app}/attention?attention.panel=Heads{given}")
    return wait(page, "g.measured === g.step && !g.gathering")


def ran(steps: int, **settings: Any) -> AttentionRun:
    run = AttentionRun(AttentionSpec(**settings))
    run.advance(steps)
    return run


def on_panel(page: Any, selector: str) -> Any:
    return page.locator(f".heads {selector}")


def test_patterns_rows_roles_and_filters(page: Any, app: str) -> None:
    """One page, since opening it takes longer than asking it."""
    found = open_heads(page, app, **SMALL)
    run = ran(found["step"], **SMALL)
    trace, measured = probe.heads(run), roles(run)
    for layer in range(2):
        np.testing.assert_allclose(
            found["weights"][f"core.{layer}.attention"], trace["weights"][layer].reshape(2, -1), atol=CLOSE
        )
    assert len(found["thumbs"]) == 4

    # A click on a thumbnail enlarges it; the arrow keys walk from one to the next.
    on_panel(page, '[data-grid="core.0.attention"][data-head="1"]').click()
    found = wait(page, 'g.grid === "core.0.attention" && g.head === 1')
    page.keyboard.press("ArrowDown")
    found = wait(page, 'g.grid === "core.1.attention" && g.head === 1')
    check_roles(found, measured, 1, 1)

    # The row under the pointer, as bars with numbers; its score and weight are put in.
    x, y = page.evaluate(f"() => {PANEL}.dlviz.middle(9, 3)")
    page.mouse.move(x, y)
    found = wait(page, "g.query === 9 && g.key === 3")
    row = trace["weights"][1, 1, 9, :10]
    assert [bar["at"] for bar in found["readout"]["best"]] == np.argsort(-row, kind="stable")[:10].tolist()
    for bar in found["readout"]["best"]:
        assert bar["weight"] == pytest.approx(row[bar["at"]], abs=CLOSE)
    assert found["readout"]["entropy"] == pytest.approx(-sum(w * math.log(w) for w in row), abs=1e-5)
    assert found["readout"]["pair"]["score"] == pytest.approx(trace["scores"][1, 1, 9, 3], abs=1e-5)
    assert found["readout"]["pair"]["weight"] == pytest.approx(row[3], abs=CLOSE)
    said = on_panel(page, ".readout .bars .value:last-child").all_inner_texts()
    assert [float(text) for text in said] == [
        pytest.approx(bar["weight"], abs=5.1e-4) for bar in found["readout"]["best"]
    ]

    # Filters: from one token, then to one token; Escape lets go.
    page.mouse.move(2, 2)
    on_panel(page, "#heads-query").select_option("5")
    wait(page, "g.pinned && g.query === 5 && g.key === null")
    on_panel(page, "#heads-query").select_option("")
    on_panel(page, "#heads-key").select_option("2")
    found = wait(page, "g.pinned && g.query === null && g.key === 2")
    assert found["readout"]["column"]
    assert found["readout"]["total"] == pytest.approx(trace["weights"][1, 1, :, 2].sum(), abs=1e-5)
    on_panel(page, "canvas.pattern").focus()
    page.keyboard.press("Escape")
    wait(page, "!g.pinned && g.key === null")

    # Lines: those below the threshold are left out; all heads of the layer, less one.
    on_panel(page, ".large").get_by_role("radio", name="Lines", exact=True).click()
    least = on_panel(page, ".large .range input[type=text]")
    least.fill("0.2")
    least.press("Enter")
    found = wait(page, 'g.view === "lines" && g.lines.layers.length === 1')
    assert found["lines"]["layers"] == [{"head": 1, "shown": int((trace["weights"][1, 1] >= 0.2).sum())}]
    on_panel(page, ".large").get_by_role("radio", name="All heads", exact=True).click()
    found = wait(page, "g.lines.layers.length === 2")
    assert [layer["shown"] for layer in found["lines"]["layers"]] == (trace["weights"][1] >= 0.2).sum((1, 2)).tolist()
    on_panel(page, '.legend [data-head="0"]').click()
    assert [layer["head"] for layer in wait(page, "g.lines.layers.length === 1")["lines"]["layers"]] == [1]


def check_roles(found: dict[str, Any], measured: Any, layer: int, head: int) -> None:
    """The table of the chosen head against the probe of a run of our own, in numbers and in words."""
    table = {row["role"]: row for row in found["roles"]["rows"]}
    for at, role in enumerate(ROLES):
        assert table[role]["mass"] == pytest.approx(measured["mass"][layer, head, at], abs=1e-5)
        assert table[role]["chance"] == pytest.approx(measured["chance"][at], abs=1e-5)
    named = measured["named"][layer, head]
    assert found["roles"]["named"] == (ROLES[named] if named >= 0 else None)
    assert found["roles"]["entropy"] == pytest.approx(measured["entropy"][layer, head], abs=1e-5)


def test_roles_over_training_and_back_in_time(page: Any, app: str) -> None:
    settings = {**SMALL, "learning_rate": 0.01}
    open_heads(page, app, **settings)
    page.get_by_role("button", name="Play", exact=True).first.click()
    wait(page, "g.step >= 30")
    page.get_by_role("button", name="Pause", exact=True).first.click()
    wait(page, "g.measured === g.step && !g.gathering")
    gather = ".gather button"
    wait(page, f"g.missing === 0 || !{PANEL}.shadowRoot.querySelector('{gather}').disabled")
    if on_panel(page, gather).is_enabled():
        on_panel(page, gather).click()
    found = wait(page, "g.measured === g.step && !g.gathering && g.missing === 0 && g.overtime.steps.length >= 6")
    newest, past = found["step"], found["overtime"]
    assert past["steps"] == sorted(set(past["steps"]))
    run = AttentionRun(AttentionSpec(**settings))
    at = ROLES.index("induction")
    for i, step in enumerate(past["steps"][:4] + past["steps"][-2:]):
        run.advance(step - run.step)
        measured = roles(run)
        k = past["steps"].index(step)
        assert past["loss"][k] == pytest.approx(float(measured["loss"]), abs=1e-4), i
        for line in past["series"]:
            layer = int(line["id"].split(".")[1])
            assert line["ys"][k] == pytest.approx(measured["mass"][layer, line["head"], at], abs=1e-4)
    assert page.locator("body").inner_text().count("Pause") == 0, "looking back has not started the training"

    # A click in the strip goes back in time, and everything follows; named then is what was measured then.
    chart = on_panel(page, ".overtime canvas").first
    box = chart.bounding_box()
    chart.click(position={"x": 56, "y": box["height"] / 2})
    found = wait(page, "g.step === 0 && g.measured === 0")
    untrained = ran(0, **settings)
    np.testing.assert_allclose(
        found["weights"]["core.1.attention"], probe.heads(untrained)["weights"][1].reshape(2, -1), atol=CLOSE
    )
    assert found["overtime"]["cursor"] == 0
    assert "before training" in found["sentence"]
    assert newest > 0


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["phone"])
def test_a_translator_on_a_phone(page: Any, app: str) -> None:
    settings = {"task": "pig_latin", "width": 12, "heads": 2, "layers": 1, "examples": 100, "reading": "queen"}
    found = open_heads(page, app, **settings)
    run = ran(found["step"], **settings)
    trace, measured = probe.heads(run), roles(run)
    prefixes = {"encoder.0.attention": "", "decoder.0.attention": "decoder_", "decoder.0.cross": "cross_"}
    for grid, prefix in prefixes.items():
        np.testing.assert_allclose(
            found["weights"][grid], trace[f"{prefix}weights"][0].reshape(2, -1), atol=CLOSE, err_msg=grid
        )
    on_panel(page, '[data-grid="decoder.0.cross"][data-head="0"]').tap()
    found = wait(page, 'g.grid === "decoder.0.cross" && g.head === 0')
    assert "".join(found["columns"]) == "queen"
    assert found["rows"][0] == "^"
    table = {row["role"]: row for row in found["roles"]["rows"]}
    for at, role in enumerate(ROLES):
        assert table[role]["mass"] == pytest.approx(measured["cross_mass"][0, 0, at], abs=1e-5)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_text_is_text_and_the_longest_one_is_drawn_in_time(page: Any, app: str) -> None:
    text = ("x = '<b>y</b>'\n" * 9)[:120]
    found = open_heads(page, app, task="characters", text="python", width=16, heads=4, reading=text)
    assert len(found["columns"]) == 64, "the most that can be read"
    assert "".join(found["columns"]) == text[:64]
    assert on_panel(page, "b b, .bars b").count() == 0
    assert found["milliseconds"] < 400, "a refresh of everything, on a busy machine"
