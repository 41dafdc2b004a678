"""Data sets that do not come with a package: fetched from the network once, when a person asks, then kept here.

Nothing here imports torch, so that a page can ask what is there. `fetching` fetches them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlviz.core.errors import InvalidInput
from dlviz.data.keeping import file_of

if TYPE_CHECKING:
    import numpy as np

CLASSES = {"mnist_full": "MNIST", "fashion": "FashionMNIST", "cifar10": "CIFAR10"}  # their names in torchvision


def is_here(name: str) -> bool:
    """Whether a data set can be read now; true for every one that comes with a package."""
    return name not in CLASSES or file_of(name).is_file()


def missing(name: str) -> InvalidInput:
    """The words for a data set that has not been fetched."""
    rule = "must be on this machine, and this one has to be fetched first"
    attempt = f"Fetch, under Pictures, or python -m dlviz.labs.cnn.fetching {name}"
    return InvalidInput("CnnSpec.dataset", rule, name, attempt)


def read(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Pictures in bytes, (n, height, width) or (n, height, width, channel), and labels (n,), train and test in one.

    Raises `InvalidInput` where it has not been fetched.
    """
    import numpy as np

    if not is_here(name):
        raise missing(name)
    with np.load(file_of(name)) as kept:
        return kept["pictures"], kept["labels"]
