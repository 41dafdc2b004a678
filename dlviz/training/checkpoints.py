"""Checkpoints: trained moments that ship with dlviz, so that a lab can open with a network that has learned.

A checkpoint is what a run writes down while it trains (`spill`), in assets/checkpoints/<lab> or, of other settings than
the lab's own, <lab>-<name>: some moments of one run, its curve and its counters. Opening it reads tensors only and runs
no code.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlviz.core import spec as specs
from dlviz.core.lab import Lab, Progress, find
from dlviz.training import jobs
from dlviz.training.run import Snapshot
from dlviz.training.spill import Spill
from dlviz.training.timeline import Timeline

if TYPE_CHECKING:
    from dlviz.training.driver import Driver

FOLDER = Path(__file__).parents[2] / "assets" / "checkpoints"
SLICE = 0.1  # seconds of training between two reports


def opening(lab: Lab, spec: Any) -> tuple[Timeline, dict[str, Any]] | None:
    """The moments and the state of a checkpoint of the lab, where it has one of a run of these settings.

    What only concerns the picture (role `view`) may differ. Raises OSError or ValueError for a damaged one.
    """
    if not lab.pretrain:
        return None
    for folder in (FOLDER / lab.slug, *sorted(FOLDER.glob(f"{lab.slug}-*"))):
        plain = Spill(folder).peek()
        if plain and specs.roles_of_change(specs.from_values(lab.spec, plain["spec"]), spec) <= {"view"}:
            return Spill(folder).read()
    return None


def open_trained(driver: Driver) -> bool:
    """Begin with the moments of the lab's checkpoint, where it has one of these settings and it can be read."""
    spec = driver.run.spec
    try:
        found = opening(driver.lab, spec)
        if found is None:
            return False
        driver.take_over(*found)
    except (OSError, ValueError, KeyError, RuntimeError) as problem:  # torch says RuntimeError where shapes differ
        driver.start_over(spec)
        why = jobs.in_words(problem)
        driver.note("info", f"The trained network that comes with this lab cannot be read ({why}).")
        return False
    trained = specs.values(driver.run.spec)
    driver.run.set({name: value for name, value in specs.values(spec).items() if value != trained[name]})
    return True


def make(
    slug: str, steps: tuple[int, ...], light: bool = False, *, name: str = "", changes: Mapping[str, Any] | None = None
) -> Generator[Progress, None, list[Path]]:
    """Train the lab's default run and keep its moments after so many `steps`; the files, when they are written.

    `changes` to the default settings, for a further checkpoint of that `name`.

    `light`, for a large network: its numbers in half precision and without the optimizer's, a sixth of the bytes. A
    training that goes on from there begins with a new optimizer.
    """
    from dlviz.training.driver import Driver

    lab = find(slug)
    driver = Driver(f"checkpoint of {slug}", lab, specs.from_values(lab.spec, changes or {}))
    kept = Timeline()
    for goal in steps:
        if goal > driver.run.step:
            driver.command({"do": "advance", "steps": goal - driver.run.step})
        while driver.mode != "paused":
            driver.slice(SLICE)
            yield Progress(driver.run.step, steps[-1], f"step {driver.run.step}")
        moment = driver.run.snapshot()
        kept.keep(lightened(moment) if light else moment, driver.elapsed)
    return _write(driver, kept, FOLDER / (f"{slug}-{name}" if name else slug))


def lightened(moment: Snapshot) -> Snapshot:
    """The moment without what the optimizer remembers, and its fractions in half precision."""
    tensors = {name: tensor for name, tensor in moment.tensors.items() if not name.startswith("optimizer.")}
    halved = {name: tensor.half() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}
    return Snapshot(moment.step, halved, moment.plain)


def _write(driver: Driver, moments: Timeline, folder: Path) -> list[Path]:
    shutil.rmtree(folder, ignore_errors=True)  # what an earlier call left there
    Spill(folder).write(moments, driver.state())
    return sorted(folder.iterdir())
