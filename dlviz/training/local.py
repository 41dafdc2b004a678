"""LocalEngine: runs train in worker processes of this machine."""

from __future__ import annotations

import math
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import find
from dlviz.training.engine import Engine, EngineFull, RunHandle
from dlviz.training.link import Link

# A worker takes some 300 MB, most of it torch.
MOST_WORKERS = 8
# Commands that may wait for a busy worker; more come only from a broken page.
MOST_BACKLOG = 2000
# A handle that was read so many seconds ago still counts as watched: the relay reads twice a second.
READ_COUNTS = 3.0
# Deaths of a worker within a minute after which its runs no longer go on by themselves.
MOST_DEATHS = 2


@dataclass(frozen=True)
class Place:
    """Where a run lives, and what is needed to start it again there."""

    link: Link
    order: dict[str, Any]


class LocalEngine(Engine):
    """At most `workers` processes, started as they are needed, one always ahead.

    A run is dropped `grace` seconds after its last viewer went, or `first_grace` seconds after its
    start if none ever came, unless it is kept. With `most_runs` alive, a new one takes the place of
    the one nobody has looked at for the longest time.
    """

    def __init__(
        self,
        workers: int | None = None,
        grace: float = 10.0,
        first_grace: float = 60.0,
        most_runs: int = 120,
        in_threads: bool = False,
    ) -> None:
        super().__init__()
        self.workers = workers or max(1, min(_cores() - 1, MOST_WORKERS))
        self.grace, self.first_grace, self.most_runs, self.in_threads = grace, first_grace, most_runs, in_threads
        self.folder = Path(tempfile.mkdtemp(prefix="dlviz-"))
        self._lock = Lock()
        self._places: dict[str, Place] = {}
        self._shown: dict[str, bool] = {}  # what its worker was told about being watched
        self._deaths: list[float] = []
        self._closing = Event()
        self._links = [self._new_link()]
        Thread(target=self._look_after, name="dlviz-care", daemon=True).start()

    @classmethod
    def from_environment(cls, in_threads: bool = False) -> LocalEngine:
        """With what `DLVIZ_WORKERS`, `DLVIZ_GRACE` (seconds) and `DLVIZ_MAX_RUNS` say."""
        return cls(
            workers=int(_setting("DLVIZ_WORKERS", 0, 0, 256)),
            grace=_setting("DLVIZ_GRACE", 10.0, 0.1, 86_400),
            most_runs=int(_setting("DLVIZ_MAX_RUNS", 120, 1, 100_000)),
            in_threads=in_threads,
        )

    # --- what pages ask --------------------------------------------------------------------------

    def start(self, lab: str, spec: Any = None, opening_steps: int = 0) -> RunHandle:
        found = find(lab)
        values = specs.values(spec if spec is not None else found.spec())
        self._make_room()
        run_id = self.new_id()
        order = {"lab": lab, "spec": values, "opening_steps": opening_steps, "folder": str(self.folder / run_id)}
        with self._lock:
            link = self._least_busy()
            handle = self._add(run_id, lab, Place(link, order))
            link.send("start", run_id, order)
        return handle

    def send(self, handle: RunHandle, command: Mapping[str, Any]) -> None:
        place = self._places.get(handle.id)
        if place is None:
            return
        if place.link.backlog > MOST_BACKLOG:
            handle.note("This run has more commands waiting than it can carry out.", command.get("token"))
        elif command.get("do") == "branch" and not self._has_room():
            handle.note(str(EngineFull(self.most_runs)), command.get("token"))
        else:
            place.link.send("command", handle.id, dict(command))

    def stop(self, handle: RunHandle) -> None:
        with self._lock:
            self._handles.pop(handle.id, None)
            self._shown.pop(handle.id, None)
            place = self._places.pop(handle.id, None)
        if place is not None:
            place.link.send("stop", handle.id)
            handle.end()

    def watch(self, handle: RunHandle) -> None:
        """Frames are made while a viewer is attached or the relay reads."""
        recent = handle.read_at is not None and monotonic() - handle.read_at < READ_COUNTS
        watched = handle.watched or recent
        with self._lock:
            place = self._places.get(handle.id)
            if place is not None and self._shown.get(handle.id) != watched:
                self._shown[handle.id] = watched
                place.link.send("watch", handle.id, watched)

    def close(self) -> None:
        if self._closing.is_set():
            return
        self._closing.set()
        for handle in list(self._handles.values()):
            handle.end()
        self._handles.clear()
        for link in self._links:
            link.closing = True
        for link in self._links:
            link.close()
        shutil.rmtree(self.folder, ignore_errors=True)  # a temporary folder; the system clears what is left

    # --- workers ---------------------------------------------------------------------------------

    def _new_link(self) -> Link:
        return Link(self._hear, self._died, self.in_threads, self.folder)

    def _least_busy(self) -> Link:
        """The worker with the fewest runs; when all have some, the next one is started ahead."""
        runs = {id(link): 0 for link in self._links}
        for place in self._places.values():
            runs[id(place.link)] += 1
        chosen = min(self._links, key=lambda link: runs[id(link)])
        runs[id(chosen)] += 1
        if all(runs.values()) and len(self._links) < self.workers:
            self._links.append(self._new_link())
        return chosen

    def _hear(self, link: Link, message: tuple[str, str, Any]) -> None:
        kind, run_id, content = message
        if kind == "born":
            with self._lock:
                parent = self._places.get(content)
                if parent is not None:
                    order = {**parent.order, "opening_steps": 0, "folder": str(self.folder / run_id)}
                    self._add(run_id, order["lab"], Place(link, order))
            if parent is None:
                link.send("stop", run_id)
        elif handle := self._handles.get(run_id):
            handle.deliver(content)

    def _died(self, link: Link) -> None:
        """Start the worker again, and its runs from what they had written down."""
        now = monotonic()
        self._deaths = [*(at for at in self._deaths if now - at < 60), now]
        go_on = len(self._deaths) <= MOST_DEATHS
        if self._closing.wait(0 if go_on else min(30, 2 ** len(self._deaths))):
            return
        with self._lock:
            link.start()
            for run_id, place in self._places.items():
                if place.link is link:
                    watched = self._shown.get(run_id, False)
                    link.send("start", run_id, {**place.order, "resume": True, "go_on": go_on, "watched": watched})

    # --- how long runs live ----------------------------------------------------------------------

    def _add(self, run_id: str, lab: str, place: Place) -> RunHandle:
        handle = self._handles[run_id] = RunHandle(self, run_id, lab)
        self._places[run_id] = place
        return handle

    def _has_room(self) -> bool:
        return len(self._handles) < self.most_runs

    def _make_room(self) -> None:
        if not self._has_room():
            idle = [handle for handle in self._handles.values() if not handle.watched]
            if not idle:
                raise EngineFull(self.most_runs)
            self.stop(min(idle, key=_last_seen))

    def _look_after(self) -> None:
        while not self._closing.wait(min(1.0, self.grace / 4)):
            for handle in list(self._handles.values()):
                self.watch(handle)
                alone = monotonic() - _last_seen(handle)
                visited = handle.read_at is not None or handle.left_at is not None
                if not handle.watched and not handle.kept and alone > (self.grace if visited else self.first_grace):
                    self.stop(handle)


def _last_seen(handle: RunHandle) -> float:
    return max(handle.made_at, handle.read_at or 0.0, handle.left_at or 0.0)


def _cores() -> int:
    """Processor cores this process may use (`core.device` has the same, but imports torch)."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _setting(name: str, default: float, low: float, high: float) -> float:
    text = os.environ.get(name, "").strip()
    try:
        value = float(text or default)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise InvalidInput(name, f"must be a number in [{low:g}, {high:g}]", text, f"{default:g}")
    return value
