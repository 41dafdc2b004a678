"""The sanity check: rank correlations against scipy, layers made random from the top, the ground truth by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

from dlviz.labs.cnn.attribution import attribution
from dlviz.labs.cnn.explaining import METHODS, own_copy
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.sanity import inside_share, layers_from_the_top, make_random, points_inside, rank_correlation
from dlviz.labs.cnn.spec import CnnSpec

SMALL = CnnSpec(dataset="digits", channels=(6, 8), dense_units=(16,), examples=400)


@pytest.fixture(scope="module")
def run() -> CnnRun:
    run = CnnRun(SMALL)
    run.advance(40)
    return run


def test_rank_correlation_is_scipys_with_and_without_ties() -> None:
    random = torch.Generator().manual_seed(0)
    for ties in (0, 1, 4):
        a, b = torch.rand(9, 7, generator=random), torch.rand(9, 7, generator=random)
        if ties:
            a, b = (a * ties).round(), (b * ties).round()
        for other in (b, a, -a, a + b):
            expected = spearmanr(a.flatten().numpy(), other.flatten().numpy()).statistic
            assert rank_correlation(a, other) == pytest.approx(expected, abs=1e-9)
    assert rank_correlation(torch.zeros(3, 3), torch.rand(3, 3, generator=random)) == 0


@pytest.mark.parametrize("method", METHODS)
def test_the_probe_correlates_with_the_first_map(run: CnnRun, method: str) -> None:
    first, later = attribution(run, method, target=5), attribution(run, method, target=5, randomized=3)
    sizes = [np.abs(trace["attribution"]).sum(0).ravel() for trace in (first, later)]
    assert float(later["rank_correlation"]) == pytest.approx(spearmanr(*sizes).statistic, abs=1e-5)
    assert "rank_correlation" not in first.arrays
    assert float(later["rank_correlation"]) < 1
    assert not np.allclose(later.state["output.weight"], first.state["output.weight"])
    np.testing.assert_array_equal(later.state["conv1.weight"], first.state["conv1.weight"])


def test_layers_become_random_from_the_top_and_stay_so(run: CnnRun) -> None:
    groups = layers_from_the_top(SMALL)
    assert groups == [["output"], ["dense1"], ["conv2", "norm2"], ["conv1", "norm1"]]
    states = []
    for layers in range(5):
        network = own_copy(run.network)
        make_random(network, SMALL, layers)
        states.append(network.state_dict())
    for layers, state in enumerate(states):
        for place, group in enumerate(groups):
            for name in (key for key in state if key.split(".")[0] in group and "num_batches" not in key):
                if place < layers:
                    assert torch.equal(state[name], states[4][name]), "a random layer stays as it was drawn"
                    assert not torch.equal(state[name], states[0][name]), name
                else:
                    assert torch.equal(state[name], states[0][name]), "what lies below is as learned"
    assert torch.equal(states[3]["norm2.running_mean"], torch.zeros(8))


def test_the_ground_truth_of_a_shape() -> None:
    run = CnnRun(dataclasses.replace(SMALL, dataset="shapes", examples=60, picture=4))
    run.advance(2)
    trace = attribution(run, "occlusion")
    mask = run.pictures.masks[4].numpy()  # type: ignore[index]
    np.testing.assert_array_equal(trace["mask"], mask)
    sizes = np.abs(trace["attribution"]).sum(0)
    assert float(trace["inside_share"]) == pytest.approx((sizes * mask).sum() / sizes.sum(), abs=1e-5)
    assert bool(trace["points_inside"]) == bool(mask[np.unravel_index(sizes.argmax(), sizes.shape)] > 0.5)
    square = torch.zeros(1, 4, 4)
    square[0, 1, 1], square[0, 3, 3] = -3.0, 1.0
    inside = torch.zeros(4, 4)
    inside[:2, :2] = 1
    assert inside_share(square, inside) == 0.75
    assert points_inside(square, inside)
    assert not points_inside(square, 1 - inside)
    assert inside_share(torch.zeros(1, 4, 4), inside) == 0
    assert not points_inside(torch.zeros(1, 4, 4), inside)
