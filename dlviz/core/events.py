"""What a run reports while it advances."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Event:
    """One measurement at one step: `Event(250, "epoch", {"train_loss": 0.31, "test_loss": 0.35})`."""

    step: int
    name: str
    values: dict[str, float] = field(default_factory=dict)
