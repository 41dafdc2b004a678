"""The palette: one source for the page, plotly and the components, and readable for everybody."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlviz.figures.palette import THEMES, Theme

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"

# Colour vision deficiencies at full strength, on linear RGB (Machado, Oliveira and Fernandes 2009, table 1).
VISION = {
    "ordinary": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
# OKLab (Ottosson 2020): linear RGB to cone responses, and their cube roots to lightness and two colour axes.
CONES = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)  # fmt: skip
AXES = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)  # fmt: skip
APART = 0.08  # OKLab distance; 0.02 is just noticeable side by side
CLASSES_APART = 8  # as many as a lab may ask for

themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())


def linear(color: str) -> np.ndarray:
    channels = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def oklab(color: str, vision: np.ndarray = VISION["ordinary"]) -> np.ndarray:
    return AXES @ np.cbrt(np.clip(CONES @ np.clip(vision @ linear(color), 0, 1), 0, None))


def contrast(a: str, b: str) -> float:
    """WCAG 2 contrast ratio."""
    low, high = sorted(float(np.array([0.2126, 0.7152, 0.0722]) @ linear(c)) for c in (a, b))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    return tomllib.loads(CONFIG.read_text())


@pytest.mark.parametrize("name", THEMES)
def test_config_says_what_the_palette_says(config: dict[str, Any], name: str) -> None:
    theme, said = THEMES[name], config["theme"][name]
    assert said["primaryColor"] == theme.accent
    assert said["backgroundColor"] == theme.paper
    assert said["secondaryBackgroundColor"] == theme.panel
    assert said["textColor"] == theme.ink
    assert said["borderColor"] == theme.line
    assert tuple(said["chartCategoricalColors"]) == theme.categorical
    assert tuple(said["chartSequentialColors"]) == theme.sequential
    assert tuple(said["chartDivergingColors"]) == theme.diverging


def test_config_keeps_the_page_quick_and_quiet(config: dict[str, Any]) -> None:
    assert config["runner"]["postScriptGC"] is False
    assert config["server"] == {"enableStaticServing": True, "fileWatcherType": "none", "maxUploadSize": 5}
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["toolbarMode"] == "minimal"
    assert config["global"]["disableWidgetStateDuplicationWarning"] is True


@themes
def test_ten_of_each_as_plotly_and_streamlit_ask_for(theme: Theme) -> None:
    assert len(theme.categorical) >= 10
    assert len(theme.sequential) == len(theme.diverging) == 10


@themes
@pytest.mark.parametrize("vision", VISION.values(), ids=VISION.keys())
def test_classes_stay_apart_for_everybody(theme: Theme, vision: np.ndarray) -> None:
    seen = [oklab(color, vision) for color in theme.categorical[:CLASSES_APART]]
    distances = [float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2)]
    assert min(distances) >= APART


@themes
def test_scales_fade_into_paper(theme: Theme) -> None:
    paper = float(oklab(theme.paper)[0])
    away = [abs(float(oklab(color)[0]) - paper) for color in theme.diverging]
    assert away[:5] == sorted(away[:5], reverse=True)
    assert away[5:] == sorted(away[5:])
    steps = [abs(float(oklab(color)[0]) - paper) for color in theme.sequential]
    assert steps == sorted(steps)
    assert steps[0] < 0.06
    assert dict(theme.diverging_scale())[0.5] == theme.paper


@themes
def test_sign_is_orange_and_blue(theme: Theme) -> None:
    red, _, blue = linear(theme.negative)
    assert red > 3 * blue
    red, _, blue = linear(theme.positive)
    assert blue > 3 * red
    assert theme.negative == theme.categorical[0]
    assert theme.positive == theme.categorical[1]


@themes
def test_words_can_be_read(theme: Theme) -> None:
    assert contrast(theme.ink, theme.paper) >= 12
    assert contrast(theme.ink, theme.panel) >= 10
    assert contrast(theme.accent, theme.paper) >= 4.5
