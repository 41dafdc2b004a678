"""torchvision opens beside whichever torch is installed, and nothing is declared when nothing is wrong."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import pytest

from dlviz.core.vision import SYMPTOM, open_torchvision

REAL = """
import sys
from dlviz.core.vision import torchvision
import torch
model = torchvision.models.resnet18(weights=None).eval()
assert model(torch.zeros(1, 3, 32, 32)).shape == (1, 1000)
from torchvision.models.feature_extraction import create_feature_extractor
assert create_feature_extractor(model, ["layer1"])(torch.zeros(1, 3, 32, 32))["layer1"].shape == (1, 64, 8, 8)
from torchvision.transforms import v2
assert v2.Resize(10)(torch.zeros(3, 20, 20)).shape == (3, 10, 10)
"""


def test_models_features_and_transforms_work_here() -> None:
    """In a process of its own: what one test has imported cannot help another."""
    done = subprocess.run([sys.executable, "-c", REAL], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stderr


class Import:
    """An import that fails as often as told, and remembers how often it was asked."""

    def __init__(self, *failures: Exception) -> None:
        self.failures, self.asked = list(failures), 0

    def __call__(self, name: str) -> ModuleType:
        self.asked += 1
        if self.failures:
            sys.modules["torchvision.left_half_imported"] = ModuleType("torchvision.left_half_imported")
            raise self.failures.pop(0)
        return ModuleType(name)


@pytest.fixture(autouse=True)
def keep_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real torchvision, if another test has it open, stays open after these."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        monkeypatch.setitem(sys.modules, name, sys.modules[name])


def test_an_import_that_works_declares_nothing() -> None:
    declared: list[str] = []
    importing = Import()
    open_torchvision(importing, lambda: declared.append("operators"))
    assert (importing.asked, declared) == (1, [])


def test_the_known_failure_declares_and_tries_once_more() -> None:
    declared: list[str] = []
    importing = Import(RuntimeError(SYMPTOM))
    open_torchvision(importing, lambda: declared.append("operators"))
    assert (importing.asked, declared) == (2, ["operators"])
    assert "torchvision.left_half_imported" not in sys.modules


@pytest.mark.parametrize(
    "problem", [RuntimeError("operator torchvision::roi_align does not exist"), ImportError("no torchvision")]
)
def test_any_other_failure_is_passed_on(monkeypatch: pytest.MonkeyPatch, problem: Exception) -> None:
    declared: list[str] = []
    with pytest.raises(type(problem), match=str(problem)):
        open_torchvision(Import(problem), lambda: declared.append("operators"))
    assert declared == []
    sys.modules.pop("torchvision.left_half_imported", None)


def test_a_second_failure_is_not_hidden() -> None:
    with pytest.raises(RuntimeError, match="nms"):
        open_torchvision(Import(RuntimeError(SYMPTOM), RuntimeError(SYMPTOM)), lambda: None)
    sys.modules.pop("torchvision.left_half_imported", None)
