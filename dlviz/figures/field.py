"""Fields over the plane: a number for every place, flat or as a landscape, and the points in it."""

from __future__ import annotations

from typing import Any

import numpy as np
from plotly.graph_objects import Figure, Heatmap, Scatter3d, Surface

from dlviz.figures.layout import axis, bare, quiet
from dlviz.figures.palette import LIGHT, Theme

ROW_HEIGHT = 108
FEWEST_COLUMNS = 8  # so that the maps of a narrow network are no larger than those of a wide one


PLACE = "x₁ %{x:.2f}, x₂ %{y:.2f}<br>%{z:.3f}"


def heatmap(
    x1: np.ndarray, x2: np.ndarray, z: np.ndarray, limit: float, theme: Theme = LIGHT, **settings: Any
) -> Heatmap:
    """A signed field (height, width) on the diverging scale from -limit to limit, paper at zero."""
    return Heatmap(
        x=x1, y=x2, z=z, zmin=-limit, zmid=0, zmax=limit, colorscale=theme.diverging_scale(), zsmooth="best",
        hovertemplate=PLACE + "<extra></extra>", **settings,
    )  # fmt: skip


def grid(x1: np.ndarray, x2: np.ndarray, rows: list[tuple[str, np.ndarray, float]], theme: Theme = LIGHT) -> Figure:
    """Maps of units, one row a layer: each row is (title, fields (unit, height, width), limit of its colours)."""
    columns = max(fields.shape[0] for _, fields, _ in rows)
    figure = quiet(theme, ROW_HEIGHT * len(rows), showlegend=False)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})
    gap, left = 0.012, 0.12
    wide, high = (1 - left) / max(columns, FEWEST_COLUMNS), 1 / len(rows)
    frame = {"linecolor": theme.line, "constrain": "domain"}
    for i, (title, fields, limit) in enumerate(rows):
        top = 1 - i * high
        corner = {"x": 0, "y": top, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "top"}
        figure.add_annotation(text=title, showarrow=False, align="left", **corner)
        for j, field in enumerate(fields):
            n = i * columns + j + 1
            start = left + j * wide
            name = "" if n == 1 else str(n)
            figure.update_layout({
                f"xaxis{name}": bare(domain=[start, start + wide - gap], anchor=f"y{name}",
                                     constraintoward="left", **frame),
                f"yaxis{name}": bare(domain=[top - 0.9 * high, top], anchor=f"x{name}", scaleanchor=f"x{name}",
                                     constraintoward="top", **frame),
            })  # fmt: skip
            axes = {"xaxis": f"x{name}", "yaxis": f"y{name}"}
            figure.add_trace(heatmap(x1, x2, field, limit, theme, showscale=False, **axes))
    return figure


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
    figure = quiet(theme, 520, showlegend=False)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 8, "b": 8})
    plain = {"backgroundcolor": "rgba(0,0,0,0)", "showspikes": False}
    figure.update_layout(scene={
        "xaxis": axis(theme, "x₁", **plain), "yaxis": axis(theme, "x₂", **plain), "zaxis": axis(theme, title, **plain),
        "aspectratio": {"x": 1, "y": 1, "z": 0.55}, "camera": {"eye": {"x": 1.2, "y": -1.5, "z": 0.85}},
    })  # fmt: skip
    bar = {"title": {"text": title}, "thickness": 12, "len": 0.6, "outlinewidth": 0}
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
