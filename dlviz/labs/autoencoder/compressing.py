"""The panel Compression: how much of a picture survives a code of few numbers, in an autoencoder and in PCA."""

from __future__ import annotations

import copy
from collections.abc import Generator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder import principal, storing, sweeping
from dlviz.labs.autoencoder.data import load
from dlviz.labs.autoencoder.principal import Principal
from dlviz.labs.autoencoder.probe import PICTURE, in_bytes, plain, state_of
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.labs.autoencoder.sweeping import NETWORKS, SIZES, Kept
from dlviz.training.asking import whole

if TYPE_CHECKING:
    from dlviz.labs.autoencoder.run import AutoencoderRun

Turns = Generator[Progress, None, Trace]

MOST_STEPS = 5000
CURVE = 64  # principal directions of which the error is told
EIGEN = 16  # of which the picture is shown
SHOWN = 48  # test pictures one can look at
ROWS = ("error", "quantized", "explained", "parameters")
WORDS = {"autoencoder": "autoencoder", "linear": "linear autoencoder"}
COLUMNS = ("feature", "batch", "channel", "height", "width")


def compression(run: AutoencoderRun, steps: Any = 0, parameters: bool = True) -> Turns:
    """What codes of `sizes` (feature,) numbers keep of the test pictures, by PCA at once, and with `steps` by two
    autoencoders each, trained here from nothing: one of the run's layers, one linear. Without `steps` what ships of
    these, where the settings are those of it.

    Of each `name` (`pca`, `autoencoder`, `linear`): `<name>_error`, `_quantized`, `_explained`, `_parameters`
    (feature,), as in `sweeping.Kept`, NaN where not trained; `<name>_again` (feature, batch, channel, height, width) as
    bytes, of the test pictures `input`, whose classes are `truth` (batch,). `linear_angles` (feature, unit): see
    `principal.angles`, −1 beyond the size. `done` (feature,): how many of both networks there are.

    `curve` (point,): PCA's error with 0, 1, 2, … directions; `share` (point,) of the training pictures' variance along
    each; `mean_picture` (channel, height, width), `eigen` (unit, channel, height, width). `raw_bytes`, `png_bytes` ()
    of a picture. `own_error`, `own_size`: those of the run's own network; `trained` (): steps. Raises `InvalidInput`.
    """
    steps = whole("compression.steps", steps, 0, MOST_STEPS)
    return _found(run.spec, copy.deepcopy(run.network).eval(), steps, parameters)


def _found(spec: AutoencoderSpec, own: Any, steps: int, parameters: bool) -> Turns:
    from dlviz.labs.autoencoder import kept_sweep  # which trains by this file

    total = max(1, steps * len(SIZES) * len(NETWORKS))
    yield Progress(0, total, "principal directions")
    basis = Basis(spec)
    yield Progress(0, total, "the network of this page")
    fixed = Trace(*_own(own, spec, basis), {}, state_of(own) if parameters else {})
    shipped = None if steps else kept_sweep.read(spec)
    if shipped:
        return basis.trace(shipped.arrays, shipped.dims, fixed)
    sweep = Sweep(basis, steps)
    if not steps:
        return basis.trace(*sweep.arrays(), fixed)
    yield Progress(0, total, "principal directions", basis.trace(*sweep.arrays(), fixed))
    done = 0
    for size in SIZES:
        for name in NETWORKS:
            moves = sweeping.trained(name, spec, size, basis.pictures, steps)
            while True:
                try:
                    at = next(moves)
                except StopIteration as end:
                    network = end.value
                    break
                yield Progress(done + at, total, f"{WORDS[name]} of {size}, step {at}")
            done += steps
            sweep.take(name, sweeping.measured(network, size, basis.pictures, basis.found, SHOWN))
            yield Progress(done, total, f"{WORDS[name]} of {size}: measured",
                           basis.trace(*sweep.arrays(), fixed))  # fmt: skip
    return basis.trace(*sweep.arrays(), fixed)


class Basis:
    """The pictures of a spec and their principal components: what needs no training."""

    def __init__(self, spec: AutoencoderSpec) -> None:
        self.pictures = load(spec).pictures
        self.found, self.kept, self.png = _principal(spec.dataset, spec.examples, spec.leave_out)

    def trace(self, arrays: Any, dims: Any, fixed: Trace) -> Trace:
        """One Trace of a sweep (its arrays and their axes), of PCA, and of what stays the same."""
        found, test = self.found, self.pictures.test_x
        shape = tuple(test.shape[1:])
        own = {f"pca_{row}": np.array([getattr(each, row) for each in self.kept], np.float32) for row in ROWS}
        own |= {
            "sizes": np.array(SIZES, np.int32),
            "curve": plain(principal.errors(found, test)),
            "share": plain(found.share),
            "pca_again": plain(in_bytes(torch.stack([each.again for each in self.kept]))),
            "input": plain(in_bytes(test[:SHOWN])),
            "truth": plain(self.pictures.test_y[:SHOWN]),
            "mean_picture": plain(found.mean.reshape(shape)),
            "eigen": plain(found.directions[:EIGEN].reshape(-1, *shape)),
            "raw_bytes": np.array(storing.raw_bytes(test), np.int32),
            "png_bytes": np.array(self.png, np.float32),
        }
        axes: dict[str, tuple[str, ...]] = {f"pca_{row}": ("feature",) for row in ROWS}
        axes |= {"sizes": ("feature",), "curve": ("point",), "share": ("point",), "pca_again": COLUMNS,
                 "input": PICTURE, "truth": ("batch",), "mean_picture": PICTURE[1:], "raw_bytes": (),
                 "png_bytes": (), "eigen": ("unit", *PICTURE[1:])}  # fmt: skip
        return Trace({**own, **fixed.arrays, **arrays}, {**axes, **fixed.dims, **dims}, {}, fixed.state)


@lru_cache(maxsize=4)
def _principal(dataset: str, examples: int, leave_out: str) -> tuple[Principal, tuple[Kept, ...], float]:
    pictures = load(AutoencoderSpec(dataset=dataset, examples=examples, leave_out=leave_out)).pictures
    found = principal.analyse(pictures.train_x, CURVE)
    kept = tuple(sweeping.of_principal(found, size, pictures, SHOWN) for size in SIZES)
    return found, kept, storing.png_bytes(pictures.test_x[:SHOWN])


def _own(network: Any, spec: AutoencoderSpec, basis: Basis) -> tuple[dict[str, np.ndarray], dict[str, tuple[str, ...]]]:
    """The test error of the run's own network, decoded from the mean of each code."""
    test, labels = basis.pictures.test_x, basis.pictures.test_y
    with torch.no_grad():
        lost = [
            (network.pictures(network.decode(network.encode(x, y).mean, y)) - x).square().flatten(1).mean(1)
            for x, y in zip(test.split(250), labels.split(250), strict=True)
        ]
    arrays = {"own_error": np.array(torch.cat(lost).mean().item(), np.float32),
              "own_size": np.array(spec.latent, np.int32)}  # fmt: skip
    return arrays, dict.fromkeys(arrays, ())


class Sweep:
    """What the networks trained so far keep, as arrays; NaN, and black pictures, where there is none yet."""

    def __init__(self, basis: Basis, steps: int) -> None:
        self.steps = steps
        self.kept: dict[str, dict[int, Kept]] = {name: {} for name in NETWORKS}
        self.shape = (min(SHOWN, len(basis.pictures.test_x)), *basis.pictures.test_x.shape[1:])

    def take(self, name: str, kept: Kept) -> None:
        """Another network."""
        self.kept[name][kept.size] = kept

    def arrays(self) -> tuple[dict[str, np.ndarray], dict[str, tuple[str, ...]]]:
        """Arrays and their axes, as `compression` says; without any network only `done` and `trained`."""
        done = np.array([sum(size in kept for kept in self.kept.values()) for size in SIZES], np.int32)
        found: dict[str, np.ndarray] = {"done": done, "trained": np.array(self.steps, np.int32)}
        dims: dict[str, tuple[str, ...]] = {"done": ("feature",), "trained": ()}
        if not done.any():
            return found, dims
        for name, kept in self.kept.items():
            for what in ROWS:
                values = [getattr(kept[size], what) if size in kept else np.nan for size in SIZES]
                found[f"{name}_{what}"], dims[f"{name}_{what}"] = np.array(values, np.float32), ("feature",)
            again = torch.stack([kept[size].again if size in kept else torch.zeros(self.shape) for size in SIZES])
            found[f"{name}_again"], dims[f"{name}_again"] = plain(in_bytes(again)), COLUMNS
        angles = np.full((len(SIZES), SIZES[-1]), -1, np.float32)
        for row, size in zip(angles, SIZES, strict=True):
            each = self.kept["linear"].get(size)
            if each is not None and each.angles is not None:
                row[: len(each.angles)] = plain(each.angles)
        return found | {"linear_angles": angles}, dims | {"linear_angles": ("feature", "unit")}
