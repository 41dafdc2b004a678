"""The panel Last layer: test pictures as points, before the network by their pixels and after it by its features."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.cnn import data, tsne
from dlviz.labs.cnn.explaining import own_copy
from dlviz.labs.cnn.separation import Axes, Lying, distances, lying, nearest, principal_axes
from dlviz.labs.cnn.spec import CnnSpec

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun

SHOWN = 500  # test pictures: the first ones, which mix the classes
BATCH = 25
TURN = 0.04  # seconds of passes through the network between two turns of others
SPACES = ("features", "pixels")
METHODS = ("pca", "tsne")
LEAST_PERPLEXITY, MOST_PERPLEXITY = 2, 100
MOST_UNITS = 8192  # of axes that travel in a command


def last_layer(
    run: CnnRun,
    space: str = "features",
    method: str = "pca",
    perplexity: Any = 30,
    axes: str = "",
    pictures: bool = False,
    parameters: bool = True,
) -> Generator[Progress, None, Trace]:
    """The first 500 test pictures (batch) and the run's own picture (`here`), as points of a plane.

    `space`: `features`, what the output layer is given, in evaluation mode; `pixels`, the pictures themselves.
    `method`: `pca`, along their two principal axes; `tsne`, scikit-learn's t-SNE with that `perplexity`, begun at
    the principal axes. `axes`: a plane from elsewhere, base64 of float32 mean (unit,) and directions (2, unit).

    `points` (batch, feature); of `pca` also `mean` (unit,), `axes` (feature, unit), `explained` (feature,), the share
    of the variance along each, and `here` (feature,); of given axes `framed` (batch, feature), `framed_explained` and
    `framed_here`; of `tsne` also `divergence`. In the whole space, not on the plane: `neighbours` (batch, key), the
    five nearest, with `neighbour_distances`; `own_distance` (batch,) to the mean of its class, `rival` (batch,), the
    nearest other class, and `rival_distance`; `voted` (batch,) by the neighbours, `neighbour_accuracy` the share voted
    rightly, `between` and `within`, the variance between the classes and in them; `here_neighbours` and
    `here_distances` (key,).
    `truth`, and of the features `answer`, `confidence` (batch,) and `accuracy`. `step`: the moment that was seen.
    `pictures`: true adds them in bytes, (batch, channel, height, width). `state`: parameters and buffers;
    `parameters`: false leaves them out.

    A generator, see `Panel`. Raises `InvalidInput` for options that cannot be, and for features that are not finite.
    """
    shown, labels = run.pictures.test_x[:SHOWN], run.pictures.test_y[:SHOWN].numpy()
    _check(space, method, perplexity, len(labels))
    network, picture = own_copy(run.network), run.picture.clone()
    state = {name: value.numpy().copy() for name, value in network.state_dict().items()} if parameters else {}
    known = {"step": np.array(run.step), "truth": labels}
    if pictures:
        known["pictures"] = (shown * 255).round().to(torch.uint8).numpy()
    if space == "pixels":
        cloud = _pixels(run.spec.dataset, picture)
    else:
        cloud = _features(network, shown, labels, picture, run.spec.class_count, run.step)
    (given,) = (row for row in run.spec.rows if row.name == "output")
    frame = _frame(axes, picture.numel() if space == "pixels" else given.input_shape[0]) if axes else None
    own = -1 if run.spec.own_pixels else run.spec.picture % len(run.pictures.test_y)
    return _found(cloud, own, method, float(perplexity), frame, known, state)


@dataclass(frozen=True)
class Cloud:
    """Vectors (n, d) of the pictures shown and that of the run's own picture (d,), and how the former lie."""

    vectors: np.ndarray
    here: np.ndarray
    plane: Axes
    lie: Lying
    answers: Mapping[str, np.ndarray]


Turns = Generator[Progress, None, Cloud]


def _found(cloud_in_turns: Turns, own: int, method: str, perplexity: float, frame: Axes | None,
           known: dict[str, np.ndarray], state: dict[str, np.ndarray]) -> Generator[Progress, None, Trace]:  # fmt: skip
    cloud = yield from cloud_in_turns
    vectors, plane = cloud.vectors, cloud.plane
    arrays = {**known, **cloud.answers, **_lies(cloud.lie, known["truth"]), **_around(cloud, own)}
    if method == "tsne":
        arrays["points"], divergence = yield from tsne.embed(vectors, perplexity)
        arrays["divergence"] = np.array(divergence)
    else:
        arrays |= {"points": plane.place(vectors), "explained": plane.explained(vectors), "mean": plane.mean,
                   "axes": plane.directions, "here": plane.place(cloud.here[None])[0]}  # fmt: skip
    if frame:
        arrays |= {"framed": frame.place(vectors), "framed_explained": frame.explained(vectors),
                   "framed_here": frame.place(cloud.here[None])[0]}  # fmt: skip
    narrow = {"f": np.float32, "i": np.int32, "u": np.uint8}
    arrays = {name: array.astype(narrow[array.dtype.kind]) for name, array in arrays.items()}
    return Trace(arrays, {name: DIMS.get(name, ()) for name in arrays}, {"divergence": "nats"}, state)


DIMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("points", "framed"), ("batch", "feature")),
    **dict.fromkeys(("explained", "framed_explained", "here", "framed_here"), ("feature",)),
    **dict.fromkeys(("neighbours", "neighbour_distances"), ("batch", "key")),
    **dict.fromkeys(("here_neighbours", "here_distances"), ("key",)),
    **dict.fromkeys(("truth", "answer", "confidence", "voted", "own_distance", "rival", "rival_distance"), ("batch",)),
    "mean": ("unit",),
    "axes": ("feature", "unit"),
    "pictures": ("batch", "channel", "height", "width"),
}


def _check(space: str, method: str, perplexity: Any, count: int) -> None:
    for what, given, known in (("space", space, SPACES), ("method", method, METHODS)):
        if given not in known:
            raise InvalidInput(f"last_layer.{what}", f"must be one of {', '.join(known)}", given, known[0])
    most = min(MOST_PERPLEXITY, count - 1)
    if isinstance(perplexity, bool) or not isinstance(perplexity, int | float) or not (
        LEAST_PERPLEXITY <= perplexity <= most
    ):  # fmt: skip
        raise InvalidInput("last_layer.perplexity", f"must be from {LEAST_PERPLEXITY} to {most}", perplexity, "30")


def _features(network: torch.nn.Sequential, shown: Tensor, labels: np.ndarray, picture: Tensor, classes: int,
              step: int) -> Turns:  # fmt: skip
    """By what the output layer is given; some passes through the network at a time."""
    body, output = network[:-1], network[-1]
    given: list[Tensor] = []
    begun = perf_counter()
    for batch in torch.cat([shown, picture[None]]).split(BATCH):
        with torch.no_grad():  # not around the whole loop: it would hold for whoever has a turn in between
            given.append(body(batch))
        if perf_counter() - begun > TURN:
            yield Progress(min(len(given) * BATCH, len(shown)), len(shown), "pictures through the network")
            begun = perf_counter()
    features = torch.cat(given)
    if not torch.isfinite(features).all():
        raise InvalidInput("last_layer", "needs features that are finite numbers", f"others at step {step}",
                           "an earlier moment")  # fmt: skip
    with torch.no_grad():
        logits = output(features[:-1]).double().numpy()
    found = features.double().numpy()
    vectors, here = found[:-1], found[-1]
    plane = principal_axes(vectors)
    yield Progress(len(shown), len(shown), "who is near whom")
    return Cloud(vectors, here, plane, lying(vectors, labels, classes), _answers(logits, labels))


def _pixels(dataset: str, picture: Tensor) -> Turns:
    """By the pixels themselves, a part of the work at a time."""
    vectors, _ = _of_pixels(dataset)
    yield Progress(0, 2, "principal axes of the pixels")
    plane = _pixel_axes(dataset)
    yield Progress(1, 2, "who is near whom")
    return Cloud(vectors, picture.flatten().double().numpy(), plane, _pixel_lie(dataset), {})


def _answers(logits: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    shares = np.exp(logits - logits.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    answer = logits.argmax(1)
    return {"answer": answer, "confidence": shares.max(1), "accuracy": np.array((answer == labels).mean())}


def _lies(found: Lying, labels: np.ndarray) -> dict[str, np.ndarray]:
    names = ("neighbours", "neighbour_distances", "own_distance", "rival", "rival_distance", "voted")
    numbers = {"neighbour_accuracy": (found.voted == labels).mean(), "between": found.between, "within": found.within}
    arrays = {name: getattr(found, name) for name in names}
    return arrays | {name: np.array(value) for name, value in numbers.items()}


def _around(cloud: Cloud, own: int) -> dict[str, np.ndarray]:
    """The neighbours of the run's own picture; it is no neighbour of itself where it is one of those shown."""
    if 0 <= own < len(cloud.vectors):
        places, far = cloud.lie.neighbours[own], cloud.lie.neighbour_distances[own]
    else:
        (places,), (far,) = nearest(distances(cloud.here[None], cloud.vectors))
    return {"here_neighbours": places, "here_distances": far}


# The pixels are the same for every run on these pictures.


@lru_cache(maxsize=2)
def _of_pixels(dataset: str) -> tuple[np.ndarray, np.ndarray]:
    pictures = data.load(CnnSpec(dataset=dataset))
    return pictures.test_x[:SHOWN].flatten(1).double().numpy(), pictures.test_y[:SHOWN].numpy()


@lru_cache(maxsize=2)
def _pixel_axes(dataset: str) -> Axes:
    return principal_axes(_of_pixels(dataset)[0])


@lru_cache(maxsize=2)
def _pixel_lie(dataset: str) -> Lying:
    return lying(*_of_pixels(dataset), CnnSpec(dataset=dataset).class_count)


def _frame(given: str, units: int) -> Axes:
    wanted = f"must be base64 of 3 × {units} float32: a mean and two directions"
    if not isinstance(given, str) or units > MOST_UNITS:
        raise InvalidInput("last_layer.axes", wanted, type(given).__name__, "leaving it out")
    try:
        numbers = np.frombuffer(base64.b64decode(given, validate=True), "<f4").astype(float)
    except (binascii.Error, ValueError):
        numbers = np.empty(0)
    if numbers.size != 3 * units or not np.isfinite(numbers).all():
        raise InvalidInput("last_layer.axes", wanted, f"{numbers.size} numbers", "leaving it out")
    mean, *directions = numbers.reshape(3, units)
    return Axes(mean, np.stack(directions))
