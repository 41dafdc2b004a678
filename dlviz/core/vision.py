"""torchvision, opened once for the whole package: `from dlviz.core.vision import torchvision`.

The torchvision that pip brings on Linux is built for torch with CUDA. Beside a CPU torch its import
fails with "operator torchvision::nms does not exist", because its compiled half cannot be loaded and
its Python half registers derivatives for operators that then do not exist. Declaring those two
operators first lets models, transforms and feature extraction work; dlviz uses neither operator.
Import this before `transformers`, which imports torchvision itself.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from types import ModuleType

import torch

SYMPTOM = "operator torchvision::nms does not exist"
SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)

# torch forgets the operators of a library that is garbage collected.
_declared: list[torch.library.Library] = []


def declare_operators() -> None:
    """Tell torch the schemas of the two operators that the missing compiled half would bring."""
    library = torch.library.Library("torchvision", "DEF")
    for schema in SCHEMAS:
        library.define(schema)
    _declared.append(library)


def open_torchvision(
    import_module: Callable[[str], ModuleType] = importlib.import_module,
    declare: Callable[[], None] = declare_operators,
) -> ModuleType:
    """torchvision; the operators are declared only when the plain import failed for want of them."""
    try:
        return import_module("torchvision")
    except RuntimeError as problem:
        if SYMPTOM not in str(problem):
            raise
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        del sys.modules[name]  # left half imported by the failure
    declare()
    return import_module("torchvision")


torchvision = open_torchvision()
