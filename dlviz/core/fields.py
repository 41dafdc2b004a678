"""Rules of fields that many labs have: one wording, one range, so that a person meets the same control everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from dlviz.core.errors import InvalidInput
from dlviz.core.rules import Choice, Coded, Range, Text

OPTIMIZER = Choice(
    ("adam", "sgd", "momentum"),
    ("Adam", "SGD", "Momentum"),
    role="live",
    label="Optimizer",
    help="How a gradient becomes a step.",
)
LEARNING_RATE = Range(
    1e-5,
    10,
    log=True,
    role="live",
    label="Learning rate",
    unit="per step",
    help="How far a step goes along the gradient.",
)
SEQUENCES_A_STEP = Range(
    1,
    128,
    whole=True,
    log=True,
    role="data",
    label="Batch size",
    unit="sequences",
    help="Sequences that a step looks at.",
)
HELD_BACK_SEQUENCE = Range(
    0, 999, whole=True, role="view", label="Sequence", help="Which held-back sequence is on the screen."
)


def training_sequences(most: int) -> Range:
    """How many sequences there are to train on, at most so many."""
    words = "How many there are to train on. A text has as many as it has."
    return Range(50, most, whole=True, role="data", label="Training sequences", unit="sequences", help=words)


def seed(fixes: str) -> Range:
    """The number that all chance of a run comes from; `fixes` says what."""
    return Range(0, 999_999, whole=True, role="structure", label="Seed", help=f"Fixes {fixes}.")


def own_sequence(at_most: int) -> Text:
    """A sequence that a person types for the network to read."""
    words = "What you typed for the network to read; empty: the held-back sequence."
    return Text(at_most, role="view", label="Your sequence", help=words)


PICTURES_A_STEP = Range(
    1, 256, whole=True, role="live", label="Batch size", unit="pictures", help="Pictures a step looks at."
)
TEST_PICTURE = Range(0, 999, whole=True, role="view", label="Picture", help="Which test picture is on the screen.")


def own_picture(largest: tuple[int, ...]) -> Coded:
    """A picture that a person drew or brought, at most of the shape `largest`: a byte a number, as base64."""
    words = "What you drew, a byte a pixel; empty: none."
    return Coded(_letters(largest), role="view", label="Your picture", help=words)


def own_picture_conflicts(field: str, text: str, shape: tuple[int, ...]) -> Iterator[InvalidInput]:
    """What is wrong with such a picture beside the pictures of that shape."""
    if text and len(text) != _letters(shape):
        yield another_size(field, shape, len(text) * 3 // 4)


def another_size(field: str, shape: tuple[int, ...], count: int) -> InvalidInput:
    """The refusal of a picture of `count` bytes where it must be of that shape."""
    rule = f"must be {prod(shape)} bytes ({' × '.join(map(str, shape))})"
    return InvalidInput(field, rule, f"{count} bytes", "leaving it out")


def _letters(shape: tuple[int, ...]) -> int:
    return (4 * prod(shape) + 2) // 3  # six bits a letter
