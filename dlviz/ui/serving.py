"""What `app.py` adds to Streamlit: the engine's life, the live route, headers, and quiet in the memory."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import os
import socket
from asyncio import base_events
from collections.abc import AsyncIterator
from typing import Any

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dlviz.core.lab import discover
from dlviz.training import live
from dlviz.training.engine import close_engine, get_engine
from dlviz.ui.components.lasting import LastingFiles
from dlviz.ui.shell import Shell

COLLECT_EVERY = 30.0  # seconds
# Who else may show the app in a frame, such as a course's site: sources as in a Content-Security-Policy.
EMBED_VARIABLE = "DLVIZ_EMBED_FROM"
STATIC = "/app/static/"
# What every page needs, and Streamlit would otherwise load during the first visit.
PAGE_MODULES = ("dlviz.ui.page", "streamlit.runtime.scriptrunner.script_runner", "pyarrow", "pandas")

ROUTES = live.ROUTES


@contextlib.asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Start the engine before the first page, end it after the last."""
    send_at_once()
    get_engine()  # its worker loads torch meanwhile
    care = asyncio.create_task(_care_for_memory())
    try:
        yield
    finally:
        care.cancel()
        await asyncio.to_thread(close_engine)


async def _care_for_memory() -> None:
    """Load what pages need, leave it out of all collections to come, and collect where nobody waits.

    `.streamlit/config.toml` turns off Streamlit's own collection after every script run, which holds
    the interpreter for 75 ms and more.
    """
    await asyncio.to_thread(_load)
    gc.collect()
    gc.freeze()
    while True:
        await asyncio.sleep(COLLECT_EVERY)
        await asyncio.to_thread(gc.collect)


def _load() -> None:
    discover()
    for name in PAGE_MODULES:
        importlib.import_module(name)


def send_at_once() -> None:
    """Let asyncio set TCP_NODELAY on Streamlit's sockets too: small messages would wait some 40 ms otherwise.

    asyncio sets it on sockets that name TCP as their protocol; Streamlit binds its own with protocol 0.
    """

    def set_nodelay(sock: socket.socket) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type == socket.SOCK_STREAM:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    base_events._set_nodelay = set_nodelay  # type: ignore[attr-defined]


class Headers:
    """Adds to each answer what keeps a browser careful, without taking from Streamlit what it needs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        ancestors = " ".join(["'self'", os.environ.get(EMBED_VARIABLE, "").strip()]).strip()
        self.headers = {
            b"x-content-type-options": b"nosniff",
            b"referrer-policy": b"same-origin",  # a link holds the whole state of a lab
            b"content-security-policy": f"frame-ancestors {ancestors}; object-src 'none'; base-uri 'self'".encode(),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        static = STATIC in scope["path"]
        # Files of ours are asked for each time, so that an update is seen at once.
        added = {**self.headers, b"cache-control": b"no-cache"} if static else self.headers
        known = dict(scope["headers"]).get(b"if-none-match") if static else None
        unchanged = False

        async def send_with_headers(message: Message) -> None:
            nonlocal unchanged
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in added]
                unchanged = message["status"] == 200 and known is not None and (b"etag", known) in kept
                if unchanged:  # Streamlit would send the file again
                    kept = [(name, value) for name, value in kept if name != b"content-length"]
                    message = {**message, "status": 304}
                message = {**message, "headers": [*kept, *added.items()]}
            elif unchanged:
                message = {**message, "body": b""}
            await send(message)

        await self.app(scope, receive, send_with_headers)


MIDDLEWARE = [Middleware(LastingFiles), Middleware(Headers), Middleware(Shell)]
