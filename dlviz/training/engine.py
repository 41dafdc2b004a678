"""Engine: the one interface behind which runs train, and the handles through which pages reach them.

Importing this imports neither torch nor streamlit: the page process has no need of the first, and
this room does not know the second.
"""

from __future__ import annotations

import atexit
import os
import secrets
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from queue import Empty, Queue
from threading import Lock
from time import monotonic
from typing import Any

from dlviz.core.errors import DlvizError, InvalidInput
from dlviz.training import frames
from dlviz.training.mailbox import Mailbox

VARIABLE = "DLVIZ_ENGINE"
# Notes and replies that wait for a viewer to come (back); scenes and frames are kept apart.
MOST_UNSEEN = 32


class RunGone(DlvizError):
    """The run asked for has ended, or never was."""

    def __init__(self) -> None:
        super().__init__("This run has ended. Open the page again to start another.")


class Refused(DlvizError):
    """The run could not do what `ask` asked for; the text is the run's own."""


class EngineFull(DlvizError):
    """No room for one more run."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"This server holds {most} runs, which is its limit, and all are in use. "
            "Close a page you no longer need, or try again in a minute."
        )


class RunHandle:
    """A run as the page process sees it: send commands, read what came last. Safe to use from any thread.

    Reading counts as watching: a run that nobody reads and that no viewer is attached to is dropped
    after a while, unless it was told to `keep`.
    """

    def __init__(self, engine: Engine, run_id: str, lab: str) -> None:
        self.id, self.lab = run_id, lab
        self.kept = False
        self.read_at: float | None = None  # by monotonic(); None: never
        self.left_at: float | None = None  # when the last viewer went
        self.made_at = monotonic()
        self._engine = engine
        self._lock = Lock()
        self._scene: bytes | None = None
        self._scene_read: bytes | None = None
        self._frame: bytes | None = None
        self._unseen: deque[bytes] = deque(maxlen=MOST_UNSEEN)
        self._mailboxes: list[Mailbox] = []
        self._asked: dict[str, Queue[frames.Message]] = {}

    def send(self, command: Mapping[str, Any]) -> None:
        """Ask the run to do something (docs/architecture.md). Returns at once; answers come as messages."""
        if command.get("do") == "keep" and isinstance(command.get("on"), bool):
            self.kept = command["on"]
        self._engine.send(self, command)

    def ask(self, command: Mapping[str, Any], timeout: float) -> frames.Message:
        """Send a command and wait for its reply. Raises `Refused` with the words of the note that
        came instead, or when nothing has come within `timeout` seconds."""
        token, answer = f"ask-{secrets.token_urlsafe(9)}", Queue[frames.Message](1)
        self._asked[token] = answer
        try:
            self.send({**command, "token": token})
            message = answer.get(timeout=timeout)
        except Empty:
            raise Refused(f"The run did not answer within {timeout:g} seconds. Try again in a moment.") from None
        finally:
            del self._asked[token]
        if message.kind == "note":
            raise Refused(str(message.numbers["text"]))
        return message

    def scene(self) -> bytes | None:
        """The newest scene, or None while there is none yet."""
        self._read()
        return self._scene

    def frame(self) -> bytes | None:
        """The newest frame of the newest scene, or None while there is none yet."""
        self._read()
        return self._frame

    def messages(self) -> list[bytes]:
        """Since the last call: a new scene, then the notes and replies that no attached viewer was sent."""
        self._read()
        with self._lock:
            unseen = list(self._unseen)
            self._unseen.clear()
            if self._scene is not None and self._scene is not self._scene_read:
                self._scene_read = self._scene
                unseen.insert(0, self._scene)
        return unseen

    def stop(self) -> None:
        """End the run and forget it."""
        self._engine.stop(self)

    @property
    def watched(self) -> bool:
        """A viewer is attached."""
        return bool(self._mailboxes)

    def attach(self, wake: Callable[[], None]) -> Mailbox:
        """A mailbox for a new viewer; the scene, what nobody has seen yet and the frame are in it.

        `wake` is called, from any thread, when there is something to take again.
        """
        mailbox = Mailbox(wake)
        with self._lock:
            waiting = [*([self._scene] if self._scene else []), *self._unseen]
            self._unseen.clear()
            for message in waiting:
                mailbox.put(message)
            if self._frame:
                mailbox.put_frame(self._frame)
            self._mailboxes.append(mailbox)
        self._engine.watch(self)
        return mailbox

    def detach(self, mailbox: Mailbox) -> None:
        """The viewer has gone."""
        with self._lock:
            self._mailboxes.remove(mailbox)
            if not self._mailboxes:
                self.left_at = monotonic()
        self._engine.watch(self)

    def deliver(self, message: bytes) -> None:
        """For engines: a message of this run has come."""
        kind = frames.kind_of(message)
        if self._asked and kind in ("reply", "note") and self._is_answer(message):
            return
        with self._lock:
            if kind == "frame":
                self._frame = message
                for mailbox in self._mailboxes:
                    mailbox.put_frame(message)
            elif kind == "scene":
                self._scene, self._frame = message, None
                for mailbox in self._mailboxes:
                    mailbox.put_scene(message)
            else:
                for mailbox in self._mailboxes:
                    mailbox.put(message)
                if not self._mailboxes:
                    self._unseen.append(message)

    def _is_answer(self, message: bytes) -> bool:
        """Give a reply to the thread of this process that waits for it in `ask`."""
        decoded = frames.decode(message)
        waiting = self._asked.get(str(decoded.numbers.get("token")))
        if waiting is not None and not waiting.full():
            waiting.put(decoded)
        return waiting is not None

    def note(self, text: str, token: Any = None) -> None:
        """For engines: say that something did not work."""
        numbers: dict[str, Any] = {
            "level": "error",
            "text": text,
            "token": token if isinstance(token, str) else None,
            "offers": [],
        }
        self.deliver(frames.encode("note", self.id, numbers))

    def end(self) -> None:
        """For engines: nothing more will come."""
        with self._lock:
            for mailbox in self._mailboxes:
                mailbox.end()

    def _read(self) -> None:
        self.read_at = monotonic()
        self._engine.watch(self)


class Engine(ABC):
    """Where runs train."""

    def __init__(self) -> None:
        self._handles: dict[str, RunHandle] = {}

    @abstractmethod
    def start(self, lab: str, spec: Any = None, opening_steps: int = 0) -> RunHandle:
        """Begin a run of that lab, trained for `opening_steps` before its first frame.

        Returns at once; scene and frame follow. Raises `InvalidInput` for an unknown lab and
        `EngineFull` when there is no room.
        """

    @abstractmethod
    def send(self, handle: RunHandle, command: Mapping[str, Any]) -> None:
        """Pass a command on to its run."""

    @abstractmethod
    def stop(self, handle: RunHandle) -> None:
        """End a run. Ending one that has ended does nothing."""

    @abstractmethod
    def watch(self, handle: RunHandle) -> None:
        """Somebody began or ceased to look at this run, or looked again."""

    @abstractmethod
    def close(self) -> None:
        """End all runs and whatever trains them."""

    def run(self, run_id: str) -> RunHandle:
        """The handle of a run. Raises `RunGone`."""
        try:
            return self._handles[run_id]
        except KeyError:
            raise RunGone from None

    def alive(self, run_id: str) -> bool:
        """The run is still there."""
        return run_id in self._handles

    @staticmethod
    def new_id() -> str:
        """An id that nobody can guess: who knows it may command the run."""
        return secrets.token_urlsafe(18)


_current: Engine | None = None
_choosing = Lock()


def get_engine() -> Engine:
    """The engine of this process; made when first asked for, as `DLVIZ_ENGINE` says: local, thread or inline."""
    global _current
    with _choosing:
        if _current is None:
            _current = _make(os.environ.get(VARIABLE, "local").strip().lower())
        return _current


def set_engine(engine: Engine | None) -> Engine | None:
    """Put another engine (or none) in place; returns the one before, which is not closed."""
    global _current
    with _choosing:
        before, _current = _current, engine
        return before


def close_engine() -> None:
    """Close the engine of this process, if there is one."""
    engine = set_engine(None)
    if engine is not None:
        engine.close()


def _make(kind: str) -> Engine:
    if kind == "inline":
        from dlviz.training.inline import InlineEngine

        return InlineEngine()
    if kind not in ("local", "thread"):
        raise InvalidInput(VARIABLE, "must be one of local, thread, inline", kind, "local")
    from dlviz.training.local import LocalEngine

    atexit.register(close_engine)
    return LocalEngine.from_environment(in_threads=kind == "thread")
