"""A panel that is read when paused: a probe of this moment, drawn as a plotly figure."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from dlviz.core.errors import DlvizError
from dlviz.core.lab import Lab, Panel, load
from dlviz.core.trace import Trace
from dlviz.figures.palette import LIGHT, THEMES
from dlviz.training.engine import RunHandle
from dlviz.training.frames import Message

PROBE_SECONDS = 10.0


def show_figure(lab: Lab, panel: Panel, handle: RunHandle) -> None:
    """Probe the run as it stands, draw it, and offer to draw it anew."""
    # A button is enough to redraw: pressing it reruns the fragment this stands in.
    st.button("Draw this moment", key=f"{lab.slug}.{panel.slug}.again", icon=":material/refresh:")
    try:
        answer = handle.ask({"do": "probe", "panel": panel.slug, "options": {}}, timeout=PROBE_SECONDS)
    except DlvizError as problem:
        st.html(f"<p class='dlviz-note' role='status'>{html.escape(str(problem))}</p>")
        return
    theme = THEMES.get(st.context.theme.type or "light", LIGHT)
    view = load(panel.figure)(_trace(answer), theme=theme)
    st.plotly_chart(view.figure, key=f"{lab.slug}.{panel.slug}.figure", alt=view.alt,
                    config={"displaylogo": False})  # fmt: skip
    st.html(f"<p class='dlviz-figure-note'>At step {answer.step:,}. {html.escape(view.caption)}</p>")


def _trace(answer: Message) -> Trace:
    """The reply to a probe command as the Trace it came from."""
    numbers = answer.numbers
    found = {**answer.arrays, **{name: np.array(words) for name, words in numbers["texts"].items()}}
    arrays = {name: array for name, array in found.items() if not name.startswith("state/")}
    state = {name.removeprefix("state/"): array for name, array in found.items() if name.startswith("state/")}
    return Trace(arrays, {name: tuple(axes) for name, axes in numbers["dims"].items()}, numbers["units"], state)
