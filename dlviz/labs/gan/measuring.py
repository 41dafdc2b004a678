"""How the game stands: both losses, how well D tells real from fake, what G covers and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from dlviz.labs.gan import scoring
from dlviz.labs.gan.data import Real, unsigned
from dlviz.labs.gan.model import Gan
from dlviz.labs.gan.objective import discriminator_loss, generator_losses, value
from dlviz.labs.gan.spec import GanSpec
from dlviz.training import classifiers
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.gan.shown import Shown

COMPARED = 300  # examples of each side that are compared one with all others
SURE = 0.8  # probability from which a picture counts as read


@dataclass(frozen=True)
class Measured:
    """One moment's measurements. `mode_counts` (mode,): how many fakes each mode has; None where there are no modes."""

    numbers: dict[str, float]
    mode_counts: Tensor | None


def measure(network: Gan, real: Real, shown: Shown, spec: GanSpec) -> Measured:
    """Numbers over held-back real examples and as many fakes of noise that stays the same.

    `discriminator_loss`, `generator_loss` (without penalty and noise), `value` (see `objective`), `gap`: mean output
    for real minus mean output for fake, `d_real`, `d_fake`: mean D(x) and D(G(z)) (see `said`), `separation`: the
    chance that D puts a real one above a fake (0.5: it can only guess), `accuracy` of its verdicts (not of a critic's).
    Of what it makes: `modes` covered, `entropy` over modes in nats, `quality`: share of fakes on a mode (within three
    standard deviations; pictures: read with probability over 0.8), where there are modes; `precision`, `recall`,
    `frechet`, `diversity` (see `scoring`), of pictures in the features of the classifier.
    """
    with evaluating(network):
        fake = network.generator(shown.measured_z, shown.measured_labels)
        fake_logits = network.discriminator(fake, shown.measured_labels)[:, 0]
        held, held_y = real.held_x[: len(fake)], real.held_y[: len(fake)]
        real_logits = network.discriminator(held, held_y)[:, 0]
    numbers = standing(spec, real_logits, fake_logits)
    judged = judge(spec, real, fake)
    reals, fakes = features(spec, held), judged.features
    few_real, few_fake = reals[:COMPARED], fakes[:COMPARED]
    precision, recall = scoring.precision_and_recall(few_real, few_fake)
    numbers |= {"precision": precision, "recall": recall, "frechet": scoring.frechet(reals, fakes),
                "diversity": scoring.spread(few_fake) / scoring.spread(few_real)}  # fmt: skip
    if judged.mode_counts is not None:
        counts = judged.mode_counts
        numbers |= {"modes": float(scoring.covered(counts, len(fake))), "entropy": scoring.entropy(counts),
                    "quality": judged.good.float().mean().item()}  # fmt: skip
    return Measured(numbers, judged.mode_counts)


def standing(spec: GanSpec, real: Tensor, fake: Tensor) -> dict[str, float]:
    """The numbers of `measure` that come from the discriminator's outputs alone."""
    found = {
        "discriminator_loss": discriminator_loss(spec.loss, real, fake, spec.label_smoothing).item(),
        "generator_loss": generator_losses(spec.loss, fake).mean().item(),
        "value": value(real, fake).item(),
        "gap": (real.mean() - fake.mean()).item(),
        "separation": scoring.separation(real, fake),
    }
    found |= {name: said(spec, logits).mean().item() for name, logits in (("d_real", real), ("d_fake", fake))}
    if not spec.is_critic:
        threshold = 0.5 if spec.loss == "leastsquares" else 0.0
        found["accuracy"] = ((real > threshold).float().mean() + (fake <= threshold).float().mean()).item() / 2
    return found


def said(spec: GanSpec, logits: Tensor) -> Tensor:
    """What D's outputs mean to its loss: probabilities where that has odds, else the outputs as they are."""
    return logits.sigmoid() if spec.loss in ("nonsaturating", "minimax") else logits


@dataclass(frozen=True)
class Judged:
    """What fakes are: `mode` (n,) of each (−1: none), whether each is `good` (n,), `mode_counts` (mode,) of the good
    ones, and the `features` (n, feature) by which sets are compared."""

    mode: Tensor
    good: Tensor
    mode_counts: Tensor | None
    features: Tensor


def judge(spec: GanSpec, real: Real, fake: Tensor) -> Judged:
    """Each fake held against what is real."""
    found = features(spec, fake)
    nobody = torch.full((len(fake),), -1)
    if real.centers is not None:
        distance, mode = torch.cdist(fake, real.centers).min(1)
        good = distance <= 3 * real.spread
        counts = torch.bincount(mode[good], minlength=len(real.centers))
        return Judged(torch.where(good, mode, nobody), good, counts, found)
    reader = None if spec.is_planar else classifiers.shipped(spec.dataset)
    if reader is None:
        return Judged(nobody, nobody >= 0, None, found)
    sure, said_class = classifiers.logits(reader, pixels(fake)).softmax(1).max(1)
    good = sure > SURE
    counts = torch.bincount(said_class[good], minlength=len(spec.classes))
    return Judged(torch.where(good, said_class, nobody), good, counts, found)


def features(spec: GanSpec, x: Tensor) -> Tensor:
    """(n, feature): coordinates of points; of pictures what the shipped classifier sees, or pixels where none ships."""
    reader = None if spec.is_planar else classifiers.shipped(spec.dataset)
    return x.flatten(1) if reader is None else classifiers.features(reader, pixels(x))


def pixels(x: Tensor) -> Tensor:
    """Pixels in [0, 1] of what the networks see."""
    return unsigned(x).clamp(0, 1)
