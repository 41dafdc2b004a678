"""Jobs: what a command began and what goes on in turns beside the training: experiments, long probes, downloads.

A job is a generator. It yields `Progress` every 50 ms or so, so that others get their turn, and ends with its answer.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Iterator
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from dlviz.core.errors import DlvizError, InvalidInput
from dlviz.core.lab import Progress, Verdict
from dlviz.core.trace import Trace

if TYPE_CHECKING:
    from dlviz.training.driver import Driver

T = TypeVar("T")
MOST = 4  # of one kind at a time


@dataclasses.dataclass
class Job:
    """Work under way for the command `of` with that `token`; `name` says what it works on, for its replies.

    `not_before`: the time (`perf_counter`) at which it wants its next turn.
    """

    token: str | None
    of: str
    name: dict[str, str]
    moves: Iterator[Progress | Verdict]
    not_before: float = 0.0


def begin(driver: Driver, job: Job) -> None:
    """Give `job` its place in the queue. Raises `InvalidInput` where too many of its kind are under way."""
    if sum(other.of == job.of for other in driver.jobs) >= MOST:
        given = ", ".join(job.name.values())
        raise InvalidInput(job.of, f"works on at most {MOST} at a time", given, "when one of them is done")
    driver.jobs.append(job)


def wait(jobs: list[Job]) -> float | None:
    """Seconds until one of them has something to do; None where there is none."""
    return max(0.0, min(job.not_before for job in jobs) - perf_counter()) if jobs else None


def go_on(driver: Driver) -> None:
    """One move of the job whose turn it is, if one wants a turn now. Then the others come first."""
    now = perf_counter()
    job = next((job for job in driver.jobs if job.not_before <= now), None)
    if job is None:
        return
    driver.jobs.remove(job)
    try:
        found = next(job.moves)
    except StopIteration as end:
        _answer(driver, job, end.value)
    except Exception as problem:  # noqa: BLE001 - a job that fails says so; the run beside it goes on
        what = next(iter(job.name.values()), job.of)
        driver.note("error", str(problem) if isinstance(problem, DlvizError) else
                    f"The {_called(job)} {what} failed. {in_words(problem)}", job.token)  # fmt: skip
    else:
        if isinstance(found, Verdict):
            driver.reply(job.token, job.of, {**job.name, "verdict": dataclasses.asdict(found)})
            return
        job.not_before = perf_counter() + found.rest
        driver.jobs.append(job)
        numbers, arrays = answer(found.trace) if found.trace is not None else ({}, {})
        progress = {"done": found.done, "total": found.total, "text": found.text}
        driver.reply(job.token, job.of, {**job.name, **numbers, "progress": progress}, arrays)


def cancel(driver: Driver, token: str) -> bool:
    """End the job that the command with `token` began, and tell who asked for it. False where there is none."""
    job = next((job for job in driver.jobs if job.token == token), None)
    if job is None:
        return False
    driver.jobs.remove(job)
    if isinstance(job.moves, Generator):
        job.moves.close()  # it puts away what it holds: hooks, a child process
    driver.note("info", f"The {_called(job)} was cancelled.", token)
    return True


def to_the_end(found: T | Generator[Progress, None, T], tell: Callable[[Progress], None] | None = None) -> T:
    """What a probe found, also of one that works in turns: for callers with nothing else to do meanwhile."""
    if not isinstance(found, Generator):
        return found
    while True:
        try:
            progress = next(found)
        except StopIteration as end:
            return end.value
        if tell:
            tell(progress)
        sleep(progress.rest)  # it waits for something: asking again at once would only take the time from that


def answer(trace: Trace) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Numbers and arrays of the reply that carries a Trace."""
    state = {f"state/{name}": array for name, array in trace.state.items()}
    texts = {name: array.tolist() for name, array in state.items() if array.dtype.kind == "U"}
    arrays = {**trace.arrays, **{name: array for name, array in state.items() if name not in texts}}
    dims = {name: list(names) for name, names in trace.dims.items()}
    return {"dims": dims, "units": dict(trace.units), "texts": texts}, arrays


def in_words(problem: Exception) -> str:
    """An error as a person may read it; ours are sentences already."""
    return str(problem) if isinstance(problem, DlvizError) else f"{type(problem).__name__}: {problem}"


def _answer(driver: Driver, job: Job, value: Any) -> None:
    if job.of == "claim":
        driver.note("error", f"The experiment {job.name['slug']} ended without a verdict.", job.token)
    elif isinstance(value, Trace):
        numbers, arrays = answer(value)
        driver.reply(job.token, job.of, {**job.name, **numbers}, arrays)
    else:
        driver.reply(job.token, job.of, {**job.name, **(value or {})})


def _called(job: Job) -> str:
    return {"claim": "experiment", "probe": "panel", "fetch": "download"}[job.of]
