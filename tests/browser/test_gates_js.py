"""What the gates panel finds in a sequence (static/gates) against numpy, on a blank page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.browser.gates_page import gates_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(chromium: Any) -> Iterator[Any]:
    with gates_page(chromium) as opened:
        yield opened


# --- a span --------------------------------------------------------------------------------------


def on(values: np.ndarray, rule: dict[str, Any]) -> np.ndarray:
    """1, −1 or 0 of each value."""
    low = -rule["threshold"] if rule["signed"] else 1 - rule["threshold"]
    above = (values >= rule["threshold"]) & (rule["sense"] != "below")
    below = (values <= low) & (rule["sense"] != "above") & ~above
    return above.astype(int) - below.astype(int)


@pytest.mark.parametrize("sense", ["above", "below", "either"])
@pytest.mark.parametrize("signed", [True, False])
def test_the_units_of_a_span_and_where_they_are_on_again(page: Any, sense: str, signed: bool) -> None:
    chance = np.random.default_rng(3)
    steps, units, first, last = 40, 30, 17, 19
    slow = np.repeat(chance.normal(size=(steps // 4, units)), 4, 0) + 0.2 * chance.normal(size=(steps, units))
    values = (np.tanh(slow) if signed else 1 / (1 + np.exp(-2 * slow))).astype(np.float32)
    for edges in (False, True):
        rule = {"threshold": 0.4 if signed else 0.6, "sense": sense, "edges": edges, "signed": signed}
        found = page.evaluate(
            """([values, steps, units, span, rule]) => {
                const found = spanJs.unitsOn(values, steps, units, span, rule);
                const some = found.slice(0, 2);
                const pattern = spanJs.patternOf(values, steps, units, some, rule);
                return {found, pattern: [...pattern], places: spanJs.elsewhere(pattern, span)};
            }""",
            [values.ravel().tolist(), steps, units, {"from": first, "to": last}, rule],
        )
        state = on(values, rule)
        inside = state[first : last + 1]
        expected = (inside == inside[0]).all(0) & (inside[0] != 0)
        if edges:
            expected &= (state[first - 1] != inside[0]) & (state[last + 1] != inside[0])
        assert {each["unit"] for each in found["found"]} == set(np.flatnonzero(expected)), rule
        assert len(found["found"]) >= 2 or edges
        for each in found["found"]:
            column = values[first : last + 1, each["unit"]]
            least = column.min() if each["way"] > 0 else (-column).min() if signed else (1 - column).min()
            assert each["least"] == pytest.approx(least, abs=1e-6)
            assert each["way"] == inside[0, each["unit"]]
        some = [each["unit"] for each in found["found"][:2]]
        if not some:
            continue
        together = (state[:, some] == inside[0, some]).mean(1)
        np.testing.assert_allclose(found["pattern"], together, atol=1e-6)
        again = {t for t in np.flatnonzero(together == 1) if not first <= t <= last}
        assert {t for place in found["places"] for t in range(place["from"], place["to"] + 1)} == again


# --- what a unit follows ---------------------------------------------------------------------------


def test_correlations_and_their_control_equal_numpys(page: Any) -> None:
    chance = np.random.default_rng(5)
    steps, units = 83, 17
    values = np.cumsum(chance.normal(size=(steps, units)), 0).astype(np.float32)
    values[:, 4] = 0.999  # a unit that never changes follows nothing
    follows = np.arange(steps) % 20 + 0.0
    found = page.evaluate(
        """([values, steps, units, property]) => {
            const standard = rankingJs.standardizedUnits(values, steps, units);
            const r = rankingJs.correlations(standard, property);
            const control = rankingJs.control(standard, property);
            return {r: [...r], control, order: rankingJs.ranked(r), rolls: rankingJs.rollsOf(steps)};
        }""",
        [values.ravel().tolist(), steps, units, follows.tolist()],
    )

    def correlation(unit: int, series: np.ndarray) -> float:
        return 0.0 if unit == 4 else float(np.corrcoef(values[:, unit], series)[0, 1])

    expected = [correlation(unit, follows) for unit in range(units)]
    np.testing.assert_allclose(found["r"], expected, atol=1e-9)
    assert found["order"] == sorted(range(units), key=lambda unit: -abs(expected[unit]))
    assert len(set(found["rolls"])) == 20
    assert all(0 < shift < steps for shift in found["rolls"])
    largest = sorted(
        max(abs(correlation(unit, np.roll(follows, -shift))) for unit in range(units)) for shift in found["rolls"]
    )
    assert found["control"]["largest"] == pytest.approx(largest[-1])
    assert found["control"]["typical"] == pytest.approx(largest[10])


PROPERTIES = """(given) => Object.fromEntries(
  propertiesJs.propertiesOf({part: "core", classes: [], targets: null, ...given})
    .map(({slug, series}) => [slug, [...series]]))"""


def test_properties_of_a_text(page: Any) -> None:
    text = "def f(a, b=['x y', (1)]):\n  return A_1 + \"it's 42\"\n'open\nZ"
    found = page.evaluate(
        PROPERTIES,
        {"task": "characters", "tokens": list(text), "features": []},
    )
    line = [len(text[: t + 1].rsplit("\n", 1)[-1]) for t in range(len(text))]
    deep = np.cumsum([(c in "([{") - int(c in ")]}") for c in text])
    word = [c.isalnum() or c == "_" for c in text]
    assert found["line"] == line
    assert found["depth"] == deep.tolist()
    assert found["brackets"] == (deep > 0).astype(int).tolist()
    assert found["word"] == [int(x) for x in word]
    assert found["begins"] == [int(x and (t == 0 or not word[t - 1])) for t, x in enumerate(word)]
    assert found["after_space"] == [int(t > 0 and text[t - 1] == " ") for t in range(len(text))]
    assert found["upper"] == [int(c.isupper()) for c in text]
    assert found["digit"] == [int(c.isdigit()) for c in text]
    assert found["position"] == list(range(len(text)))
    inside = "".join(c if flag else "·" for c, flag in zip(text, found["quoted"], strict=True))
    assert [part for part in inside.split("·") if part] == ["'x y'", '"it\'s 42"', "'open"]


@pytest.mark.parametrize(
    ("task", "tokens", "slug", "expected"),
    [
        ("sentiment", "the film was not so good but the plot".split(), "after_not", [0, 0, 0, 0, 1, 1, 0, 0, 0]),
        ("brackets", list("(()())"), "depth", [1, 2, 1, 2, 1, 0]),
        ("parity", list("11010"), "odd", [1, 0, 0, 1, 1]),
        ("adding", [[0.5, 0], [0.25, 1], [0.1, 0], [0.75, 1]], "sum", [0, 0.25, 0.25, 1]),
        ("weather", [[0.5], [0.25], [1]], "rises", [0, 0, 1]),
        ("dates", list("5.3"), "digit", [1, 0, 1]),
        ("copy", list("ab..>"), "blank", [0, 0, 1, 1, 0]),
    ],
)
def test_properties_of_the_other_tasks(page: Any, task: str, tokens: list[Any], slug: str, expected: list[Any]) -> None:
    features = {"adding": ["value", "mark"], "weather": ["temperature"]}.get(task, [])
    found = page.evaluate(
        PROPERTIES,
        {"task": task, "tokens": tokens, "features": features},
    )
    assert found[slug] == pytest.approx(expected)


def test_series_and_the_ends_of_scales(page: Any) -> None:
    values = np.random.default_rng(0).normal(size=(31, 6)).astype(np.float32) * 7
    found = page.evaluate(
        """(values) => ({mean: [...rowsJs.seriesOf(values, 31, 6, null)], one: [...rowsJs.seriesOf(values, 31, 6, 4)],
            all: rowsJs.limitOf(values), most: rowsJs.limitOf(values, 0.97), none: rowsJs.limitOf([0, 0])})""",
        values.ravel().tolist(),
    )
    np.testing.assert_allclose(found["mean"], values.mean(1), atol=1e-5)
    np.testing.assert_allclose(found["one"], values[:, 4])
    sizes = np.sort(np.abs(values).ravel())
    for limit, size in ((found["all"], sizes[-1]), (found["most"], sizes[int(np.ceil(0.97 * (sizes.size - 1)))])):
        assert size <= limit * 1.001
        assert limit <= size * 1.1
        assert limit == float(f"{limit:.2g}")
    assert found["none"] == 1
