"""Points in the plane, x₁ and x₂ in [-6, 6], made by a seeded generator or placed by a person."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from dlviz.core.errors import InvalidInput
from dlviz.data import placing
from dlviz.labs.playground.spec import OWN_POINTS_LENGTH, PlaygroundSpec

HALF_WIDTH = 6.0
# One own point is five characters: its class, then its coordinates (see `placing`).


@dataclass(frozen=True)
class Points:
    """Training and test points.

    Shapes: `train_x` (n, 2), `train_y` (n,): class index (int64) or target in [-1, 1] (float32);
    the same for test. Own data may leave either set empty.
    """

    train_x: Tensor
    train_y: Tensor
    test_x: Tensor
    test_y: Tensor


def load(spec: PlaygroundSpec) -> Points:
    """The points of a spec: made, shuffled, split. The same spec gives the same points."""
    generator = torch.Generator().manual_seed(spec.seed)
    if spec.problem == "regression":
        x = _uniform(spec.samples, generator)
        y = SURFACES[spec.surface](x)
        # Noise moves the point but not its value, as if the place had been measured badly.
        x = x + _uniform(spec.samples, generator) * spec.noise / 100
    elif spec.dataset == "own":
        x, y = decode_points(spec.own_points, spec.classes)
    else:
        x, y = SETS[spec.dataset](spec.samples, spec.classes, spec.noise / 100, generator)
    if spec.dataset == "own" and spec.problem == "classification":
        # A point keeps its set while others are placed and erased after it: its place in the list decides.
        drawn = torch.rand(OWN_POINTS_LENGTH // 5, generator=generator)[: len(x)]
        train, test = (
            (drawn < spec.train_share / 100).nonzero()[:, 0],
            (drawn >= spec.train_share / 100).nonzero()[:, 0],
        )
    else:
        order = torch.randperm(len(x), generator=generator)
        train, test = order.tensor_split([round(len(x) * spec.train_share / 100)])
    return Points(x[train], y[train], x[test], y[test])


def features(x: Tensor, names: tuple[str, ...]) -> Tensor:
    """What the network is given: (n, 2) points to (n, len(names)) features."""
    return torch.stack([FEATURE[name](x[:, 0], x[:, 1]) for name in names], dim=1)


FEATURE = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1_squared": lambda x1, x2: x1 * x1,
    "x2_squared": lambda x1, x2: x2 * x2,
    "x1x2": lambda x1, x2: x1 * x2,
    "sin_x1": lambda x1, x2: torch.sin(x1),
    "sin_x2": lambda x1, x2: torch.sin(x2),
}


def _uniform(n: int, generator: Generator, half_width: float = HALF_WIDTH) -> Tensor:
    return (torch.rand(n, 2, generator=generator) * 2 - 1) * half_width


def _labels(n: int, classes: int) -> Tensor:
    """Classes in turn, so that each has its share of the points."""
    return torch.arange(n) % classes


def _polar(radius: Tensor, angle: Tensor) -> Tensor:
    return torch.stack([radius * torch.sin(angle), radius * torch.cos(angle)], dim=1)


def circle(n: int, classes: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """A disc of radius 2.5 (class 1) in a ring from 3.5 to 5 (class 0)."""
    y = _labels(n, 2)
    u, angle = torch.rand(n, generator=generator), torch.rand(n, generator=generator) * 2 * math.pi
    radius = torch.where(y == 1, u * 2.5, 3.5 + u * 1.5)
    return _polar(radius, angle) + _uniform(n, generator, 5.0) * noise, y


def xor(n: int, classes: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Four squares with a gap between; opposite squares share a class (class 1 where x₁x₂ > 0)."""
    x = _uniform(n, generator, 5.0)
    y = (x[:, 0] * x[:, 1] > 0).long()
    return x + torch.sign(x) * 0.3 + _uniform(n, generator, 5.0) * noise, y


def gauss(n: int, classes: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two Gaussian clouds, class 1 at (2, 2) and class 0 at (-2, -2); noise widens them."""
    y = _labels(n, 2)
    centre = torch.where(y == 1, 2.0, -2.0)[:, None]
    return centre + torch.randn(n, 2, generator=generator) * (0.7 + 3.5 * noise), y


def moons(n: int, classes: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two half circles that reach into each other."""
    y = _labels(n, 2)
    angle = torch.rand(n, generator=generator) * math.pi
    x1 = torch.where(y == 0, torch.cos(angle), 1 - torch.cos(angle)) - 0.5
    x2 = torch.where(y == 0, torch.sin(angle), 0.5 - torch.sin(angle)) - 0.25
    x = torch.stack([x1 * 3.2, x2 * 4.2], dim=1)
    return x + torch.randn(n, 2, generator=generator) * (0.2 + 2.5 * noise), y


def spiral(n: int, classes: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """One arm a class, 1.75 turns long, radius up to 5."""
    y = _labels(n, classes)
    along = (torch.arange(n) // classes) / max(1, n // classes)
    angle = 1.75 * 2 * math.pi * along + 2 * math.pi * y / classes
    return _polar(5 * along, angle) + _uniform(n, generator, 1.0) * noise * 5, y


def blobs(n: int, classes: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """A cloud a class, evenly on a circle of radius 3.8."""
    y = _labels(n, classes)
    centre = _polar(torch.tensor(3.8), 2 * math.pi * y / classes)
    return centre + torch.randn(n, 2, generator=generator) * (0.45 + 2.5 * noise), y


def rings(n: int, classes: int, noise: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Rings one around the other, a class each, from the middle out to radius 5.2."""
    y = _labels(n, classes)
    width = 5.2 / classes
    radius = width * (y + 0.15 + 0.6 * torch.rand(n, generator=generator))
    angle = torch.rand(n, generator=generator) * 2 * math.pi
    return _polar(radius, angle) + _uniform(n, generator, 5.0) * noise, y


SETS = {"circle": circle, "xor": xor, "gauss": gauss, "moons": moons, "spiral": spiral, "blobs": blobs, "rings": rings}


def plane(x: Tensor) -> Tensor:
    """A tilted plane: (x₁ + x₂) / 12, in [-1, 1]."""
    return (x[:, 0] + x[:, 1]) / (2 * HALF_WIDTH)


def hills(x: Tensor) -> Tensor:
    """Three hills and three hollows; each point has the height of the one that dominates it."""
    tops = torch.tensor([[-4, 2.5, 1], [0, 2.5, -1], [4, 2.5, 1], [-4, -2.5, -1], [0, -2.5, 1], [4, -2.5, -1]])
    distance = torch.cdist(x, tops[:, :2])
    heights = tops[:, 2] * (1 - distance / 2).clamp(min=0)
    return heights.gather(1, heights.abs().argmax(1, keepdim=True))[:, 0]


SURFACES = {"plane": plane, "hills": hills}


def encode_points(x: Tensor, y: Tensor) -> str:
    """Points as text for a link: five characters each, coordinates to 12 / 4095."""
    points = x.double().tolist()
    return "".join(
        str(label) + placing.encode([point], HALF_WIDTH) for label, point in zip(y.long().tolist(), points, strict=True)
    )


def decode_points(text: str, classes: int) -> tuple[Tensor, Tensor]:
    """What `encode_points` wrote: (n, 2) points and (n,) classes. Raises `InvalidInput`."""
    name = "PlaygroundSpec.own_points"
    if len(text) % 5:
        raise InvalidInput(name, "must be five characters a point", f"{len(text)} characters", "the whole link again")
    labels, coordinates = [], []
    for start in range(0, len(text), 5):
        label, *digits = list(text[start : start + 5])
        if label not in "01234567" or any(digit not in placing.DIGITS for digit in digits):
            rule = "must be a class from 0 to 7 and four letters, digits, - or _ a point"
            raise InvalidInput(name, rule, text[start : start + 5], "the whole link again")
        if int(label) >= classes:
            rule = f"must have classes below {classes}, the number of classes"
            raise InvalidInput(name, rule, f"class {label}", f"classes = {int(label) + 1}")
        labels.append(int(label))
        coordinates += placing.decode("".join(digits), HALF_WIDTH, name)
    return torch.tensor(coordinates, dtype=torch.float32).reshape(-1, 2), torch.tensor(labels, dtype=torch.long)
