"""An alarm with its reason: what goes wrong in the game, said from its scores alone, and what mends it.

The page has the same rule (dlviz/ui/static/gancollapse/alarm.js); a test holds both against each other, word for word.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

GOOD, BAD = 0.5, 0.25  # share of good fakes from which G makes something, and below which it makes nothing
FEW = 0.5  # share of modes up to which they are few
MOST = 0.9  # share of modes from which they are all that one can ask
LOW_RECALL, FAIR_RECALL = 0.2, 0.3
LOW_DIVERSITY, ALIKE = 0.5, 0.1  # of what real examples have
ONE = 0.01  # diversity below which all fakes are one
SETTLED, LATE = 50, 300  # steps from which that, and a D that can only guess, are no mere beginning
SURE = 0.98  # separation from which D tells nearly all apart
FLAT = 0.05  # slope of G's loss by D's output below which G hears nothing; its most is 1
GUESSING = 0.6  # separation up to which D does little better than guess
ENOUGH = (64, 64)  # units of a discriminator that sees the sets of this lab
MOST_STEPS = 10  # of D in a step of G
KINDS = ("collapse", "strong", "blind", "early", "fine")
Numbers = Mapping[str, float | None]


class Told(Protocol):
    """What the rule must know of a spec."""

    @property
    def loss(self) -> str: ...
    @property
    def classes(self) -> tuple[str, ...]: ...
    @property
    def network(self) -> str: ...
    @property
    def batch_norm(self) -> str: ...
    @property
    def discriminator_hidden(self) -> tuple[int, ...]: ...
    @property
    def discriminator_steps(self) -> int: ...
    @property
    def rate_ratio(self) -> float: ...


@dataclass(frozen=True)
class Alarm:
    """`kind`: one of `KINDS`; the `sentence` with the numbers that say so; what to try, in words (`mend`) and
    as `changes`."""

    kind: str
    sentence: str
    mend: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)


def alarm(numbers: Numbers, spec: Told) -> Alarm:
    """What the scores of one moment say. `numbers` as in a frame or a row of the curve, and `step`, where it is known:
    what was not measured is None, not a number, or absent.

    In this order: `strong`: D separates nearly all and the slope that it hands on is nearly 0; `collapse`: all fakes
    are one, or good ones of few modes or few kinds; `blind`: D can only guess, though the fakes are
    bad; `fine`; else `early`.
    """
    scores = {name: value for name, value in numbers.items() if value is not None and math.isfinite(value)}
    if "separation" not in scores or "precision" not in scores:
        return Alarm("early", "Nothing is measured yet.")
    separation, recall, diversity = scores["separation"], scores["recall"], scores["diversity"]
    slope, total = pull(spec.loss, scores["d_fake"]), len(spec.classes)
    step = scores.get("step", math.inf)
    has_modes = total > 0 and "modes" in scores
    # A classifier may be sure of a picture that is none, so that a fake must count as good by both.
    good = min(scores["quality"], scores["precision"]) if has_modes else scores["precision"]
    share = scores["modes"] / total if has_modes else 1.0
    made = f"{percent(good)} of the fakes are good"
    covers = f"{int(scores['modes'])} of {total} modes are covered" if has_modes else f"recall is {two(recall)}"
    ranks = f"it puts the real one above the fake in {percent(separation)} of pairs"
    if separation >= SURE and slope <= FLAT:
        return Alarm(
            "strong",
            f"D is too strong: {ranks}, and the slope of G's loss at the fakes is {two(slope)} of 1. G hears nothing.",
            "A loss that is steep where D is sure of a fake: non-saturating.",
            {"loss": "nonsaturating"},
        )
    if diversity < ONE and step >= SETTLED:
        return Alarm(
            "collapse",
            f"G has collapsed: all fakes are one (diversity {percent(diversity)}), {made}.",
            "Begin again with a smaller learning rate: a generator whose units are all off does not come back.",
        )
    lacks = []
    if has_modes and share <= FEW:
        lacks.append(f"only {covers}")
    if recall < LOW_RECALL:
        lacks.append(f"only {percent(recall)} of real examples have fakes around them (recall)")
    if diversity < LOW_DIVERSITY:
        lacks.append(f"fakes differ by {percent(diversity)} of what real ones do (diversity)")
    if good >= GOOD and lacks:
        return Alarm(
            "collapse",
            f"G has collapsed: {made}, but {' and '.join(lacks)}.",
            *_varied(spec),
        )
    if separation <= GUESSING and good < BAD and step >= LATE:
        return Alarm(
            "blind",
            f"D is blind: {ranks}, where 50 % is guessing, though only {made} and {covers}. G learns little from it.",
            "A stronger D: its full rate, more units, or more D-steps.",
            _stronger(spec),
        )
    if good >= GOOD and share >= MOST and recall >= FAIR_RECALL:
        return Alarm("fine", f"All is well: {made}, {covers}, diversity is {percent(diversity)} of that of real ones.")
    if diversity < ALIKE:
        return Alarm(
            "early", f"Not there yet: the fakes are nearly all alike (diversity {percent(diversity)}), {made}."
        )
    ahead = f"Of D: {ranks}, and the slope of G's loss is {two(slope)} of 1."
    return Alarm("early", f"Not there yet: {made}, {covers}. {ahead}")


def pull(loss: str, d_fake: float) -> float:
    """The mean of |d loss_G / d logit| over the fakes, at most 1, from the mean of what D says of them: D(G(z)) of
    minimax, 1 − D(G(z)) of non-saturating. Of least squares, 1 − D's mean output; else it is 1 everywhere."""
    match loss:
        case "minimax":
            return d_fake
        case "nonsaturating":
            return 1 - d_fake
        case "leastsquares":
            return abs(1 - d_fake)
        case _:
            return 1.0


def percent(share: float) -> str:
    """A share as a whole percentage, halves up: in the page as here."""
    return f"{math.floor(100 * share + 0.5)} %"


def two(value: float) -> str:
    """Two decimals, halves up."""
    cents = math.floor(100 * abs(value) + 0.5)
    return f"{'−' if value < 0 and cents else ''}{cents // 100}.{cents % 100:02d}"


def _varied(spec: Told) -> tuple[str, dict[str, Any]]:
    if spec.network == "dcgan" and spec.batch_norm != "both":
        return "Batch norm in both networks: D then sees how alike a batch of fakes is.", {"batch_norm": "both"}
    words = "A loss that feels how far the fakes are as a whole: Wasserstein with gradient penalty."
    return words, {"loss": "wgangp", "discriminator_steps": 3}


def _stronger(spec: Told) -> dict[str, Any]:
    if spec.rate_ratio < 1:
        return {"rate_ratio": 1.0}
    if spec.network == "dense" and sum(spec.discriminator_hidden) < sum(ENOUGH):
        return {"discriminator_hidden": ENOUGH}
    return {"discriminator_steps": min(MOST_STEPS, spec.discriminator_steps + 2)}
