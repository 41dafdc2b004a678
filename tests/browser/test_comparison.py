"""The panel RNN, GRU, LSTM in the real app: costs against torch's layers, a race against runs of their own."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from torch import nn

from dlviz.labs.recurrent.counting import with_cell
from dlviz.labs.recurrent.measuring import measure
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec

# Tall, because what is out of sight is not drawn.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 2600}}], indirect=True, ids=["tall"]),
]

SPEC = RecurrentSpec(task="brackets", hidden_size=6, layers=2, examples=200, lag=12)
SETTINGS = {"task": "brackets", "hidden_size": 6, "layers": 2, "examples": 200, "lag": 12}
LINK = (
    "recurrent?" + "&".join(f"recurrent.{k}={v}" for k, v in SETTINGS.items()) + "&recurrent.panel=RNN%2C+GRU%2C+LSTM"
)
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.comparison)"
LAYERS: dict[str, Any] = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
STEPS = 24


def wait(page: Any, condition: str) -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {PANEL}?.dlviz.comparison(); return now && ({condition}); }}", timeout=90_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.comparison()")
    return found


def test_costs_and_a_race(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    width = 16  # of the embedding

    def parameters(cell: str, size: int) -> int:
        return sum(p.numel() for p in LAYERS[cell](width, size, 2).parameters())

    found = wait(page, "now.costs")
    for cell in LAYERS:
        assert found["costs"][cell]["parameters"] == parameters(cell, 6)
        formula = page.locator(f".comparison [data-cell={cell}] .formula").first.inner_text()
        assert f"In all: {parameters(cell, 6):,}" in formula
        for line in re.findall(r"Layer \d: (.*)", formula):  # each line is an equation that holds
            left, right = line.replace("·", "*").replace(",", "").split("=")
            assert eval(left) == int(right)
    shares = page.locator(".comparison .share").all_inner_texts()
    assert ["¼" in shares[0], "¾" in shares[1]] == [True, True]

    page.locator(".comparison").get_by_role("radio", name="Equal parameters").click()
    found = wait(page, "now.equal === 'parameters' && now.costs.rnn.size > 6")
    sizes = {cell: with_cell(SPEC, cell, "parameters", width).hidden_size for cell in LAYERS}
    assert {cell: found["costs"][cell]["size"] for cell in LAYERS} == sizes
    assert {cell: found["costs"][cell]["parameters"] for cell in LAYERS} == {
        cell: parameters(cell, size) for cell, size in sizes.items()
    }

    field = page.locator(".comparison .knob[data-field=steps] input[type=text]")
    field.fill(str(STEPS))
    field.press("Enter")
    page.locator(".comparison").get_by_role("button", name="Start the race").click()
    race = wait(page, "now.race?.done")["race"]
    assert race["steps"][-1] == STEPS
    ends = {}
    for cell in LAYERS:
        alone = RecurrentRun(with_cell(SPEC, cell, "parameters", width))
        for at, step in enumerate(race["steps"]):
            alone.advance(step - alone.step)
            wanted = measure(alone.network, alone.task)
            assert race["cells"][cell]["loss"][0][at] == pytest.approx(wanted["validation_loss"], rel=1e-5)
            assert race["cells"][cell]["accuracy"][0][at] == pytest.approx(wanted["validation_accuracy"], abs=1e-6)
        ends[cell] = wanted["validation_loss"]
        row = page.locator(f".comparison tr[data-cell={cell}] td").all_inner_texts()
        assert float(row[0]) == pytest.approx(wanted["validation_loss"], abs=5.1e-4)
        assert float(row[1].removesuffix(" %")) == pytest.approx(100 * wanted["validation_accuracy"], abs=0.051)
    best = min(ends, key=ends.__getitem__).upper()
    assert f"With this one seed the {best} has the lowest loss" in race["words"]
    assert "run three" in race["words"]
    assert race["chance"] == pytest.approx(alone.task.chance)
    # At equal time: the fastest to its end, the others to the last mark that they had reached by then.
    rates = {cell: race["cells"][cell]["rate"][0] for cell in LAYERS}
    seconds = STEPS / max(rates.values())
    for cell, rate in rates.items():
        at = int(np.searchsorted(np.array(race["steps"]) / rate, seconds * (1 + 1e-9), side="right")) - 1
        assert (
            f"{cell.upper()} {race['cells'][cell]['loss'][0][at]:.3f} after {race['steps'][at]} step" in race["words"]
        )


def test_a_race_can_be_cancelled_and_leaves_what_was_run(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    wait(page, "now.costs")
    field = page.locator(".comparison .knob[data-field=steps] input[type=text]")
    field.fill("3000")
    field.press("Enter")
    page.locator(".comparison").get_by_role("radio", name="Three").click()
    page.locator(".comparison").get_by_role("button", name="Start the race").click()
    wait(page, "now.race?.cells.lstm.loss[0].filter(Number.isFinite).length >= 1")
    page.locator(".comparison").get_by_role("button", name="Cancel").click()
    page.locator(".comparison").get_by_role("button", name="Race again").wait_for()
    found = wait(page, "true")
    assert not found["race"]["done"]
