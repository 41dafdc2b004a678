"""How a gradient's norm falls, or grows, with the distance between what is answered and what was read."""

from __future__ import annotations

import numpy as np

FEWEST = 3  # distances that a line can be fitted through


def by_distance(norms: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Mean norm at each distance 0 … , (distance,), over the answers that have a step so far back; NaN where none has.

    `norms` (answer, step); `places` (answer,) the step at which each answer is given.
    """
    distances = places[:, None] - np.arange(norms.shape[1])[None]
    behind = distances >= 0
    count = np.bincount(distances[behind], minlength=int(places.max()) + 1)
    total = np.bincount(distances[behind], weights=norms[behind], minlength=len(count))
    return np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)


def fit(means: np.ndarray, answers: int) -> tuple[float, float] | None:
    """(factor a step, norm at distance 0) of the straight line through ln(mean) by least squares; None for too few.

    Of several answers only the nearer half of the distances counts: the farthest are means of one or two.
    """
    distance = np.arange(len(means))
    enough = len(means) // 2 + 1 if answers > 1 else len(means)
    usable = (distance < enough) & (np.nan_to_num(means) > 0)
    if usable.sum() < FEWEST:
        return None
    slope, start = np.polyfit(distance[usable], np.log(means[usable]), 1)
    return float(np.exp(slope)), float(np.exp(start))
