"""`dlviz probe recurrent gates --text …`: every gate at a text of one's own, as data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dlviz.__main__ import main
from dlviz.core.trace import Trace

Capture = pytest.CaptureFixture[str]
SMALL = ("--steps", "2", "--set", "hidden_size=5", "--set", "embedding_size=3")


def probe(tmp_path: Path, *words: str) -> tuple[int, Path]:
    out = tmp_path / "gates.npz"
    try:
        return main(["probe", "recurrent", "gates", *SMALL, *words, "--out", str(out)]), out
    except SystemExit as left:
        return int(left.code or 0), out


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x.astype(np.float64)))


def test_the_gates_at_a_text_are_those_of_the_weights_beside_them(tmp_path: Path) -> None:
    """The forget gate and the cell of every step, by numpy, from the parameters in the same file."""
    text = "if x <= 305:"
    code, out = probe(tmp_path, "--set", "cell=lstm", "--text", text)
    assert code == 0
    trace = Trace.load(out)
    letters = [str(letter) for letter in trace.state["vocabulary"]]
    tokens = trace["tokens"]
    assert "".join(letters[i] for i in tokens) == text[:-1]  # what follows the last but one is the last answer
    state = trace.state
    x = state["embedding.weight"][tokens]
    h = c = np.zeros(5)
    for t in range(len(tokens)):
        sums = (
            state["core.weight_ih_l0"] @ x[t] + state["core.bias_ih_l0"]
            + state["core.weight_hh_l0"] @ h + state["core.bias_hh_l0"]
        )  # fmt: skip
        i, f, g, o = sums.reshape(4, 5)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        np.testing.assert_allclose(trace["forget_gate"][0, 0, t], sigmoid(f), atol=1e-6)
        np.testing.assert_allclose(trace["cell"][0, 0, t], c, atol=1e-6)
    np.testing.assert_allclose(trace["logits"][-1], state["head.weight"] @ h + state["head.bias"], atol=1e-5)


def test_a_text_of_digits_is_a_text(tmp_path: Path) -> None:
    code, out = probe(tmp_path, "--text", "305")
    assert code == 0
    trace = Trace.load(out)
    assert [str(trace.state["vocabulary"][i]) for i in trace["tokens"]] == ["3", "0"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--text", "a¤b"), "must be made of characters that the network has learned. Got '¤'"),
        (("--text", ""), "must have some characters"),
        (("--text", "a" * 401), "must have at most 400 characters. Got"),
        (("--set", "task=weather", "--text", "warm"), "goes only with tasks that read letters or words"),
        (("--kernel", "k.npy"), "The panel gates takes no --kernel"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused(
    capsys: Capture, tmp_path: Path, words: tuple[str, ...], complaint: str
) -> None:
    code, out = probe(tmp_path, *words)
    said = capsys.readouterr().err
    assert code == 2
    assert complaint in said
    assert said.count("\n") == 1
    assert not out.exists()


def test_a_panel_without_letters_takes_no_text(capsys: Capture, tmp_path: Path) -> None:
    out = tmp_path / "maps.npz"
    assert main(["probe", "playground", "maps", "--steps", "1", "--text", "a", "--out", str(out)]) == 2
    assert "The panel maps takes no --text" in capsys.readouterr().err
