"""Data sets that do not come with a package: fetched from the network once, when a person asks, then kept.

    python -m dlviz.labs.cnn.fetching cifar10

Nothing here imports torch, so that a page can ask what is there; `fetch` does.
Sources: MNIST, Y. LeCun, C. Cortes, C. Burges, 1998. Fashion-MNIST, H. Xiao, K. Rasul, R. Vollgraf, 2017.
CIFAR-10, A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.
"""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import numpy as np

from dlviz.core.errors import InvalidInput

VARIABLE = "DLVIZ_DATA"  # the folder they are kept in
CLASSES = {"mnist_full": "MNIST", "fashion": "FashionMNIST", "cifar10": "CIFAR10"}  # their names in torchvision
PATIENCE = 30.0  # seconds without an answer from the network


def folder() -> Path:
    """Where fetched data sets are kept."""
    given = os.environ.get(VARIABLE, "").strip()
    return Path(given) if given else Path.home() / ".cache" / "dlviz"


def is_here(name: str) -> bool:
    """Whether a data set can be read now; true for every one that comes with a package."""
    return name not in CLASSES or (folder() / f"{name}.npz").is_file()


def missing(name: str) -> InvalidInput:
    """The words for a data set that has not been fetched."""
    rule = "must be on this machine, and this one has to be fetched first"
    return InvalidInput("CnnSpec.dataset", rule, name, f"python -m dlviz.labs.cnn.fetching {name}")


def read(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Pictures in bytes, (n, height, width) or (n, height, width, channel), and labels (n,), train and test in one.

    Raises `InvalidInput` where it has not been fetched.
    """
    if not is_here(name):
        raise missing(name)
    with np.load(folder() / f"{name}.npz") as kept:
        return kept["pictures"], kept["labels"]


def fetch(name: str) -> None:
    """Fetch a data set and keep it; nothing is left behind where that fails. Takes minutes: call it in a thread.

    Raises OSError or RuntimeError where the network does not give it, `InvalidInput` for a name there is not.
    """
    if name not in CLASSES:
        raise InvalidInput("dataset", f"must be one of {', '.join(CLASSES)} to be fetched", name, "cifar10")
    from dlviz.core.vision import torchvision

    source = getattr(torchvision.datasets, CLASSES[name])
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        with tempfile.TemporaryDirectory() as room:
            parts = [source(room, train=train, download=True) for train in (True, False)]
            pictures = np.concatenate([np.asarray(part.data) for part in parts])
            labels = np.concatenate([np.asarray(part.targets) for part in parts])
    finally:
        socket.setdefaulttimeout(before)
    keep(name, pictures, labels)


def keep(name: str, pictures: np.ndarray, labels: np.ndarray) -> None:
    """Write a data set into the folder, whole or not at all."""
    folder().mkdir(parents=True, exist_ok=True)
    half = folder() / f".{name}.{os.getpid()}.npz"
    np.savez(half, pictures=pictures.astype(np.uint8), labels=labels.astype(np.int64))
    half.replace(folder() / f"{name}.npz")
