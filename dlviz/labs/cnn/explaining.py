"""Eight ways to ask which cells of a picture speak for a class, each one call of Captum.

Source: N. Kokhlikyan et al., Captum, 2020. The papers of the methods stand in `METHODS`.
"""

from __future__ import annotations

import copy
import math
import time
import warnings
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn.model import Dropout

if TYPE_CHECKING:
    from dlviz.labs.cnn.spec import CnnSpec

# Name, unit of its numbers, paper. Those with a baseline ask what changed on the way from it to the picture.
METHODS = {
    "saliency": ("Saliency", "logit per brightness", "Simonyan et al. 2013"),
    "input_x_gradient": ("Input × Gradient", "logit", "Shrikumar et al. 2016"),
    "integrated_gradients": ("Integrated Gradients", "logit", "Sundararajan et al. 2017"),
    "smooth_grad": ("SmoothGrad", "logit per brightness", "Smilkov et al. 2017"),
    "guided_backprop": ("Guided Backprop", "logit per brightness", "Springenberg et al. 2014"),
    "grad_cam": ("Grad-CAM", "logit per cell of the map", "Selvaraju et al. 2017"),
    "deep_lift": ("DeepLift", "logit", "Shrikumar et al. 2017"),
    "occlusion": ("Occlusion", "logit", "Zeiler and Fergus 2013"),
}
COMPLETE = ("integrated_gradients", "deep_lift")  # their attributions add up to f(x) − f(baseline)
NOISY_COPIES = 16
NOISE = 0.15  # standard deviation of SmoothGrad's noise, of a brightness from 0 to 1
AT_A_TIME = 64  # occluded pictures a pass


class Score(nn.Module):
    """The number that is explained, (batch, 1): the logit of `target`, less that of `minus` if there is one."""

    def __init__(self, network: nn.Module, target: int, minus: int | None) -> None:
        super().__init__()
        self.network, self.target, self.minus = network, target, minus

    def forward(self, pictures: Tensor) -> Tensor:
        logits: Tensor = self.network(pictures)
        score = logits[:, self.target]
        return (score if self.minus is None else score - logits[:, self.minus])[:, None]


@dataclass(frozen=True)
class Particulars:
    """What a method must know of a network: the name of the layer whose maps Grad-CAM weighs; rows (and columns) of
    the patch that occlusion moves, and by how many cells at a time; the seed of SmoothGrad's noise.
    """

    maps: str
    window: tuple[int, int]
    seed: int


@dataclass(frozen=True)
class Explained:
    """`attribution` (channel, height, width) and the milliseconds it took."""

    attribution: Tensor
    milliseconds: float


def own_copy(network: nn.Sequential) -> nn.Sequential:
    """A copy to hang hooks on: evaluation mode, no dropout, no activation in place, nothing to be trained.

    Dropout is left out rather than copied: its generator belongs to the run.
    """
    modules = OrderedDict(
        (name, nn.Identity() if isinstance(module, Dropout) else copy.deepcopy(module))
        # not named_children(), which leaves out a module that stands there a second time
        for name, module in network._modules.items()
    )
    copied = nn.Sequential(modules).eval().requires_grad_(False)
    for module in copied.modules():
        if isinstance(module, nn.ReLU | nn.LeakyReLU):
            module.inplace = False
    return copied


def last_maps(spec: CnnSpec) -> str:
    """The row whose maps Grad-CAM weighs: the activation after the last convolution."""
    return [row.name for row in spec.rows if row.kind == "activation" and len(row.output_shape) == 3][-1]


def window(side: int) -> tuple[int, int]:
    """Rows and columns of the patch that occlusion moves, and the cells it moves at a time."""
    size = max(2, math.ceil(side / 8))
    return size, max(1, size // 2)


def particulars(spec: CnnSpec) -> Particulars:
    """Those of the network of a spec."""
    return Particulars(last_maps(spec), window(spec.picture_shape[-1]), spec.seed)


def explain(
    score: Score, network: Particulars, picture: Tensor, baseline: Tensor, method: str, steps: int
) -> Explained:
    """One method on one picture (channel, height, width), against a baseline of the same shape where it has one.

    Raises `InvalidInput` for a method that there is not. The global generator comes back as it was.
    """
    if method not in METHODS:
        raise InvalidInput("attribution.method", f"must be one of {', '.join(METHODS)}", method, "saliency")
    import captum.attr  # noqa: F401 - before the clock: it takes a second and a half, once

    x, start = picture[None].clone(), baseline[None].clone()
    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]), torch.enable_grad():
        warnings.simplefilter("ignore")  # Captum tells of its hooks each time
        torch.manual_seed(network.seed)
        began = time.perf_counter()
        found = _ask(score, network, x, start, method, steps)
        milliseconds = (time.perf_counter() - began) * 1000
    return Explained(found.detach()[0].clone(), milliseconds)


def _ask(score: Score, network: Particulars, x: Tensor, start: Tensor, method: str, steps: int) -> Tensor:
    from captum import attr

    found: Any
    match method:
        case "saliency":  # with its sign: the size is taken where it is shown
            found = attr.Saliency(score).attribute(x, target=0, abs=False)
        case "input_x_gradient":
            found = attr.InputXGradient(score).attribute(x, target=0)
        case "integrated_gradients":
            found = attr.IntegratedGradients(score).attribute(x, start, target=0, n_steps=steps)
        case "smooth_grad":
            found = attr.NoiseTunnel(attr.Saliency(score)).attribute(
                x, nt_type="smoothgrad", nt_samples=NOISY_COPIES, stdevs=NOISE, target=0, abs=False
            )
        case "guided_backprop":
            found = attr.GuidedBackprop(score).attribute(x, target=0)
        case "grad_cam":
            maps = attr.LayerGradCam(score, score.network.get_submodule(network.maps)).attribute(x, target=0)
            spread = attr.LayerAttribution.interpolate(maps, tuple(x.shape[2:]), interpolate_mode="bilinear")
            found = spread.expand_as(x) / x.shape[1]  # the same in every channel, so that their sum is the map
        case "deep_lift":
            found = attr.DeepLift(score).attribute(x, start, target=0)
        case _:
            size, stride = network.window
            found = attr.Occlusion(score).attribute(
                x, (x.shape[1], size, size), strides=(x.shape[1], stride, stride), baselines=start, target=0,
                perturbations_per_eval=AT_A_TIME,
            )  # fmt: skip
    return torch.as_tensor(found)


def note(spec: CnnSpec, method: str) -> str:
    """What one must know of a method on this network, or nothing."""
    if method == "guided_backprop" and spec.activation != "relu":
        return (
            f"Guided Backprop changes the gradient at ReLU only. This network has {spec.activation_label}: "
            "what is shown is the plain gradient."
        )
    if method == "deep_lift" and spec.pool == "max":
        return (
            "Captum's DeepLift does not quite add up behind max pooling: where a cell is the baseline's own, it takes "
            "the gradient of another picture (Captum issue 1276)."
        )
    return ""
