"""The fast gradient sign method: every cell a little brighter or darker, each the way that misleads the network.

    x′ = clip(x + ε · sign(∇ₓ L(x, y)), 0, 1)

away from class y, or with − in the place of + towards it; L is the cross-entropy. Source: I. Goodfellow, J. Shlens
and C. Szegedy, Explaining and Harnessing Adversarial Examples, 2014.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Generator as Chance
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.rules import Range
from dlviz.core.trace import Trace
from dlviz.labs.cnn.explaining import own_copy
from dlviz.labs.cnn.recording import state_of
from dlviz.labs.cnn.turns import Turn

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun
    from dlviz.labs.cnn.spec import CnnSpec

LARGEST = 0.3  # of a brightness from 0 to 1
VALUES = 61  # of ε from 0 to the largest, both included
SECTIONS = 16  # an interval is cut into so many at a time, and
CUTS = 3  # so many times: to 0.005 / 16³, about a millionth; closer, rounding would blur which class is ahead
MOST_SWITCHES = 6
MOST_DRAWS = 1000


def fgsm(run: CnnRun, target: Any = None, draw: Any = 0, parameters: bool = True) -> Generator[Progress, None, Trace]:
    """What the network answers to the picture changed by FGSM, and by as much noise of random sign, for 61 values of ε.

    Without a `target` away from the class that the network answers; else towards that class, by index or name.
    `draw`: which random signs, a number from 0.

    `epsilon` (step,); `probabilities`, `random_probabilities` (step, class). `input`, `gradient`, `random_sign`
    (channel, height, width): the picture, ∇ₓ L of its cross-entropy with class `label`, and the signs; `loss` L.
    Where the answer switches to another class: `switch_below`, `switch_above` (point,), two values of ε less than two
    millionths apart with different answers `switch_from`, `switch_to`; `switch_probabilities` and
    `switch_random_probabilities` (point, class) at the upper one. The first is the first change along the 61 values.
    `step`: the step of the network, whose parameters are the `state`, unless `parameters` is false.
    Raises `InvalidInput` for a target that is no class or the answer itself.
    """
    network, picture = own_copy(run.network), run.picture.clone()
    answer = int(network(picture[None]).argmax())
    towards = None if target is None else read_target(run.spec, target, answer)
    Range(0, MOST_DRAWS - 1, whole=True).check("fgsm.draw", draw)
    label = answer if towards is None else towards
    loss, gradient = loss_and_gradient(network, picture[None], torch.tensor([label]))
    direction = gradient[0].sign() * (1 if towards is None else -1)
    noise = random_signs(picture[None], run.spec.seed, draw)[0]
    fixed = {
        "input": picture, "gradient": gradient[0], "random_sign": noise, "loss": loss[0],
        "label": torch.tensor(label, dtype=torch.int32), "step": torch.tensor(run.step, dtype=torch.int32),
    }  # fmt: skip
    return _along(_Way(network, picture, direction), noise, fixed, state_of(network) if parameters else {})


def read_target(spec: CnnSpec, given: Any, answer: int) -> int:
    """A class by its index or its name; not the one that is answered already."""
    others = [name for k, name in enumerate(spec.classes) if k != answer]
    if isinstance(given, str) and given in spec.classes:
        given = spec.classes.index(given)
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < spec.class_count:
        rule = f"must be a class, {', '.join(spec.classes)}, or its index from 0"
        raise InvalidInput("fgsm.target", rule, given, others[0])
    if given == answer:
        rule = "must be another class than the network answers already"
        raise InvalidInput("fgsm.target", rule, spec.classes[answer], others[0])
    return given


def loss_and_gradient(network: nn.Module, pictures: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Cross-entropy of each picture, (n,), and its gradient with respect to the picture, of the pictures' shape."""
    with torch.enable_grad():
        x = pictures.clone().requires_grad_(True)
        losses = nn.functional.cross_entropy(network(x), labels, reduction="none")
        (gradient,) = torch.autograd.grad(losses.sum(), x)
    return losses.detach(), gradient


def random_signs(pictures: Tensor, seed: int, draw: int = 0) -> Tensor:
    """−1 or 1 for every cell, by chance: as large as FGSM's change, without its knowledge."""
    chance = Chance().manual_seed(seed * MOST_DRAWS + draw)
    return torch.randint(0, 2, pictures.shape, generator=chance).float() * 2 - 1


def moved(pictures: Tensor, directions: Tensor, epsilon: float | Tensor) -> Tensor:
    """clip(x + ε · direction, 0, 1)."""
    return (pictures + epsilon * directions).clamp(0, 1)


@dataclass(frozen=True)
class _Way:
    """The straight way of one picture (channel, height, width) along a direction of signs."""

    network: nn.Module
    picture: Tensor
    direction: Tensor

    def probabilities(self, epsilons: Tensor) -> Tensor:
        """(step, class) at those ε."""
        return self.network(moved(self.picture[None], self.direction[None], epsilons[:, None, None, None])).softmax(1)


def _along(
    way: _Way, noise: Tensor, fixed: dict[str, Tensor], state: dict[str, np.ndarray]
) -> Generator[Progress, None, Trace]:
    epsilons = torch.linspace(0, LARGEST, VALUES)
    control = _Way(way.network, way.picture, noise)
    turn = Turn()
    found: dict[str, list[Tensor]] = {"probabilities": [], "random_probabilities": []}
    parts = [(name, each, part) for part in epsilons.split(10) for name, each in
             (("probabilities", way), ("random_probabilities", control))]  # fmt: skip
    for done, (name, each, part) in enumerate(parts):
        found[name].append(each.probabilities(part))
        if turn.is_over:
            yield Progress(done + 1, len(parts) + 1)
            turn.begin()
    curves = {name: torch.cat(values) for name, values in found.items()}
    switches: list[tuple[Tensor, Tensor, Tensor, Tensor]] = []
    answers = curves["probabilities"].argmax(1)
    for k in (answers[1:] != answers[:-1]).nonzero()[:MOST_SWITCHES, 0].tolist():
        switches.append(_switch(way, epsilons[k], epsilons[k + 1], answers[k]))
        if turn.is_over:
            yield Progress(len(parts), len(parts) + 1)
            turn.begin()
    return _trace({**fixed, "epsilon": epsilons, **curves, **_columns(switches, control)}, state)


def _switch(way: _Way, low: Tensor, high: Tensor, answer: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Close in on where `answer`, given at `low` and not at `high`, is given no longer."""
    at_high = way.probabilities(high[None])[0]
    for _ in range(CUTS):
        inner = low + (high - low) * torch.arange(1, SECTIONS) / SECTIONS
        probabilities = way.probabilities(inner)
        others = (probabilities.argmax(1) != answer).nonzero()[:, 0]
        if len(others):
            high, at_high = inner[others[0]], probabilities[others[0]]
            inner = inner[: others[0]]
        low = inner[-1] if len(inner) else low
    return low, high, answer, at_high


def _columns(switches: list[tuple[Tensor, Tensor, Tensor, Tensor]], control: _Way) -> dict[str, Tensor]:
    none = control.probabilities(torch.empty(0))
    columns = [none[:, 0], none[:, 0], none[:, 0], none]
    if switches:
        columns = [torch.stack(column) for column in zip(*switches, strict=True)]
    below, above, before, after = columns
    return {
        "switch_below": below,
        "switch_above": above,
        "switch_from": before.int(),
        "switch_to": after.argmax(1).int(),
        "switch_probabilities": after,
        "switch_random_probabilities": control.probabilities(above),
    }


def _trace(found: dict[str, Tensor], state: dict[str, np.ndarray]) -> Trace:
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(
        ("input", "gradient", "random_sign"), ("channel", "height", "width")
    )
    dims |= dict.fromkeys(("probabilities", "random_probabilities"), ("step", "class"))
    dims |= dict.fromkeys(("switch_below", "switch_above", "switch_from", "switch_to"), ("point",))
    dims |= dict.fromkeys(("switch_probabilities", "switch_random_probabilities"), ("point", "class"))
    dims |= {"epsilon": ("step",), "loss": (), "label": (), "step": ()}
    units = {"gradient": "nats per brightness", "loss": "nats", "epsilon": "brightness"}
    return Trace({name: values.numpy().copy() for name, values in found.items()}, dims, units, state)
