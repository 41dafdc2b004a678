"""The empty figure that every picture starts from: transparent, quiet, in the words of one theme."""

from __future__ import annotations

from typing import Any

from plotly.graph_objects import Figure

from dlviz.figures.palette import Theme


def quiet(theme: Theme, height: int, **layout: Any) -> Figure:
    """An empty figure `height` pixels high with no paper of its own, so that the page shows through."""
    clear = "rgba(0,0,0,0)"
    figure = Figure()
    figure.update_layout(
        height=height,
        paper_bgcolor=clear,
        plot_bgcolor=clear,
        font={"color": theme.ink, "size": 13},
        colorway=list(theme.categorical),
        margin={"l": 48, "r": 16, "t": 32, "b": 44},
        hoverlabel={"font": {"size": 13}},
        **layout,
    )
    return figure


def axis(theme: Theme, title: str = "", **settings: Any) -> dict[str, Any]:
    """An axis with a thin grid and its title with the unit."""
    plain = {"title": {"text": title}, "gridcolor": theme.line, "linecolor": theme.line, "zeroline": False}
    return {**plain, **settings}
