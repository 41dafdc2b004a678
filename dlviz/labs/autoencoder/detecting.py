"""How well a number tells strangers from known pictures: every threshold, its rates, and the areas under the curves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Curves:
    """What happens at each threshold, the highest first: "stranger" is said of every score at or above it.

    `thresholds` (point,), the different scores; (point,) counts of strangers `caught`, and of `false_alarms`, known
    pictures called strangers; `strangers` and `known`: how many there are.
    """

    thresholds: np.ndarray
    caught: np.ndarray
    false_alarms: np.ndarray
    strangers: int
    known: int

    @property
    def tpr(self) -> np.ndarray:
        """True-positive rate, which is recall: the share of strangers that is caught."""
        return self.caught / max(1, self.strangers)

    @property
    def fpr(self) -> np.ndarray:
        """False-positive rate: the share of known pictures that is called strange."""
        return self.false_alarms / max(1, self.known)

    @property
    def precision(self) -> np.ndarray:
        """The share of strangers among all that are called so."""
        return self.caught / (self.caught + self.false_alarms)

    @property
    def auc(self) -> float:
        """Area under the ROC curve: how often a stranger scores above a known picture, ties counted half."""
        fpr, tpr = np.r_[0, self.fpr], np.r_[0, self.tpr]
        return float(np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2))

    @property
    def average_precision(self) -> float:
        """Area under the precision–recall curve, as a sum of precision over the steps of recall."""
        return float(np.sum(np.diff(np.r_[0, self.tpr]) * self.precision))

    @property
    def best(self) -> int:
        """The place of the threshold with the largest F1 = 2 · caught / (called + strangers)."""
        return int(np.argmax(2 * self.caught / (self.caught + self.false_alarms + self.strangers)))


def curves(scores: np.ndarray, labels: np.ndarray) -> Curves:
    """Of scores (point,), higher for what looks strange, and labels (point,): 1 of a stranger, 0 of a known picture."""
    order = np.argsort(-scores, kind="stable")
    falling, strange = scores[order], labels[order] == 1
    last = np.r_[np.nonzero(np.diff(falling))[0], len(falling) - 1]  # the last of each run of equal scores
    caught = np.cumsum(strange)[last]
    return Curves(falling[last], caught, last + 1 - caught, int(strange.sum()), int((~strange).sum()))
