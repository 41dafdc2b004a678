"""Rules of fields that many labs have: one wording, one range, so that a person meets the same control everywhere."""

from __future__ import annotations

from dlviz.core.rules import Choice, Range, Text

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
