"""The live route: one WebSocket joins a page to its run (docs/architecture.md)."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from dlviz.training import frames
from dlviz.training.engine import RunGone, RunHandle, get_engine

PATH = "/api/live/{run}"
MOST_BYTES = 256 * 1024
MOST_PER_SECOND = 200
FRAMES_UNDER_WAY = 2

NOT_ALLOWED, TOO_BIG, NOT_TEXT, TRY_AGAIN = 1008, 1009, 1003, 1013
RUN_GONE = 4404


def same_origin(headers: Mapping[str, str]) -> bool:
    """The page that opens the socket came from this server.

    A program that is no browser sends no Origin, and may come: it knows the run's id, which another
    site's page could not. A proxy that changes Host tells the first one; no page can set that header.
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    hosts = (headers.get("host", ""), headers.get("x-forwarded-host", ""))
    return _place(origin) in {_place(f"//{host}") for host in hosts if host}


def _place(address: str) -> tuple[str | None, int | None]:
    """Host and port; the port that goes without saying is left out."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None, None
    return parts.hostname, None if port in (80, 443) else port


async def live(socket: WebSocket) -> None:
    """Serve one viewer of one run until either goes."""
    if not same_origin(socket.headers):
        await socket.close(NOT_ALLOWED)  # before accepting: the browser is answered 403
        return
    await socket.accept()
    try:
        handle = get_engine().run(socket.path_params["run"])
    except RunGone as problem:
        await socket.close(RUN_GONE, str(problem))
        return
    await Viewer(socket, handle).serve()


class Viewer:
    """One open socket: messages go out in order, frames as the viewer asks for them, commands come in."""

    def __init__(self, socket: WebSocket, handle: RunHandle) -> None:
        self.socket, self.handle = socket, handle
        self.credit = FRAMES_UNDER_WAY
        self.news = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._allowance, self._allowed_at = float(MOST_PER_SECOND), monotonic()

    async def serve(self) -> None:
        """Until the socket closes or the run ends."""
        self.mailbox = self.handle.attach(self._wake)
        self.news.set()
        tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._receive())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.handle.detach(self.mailbox)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            problem = task.exception()
            if problem is not None and not isinstance(problem, WebSocketDisconnect):
                raise problem
            if problem is None:
                await self._close(*task.result())

    def _wake(self) -> None:
        """Called from the engine's threads."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.news.set)

    async def _send(self) -> tuple[int, str]:
        while True:
            await self.news.wait()
            self.news.clear()
            while (message := self.mailbox.take(self.credit > 0)) is not None:
                if frames.kind_of(message) == "frame":
                    self.credit -= 1
                await self.socket.send_bytes(message)
            if self.mailbox.ended:
                return RUN_GONE, "This run has ended."
            if self.mailbox.overflown:
                return TRY_AGAIN, "The messages of this run are not being read."

    async def _receive(self) -> tuple[int, str]:
        while True:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code") or 1000)
            text = message.get("text")
            if text is None:
                return NOT_TEXT, "A command is JSON text."
            if len(text.encode()) > MOST_BYTES:
                return TOO_BIG, f"A command has at most {MOST_BYTES // 1024} KiB."
            if not self._allowed():
                return NOT_ALLOWED, f"At most {MOST_PER_SECOND} commands a second."
            self._obey(text)

    def _obey(self, text: str) -> None:
        command: Any = None
        with contextlib.suppress(ValueError, RecursionError):  # told below, like JSON that is no command
            command = json.loads(text)
        if not isinstance(command, dict):
            words = 'A command must be a JSON object. Try {"do": "play", "on": true}.'
            self.mailbox.put(frames.encode_note(self.handle.id, "error", words))
        elif command.get("do") == "next":
            self.credit = min(FRAMES_UNDER_WAY, self.credit + 1)
            self.news.set()
        else:
            self.handle.send(command)

    def _allowed(self) -> bool:
        now = monotonic()
        refilled = self._allowance + (now - self._allowed_at) * MOST_PER_SECOND
        self._allowance, self._allowed_at = min(MOST_PER_SECOND, refilled) - 1, now
        return self._allowance >= 0

    async def _close(self, code: int, reason: str) -> None:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # the viewer may have been faster
            await self.socket.close(code, reason)


# Under any base path: `server.baseUrlPath` moves Streamlit's own routes, a proxy may or may not cut it off.
ROUTES = [WebSocketRoute(PATH, live), WebSocketRoute("/{base:path}" + PATH, live)]
