"""Curve: what was measured along a run, in a bounded number of points."""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

LIMIT = 400

Point = tuple[int, dict[str, float]]


class Curve:
    """Measurements by step, thinned evenly to at most `limit` points; the newest is always there.

    Every `stride`-th measurement stays. When the points are too many, every second one goes and the
    stride doubles, so that those on screen stay where they are while the curve grows.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.stride = 1
        self.count = 0
        self._regular: list[Point] = []
        self._newest: Point | None = None  # where it is not a regular point

    @property
    def points(self) -> list[Point]:
        """(step, values) of every point kept, ascending by step."""
        return self._regular if self._newest is None else [*self._regular, self._newest]

    @property
    def names(self) -> list[str]:
        """Everything measured, in the order of its first appearance."""
        return list(dict.fromkeys(name for _step, values in self.points for name in values))

    def add(self, step: int, values: Mapping[str, float]) -> None:
        """Append one measurement; steps only grow."""
        point = (step, dict(values))
        regular = self.count % self.stride == 0
        self.count += 1
        self._newest = None if regular else point
        if not regular:
            return
        self._regular.append(point)
        if len(self._regular) >= self.limit:
            self._newest = point if len(self._regular) % 2 == 0 else None
            self._regular = self._regular[::2]
            self.stride *= 2

    def until(self, step: int) -> Curve:
        """A copy of the part up to and including `step`."""
        part = Curve(self.limit)
        part.stride = self.stride
        part._regular = self._regular[: bisect.bisect_right(self._regular, step, key=lambda point: point[0])]
        part.count = max(0, len(part._regular) - 1) * self.stride + bool(part._regular)
        if self.points and self.points[-1][0] <= step:
            part.count, part._newest = self.count, self._newest
        return part

    def array(self, names: Sequence[str]) -> np.ndarray:
        """Rows: step, then one for each name (NaN where it was not measured); columns: points."""
        points = self.points
        rows = [[step for step, _ in points], *([values.get(name, math.nan) for _, values in points] for name in names)]
        return np.array(rows, np.float32).reshape(len(names) + 1, len(points))

    def plain(self) -> dict[str, Any]:
        """Everything as JSON, for `from_plain`."""
        return {"stride": self.stride, "count": self.count, "regular": self._regular, "newest": self._newest}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Curve:
        """The curve that `plain` wrote."""
        curve = cls()
        curve.stride, curve.count = plain["stride"], plain["count"]
        curve._regular = [(step, values) for step, values in plain["regular"]]
        curve._newest = (plain["newest"][0], plain["newest"][1]) if plain["newest"] else None
        return curve
