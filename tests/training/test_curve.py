"""The curve is bounded, even, and never loses its newest point."""

import itertools
import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dlviz.training.curve import Curve


def drawn(count, limit=20):
    curve = Curve(limit)
    for i in range(count):
        curve.add(i * 5, {"train_loss": i / 10})
    return curve


@given(st.integers(1, 700), st.integers(4, 50))
def test_bounded_even_and_up_to_date(count, limit):
    curve = drawn(count, limit)
    steps = [step for step, _ in curve.points]
    assert len(steps) <= limit
    assert steps[0] == 0
    assert steps[-1] == (count - 1) * 5
    gaps = {b - a for a, b in itertools.pairwise(steps[:-1])}
    assert gaps <= {curve.stride * 5}
    if count <= limit - 1:
        assert len(steps) == count


@given(st.integers(1, 300), st.integers(0, 1600))
def test_until_cuts_and_goes_on(count, end):
    curve = drawn(count)
    before = curve.points
    part = curve.until(end)
    assert part.points == [point for point in before if point[0] <= end]
    part.add(end + 1, {"train_loss": 9.0})
    assert part.points[-1] == (end + 1, {"train_loss": 9.0})
    assert curve.points == before


def test_rows_are_step_then_names_and_what_was_not_measured_is_nan():
    curve = Curve()
    curve.add(0, {"a": 1.0})
    curve.add(5, {"a": 2.0, "b": 3.0})
    assert curve.names == ["a", "b"]
    np.testing.assert_array_equal(curve.array(["b", "a"]), np.array([[0, 5], [np.nan, 3], [1, 2]], np.float32))
    assert Curve().array(["a"]).shape == (2, 0)


@given(st.integers(0, 100))
def test_plain_and_back(count):
    curve = drawn(count)
    again = Curve.from_plain(json.loads(json.dumps(curve.plain())))
    assert again.points == curve.points
    curve.limit = again.limit
    for grown in (curve, again):
        grown.add(10_000, {"train_loss": 0.0})
    assert again.points == curve.points
