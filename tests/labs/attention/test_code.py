"""The script that a reader takes home, run as a program of its own, prints the losses of the run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from dlviz.data.texts import ASSETS
from dlviz.labs.attention import masks
from dlviz.labs.attention.code import script
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec

SMALL: dict[str, Any] = {"examples": 300, "width": 12, "heads": 2, "feed_forward": 16, "length": 10}
DRAWN = masks.write(torch.rand(8, 8, generator=torch.Generator().manual_seed(1)) < 0.3)
SPECS = {
    "default": {"examples": 300},
    "text": {
        "task": "characters",
        "text": "python",
        "position": "rope",
        "dropout": 0.2,
        "batch_size": 64,
        "length": 40,
    },
    "brackets": {"task": "characters", "text": "brackets", "position": "alibi", "batch_size": 128},
    "reverse": {"task": "reverse", "position": "sinusoidal", "norm": "post", "optimizer": "momentum"},
    "neighbours": {"task": "neighbours", "mask": "drawn", "drawn": DRAWN, "norm": "none", "feed_forward": 0},
    "who": {"task": "who", "position": "none", "scaled": False},
    "digit_words": {"task": "digit_words", "dropout": 0.1},
    "dates": {"task": "dates", "layers": 1},
    "pig_latin": {"task": "pig_latin", "position": "rope", "heads": 3},
}
STEPS = 120


@pytest.fixture(scope="module", params=SPECS)
def printed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[AttentionSpec, list[str]]:
    spec = AttentionSpec(**{**SMALL, **SPECS[request.param]})
    folder = tmp_path_factory.mktemp("script")
    (folder / "run.py").write_text(script(spec, STEPS), encoding="utf-8")
    shutil.copy(Path(ASSETS) / "python.txt", folder)
    done = subprocess.run([sys.executable, "run.py"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return spec, done.stdout.splitlines()


def test_the_script_prints_the_losses_of_the_run(printed: tuple[AttentionSpec, list[str]]) -> None:
    spec, lines = printed
    events = AttentionRun(spec).advance(STEPS)
    expected = [" ".join(map(str, (e.step, e.values["train_loss"], e.values["validation_loss"]))) for e in events]
    assert len(expected) >= 2
    assert lines == expected
