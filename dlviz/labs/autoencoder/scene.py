"""What the screen gets: the scene (rows, names, labels) and frames (measurements, codes). Weights come by the probe."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from torch import Tensor

from dlviz.core import spec as specs
from dlviz.labs.autoencoder.measuring import SAMPLE
from dlviz.training.evaluating import evaluating
from dlviz.training.run import Picture

if TYPE_CHECKING:
    from dlviz.labs.autoencoder.run import AutoencoderRun

KEYS = ("loss", "reconstruction", "kl", "elbo", "squared_error")
CURVES = tuple(f"{part}_{key}" for key in KEYS for part in ("train", "validation", "test"))


def scene(run: AutoencoderRun) -> Picture:
    """Numbers: spec, link, `rows` (see `Row.describe`), classes, sizes of the parts, `shape` of a picture, the `label`
    of the one on screen (null: one's own). Arrays: `picture` (c, h, w), and `labels` (point,) of the frames' codes."""
    spec, pictures = run.spec, run.data.pictures
    numbers = {
        "spec": specs.values(spec),
        "link": specs.link("autoencoder", spec),
        "rows": [row.describe() for row in spec.rows],
        "parameters": sum(row.parameters for row in spec.rows),
        "classes": list(spec.classes),
        "shape": list(spec.picture_shape),
        "variational": spec.is_variational,
        "told": spec.told,
        "split": {
            "train": len(pictures.train_y),
            "validation": len(pictures.validation_y),
            "test": len(pictures.test_y),
            "strangers": len(run.data.strangers),
        },
        "label": run.picture.label,
    }
    arrays = {"picture": run.picture.pixels.numpy().copy(), "labels": pictures.test_y[:SAMPLE].numpy().astype(np.int32)}
    return Picture(numbers, arrays)


def frame(run: AutoencoderRun) -> Picture:
    """Measurements (see `measuring`), and `beta` of this moment. Arrays, as last measured: `mean` and `log_variance`
    (point, latent), `dimension_kl`, `dimension_spread`, `center` (latent,), `axes` (two, latent); of this moment's
    network and the picture on screen `shown_mean`, `shown_log_variance` (latent,) and `shown_reconstruction` (c, h, w),
    decoded from the mean. What is variational is left out elsewhere."""
    measured = run.measured()
    pixels, label = run.picture.batch
    with evaluating(run.network):
        code = run.network.encode(pixels, label)
        again = run.network.pictures(run.network.decode(code.mean, label))
    found: dict[str, Tensor | None] = {
        "mean": measured.mean,
        "log_variance": measured.log_variance,
        "dimension_kl": measured.dimension_kl,
        "dimension_spread": measured.dimension_spread,
        "center": measured.center,
        "axes": measured.axes,
        "shown_mean": code.mean[0],
        "shown_log_variance": None if code.log_variance is None else code.log_variance[0],
        "shown_reconstruction": again[0],
    }
    numbers: dict[str, float | None] = {k: v if math.isfinite(v) else None for k, v in measured.numbers.items()}
    numbers |= {"measured_at": run.measured_at, "beta": run.beta}
    arrays = {name: values.numpy().copy() for name, values in found.items() if values is not None}
    return Picture({"epoch": run.epoch, "curve_names": list(CURVES), **numbers}, arrays)
