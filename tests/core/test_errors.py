"""Errors are read by people: their words are part of the interface."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dlviz.core.errors import SHOWN_LENGTH, Diverged, InvalidInput, OutOfMemory, shown


def test_invalid_input_says_what_was_wrong_what_was_given_what_works() -> None:
    problem = InvalidInput("PlaygroundSpec.noise", "must be in [0, 50]", 80, "20")
    assert str(problem) == "PlaygroundSpec.noise must be in [0, 50]. Got 80. Try 20."
    assert isinstance(problem, ValueError)


def test_diverged_names_the_tensor_and_the_reason() -> None:
    words = str(Diverged(120, "weight.0", "is no longer a finite number"))
    assert words == "Training stopped at step 120: weight.0 is no longer a finite number."


def test_out_of_memory_suggests_something_smaller() -> None:
    words = str(OutOfMemory("Training", "cpu: a processor, 2.0 GiB", "batch_size 16"))
    assert words == "Training needs more memory than there is on cpu: a processor, 2.0 GiB. Try batch_size 16."


@given(st.text() | st.lists(st.text()) | st.integers())
def test_a_given_value_is_shown_short_and_on_one_line(value: object) -> None:
    text = shown(value)
    assert len(text) <= SHOWN_LENGTH
    assert len(text.splitlines()) <= 1
