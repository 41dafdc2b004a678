"""Components of our own: one call registers `static/<name>/`, one call puts it on the page.

    component("trainbar")(key="playground.trainbar", data={"run": handle.id}, on_lost_change=start_again)

Streamlit sends a component's JavaScript again with every change of its data, so it gets a stub of
three lines; the code and the style sheets come from the static folder, once, by the browser's cache.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import streamlit as st

from dlviz.ui.components.lasting import STATIC, home

# The leading newline keeps Streamlit from taking the text for a file name.
STUB = """
const { load } = await import(new URL("%s/lib/load.js", document.baseURI).href);
export default await load("%s");
"""


@cache
def component(name: str) -> Any:
    """The renderer of `static/<name>/component.js`, registered once a process.

    Call it with `key`, `data` (a flat dict: `run` names the run, `session` the page's Session) and
    `on_<trigger>_change` for what the component may report. Raises FileNotFoundError when there is
    no such component, so that a misspelt name does not become an empty place on the page.
    """
    folder = STATIC / name
    for file in ("component.js", "component.css"):
        if not (folder / file).is_file():
            raise FileNotFoundError(f"The component {name!r} needs {folder.name}/{file} under dlviz/ui/static.")
    return st.components.v2.component(f"dlviz_{name}", html='<div class="dlviz"></div>', js=STUB % (home(), name))


def available() -> tuple[str, ...]:
    """The names of all components there are."""
    return tuple(sorted(file.parent.name for file in STATIC.glob("*/component.js")))
