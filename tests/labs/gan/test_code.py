"""The script that a reader takes home, run as a program of its own, prints the losses of the run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dlviz.data import placing
from dlviz.labs.gan.code import script
from dlviz.labs.gan.plan import HALF_WIDTH
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec

SMALL = {"generator_hidden": (16,), "discriminator_hidden": (16, 8), "examples": 300, "batch_size": 50}
SPECS: dict[str, dict[str, Any]] = {
    "default": {},
    "penalty": {**SMALL, "dataset": "grid25", "loss": "wgangp", "discriminator_steps": 2, "conditional": True},
    "clipped": {**SMALL, "dataset": "spiral", "loss": "wgan", "noise": "uniform", "optimizer": "momentum"},
    "bug": {**SMALL, "dataset": "own", "own_points": placing.encode([(0, 0), (1, 0.5), (-1, 1)], HALF_WIDTH),
            "update_both": True, "instance_noise": 0.1, "label_smoothing": 0.1, "optimizer": "sgd"},
    "hinge": {**SMALL, "dataset": "digits", "conditional": True, "loss": "hinge", "spectral_norm": True,
              "batch_norm": "generator"},
    "dcgan": {"dataset": "mnist", "network": "dcgan", "batch_norm": "both", "channels": (6, 4), "noise_dimensions": 5,
              "examples": 200, "conditional": True, "loss": "leastsquares", "rate_ratio": 2.0},
    "only": {**SMALL, "dataset": "circle", "moves": "generator", "loss": "minimax"},
    "sprites": {"dataset": "sprites", "network": "dcgan", "channels": (4,), "noise_dimensions": 3, "examples": 90,
                "batch_size": 30, "spectral_norm": True},
}  # fmt: skip
STEPS = 60


@pytest.mark.parametrize("name", SPECS)
def test_the_script_prints_the_losses_of_the_run(name: str, tmp_path: Path) -> None:
    spec = GanSpec(**SPECS[name])
    (tmp_path / "run.py").write_text(script(spec, STEPS), encoding="utf-8")
    done = subprocess.run([sys.executable, "run.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    events = GanRun(spec).advance(STEPS)
    expected = [
        " ".join(map(str, (e.step, e.values["discriminator_loss"], e.values["generator_loss"]))) for e in events
    ]
    assert len(expected) >= 2
    assert done.stdout.splitlines() == expected
