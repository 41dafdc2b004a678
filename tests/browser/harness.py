"""A page for components without the app: mount.html, the static files, and runs that answer as the real ones do.

`python -m tests.browser.harness 8123` serves it by hand: open
`http://127.0.0.1:8123/mount.html?mount=trainbar&mount=timeline&theme=dark&run=fake`.
Any run id beginning with `gone` is closed with 4404; one beginning with `blocked` never opens.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from dlviz.figures.palette import THEMES, Theme
from tests.browser.fake_run import FakeRun

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "dlviz" / "ui" / "static"
BLOCKED = 4.0  # seconds that a blocked socket hangs: longer than a page waits
TICK = 0.03  # seconds between two frames of a playing run


def theme_css() -> str:
    """The variables that Streamlit sets on a component's host, for both themes."""
    return "\n".join(f':root[data-theme="{name}"] {{ {_variables(theme)} }}' for name, theme in THEMES.items())


def _variables(theme: Theme) -> str:
    return "; ".join(
        f"--st-{name}: {value}"
        for name, value in {
            "background-color": theme.paper,
            "secondary-background-color": theme.panel,
            "text-color": theme.ink,
            "border-color": theme.line,
            "primary-color": theme.accent,
            "orange-text-color": theme.diverging[0],
            "font": '"Source Sans", "Liberation Sans", sans-serif',
            "heading-font": '"Source Serif", "Liberation Serif", serif',
            "code-font": '"Source Code Pro", "Liberation Mono", monospace',
            "chart-categorical-colors": ",".join(theme.categorical),
            "chart-sequential-colors": ",".join(theme.sequential),
            "chart-diverging-colors": ",".join(theme.diverging),
        }.items()
    )


class Harness:
    """Runs by id (made on first use), and every command they heard, for tests to look at."""

    def __init__(self) -> None:
        self.runs: dict[str, FakeRun] = {}
        self.sockets: dict[str, list[WebSocket]] = {}
        self.loop: asyncio.AbstractEventLoop | None = None

    def run(self, name: str) -> FakeRun:
        return self.runs.setdefault(name, FakeRun(name, self.runs))

    def commands(self, name: str, do: str) -> list[dict[str, Any]]:
        return [command for command in self.run(name).heard if command["do"] == do]

    def cut(self, name: str, code: int = 1011) -> None:
        """Close every socket of a run, as a broken network does."""
        assert self.loop is not None
        for socket in self.sockets.get(name, []):
            asyncio.run_coroutine_threadsafe(socket.close(code), self.loop).result(5)

    async def live(self, socket: WebSocket) -> None:
        name = socket.path_params["run"]
        self.loop = asyncio.get_running_loop()
        if name.startswith("blocked"):
            await asyncio.sleep(BLOCKED)
            return
        await socket.accept()
        if name.startswith("gone"):
            await socket.close(4404)
            return
        run = self.run(name)
        self.sockets.setdefault(name, []).append(socket)
        ticking = asyncio.create_task(self._tick(run, socket))
        with contextlib.suppress(WebSocketDisconnect):  # a page goes when it likes
            for message in run.opening():
                await socket.send_bytes(message)
            while True:
                for message in run.answer(await socket.receive_json()):
                    await socket.send_bytes(message)
        ticking.cancel()
        self.sockets[name].remove(socket)

    async def _tick(self, run: FakeRun, socket: WebSocket) -> None:
        while True:
            await asyncio.sleep(TICK)
            for message in run.tick(TICK):
                with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # closed under our hands
                    await socket.send_bytes(message)


def application(harness: Harness) -> Starlette:
    async def css(request: Request) -> Response:
        return Response(theme_css(), media_type="text/css")

    async def page(request: Request) -> Response:
        return FileResponse(HERE / "mount.html", headers={"Cache-Control": "no-store"})

    return Starlette(
        routes=[
            Route("/mount.html", page),
            Route("/theme.css", css),
            WebSocketRoute("/api/live/{run}", harness.live),
            Mount("/app/static", StaticFiles(directory=STATIC)),
        ]
    )


@contextlib.contextmanager
def serving(port: int) -> Iterator[Harness]:
    """The harness on that port, in a thread of this process."""
    harness = Harness()
    server = uvicorn.Server(uvicorn.Config(application(harness), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        if time.monotonic() > deadline:
            raise RuntimeError(f"The harness did not start on port {port}.")
        time.sleep(0.01)
    try:
        yield harness
    finally:
        server.should_exit = True
        thread.join(10)


if __name__ == "__main__":
    uvicorn.run(application(Harness()), port=int(sys.argv[1]) if len(sys.argv) > 1 else 8123, log_level="warning")
