"""The panel Cost in the real app: formulas against those that torch's counts confirm, and a measurement's numbers."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from dlviz.labs.attention.costing import Sizes, formulas

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.cost)"
PHONE = {"viewport": {"width": 390, "height": 10_000}}
# The names of the page for what costing.py calls otherwise.
NAMES = {"weights_bytes": "weightsBytes", "feed_forward": "feedForward", "cache_bytes": "cacheBytes"}
FIELDS = {"n": "length", "d": "width", "heads": "heads", "layers": "layers", "f": "feed_forward"}


def wait(page: Any, condition: str = "true", timeout: int = 60_000) -> dict[str, Any]:
    """Wait until a JavaScript expression of the panel's numbers `c` holds; these numbers."""
    page.wait_for_function(f"() => {{ const c = {PANEL}?.dlviz.cost(); return c && ({condition}); }}", timeout=timeout)
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.cost()")
    return found


def open_cost(page: Any, app: str, **settings: Any) -> dict[str, Any]:
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 10_000})
    given = "".join(f"&attention.{name}={value}" for name, value in settings.items())
    page.goto(f"{app}/attention?attention.panel=Cost{given}")
    return wait(page, "c.counted")


def choose(page: Any, name: str, value: int) -> None:
    field = page.locator(f".cost .knob[data-field={name}] input[type=text]")
    field.fill(str(value))
    field.press("Enter")


def check(page: Any, found: dict[str, Any]) -> None:
    """The numbers of the panel and the equations on it, against the formulas in Python."""
    sizes = Sizes(**{FIELDS[name]: value for name, value in found["sizes"].items()})
    wanted = formulas(sizes)
    for name, value in wanted.items():
        assert found["costs"][NAMES.get(name, name)] == value, name
    panel = page.locator(".cost")
    assert f"{wanted['cells']:,}" == panel.locator(".figures .big").first.inner_text()
    equations = [line for text in panel.locator(".by span").all_inner_texts() for line in text.split("\n") if line]
    assert len(equations) == 6
    for line, name in zip(equations, ("projections", "mixing", "feed_forward", "rnn", "gru", "lstm"), strict=True):
        _, numbers, result = line.split(" = ")
        plain = numbers.replace("·", "*").replace(",", "").replace("²", "**2")
        assert eval(plain) == int(result.replace(",", "")) == wanted[name]
    # Bars to scale: widths in proportion to the numbers.
    widths = {name: sum(b["width"] for b in bars(page, name)) for name in ("attention", "rnn", "gru", "lstm")}
    for name, width in widths.items():
        assert width == pytest.approx(widths["attention"] * wanted[name] / wanted["attention"], abs=1.5)
    sums = panel.locator(".sums p").first.inner_text()
    assert sums.startswith(f"In all: {wanted['uncached']:,} without, {wanted['cached']:,} with.")
    share = re.search(r"is ([\d.]+) % of all", panel.locator(".multiplications .sentence").inner_text())
    assert share
    assert float(share[1]) == pytest.approx(100 * wanted["mixing"] / wanted["attention"], abs=0.51)


def bars(page: Any, name: str) -> list[dict[str, float]]:
    boxes = page.locator(f".cost .bar-row[data-name={name}] .stacked i")
    found: list[dict[str, float]] = [boxes.nth(i).bounding_box() for i in range(boxes.count())]
    return found


def test_formulas_follow_the_sliders(page: Any, app: str) -> None:
    found = open_cost(page, app, layers=3, heads=2, width=16)
    assert found["isOwn"]
    assert found["sizes"] == {"n": 24, "d": 16, "heads": 2, "layers": 3, "f": 64}
    check(page, found)
    # What the server counted in the real network.
    assert found["counted"]["cells"] == found["costs"]["cells"] == 24 * 24 * 2 * 3
    assert found["counted"]["bytes"] == found["counted"]["weightsBytes"] == found["costs"]["weightsBytes"]
    said = page.locator(".cost .figures dd").last.inner_text()
    assert said == "In your network just now: 3 tensors of 2 × 24 × 24 weights, counted 3,456 cells and 13,824 bytes."
    for name, value in {"n": 2048, "d": 768, "heads": 12, "layers": 12, "f": 3072}.items():
        choose(page, name, value)
    found = wait(page, "c.sizes.f === 3072 && c.sizes.n === 2048 && c.sizes.layers === 12")
    check(page, found)
    assert "as large as a network of this page can be" in page.locator(".cost").inner_text()
    # By the keyboard, and a number that is none.
    slider = page.locator(".cost .knob[data-field=n] input[type=range]")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    check(page, wait(page, "c.sizes.n < 2048"))
    before = wait(page)["sizes"]
    choose(page, "layers", 900)
    page.locator(".cost").get_by_text("Give a whole number from 1 to 32").wait_for()
    assert wait(page)["sizes"] == before
    choose(page, "heads", 5)
    wait(page, "c.sizes.heads === 5")
    page.locator(".cost").get_by_text(
        "5 heads do not divide 768 numbers evenly; a real network would have 4."
    ).wait_for()
    page.locator(".cost").get_by_role("button", name="As the network of this page").click()
    check(page, wait(page, "c.isOwn && c.sizes.n === 24"))


def test_a_cache_on_and_off(page: Any, app: str) -> None:
    found = open_cost(page, app)
    sentence = page.locator(".cost .caching .sentence")
    ratio = found["costs"]["uncached"] / found["costs"]["cached"]
    assert f"{ratio:.3g} times as many as with it" in sentence.inner_text()
    page.locator(".cost .caching").get_by_role("switch").click()
    wait(page, "c.cache.on")
    page.wait_for_function(
        f"() => {PANEL}.shadowRoot.querySelector('.caching .sentence').textContent.startsWith('With')"
    )
    page.locator(".cost canvas.steps").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    wait(page, "c.cache.at === 20")
    page.locator(".cost .caching").get_by_text("Token 20:").wait_for()
    words = page.locator(".cost .caching .told").inner_text()
    each = [formulas(Sizes(n, 32, 4, 2, 64)) for n in (19, 20)]
    steps = {way: each[1][way] - each[0][way] for way in ("uncached", "cached")}
    assert f"Token 20: {steps['uncached']:,} without the cache, {steps['cached']:,} with it" in words


def test_measuring_here(page: Any, app: str) -> None:
    open_cost(page, app, width=16, heads=2, layers=1)
    page.locator(".cost").get_by_role("button", name="Measure on this machine").click()
    found = wait(page, "c.measured?.done", timeout=120_000)["measured"]
    assert found["of"] == {"width": 16, "heads": 2, "layers": 1, "feed_forward": 64}
    lengths, ms = np.array(found["lengths"]), {name: of_json(row) for name, row in found["ms"].items()}
    assert np.isfinite(ms["attention"]).sum() >= 3
    # Bytes are counted, and do not depend on the clock.
    for n, size in zip(lengths, of_json(found["bytes"]), strict=True):
        assert not np.isfinite(size) or size == 4 * 2 * n * n
    for n, size in zip(found["written"], of_json(found["cacheBytes"]), strict=True):
        assert not np.isfinite(size) or size == 2 * n * 16 * 4
    # Whatever the times are: fits, table and words are about them.
    for name, row in ms.items():
        at = np.array(found["lengths"] if name in ("attention", "lstm", "gru") else found["written"])
        known = np.isfinite(row)
        if known.sum() < 3:
            continue
        x, y = np.log(at[known]), np.log(row[known])
        assert found["fits"][name]["all"]["p"] == pytest.approx(np.polyfit(x, y, 1)[0], abs=1e-6)
        p, c = np.polyfit(x[-4:], y[-4:], 1)
        assert found["fits"][name]["large"]["p"] == pytest.approx(p, abs=1e-6)
        assert found["fits"][name]["large"]["c"] == pytest.approx(np.exp(c), rel=1e-5)
    row = page.locator(".cost .times tr[data-n='16'] td").all_inner_texts()
    assert float(row[0]) == pytest.approx(ms["attention"][1], rel=0.006)
    for cell, title in (("lstm", "LSTM"), ("gru", "GRU")):
        places = crossings(lengths, ms["attention"], ms[cell])
        start = f"Attention and the {title} crossed at " if places else f"The {title} was "
        said = re.search(re.escape(start) + "(.*?)[;.]", found["words"])
        assert said
        numbers = [float(x.replace(",", "")) for x in re.findall(r"n ≈ ([\d,]+)", said[1])]
        assert numbers == pytest.approx(places, rel=0.06)  # of two digits
    assert page.locator(".cost").get_by_role("button", name="Measure again").is_visible()


def crossings(at: np.ndarray, first: np.ndarray, second: np.ndarray) -> list[float]:
    """Where the lines between the points cross, on logarithmic axes."""
    both = np.isfinite(first) & np.isfinite(second)
    x, gap = np.log(at[both]), np.log(first[both] / second[both])
    places = []
    for a, b in zip(range(len(x)), range(1, len(x)), strict=False):
        if gap[a] * gap[b] < 0:
            places.append(float(np.exp(np.polyval(np.polyfit(gap[[a, b]], x[[a, b]], 1), 0))))
    return places


def of_json(row: list[float | None]) -> np.ndarray:
    return np.array([np.nan if x is None else x for x in row], dtype=float)


def test_measuring_can_be_cancelled(page: Any, app: str) -> None:
    open_cost(page, app)
    page.locator(".cost").get_by_role("button", name="Measure on this machine").click()
    wait(page, "c.measured?.ms.attention[1] > 0")
    page.locator(".cost").get_by_role("button", name="Cancel").click()
    page.locator(".cost").get_by_role("button", name="Measure again").wait_for()
    assert not wait(page)["measured"]["done"]


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["phone"])
def test_on_a_phone(page: Any, app: str) -> None:
    found = open_cost(page, app)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # The page may clip what sticks out: so every element is asked, except in what scrolls by itself.
    sticking = f"[...{PANEL}.shadowRoot.querySelectorAll('.cost *:not(.frame *)')]"
    assert page.evaluate(f"() => Math.max(...{sticking}.map((e) => e.getBoundingClientRect().right))") <= 390
    check(page, found)
