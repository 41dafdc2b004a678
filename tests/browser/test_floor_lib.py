"""The shared modules on their own: numbers, scales, the envelope, kept moments, colours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from dlviz.figures.palette import THEMES
from dlviz.training import frames
from tests.browser.harness import theme_css
from tests.browser.static_page import static_page


@pytest.fixture(scope="module")
def lib(chromium: Any) -> Iterator[Any]:
    """`lib("number", "(m, x) => m.number(x)", 0.5)` calls that function with the module and the argument."""
    with static_page(chromium) as page:
        page.add_style_tag(content=theme_css())

        def call(module: str, code: str, argument: Any = None) -> Any:
            return page.evaluate(f"async (given) => ({code})(await import('/lib/{module}.js'), given)", argument)

        yield call


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.0, "0"), (1, "1"), (0.5, "0.5"), (0.03, "0.03"), (0.0123456, "0.0123"), (9.996, "10"),
     (99.96, "100"), (1234.5, "1,235"), (12500, "12,500"), (-12.5, "−12.5"), (1e6, "1×10⁶"), (0.00031, "3.1×10⁻⁴"),
     (-2.5e-7, "−2.5×10⁻⁷"), (0.000999, "9.99×10⁻⁴"), (999999, "999,999"), (None, "–")],
)  # fmt: skip
def test_numbers_have_one_format(lib: Any, value: float, text: str) -> None:
    assert lib("number", "(m, x) => m.number(x)", value) == text


def test_odd_numbers_are_words(lib: Any) -> None:
    assert lib("number", "m => [NaN, Infinity, -Infinity].map((x) => m.number(x))") == ["not a number", "∞", "−∞"]


def test_readouts_keep_their_width(lib: Any) -> None:
    texts = lib("number", "m => [0.2, 0.21, 0.2104, 0.9996, -0.00001].map((x) => m.steady(x))")
    assert texts == ["0.200", "0.210", "0.210", "1.000", "−1.0×10⁻⁵"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.5", 0.5), ("−2", -2), ("1e-3", 0.001), ("0,5", 0.5), ("1,234", 1234), (" 7 ", 7), (".5", 0.5), ("abc", None),
     ("", None), ("1e", None), ("--1", None), ("Infinity", None), ("0x10", None)],
)  # fmt: skip
def test_typed_numbers(lib: Any, text: str, value: float | None) -> None:
    code = "(m, t) => { const x = m.parseNumber(t); return Number.isNaN(x) ? null : x; }"
    assert lib("number", code, text) == value


@pytest.mark.parametrize(
    "scale",
    [{"low": 1e-5, "high": 10, "log": True, "typical": 0.03}, {"low": 0, "high": 10, "log": False, "typical": 0.001},
     {"low": 0, "high": 50, "log": False, "typical": 0}, {"low": 2, "high": 8, "whole": True, "typical": 2}],
)  # fmt: skip
def test_slider_places_and_values_are_inverse(lib: Any, scale: dict[str, Any]) -> None:
    values = [scale["low"], scale["typical"] or 1, (scale["low"] + scale["high"]) / 2, scale["high"]]
    code = "(m, [s, vs]) => vs.map((v) => m.asValue(s, m.asPosition(s, v)))"
    assert lib("scale", code, [scale, values]) == pytest.approx(values, rel=1e-9)
    places = lib("scale", "(m, [s, vs]) => vs.map((v) => m.asPosition(s, v))", [scale, values])
    assert places[0] == 0
    assert places[-1] == pytest.approx(1)


def test_a_tiny_typical_value_has_room_on_its_slider(lib: Any) -> None:
    scale = {"low": 0, "high": 10, "log": False, "typical": 0.001}
    assert lib("scale", "(m, s) => m.asPosition(s, 0.001)", scale) == pytest.approx(0.4)


def test_axis_values_are_round_and_inside(lib: Any) -> None:
    assert lib("scale", "m => m.ticks(0, 0.7, 4)") == [0, 0.2, 0.4, 0.6]
    assert lib("scale", "m => m.ticks(0, 1234, 5)") == [0, 500, 1000]
    assert lib("scale", "m => m.logTicks(0.01, 1)") == [0.01, 0.03, 0.1, 0.3, 1]


def test_the_browser_reads_what_the_engine_writes(lib: Any) -> None:
    rng = np.random.default_rng(3)
    arrays = {
        "weight.0": rng.normal(size=(3, 2)).astype(np.float32),
        "held": np.array([0, 5, 9], np.int32),
        "dropped": np.array([1, 0, 1, 1, 0], np.uint8),
        "empty": np.zeros((3, 0), np.float32),
        "last": np.array([1.5], np.float32),
    }
    message = frames.encode("frame", "a·run", {"train_loss": 0.25, "text": "π ≈ 3"}, arrays, version=4, step=17)
    code = """(m, bytes) => {
      const found = m.decode(new Uint8Array(bytes).buffer);
      const plain = Object.entries(found.arrays).map(
        ([n, {shape, data}]) => [n, [data.constructor.name, shape, [...data]]]);
      return {...found, arrays: Object.fromEntries(plain)};
    }"""
    found = lib("message", code, list(message))
    assert (found["kind"], found["run"], found["step"], found["version"]) == ("frame", "a·run", 17, 4)
    assert found["numbers"] == {"train_loss": 0.25, "text": "π ≈ 3"}
    kinds = {"float32": "Float32Array", "int32": "Int32Array", "uint8": "Uint8Array"}
    for name, array in arrays.items():
        kind, shape, data = found["arrays"][name]
        assert kind == kinds[str(array.dtype)]
        assert shape == list(array.shape)
        assert data == array.ravel().tolist()


def test_kept_moments_stay_in_their_budget_and_dense_at_the_start(lib: Any) -> None:
    code = """(m) => {
      const kept = new m.Kept(100 * 1280);
      for (let step = 0; step <= 5000; step += 1) {
        const data = new Float32Array(256).fill(step);
        kept.add({step, version: 1, numbers: {}, arrays: {weight: {shape: [256], data}}});
      }
      const steps = kept.steps;
      return {steps, size: kept.size, near: kept.nearest(2.4).step, value: kept.nearest(1).arrays.weight.data[0]};
    }"""
    found = lib("kept", code)
    steps = found["steps"]
    assert found["size"] <= 100 * 1280
    assert len(steps) == 100
    assert steps[0] == 0
    assert steps[-1] == 5000
    assert steps == sorted(steps)
    assert found["near"] == 2
    assert found["value"] == 1
    early, late = np.diff([s for s in steps if s < 50]).max(), np.diff([s for s in steps if s > 1000]).max()
    assert early <= 4
    assert 20 < late < 500


def test_kept_moments_are_copies_and_leave_out_what_grows(lib: Any) -> None:
    code = """(m) => {
      const data = new Float32Array([1, 2]);
      const kept = new m.Kept();
      kept.add({step: 3, version: 1, numbers: {}, arrays: {weight: {shape: [2], data}, curve: {shape: [2], data}}});
      data[0] = 99;
      kept.add({step: 4, version: 2, numbers: {}, arrays: {}});
      const arrays = kept.nearest(3).arrays;
      kept.forget(1);
      return [Object.keys(arrays), arrays.weight.data[0], kept.steps];
    }"""
    assert lib("kept", code) == [["weight"], 1, [4]]


@pytest.mark.parametrize("name", THEMES)
def test_colours_come_from_the_theme(lib: Any, name: str) -> None:
    theme = THEMES[name]
    code = """(m, name) => {
      document.documentElement.dataset.theme = name;
      const c = m.colors(document.documentElement);
      return {paper: m.rgb(c.paper), zero: c.diverging(0), minus: c.diverging(-1), plus: c.diverging(1),
              nan: c.diverging(NaN), far: c.diverging(9), negative: c.negative, classes: c.classes, dark: c.dark,
              full: c.sequential(1)};
    }"""
    found = lib("color", code, name)

    def rgb(color: str) -> list[int]:
        return [int(color[i : i + 2], 16) for i in (1, 3, 5)]

    assert found["zero"] == found["paper"] == found["nan"] == rgb(theme.paper)
    assert found["minus"] == rgb(theme.diverging[0])
    assert found["plus"] == found["far"] == rgb(theme.diverging[-1])
    assert found["full"] == rgb(theme.sequential[-1])
    assert found["negative"] == theme.negative
    assert tuple(found["classes"]) == theme.categorical
    assert found["dark"] is (name == "dark")
