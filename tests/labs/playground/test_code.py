"""The script a student takes home prints the losses of the run, to the digit."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import torch

from dlviz.labs.playground import code
from dlviz.labs.playground.data import FEATURE, encode_points
from dlviz.labs.playground.model import ACTIVATION
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import FEATURES, PlaygroundSpec

STEPS = 120
OWN = encode_points(torch.randn(40, 2, generator=torch.Generator().manual_seed(0)) * 3, torch.arange(40) % 3)
SPECS = {
    "default": {},
    "adam, proximal L1": {"dataset": "spiral", "hidden_layers": (8, 8), "optimizer": "adam", "noise": 10.0,
                          "regularization": "l1"},
    "momentum, L2, relu": {"dataset": "moons", "optimizer": "momentum", "regularization": "l2", "batch_size": 7,
                           "activations": ("relu",), "seed": 5},
    "rmsprop, dropout, eight classes": {"dataset": "blobs", "classes": 8, "dropout": 0.3, "optimizer": "rmsprop",
                                        "activations": ("sine", "gelu"), "learning_rate": 0.01},
    "adamw, L2, hills, every feature": {"problem": "regression", "surface": "hills", "noise": 12.5,
                                        "activations": ("leaky_relu",), "optimizer": "adamw", "features": FEATURES,
                                        "regularization": "l2", "regularization_rate": 0.1},
    "batch norm, a last batch of one, plain L1": {"dataset": "xor", "batch_norm": True, "samples": 202,
                                                  "regularization": "l1", "l1_method": "subgradient"},
    "own points": {"dataset": "own", "classes": 3, "own_points": OWN, "hidden_layers": (), "batch_size": 3},
    "rings, sigmoid, linear": {"dataset": "rings", "classes": 4, "hidden_layers": (5, 3),
                               "activations": ("sigmoid", "linear")},
}  # fmt: skip


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What each script prints; all run in one other process, because most of the time goes into importing torch."""
    folder = tmp_path_factory.mktemp("scripts")
    for i, changes in enumerate(SPECS.values()):
        (folder / f"{i}.py").write_text(code.script(PlaygroundSpec(**changes), STEPS), encoding="utf-8")
    every = f"import runpy\nfor i in range({len(SPECS)}):\n    print('---')\n    runpy.run_path(f'{{i}}.py')"
    # -I: neither our package nor the environment can help the scripts.
    done = subprocess.run([sys.executable, "-I", "-c", every], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return dict(zip(SPECS, [part.splitlines() for part in done.stdout.split("---\n")[1:]], strict=True))


@pytest.mark.parametrize("name", SPECS)
def test_the_script_prints_the_losses_of_the_run(name: str, printed: dict[str, list[str]]) -> None:
    events = PlaygroundRun(PlaygroundSpec(**SPECS[name])).advance(STEPS)
    assert len({event.values["train_loss"] for event in events}) > 2
    assert printed[name] == [
        f"{event.step} {event.values['train_loss']} {event.values['test_loss']}" for event in events
    ]


def test_every_feature_and_activation_can_be_written() -> None:
    assert code.EXPRESSIONS.keys() == FEATURE.keys()
    assert code.MODULES.keys() == ACTIVATION.keys()


@pytest.mark.parametrize("changes", SPECS.values(), ids=SPECS)
def test_the_script_holds_nothing_that_its_setting_does_not_use(changes: dict[str, Any]) -> None:
    spec = PlaygroundSpec(**changes)
    text = code.script(spec)
    assert ("class Dropout" in text) is (spec.dropout > 0)
    assert ("class Sine" in text) is ("sine" in spec.activations)
    assert ("PENALTY_RATE" in text) is (spec.regularization != "none")
    assert ("import math" in text) is ("math." in text)
    assert "dlviz" not in text
    assert max(map(len, text.splitlines())) <= 120
    assert len(text.splitlines()) < 110
