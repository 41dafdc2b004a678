"""The panel Softmax in the real app, against scipy and numpy's float32."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import special, stats

from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec

# Tall, because what is out of sight is not drawn.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 2600}}], indirect=True, ids=["tall"]),
]

SPEC = CnnSpec(dataset="digits", channels=(4,), dense_units=(8,), picture=5)
LINK = "cnn?cnn.dataset=digits&cnn.channels=4&cnn.dense_units=8&cnn.step=110&cnn.picture=5&cnn.panel=Softmax"
OPENING = 110
WRITTEN = (  # class of the cell, what it shows, in which unit, with how many decimals
    ("logit", "logits", 1, 2),
    ("shifted", "shifted", 1, 2),
    ("exponential", "exponentials", 1, 3),
    ("probability", "probabilities", 100, 1),
    ("gradient", "gradient", 1, 3),
)
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.softmax)"


def wait(page: Any, condition: str, arg: Any = None) -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) and `arg` holds; what it shows then."""
    page.wait_for_function(
        f"(arg) => {{ const now = {PANEL}?.dlviz.softmax(); return now && ({condition}); }}", arg=arg, timeout=90_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.softmax()")
    return found


def type_into(page: Any, label: str, value: str) -> None:
    field = page.locator(".softmax .knob", has_text=label).locator("input[type=text]")
    field.fill(value)
    field.press("Enter")


def check(found: dict[str, Any], logits: np.ndarray, truth: int, temperature: float) -> None:
    np.testing.assert_allclose(found["logits"], logits, rtol=1e-5)
    shares = special.softmax(logits / temperature)
    np.testing.assert_allclose(found["probabilities"], shares, rtol=1e-4)
    assert found["largest"] == pytest.approx(logits.max(), rel=1e-5)
    np.testing.assert_allclose(found["shifted"], logits - logits.max(), atol=1e-5)
    np.testing.assert_allclose(found["exponentials"], np.exp((logits - logits.max()) / temperature), rtol=1e-4)
    assert found["sum"] == pytest.approx(np.exp((logits - logits.max()) / temperature).sum(), rel=1e-5)
    assert found["entropy"] == pytest.approx(stats.entropy(shares), rel=1e-4)
    assert found["truth"] == truth
    assert found["loss"] == pytest.approx(-special.log_softmax(logits / temperature)[truth], rel=1e-4)
    np.testing.assert_allclose(found["gradient"], (shares - np.eye(10)[truth]) / temperature, atol=1e-5)


def check_rows(page: Any, found: dict[str, Any]) -> None:
    """What is written in the rows, to the digits it is written with."""
    for kind, key, scale, digits in WRITTEN:
        texts = page.locator(f".softmax .body .{kind} .value").all_inner_texts()
        for text, value in zip(texts, found[key], strict=True):
            mantissa, _, exponent = text.removesuffix(" %").replace("−", "-").partition("×10")
            digits_of = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
            written = float(mantissa) * 10.0 ** int(exponent.translate(digits_of) or 0)
            assert written == pytest.approx(value * scale, abs=0.51 * 10.0**-digits), (kind, text)


def test_every_number_follows_the_network_the_temperature_and_the_hand(page: Any, app: str) -> None:
    run = CnnRun(SPEC)
    run.advance(OPENING)
    logits, truth = run.frame().arrays["logits"].astype(float), int(run.pictures.test_y[5])

    page.goto(f"{app}/{LINK}")
    found = wait(page, f"now.step === {OPENING}")
    check(found, logits, truth, 1)
    check_rows(page, found)
    assert found["focus"] == int(logits.argmax())
    k = found["focus"]
    equation = page.locator(".softmax .equation").inner_text()
    assert equation.endswith(f"= {found['probabilities'][k]:.4f}")

    type_into(page, "Temperature", "3")
    found = wait(page, "now.temperature === 3")
    check(found, logits, truth, 3)
    check_rows(page, found)
    type_into(page, "Temperature", "1")

    # In float32, without taking the largest off: the same at 0, not a number at 100.
    type_into(page, "Added to every logit", "100")
    found = wait(page, "now.added === 100 && now.temperature === 1")
    with np.errstate(all="ignore"):
        moved = np.float32(logits.astype(np.float32) + np.float32(100))
        plain = np.exp(moved) / np.exp(moved).sum()
        safe = np.exp(moved - moved.max()) / np.exp(moved - moved.max()).sum()
        assert not np.isfinite(np.exp(moved).sum())
    assert found["broken"]
    assert [each is None or not np.isfinite(each) for each in found["inPlain"]] == (~np.isfinite(plain)).tolist()
    np.testing.assert_allclose(found["inSafe"], safe, rtol=1e-5)
    assert "not a number" in page.locator(".softmax dd .broken").inner_text()
    type_into(page, "Added to every logit", "0")
    found = wait(page, "now.added === 0")
    np.testing.assert_allclose(found["inPlain"], found["inSafe"], rtol=1e-5)

    # What if the logit of another class were dragged to the right.
    other = (truth + 1) % 10
    track = page.locator(".softmax .body .logit .track").nth(other)
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2, steps=3)
    page.mouse.up()
    found = wait(page, "now.logits[arg] !== now.own[arg]", other)
    assert found["logits"][other] == pytest.approx(0.8 * found["limit"], abs=0.02 * found["limit"])
    changed = logits.copy()
    changed[other] = found["logits"][other]
    check(found, changed, truth, 1)
    track.press("ArrowLeft")
    found = wait(page, "now.logits[arg[0]] < arg[1]", [other, changed[other]])
    assert found["logits"][other] == pytest.approx(changed[other] - 0.1, abs=0.006)
    page.get_by_role("button", name="Back to the network's logits").click()
    check(wait(page, "now.logits[arg] === now.own[arg]", other), logits, truth, 1)
