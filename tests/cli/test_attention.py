"""`dlviz probe attention heads --text …`: every head at a sequence of one's own, as data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dlviz.__main__ import main
from dlviz.core.trace import Trace

Capture = pytest.CaptureFixture[str]
SMALL = ("--steps", "2", "--set", "width=8", "--set", "heads=2", "--set", "examples=60", "--set", "layers=1")


def probe(tmp_path: Path, *words: str) -> tuple[int, Path]:
    out = tmp_path / "heads.npz"
    try:
        return main(["probe", "attention", "heads", *SMALL, *words, "--out", str(out)]), out
    except SystemExit as left:
        return int(left.code or 0), out


def test_the_heads_at_a_text_are_those_of_the_weights_beside_them(tmp_path: Path) -> None:
    """Queries, keys, weights and output of the only layer, by numpy, from the parameters in the same file."""
    code, out = probe(tmp_path, "--text", "abcabc", "--set", "norm=none")
    assert code == 0
    trace = Trace.load(out)
    letters = [str(letter) for letter in trace.state["vocabulary"]]
    assert "".join(letters[i] for i in trace["tokens"]) == "abcab"  # what follows the last but one is the last answer
    state = {
        name.removeprefix("core."): value.astype(np.float64) for name, value in trace.state.items() if "core." in name
    }
    x = state["embedding.weight"][trace["tokens"]] + state["positions.weight"][:5]
    np.testing.assert_allclose(trace["embedded"], x, atol=1e-6)
    part = {name.removeprefix("blocks.0.attention.part."): value for name, value in state.items() if ".part." in name}
    query, key, value = (
        (x @ part[f"{name}.weight"].T + part[f"{name}.bias"]).reshape(5, 2, 4).transpose(1, 0, 2)
        for name in ("query", "key", "value")
    )
    np.testing.assert_allclose(trace["query"][0], query, atol=1e-6)
    scores = query @ key.transpose(0, 2, 1) / 2
    np.testing.assert_allclose(trace["scores"][0], scores, atol=1e-6)
    scores[:, np.triu(np.ones((5, 5), bool), 1)] = -np.inf
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    np.testing.assert_allclose(trace["weights"][0], weights, atol=1e-6)
    joined = (weights @ value).transpose(1, 0, 2).reshape(5, 8)
    np.testing.assert_allclose(trace["output"][0], joined @ part["out.weight"].T + part["out.bias"], atol=1e-6)


def test_ten_thousand_letters_are_cut_to_what_the_network_reads(tmp_path: Path) -> None:
    code, out = probe(tmp_path, "--text", "ab" * 5_000)
    assert code == 0
    trace = Trace.load(out)
    assert len(trace["tokens"]) == 64
    assert trace.state["given"] == 10_000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--text", ""), "must have some characters. Got 'none'"),
        (("--text", "a<b>"), "must be made of characters that the network has learned. Got '< >'"),
        (("--set", "heads=3"), "must divide the width 8 into equal parts. Got 3. Try 1 or 2 or 4 or 8."),
        (("--set", "mask=drawn"), "needs a mask that somebody has drawn"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_line(
    tmp_path: Path, capsys: Capture, words: tuple[str, ...], said: str
) -> None:
    code, out = probe(tmp_path, *words)
    assert code != 0
    error = capsys.readouterr().err.strip()
    assert said in error
    assert "\n" not in error
    assert not out.exists()
