"""The collapse meter opened: modes, who lies inside whose set, how varied fakes are, both terms of Fréchet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from dlviz.core.trace import Trace
from dlviz.labs.gan import scoring
from dlviz.labs.gan.measuring import COMPARED, features, judge, pixels, said
from dlviz.labs.gan.probe import example_axes, trace
from dlviz.labs.gan.weighing import state_of
from dlviz.training import classifiers
from dlviz.training.asking import whole
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.gan.run import GanRun

NEAREST = 3  # members that are shown beside an example
EXAMPLES_A_MODE = 4
MOST_SHOWN = 40


@dataclass(frozen=True)
class Inside:
    """Examples held against a set of members.

    `reach` (member,): distance of each member's third nearest other member, the radius of its ball. `inside` (n,):
    whether an example lies in any ball. `nearest` (n, 3) members from near to far, and their `distance` (n, 3).
    `by` (n,): the member whose ball holds the example best, or fails to by least: the least distance / reach; and that
    `ratio` (n,), at most 1 where the example is inside.
    """

    reach: Tensor
    inside: Tensor
    nearest: Tensor
    distance: Tensor
    by: Tensor
    ratio: Tensor

    @property
    def share(self) -> float:
        """Of examples that are inside."""
        return self.inside.float().mean().item()


def inside(examples: Tensor, members: Tensor) -> Inside:
    """Where examples (n, feature) lie by the balls of members (member, feature) (T. Kynkäänniemi et al., 2019)."""
    reach = scoring.distances(members, members).kthvalue(scoring.NEIGHBOURS + 1).values  # the nearest is itself
    apart = scoring.distances(examples, members)
    distance, nearest = apart.topk(NEAREST, largest=False)
    ratio, by = (apart / reach.clamp(min=torch.finfo(apart.dtype).tiny)).min(1)
    return Inside(reach, (apart <= reach).any(1), nearest, distance, by, ratio)


@dataclass(frozen=True)
class Frechet:
    """Both normal distributions fitted, `mean` (feature,) and `covariance` (feature, feature) of real and fake, and the
    terms of their distance: `means` |μ − μ'|², `covariances` tr(Σ + Σ' − 2 (Σ Σ')^½) with its parts `real_trace`,
    `fake_trace`, `cross` tr (Σ Σ')^½."""

    real_mean: Tensor
    fake_mean: Tensor
    real_covariance: Tensor
    fake_covariance: Tensor
    means: float
    real_trace: float
    fake_trace: float
    cross: float

    @property
    def covariances(self) -> float:
        """How differently the two spread."""
        return max(0.0, self.real_trace + self.fake_trace - 2 * self.cross)


def frechet(real: Tensor, fake: Tensor) -> Frechet:
    """Fréchet's distance by its terms; (n, feature) each."""
    (mean, cov), (other, other_cov) = (scoring.fitted(x) for x in (real, fake))
    cross = scoring.cross_trace(cov, other_cov)
    between = (mean - other).square().sum().item()
    return Frechet(mean, other, cov, other_cov, between, cov.trace().item(), other_cov.trace().item(), cross)


def collapse(run: GanRun, shown: int = 16, parameters: bool = True) -> Trace:
    """The meter's scores of this moment and what they are made of.

    `real` and `fake` (batch, feature): the 300 of each that are compared; of pictures their features, and of the first
    `shown` of a side `<side>_pictures` and `<side>_near_pictures` (batch, unit, channel, height, width), the three
    nearest of the other; for each mode up to four fakes read as it, `mode_examples` (class, unit, …), and how many,
    `mode_shown` (class,). `<side>_reach`, `_inside`, `_nearest`, `_distance`, `_by`, `_ratio` of both sides as
    in `Inside`: a fake's among real ones and a real one's among fakes, but `_reach` is that of the side's own balls.
    `mode_counts` (class,) of `measured` fakes, `fair` share of one mode, from `needed` fakes it is covered; `modes`,
    `entropy`, `quality` (NaN where there are no modes). `precision`, `recall`, `diversity`, `fake_spread`,
    `real_spread`; D's `separation` and its mean word on fakes, `d_fake`.
    `frechet` of all measured, as `frechet_means` + `frechet_covariances`, with `real_trace`,
    `fake_trace`, `cross_trace`, both means (feature,) and in the plane both covariances (input, output).
    Raises `InvalidInput`.
    """
    count = whole("collapse.shown", shown, 1, MOST_SHOWN)
    spec, real, noise = run.spec, run.real, run.shown
    with evaluating(run.network):
        fake = run.network.generator(noise.measured_z, noise.measured_labels)
        logits = run.network.discriminator(fake, noise.measured_labels)[:, 0]
        held, held_y = real.held_x[: len(fake)], real.held_y[: len(fake)]
        real_logits = run.network.discriminator(held, held_y)[:, 0]
    judged = judge(spec, real, fake)
    reals, fakes = features(spec, held), judged.features
    few_real, few_fake = reals[:COMPARED], fakes[:COMPARED]
    among_real, among_fake = inside(few_fake, few_real), inside(few_real, few_fake)
    fitted = frechet(reals, fakes)
    spreads = scoring.spread(few_real), scoring.spread(few_fake)
    found: dict[str, Tensor] = {
        "real": few_real,
        "fake": few_fake,
        "logits": logits[:COMPARED],
        "real_logits": real_logits[:COMPARED],
    }
    dims: dict[str, tuple[str, ...]] = {
        "real": ("batch", "feature"),
        "fake": ("batch", "feature"),
        "logits": ("batch",), "real_logits": ("batch",)}  # fmt: skip
    for side, of, reach in (("fake", among_real, among_fake.reach), ("real", among_fake, among_real.reach)):
        found |= {f"{side}_reach": reach, f"{side}_inside": of.inside, f"{side}_nearest": of.nearest,
                  f"{side}_distance": of.distance, f"{side}_by": of.by, f"{side}_ratio": of.ratio}  # fmt: skip
        dims |= dict.fromkeys((f"{side}_{what}" for what in ("reach", "inside", "by", "ratio")), ("batch",))
        dims |= dict.fromkeys((f"{side}_{what}" for what in ("nearest", "distance")), ("batch", "unit"))
    numbers = {
        "precision": among_real.share, "recall": among_fake.share, "real_spread": spreads[0], "fake_spread": spreads[1],
        "diversity": spreads[1] / spreads[0], "frechet_means": fitted.means, "frechet_covariances": fitted.covariances,
        "frechet": fitted.means + fitted.covariances, "real_trace": fitted.real_trace, "fake_trace": fitted.fake_trace,
        "cross_trace": fitted.cross, "measured": len(fake), "measured_real": len(held),
        "separation": scoring.separation(real_logits, logits), "d_fake": said(spec, logits).mean().item(),
    }  # fmt: skip
    numbers |= dict.fromkeys(("modes", "entropy", "quality", "fair", "needed"), math.nan)
    if judged.mode_counts is not None:
        counts = judged.mode_counts
        found["mode_counts"], dims["mode_counts"] = counts, ("class",)
        fair = len(fake) / len(counts)
        numbers |= {"modes": scoring.covered(counts, len(fake)), "entropy": scoring.entropy(counts), "fair": fair,
                    "quality": judged.good.float().mean().item(), "needed": scoring.FAIR * fair}  # fmt: skip
    found |= {"real_mean": fitted.real_mean, "fake_mean": fitted.fake_mean}
    dims |= dict.fromkeys(("real_mean", "fake_mean"), ("feature",))
    if spec.is_planar:
        found |= {"real_covariance": fitted.real_covariance, "fake_covariance": fitted.fake_covariance}
        dims |= dict.fromkeys(("real_covariance", "fake_covariance"), ("input", "output"))
        found["fake_mode"], dims["fake_mode"] = judged.mode[:COMPARED], ("batch",)
    else:
        sides = (("fake", fake, held, among_real), ("real", held, fake, among_fake))
        _pictures(run, found, dims, sides, judged.mode, count)
    found |= {name: torch.tensor(float(value)) for name, value in numbers.items()}
    dims |= dict.fromkeys(numbers, ())
    return trace(found, dims, state_of(run.network) if parameters else {})


def _pictures(
    run: GanRun, found: dict[str, Tensor], dims: dict[str, tuple[str, ...]],
    sides: tuple[tuple[str, Tensor, Tensor, Inside], ...], mode: Tensor, count: int,
) -> None:  # fmt: skip
    picture = example_axes(run)[1:]
    for side, own, others, among in sides:
        found |= {
            f"{side}_pictures": pixels(own[:count]),
            f"{side}_near_pictures": pixels(others[among.nearest[:count]]),
        }
        dims |= {f"{side}_pictures": ("batch", *picture), f"{side}_near_pictures": ("batch", "unit", *picture)}
    if classifiers.shipped(run.spec.dataset) is None:
        return
    fake, classes = sides[0][1], len(run.spec.classes)
    examples = torch.zeros(classes, EXAMPLES_A_MODE, *run.spec.shape)
    has = torch.zeros(classes, dtype=torch.long)
    for k in range(classes):
        some = pixels(fake[mode == k][:EXAMPLES_A_MODE])
        has[k], examples[k, : len(some)] = len(some), some
    found |= {"mode_examples": examples, "mode_shown": has}
    dims |= {"mode_examples": ("class", "unit", *picture), "mode_shown": ("class",)}
