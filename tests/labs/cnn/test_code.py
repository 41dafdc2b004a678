"""The script a student takes home prints the losses of the run, to the digit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from dlviz.labs.cnn import code
from dlviz.labs.cnn.model import ACTIVATION, POOLING
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import SETS, CnnSpec

STEPS = 40
SPECS: dict[str, dict[str, Any]] = {
    "default": {"examples": 300},
    "shapes, two in a row, average, SGD, a last batch of one": {
        "dataset": "shapes", "examples": 65, "channels": (4, 8), "convs": 2, "pool": "average", "optimizer": "sgd",
        "activation": "tanh", "dropout": 0.0, "learning_rate": 0.05, "seed": 5,
    },
    "patches, valid, momentum, augmented": {
        "dataset": "patches", "examples": 200, "channels": (4,), "paddings": ("valid",), "kernel_sizes": (5,),
        "optimizer": "momentum", "weight_decay": 0.01, "augment": True, "batch_norm": False, "learning_rate": 0.01,
    },
    "small digits, no pooling, no dense layer": {
        "dataset": "digits", "examples": 90, "channels": (6,), "pool": "none", "dense_units": (), "dropout": 0.4,
        "activation": "leaky_relu", "batch_size": 45,
    },
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Any:
    before = torch.get_num_threads()
    torch.set_num_threads(1)  # as the script does: sums in another order end in other digits
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What each script prints; all run in one other process, because most of the time goes into importing torch."""
    folder: Path = tmp_path_factory.mktemp("scripts")
    for i, changes in enumerate(SPECS.values()):
        (folder / f"{i}.py").write_text(code.script(CnnSpec(**changes), STEPS), encoding="utf-8")
    every = f"import runpy\nfor i in range({len(SPECS)}):\n    print('---')\n    runpy.run_path(f'{{i}}.py')"
    # -I: neither our package nor the environment can help the scripts.
    done = subprocess.run([sys.executable, "-I", "-c", every], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return dict(zip(SPECS, [part.splitlines() for part in done.stdout.split("---\n")[1:]], strict=True))


@pytest.mark.parametrize("name", SPECS)
def test_the_script_prints_the_losses_of_the_run(name: str, printed: dict[str, list[str]]) -> None:
    events = CnnRun(CnnSpec(**SPECS[name])).advance(STEPS)
    assert len({event.values["train_loss"] for event in events}) > 1
    assert printed[name] == [
        f"{event.step} {event.values['train_loss']} {event.values['test_loss']}" for event in events
    ]


def test_every_activation_and_pooling_can_be_written() -> None:
    assert code.MODULES.keys() == ACTIVATION.keys()
    assert code.POOLING.keys() == POOLING.keys()


@pytest.mark.parametrize("dataset", SETS)
def test_every_data_set_gives_a_program(dataset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dlviz.labs.cnn.online.is_here", lambda name: True)
    text = code.script(CnnSpec(dataset=dataset))
    compile(text, dataset, "exec")
    assert f"{SETS[dataset][2][0]} to {SETS[dataset][2][-1]}" in text


@pytest.mark.parametrize("changes", SPECS.values(), ids=SPECS)
def test_the_script_holds_nothing_that_its_setting_does_not_use(changes: dict[str, Any]) -> None:
    spec = CnnSpec(**changes)
    text = code.script(spec)
    assert ("class Dropout" in text) is (spec.dropout > 0 and bool(spec.dense_units))
    assert ("moved_and_turned" in text) is spec.augment
    assert ("import math" in text) is ("math." in text)
    assert ("def draw(" in text) is (spec.dataset == "shapes")
    assert "import dlviz" not in text
    assert "from dlviz" not in text
    assert max(map(len, text.splitlines())) <= 120
    assert len(text.splitlines()) < 230
