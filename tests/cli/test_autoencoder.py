"""`dlviz probe autoencoder …`: what is said with --set goes to the lab or to the panel, whichever knows it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dlviz.__main__ import main
from dlviz.core.trace import Trace

Capture = pytest.CaptureFixture[str]
SMALL = ("--steps", "3", "--set", "dataset=digits", "--set", "hidden=12", "--set", "latent=3")


def interpolate(tmp_path: Path, *words: str) -> tuple[int, Path]:
    out = tmp_path / "way.npz"
    return main(["probe", "autoencoder", "interpolate", *SMALL, *words, "--out", str(out)]), out


def test_an_option_of_the_panel_may_be_said_either_way(tmp_path: Path) -> None:
    code, out = interpolate(tmp_path, "--set", "a=3", "--set", "b=8", "--set", "steps=5", "--set", "way=spherical")
    assert code == 0
    by_set = Trace.load(out)
    assert by_set["index"].tolist() == [3, 8]
    assert by_set["path"].shape == (5, 3)
    code, out = interpolate(tmp_path, *(w for x in ("a=3", "b=8", "steps=5", "way=spherical") for w in ("--option", x)))
    by_option = Trace.load(out)
    assert code == 0
    assert by_set.arrays.keys() == by_option.arrays.keys()
    for name, array in by_set.arrays.items():
        np.testing.assert_array_equal(array, by_option[name])


def test_the_strip_is_decoded_by_numpy_from_the_weights_in_the_same_file(tmp_path: Path) -> None:
    _, out = interpolate(tmp_path, "--set", "a=3", "--set", "b=8", "--set", "steps=4")
    trace = Trace.load(out)
    state = trace.state
    hidden = np.tanh(trace["path"] @ state["decoder.linear1.weight"].T + state["decoder.linear1.bias"])
    decoded = 1 / (1 + np.exp(-(hidden @ state["decoder.output.weight"].T + state["decoder.output.bias"])))
    np.testing.assert_allclose(trace["strip"].reshape(4, -1), decoded, atol=1e-6)
    share = np.linspace(0, 1, 4)[:, None, None, None]
    a, b = trace["inputs"]
    np.testing.assert_allclose(trace["cross_fade"], (1 - share) * a + share * b, atol=1e-6)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (
            ("--set", "c_=3"),
            "or an option of the panel interpolate (a, b, steps, way, c, label, parameters). Got 'c_'.",
        ),
        (("--set", "c_=3"), "--set must name a setting (dataset, examples, "),
        (("--set", "a=1000000"), "interpolate.a must be a whole number in [0, "),
        (("--set", "steps=1"), "interpolate.steps must be a whole number in [2, 30]. Got 1. Try 2."),
        (("--set", "way=curved"), "interpolate.way must be one of linear, spherical. Got 'curved'. Try linear."),
        (("--option", "latent=3"), "The panel interpolate has the options a, b, steps"),
    ],
)
def test_what_is_neither_or_cannot_be_is_refused_in_one_line(
    tmp_path: Path, capsys: Capture, words: tuple[str, ...], wanted: str
) -> None:
    code, out = interpolate(tmp_path, *words)
    said = capsys.readouterr().err.strip()
    assert code != 0
    assert wanted in said
    assert "\n" not in said
    assert not out.exists()
