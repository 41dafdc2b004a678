"""Scores of disentanglement against scipy, scikit-learn and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import mutual_info_score

from dlviz.labs.autoencoder.disentangling import BINS, binned, mutual_information, scores

COUNT = 400


def some(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Codes (400, 4), of which two follow a factor, one is rounded (ties) and one is noise; factors (400, 3)."""
    random = np.random.default_rng(seed)
    factors = random.uniform(-1, 1, (COUNT, 3))
    noise = random.normal(size=(COUNT, 4))
    codes = np.stack([factors[:, 0] ** 3, -factors[:, 1] + 0.3 * noise[:, 1],
                      np.round(2 * factors[:, 0] + noise[:, 2]), noise[:, 3]], 1)  # fmt: skip
    return codes.astype(np.float32), factors.astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
def test_every_correlation_is_scipys(seed: int) -> None:
    codes, factors = some(seed)
    wanted = [[abs(spearmanr(code, factor).statistic) for factor in factors.T] for code in codes.T]
    np.testing.assert_allclose(scores(codes, factors).correlation, wanted, atol=1e-12)


@pytest.mark.parametrize("bins", [2, 7, BINS])
def test_every_mutual_information_is_scikit_learns_in_numpys_bins(bins: int) -> None:
    codes, factors = some()

    def cut(values: np.ndarray) -> np.ndarray:
        wide = values.astype(np.float64)
        return np.minimum(np.digitize(wide, np.histogram_bin_edges(wide, bins)) - 1, bins - 1)

    wanted = [[mutual_info_score(cut(code), cut(factor)) for factor in factors.T] for code in codes.T]
    found = scores(codes, factors, bins)
    np.testing.assert_allclose(found.information, wanted, atol=1e-12)
    entropies = [mutual_info_score(cut(factor), cut(factor)) for factor in factors.T]
    np.testing.assert_allclose(found.entropy, entropies, atol=1e-12)


def test_the_gap_is_worked_out_by_hand() -> None:
    """Two factors of two values each, in numbers 0 and 1 as they are; number 2 is 1 only where both say so."""
    first = np.repeat([0, 1], 4)
    second = np.tile([0, 1], 4)
    codes = np.stack([first, second, np.where(first == 1, second, 0)], 1).astype(float)
    found = scores(codes, np.stack([first, second], 1).astype(float))
    log2 = np.log(2)
    # Number 2 is 1 in two of eight cases, and then both are 1: I = H(second) − P(0) H(second | 0), and so of the first.
    left = -(1 / 3) * np.log(1 / 3) - (2 / 3) * np.log(2 / 3)
    shared = log2 - 6 / 8 * left
    assert found.entropy == pytest.approx([log2, log2])
    assert found.information[2, 1] == pytest.approx(shared)
    assert found.gap[1] == pytest.approx(1 - shared / log2)
    assert found.information[2, 0] == pytest.approx(shared)
    assert found.mig == pytest.approx(1 - shared / log2)
    assert found.follows[:2].tolist() == [0, 1]


def test_factors_themselves_have_the_largest_gap_and_a_mixture_of_them_less() -> None:
    grid = np.stack(np.meshgrid(np.arange(20), np.arange(20)), -1).reshape(-1, 2).astype(float)
    assert scores(grid, grid).mig == pytest.approx(1)
    turned = grid @ np.array([[1, 1], [1, -1]])
    assert scores(turned, grid).mig < 0.05  # both numbers tell as much of either


def test_what_is_constant_tells_nothing() -> None:
    codes, factors = some()
    codes[:, 3] = 0.25
    factors[:, 2] = -7
    found = scores(codes, factors)
    assert not found.correlation[3].any()
    assert not found.correlation[:, 2].any()
    assert found.information[3] == pytest.approx([0, 0, 0], abs=1e-12)
    assert found.entropy[2] == found.gap[2] == 0
    assert found.follows.tolist()[:2] == [0, 1]
    assert found.follows[3] == -1


def test_one_number_and_one_picture_are_no_trouble() -> None:
    codes, factors = some()
    alone = scores(codes[:, :1], factors)
    assert alone.gap == pytest.approx(alone.information[0] / alone.entropy)  # there is no second number
    single = scores(codes[:1], factors[:1])
    assert single.mig == 0
    assert (single.follows == -1).all()


def test_what_is_independent_seems_to_share_what_the_docstring_says() -> None:
    random = np.random.default_rng(3)
    found = scores(random.uniform(size=(500, 20)), random.uniform(size=(500, 20))).information.mean()
    assert found == pytest.approx(0.42, abs=0.01)


def test_the_bins_go_from_the_least_to_the_largest() -> None:
    values = np.array([[0.0], [0.049], [0.051], [0.99], [1.0]])
    assert binned(values).ravel().tolist() == [0, 0, 1, 19, 19]
    assert mutual_information(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])) == 0
