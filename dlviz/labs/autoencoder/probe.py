"""Probes of the Autoencoder lab that panels share: codes, the manifold, weights, test pictures, the classifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.trace import Trace
from dlviz.labs.autoencoder.model import Autoencoder
from dlviz.training import classifiers
from dlviz.training.asking import places, whole
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.autoencoder.run import AutoencoderRun

PICTURE = ("batch", "channel", "height", "width")
LATENT_SHOWN = 100
MOST_SIDE = 30  # cells along a side of a manifold


def latent(run: AutoencoderRun, count: Any = None, sample: bool = True) -> Trace:
    """The first 100 test pictures, or `count`: `input` (batch, channel, height, width), `label` (batch,), their codes
    `mean` and, of a VAE, `log_variance` (batch, unit), `epsilon` ~ N(0, 1), `z` = mean + exp(log_variance / 2) ·
    epsilon (the mean itself without `sample`, or where the code is a point), and the `reconstruction` decoded from z.

    ε is of the run's seed. Parameters are the state. Raises `InvalidInput`.
    """
    pictures = run.data.pictures
    most = len(pictures.test_x)
    some = slice(min(LATENT_SHOWN, most) if count is None else whole("latent.count", count, 1, most))
    x, y = pictures.test_x[some], pictures.test_y[some]
    network, chance = run.network, torch.Generator().manual_seed(run.spec.seed)
    with evaluating(network):
        code = network.encode(x, y)
        epsilon = torch.randn(code.mean.shape, generator=chance) if sample and code.log_variance is not None else None
        z = code.at(epsilon)
        again = network.pictures(network.decode(z, y))
    found = {"input": x, "label": y, "mean": code.mean, "log_variance": code.log_variance, "epsilon": epsilon, "z": z,
             "reconstruction": again}  # fmt: skip
    codes = dict.fromkeys(("mean", "log_variance", "epsilon", "z"), ("batch", "unit"))
    dims: dict[str, tuple[str, ...]] = {"input": PICTURE, "label": ("batch",), **codes, "reconstruction": PICTURE}
    return trace({name: values for name, values in found.items() if values is not None}, dims, state_of(network))


def manifold(
    run: AutoencoderRun, side: int = 20, a: int = 0, b: int = 1, label: int = 0, parameters: bool = True
) -> Trace:
    """What is decoded on a grid over the numbers `a` and `b` of the code, the others as in the picture on screen.

    `grid` (height, width, channel, height, width): the row above has the larger b. `first` and `second` (point,): the
    values along the axes: quantiles of N(0, 1) at (i + ½) / side for a VAE, so that each cell stands for as much of the
    prior; else even steps over the range of the test pictures' codes. `z` (height, width, unit). `confidence` and
    `answer` (height, width): what the small classifier says of each cell, where there is one for these pictures;
    `inside` (height, width): 1 where a cell lies among the codes of test pictures (see `among`). `label`: the class a
    conditional network is told. Raises `InvalidInput`.
    """
    spec, network = run.spec, run.network
    side = whole("manifold.side", side, 2, MOST_SIDE)
    a, b = (whole(f"manifold.{name}", value, 0, max(1, spec.latent - 1)) for name, value in (("a", a), ("b", b)))
    told = torch.tensor([whole("manifold.label", label, 0, len(spec.classes) - 1)])
    pixels, own = run.picture.batch
    with evaluating(network):
        rest = network.encode(pixels, own).mean[0]
        codes = run.measured().mean
        a, b = min(a, spec.latent - 1), min(b, spec.latent - 1)
        first, second = (axis(codes[:, at], side, spec.is_variational) for at in (a, b))
        z = rest.repeat(side, side, 1)
        if spec.latent > 1:
            z[:, :, b] = second.flip(0)[:, None]
        z[:, :, a] = first
        flat = z.flatten(0, 1)
        pictures = network.pictures(network.decode(flat, told.expand(len(flat))))
    found: dict[str, Tensor] = {"grid": pictures.unflatten(0, (side, side)), "first": first, "second": second, "z": z,
                                "inside": among(flat, codes).reshape(side, side).to(torch.uint8)}  # fmt: skip
    reader = classifiers.shipped(spec.dataset)
    if reader is not None:
        sure, said = reader(pictures.clamp(0, 1)).softmax(1).max(1)
        found |= {"confidence": sure.reshape(side, side), "answer": said.reshape(side, side)}
    cell = ("height", "width")
    dims: dict[str, tuple[str, ...]] = {"grid": (*cell, "channel", *cell), "z": (*cell, "unit")}
    dims |= dict.fromkeys(("first", "second"), ("point",)) | dict.fromkeys(("inside", "confidence", "answer"), cell)
    return trace(found, dims, state_of(network) if parameters else {})


def axis(codes: Tensor, side: int, is_variational: bool) -> Tensor:
    """Where a grid of `side` values lies along one number of the code (see `manifold`)."""
    shares = (torch.arange(side) + 0.5) / side
    if is_variational:
        return torch.special.ndtri(shares)
    low, high = codes.min(), codes.max()
    return low + (high - low) * shares


NEIGHBOURS = 5


def among(z: Tensor, codes: Tensor) -> Tensor:
    """Whether points (n, latent) lie among codes (m, latent): as near to their 5th nearest code as most codes are.

    "Most": 95 % of the codes, each measured against the others.
    """
    if len(codes) <= NEIGHBOURS:
        return torch.zeros(len(z), dtype=torch.bool)
    own = _distances(codes, codes).kthvalue(NEIGHBOURS + 1).values  # the nearest is itself
    return _distances(z, codes).kthvalue(NEIGHBOURS).values <= own.quantile(0.95)


def _distances(z: Tensor, codes: Tensor) -> Tensor:
    """(n, m), from the differences: by products those of codes that lie close together, far from 0, would be lost."""
    return torch.cdist(z, codes, compute_mode="donot_use_mm_for_euclid_dist")


def weights(run: AutoencoderRun) -> Trace:
    """All parameters under `state/`, and of the picture on screen `mean` and, of a VAE, `log_variance` (unit,), and
    what is decoded from the mean, `reconstruction` (channel, height, width): for the page to check itself by."""
    pixels, label = run.picture.batch
    with evaluating(run.network):
        code = run.network.encode(pixels, label)
        again = run.network.pictures(run.network.decode(code.mean, label))
    found = {"mean": code.mean[0], "reconstruction": again[0]}
    if code.log_variance is not None:
        found["log_variance"] = code.log_variance[0]
    dims: dict[str, tuple[str, ...]] = {"mean": ("unit",), "log_variance": ("unit",), "reconstruction": PICTURE[1:]}
    return trace(found, dims, state_of(run.network))


def album(run: AutoencoderRun, indices: Any = None, parameters: bool = True) -> Trace:
    """Test pictures by their places, 24 where none are named: `pictures` (batch, channel, height, width) as bytes,
    their classes `truth` and places `index` (batch,), their codes' `mean` (batch, unit), and what is decoded from
    these, `reconstruction`, as bytes. Raises `InvalidInput`."""
    pictures, network = run.data.pictures, run.network
    at = places("album.indices", indices, len(pictures.test_x))
    x, y = pictures.test_x[at], pictures.test_y[at]
    with evaluating(network):
        mean = network.encode(x, y).mean
        again = network.pictures(network.decode(mean, y))
    found = {"pictures": in_bytes(x), "truth": y, "index": at, "mean": mean, "reconstruction": in_bytes(again)}
    dims: dict[str, tuple[str, ...]] = {"pictures": PICTURE, "truth": ("batch",), "index": ("batch",)}
    dims |= {"mean": ("batch", "unit"), "reconstruction": PICTURE}
    return trace(found, dims, state_of(network) if parameters else {})


def in_bytes(pictures: Tensor) -> Tensor:
    """Pixels of [0, 1] as bytes; what a decoder put outside is cut."""
    return (pictures.clamp(0, 1) * 255).round().to(torch.uint8)


def classifier(run: AutoencoderRun) -> Trace:
    """The parameters of the small classifier of these pictures under `state/`, by layer (see `training.classifiers`),
    and its probabilities of the picture on screen, `read` (class,), and of what is decoded from its code, `read_again`.

    `accuracy` (): its share of right answers on test pictures. Empty where there is no classifier.
    """
    reader = classifiers.shipped(run.spec.dataset)
    if reader is None:
        return trace({}, {})
    pictures, (pixels, label) = run.data.pictures, run.picture.batch
    right = (classifiers.logits(reader, pictures.test_x).argmax(1) == pictures.test_y).float().mean()
    with evaluating(run.network):
        again = run.network.pictures(run.network.decode(run.network.encode(pixels, label).mean, label)).clamp(0, 1)
    read, read_again = classifiers.logits(reader, torch.cat([pixels, again])).softmax(1)
    dims: dict[str, tuple[str, ...]] = {"accuracy": (), "read": ("class",), "read_again": ("class",)}
    return trace({"accuracy": right, "read": read, "read_again": read_again}, dims, classifiers.state_of(reader))


def state_of(network: Autoencoder) -> dict[str, np.ndarray]:
    """Copies of all parameters by name."""
    return {name: plain(value) for name, value in network.state_dict().items()}


def trace(
    found: dict[str, Tensor], dims: dict[str, tuple[str, ...]], state: dict[str, np.ndarray] | None = None
) -> Trace:
    """A Trace of tensors; axes of those that are not there may be named as well."""
    return Trace(
        {name: plain(values) for name, values in found.items()}, {name: dims[name] for name in found}, {}, state or {}
    )


def plain(values: Tensor) -> np.ndarray:
    """A copy as numpy: f32, i32 or bytes."""
    array = values.detach().cpu().numpy()
    if array.dtype == np.uint8:
        return array.copy()
    return array.astype(np.int32 if array.dtype.kind in "ib" else np.float32)
