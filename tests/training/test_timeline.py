"""The timeline keeps what matters, within its cap."""

import bisect
import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dlviz.training.run import Snapshot
from dlviz.training.timeline import TENSOR_OVERHEAD, Timeline


def snapshot(step, size=4):
    return Snapshot(step, {"w": torch.full((size,), float(step))})


def filled(steps, **caps):
    timeline = Timeline(**caps)
    for step in steps:
        timeline.keep(snapshot(step))
    return timeline


# Measured: 20 to 35 gaps of an even spacing on the log scale; an even spacing on the plain one gives thousands.
BOUND = 50
STEPS = st.lists(st.integers(1, 10_000), unique=True, max_size=120).map(lambda steps: [0, *sorted(steps)])


@given(STEPS, st.integers(2, 40))
def test_first_and_newest_stay_and_the_cap_holds(steps, most):
    timeline = filled(steps, cap_moments=most)
    held = timeline.steps()
    assert held[0] == 0
    assert held[-1] == steps[-1]
    assert len(held) == len(timeline) <= most
    assert held == sorted(set(held))
    assert set(held) <= set(steps)


@given(STEPS, st.integers(400, 20_000))
def test_bytes_are_counted_and_capped(steps, cap):
    timeline = filled(steps, cap_bytes=cap)
    assert timeline.size == len(timeline) * (16 + TENSOR_OVERHEAD)
    assert timeline.size <= cap or len(timeline) <= 2


@given(STEPS, st.integers(-10, 11_000))
def test_nearest_is_the_nearest(steps, wanted):
    timeline = filled(steps, cap_moments=20)
    best = min(timeline.steps(), key=lambda step: (abs(step - wanted), step))
    assert timeline.nearest(wanted).step == best


@given(STEPS, st.integers(0, 11_000))
def test_until_is_the_part_up_to_a_step(steps, end):
    timeline = filled(steps)
    part = timeline.until(end)
    assert part.steps() == timeline.steps()[: bisect.bisect_right(timeline.steps(), end)]
    assert part.size == sum(moment.size for moment in part.moments())


@pytest.mark.parametrize(("last", "most"), [(3_000, 40), (3_000, 100), (20_000, 60)])
def test_what_stays_is_log_spaced_from_both_ends(last, most):
    """Every gap is a bounded part of its distance to the nearer end, and the ends are dense."""
    steps = filled(range(last + 1), cap_moments=most).steps()
    ratios = [(b - a) / min(a, last - b) for a, b in itertools.pairwise(steps) if b - a > 1]
    assert max(ratios) <= BOUND / most
    assert steps[:4] == [0, 1, 2, 3]
    assert steps[-3:] == [last - 2, last - 1, last]
    gaps = [b - a for a, b in itertools.pairwise(steps)]
    assert max(gaps) >= 20 * gaps[0]  # an even spacing would not do


def test_keeping_a_step_again_replaces_it():
    timeline = filled([0, 5])
    timeline.keep(snapshot(5, size=8), elapsed=2.0)
    assert timeline.steps() == [0, 5]
    assert timeline.latest().elapsed == 2.0
    assert timeline.size == 16 + 32 + 2 * TENSOR_OVERHEAD


def test_an_empty_timeline_has_no_moment():
    with pytest.raises(IndexError):
        Timeline().latest()
    with pytest.raises(IndexError):
        Timeline().nearest(3)
