"""A blank page with the modules of the gates panel: `passJs`, `spanJs` and so on, `made(given)`, `sceneOf(given)`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from tests.browser.static_page import static_page
from tests.browser.test_recurrent_js import MADE

NAMES = "pass span ranking properties holding rows".split()
# What JavaScript is given of a run, as the page has it.
SCENE = """(given) => ({numbers: given.scene, arrays: Object.fromEntries(Object.entries(given.arrays).map(
  ([name, {shape, data}]) => [name, {shape, data: name === "values" ? Float32Array.from(data) : data}]))})"""


@contextlib.contextmanager
def gates_page(chromium: Any) -> Iterator[Any]:
    """The page, open until the block ends."""
    with static_page(chromium) as opened:
        opened.evaluate("async () => { window.recurrent = await import('/lib/recurrent.js'); }")
        for name in NAMES:
            opened.evaluate(f"async () => {{ window.{name}Js = await import('/gates/{name}.js'); }}")
        opened.evaluate(f"() => {{ window.made = {MADE}; window.sceneOf = {SCENE}; }}")
        yield opened
