"""The one palette, for plotly and for the components alike; .streamlit/config.toml is held equal to it by a test.

Orange is negative and class 0, blue is positive and class 1, paper is zero: every picture of a signed
quantity fades into the page where nothing happens. The accent belongs to controls and never to data.
Ten class colours that stay apart for people who do not see red or green (tests/figures/test_palette.py
measures it). Reasons in docs/look.md.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """All colours of one theme as `#rrggbb`. `categorical`, `sequential`, `diverging`: ten each."""

    paper: str
    panel: str
    ink: str
    line: str
    accent: str
    categorical: tuple[str, ...]
    sequential: tuple[str, ...]
    diverging: tuple[str, ...]

    @property
    def negative(self) -> str:
        return self.categorical[0]

    @property
    def positive(self) -> str:
        return self.categorical[1]

    def diverging_scale(self) -> list[tuple[float, str]]:
        """Plotly's colour scale for [-1, 1], with paper at exactly zero; use it with `zmid=0`."""
        stops = [(i / 9, color) for i, color in enumerate(self.diverging)]
        return [*stops[:5], (0.5, self.paper), *stops[5:]]

    def sequential_scale(self) -> list[tuple[float, str]]:
        """Plotly's colour scale for [0, 1], from paper to the full colour."""
        return [(i / 9, color) for i, color in enumerate(self.sequential)]


LIGHT = Theme(
    paper="#fdfdfb",
    panel="#f4f3ee",
    ink="#1f2328",
    line="#e2e0d8",
    accent="#0b7a6f",
    categorical=(
        "#e8811a", "#1f6fb5", "#17b98a", "#7a1257", "#d3bc2e",
        "#7cc9f7", "#b8484a", "#48289f", "#71471f", "#868c93",
    ),
    sequential=(
        "#f4f6f7", "#dfe8ef", "#c6d8e7", "#a9c6de", "#8ab2d4",
        "#6a9dc9", "#4a87bd", "#2f71aa", "#1e5a8e", "#12436d",
    ),
    diverging=(
        "#b95e08", "#e8811a", "#f2a455", "#f8c794", "#fce8d2",
        "#dbe8f2", "#a5c7e2", "#659fcd", "#1f6fb5", "#114f88",
    ),
)  # fmt: skip

DARK = Theme(
    paper="#14171b",
    panel="#1d2126",
    ink="#e9e7e2",
    line="#343a42",
    accent="#4ec4b4",
    categorical=(
        "#f39a3d", "#4f9fe0", "#74efbe", "#b03372", "#f2dc3a",
        "#1478a6", "#f0606c", "#8c63e3", "#94601c", "#b3b9c0",
    ),
    sequential=(
        "#1b2027", "#1c2b3a", "#1d384f", "#1f4767", "#245880",
        "#2c6a9b", "#3a7eb6", "#5596ce", "#7db2e0", "#aed0ef",
    ),
    diverging=(
        "#ffb560", "#f0933a", "#c06f23", "#824c1c", "#422e1d",
        "#1c3044", "#22527c", "#2f77b4", "#4f9fe0", "#8cc5f5",
    ),
)  # fmt: skip

THEMES = {"light": LIGHT, "dark": DARK}
