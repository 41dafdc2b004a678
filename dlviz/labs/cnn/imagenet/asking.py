"""Probe of the panel ImageNet: the answer to a picture, the maps of every stage, and which cells speak for a class."""

from __future__ import annotations

from collections.abc import Generator
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.data.photos import CREDITS, FILES
from dlviz.data.photos import photo as photograph
from dlviz.labs.cnn.imagenet import stages
from dlviz.labs.cnn.imagenet.labels import names
from dlviz.labs.cnn.imagenet.network import SHA256, trained
from dlviz.labs.cnn.imagenet.preparing import middle_square, prepare, read_crop, read_pixels
from dlviz.labs.cnn.imagenet.speaking import Question, attributed, read_question
from dlviz.labs.cnn.recording import record
from dlviz.labs.cnn.scene import in_bytes

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun

PARTS = ("", "opening", "photo", "answer", "maps", "attribution")
TOP = 5
THUMBNAIL_SIDE = 96
MOST_MAPS = 64
MAP = ("channel", "height", "width")
Dims = dict[str, tuple[str, ...]]


def imagenet(
    run: CnnRun,
    photo: Any = "coffee",
    input: Any = None,
    pixels: str = "",
    crop: Any = None,
    only: str = "",
    stage: str = "",
    first: Any = 12,
    channel: Any = None,
    method: str = "",
    target: Any = None,
    minus: Any = None,
    baseline: str = "mean",
    steps: Any = 32,
) -> Trace | Generator[Progress, None, Trace]:
    """What EfficientNet-Lite0 makes of a picture. It is no part of the run, which stays as it is.

    The picture: `photo`, a name; or `input`, one's own, (3, height, width) in [0, 1]; or `pixels`, 224 × 224 × 3 bytes
    in base 64, prepared already. Of the first two the middle square is taken, and of that `crop`: left, top and size
    as shares of its side, without another wish the middle 7/8.

    `input` (channel, height, width), as prepared; `logits` and `probabilities` (class,); `top`, the five likeliest;
    `maps.<stage>` (channel, height, width), `milliseconds` of the pass; with `method` (see `explaining.METHODS`) the
    arrays of `speaking.attributed` for `target` (a class by name or index; none: the likeliest) less `minus`, against
    `baseline`, in turns. State: the names of the `classes`, and `weights`, the hash of the file they were read from.

    `only` gives a part of this, for a page: `answer`; `maps` of one `stage`, the `first` strongest in bytes, or one
    `channel` exactly; `attribution`, its channels added up; `photo`, its pixels; `opening`, small photos and names.
    Raises `InvalidInput` for what cannot be, `NoWeights` where the package with the weights is missing or damaged.
    """
    if not isinstance(only, str) or only not in PARTS:
        raise InvalidInput("imagenet.only", f"must be one of {', '.join(PARTS[1:])}", only, "leaving it out")
    if only == "opening":
        return _opening()
    if only == "photo":
        return _photograph(_name(photo))
    picture = _picture(photo, input, pixels, crop)
    if only == "maps":
        return _one_stage(picture, stages.read_stage(stage), first, channel)
    if method or only == "attribution":
        question = read_question(method or "grad_cam", target, minus, baseline, steps)
        return _with_attribution(picture, question, whole=only != "attribution")
    return _answer(picture, whole=only != "answer")


def _name(given: Any) -> str:
    if not isinstance(given, str) or given not in FILES:
        raise InvalidInput("imagenet.photo", f"must be one of {', '.join(FILES)}", given, "coffee")
    return given


def _picture(photo: Any, given: Any, pixels: str, crop: Any) -> Tensor:
    if pixels:
        return read_pixels(pixels)
    square = Image.fromarray(photograph(_name(photo), None)) if given is None else middle_square(given)
    return prepare(square, read_crop(crop))


def _state(*, classes: bool) -> dict[str, np.ndarray]:
    found = {"weights": np.array([f"sha256 {SHA256}"])}
    return found | ({"classes": np.array(names())} if classes else {})


def _opening() -> Trace:
    """`thumbnails` (batch, height, width, channel) of the photos, names and credits; the classes; `parameters`."""
    arrays = {
        "thumbnails": np.stack([photograph(each, THUMBNAIL_SIDE) for each in FILES]),
        "parameters": np.array(sum(parameter.numel() for parameter in trained().parameters()), np.int32),
    }
    words = {"names": np.array(list(FILES)), "credits": np.array([CREDITS[each] for each in FILES])}
    dims: Dims = {"thumbnails": ("batch", "height", "width", "channel"), "parameters": ()}
    return Trace(arrays, dims, {"thumbnails": "grey level, 0 to 255"}, _state(classes=True) | words)


def _photograph(name: str) -> Trace:
    pixels, credit = photograph(name, None).copy(), {"credit": np.array(CREDITS[name])}
    return Trace(
        {"photo": pixels}, {"photo": ("height", "width", "channel")}, {"photo": "grey level, 0 to 255"}, credit
    )


@torch.no_grad()
def _answer(picture: Tensor, whole: bool) -> Trace:
    network = trained()
    began = perf_counter()
    if whole:
        recorded = record(network, picture[None])
        logits = recorded.output[0]
    else:
        logits = network(picture[None])[0]
    milliseconds = (perf_counter() - began) * 1000
    probabilities = logits.softmax(0)
    arrays = {
        "logits": logits.numpy().copy(),
        "probabilities": probabilities.numpy().copy(),
        "top": probabilities.topk(TOP).indices.numpy().astype(np.int32),
        "milliseconds": np.array(milliseconds, np.float32),
    }
    dims: Dims = {"logits": ("class",), "probabilities": ("class",), "top": ("class",), "milliseconds": ()}
    if whole:
        arrays["input"], dims["input"] = picture.numpy().copy(), MAP
        for name in stages.NAMES:
            arrays[f"maps.{name}"] = recorded.after[name][0].numpy().copy()
            dims[f"maps.{name}"] = MAP
    return Trace(arrays, dims, {"milliseconds": "ms"}, _state(classes=whole))


def _one_stage(picture: Tensor, stage: str, first: Any, channel: Any) -> Trace:
    """The strongest maps of a stage in bytes, or one of them as it is; and what a cell of it sees of the picture.

    `maps` (channel, height, width) with `range` (channel, lowest and highest), `channels`, their indices, `strength`,
    the mean of |value|; `count` of all maps; `field`: first, step and size of `stages.Field`. With `channel`: `map`.
    """
    network = trained()
    maps = record(network, picture[None]).after[stage][0]
    field = stages.fields(network)[stage]
    seen = np.array([field.first, field.step, field.size], np.int32)
    arrays = {"count": np.array(len(maps), np.int32), "field": seen}
    dims: Dims = {"count": (), "field": ("point",)}
    if channel is not None:
        arrays["map"] = maps[stages.read_count("channel", channel, 0, len(maps) - 1)].numpy().copy()
        dims["map"] = ("height", "width")
    else:
        which, arrays["strength"] = stages.strongest(maps, stages.read_count("first", first, 1, MOST_MAPS))
        arrays["channels"] = which
        arrays["maps"], arrays["range"] = in_bytes(maps[torch.from_numpy(which).long()].numpy())
        dims |= {"maps": MAP, "range": ("channel", "point"), "channels": ("channel",), "strength": ("channel",)}
    return Trace(arrays, dims, {}, _state(classes=False))


def _with_attribution(picture: Tensor, question: Question, whole: bool) -> Generator[Progress, None, Trace]:
    found = yield from attributed(trained(), picture, question, whole)
    answer = _answer(picture, whole) if whole else None
    if answer is None:
        return Trace(found.arrays, found.dims, found.units, {**_state(classes=False), **found.state})
    arrays, dims, units = ({**getattr(answer, n), **getattr(found, n)} for n in ("arrays", "dims", "units"))
    return Trace(arrays, dims, units, {**answer.state, **found.state})
