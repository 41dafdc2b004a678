"""Mailbox: what one viewer has yet to be sent. Messages keep their order, of frames only the newest waits."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock

# A viewer that lets so many messages pile up has stopped reading.
MOST_WAITING = 1000


class Mailbox:
    """Filled by the engine's threads, emptied by one viewer, who is woken when there is something to take.

    `ended` says that nothing more will come; `overflown` that the viewer was too slow for messages
    that must not be lost.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.ended = False
        self.overflown = False
        self._wake = wake
        self._lock = Lock()
        self._asleep = True
        self._messages: deque[bytes] = deque()
        self._frame: bytes | None = None

    def put(self, message: bytes) -> None:
        """Add a message that must arrive."""
        with self._lock:
            self.overflown = self.overflown or len(self._messages) >= MOST_WAITING
            if not self.overflown:
                self._messages.append(message)
        self._rouse()

    def put_scene(self, scene: bytes) -> None:
        """Add a scene; a frame that still waits belongs to the one before."""
        with self._lock:
            self._frame = None
        self.put(scene)

    def put_frame(self, frame: bytes) -> None:
        """Let this frame wait in the place of the one before."""
        with self._lock:
            self._frame = frame
        self._rouse()

    def end(self) -> None:
        """Say that nothing more will come."""
        self.ended = True
        self._rouse()

    def take(self, frame_allowed: bool) -> bytes | None:
        """The next message, else the frame if one may be taken, else None: then `wake` will be called."""
        with self._lock:
            if self._messages:
                return self._messages.popleft()
            if self._frame is not None and frame_allowed:
                frame, self._frame = self._frame, None
                return frame
            self._asleep = True
            return None

    def _rouse(self) -> None:
        with self._lock:
            asleep, self._asleep = self._asleep, False
        if asleep:
            self._wake()
