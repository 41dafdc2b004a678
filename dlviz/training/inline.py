"""InlineEngine: runs train in the caller's own thread. For tests, AppTest and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter, sleep
from typing import Any

from dlviz.core.lab import find
from dlviz.training.driver import Driver
from dlviz.training.engine import Engine, RunHandle

SLICE = 0.05  # seconds


class InlineEngine(Engine):
    """Commands are carried out before `send` returns: `advance`, `claim` and `play` with `steps` to their end.

    A `play` without an end goes on only while `pump` is called.
    """

    def __init__(self) -> None:
        super().__init__()
        self.drivers: dict[str, Driver] = {}

    def start(self, lab: str, spec: Any = None, opening_steps: int = 0) -> RunHandle:
        driver = Driver(self.new_id(), find(lab), spec, opening_steps=opening_steps)
        handle = self._take(driver)
        self._go_on(driver, handle, [driver.scene()])
        return handle

    def send(self, handle: RunHandle, command: Mapping[str, Any]) -> None:
        driver = self.drivers.get(handle.id)
        if driver is not None:
            self._go_on(driver, handle, driver.command(command))

    def pump(self, seconds: float) -> None:
        """Let every playing run train, in turn, for about so long in all."""
        end = perf_counter() + seconds
        while (left := end - perf_counter()) > 0:
            waits = [wait for driver in self.drivers.values() if (wait := driver.wait()) is not None]
            if not waits:
                break
            sleep(min(left, *waits))  # runs held to a speed limit may all have to wait
            for run_id, driver in self.drivers.items():
                for message in driver.slice(min(SLICE, left)):
                    self._handles[run_id].deliver(message)
        for run_id, driver in self.drivers.items():
            self._handles[run_id].deliver(driver.frame())

    def stop(self, handle: RunHandle) -> None:
        self.drivers.pop(handle.id, None)
        self._handles.pop(handle.id, None)
        handle.end()

    def watch(self, handle: RunHandle) -> None:
        """Nothing to do: whoever looks also drives."""

    def close(self) -> None:
        for handle in list(self._handles.values()):
            self.stop(handle)

    def _take(self, driver: Driver) -> RunHandle:
        handle = self._handles[driver.id] = RunHandle(self, driver.id, driver.lab.slug)
        self.drivers[driver.id] = driver
        return handle

    def _go_on(self, driver: Driver, handle: RunHandle, messages: list[bytes]) -> None:
        """Deliver, and train on as long as there is an end to come to."""
        for message in messages:
            handle.deliver(message)
        while driver.jobs or driver.mode in ("advancing", "opening") or driver.goal is not None:
            for message in driver.slice(SLICE):
                handle.deliver(message)
        for child in driver.children:
            self._go_on(child, self._take(child), [child.scene()])
        driver.children.clear()
        handle.deliver(driver.frame())
