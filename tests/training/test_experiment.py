"""Numbers as the experiments of every lab print them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from dlviz.training.experiment import interval, span


@pytest.mark.parametrize("n", range(2, 17))
def test_intervals_equal_scipys(n: int) -> None:
    numbers = list(np.random.default_rng(n).normal(3, 2, n))
    mean, low, high = interval(numbers)
    expected = stats.ttest_1samp(numbers, 0).confidence_interval(0.95)
    assert mean == pytest.approx(np.mean(numbers))
    assert (high - mean, mean - low) == pytest.approx(((expected.high - expected.low) / 2,) * 2, rel=1e-3)


def test_a_span_is_one_number_where_all_print_alike() -> None:
    assert span([0.601, 0.48, 0.5]) == "0.48 to 0.6"
    assert span([0.5, 0.5001]) == "0.5"
