"""Static files that a browser may keep for good, because their address names their content.

A page asks for some eighty small modules. Under `/app/static/v-<stamp>/…` the same files are served
as under `/app/static/…`, marked as never changing; another version of any of them has another stamp.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = Path(__file__).parents[1] / "static"
STAMPED = re.compile(r"(/app/static)/v-[0-9a-f]{12}(/.*)")
IMPORTED = re.compile(r'^(?:import|export)[^;]*?"(\.[^"]+\.js)";', re.MULTILINE)
FOREVER = b"public, max-age=31536000, immutable"


@cache
def stamp() -> str:
    """The folder in a stamped address, such as `v-3f29a1c04b77`: a digest of every static file."""
    digest = hashlib.sha256()
    for file in sorted(STATIC.rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(STATIC)).encode() + b"\0" + file.read_bytes())
    return f"v-{digest.hexdigest()[:12]}"


def home() -> str:
    """Where a page finds the static files: stamped in the app, plain where Streamlit runs the page alone."""
    return f"app/static/{stamp()}" if LastingFiles.serving else "app/static"


class LastingFiles:
    """Serves stamped addresses from the plain ones. Only the current stamp lasts; for others nothing is promised."""

    serving = False

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        LastingFiles.serving = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not STAMPED.search(path):
            await self.app(scope, receive, send)
            return
        lasts = f"/{stamp()}/" in path

        async def send_lasting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200 and lasts:
                kept = [(name, value) for name, value in message["headers"] if name.lower() != b"cache-control"]
                message = {**message, "headers": [*kept, (b"cache-control", FOREVER)]}
            await send(message)

        plain = STAMPED.sub(r"\1\2", path)
        await self.app({**scope, "path": plain, "raw_path": plain.encode()}, receive, send_lasting)


@cache
def preloads(base: str, components: tuple[str, ...]) -> str:
    """Lines for the head of the page that fetch its modules while Streamlit's own code starts.

    `base` is the path that the app lives under, with a slash at its end. A page asks for its modules
    only when Streamlit has started, each after the one that names it; by then they are here.
    """
    found: dict[str, None] = {}
    for module in ("lib/load.js", *(f"{name}/component.js" for name in components)):
        _follow(module, found)
    prefix = f"{base}app/static/{stamp()}"
    return "".join(f'<link rel="modulepreload" fetchpriority="low" href="{prefix}/{module}">' for module in found)


def _follow(module: str, found: dict[str, None]) -> None:
    """Add a module and all that it imports."""
    file = STATIC / module
    if module in found or not file.is_file():
        return
    found[module] = None
    for named in IMPORTED.findall(file.read_text(encoding="utf-8")):
        _follow((file.parent / named).resolve().relative_to(STATIC.resolve()).as_posix(), found)
