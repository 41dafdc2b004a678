"""A field over the plane, a number for every place, as a landscape with the points in it."""

from __future__ import annotations

import numpy as np
from plotly.graph_objects import Figure, Scatter3d, Surface

from dlviz.figures.layout import axis, quiet
from dlviz.figures.palette import LIGHT, Theme

PLACE = "x₁ %{x:.2f}, x₂ %{y:.2f}<br>%{z:.3f}"


def landscape(
    x1: np.ndarray,
    x2: np.ndarray,
    z: np.ndarray,
    title: str,
    scale: list[tuple[float, str]],
    limits: tuple[float, float],
    color: np.ndarray | None = None,
    theme: Theme = LIGHT,
    showscale: bool = True,
) -> Figure:
    """A surface over the plane, `z` (height, width); `color` of the same shape if it is not the height."""
    figure = quiet(theme, 560, showlegend=False)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 64})
    plain = {"backgroundcolor": "rgba(0,0,0,0)", "showspikes": False}
    figure.update_layout(scene={
        "xaxis": axis(theme, "x₁", **plain), "yaxis": axis(theme, "x₂", **plain), "zaxis": axis(theme, "", **plain),
        "aspectratio": {"x": 1, "y": 1, "z": 0.5}, "camera": {"eye": {"x": 0.85, "y": -1.2, "z": 0.7}},
    })  # fmt: skip
    # Under the landscape, where a narrow screen has room for it too.
    bar = {"title": {"text": title, "side": "top"}, "orientation": "h", "x": 0.5, "y": 0, "yanchor": "top",
           "thickness": 10, "len": 0.5, "outlinewidth": 0}  # fmt: skip
    figure.add_trace(Surface(
        x=x1, y=x2, z=z, surfacecolor=z if color is None else color, colorscale=scale, cmin=limits[0], cmax=limits[1],
        opacity=0.92, colorbar=bar, showscale=showscale, hovertemplate=PLACE + "<extra></extra>",
    ))  # fmt: skip
    return figure


def add_points(figure: Figure, x: np.ndarray, heights: np.ndarray, colors: list[str], theme: Theme, name: str) -> None:
    """Points (n, 2) at their heights in a landscape, each in its colour with a rim of paper."""
    marker = {"size": 3.5, "color": colors, "line": {"color": theme.paper, "width": 1}}
    figure.add_trace(
        Scatter3d(x=x[:, 0], y=x[:, 1], z=heights, mode="markers", marker=marker, name=name,
                  hovertemplate="x₁ %{x:.2f}, x₂ %{y:.2f}<br>%{z:.2f}<extra>" + name + "</extra>")
    )  # fmt: skip
