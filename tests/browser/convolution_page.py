"""The Convolution lab in the real app: opening it with settings, and asking its stage what it shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.stage === 'convolution')"
READY = f"() => {STAGE}?.dlviz.ready === true"


def link(app: str, **settings: Any) -> str:
    """The address of the lab with these settings; lists are joined with commas as a kernel's names are."""
    joined = {k: ",".join(map(str, v)) if isinstance(v, list | tuple) else v for k, v in settings.items()}
    query = "&".join(f"convolution.{name}={quote(str(value), safe=',')}" for name, value in joined.items())
    return f"{app}/convolution?{query}"


def open_lab(page: Any, app: str, **settings: Any) -> Any:
    """Go to the lab and wait until its stage shows the picture and the answer. Returns the page.

    `kernel=["average", "gaussian"]`, `panel="Channels"`; numbers of `weights` and `bias` as the link has
    them: `weights="1_0_-1"`.
    """
    page.goto(link(app, **settings))
    page.wait_for_function(READY)
    return page


def stage(page: Any, name: str, *given: Any) -> Any:
    """What the stage's `host.dlviz[name](...given)` answers."""
    return page.evaluate(f"([name, given]) => {STAGE}.dlviz[name](...given)", [name, list(given)])


def wait_for_stage(page: Any, condition: str, arg: Any = None) -> None:
    """Wait until a JavaScript expression of `dlviz` (the stage's view for tests) and `arg` holds."""
    page.wait_for_function(f"(arg) => {{ const dlviz = {STAGE}.dlviz; return {condition}; }}", arg=arg)
