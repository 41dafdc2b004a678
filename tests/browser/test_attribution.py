"""The attribution wall in the real app: eight maps, one pointer, and the sanity check, against the probe itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from dlviz.labs.cnn.attribution import attribution
from dlviz.labs.cnn.explaining import METHODS
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec

pytestmark = pytest.mark.browser

WALL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.attribution)"
SETTINGS = {"dataset": "shapes", "channels": (4, 6), "dense_units": (), "picture": 4, "examples": 200}


def shown(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(f"() => {WALL}.dlviz.attribution()")
    return found


def wait(page: Any, condition: str) -> dict[str, Any]:
    """Wait until nothing is asked any more and a JavaScript expression of the wall `w` holds."""
    ready = f"w && !w.busy && w.tiles.every((t) => t.values) && ({condition})"
    page.wait_for_function(f"() => {{ const w = {WALL}?.dlviz.attribution(); return {ready}; }}", timeout=60_000)
    return shown(page)


def summed(trace: Any, absolute: bool = False) -> np.ndarray:
    maps = trace["attribution"]
    return (np.abs(maps) if absolute else maps).sum(0).ravel()


def check(found: dict[str, Any], run: CnnRun, absolute: bool = False, **options: Any) -> None:
    """Every map, its limit and its facts on the page, from the probe called here."""
    assert [tile["method"] for tile in found["tiles"]] == list(METHODS)
    for tile in found["tiles"]:
        trace = attribution(run, tile["method"], **options)
        values = summed(trace, absolute)
        size = np.abs(values).max()
        np.testing.assert_allclose(tile["values"], values, atol=1e-3 * size, err_msg=tile["method"])
        assert tile["limit"] == pytest.approx(np.quantile(np.abs(values), 0.99), rel=5e-3)
        assert tile["time"].endswith(" ms")
        share = f"{float(trace['inside_share']) * 100:.0f} % inside"
        assert share in tile["facts"], tile["method"]
        assert ("hit ✓" in tile["facts"]) == bool(trace["points_inside"])
        assert ("gap" in tile["facts"]) == (tile["method"] in ("integrated_gradients", "deep_lift"))


def test_the_wall_the_pointer_and_the_sanity_check(page: Any, app: str) -> None:
    run = CnnRun(CnnSpec(**SETTINGS))
    page.goto(
        f"{app}/cnn?cnn.dataset=shapes&cnn.channels=4,6&cnn.dense_units=&cnn.picture=4&cnn.examples=200&cnn.panel=Attribution"
    )
    page.locator(".attribution .wall").wait_for(timeout=60_000)
    page.locator(".attribution .wall").scroll_into_view_if_needed()
    found = wait(page, "true")
    run.advance(found["round"]["step"])
    check(found, run)

    page.locator(".tile canvas").nth(2).hover()
    row, column = shown(page)["place"]
    at = row * 32 + column
    for tile in shown(page)["tiles"]:
        read = float(
            tile["read"].replace("−", "-").replace("×10", "e").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        )
        assert read == pytest.approx(tile["values"][at], rel=0.06, abs=6e-4), tile["method"]
    numbers = page.locator(".attribution .notes").inner_text()
    gap = float(attribution(run, "integrated_gradients")["total"])
    assert f"Integrated Gradients: the cells add up to {gap:.3g}".rstrip("0").replace("-", "−")[:48] in numbers.replace(
        "×10", "e"
    )
    area = run.pictures.masks[4].mean().item()  # type: ignore[index]
    assert f"spread evenly it would be {area * 100:.0f} %" in numbers

    assert "does not quite add up behind max pooling" in numbers

    page.get_by_role("radio", name="Absolute").click()
    check(wait(page, "true"), run, absolute=True)
    page.get_by_label("Minus the logit of").select_option(label="star")
    target = found["round"]["options"]["target"]
    found = wait(page, "w.round.options.minus === 5")
    check(found, run, absolute=True, target=target, minus=5)
    assert (
        page.locator(".attribution .reading")
        .inner_text()
        .startswith(f"f is the logit of {run.spec.classes[target]} less that of star")
    )
    page.get_by_label("Minus the logit of").select_option(label="nothing")

    page.locator(".sanity input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    found = wait(page, "w.round.options.randomized === 1")
    for tile in found["tiles"]:
        first, later = (attribution(run, tile["method"], randomized=k) for k in (0, 1))
        expected = spearmanr(summed(first, True), summed(later, True)).statistic
        assert tile["correlation"] == pytest.approx(expected, abs=2e-3), tile["method"]
    page.get_by_role("button", name="Compute the curves").click()
    page.get_by_role("button", name="Computed").wait_for(timeout=60_000)
    curves = shown(page)["curve"]["values"]
    for method, values in curves.items():
        assert len(values) == 4
        assert values[0] == 1
        assert values[1] == pytest.approx(next(t["correlation"] for t in found["tiles"] if t["method"] == method))
    guided = f"Guided Backprop keeps ρ {curves['guided_backprop'][1]:.2f} of its first map".replace("-", "−")
    assert guided in page.locator(".sanity .verdict").inner_text()
