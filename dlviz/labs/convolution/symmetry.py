"""What happens to each layer's answer when the digit moves: measured on digits that nothing was fitted on.

Equivariance: conv(shift(x)) = shift(conv(x)). Invariance: pool(shift(x)) = pool(x). Neither holds of a dense
layer. Four read-outs, each a dense layer from its features to ten classes, show it:

    pixels      the 784 pixels themselves
    pooled2     8 filters → ReLU → max pooling 2 × 2, 1,568 numbers
    pooled4     the same with max pooling 4 × 4, 392 numbers
    global      the same with global max and global average pooling, 16 numbers

They are ridge regressions on the one-hot class, in closed form: W = (XᵀX + λI)⁻¹ XᵀY with columns centred, so
that no training and no chance is in them. Source: A. Hoerl and R. Kennard, Ridge Regression, 1970.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.data.digits import PER_DIGIT, mnist_5k
from dlviz.labs.convolution.geometry import Layer
from dlviz.labs.convolution.kernels import LABELS, kernel
from dlviz.labs.convolution.model import Sliding

if TYPE_CHECKING:
    from dlviz.labs.convolution.run import ConvolutionRun

HEADS = ("pixels", "pooled2", "pooled4", "global")
CLASSES = 10
HELD_EVERY = 5  # every fifth digit of a class is held out, from the first on
RIDGE = 10.0  # λ, the same for all four; from 1 to 10 none of them gains or loses a hundredth on the digits held out
FARTHEST = 6  # cells that a digit may be moved
SHOWN = 3  # digits of each class to choose from
BATCH = 250  # digits filtered at a time: their maps then fit the processor's cache
DIRECTIONS = ((0, 1), (0, -1), (1, 0), (-1, 0))  # right, left, down, up, as (rows, columns)


def symmetry(run: ConvolutionRun, wrap: bool = False) -> Trace:
    """What the panel Symmetry needs, and what it found on the digits held out.

    `kernel` (kernel_height, kernel_width): the first filter of the stage's layer, its input channels added up, the
    gaps of a dilation filled with zeros, Sobel where the layer has no weights. `output` (unit, height, width): the
    stage's own answer to its own picture. `pictures` (batch, height, width) in bytes with `labels`: held-out digits
    to drag. `shift` (step,) cells and `accuracy` (head, step): the share of held-out digits told rightly when all
    are moved so far, averaged over right, left, down and up. `inside_error`, `border_error` (step,): the largest
    |conv(shift(x)) − shift(conv(x))| of the stage's digit moved to the right, where the kernel sees the picture
    alone, and where it meets the edge. `state`: `bank` (8, 3, 3), `<head>.weight`, `<head>.bias`, the names.
    With `wrap`, what leaves on one side comes in on the other, and padding is circular.
    Raises `InvalidInput` for a `wrap` that is not true or false.
    """
    if not isinstance(wrap, bool):
        raise InvalidInput("symmetry.wrap", "must be true or false", wrap, "true")
    with torch.no_grad():
        output = run.target(run.picture[None])[0]
        filter_, name = stage_filter(run)
        digit = digits()[0][run.spec.digit * PER_DIGIT]
        errors = [equivariance_error(digit, filter_, (0, step), wrap) for step in range(FARTHEST + 1)]
        accuracy, fitted = accuracies(wrap), read_outs()
    pictures, labels = mnist_5k()
    chosen = [digit * PER_DIGIT + HELD_EVERY * i for digit in range(CLASSES) for i in range(SHOWN)]
    held = torch.arange(len(labels)) % HELD_EVERY == 0
    arrays = {
        "kernel": filter_.numpy().copy(),
        "output": output.numpy().copy(),
        "pictures": pictures[chosen].copy(),
        "labels": labels[chosen].astype(np.int32),
        "shift": np.arange(FARTHEST + 1, dtype=np.int32),
        "accuracy": accuracy.numpy().copy(),
        "inside_error": np.array([inside for inside, _ in errors], np.float32),
        "border_error": np.array([border for _, border in errors], np.float32),
        "held_out": np.array([int(held.sum()), int((~held).sum())], np.int32),
    }
    dims = {
        "kernel": ("kernel_height", "kernel_width"),
        "output": ("unit", "height", "width"),
        "pictures": ("batch", "height", "width"),
        "labels": ("batch",),
        "shift": ("step",),
        "accuracy": ("head", "step"),
        "inside_error": ("step",),
        "border_error": ("step",),
        "held_out": ("feature",),
    }
    state = {"bank": bank().numpy().copy(), "heads": np.array(HEADS), "kernel_name": np.array([name])}
    for head, (weight, bias) in fitted.items():
        state |= {f"{head}.weight": weight.numpy().copy(), f"{head}.bias": bias.numpy().copy()}
    return Trace(arrays, dims, {"shift": "cells", "accuracy": "share of the held-out digits"}, state)


# --- the picture that moves --------------------------------------------------------------------------------


def shifted(pictures: Tensor, move: tuple[int, int], wrap: bool = False) -> Tensor:
    """(…, height, width) moved down and to the right by so many cells; zeros, or the other side, come in."""
    down, right = move
    if wrap:
        return torch.roll(pictures, (down, right), (-2, -1))
    return functional.pad(pictures, (right, -right, down, -down))


def filtered(pictures: Tensor, kernels: Tensor, wrap: bool = False) -> Tensor:
    """(batch, height, width) through (unit, kh, kw): (batch, unit, height, width), the size kept by padding."""
    height, width = kernels.shape[-2:]
    around = ((width - 1) // 2, width // 2, (height - 1) // 2, height // 2)
    padded = functional.pad(pictures[:, None], around, "circular" if wrap else "constant")
    return functional.conv2d(padded, kernels[:, None])


def equivariance_error(
    picture: Tensor, filter_: Tensor, move: tuple[int, int], wrap: bool = False
) -> tuple[float, float]:
    """max |conv(shift(x)) − shift(conv(x))| away from the border, and at it, after ReLU.

    Away from the border are the cells whose kernel lies on the picture before the move and after it. With `wrap`
    there is no border, and its error is 0.
    """
    moved_first = filtered(shifted(picture, move, wrap)[None], filter_[None], wrap)[0, 0].relu()
    moved_last = shifted(filtered(picture[None], filter_[None], wrap)[0, 0].relu(), move, wrap)
    difference = (moved_first - moved_last).abs()
    inside = torch.zeros_like(difference, dtype=torch.bool)
    if wrap:
        inside[:] = True
    else:
        (height, width), (kh, kw) = picture.shape, filter_.shape
        rows = _seen(height, kh, move[0])
        columns = _seen(width, kw, move[1])
        inside[rows, columns] = True
    return _largest(difference[inside]), _largest(difference[~inside])


def _seen(side: int, kernel_side: int, move: int) -> slice:
    """Cells along a side whose kernel lies on the picture before a move and after it."""
    first = (kernel_side - 1) // 2 + max(move, 0)
    last = side - kernel_side // 2 + min(move, 0)
    return slice(first, max(first, last))


def _largest(values: Tensor) -> float:
    return values.max().item() if values.numel() else 0.0


def stage_filter(run: ConvolutionRun) -> tuple[Tensor, str]:
    """The first filter of the layer on the stage as one kernel for a grey picture, and what to call it.

    A transposed layer spreads what a convolution gathers: at stride 1 it is the convolution with its kernel turned.
    """
    sliding = next(iter(run.target))
    layer: Layer = run.spec.layers[0]
    if not isinstance(sliding, Sliding) or not layer.has_weights:
        return torch.tensor(kernel("sobel_vertical", 3)), LABELS["sobel_vertical"]
    if layer.kind == "transposed":
        found = sliding.weight[: layer.inputs // layer.groups, 0].sum(0).flip(-2, -1)
    else:
        found = sliding.weight[0].sum(0)
    (kh, kw), (dh, dw) = layer.kernel_size, layer.dilation
    spread = torch.zeros(dh * (kh - 1) + 1, dw * (kw - 1) + 1)
    spread[::dh, ::dw] = found
    named = not run.spec.weights and run.spec.layer != "pointwise"
    return spread, LABELS[run.spec.kernel[0]] if named else "the first filter"


# --- the read-outs -------------------------------------------------------------------------------------------


@cache
def digits() -> tuple[Tensor, Tensor]:
    """All pictures (5000, 28, 28) in [0, 1], and their classes."""
    pictures, labels = mnist_5k()
    return torch.from_numpy(pictures.astype(np.float32) / 255), torch.from_numpy(labels.astype(np.int64))


@cache
def bank() -> Tensor:
    """Eight fixed 3 × 3 kernels: Sobel and emboss, each turned by 0, 90, 180 and 270 degrees."""
    named = [torch.tensor(kernel(name, 3)) for name in ("sobel_vertical", "emboss")]
    return torch.stack([torch.rot90(each, turn) for each in named for turn in range(4)])


def features(pictures: Tensor, wrap: bool = False) -> dict[str, Tensor]:
    """What each read-out reads of pictures (batch, 28, 28), (batch, feature) by its name."""
    parts: list[dict[str, Tensor]] = []
    for batch in pictures.split(BATCH):
        maps = filtered(batch, bank(), wrap).relu()
        two = functional.max_pool2d(maps, 2)
        four = functional.max_pool2d(two, 2)  # the largest of largest ones
        both = torch.cat([four.amax((2, 3)), maps.mean((2, 3))], 1)
        parts.append(
            {"pixels": batch.flatten(1), "pooled2": two.flatten(1), "pooled4": four.flatten(1), "global": both}
        )
    return {head: torch.cat([part[head] for part in parts]) for head in HEADS}


def ridge(inputs: Tensor, targets: Tensor, penalty: float = RIDGE) -> tuple[Tensor, Tensor]:
    """Weight (class, feature) and bias (class,) that minimise Σ(XWᵀ + b − Y)² + λ ΣW², to about 0.001 of a weight.

    In single precision: twice as fast as in double, and the curves are the same to a digit in a thousand.
    """
    mean, middle = inputs.mean(0), targets.mean(0)
    centred = inputs - mean
    gram = centred.T @ centred
    gram.diagonal().add_(penalty)
    weight = torch.linalg.solve(gram, centred.T @ (targets - middle)).T.contiguous()
    return weight, middle - weight @ mean


@cache
def read_outs() -> dict[str, tuple[Tensor, Tensor]]:
    """Weight and bias of each read-out, fitted on the digits that are not held out, where they stand."""
    pictures, labels = digits()
    learn = torch.arange(len(labels)) % HELD_EVERY != 0
    targets = functional.one_hot(labels[learn], CLASSES).float()
    return {head: ridge(inputs, targets) for head, inputs in features(pictures[learn]).items()}


@cache
def accuracies(wrap: bool) -> Tensor:
    """(head, step): the share of the held-out digits told rightly, moved by 0 to 6 cells in four directions."""
    pictures, labels = digits()
    held = torch.arange(len(labels)) % HELD_EVERY == 0
    pictures, labels = pictures[held], labels[held]
    found = torch.zeros(len(HEADS), FARTHEST + 1)
    for step in range(FARTHEST + 1):
        moves = {(step * down, step * right) for down, right in DIRECTIONS}  # one move only where nothing moves
        for move in moves:
            for row, right in enumerate(_right(features(shifted(pictures, move, wrap), wrap), labels)):
                found[row, step] += right / len(moves)
    return found


def _right(inputs: dict[str, Tensor], labels: Tensor) -> list[float]:
    fitted: dict[str, Any] = read_outs()
    scores = (inputs[head] @ fitted[head][0].T + fitted[head][1] for head in HEADS)
    return [(score.argmax(1) == labels).float().mean().item() for score in scores]
