"""Activation maximization: a picture that a channel, a unit or a class is made to answer to, by climbing its gradient.

Sources: K. Simonyan et al., Deep Inside Convolutional Networks, 2013 (ascent with decay); A. Mahendran and A. Vedaldi,
Understanding Deep Image Representations by Inverting Them, 2014 (total variation); J. Yosinski et al., Understanding
Neural Networks Through Deep Visualization, 2015 (blur); A. Mordvintsev et al., Inceptionism, 2015 (jitter).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Generator as Random
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.rules import Range
from dlviz.core.trace import Trace
from dlviz.data.pictures import Pictures
from dlviz.labs.cnn.baselines import blurred
from dlviz.labs.cnn.explaining import own_copy
from dlviz.labs.cnn.plan import Row
from dlviz.labs.cnn.top_pictures import at_a_time
from dlviz.labs.cnn.units import activations, halves, read_channel, read_measure, read_row, rows_of, seen

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun
    from dlviz.labs.cnn.spec import CnnSpec

STARTS = ("flat", "noise", "picture")
LIMITS = {
    "steps": Range(1, 512, whole=True),
    "rate": Range(0.005, 1, log=True),
    "jitter": Range(0, 4, whole=True),
    "blur": Range(0, 2),
    "decay": Range(0, 0.2),
    "variation": Range(0, 2),
    "seed": Range(0, 9999, whole=True),
}
BLUR_EVERY = 4  # steps
EDGE = 1e-3  # what keeps the slope of a total variation finite where two cells are alike
NONE = 1e-12  # a gradient smaller than this in every cell points nowhere
SHOW = 0.03  # seconds between two pictures on the way


@dataclass(frozen=True)
class Climb:
    """How far a step goes, of how many, and what keeps the picture one that can be read; 0 leaves a regularizer out.

    `rate`: brightness that a cell changes by in a step along the gradient alone (root mean square). `jitter`: cells by
    which the picture may be moved before its gradient is taken. `blur`: standard deviation, in cells, of a Gaussian
    laid over it every 4 steps. `decay`: the share of its way to the mean colour that it goes back in each step.
    `variation`: the weight of the slope of the total variation, against a gradient of size 1 a cell.
    """

    steps: int = 128
    rate: float = 0.03
    jitter: int = 1
    blur: float = 0.5
    decay: float = 0.005
    variation: float = 0.2


def maximizing(
    run: CnnRun, row: str = "output", channel: int = 0, measure: str = "cell", start: str = "flat", steps: int = 128,
    rate: float = 0.03, jitter: int = 1, blur: float = 0.5, decay: float = 0.005, variation: float = 0.2, seed: int = 0,
    parameters: bool = True,
) -> Generator[Progress, None, Trace]:  # fmt: skip
    """A picture in [0, 1] that raises the activation of `channel` of `row`: of a map its strongest cell, or its mean.

    `start`: "flat", the mean colour of the training pictures; "noise"; "picture", the one the run looks at.
    `start` and `picture` (channel, height, width), the latter rounded to bytes; `activation` (step,) of the picture
    before and after each step, unrounded; `logits` (class,) of the final picture. Single numbers: `reached`, the
    activation of the final picture; `test_best`, the largest of a test picture, and `test_index`, which; `roughness`,
    the mean |difference| between neighbouring cells, and `test_roughness`, that of the test pictures; `stuck`, in how
    many steps there was no gradient; `at_step`, the step of the network. Of maps also `place` (point,), row and column
    of the strongest cell, and `field` (height, feature) as `top_pictures` has it. `state`: parameters and buffers;
    `parameters` false leaves them out.
    Raises `InvalidInput` for a layer, a channel or a number that cannot be.
    """
    asked = read_row(rows_of(run.spec), row, "maximizing.row")
    k = read_channel(asked, channel, "maximizing.channel")
    how = read_measure(measure, "maximizing.measure")
    if start not in STARTS:
        raise InvalidInput("maximizing.start", f"must be one of {', '.join(STARTS)}", start, "flat")
    given: dict[str, Any] = {"steps": steps, "rate": rate, "jitter": jitter, "blur": blur, "decay": decay,
                             "variation": variation}  # fmt: skip
    for name, value in {**given, "seed": seed}.items():
        LIMITS[name].check(f"maximizing.{name}", value)
    aim = Aim(run.spec, asked, k, how, own_copy(run.network), run.pictures, run.step)
    return _rising(aim, start, run.picture.clone(), Climb(**given), seed, parameters)


@dataclass(frozen=True)
class Aim:
    """What is to be raised, in a copy of the network at that step: training goes on beside it."""

    spec: CnnSpec
    row: Row
    channel: int
    measure: str
    network: nn.Sequential
    pictures: Pictures
    step: int


def _rising(
    aim: Aim, start: str, shown_now: Tensor, climb: Climb, seed: int, parameters: bool
) -> Generator[Progress, None, Trace]:
    spec, test = aim.spec, aim.pictures.test_x
    head, tail = halves(aim.network, aim.row)
    mean = aim.pictures.train_x.mean((0, 2, 3))[:, None, None].expand(spec.picture_shape).clone()
    random = Random().manual_seed(seed)
    began = {
        "flat": mean.clone(), "noise": torch.rand(spec.picture_shape, generator=random), "picture": shown_now
    }[start]  # fmt: skip
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(("start", "picture"), ("channel", "height", "width"))
    dims |= {"activation": ("step",), "logits": ("class",), "place": ("point",), "field": ("height", "feature")}

    def trace(arrays: dict[str, Any], state: Mapping[str, Tensor]) -> Trace:
        plain, copied = ({name: np.asarray(value).copy() for name, value in each.items()} for each in (arrays, state))
        return Trace(plain, {name: dims.get(name, ()) for name in plain}, {}, copied)

    def value(pictures: Tensor) -> Tensor:
        return activations(head(pictures), aim.measure)[:, aim.channel]

    picture, curve, stuck = began, [_plain(value, began)], 0
    told = time.perf_counter()
    for at in range(climb.steps):
        picture, moved = ascend(value, picture, mean, climb, at, random)
        stuck += not moved
        curve.append(_plain(value, picture))
        if time.perf_counter() - told > SHOW:
            told = time.perf_counter()
            shown = trace({"picture": picture, "activation": curve}, {})
            yield Progress(at + 1, climb.steps, f"step {at + 1} of {climb.steps}", trace=shown)

    final = (picture * 255).round() / 255
    best, index = -torch.inf, -1
    for place, batch in enumerate(test.split(at_a_time(spec))):
        with torch.no_grad():
            found, where = value(batch).max(0)
        if index < 0 or found.item() > best:
            best, index = found.item(), place * at_a_time(spec) + int(where)
        yield Progress(climb.steps, climb.steps, "comparing it with the test pictures")
    with torch.no_grad():
        made = head(final[None])
        logits = tail(made)[0]
    arrays = {
        "start": began, "picture": final, "activation": curve, "logits": logits,
        "reached": activations(made, aim.measure)[0, aim.channel], "test_best": best, "test_index": index,
        "roughness": roughness(final[None]), "test_roughness": roughness(test), "stuck": stuck, "at_step": aim.step,
    }  # fmt: skip
    if made.ndim == 4:
        arrays["place"] = divmod(int(made[0, aim.channel].argmax()), made.shape[3])
        arrays["field"] = seen(spec, aim.row)
    return trace(arrays, aim.network.state_dict() if parameters else {})


def ascend(
    value: Callable[[Tensor], Tensor], picture: Tensor, mean: Tensor, climb: Climb, at: int, random: Random
) -> tuple[Tensor, bool]:
    """Step number `at` (from 0): the picture after it, (channel, height, width), and whether there was a gradient.

        g = ∂ value / ∂ x at the picture moved by the jitter, moved back;  ĝ = g / √mean(g²)
        x ← x + rate · (ĝ − variation · ∂TV/∂x) − decay · (x − mean), then blurred every 4 steps, then cut to [0, 1]

    `value` maps (batch, channel, height, width) to (batch,).
    """
    down, across = torch.randint(-climb.jitter, climb.jitter + 1, (2,), generator=random).tolist()
    with torch.enable_grad():
        moved = picture.roll((down, across), (1, 2))[None].requires_grad_()
        (slope,) = torch.autograd.grad(value(moved).sum(), moved)
    slope = slope[0].roll((-down, -across), (1, 2))
    size = slope.square().mean().sqrt()
    climbs = bool(size > NONE)
    direction = slope / size if climbs else torch.zeros_like(slope)
    if climb.variation > 0:
        direction = direction - climb.variation * variation_slope(picture)
    changed = picture + climb.rate * direction - climb.decay * (picture - mean)
    if climb.blur > 0 and at % BLUR_EVERY == BLUR_EVERY - 1:
        changed = blurred(changed, climb.blur)
    return changed.clamp(0, 1), climbs


def variation_slope(picture: Tensor) -> Tensor:
    """The gradient of the total variation Σ √(d² + ε), d the differences between neighbours, ε = 0.001."""
    slope = torch.zeros_like(picture)
    for dim in (1, 2):
        count = picture.shape[dim]
        d = picture.narrow(dim, 1, count - 1) - picture.narrow(dim, 0, count - 1)
        pull = d / (d.square() + EDGE).sqrt()
        slope.narrow(dim, 1, count - 1).add_(pull)
        slope.narrow(dim, 0, count - 1).sub_(pull)
    return slope


def roughness(pictures: Tensor) -> Tensor:
    """The mean |difference| between neighbouring cells, over pictures (batch, channel, height, width)."""
    down, across = pictures.diff(dim=2).abs().mean(), pictures.diff(dim=3).abs().mean()
    return (down + across) / 2


def _plain(value: Callable[[Tensor], Tensor], picture: Tensor) -> float:
    with torch.no_grad():
        return value(picture[None]).item()
