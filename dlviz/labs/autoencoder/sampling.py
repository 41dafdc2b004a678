"""The panel Sample: pictures decoded from draws of the prior, what a classifier says of them, what they resemble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Generator, Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder.model import Code
from dlviz.labs.autoencoder.probe import PICTURE, in_bytes, state_of, trace
from dlviz.training import classifiers
from dlviz.training.asking import number, whole
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.autoencoder.run import AutoencoderRun

SOURCES = ("prior", "fitted", "box", "posterior")
MOST = 200
YARDSTICK = 100  # real pictures that a decoded one is held against
COLDEST, HOTTEST = 0.1, 3.0
LARGEST_SEED = 2**31 - 1
FARTHEST = 1e4  # no code of a picture lies there
JITTER = 1e-6  # added to variances, so that a unit that never moves leaves the covariance with a root


def sample(
    run: AutoencoderRun,
    count: Any = 64,
    temperature: Any = 1.0,
    seed: Any = 0,
    label: Any = None,
    source: Any = "prior",
    z: Any = None,
    parameters: bool = True,
) -> Trace:
    """Pictures decoded from `count` codes drawn by `seed`, or from the codes `z` that are given.

    `source`: `prior`, N(0, T²), T the `temperature`; `fitted`, the normal distribution with mean and T² times the
    covariance of the test pictures' codes; `box`, even over the range of these codes, T times as wide; `posterior`,
    N(μ, T² σ²) of a test picture drawn for each (of a plain autoencoder its code). A conditional network is told
    `label`, or without one the classes in turns.

    `z` (batch, unit), `samples` (batch, channel, height, width), `told` (batch,): the classes; `confidence` and
    `answer` (batch,): what the small classifier says, where there is one. `nearest`, `distance` (batch,): the training
    picture that is nearest by pixels, and how far, √Σ(difference²); `nearest_pictures` as bytes and `nearest_label`.
    `usual_distance` (): the median of that distance over real test pictures, the first 100.
    `code_distance` (batch,): how far the nearest code of a test picture is. Raises `InvalidInput`.
    """
    spec, network = run.spec, run.network
    count = whole("sample.count", count, 1, MOST)
    seed = whole("sample.seed", seed, 0, LARGEST_SEED)
    warmth = number("sample.temperature", temperature, COLDEST, HOTTEST)
    if source not in SOURCES:
        raise InvalidInput("sample.source", f"must be one of {', '.join(SOURCES)}", source, SOURCES[0])
    classes = len(spec.classes)
    single = None if label is None else whole("sample.label", label, 0, classes - 1)
    measured = run.measured()
    codes = Code(measured.mean, measured.log_variance)
    given = drawn(codes, count, warmth, seed, source) if z is None else checked(z, spec.latent)
    told = torch.arange(len(given)) % classes if single is None else torch.full((len(given),), single)
    with evaluating(network):
        pictures = network.pictures(network.decode(given, told))
    train_x, train_y = run.data.pictures.train_x, run.data.pictures.train_y
    nearest, distance = nearest_of(pictures, train_x)
    found = {"z": given, "samples": pictures, "told": told, "nearest": nearest, "distance": distance,
             "nearest_pictures": in_bytes(train_x[nearest]), "nearest_label": train_y[nearest],
             "code_distance": nearest_of(given, measured.mean)[1]}  # fmt: skip
    reader = classifiers.shipped(spec.dataset)
    found["usual_distance"] = nearest_of(run.data.pictures.test_x[:YARDSTICK], train_x)[1].median()
    if reader is not None:
        sure, said = classifiers.logits(reader, pictures.clamp(0, 1)).softmax(1).max(1)
        found |= {"confidence": sure, "answer": said}
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(found, ("batch",))
    dims |= {"usual_distance": (), "z": ("batch", "unit"), "samples": PICTURE, "nearest_pictures": PICTURE}
    return trace(found, dims, state_of(network) if parameters else {})


def nearest_of(some: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
    """Of each of `some` (n, …) the place of the nearest of `known` (m, …), and how far it is, each (n,)."""
    some, known = some.flatten(1), known.flatten(1)
    at = torch.cdist(some, known).argmin(1)
    return at, (some - known[at]).norm(dim=1)  # cdist goes by products, which say little of a distance near 0


def drawn(codes: Code, count: int, temperature: float, seed: int, source: str) -> Tensor:
    """`count` codes of a source (see `sample`), (count, latent); `codes` are those of test pictures."""
    chance = Generator().manual_seed(seed)
    latent = codes.mean.shape[1]
    if source == "box":
        low, high = codes.mean.amin(0), codes.mean.amax(0)
        return (low + high) / 2 + temperature * (high - low) * (torch.rand(count, latent, generator=chance) - 0.5)
    noise = temperature * torch.randn(count, latent, generator=chance)
    if source == "prior":
        return noise
    if source == "fitted":
        covariance = torch.cov(codes.mean.T).reshape(latent, latent) + JITTER * torch.eye(latent)
        return codes.mean.mean(0) + noise @ torch.linalg.cholesky(covariance).T
    which = torch.randint(len(codes.mean), (count,), generator=chance)
    if codes.log_variance is None:
        return codes.mean[which]
    return codes.mean[which] + (codes.log_variance[which] / 2).exp() * noise


def checked(z: Any, latent: int) -> Tensor:
    """The codes that were given, (n, latent). Raises `InvalidInput`."""
    rule = f"must be 1 to {MOST} codes of {latent} numbers each"
    if not isinstance(z, list | tuple) or not 1 <= len(z) <= MOST:
        raise InvalidInput("sample.z", rule, z, str([[0.0] * latent]))
    for row in z:
        if not isinstance(row, list | tuple) or len(row) != latent:
            raise InvalidInput("sample.z", rule, row, str([0.0] * latent))
    return torch.tensor([[number("sample.z", value, -FARTHEST, FARTHEST) for value in row] for row in z])
