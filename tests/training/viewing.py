"""A viewer for tests: takes what a handle's mailbox holds and waits for what should come."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from dlviz.training.engine import RunHandle
from dlviz.training.frames import Message, decode


class TestViewer:
    """Attached to a handle; `until` takes messages until one is as asked."""

    __test__ = False

    def __init__(self, handle: RunHandle) -> None:
        self.handle = handle
        self.news = threading.Event()
        self.join()

    def until(self, wanted: Callable[[Message], bool], within: float = 30.0) -> Message:
        """The first message that is as wanted; AssertionError when none comes in time."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            data = self.mailbox.take(True)
            if data is None:
                self.news.wait(0.2)
                self.news.clear()
            elif wanted(message := decode(data)):
                return message
        raise AssertionError("The message waited for did not come.")

    def kind(self, kind: str, within: float = 30.0) -> Message:
        return self.until(lambda message: message.kind == kind, within)

    def ask(self, do: str, **fields: Any) -> Message:
        """Send a command with a token; the last message that answers it (progress is passed over)."""
        token = f"{do}-{time.monotonic()}"
        self.handle.send({"do": do, "token": token, **fields})
        return self.until(lambda m: m.numbers.get("token") == token and "progress" not in m.numbers)

    def join(self) -> None:
        self.mailbox = self.handle.attach(self.news.set)

    def leave(self) -> None:
        self.handle.detach(self.mailbox)


def eventually(true: Callable[[], Any], within: float = 20.0) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
