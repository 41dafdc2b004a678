"""Link: the page process's end of one worker. Starts it, sends to it, hears from it, notices its death."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

ROOT = Path(__file__).parent.parent.parent
LEAVE_WITHIN = 1.0  # seconds that a worker has to end by itself


class Link:
    """One worker process (or, with `in_thread`, one worker thread in this process).

    `hear` gets each message of the worker, `died` is called when it has ended by itself; both on a
    thread of the link. The worker holds one end of a pipe that has no name, so that nobody else can
    reach it, and ends when the pipe does: it cannot outlive this process. `folder`, where runs are written
    down, goes with the worker when this process has gone without a word.
    """

    def __init__(
        self, hear: Callable[[Link, tuple], None], died: Callable[[Link], None], in_thread: bool, folder: Path
    ) -> None:
        self._hear, self._died, self.in_thread, self.folder = hear, died, in_thread, folder
        self.process: subprocess.Popen | None = None
        self.thread: Thread | None = None
        self.closing = False
        self.start()

    def start(self) -> None:
        """Start the worker; also again, after it died. Returns before the worker is ready."""
        ours, theirs = Pipe()
        if self.in_thread or os.name == "nt":  # the ends of a pipe cannot be handed over there
            from dlviz.training.worker import Worker

            self.thread = Thread(target=Worker(theirs).serve, name="dlviz-worker", daemon=True)
            self.thread.start()
        else:
            self.process = _spawn(theirs, self.folder)
            theirs.close()
        self._connection = ours
        self._outgoing: SimpleQueue[tuple | None] = SimpleQueue()
        Thread(target=self._send_all, args=(ours, self._outgoing), name="dlviz-send", daemon=True).start()
        Thread(target=self._hear_all, args=(ours,), name="dlviz-hear", daemon=True).start()

    def send(self, kind: str, run_id: str, content: Any = None) -> None:
        """Queue a message; the caller never waits for a busy worker."""
        self._outgoing.put((kind, run_id, content))

    @property
    def backlog(self) -> int:
        """Messages that the worker has not had time for."""
        return self._outgoing.qsize()

    def close(self) -> None:
        """End the worker, with force if it does not go by itself."""
        self.closing = True
        self._outgoing.put(None)
        if self.process is not None:
            try:
                self.process.wait(LEAVE_WITHIN)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            _close_pipe(self.process)
        if self.thread is not None:
            self.thread.join(LEAVE_WITHIN)

    def _send_all(self, connection: Connection, outgoing: SimpleQueue[tuple | None]) -> None:
        while True:
            message = outgoing.get()
            try:
                connection.send(message)
            except OSError:  # the worker is gone; the thread that hears deals with it
                return
            if message is None:
                return

    def _hear_all(self, connection: Connection) -> None:
        while True:
            try:
                message = connection.recv()
            except (EOFError, OSError):
                break
            self._hear(self, message)
        connection.close()
        self._outgoing.put(None)  # wakes the thread that sends, which finds the pipe closed
        if self.process is not None and not self.closing:
            self.process.wait()
            _close_pipe(self.process)
        if not self.closing:
            self._died(self)


def _spawn(theirs: Connection, folder: Path) -> subprocess.Popen:
    # Not multiprocessing.Process: under Streamlit a child of that kind would run the page's script again.
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "dlviz.training.worker", str(theirs.fileno()), str(folder)]
    return subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.PIPE, env=environment)


def _close_pipe(process: subprocess.Popen) -> None:
    if process.stdin is not None:
        process.stdin.close()
