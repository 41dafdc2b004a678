"""The gates panel in the real app: what is under the cross-hair, brushed, sorted and held, against numpy and torch."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import torch

from dlviz.labs.recurrent import probe
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.gates)"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
LSTM = ("forget_gate", "input_gate", "candidate", "output_gate", "cell", "hidden")
SMALL = {"hidden_size": 12, "embedding_size": 6}


def link(app: str, **settings: Any) -> str:
    given = "".join(f"&recurrent.{name}={quote(str(value))}" for name, value in settings.items())
    return f"{app}/recurrent?recurrent.panel=Gates{given}"


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until a JavaScript expression of the panel's numbers `g` holds; these numbers."""
    page.wait_for_function(f"() => {{ const g = {PANEL}?.dlviz.gates(); return g && ({condition}); }}", timeout=60_000)
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.gates()")
    return found


def middle(page: Any, step: int, row: str | None = None) -> list[float]:
    found: list[float] = page.evaluate(f"([step, row]) => {PANEL}.dlviz.middle(step, row)", [step, row])
    return found


def open_gates(page: Any, app: str, **settings: Any) -> dict[str, Any]:
    # All of it in sight: out of sight a panel asks for nothing, and nothing scrolls.
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 7000})
    page.goto(link(app, **settings))
    return wait(page)


def series(trace: Any, name: str, unit: int | None = None) -> np.ndarray:
    values = trace[name][0, 0]
    found: np.ndarray = values.mean(1) if unit is None else values[:, unit]
    return found


def test_the_strip_the_span_the_properties_and_what_is_held(page: Any, app: str) -> None:
    """One page, since opening it takes longer than asking it."""
    text = "if (a < b):\n    x = 'c <b>d</b>'\n    return f(a[0], b)\n"
    found = open_gates(page, app, reading=text, **SMALL)
    run = RecurrentRun(RecurrentSpec(reading=text, **SMALL))
    run.advance(found["trained"])
    trace = probe.gates(run)
    letters = text[:-1]
    assert "".join(found["labels"]) == letters
    assert page.locator(".gates b b, .gates .chip b").count() == 0  # a text is text, never markup

    # Under the cross-hair.
    at = 17
    page.mouse.move(*middle(page, at))
    found = wait(page, f"g.step === {at}")
    for row, said in zip(found["rows"], found["said"], strict=True):
        np.testing.assert_allclose(row["series"], series(trace, row["name"]), atol=2e-6)
        assert float(said.replace("−", "-")) == pytest.approx(row["series"][at], abs=0.0051)
    assert [row["name"] for row in found["rows"]] == list(LSTM)
    shares = torch.tensor(trace["logits"][at]).softmax(0).numpy()
    assert [each["k"] for each in found["best"][:5]] == np.argsort(-shares, kind="stable")[:5].tolist()
    for each in found["best"]:
        assert each["share"] == pytest.approx(shares[each["k"]], abs=1e-5)
    right = next(each for each in found["best"] if each["right"])
    assert run.task.vocabulary[right["k"]] == text[at + 1]
    assert page.evaluate(f"() => {PANEL}.shadowRoot.querySelectorAll('.best li').length") == len(found["best"])

    # One unit, chosen in the opened row; its numbers stand in the equations.
    page.mouse.click(*middle(page, at, "cell"))
    found = wait(page, "g.unit !== null")
    unit = found["unit"]
    assert unit == found["order"][6]
    np.testing.assert_allclose(found["rows"][4]["series"], series(trace, "cell", unit), atol=2e-6)
    numbers = page.locator(".gates .equations .numbers").all_inner_texts()
    f, i, g, o, c, hidden = (float(trace[name][0, 0, at, unit]) for name in LSTM)
    before = float(trace["cell"][0, 0, at - 1, unit])
    n = lambda x: f"{0 if abs(x) < 0.005 else x:.2f}".replace("-", "−")  # noqa: E731
    product = lambda a, b: f"{n(a)} · {f'({n(b)})' if b < 0 else n(b)}"  # noqa: E731
    assert numbers[4] == f"= {product(f, before)} + {product(i, g)} = {n(c)}"
    assert numbers[5] == f"= {product(o, float(np.tanh(c)))} = {n(hidden)}"
    assert f * before + i * g == pytest.approx(c, abs=1e-5)

    # Brushed with the pointer, then with the keyboard.
    page.mouse.move(*middle(page, 4))
    page.mouse.down()
    page.mouse.move(*middle(page, 6))
    page.mouse.move(*middle(page, 8))
    page.mouse.up()
    found = wait(page, "g.span.from === 4 && g.span.to === 8")
    check_brushed(found, trace)
    page.locator(".gates canvas.over").focus()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    wait(page, "g.step === 3")
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    found = wait(page, "g.span.from === 3 && g.span.to === 5 && g.step === 5")
    page.locator(".gates .threshold input[type=text]").fill("0.05")
    page.keyboard.press("Enter")
    page.locator(".gates").get_by_role("switch", name="Only just there").click()
    found = wait(page, "g.rule.edges && g.rule.threshold === 0.05")
    check_brushed(found, trace)
    page.locator(".gates").get_by_role("switch", name="Only just there").click()
    wait(page, "!g.rule.edges")

    # What a unit follows.
    page.locator(".gates [data-property=depth]").click()
    found = wait(page, "g.chosen.slug === 'depth'")
    depth = np.cumsum([(x in "([{") - int(x in ")]}") for x in letters])
    assert next(p["series"] for p in found["properties"] if p["slug"] == "depth") == depth.tolist()
    expected = [np.corrcoef(series(trace, "cell", k), depth)[0, 1] for k in range(12)]
    np.testing.assert_allclose(found["chosen"]["r"], expected, atol=1e-5)
    best = int(np.argmax(np.abs(expected)))
    sentence = page.locator(".gates .part").nth(1).locator(".sentence").inner_text()
    assert f"unit {best + 1} " in sentence
    assert f"{abs(expected[best]):.2f}" in sentence
    assert ("stands out" in sentence) == (abs(expected[best]) <= found["chosen"]["control"]["largest"])
    page.locator(".gates").get_by_role("switch", name="Order the strip by it").click()
    found = wait(page, f"g.order[0] === {best}")
    assert found["order"] == np.argsort(-np.abs(expected), kind="stable").tolist()

    # Held: all units of the forget gate at 0, then at 1, then let go.
    page.locator(".gates").get_by_label("Units", exact=True).select_option("all")
    page.locator(".gates").get_by_role("button", name="Hold", exact=True).click()
    found = wait(page, "g.losses.held && g.pair")
    free, held = losses(run, None), losses(run, (3, 5))
    np.testing.assert_allclose(found["losses"]["free"], free, atol=2e-5)
    np.testing.assert_allclose(found["losses"]["held"], held, atol=2e-5)
    more = held[6:].mean() - free[6:].mean()
    words = page.locator(".gates .part").nth(2).locator(".sentence").inner_text()
    assert words.startswith("Holding f at 0 from step 4 to 6 ")
    assert ("costs" in words or "saves" in words) or abs(more) < 0.001
    assert len(found["pair"][0]) == len(found["pair"][1]) == 160
    page.get_by_role("radio", name="Difference").click()
    found = wait(page, "g.view === 'difference'")
    assert np.abs(found["rows"][0]["series"][:3]).max() == 0  # nothing differs before the gate is held
    assert found["rows"][0]["series"][4] == pytest.approx(-series(trace, "forget_gate", unit)[4], abs=2e-6)
    page.get_by_role("button", name="Let go of forget gate").click()
    found = wait(page, "!g.losses.held && g.view === 'free'")

    # The next moment of training.
    page.evaluate(f"() => {SESSION}.advance(5)")
    found = wait(page, f"g.trained === {run.step + 5}")
    run.advance(5)
    np.testing.assert_allclose(found["rows"][0]["series"], series(probe.gates(run), "forget_gate", unit), atol=2e-6)


SESSION = "[...globalThis[Symbol.for('dlviz.sessions')].values()][0]"


def check_brushed(found: dict[str, Any], trace: Any) -> None:
    """The units of the span and where else they are on, by numpy."""
    values, rule, span = trace["hidden"][0, 0], found["rule"], found["span"]
    state = (values >= rule["threshold"]).astype(int) - (values <= -rule["threshold"])
    inside = state[span["from"] : span["to"] + 1]
    expected = (inside == inside[0]).all(0) & (inside[0] != 0)
    if rule["edges"]:
        expected &= (state[span["from"] - 1] != inside[0]) & (state[span["to"] + 1] != inside[0])
    units = [each["unit"] for each in found["brushed"]]
    assert set(units) == set(np.flatnonzero(expected))
    if units:
        np.testing.assert_allclose(found["pattern"], (state[:, units] == inside[0, units]).mean(1), atol=1e-6)


def losses(run: RecurrentRun, held: tuple[int, int] | None) -> np.ndarray:
    """Loss at each step by torch, with the forget gate at 0 in a span of steps."""
    core, targets = run.network.core, run.reading.targets
    assert targets is not None
    h = c = torch.zeros(core.hidden_size)
    rows = []
    with torch.no_grad():
        for t, x in enumerate(run.network.embed(run.reading.inputs)[0]):
            sums = core.weight_ih_l0 @ x + core.bias_ih_l0 + core.weight_hh_l0 @ h + core.bias_hh_l0
            i, f, g, o = sums.chunk(4)
            f = torch.zeros_like(f) if held and held[0] <= t <= held[1] else f.sigmoid()
            c = f * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            rows.append(run.network.head(h))
    found: np.ndarray = torch.nn.functional.cross_entropy(torch.stack(rows), targets[0], reduction="none").numpy()
    return found


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_with_numbers_and_no_gates(page: Any, app: str) -> None:
    found = open_gates(page, app, task="weather", cell="rnn", hidden_size=8)
    run = RecurrentRun(RecurrentSpec(task="weather", cell="rnn", hidden_size=8))
    run.advance(found["trained"])
    assert [row["name"] for row in found["rows"]] == ["hidden"]
    np.testing.assert_allclose(found["rows"][0]["series"], series(probe.gates(run), "hidden"), atol=2e-6)
    assert [float(x.replace("−", "-")) for x in found["labels"]] == pytest.approx(
        run.reading.inputs[0, :, 0].tolist(), abs=0.06
    )
    page.touchscreen.tap(*middle(page, 1))
    wait(page, "g.step === 1")
    page.get_by_label("first step of the span").fill("0")
    page.keyboard.press("Tab")
    page.get_by_text("Give two whole numbers from 1 to 20").wait_for()
    page.get_by_label("first step of the span").fill("2")
    page.get_by_label("last step of the span").fill("3")
    page.keyboard.press("Tab")
    wait(page, "g.span.from === 1 && g.span.to === 2")
    page.locator(".gates").get_by_role("button", name="Hold", exact=True).click()
    found = wait(page, "g.losses.held")
    assert found["losses"]["held"][0] == found["losses"]["free"][0]
    assert page.evaluate("() => document.scrollingElement.scrollWidth - innerWidth") <= 0
    assert page.locator("div.gates").evaluate("(e) => e.scrollWidth - e.clientWidth") <= 0


def test_a_translator_is_looked_at_in_both_parts(page: Any, app: str) -> None:
    settings = {"task": "digit_words", "hidden_size": 10, "examples": 200}
    found = open_gates(page, app, **settings)
    run = RecurrentRun(RecurrentSpec(**settings))  # type: ignore[arg-type]
    run.advance(found["trained"])
    trace = probe.gates(run)
    np.testing.assert_allclose(found["rows"][0]["series"], series(trace, "forget_gate"), atol=2e-6)
    page.get_by_role("radio", name="Decoder").click()
    found = wait(page, "g.part === 'decoder'")
    steps = found["steps"]
    assert found["labels"] == [run.task.vocabulary[k] for k in trace["decoder_tokens"][:steps]]
    np.testing.assert_allclose(found["rows"][0]["series"], series(trace, "decoder_forget_gate")[:steps], atol=2e-6)
    page.mouse.move(*middle(page, 1))
    found = wait(page, "g.step === 1")
    shares = torch.tensor(trace["logits"][1]).softmax(0).numpy()
    assert found["best"][0]["share"] == pytest.approx(shares.max(), abs=1e-5)
