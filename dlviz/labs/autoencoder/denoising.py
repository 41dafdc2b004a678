"""Probe of the panel Denoise: pictures that were damaged, what the network restores of them, and two plain filters."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder.model import Autoencoder
from dlviz.labs.autoencoder.objective import damaged
from dlviz.labs.autoencoder.probe import PICTURE, state_of, trace
from dlviz.labs.autoencoder.spec import NOISES
from dlviz.training.asking import number, whole
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.autoencoder.run import AutoencoderRun

COUNT = 9
MEASURED = 200  # test pictures that a curve is measured on
MOST_COUNT = 200
LEVELS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
BLURS = (0.5, 0.75, 1.0, 1.5, 2.0)  # standard deviations in pixels
MEDIANS = (3, 5)  # sides in pixels; OpenCV has no others for numbers that are not bytes
MOST_DECIBELS = 100.0
SIDES = ("left", "right", "top", "bottom")
NEAREST = 8


def denoise(
    run: AutoencoderRun,
    noise_kind: Any = "gaussian",
    noise: Any = 0.4,
    count: Any = None,
    sweep: bool = False,
    hide: Any = None,
    parameters: bool = True,
) -> Generator[Progress, None, Trace]:
    """The first 9 test pictures, or `count`: `clean`, `damaged`, `restored` (batch, channel, height, width), their
    classes `label`, and `psnr_before` and `psnr_after` (batch,) in decibels. The noise is of the run's seed.

    `sweep`: curves over the noise as well (see `swept`). `hide`: a side, whose half of the picture on screen is hidden:
    what could have been there (see `alternatives`). With `parameters` they are the state. Raises `InvalidInput`.
    """
    if noise_kind not in NOISES:
        raise InvalidInput("denoise.noise_kind", f"must be one of {', '.join(NOISES)}", noise_kind, "gaussian")
    if hide is not None and hide not in SIDES:
        raise InvalidInput("denoise.hide", f"must be one of {', '.join(SIDES)}", hide, "left")
    amount = number("denoise.noise", noise, 0, 1)
    pictures, network = run.data.pictures, copy.deepcopy(run.network)
    most = min(MOST_COUNT, len(pictures.test_x))
    some = slice(min(COUNT, most) if count is None else whole("denoise.count", count, 1, most))
    x, y = pictures.test_x[some], pictures.test_y[some]
    hurt = damaged(x, noise_kind, amount, torch.Generator().manual_seed(run.spec.seed))
    again = restored(network, hurt, y)
    found = {"clean": x, "label": y, "damaged": hurt, "restored": again, "psnr_before": psnr(hurt, x),
             "psnr_after": psnr(again, x), "steps": torch.tensor(run.step)}  # fmt: skip
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(("clean", "damaged", "restored"), PICTURE)
    dims |= dict.fromkeys(("label", "psnr_before", "psnr_after"), ("batch",)) | {"steps": ()}
    state = state_of(network) if parameters else {}
    units = dict.fromkeys(("psnr_before", "psnr_after"), "dB")
    if hide is not None:
        more, their = alternatives(run.picture.pixels, pictures.train_x, hide)
        found, dims = found | more, dims | their
    if sweep:
        test = pictures.test_x[:MEASURED], pictures.test_y[:MEASURED]
        curves = yield from swept(network, *test, run.spec.seed)
        found, dims = found | curves, dims | _sweep_dims(curves)
        units |= {name: "dB" for name in curves if name.endswith("_psnr")}
    made = trace(found, dims, state)
    return Trace(made.arrays, made.dims, units, made.state)


def restored(network: Autoencoder, given: Tensor, labels: Tensor) -> Tensor:
    """What is decoded from the codes of damaged pictures; a conditional network is told the true class."""
    with evaluating(network):
        decoded = network.decode(network.encode(given, labels).mean, labels)
        return network.pictures(decoded)


def psnr(given: Tensor, clean: Tensor) -> Tensor:
    """10 log₁₀(1 / MSE) of each picture, (batch,): the peak signal-to-noise ratio in decibels, at most 100."""
    return decibels(((given - clean) ** 2).flatten(1).mean(1))


def decibels(mean_squares: Tensor) -> Tensor:
    """The peak signal-to-noise ratio of mean squared errors of pixels in [0, 1]."""
    return (-10 * mean_squares.clamp(min=1e-20).log10()).clamp(max=MOST_DECIBELS)


def swept(network: Autoencoder, x: Tensor, y: Tensor, seed: int) -> Generator[Progress, None, dict[str, Tensor]]:
    """Over the kinds of noise and the levels of `noise_level` (point,): decibels of the mean squared error over all
    pictures, each (class, point), a row a kind in the order of `NOISES`: `damaged_psnr`, `network_psnr`, and of a
    Gaussian blur and a median filter, each of the width that does best there, `blur_psnr` and `median_psnr`; these
    widths are `blur_width` (standard deviation) and `median_width` (side), in pixels."""
    total = len(NOISES) * len(LEVELS)
    names = ("damaged_psnr", "network_psnr", "blur_psnr", "median_psnr", "blur_width", "median_width")
    found = {name: torch.zeros(len(NOISES), len(LEVELS)) for name in names}
    for row, kind in enumerate(NOISES):
        for at, level in enumerate(LEVELS):
            hurt = damaged(x, kind, level, torch.Generator().manual_seed(seed))
            found["damaged_psnr"][row, at] = _together(hurt, x)
            found["network_psnr"][row, at] = _together(restored(network, hurt, y), x)
            yield Progress(row * len(LEVELS) + at, total, f"{NOISES[kind].lower()}, {level:g}")
            for name, widths, filtered in (("blur", BLURS, blurred), ("median", MEDIANS, medians)):
                tried = []
                for width in widths:
                    tried.append((_together(filtered(hurt, width), x), width))
                    yield Progress(row * len(LEVELS) + at, total, f"{NOISES[kind].lower()}, {level:g}")
                found[f"{name}_psnr"][row, at], found[f"{name}_width"][row, at] = max(tried)
    return {"noise_level": torch.tensor(LEVELS), **found}


def _sweep_dims(curves: dict[str, Tensor]) -> dict[str, tuple[str, ...]]:
    return {name: ("point",) if values.ndim == 1 else ("class", "point") for name, values in curves.items()}


def _together(given: Tensor, clean: Tensor) -> float:
    return float(decibels(((given - clean) ** 2).mean()))


def blurred(pictures: Tensor, width: float) -> Tensor:
    """Pictures blurred by a Gaussian of that standard deviation in pixels, by OpenCV."""
    import cv2

    side = 2 * math.ceil(3 * width) + 1
    return _filtered(pictures, lambda each: cv2.GaussianBlur(each, (side, side), width))


def medians(pictures: Tensor, width: float) -> Tensor:
    """Each pixel as the median of the square of that side about it, by OpenCV; the channels apart."""
    import cv2

    return _filtered(pictures, lambda each: cv2.medianBlur(each, int(width)))


def _filtered(pictures: Tensor, act: Callable[[np.ndarray], np.ndarray]) -> Tensor:
    # OpenCV keeps channels last, and drops the only one.
    last = pictures.permute(0, 2, 3, 1).contiguous().numpy()
    return torch.from_numpy(np.stack([act(each).reshape(each.shape) for each in last])).permute(0, 3, 1, 2)


def alternatives(picture: Tensor, others: Tensor, hidden: str) -> tuple[dict[str, Tensor], dict[str, tuple[str, ...]]]:
    """What could have been in the hidden half: of `others`, the 8 whose other half is nearest to that of `picture`.

    `alternatives` (point, channel, height, width), nearest first; `alternative_error` (point,): the mean squared
    difference in the half that is seen; `hidden` (height, width): 1 where it is hidden. Raises nothing.
    """
    mask = hidden_half(picture.shape[1:], hidden)
    seen = ~mask
    far = ((others - picture) ** 2)[:, :, seen].flatten(1).mean(1)
    # A picture that is itself among them would give the answer away.
    far = torch.where(((others - picture) ** 2).flatten(1).sum(1) == 0, torch.inf, far)
    nearest = far.topk(min(NEAREST, len(far)), largest=False)
    found = {"alternatives": others[nearest.indices], "alternative_error": nearest.values,
             "hidden": mask.to(torch.uint8)}  # fmt: skip
    dims = {"alternatives": ("point", *PICTURE[1:]), "alternative_error": ("point",), "hidden": ("height", "width")}
    return found, dims


def hidden_half(size: Any, side: str) -> Tensor:
    """(height, width): true in that half of a picture; the middle row or column of an odd number is seen."""
    height, width = size
    mask = torch.zeros(height, width, dtype=torch.bool)
    above, before = slice(height // 2), slice(width // 2)
    below, after = slice(height - height // 2, None), slice(width - width // 2, None)
    rest = slice(None)
    half = {"left": (rest, before), "right": (rest, after), "top": (above, rest), "bottom": (below, rest)}
    mask[half[side]] = True
    return mask
