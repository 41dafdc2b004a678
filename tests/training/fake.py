"""A run small enough to know by heart, and a lab around it, for tests of what drives runs."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import torch

from dlviz.core import spec as specs
from dlviz.core.errors import Diverged, InvalidInput
from dlviz.core.events import Event
from dlviz.core.lab import Claim, Lab, Panel, Progress, Verdict
from dlviz.core.rules import Flag, Range
from dlviz.core.spec import Checked
from dlviz.core.trace import Trace
from dlviz.training.run import Picture, Run, Snapshot

STEPS_PER_EPOCH = 5
CLOSED: list[int] = []  # seeds of the runs whose slow probe has ended


@dataclass(frozen=True)
class FakeSpec(Checked):
    """`rate` above 2 diverges, as on any parabola."""

    learning_rate: Annotated[float, Range(0, 100, role="live", label="Learning rate")] = 0.1
    size: Annotated[int, Range(1, 1000, whole=True, role="structure")] = 3
    seed: Annotated[int, Range(0, 1000, whole=True, role="structure")] = 1
    shown: Annotated[bool, Flag(role="view")] = False
    nap: Annotated[float, Range(0, 1, role="structure", unit="s")] = 0.0


class FakeRun(Run):
    """Gradient descent on w²/2 with a little noise: w ← w − rate·(w + 0.01·noise)."""

    def __init__(self, spec: FakeSpec) -> None:
        self._begin(spec)

    def _begin(self, spec: FakeSpec) -> None:
        self.spec, self.step = spec, 0
        self.generator = torch.Generator().manual_seed(spec.seed)
        self.w = torch.randn(spec.size, generator=self.generator) + 1

    @property
    def steps_per_epoch(self) -> int:
        return STEPS_PER_EPOCH

    def loss(self) -> float:
        return float((self.w**2).mean() / 2)

    def advance(self, steps: int) -> list[Event]:
        events = []
        for _ in range(steps):
            if self.spec.nap:
                time.sleep(self.spec.nap)
            noise = torch.randn(self.spec.size, generator=self.generator)
            self.w = self.w - self.spec.learning_rate * (self.w + 0.01 * noise)
            self.step += 1
            if self.step % STEPS_PER_EPOCH == 0:
                if not math.isfinite(self.loss()) or self.w.abs().max() > 1e6:
                    raise Diverged(self.step, "w", "has grown past 1e6")
                events.append(Event(self.step, "epoch", {"train_loss": self.loss()}))
        return events

    def snapshot(self) -> Snapshot:
        tensors = {"w": self.w.clone(), "generator": self.generator.get_state()}
        return Snapshot(self.step, tensors, {"spec": specs.values(self.spec)})

    def restore(self, snapshot: Snapshot) -> None:
        self._begin(specs.from_values(FakeSpec, snapshot.plain["spec"]))
        self.step, self.w = snapshot.step, snapshot.tensors["w"].clone()
        self.generator.set_state(snapshot.tensors["generator"])

    def set(self, changes: Mapping[str, Any]) -> bool:
        before, after = self.spec, specs.from_values(FakeSpec, changes, self.spec)
        if specs.roles_of_change(before, after) & {"structure", "data"}:
            self._begin(after)
            return True
        self.spec = after
        return False

    def edit(self, array: str, index: tuple[int, ...], value: float) -> None:
        if array != "w":
            raise InvalidInput("Editing", "works on w", array, "w")
        self.w[index] = value

    def frame(self) -> Picture:
        return Picture({"train_loss": self.loss()}, {"w": self.w.numpy().copy()})

    def scene(self) -> Picture:
        return Picture({"spec": specs.values(self.spec)}, {"ones": np.ones(self.spec.size, np.float32)})


def weights(run: FakeRun, times: float = 1.0) -> Trace:
    """A probe: the weights, multiplied."""
    return Trace({"w": run.w.numpy() * times}, {"w": ("unit",)}, state={"w": run.w.numpy().copy()})


def slowly(run: FakeRun, fails: bool = False) -> Generator[Progress, None, Trace]:
    """A probe in three turns: the weights of its first turn, then twice as large; `closed` counts its ends."""
    kept = run.w.numpy().copy()
    try:
        for done in range(3):
            found = Trace({"w": kept * (done + 1)}, {"w": ("unit",)}, state={"w": kept})
            yield Progress(done, 3, f"turn {done}", trace=found if done else None, rest=0.005)
            if fails:
                raise ArithmeticError("on purpose")
        return found
    finally:
        CLOSED.append(run.spec.seed)


def fetch(name: str) -> Generator[Progress, None, dict[str, Any]]:
    """A download of what is called "pictures"."""
    if name != "pictures":
        raise InvalidInput("fetch.name", "must be one of pictures", name, "pictures")
    yield Progress(1, 2, "half")
    return {"bytes": 2}


def _three_steps() -> Iterator[Progress | Verdict]:
    for done in range(3):
        yield Progress(done, 3, "counting")
    yield Verdict("yes", "It counts.", [{"n": 3}])


def _broken() -> Iterator[Progress | Verdict]:
    yield Progress(0, 1)
    raise ZeroDivisionError("on purpose")


CLAIMS = (
    Claim("counts", "Three steps are three.", "Count them.", _three_steps),
    Claim("broken", "This works.", "It does not.", _broken),
)


def code(spec: FakeSpec) -> str:
    return f"rate = {spec.learning_rate}"


LAB = Lab(
    slug="fake",
    title="Fake",
    topic="Tests",
    sentence="A parabola.",
    spec=FakeSpec,
    run="tests.training.fake:FakeRun",
    stage="none",
    panels=(
        Panel("weights", "Weights", "", probe="tests.training.fake:weights"),
        Panel("slowly", "Slowly", "", probe="tests.training.fake:slowly"),
        Panel("picture", "Picture", ""),
    ),
    fetch="tests.training.fake:fetch",
    claims="tests.training.fake:CLAIMS",
    code="tests.training.fake:code",
)
