"""What the learner has found beside what it looks for, and how hard the pictures make it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.convolution import curvature, pairs
from dlviz.labs.convolution.model import by_name
from dlviz.labs.convolution.passing import copied, state

if TYPE_CHECKING:
    from dlviz.labs.convolution.run import ConvolutionRun

PAIR = ("batch", "channel", "height", "width")


def learn(run: ConvolutionRun, count: int = 4) -> Trace:
    """Learned and hidden weights, the gradient, predictions on test pairs, and the shape of the loss.

    `learned.<name>` and `hidden.<name>`, for `weight.0`, `bias.0` and so on, as torch keeps them; `gradient.<name>`
    of the mean squared error over the training pairs at this moment. `inputs`, `answers`, `exact` and `predictions`
    (batch, channel, height, width) of the first `count` test pairs: the picture, the answer trained towards, that
    answer without its noise, and what the learner says. `train_loss`, `test_loss` and `distance` (point,): mean
    squared errors, and the length of the difference between learned and hidden weights.

    For a single convolution also what its training pictures tell: `hessian` (input, input), the second derivatives
    of the loss by the weights and, last, the bias of the first filter, 2/O · E[p pᵀ] with p a patch and a one;
    `curvature` (unit,), its eigenvalues, ascending; `covariance` (input, input), that of the patches. Over every
    group of channels, (point,) each: `largest` and `smallest` curvature, `condition`, their ratio, infinite where the
    pictures leave a direction open, and `fastest`, 2 / largest, above which gradient descent diverges.
    """
    parameters = run.parameters()
    if not parameters:
        raise InvalidInput("Learning", "needs a layer with weights, and pooling has none", run.spec.layer,
                           "the layer conv2d")  # fmt: skip
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= pairs.TEST:
        raise InvalidInput("count", f"must be a whole number in [1, {pairs.TEST}]", count, "4")
    hidden = by_name(run.target)
    slopes = run.gradients()
    test = slice(pairs.TRAIN, pairs.TRAIN + count)
    with torch.no_grad():
        seen = {
            "inputs": run.inputs[test],
            "answers": run.answers[test],
            "exact": run.target(run.inputs[test]),
            "predictions": run.network(run.inputs[test]),
        }
    arrays = copied(seen)
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(seen, PAIR)
    for name, parameter in parameters.items():
        of = {"learned": parameter, "hidden": hidden[name], "gradient": slopes[name]}
        arrays |= copied({f"{word}.{name}": tensor for word, tensor in of.items()})
        transposed = run.spec.layer == "transposed"
        front = ("input", "output") if transposed else ("output", "input")
        axes = ("output",) if parameter.ndim == 1 else (*front, "kernel_height", "kernel_width")
        dims |= {f"{word}.{name}": axes for word in of}
    told = {name: np.array([loss]) for name, loss in run.losses().items()}
    told |= {name: array.numpy() for name, array in shape_of_loss(run).items()}
    square = {"hessian": ("input", "input"), "covariance": ("input", "input"), "curvature": ("unit",)}
    arrays |= told
    dims |= {name: square.get(name, ("point",)) for name in told}
    return Trace(arrays, dims, {}, state(run.target))


def shape_of_loss(run: ConvolutionRun) -> dict[str, Tensor]:
    """What the training pictures tell about a filter, in double precision: see `learn`. Empty for other layers."""
    described, layer = run.curvature, run.spec.layers[0]
    if described is None:
        return {}
    second = curvature.hessian(layer, run.inputs[: min(curvature.PICTURES, pairs.TRAIN)])[0]
    moments = second * layer.outputs / 2  # E[p pᵀ], the one for the bias last
    mean = moments[-1, :-1]
    numbers = {name: described[name] for name in ("largest", "smallest", "condition", "fastest")}
    return {
        "hessian": second,
        "covariance": moments[:-1, :-1] - torch.outer(mean, mean),
        "curvature": torch.linalg.eigvalsh(second),
        **{
            name: torch.tensor([torch.inf if value is None else value], dtype=torch.float64)
            for name, value in numbers.items()
        },
    }
