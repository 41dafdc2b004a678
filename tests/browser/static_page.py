"""A blank page at an address of its own where the components' files lie, with no server behind it."""

from __future__ import annotations

import contextlib
import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STATIC = Path(__file__).parents[2] / "dlviz" / "ui" / "static"
ADDRESS = "http://static.test"


@contextlib.contextmanager
def static_page(browser: Any, **options: Any) -> Iterator[Any]:
    """A page whose `/lib/nn.js` is the project's; errors on the page fail the test that caused them."""
    page = browser.new_page(**options)
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    page.route(f"{ADDRESS}/**", _answer)
    page.goto(f"{ADDRESS}/")
    try:
        yield page
    finally:
        page.close()
    assert problems == []


def _answer(route: Any) -> None:
    path = route.request.url.removeprefix(ADDRESS).split("?")[0].lstrip("/")
    file = STATIC / path
    if path and file.is_file():
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "text/plain")
    elif path:
        route.fulfill(status=404, body="no such file")
    else:
        route.fulfill(body="<!doctype html><title>static</title><body></body>", content_type="text/html")
