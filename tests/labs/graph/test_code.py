"""The script that a reader takes home, run as a program of its own, prints the losses of the run."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlviz.data.graphs import coding
from dlviz.data.graphs.graph import graph_of
from dlviz.labs.graph.code import script
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec

ODD = coding.write(
    graph_of(
        ["a", "b", "c", "d", "e"], np.zeros((5, 2)), [[0, 0], [0, 1], [1, 0], [2, 1], [1, 3]], directed=True,
        weights=[2.0, 0.5, 1.0, 3.0, 1.0], features=np.arange(10, dtype=np.float32).reshape(5, 2) / 10,
        feature_names=["u", "v"], labels=[0, 1, 0, 1, -1], given=[True, True, False, False, False],
        classes=["x", "y"],
    )
)  # fmt: skip
BOTH_WAYS = coding.write(
    graph_of([str(k) for k in range(6)], np.zeros((6, 2)), [[0, 0], [0, 1], [1, 2], [2, 3], [3, 4], [0, 4]],
             labels=[0, 1, 0, 1, -1, 1], given=[True, True, False, False, False, False], classes=["x", "y"])
)  # fmt: skip
SETS: dict[str, Any] = {"features": "own", "hidden": (8, 4), "batch_size": 50}
SPECS: dict[str, dict[str, Any]] = {
    "default": {},
    "naive": {"layer": "naive", "hidden": (6,), "optimizer": "sgd", "learning_rate": 0.001},
    "loops": {"layer": "loops", "dataset": "own", "graph": BOTH_WAYS, "drop_edge": 0.3, "features": "degree"},
    "sage": {"layer": "sage", "aggregate": "max", "dropout": 0.2, "drop_edge": 0.3, "residual": True, "hidden": (6, 6)},
    "gat": {"layer": "gat", "heads": 4, "weight_decay": 0.01, "dataset": "lesmis", "activation": "tanh"},
    "gin": {"layer": "gin", "norm": "pairnorm", "hidden": (6, 6, 3), "dataset": "own", "graph": ODD, "features": "own"},
    "odd": {"layer": "gcn", "dataset": "own", "graph": ODD, "features": "degree", "optimizer": "momentum"},
    "links": {"task": "link", "hidden": (8, 4), "drop_edge": 0.1},
    "degrees": {"task": "link", "hidden": (8, 4), "features": "degree", "layer": "sage", "learning_rate": 0.001},
    "mutag": {**SETS, "dataset": "mutag", "task": "graph", "layer": "gin", "readout": "sum", "drop_edge": 0.2},
    "pairs": {**SETS, "dataset": "mutag", "task": "graph", "layer": "gcn", "readout": "sum", "norm": "pairnorm"},
    "rings": {**SETS, "dataset": "mutag", "task": "regression", "layer": "gcn", "readout": "max"},
    "families": {**SETS, "dataset": "families", "task": "graph", "layer": "gat", "readout": "mean"},
    "triangles": {**SETS, "dataset": "families", "task": "regression", "features": "degree", "learning_rate": 0.001},
}
STEPS = 30


@pytest.mark.parametrize("name", SPECS)
def test_the_script_prints_the_losses_of_the_run(name: str, tmp_path: Path) -> None:
    spec = GraphSpec(**SPECS[name])
    text = script(spec, STEPS)
    assert "dlviz" not in text
    assert max(map(len, text.splitlines())) <= 120
    (tmp_path / "run.py").write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, "run.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    events = GraphRun(spec).advance(STEPS)
    expected = [
        " ".join(map(str, (e.step, e.values["train_loss"], e.values.get("held_loss", math.nan)))) for e in events
    ]
    assert len(expected) >= 2
    assert done.stdout.splitlines() == expected
