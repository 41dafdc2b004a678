"""What the screen gets: the scene (picture, layers, their weights) and frames (what the learner has learned)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dlviz.core import spec as specs
from dlviz.labs.convolution import pairs, pictures
from dlviz.labs.convolution.kernels import LABELS
from dlviz.labs.convolution.model import by_name
from dlviz.training.run import Picture

if TYPE_CHECKING:
    from dlviz.labs.convolution.run import ConvolutionRun

CHANNEL_NAMES = {"grey": ["grey"], "rgb": ["red", "green", "blue"], "maps": ["grey", "across", "down", "Laplacian"]}


def scene(run: ConvolutionRun) -> Picture:
    """Numbers: spec, link, `layers` (see `Layer.describe`), names. Arrays: `input` (c, h, w), `weight.i`, `bias.i`.

    The weights are those that slide: already turned by half a turn when `spec.flip` is on. Of a layer that can learn
    also a few test pairs, `pairs` (pair, c, h, w) and `answers` (pair, o, h, w), and under `curvature` what the
    pictures of the pairs tell about its weights (see `curvature.describe`).
    """
    spec = run.spec
    numbers = {
        "spec": specs.values(spec),
        "link": specs.link("convolution", spec),
        "layers": [layer.describe() for layer in spec.layers],
        "channel_names": CHANNEL_NAMES[spec.channels],
        "filter_names": _filter_names(run),
        "edited": bool(spec.weights),
        "parameters": sum(layer.parameters for layer in spec.layers),
    }
    arrays = {"input": run.picture.numpy().copy()}
    if run.picture.shape[-2] != spec.side:  # one row slides; the whole picture it was taken from
        arrays["picture"] = pictures.whole(spec).numpy().copy()
    arrays |= {name: parameter.numpy().copy() for name, parameter in by_name(run.target).items()}
    if run.parameters():
        chosen = pairs.shown(run.inputs, run.answers)
        arrays |= {"pairs": run.inputs[chosen].numpy().copy(), "answers": run.answers[chosen].numpy().copy()}
        numbers["curvature"] = run.curvature
    return Picture(numbers, arrays)


def _filter_names(run: ConvolutionRun) -> list[str]:
    spec, outputs = run.spec, run.spec.layers[-1].outputs
    if spec.layer in ("pointwise", "separable") or not run.spec.layers[-1].has_weights:
        return [f"map {i + 1}" for i in range(outputs)]
    if spec.weights:
        return [f"filter {i + 1}" for i in range(outputs)]
    return [LABELS[spec.kernel[i % len(spec.kernel)]] for i in range(outputs)]


def frame(run: ConvolutionRun) -> Picture:
    """The learner's weights and biases, their gradient, its losses, and how far its weights are from the stage's."""
    arrays = {name: parameter.detach().numpy().copy() for name, parameter in run.parameters().items()}
    if not arrays:
        return Picture({}, {})
    for name, gradient in run.gradients().items():
        arrays[f"gradient.{name}"] = np.nan_to_num(gradient.numpy())  # a learner on its way out must still be shown
    return Picture({name: value if math.isfinite(value) else None for name, value in run.losses().items()}, arrays)
