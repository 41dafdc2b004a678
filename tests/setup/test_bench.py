"""The bench's arithmetic: a ratio of 1 has reached its goal, whichever way is better."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.report import Measurement, percentile, table


@pytest.mark.parametrize(
    ("value", "goal", "better", "ratio"),
    [(200, 100, "more", 2.0), (50, 100, "more", 0.5), (75, 150, "less", 2.0), (300, 150, "less", 0.5)],
)
def test_a_ratio_above_one_is_better_than_the_goal(value: float, goal: float, better: str, ratio: float) -> None:
    assert Measurement("m", value, "u", goal, better).ratio == ratio  # type: ignore[arg-type]


def test_without_a_goal_or_a_number_there_is_no_ratio() -> None:
    assert Measurement("m", 3, "u").ratio is None
    assert Measurement("m", math.nan, "u", 1).ratio is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), st.floats(0.01, 1))
def test_percentile_agrees_with_numpy(values: list[float], share: float) -> None:
    assert percentile(values, share) == np.percentile(values, share * 100, method="inverted_cdf")


def test_the_table_marks_what_was_not_reached() -> None:
    found = [Measurement("fast", 200, "epochs/s", 100), Measurement("slow", 300, "ms", 150, "less")]
    lines = table(found).splitlines()
    assert lines[1].startswith("2.00 x  ")
    assert lines[2].startswith("0.50 x !")
    assert json.loads(found[1].as_json())["ratio"] == 0.5
