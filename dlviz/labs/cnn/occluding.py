"""A patch laid over the picture at every place, and what the network answers then.

Source: M. Zeiler and R. Fergus, Visualizing and Understanding Convolutional Networks, 2014.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.rules import Choice
from dlviz.core.trace import Trace
from dlviz.labs.cnn.baselines import baseline_of
from dlviz.labs.cnn.explaining import own_copy
from dlviz.labs.cnn.picture import mask_of
from dlviz.labs.cnn.recording import state_of
from dlviz.labs.cnn.turns import PICTURES, Turn

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun

FILLS = ("grey", "black", "mean", "blurred")
GREY = 0.5
SMALLEST = 2  # cells


def patch(
    run: CnnRun, size: Any = None, fill: Any = "grey", parameters: bool = True
) -> Generator[Progress, None, Trace]:
    """The probabilities with a square patch of `size` cells at every place where it lies inside the picture.

    `fill`: what the patch shows. `grey` one half everywhere, `black` zeros, `mean` the mean colour of the training
    pictures, `blurred` the picture itself, blurred as the baseline of Attribution is. Without a `size`, a quarter of
    the side.

    `probabilities` (height, width, class): row and column of the patch's upper left cell; on the way, the rows that
    are done. `before` (class,): without a patch. `input`, `cover` (channel, height, width): the picture, and what the
    patch shows of. Where the shape's own cells are known: `mask` (height, width), `on_shape` (class,) the share of
    the fall that lies on the shape (see `share_on`), and `evenly`, what it would be if every place fell alike.
    `step`: the step of the network, whose parameters are the `state`, unless `parameters` is false.
    Raises `InvalidInput` for a size or a fill that cannot be.
    """
    side = run.picture.shape[-1]
    wanted = max(SMALLEST, side // 4) if size is None else size
    if isinstance(wanted, bool) or not isinstance(wanted, int) or not SMALLEST <= wanted <= side // 2:
        rule = f"must be a whole number of cells from {SMALLEST} to half the side of the picture, {side // 2}"
        raise InvalidInput("patch.size", rule, wanted, str(max(SMALLEST, side // 4)))
    Choice(FILLS).check("patch.fill", fill)
    picture = run.picture.clone()
    if fill == "grey":
        cover = torch.full_like(picture, GREY)
    else:
        cover = baseline_of(fill, picture, run.pictures.train_x, run.spec.seed)
    network = own_copy(run.network)
    fixed = {"input": picture, "cover": cover, "step": torch.tensor(run.step, dtype=torch.int32)}
    mask = mask_of(run.spec, run.pictures)
    if mask is not None:
        fixed["mask"] = mask
    return _slide(network, fixed, wanted, state_of(network) if parameters else {})


def _slide(
    network: nn.Sequential, fixed: dict[str, Tensor], size: int, state: dict[str, np.ndarray]
) -> Generator[Progress, None, Trace]:
    picture, cover = fixed["input"], fixed["cover"]
    places = picture.shape[-1] - size + 1
    total = places * places
    before = network(picture[None]).softmax(1)[0]
    found = torch.empty(total, len(before))
    turn = Turn()
    for start, batch in _covered(picture, cover, size):
        done = start + len(batch)
        found[start:done] = network(batch).softmax(1)
        if turn.is_over:
            rows = done // places
            some = found[: rows * places].reshape(rows, places, -1)
            yield Progress(done, total, "", _trace({**fixed, "before": before, "probabilities": some}, {}))
            turn.begin()
    whole = {**fixed, "before": before, "probabilities": found.reshape(places, places, -1)}
    if "mask" in fixed:
        whole["on_shape"], whole["evenly"] = share_on(fixed["mask"], size, before, whole["probabilities"])
    return _trace(whole, state)


def _covered(picture: Tensor, cover: Tensor, size: int) -> Iterator[tuple[int, Tensor]]:
    """The picture with the patch at every place, row by row, in batches, and how many came before."""
    places = picture.shape[-1] - size + 1
    for start in range(0, places * places, PICTURES):
        numbers = range(start, min(start + PICTURES, places * places))
        batch = picture.repeat(len(numbers), 1, 1, 1)
        for each, number in zip(batch, numbers, strict=True):
            top, left = divmod(number, places)
            cells = slice(top, top + size), slice(left, left + size)
            each[:, *cells] = cover[:, *cells]
        yield start, batch


def share_on(mask: Tensor, size: int, before: Tensor, probabilities: Tensor) -> tuple[Tensor, Tensor]:
    """How much of the fall of each class lies on the shape, (class,); and how much of the places does, one number.

    A place counts by how far its probability falls below that without a patch, and lies on the shape by the share of
    the patch's cells that are the shape's:

        Σ max(0, p − p(place)) · overlap(place) / Σ max(0, p − p(place));  0 for a class that nowhere falls
    """
    overlap = torch.nn.functional.avg_pool2d(mask[None, None], size, stride=1)[0, 0]
    falls = (before - probabilities).clamp(min=0)
    total = falls.sum((0, 1))
    on = (falls * overlap[..., None]).sum((0, 1))
    return torch.where(total > 0, on / total.clamp(min=torch.finfo(total.dtype).tiny), 0.0), overlap.mean()


def _trace(found: dict[str, Tensor], state: dict[str, np.ndarray]) -> Trace:
    maps = ("channel", "height", "width")
    dims: dict[str, tuple[str, ...]] = {
        "input": maps, "cover": maps, "mask": maps[1:], "probabilities": ("height", "width", "class"),
        "before": ("class",), "on_shape": ("class",), "evenly": (), "step": (),
    }  # fmt: skip
    arrays = {name: values.numpy().copy() for name, values in found.items()}
    return Trace(arrays, {name: dims[name] for name in arrays}, {}, state)
