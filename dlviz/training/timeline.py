"""Timeline: the moments of a run that are kept, few enough to hold and dense where one looks."""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from dlviz.training.run import Snapshot

CAP_BYTES = 16 * 2**20
CAP_MOMENTS = 300
# What Python adds around a tensor of a few numbers; without it, small moments would seem free.
TENSOR_OVERHEAD = 400


@dataclass(frozen=True)
class Moment:
    """A snapshot and the seconds of training that led to it."""

    snapshot: Snapshot
    elapsed: float = 0.0

    @property
    def step(self) -> int:
        return self.snapshot.step

    @property
    def size(self) -> int:
        """Bytes it takes, roughly."""
        return self.snapshot.size() + TENSOR_OVERHEAD * len(self.snapshot.tensors)


class Timeline:
    """Moments by step, capped in bytes and in number.

    When full, the least missed moment goes: the one whose neighbours lie closest together, measured
    by its distance to the nearer end. What stays is spaced logarithmically from step 0 (learning is
    fast there) and from the newest (one looks back a little more often than a lot). The first and
    the newest always stay, even past the cap.
    """

    def __init__(self, cap_bytes: int = CAP_BYTES, cap_moments: int = CAP_MOMENTS) -> None:
        self.cap_bytes, self.cap_moments = cap_bytes, cap_moments
        self.size = 0
        self._moments: list[Moment] = []

    def __len__(self) -> int:
        return len(self._moments)

    def keep(self, snapshot: Snapshot, elapsed: float = 0.0) -> None:
        """Add a moment; one already kept at that step is replaced."""
        moment = Moment(snapshot, elapsed)
        at = self._place(snapshot.step)
        if at < len(self._moments) and self._moments[at].step == snapshot.step:
            self.size -= self._moments[at].size
            self._moments[at] = moment
        else:
            self._moments.insert(at, moment)
        self.size += moment.size
        while len(self._moments) > 2 and (self.size > self.cap_bytes or len(self._moments) > self.cap_moments):
            self._remove(self._least_missed())

    def steps(self) -> list[int]:
        """The steps kept, ascending."""
        return [moment.step for moment in self._moments]

    def moments(self) -> list[Moment]:
        """The moments kept, ascending by step."""
        return list(self._moments)

    def nearest(self, step: int) -> Moment:
        """The moment nearest to `step`; of two equally near, the earlier. IndexError when empty."""
        at = self._place(step)
        if at == len(self._moments) or (at > 0 and step - self._moments[at - 1].step <= self._moments[at].step - step):
            at -= 1
        return self._moments[at]

    def latest(self) -> Moment:
        """The newest moment. IndexError when empty."""
        return self._moments[-1]

    def drop_latest(self) -> None:
        """Forget the newest moment, which turned out to be of no use."""
        self._remove(len(self._moments) - 1)

    def until(self, step: int) -> Timeline:
        """A timeline of the moments up to and including `step`; the snapshots are shared."""
        part = Timeline(self.cap_bytes, self.cap_moments)
        part._moments = [moment for moment in self._moments if moment.step <= step]
        part.size = sum(moment.size for moment in part._moments)
        return part

    def _place(self, step: int) -> int:
        return bisect.bisect_left(self._moments, step, key=lambda moment: moment.step)

    def _remove(self, at: int) -> None:
        self.size -= self._moments.pop(at).size

    def _least_missed(self) -> int:
        steps = self.steps()
        first, newest = steps[0], steps[-1]

        def loss(at: int) -> float:
            return (steps[at + 1] - steps[at - 1]) / min(steps[at] - first, newest - steps[at])

        return min(range(1, len(steps) - 1), key=loss)
