"""Whether one number goes up and down with another over time: the rank correlation, with numpy alone."""

from __future__ import annotations

import numpy as np

FEWEST = 4  # pairs of numbers below which a rank correlation says nothing


def ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1, (n,); equal values share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's ρ of two rows (n,): the correlation of their ranks, in [−1, 1]. Pairs in which either is no finite
    number are left out; NaN for fewer than four pairs, or where one of the rows never changes (C. Spearman, 1904)."""
    known = np.isfinite(a) & np.isfinite(b)
    if known.sum() < FEWEST:
        return float("nan")
    x, y = (ranks(row[known].astype(np.float64)) for row in (a, b))
    x, y = x - x.mean(), y - y.mean()
    size = np.sqrt((x @ x) * (y @ y))
    return float(np.clip(x @ y / size, -1, 1)) if size > 0 else float("nan")
