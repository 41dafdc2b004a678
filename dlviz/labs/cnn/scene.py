"""What the screen gets: the scene (rows, names) and frames (maps of the picture, answers, measurements)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from dlviz.core import spec as specs
from dlviz.data.fetching import Source
from dlviz.labs.cnn import online
from dlviz.labs.cnn.recording import record
from dlviz.labs.cnn.sources import SOURCES
from dlviz.labs.cnn.spec import SETS
from dlviz.training.run import Picture

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun

MAPS_AT_MOST = 64  # maps of one row that a frame carries; the panel of that row asks for all
CURVES = ("train_loss", "validation_loss", "test_loss", "train_accuracy", "validation_accuracy", "test_accuracy")


def scene(run: CnnRun) -> Picture:
    """Numbers: spec, link, `rows` (see `Row.describe`), classes, sizes of the parts. Arrays: `picture` (c, h, w)."""
    spec, pictures = run.spec, run.pictures
    numbers = {
        "spec": specs.values(spec),
        "link": specs.link("cnn", spec),
        "rows": [row.describe() for row in spec.rows],
        "classes": list(spec.classes),
        "sets_here": [name for name in SETS if online.is_here(name)],
        "sets_away": [_away(name, found) for name, found in SOURCES.items() if not online.is_here(name)],
        "parameters": sum(row.parameters for row in spec.rows),
        "split": {
            "train": len(pictures.train_y),
            "validation": len(pictures.validation_y),
            "test": len(pictures.test_y),
        },
        "label": None if spec.own_pixels else int(pictures.test_y[spec.picture % len(pictures.test_y)]),
    }
    return Picture(numbers, {"picture": run.picture.numpy().copy()})


def _away(name: str, sources: tuple[Source, ...]) -> dict[str, Any]:
    """A data set that can be fetched: how large its files are, and the machine that is asked first."""
    return {"name": name, "bytes": sum(source.size for source in sources), "host": sources[0].hosts[0]}


def frame(run: CnnRun) -> Picture:
    """Measurements of this moment, logits of the picture, and its maps after every row, a byte a cell.

    `maps.<row>` (channel, height, width) u8 and `range.<row>` (channel, 2): value = low + byte / 255 · (high − low).
    """
    measured = run.measured()
    recorded = record(run.network, run.picture[None])
    arrays: dict[str, np.ndarray] = {
        "logits": recorded.output[0].numpy().copy(),
        "confusion": measured.confusion.numpy().astype(np.int32),
        "worst": measured.worst.numpy().astype(np.int32),
        "worst_answers": measured.answers[measured.worst].numpy().astype(np.int32),
        "worst_confidence": measured.confidence[measured.worst].numpy(),
    }
    for name, values in recorded.after.items():
        if values.ndim == 4:
            arrays[f"maps.{name}"], arrays[f"range.{name}"] = in_bytes(values[0, :MAPS_AT_MOST].numpy())
        else:
            arrays[f"units.{name}"] = values[0].numpy().copy()
    numbers: dict[str, float | None] = {
        name: value if math.isfinite(value) else None for name, value in measured.numbers.items()
    }
    numbers["measured_at"] = run.measured_at
    return Picture({"epoch": run.epoch, "curve_names": list(CURVES), **numbers}, arrays)


def in_bytes(maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(channel, height, width) floats as bytes, with the lowest and highest value of each channel."""
    low, high = maps.min((1, 2)), maps.max((1, 2))
    span = np.where(high > low, high - low, 1)
    scaled = (maps - low[:, None, None]) / span[:, None, None] * 255
    return scaled.round().astype(np.uint8), np.stack([low, high], 1).astype(np.float32)
