"""Errors a person may cause. Each says what was wrong, what was given, what would work."""

from __future__ import annotations

SHOWN_LENGTH = 60


def shown(value: object) -> str:
    """`value` as an error may print it: short, on one line, never markup that a page would run."""
    text = repr(value) if isinstance(value, str) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


class DlvizError(Exception):
    """Anything dlviz raises on purpose. Its text is meant to be read by the person at the screen."""


class InvalidInput(DlvizError, ValueError):
    """Something a person gave cannot be used.

    `InvalidInput("PlaygroundSpec.noise", "must be in [0, 50]", 80, "20")` reads
    "PlaygroundSpec.noise must be in [0, 50]. Got 80. Try 20."
    """

    def __init__(self, what: str, rule: str, given: object, attempt: str) -> None:
        self.what, self.rule, self.given, self.attempt = what, rule, given, attempt
        super().__init__(f"{what} {rule}. Got {shown(given)}. Try {attempt}.")


class Diverged(DlvizError):
    """Training left the numbers: a NaN, an infinity, or a norm past any use.

    `tensor` names the first tensor found bad, `reason` says what is wrong with it.
    """

    def __init__(self, step: int, tensor: str, reason: str) -> None:
        self.step, self.tensor, self.reason = step, tensor, reason
        super().__init__(f"Training stopped at step {step}: {tensor} {reason}.")


class OutOfMemory(DlvizError):
    """The device has no room for what was asked. `device` says how much it has, `smaller` what would fit."""

    def __init__(self, doing: str, device: str, smaller: str) -> None:
        self.doing, self.device, self.smaller = doing, device, smaller
        super().__init__(f"{doing} needs more memory than there is on {device}. Try {smaller}.")
