"""View: what a figure function returns. A picture with the words that must go with it."""

from __future__ import annotations

from dataclasses import dataclass

from plotly.graph_objects import Figure


@dataclass(frozen=True)
class View:
    """A plotly figure, the text that replaces it for those who cannot see it, a caption, and its source.

    `alt` says what the picture shows in this very case, numbers included; `caption` says how to read
    it; `source` names the probe (and what it was given) that the numbers came from.
    """

    figure: Figure
    alt: str
    caption: str
    source: str
