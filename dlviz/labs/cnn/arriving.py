"""From the files as they were published to pictures and labels, whatever the files may hold."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from pathlib import Path

import numpy as np

from dlviz.data.fetching import FetchProblem
from dlviz.labs.cnn.sources import CIFAR, IMAGES, LABELS

CLASSES = 10
BATCHES = (*(f"data_batch_{k}.bin" for k in range(1, 6)), "test_batch.bin")
CIFAR_SIDE = 32
MOST = 200_000 * 28 * 28  # bytes of one file, unpacked


def read(name: str, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Pictures in bytes, (n, height, width) or (n, height, width, 3), and labels (n,), training part first.

    Raises `FetchProblem` for files of another form.
    """
    try:
        pictures, labels = _cifar(folder / CIFAR) if name == "cifar10" else _idx_pairs(folder)
    except (OSError, EOFError, zlib.error, tarfile.TarError, KeyError, ValueError) as problem:
        raise FetchProblem(
            f"The files of {name} cannot be unpacked ({str(problem) or type(problem).__name__})."
        ) from problem
    if len(pictures) != len(labels) or not len(labels):
        raise FetchProblem(f"The files of {name} hold {len(pictures):,} pictures and {len(labels):,} labels.")
    if labels.max() >= CLASSES:
        raise FetchProblem(f"The files of {name} hold labels up to {labels.max()}, and there are {CLASSES} classes.")
    return pictures, labels


def _idx_pairs(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    pictures = np.concatenate([_idx(folder / name, 3) for name in IMAGES])
    return pictures, np.concatenate([_idx(folder / name, 1) for name in LABELS]).astype(np.int64)


def _idx(file: Path, dimensions: int) -> np.ndarray:
    """An array of bytes in the IDX form: 0, 0, 8 (bytes), the number of dimensions, their sizes, the numbers."""
    with gzip.open(file) as opened:
        data = opened.read(MOST)
    if data[:4] != bytes([0, 0, 8, dimensions]):
        raise ValueError(f"{file.name} begins with {data[:4].hex(' ')}")
    shape = np.frombuffer(data, ">u4", dimensions, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape.tolist())


def _cifar(file: Path) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a label and 3 × 32 × 32 bytes; read in place, so that no name in the archive becomes a path."""
    rows = []
    with tarfile.open(file) as archive:
        for batch in BATCHES:
            opened = archive.extractfile(f"cifar-10-batches-bin/{batch}")
            if opened is None:
                raise ValueError(f"{batch} is no file")
            rows.append(np.frombuffer(opened.read(MOST), np.uint8).reshape(-1, 1 + 3 * CIFAR_SIDE**2))
    whole = np.concatenate(rows)
    pictures = whole[:, 1:].reshape(-1, 3, CIFAR_SIDE, CIFAR_SIDE).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(pictures), whole[:, 0].astype(np.int64)
