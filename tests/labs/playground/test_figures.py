"""Figures show the numbers of their trace, and say them in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlviz.core.errors import InvalidInput
from dlviz.figures.palette import DARK, LIGHT
from dlviz.labs.playground import figures, probe
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec


def trained(**changes: Any) -> PlaygroundRun:
    run = PlaygroundRun(PlaygroundSpec(**changes))
    run.advance(40)
    return run


def test_the_surface_of_two_classes_is_the_difference_of_their_probabilities() -> None:
    run = trained()
    trace = probe.surface(run, resolution=12)
    landscape, points = figures.surface(trace).figure.data
    np.testing.assert_allclose(landscape.z, trace["output"][1] - trace["output"][0])
    assert (landscape.cmin, landscape.cmax) == (-1, 1)
    assert len(points.x) == len(run.points.train_x)
    assert set(points.z) == {-1, 1}
    assert (np.array(points.z) == run.points.train_y.numpy() * 2 - 1).all()
    assert "250 training points" in figures.surface(trace).alt


def test_the_surface_of_many_classes_has_the_colour_of_the_likeliest() -> None:
    trace = probe.surface(trained(dataset="blobs", classes=5), resolution=12)
    landscape, points = figures.surface(trace).figure.data
    np.testing.assert_allclose(landscape.z, trace["output"].max(0))
    np.testing.assert_array_equal(landscape.surfacecolor, trace["output"].argmax(0))
    scale = [(edge, color) for edge, color in landscape.colorscale]
    for k in range(5):  # the value k lies in the middle of its step
        at = (k - landscape.cmin) / (landscape.cmax - landscape.cmin)
        below, above = [color for edge, color in scale if edge < at], [color for edge, color in scale if edge > at]
        assert below[-1] == above[0] == LIGHT.categorical[k]
    assert points.marker.color[0] == LIGHT.categorical[int(trace["train_targets"][0])]


def test_both_themes_are_drawn_on_the_page_itself() -> None:
    trace = probe.surface(trained())
    for theme, other in ((LIGHT, DARK), (DARK, LIGHT)):
        figure = figures.surface(trace, theme=theme).figure
        assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
        text = figure.to_json()
        assert theme.ink in text
        assert other.ink not in text


def test_a_trace_at_points_cannot_be_drawn_over_the_plane() -> None:
    trace = probe.surface(trained(), input=[[0, 0]])
    with pytest.raises(InvalidInput, match="over the plane"):
        figures.surface(trace)
