"""Ways from one picture to another: through the code, straight or on an arc, and pixel by pixel; and a − b + c."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.data import sprites
from dlviz.labs.autoencoder.measuring import SAMPLE
from dlviz.labs.autoencoder.probe import PICTURE, state_of, trace
from dlviz.training import classifiers
from dlviz.training.asking import whole
from dlviz.training.evaluating import evaluating
from dlviz.training.ways import WAYS, way_between

if TYPE_CHECKING:
    from dlviz.labs.autoencoder.run import AutoencoderRun

FEWEST, MOST = 2, 30  # pictures of a strip
NEAREST = 5


def interpolate(
    run: AutoencoderRun, a: Any = 0, b: Any = 1, steps: Any = 9, way: Any = "linear", c: Any = None,
    label: Any = None, parameters: bool = True,
) -> Trace:  # fmt: skip
    """From test picture `a` to test picture `b` in `steps` pictures, the ends among them.

    `path` (step, unit): codes, from μ of a to μ of b, in a straight line or `spherical` (`training.ways`); `strip`
    (step, channel, height, width): decoded from these; `cross_fade`: (1 − t) a + t b of the pixels; `norm` (step,):
    |z|; `is_arc` (): 0 where a spherical way was asked for and the codes are too nearly in line. `change` and
    `fade_change` (step,): mean squared error of each picture against the one before. `confidence` and `answer`,
    `fade_confidence` and `fade_answer` (step,): the small classifier's, where there is one. `inputs` (batch, …),
    `truth`, `index` (batch,): the pictures, their classes and places; `codes` (batch, unit).

    With a third test picture `c`: `combined` (unit,) = a − b + c of the codes, `result` (channel, height, width), which
    is decoded from it, `nearest` (batch,): the five test pictures, of those whose codes are measured, whose codes are
    nearest, without a, b and c themselves, and their `distance`. Of sprites, whose factors are known: `factors` (batch,
    feature) of the inputs, `wanted` (channel, height, width) drawn with the factors a − b + c within their limits (see
    `drawn`), and `presets` (feature, batch): for each factor an a, b, c in which b and c differ in that one alone, as
    nearly as any of the first 500 do.

    `label`: the class that a conditional network is told when it decodes, that of a where none is given.
    Raises `InvalidInput`.
    """
    spec, network, pictures = run.spec, run.network, run.data.pictures
    last = len(pictures.test_x) - 1
    chosen = {"a": a, "b": b} if c is None else {"a": a, "b": b, "c": c}
    at = torch.tensor([whole(f"interpolate.{name}", value, 0, last) for name, value in chosen.items()])
    steps = whole("interpolate.steps", steps, FEWEST, MOST)
    if way not in WAYS:
        raise InvalidInput("interpolate.way", f"must be one of {', '.join(WAYS)}", way, WAYS[0])
    x, y = pictures.test_x[at], pictures.test_y[at]
    told = int(y[0]) if label is None else whole("interpolate.label", label, 0, len(spec.classes) - 1)
    with evaluating(network):
        codes = network.encode(x, y).mean
        path, is_arc = way_between(codes[0], codes[1], steps, way)
        z = path if c is None else torch.cat([path, (codes[0] - codes[1] + codes[2])[None]])
        decoded = network.pictures(network.decode(z, torch.full((len(z),), told)))
    share = torch.linspace(0, 1, steps)[:, None, None, None]
    fade = (1 - share) * x[0] + share * x[1]
    strip = decoded[:steps]
    found = {"path": path, "strip": strip, "cross_fade": fade, "norm": path.norm(dim=1), "is_arc": torch.tensor(is_arc),
             "change": changes(strip), "fade_change": changes(fade), "inputs": x, "truth": y, "index": at,
             "codes": codes}  # fmt: skip
    found |= _read(spec.dataset, strip, "") | _read(spec.dataset, fade, "fade_")
    if c is not None:
        nearest, distance = nearest_to(z[-1], run.measured().mean, at)
        found |= {"combined": z[-1], "result": decoded[-1], "nearest": nearest, "distance": distance}
    known = run.data.factors
    if known is not None:
        found |= {"factors": known[at], "presets": presets(known[:SAMPLE], pictures.test_y[:SAMPLE])}
        if c is not None:
            found["wanted"] = drawn(known[at], spec.classes[int(y[0])])
    return trace(found, DIMS, state_of(network) if parameters else {})


_EACH_STEP = ("norm", "change", "fade_change", "confidence", "answer", "fade_confidence", "fade_answer")
DIMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_EACH_STEP, ("step",)),
    **dict.fromkeys(("truth", "index", "nearest", "distance"), ("batch",)),
    **dict.fromkeys(("strip", "cross_fade"), ("step", *PICTURE[1:])),
    **dict.fromkeys(("result", "wanted"), PICTURE[1:]),
    "path": ("step", "unit"), "inputs": PICTURE, "codes": ("batch", "unit"), "combined": ("unit",), "is_arc": (),
    "factors": ("batch", "feature"), "presets": ("feature", "batch"),
}  # fmt: skip


def changes(pictures: Tensor) -> Tensor:
    """Mean squared error of each picture (n, …) against the one before, (n,); of the first 0."""
    apart = (pictures[1:] - pictures[:-1]).square().flatten(1).mean(1)
    return torch.cat([torch.zeros(1), apart])


def nearest_to(z: Tensor, codes: Tensor, without: Tensor) -> tuple[Tensor, Tensor]:
    """Places of the codes (n, latent) nearest to z (latent,), nearest first, but for those at `without`; distances."""
    apart = (codes - z).norm(dim=1)
    apart[without[without < len(codes)]] = torch.inf
    distance, at = apart.sort(stable=True)
    count = min(NEAREST, int(distance.isfinite().sum()))
    return at[:count], distance[:count]


def _read(dataset: str, shown: Tensor, prefix: str) -> dict[str, Tensor]:
    """What the small classifier says of pictures, under two names; nothing where there is none."""
    reader = classifiers.shipped(dataset)
    if reader is None:
        return {}
    sure, said = classifiers.logits(reader, shown.clamp(0, 1)).softmax(1).max(1)
    return {f"{prefix}confidence": sure, f"{prefix}answer": said}


def drawn(factors: Tensor, shape: str) -> Tensor:
    """The sprite, (3, 24, 24), with the factors a − b + c of three (3, factor), cut to their limits."""
    low, high = np.array([sprites.LIMITS[name] for name in sprites.FACTORS]).T
    a, b, c = factors.numpy().astype(np.float64)
    return torch.from_numpy(sprites.picture(shape, *np.clip(a - b + c, low, high)))


APART, ALIKE = 0.4, 0.08  # shares of a factor's range by which b and c differ at least, and a and b at most


def presets(factors: Tensor, labels: Tensor) -> Tensor:
    """Places of a, b, c for each factor, (factor, 3): b and c are of one class and differ in that factor by 0.4 of its
    range or more, and in the others as little as any two do; a is like b in the factor, and in the others as far from
    it as any is. So a − b + c should be a with the factor of c."""
    low, high = torch.tensor([sprites.LIMITS[name] for name in sprites.FACTORS]).T
    place = (factors - low) / (high - low)
    apart = (place[:, None] - place[None]).abs()  # (picture, picture, factor)
    alike = labels[:, None] == labels[None]
    found = []
    for factor in range(len(sprites.FACTORS)):
        others = apart.square().sum(2) - apart[:, :, factor].square()
        pairs = others.masked_fill(~alike | (apart[:, :, factor] < APART), torch.inf)
        b, c = divmod(int(pairs.argmin()), len(place))
        far = others[b].masked_fill(apart[b, :, factor] > ALIKE, -1)
        far[[b, c]] = -1
        found.append([int(far.argmax()), b, c])
    return torch.tensor(found)
