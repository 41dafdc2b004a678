"""The script that a reader takes home, run as a program of its own, prints the losses of the run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dlviz.labs.autoencoder.code import script
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec

SPECS: dict[str, dict[str, Any]] = {
    "default": {"examples": 300},
    "beta": {"dataset": "digits", "beta": 4.0, "warmup": 80, "latent": 5, "activation": "relu", "leave_out": "3"},
    "conditional": {"dataset": "digits", "kind": "conditional", "batch_size": 100, "optimizer": "momentum",
                    "learning_rate": 0.0001},
    "denoising": {"dataset": "digits", "kind": "denoising", "noise_kind": "salt_pepper", "network": "convolutional",
                  "channels": (4, 6)},
    "sparse": {"dataset": "faces", "kind": "sparse", "latent": 20, "hidden": (40,), "batch_size": 20},
    "linear": {"dataset": "sprites", "examples": 200, "kind": "plain", "activation": "linear", "hidden": (),
               "likelihood": "gaussian", "latent": 4, "optimizer": "sgd", "learning_rate": 0.001},
}  # fmt: skip
STEPS = 120


@pytest.mark.parametrize("name", SPECS)
def test_the_script_prints_the_losses_of_the_run(name: str, tmp_path: Path) -> None:
    spec = AutoencoderSpec(**SPECS[name])
    (tmp_path / "run.py").write_text(script(spec, STEPS), encoding="utf-8")
    done = subprocess.run([sys.executable, "run.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    events = AutoencoderRun(spec).advance(STEPS)
    expected = [" ".join(map(str, (e.step, e.values["train_loss"], e.values["validation_loss"]))) for e in events]
    assert len(expected) >= 2
    assert done.stdout.splitlines() == expected
