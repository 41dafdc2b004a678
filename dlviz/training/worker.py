"""Worker: holds runs and advances them in turn, in slices short enough that a command is heard at once.

Started by `link` as `python -m dlviz.training.worker FD FOLDER`, with one end of a pipe.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, sleep, thread_time
from typing import Any

import torch

from dlviz.core import spec as specs
from dlviz.core.lab import discover, find, load
from dlviz.training import frames
from dlviz.training.driver import Driver
from dlviz.training.jobs import in_words

SLICE = 0.008  # seconds a run trains before the next one's turn
FRAME_EVERY = 1 / 30  # seconds between two frames of a run, at the least
# Frames may take this part of the processor time that training takes, while something trains. Not of the
# clock's: where others want the processor too, most of that would be gone.
FRAMES_SHARE = 0.08
FRAMES_CREDIT = 0.05  # seconds that may be saved up for a burst of frames
OPENING_PATIENCE = 0.5  # seconds that a viewer waits for the trained opening before it sees it being trained
MOST_TEMPLATES = 32


@dataclass
class Seat:
    """A run's place in the worker: who looks, and what they have been shown."""

    driver: Driver
    opened_at: float
    opening: str = ""  # the key of the opening it trains
    hidden: bool = False  # trained ahead, for whoever asks for the same opening
    watched: bool = False
    urgent: bool = False  # somebody waits for a frame: it came newly, or gave a command
    shown: int = -1  # the driver's changes at the last frame
    framed_at: float = 0.0

    @property
    def to_write(self) -> bool:
        """It rests, and its folder lacks something."""
        return self.driver.keeper.to_write and self.driver.wait() is None

    def frame_due(self, now: float) -> bool:
        if not self.watched or self.driver.changes == self.shown:
            return False
        if self.driver.mode == "opening" and now - self.opened_at < OPENING_PATIENCE:
            return False
        return self.urgent or now - self.framed_at >= FRAME_EVERY


class PageGone(Exception):
    """The other end of the pipe is closed."""


class Worker:
    """The loop: hear, train one slice, show one frame.

    Messages both ways are (kind, run id, content).
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.seats: dict[str, Seat] = {}
        self.templates: dict[str, Driver] = {}
        self._round: list[Seat] = []
        self._others = 0
        self._credit = FRAMES_CREDIT

    def serve(self) -> None:
        """Work until the other end of the pipe is closed."""
        try:
            self._train_openings_ahead()
            gc.collect()
            gc.freeze()  # what is loaded now stays; the collector need not look at it again
            while True:
                self._hear()
                self._train()
                self._show()
        except PageGone:  # and with it everybody who could come back to these runs
            for seat in self.seats.values():
                folder = seat.driver.keeper.folder
                seat.driver.keeper.forget()
                if folder:
                    with contextlib.suppress(OSError):  # not empty yet, or gone already
                        folder.parent.rmdir()
        finally:
            self.connection.close()

    def _train_openings_ahead(self) -> None:
        """The opening of every lab, so that a page opened later need not wait for it."""
        for slug, lab in discover()[0].items():
            if lab.opening_steps:
                order = {"lab": slug, "spec": specs.values(lab.spec()), "opening_steps": lab.opening_steps}
                with contextlib.suppress(Exception):  # a lab that cannot be opened says why to whoever opens it
                    self._start(f"opening of {slug}", {**order, "hidden": True})

    # --- hearing ---------------------------------------------------------------------------------

    def _hear(self) -> None:
        """Carry out what was asked meanwhile; wait for it while there is nothing to train."""
        orders: dict[str, Callable[[str, Any], None]] = {
            "start": self._start,
            "command": self._command,
            "watch": self._watch,
            "stop": self._stop,
        }
        patience = self._patience()
        while self.connection.poll(patience):
            kind, run_id, content = self._receive()
            try:
                orders[kind](run_id, content)
            except PageGone:
                raise
            except Exception as problem:  # noqa: BLE001 - one run that cannot be had leaves the others alone
                self._say(run_id, in_words(problem))
            patience = 0.0

    def _receive(self) -> tuple[str, str, Any]:
        try:
            message = self.connection.recv()
        except (EOFError, OSError) as problem:
            raise PageGone from problem
        if message is None:
            raise PageGone
        return message

    def _patience(self) -> float | None:
        now = perf_counter()
        waits = [wait for seat in self.seats.values() if (wait := seat.driver.wait()) is not None]
        waits += [
            0.0 if seat.urgent else max(0.0, seat.framed_at + FRAME_EVERY - now)
            for seat in self.seats.values()
            if seat.watched and seat.driver.changes != seat.shown
        ]
        return 0.0 if any(seat.to_write for seat in self.seats.values()) else min(waits, default=None)

    def _start(self, run_id: str, order: Mapping[str, Any]) -> None:
        lab, folder = find(order["lab"]), Path(order["folder"]) if "folder" in order else None
        spec: Any = specs.from_values(lab.spec, order["spec"])
        steps = order["opening_steps"]
        key = json.dumps([order["lab"], order["spec"], steps], sort_keys=True) if steps else ""
        if order.get("resume"):
            driver = self._resume(run_id, lab, spec, steps, folder, order["go_on"])
        elif key in self.templates:
            driver = self.templates[key].branch(run_id=run_id)
            if folder:
                driver.keeper.spill_to(folder)
        else:
            driver = Driver(run_id, lab, spec, opening_steps=steps, folder=folder)
        seat = self.seats[run_id] = Seat(driver, opened_at=perf_counter(), opening=key, urgent=True)
        seat.hidden, seat.watched = order.get("hidden", False), order.get("watched", False)
        self._follow_up(seat, [driver.scene(), *driver.messages()])

    def _resume(self, run_id: str, lab: Any, spec: Any, steps: int, folder: Path | None, go_on: bool) -> Driver:
        what = "The process that trained this run ended unexpectedly and was started again."
        driver = Driver(run_id, lab, spec, folder=folder)
        try:
            resumed = driver.resume(go_on)
        except (OSError, ValueError, KeyError) as problem:
            resumed, what = False, f"{what} What it had written down cannot be read ({in_words(problem)})."
        if resumed:
            driver.note("info", f"{what} The run goes on from step {driver.run.step}.")
        else:
            driver = Driver(run_id, lab, spec, opening_steps=steps, folder=folder)
            driver.note("info", f"{what} The run begins anew.")
        return driver

    def _command(self, run_id: str, command: Mapping[str, Any]) -> None:
        seat = self.seats.get(run_id)
        if seat is None:
            self._say(run_id, "This run has ended. Open the page again to start another.", command.get("token"))
            return
        seat.opening = ""  # no longer what others would get
        before = seat.driver.changes
        self._follow_up(seat, seat.driver.command(command))
        seat.urgent = seat.urgent or seat.driver.changes != before

    def _watch(self, run_id: str, on: bool) -> None:
        if run_id in self.seats:
            seat = self.seats[run_id]
            seat.watched, seat.urgent, seat.shown = on, on, -1

    def _stop(self, run_id: str, _content: None) -> None:
        if run_id in self.seats:
            self.seats.pop(run_id).driver.keeper.forget()

    # --- training --------------------------------------------------------------------------------

    def _train(self) -> None:
        seat = self._next_seat()
        if seat is None:
            self._credit = FRAMES_CREDIT
            return
        begun = thread_time()
        self._follow_up(seat, seat.driver.slice(SLICE))
        self._credit = min(FRAMES_CREDIT, self._credit + FRAMES_SHARE * (thread_time() - begun))

    def _next_seat(self) -> Seat | None:
        """In turn: each round all watched runs, and of those that nobody watches the next one."""
        for _ in range(2):
            while self._round:
                seat = self._round.pop()
                if self.seats.get(seat.driver.id) is seat and seat.driver.wait() == 0:
                    return seat
            ready = [seat for seat in self.seats.values() if seat.driver.wait() == 0]
            others = [seat for seat in ready if not seat.watched]
            self._round = [seat for seat in ready if seat.watched]
            if others:
                self._others += 1
                self._round.insert(0, others[self._others % len(others)])
        return None

    def _follow_up(self, seat: Seat, messages: list[bytes]) -> None:
        """What follows from a slice or a command: branches get seats, messages go out, openings become templates."""
        driver = seat.driver
        for child in driver.children:
            self._tell("born", child.id, driver.id)  # before the reply that names it
            if driver.keeper.folder:
                child.keeper.spill_to(driver.keeper.folder.parent / child.id)
            self.seats[child.id] = born = Seat(child, opened_at=perf_counter(), urgent=True)
            self._send(born, [child.scene()])
        driver.children.clear()
        self._send(seat, messages)
        if seat.opening and driver.mode == "paused":
            if seat.opening not in self.templates:
                self.templates[seat.opening] = driver.branch()
            if len(self.templates) > MOST_TEMPLATES:
                del self.templates[next(iter(self.templates))]
            seat.opening = ""
            if seat.hidden:
                del self.seats[driver.id]

    # --- showing ---------------------------------------------------------------------------------

    def _show(self) -> None:
        """At most one frame, of the run that has waited longest, when frames have time left."""
        now, begun = perf_counter(), thread_time()
        due = [seat for seat in self.seats.values() if seat.frame_due(now)]
        if not due:
            self._rest()
            return
        seat = min(due, key=lambda seat: (not seat.urgent, seat.framed_at))
        if self._credit <= 0 and not seat.urgent:
            return
        seat.shown, seat.urgent, seat.framed_at = seat.driver.changes, False, now
        try:
            self._tell("message", seat.driver.id, seat.driver.frame())
        except PageGone:
            raise
        except Exception as problem:  # noqa: BLE001 - a picture that cannot be drawn must not end the other runs
            self._say(seat.driver.id, f"This moment cannot be shown. {in_words(problem)}")
        self._credit = max(-FRAMES_CREDIT, self._credit - (thread_time() - begun))

    def _rest(self) -> None:
        """When nobody waits for a picture: one run that rests is written down."""
        for seat in self.seats.values():
            if seat.to_write:
                self._send(seat, seat.driver.write_down())
                return

    # --- telling ---------------------------------------------------------------------------------

    def _tell(self, kind: str, run_id: str, content: Any) -> None:
        try:
            self.connection.send((kind, run_id, content))
        except OSError as problem:
            raise PageGone from problem

    def _send(self, seat: Seat, messages: list[bytes]) -> None:
        for message in messages if not seat.hidden else []:
            self._tell("message", seat.driver.id, message)

    def _say(self, run_id: str, text: str, token: Any = None) -> None:
        numbers: dict[str, Any] = {
            "level": "error",
            "text": text,
            "token": token if isinstance(token, str) else None,
            "offers": [],
        }
        self._tell("message", run_id, frames.encode("note", run_id, numbers))


def _end_with_parent(folder: str) -> None:
    """Leave when the parent does, also from the middle of a long computation, and leave no folder behind."""
    os.read(0, 1)  # nothing is ever sent there: this returns at the end of the file
    sleep(2.0)  # the loop notices by itself, and tidies up, if it can
    shutil.rmtree(folder, ignore_errors=True)  # nobody is left who could come back to these runs
    os._exit(1)


def _rehearse() -> None:
    """One step of every lab: torch loads a second's worth of code when the first optimizer is made."""
    for lab in discover()[0].values():
        with contextlib.suppress(Exception):  # a lab that cannot be opened says why to whoever opens it
            load(lab.run)(lab.spec()).advance(1)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the page process; this one ends with it
    threading.Thread(target=_end_with_parent, args=(sys.argv[2],), daemon=True).start()
    torch.set_num_threads(1)
    _rehearse()
    if hasattr(os, "nice"):
        os.nice(5)  # from now on a page is served first
    Worker(Connection(int(sys.argv[1]))).serve()


if __name__ == "__main__":
    main()
