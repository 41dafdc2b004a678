"""The script a student takes home prints the losses of the run, to the digit."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from dlviz.data.texts import ASSETS
from dlviz.labs.recurrent import code
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import TASKS, RecurrentSpec

STEPS = 125  # losses are measured at an epoch's end, at least 100 steps apart
SMALL: dict[str, Any] = {"hidden_size": 6, "embedding_size": 4, "examples": 60, "lag": 12}
SPECS: dict[str, dict[str, Any]] = {
    "default": {"batch_size": 128, "truncation": 40, "hidden_size": 12},
    "own text, GRU, two layers with dropout": {
        "text": "own", "own_text": "a rose is a rose is a rose\r\n" * 30, "cell": "gru", "layers": 2, "dropout": 0.3,
        "hidden_size": 7, "truncation": 9, "clipping": "value", "clip_at": 0.01,
    },
    "brackets": {"text": "brackets", **SMALL, "batch_size": 64},
    "both directions": {"task": "tagging", "bidirectional": True, **SMALL, "clipping": "none"},
    "one answer": {"task": "sentiment", "cell": "rnn", "initial": "orthogonal", "gain": 1.2, "truncation": 5, **SMALL},
    "dates": {"task": "dates", "optimizer": "momentum", "learning_rate": 0.05, "seed": 3, **SMALL},
    "digit words": {"task": "digit_words", "cell": "gru", **SMALL},
    "weather": {"task": "weather", **SMALL},
    "sines": {"task": "sines", "forget_bias": 0.0, "optimizer": "sgd", **SMALL},
    "copy": {"task": "copy", "truncation": 6, **SMALL},
    "adding": {"task": "adding", **SMALL},
    "depth": {"task": "brackets", **SMALL},
    "parity": {"task": "parity", **SMALL},
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
    shutil.copy(ASSETS / "python.txt", folder)
    for i, changes in enumerate(SPECS.values()):
        (folder / f"{i}.py").write_text(code.script(RecurrentSpec(**changes), STEPS), encoding="utf-8")
    every = f"import runpy\nfor i in range({len(SPECS)}):\n    print('---')\n    runpy.run_path(f'{{i}}.py')"
    # -I: neither our package nor the environment can help the scripts.
    done = subprocess.run([sys.executable, "-I", "-c", every], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return dict(zip(SPECS, [part.splitlines() for part in done.stdout.split("---\n")[1:]], strict=True))


@pytest.mark.parametrize("name", SPECS)
def test_the_script_prints_the_losses_of_the_run(name: str, printed: dict[str, list[str]]) -> None:
    events = RecurrentRun(RecurrentSpec(**SPECS[name])).advance(STEPS)
    assert len({event.values["train_loss"] for event in events}) >= 2
    assert printed[name] == [
        f"{event.step} {event.values['train_loss']} {event.values['validation_loss']}" for event in events
    ]


def test_every_task_has_a_script() -> None:
    assert code.DATA.keys() == TASKS.keys()
    assert {RecurrentSpec(**changes).task for changes in SPECS.values()} == set(TASKS)


@pytest.mark.parametrize("changes", SPECS.values(), ids=SPECS)
def test_the_script_holds_no_dlviz_and_nothing_that_its_setting_does_not_use(changes: dict[str, Any]) -> None:
    spec = RecurrentSpec(**changes)
    text = code.script(spec)
    assert "import dlviz" not in text
    assert "from dlviz" not in text
    assert ("dropout_generator" in text) is (spec.dropout > 0)
    assert ("clip_grad" in text) is (spec.clipping != "none")
    assert ("class Translator(" in text) is (spec.pattern == "decoder")
