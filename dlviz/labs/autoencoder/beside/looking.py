"""What the page gets of one moment of both networks: decoders, codes, the plane, and how sure one can be on it."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor

from dlviz.core.trace import Trace
from dlviz.labs.autoencoder.beside import measuring
from dlviz.labs.autoencoder.model import Autoencoder
from dlviz.labs.autoencoder.probe import among, state_of, trace
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training import classifiers

NETWORKS = ("plain", "variational")
SIDE = 25  # cells along a side of the map
DRAWN = 12  # codes of each source that one can look at

CELL = ("height", "width")
DIMS: dict[str, tuple[str, ...]] = {
    "codes": ("point", "unit"), "log_variance": ("point", "unit"), "places": ("point", "direction"),
    "clouds": ("point", "direction"), "center": ("unit",), "axes": ("direction", "unit"), "inside": CELL,
    "confidence": CELL, "answer": CELL, "hole": ("direction",), "drawn": ("feature", "batch", "unit"),
}  # fmt: skip


@dataclass(frozen=True)
class Codes:
    """`mean` (point, latent) of the test pictures, and of a VAE `log_variance` (point, latent)."""

    mean: Tensor
    log_variance: Tensor | None


def encoded(networks: dict[str, Autoencoder], pictures: Tensor) -> dict[str, Codes]:
    """The codes of pictures (point, channel, height, width) in both."""
    with torch.no_grad():
        found = {kind: network.encode(pictures) for kind, network in networks.items()}
    return {kind: Codes(code.mean, code.log_variance) for kind, code in found.items()}


def seen(
    networks: dict[str, Autoencoder], codes: dict[str, Codes], labels: Tensor, spec: AutoencoderSpec, step: int,
    parameters: bool = True,
) -> Trace:  # fmt: skip
    """Both networks at a step: `step` and `reach` (), `labels` (point,), and of each, by `<network>_`:

    `codes` and `log_variance` (point, unit) of test pictures; the window (see `measuring.Window`): `center` (unit,) and
    `axes` (direction, unit), where the codes are in it, `places`, and how wide their clouds, `clouds` (point,
    direction); of each of its cells (height, width) whether codes lie near, `inside`, how sure the classifier is of
    what is decoded there, `confidence`, and which class it says, `answer`; the place of least confidence in the middle
    of it, `hole` (direction,); and `drawn` (feature, batch, unit), the first 12 codes of each source that are measured,
    NaN where there are fewer. The decoders' parameters are `state`; its `plan` says as JSON what they belong to.
    """
    reader = classifiers.shipped(spec.dataset)
    windows = measuring.windows([codes[kind].mean for kind in NETWORKS])
    found: dict[str, Tensor] = {"step": torch.tensor(step), "reach": torch.tensor(windows[0].reach), "labels": labels}
    dims: dict[str, tuple[str, ...]] = {"step": (), "reach": (), "labels": ("point",)}
    for kind, window in zip(NETWORKS, windows, strict=True):
        of_one = _plane(networks[kind], codes[kind], labels, window, reader, spec.seed)
        found |= {f"{kind}_{name}": values for name, values in of_one.items()}
        dims |= {f"{kind}_{name}": DIMS[name] for name in of_one}
    state = {"plan": np.array([json.dumps(plan_of(spec))]), "sources": np.array(measuring.SOURCES)}
    if parameters:
        state |= {f"{kind}.{name}": values for kind in NETWORKS for name, values in decoder_of(networks[kind]).items()}
    return trace(found, dims, state)


def decoder_of(network: Autoencoder) -> dict[str, np.ndarray]:
    """Copies of the decoder's parameters, as the whole network names them."""
    return {name: values for name, values in state_of(network).items() if name.startswith("decoder.")}


def plan_of(spec: AutoencoderSpec) -> dict[str, object]:
    """What the page needs to decode: the decoder's rows, and the settings they are read with."""
    rows = [row.describe() for row in spec.rows if row.part == "decoder"]
    settings = {"activation": spec.activation, "likelihood": spec.likelihood, "latent": spec.latent, "kind": "plain"}
    shown = {"rows": rows, "spec": settings, "told": 0, "shape": list(spec.picture_shape)}
    return {"shown": shown, "classes": list(spec.classes), "dataset": spec.dataset, "samples": measuring.SAMPLES}


def _plane(
    network: Autoencoder, codes: Codes, labels: Tensor, window: measuring.Window, reader: torch.nn.Sequential | None,
    seed: int,
) -> dict[str, Tensor]:  # fmt: skip
    cells = window.cells(SIDE).flatten(0, 1)
    found = {"codes": codes.mean, "center": window.center, "axes": window.axes, "places": window.places(codes.mean),
             "inside": among(cells, codes.mean).reshape(SIDE, SIDE).to(torch.uint8)}  # fmt: skip
    if codes.log_variance is not None:
        found |= {"log_variance": codes.log_variance, "clouds": window.clouds(codes.log_variance)}
    if reader is None:
        return found
    sure, said = measuring.read(network, reader, cells)
    within = measuring.middle(window.reach, SIDE).flatten()
    least = torch.where(within, sure, torch.inf).argmin()
    hole = measuring.steps_of(window.reach, SIDE).flatten(0, 1)[least]
    drawn = torch.full((len(measuring.SOURCES), DRAWN, codes.mean.shape[1]), torch.nan)
    for at, source in enumerate(measuring.SOURCES):
        chance = Generator().manual_seed(seed)
        some = measuring.drawn(source, codes.mean, labels, measuring.SAMPLES, chance, wanted=DRAWN)
        drawn[at, : len(some)] = some
    of_cells = {"confidence": sure.reshape(SIDE, SIDE), "answer": said.reshape(SIDE, SIDE)}
    return {**found, **of_cells, "hole": hole, "drawn": drawn}
