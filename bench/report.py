"""One measurement, and how it stands to its goal."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True)
class Measurement:
    """`value` in `unit`; `goal` is what it must reach, or None for a number to compare with.

    `better` says whether more or less of it is wanted; `how` in a few words how it was measured.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    better: Literal["more", "less"] = "more"
    how: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times as good as the goal: 1 and more has reached it."""
        if self.goal is None or not math.isfinite(self.value):
            return None
        return self.value / self.goal if self.better == "more" else self.goal / max(self.value, 1e-9)

    def as_json(self) -> str:
        return json.dumps({**asdict(self), "ratio": self.ratio}, allow_nan=False)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all are not above (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def table(measurements: Sequence[Measurement]) -> str:
    """All measurements as aligned text, with the ratio to the goal in front."""
    lines = [("reached", "what", "measured", "goal", "how")]
    for m in measurements:
        ratio = "" if m.ratio is None else f"{m.ratio:.2f} x {'' if m.ratio >= 1 else '!'}"
        sign = "at least" if m.better == "more" else "at most"
        goal = "" if m.goal is None else f"{sign} {m.goal:g}"
        lines.append((ratio, m.name, f"{m.value:.4g} {m.unit}", goal, m.how))
    widths = [max(len(line[i]) for line in lines) for i in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
