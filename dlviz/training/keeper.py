"""Keeper: decides which moments of a run are kept, and writes them down, within a share of the training time."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import torch

from dlviz.training.run import Run, Snapshot
from dlviz.training.spill import Spill
from dlviz.training.timeline import Timeline

# Together below 2 % of the training time, plus a grant so that the first steps of every run are kept.
KEEPING_SHARE = WRITING_SHARE = 0.01
KEEPING_GRANT = 0.02  # seconds
WRITING_SLICE = 0.005  # seconds
LONGEST_GAP = 1.0  # seconds of training


class Keeper:
    """The timeline of one run, and the folder (if any) it is written to."""

    def __init__(self, folder: Path | None = None) -> None:
        self.spill = Spill(folder) if folder else None
        self.begin()

    def begin(self) -> None:
        """A new run: nothing is kept yet."""
        self.timeline = Timeline()
        self.next_step = 0
        self.unwritten = False
        self._keeping_seconds = self._writing_seconds = self._written_at = 0.0

    def keep(self, run: Run, elapsed: float) -> None:
        """Keep this moment, unless there is a NaN in it: nobody wants to come back to that."""
        begun = perf_counter()
        snapshot = run.snapshot()
        if not len(self.timeline) or _finite(snapshot):
            self.timeline.keep(snapshot, elapsed)
            self.unwritten = True
        self._keeping_seconds += perf_counter() - begun

    def keep_in_time(self, run: Run, elapsed: float, step_seconds: float | None) -> None:
        """Keep this moment if its turn has come and the training time allows it."""
        if run.step < self.next_step:
            return
        if self._keeping_seconds <= KEEPING_SHARE * elapsed + KEEPING_GRANT:
            self.keep(run, elapsed)
        self.plan(run, step_seconds)

    def plan(self, run: Run, step_seconds: float | None) -> None:
        """The next moment: every step at first, then every fiftieth part of the way, at whole epochs once it can."""
        gap, epoch = max(1, run.step // 50), run.steps_per_epoch
        if step_seconds:
            gap = min(gap, max(1, int(LONGEST_GAP / step_seconds)))
        self.next_step = run.step + (gap // epoch * epoch or gap)

    def forget_after(self, step: int) -> None:
        """Drop the moments past `step`: the run went another way."""
        self.timeline = self.timeline.until(step)
        self.unwritten = True

    @property
    def to_write(self) -> bool:
        """There are moments that the folder lacks."""
        return self.unwritten and self.spill is not None

    def may_write(self, elapsed: float) -> bool:
        """There is something to write, and the training time allows it."""
        rested = elapsed - self._written_at >= LONGEST_GAP
        return self.to_write and rested and self._writing_seconds <= WRITING_SHARE * elapsed

    def write(self, elapsed: float, state: dict[str, Any]) -> None:
        """Write down moments not yet written, the newest first, for a few milliseconds. Raises OSError."""
        if self.spill is None:
            return
        begun = perf_counter()
        self.unwritten = not self.spill.write(self.timeline, state, WRITING_SLICE)
        self._written_at = elapsed
        self._writing_seconds += perf_counter() - begun

    @property
    def folder(self) -> Path | None:
        """Where moments are written down."""
        return self.spill.folder if self.spill else None

    def spill_to(self, folder: Path) -> None:
        """Write moments down under `folder` from now on."""
        self.spill, self.unwritten = Spill(folder), True

    def forget(self) -> None:
        """The run has ended: delete what was written down."""
        if self.spill is not None:
            self.spill.remove()
            self.spill = None


def _finite(snapshot: Snapshot) -> bool:
    return all(bool(torch.isfinite(t).all()) for t in snapshot.tensors.values() if t.is_floating_point())
