"""The HTML shell of the app, told where its server is.

On a deep link such as `/playground` Streamlit's browser code cannot know whether `playground` is a page
or a base path, so it asks for both and one of the two answers is an error in the console and a lost round
trip. The server knows; one line in the shell saves the guess.
"""

from __future__ import annotations

import json

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from dlviz.core.lab import discover
from dlviz.ui.components.lasting import preloads

# What no longer describes the answer once it has a line more; without a date it is never taken for unchanged.
REPLACED = (b"content-length", b"etag", b"last-modified")


class Shell:
    """Puts the address of the server into each HTML answer, right after `<head>`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Compressed it could not be read here; the shell is small, and all that is heavy comes by other requests.
        if b"text/html" in dict(scope["headers"]).get(b"accept", b""):
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        start: Message | None = None
        body = b""

        async def send_completed(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                if not _is_page(message):
                    await send(message)
            elif start is None or not _is_page(start):
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    completed = body.replace(b"<head>", b"<head>" + _lines(scope["path"]).encode(), 1)
                    headers = [pair for pair in start["headers"] if pair[0].lower() not in REPLACED]
                    length = (b"content-length", str(len(completed)).encode())
                    await send({**start, "headers": [*headers, length]})
                    await send({"type": "http.response.body", "body": completed})

        await self.app(scope, receive, send_completed)


def _is_page(start: Message) -> bool:
    headers = dict(start["headers"])
    plain = b"content-encoding" not in headers
    return start["status"] == 200 and plain and headers.get(b"content-type", b"").startswith(b"text/html")


def _lines(path: str) -> str:
    base = str(config.get_option("server.baseUrlPath")).strip("/")
    address = f"/{base}/" if base else "/"
    line = f"<script>window.__streamlit={{BACKEND_BASE_URL:location.origin+{json.dumps(address)}}}</script>"
    return line + preloads(address, opening_components(path.strip("/").rpartition("/")[2]))


def opening_components(slug: str) -> tuple[str, ...]:
    """The components that a page shows first: those of `ui.page` for a lab, else those of the home page."""
    lab = discover()[0].get(slug)
    if lab is None:
        return ("thumbnails",)
    panels = [panel.component for panel in lab.panels if panel.component]
    timeline = () if lab.training else ("timeline",)
    return ("trainbar", *timeline, "story", "presets", lab.stage, "relay", *panels[:1])
