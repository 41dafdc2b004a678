"""What is real: points of a plane, made by a seeded generator or drawn by a person, and pictures."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from dlviz.data import pictures, placing, sprites
from dlviz.data.pictures import balanced
from dlviz.labs.gan.plan import HALF_WIDTH
from dlviz.labs.gan.spec import GanSpec

HELD_BACK = 1000  # real examples that fakes are measured against and nobody trains on
DRAWN_SPREAD = 0.02  # around each of a person's points


@dataclass(frozen=True)
class Real:
    """Real examples as both networks see them: points as they are, pixels from [0, 1] moved to [−1, 1].

    `x` (n, *shape) and classes `y` (n,) to train on; `held_x`, `held_y` to measure against. `centers` (mode, 2) and
    `spread`, of a mixture of Gaussians: where its modes are, and their standard deviation; else None and 0.
    """

    x: Tensor
    y: Tensor
    held_x: Tensor
    held_y: Tensor
    centers: Tensor | None = None
    spread: float = 0.0


def load(spec: GanSpec) -> Real:
    """The real examples of a spec. The same spec gives the same."""
    if spec.is_planar:
        return _points(spec)
    match spec.dataset:
        case "mnist":
            found = pictures.mnist()
        case "digits":
            found = pictures.small_digits()
        case _:
            found = _sprites()
    keep = balanced(found.train_y, min(spec.examples, len(found.train_y)))
    held_x, held_y = found.test_x[:HELD_BACK], found.test_y[:HELD_BACK]
    return Real(signed(found.train_x[keep]), found.train_y[keep], signed(held_x), held_y)


def signed(pixels: Tensor) -> Tensor:
    """[0, 1] → [−1, 1]: what the networks see."""
    return 2 * pixels - 1


def unsigned(values: Tensor) -> Tensor:
    """[−1, 1] → [0, 1]: pixels of what the generator made."""
    return (values + 1) / 2


def _sprites() -> pictures.Pictures:
    drawn = sprites.draw(HELD_BACK + pictures.MOST_TRAINING, 0)
    x, y = torch.from_numpy(drawn.pictures), torch.from_numpy(drawn.labels)
    held, train = slice(HELD_BACK), slice(HELD_BACK, None)
    return pictures.Pictures(x[train], y[train], x[:0], y[:0], x[held], y[held])


# --- points of a plane ---------------------------------------------------------------------------


def ring(modes: int, radius: float = 1.0) -> Tensor:
    """(mode, 2): evenly on a circle, the first at the right."""
    angle = torch.arange(modes) * (2 * math.pi / modes)
    return radius * torch.stack([angle.cos(), angle.sin()], 1)


def grid(side: int, half_width: float = 1.0) -> Tensor:
    """(side², 2): a square grid, row by row from below."""
    along = torch.linspace(-half_width, half_width, side)
    return torch.cartesian_prod(along, along).flip(1)


# Mixtures of Gaussians: centers of the modes and the standard deviation of each.
MIXTURES: dict[str, tuple[Tensor, float]] = {
    "ring8": (ring(8), 0.05),
    "grid25": (grid(5), 0.04),
    "disjoint": (torch.tensor([[-0.8, 0.0], [0.8, 0.0]]), 0.12),
}


def _circle(n: int, chance: Generator) -> Tensor:
    angle = torch.rand(n, generator=chance) * 2 * math.pi
    return torch.stack([angle.cos(), angle.sin()], 1) + 0.03 * torch.randn(n, 2, generator=chance)


def _line(n: int, chance: Generator) -> Tensor:
    along = torch.rand(n, generator=chance) * 2 - 1
    return torch.stack([along, 0.6 * along], 1) + 0.03 * torch.randn(n, 2, generator=chance)


def _spiral(n: int, chance: Generator) -> Tensor:
    share = torch.rand(n, generator=chance).sqrt()  # so that the outer turns are as dense as the inner ones
    angle = share * 1.75 * 2 * math.pi
    turns = 1.1 * share[:, None] * torch.stack([angle.cos(), angle.sin()], 1)
    return turns + 0.02 * torch.randn(n, 2, generator=chance)


CURVES: dict[str, Callable[[int, Generator], Tensor]] = {"circle": _circle, "line": _line, "spiral": _spiral}


def _points(spec: GanSpec) -> Real:
    chance = Generator().manual_seed(spec.seed)
    centers, spread = MIXTURES.get(spec.dataset, (None, 0.0))

    def draw(count: int) -> tuple[Tensor, Tensor]:
        labels = torch.zeros(count, dtype=torch.long)
        if centers is not None:
            labels = torch.arange(count) % len(centers)  # every mode its share
            points = centers[labels] + spread * torch.randn(count, 2, generator=chance)
        elif spec.dataset == "own":
            drawn = torch.tensor(placing.decode(spec.own_points, HALF_WIDTH, "GanSpec.own_points"))
            points = drawn[torch.arange(count) % len(drawn)] + DRAWN_SPREAD * torch.randn(count, 2, generator=chance)
        else:
            points = CURVES[spec.dataset](count, chance)
        return points, labels

    (x, y), (held_x, held_y) = draw(spec.examples), draw(HELD_BACK)
    return Real(x, y, held_x, held_y, centers, spread)
