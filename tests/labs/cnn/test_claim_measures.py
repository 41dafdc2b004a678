"""What each experiment of the CNN lab measures, against torch, scipy, scikit-learn and captum themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from captum import attr
from scipy import ndimage
from scipy.stats import spearmanr
from sklearn import metrics
from torch import nn

from dlviz.labs.cnn.claims import augmentation, dropout, edges, forgetting, randomizing, rates, shifting
from dlviz.labs.cnn.claims.measuring import scores
from dlviz.labs.cnn.explaining import Score, own_copy
from dlviz.labs.cnn.model import build
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.sanity import make_random
from dlviz.labs.cnn.spec import CnnSpec
from tests.labs.cnn.claim_rows import rows

# --- forgetting eval() -----------------------------------------------------------------------------


def test_what_evaluation_mode_answers_is_computed_from_the_running_means() -> None:
    run = CnnRun(CnnSpec(seed=1))
    run.advance(forgetting.STEPS)
    x, y = run.pictures.test_x[: forgetting.TESTED], run.pictures.test_y[: forgetting.TESTED]
    with torch.no_grad():
        for name, module in run.network.named_children():
            if isinstance(module, nn.BatchNorm2d):
                mean, variance = module.running_mean[:, None, None], module.running_var[:, None, None]
                scale, shift = module.weight[:, None, None], module.bias[:, None, None]
                x = (x - mean) / (variance + module.eps).sqrt() * scale + shift
            elif not name.startswith("dropout"):
                x = module(x)
    share = (x.argmax(1) == y).float().mean().item()
    found = rows("forgetting-eval")
    assert [row["way"] for row in found] == [way for way, _ in forgetting.WAYS]
    for row in found:
        assert row["with_eval"] == pytest.approx(share, abs=0.005)
        assert 0 < row["changed"] < 0.5
        assert row["with_eval"] - row["changed"] <= row["without"] <= row["with_eval"] + row["changed"]


def test_forgetting_leaves_the_network_as_it_was_and_normalises_by_the_batch() -> None:
    network = build(CnnSpec(dropout=0.0))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    x = torch.rand(10, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    answers = forgetting.forgotten(network, x, 5)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    twin = build(CnnSpec(dropout=0.0))
    for module in twin:
        if isinstance(module, nn.BatchNorm2d):
            module.track_running_stats, module.running_mean, module.running_var = False, None, None
    with torch.no_grad():
        expected = torch.cat([twin(x[:5]).argmax(1), twin(x[5:]).argmax(1)])
    assert torch.equal(answers, expected)


# --- learning rates --------------------------------------------------------------------------------


def test_rates_are_trained_by_torchs_own_sgd() -> None:
    row = next(row for row in rows("batch-norm-tolerates") if row["learning_rate"] == 0.3 and not row["batch_norm"])
    spec = rates.setting(False, 0.3, 2)
    run, network = CnnRun(spec), build(spec)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.3)
    order = torch.randperm(len(run.pictures.train_y), generator=torch.Generator().manual_seed(3))
    for batch in order[: 32 * 10].split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(run.pictures.train_x[batch]), run.pictures.train_y[batch]).backward()
        optimizer.step()
    with torch.no_grad():
        right = network(run.pictures.test_x).argmax(1) == run.pictures.test_y
    assert row["test_accuracy"] == pytest.approx(right.float().mean().item(), abs=0.003)
    assert len(rows("batch-norm-tolerates")) == 2 * len(rates.RATES)


# --- convolutional against dense ---------------------------------------------------------------------


def test_both_networks_have_as_many_parameters() -> None:
    for row in rows("cnn-beats-dense"):
        model = build(shifting.setting(row["seed"]))
        other = shifting.dense(model, row["seed"])
        own = model if row["network"] == "convolutional" else other
        assert row["parameters"] == sum(p.numel() for p in own.parameters())
        assert abs(shifting.count(model) - shifting.count(other)) < 795 / 2 + 1, "within half a unit"


@pytest.mark.parametrize("move", shifting.MOVES)
def test_moved_digits_equal_scipys(move: tuple[int, int]) -> None:
    x = torch.rand(2, 1, 28, 28)
    expected = ndimage.shift(x.numpy(), (0, 0, *move), order=0, cval=0)
    assert np.array_equal(shifting.moved(x, *move).numpy(), expected)


# --- dropout -----------------------------------------------------------------------------------------


def test_scores_are_those_of_the_networks_own_answers() -> None:
    network, x = build(CnnSpec()), torch.rand(30, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    y = torch.arange(30) % 10
    with torch.no_grad():
        shares = network.eval()(x).double().softmax(1)
    network.train()
    found = scores(network, x, y)
    assert found[0] == pytest.approx((shares.argmax(1) == y).double().mean().item())
    assert found[1] == pytest.approx(metrics.log_loss(y, shares.numpy(), labels=range(10)), rel=1e-5)
    assert network.training


def test_only_the_chance_differs_and_both_parts_are_scored() -> None:
    for row in rows("dropout-narrows-the-gap")[:2]:
        run = CnnRun(dropout.setting(row["dropout"], row["seed"]))
        run.advance(30)
        assert len(run.pictures.train_y) == dropout.EXAMPLES
        assert (row["train_accuracy"], row["train_loss"]) == pytest.approx(
            scores(run.network, run.pictures.train_x, run.pictures.train_y), abs=1e-3
        )
        assert (row["test_accuracy"], row["test_loss"]) == pytest.approx(
            scores(run.network, run.pictures.test_x, run.pictures.test_y), abs=1e-3
        )
    assert [row["dropout"] for row in rows("dropout-narrows-the-gap")] == [0.0, 0.5, 0.0, 0.5]


# --- augmentation ------------------------------------------------------------------------------------


def test_augmented_and_plain_runs_begin_alike_on_the_same_pictures() -> None:
    found = rows("augmentation-helps")
    assert [(row["dataset"], row["augment"]) for row in found[:2]] == [("mnist", False), ("mnist", True)]
    assert len(found) == 2 * 2 * 2
    plain, augmented = (CnnRun(augmentation.setting("mnist", augment, 1)) for augment in (False, True))
    assert (plain.spec.augment, augmented.spec.augment) == (False, True)
    assert torch.equal(plain.pictures.train_x, augmented.pictures.train_x)
    assert len(plain.pictures.train_y) == augmentation.EXAMPLES
    assert all(torch.equal(a, b) for a, b in zip(plain.network.parameters(), augmented.network.parameters(),
                                                 strict=True))  # fmt: skip
    augmented.advance(15)
    right = augmented.network.eval()(augmented.pictures.test_x).argmax(1) == augmented.pictures.test_y
    assert found[1]["test_accuracy"] == pytest.approx(right.float().mean().item(), abs=2e-3)


# --- edges -------------------------------------------------------------------------------------------


def drawn(side: int, angle: float, form: Any) -> np.ndarray:
    """A kernel that changes along one direction only."""
    at = np.arange(side) - (side - 1) / 2
    y, x = np.meshgrid(at, at, indexing="ij")
    return np.asarray(form(x * np.cos(angle) + y * np.sin(angle)) * np.exp(-(x**2 + y**2) / (2 * 2.2**2)))


@pytest.mark.parametrize("angle", [0.0, 0.31, 1.1, 2.4])
@pytest.mark.parametrize("form", [np.tanh, lambda u: np.exp(-(u**2) / 2)], ids=["edge", "bar"])
def test_an_edge_and_a_bar_of_any_angle_score_nearly_one(angle: float, form: Any) -> None:
    kernel = drawn(7, angle, form)
    (share,) = edges.edge_share(kernel[None])
    assert 0.9 < share <= 1
    assert edges.edge_share(-3 * kernel[None] + 5)[0] == pytest.approx(share), "neither height nor brightness matters"


def test_noise_scores_low_and_a_gabor_function_one() -> None:
    noise = np.random.default_rng(0).normal(size=(500, 7, 7))
    assert edges.edge_share(noise).mean() < 0.2
    at = np.arange(7) - 3.0
    y, x = np.meshgrid(at, at, indexing="ij")
    wave = np.cos(2 * np.pi * (x * np.cos(np.pi / 6) + y * np.sin(np.pi / 6)) / (1.25 * 7) + 0.7)
    gabor = wave * np.exp(-(x**2 + y**2) / (2 * (0.4 * 7) ** 2))
    assert edges.edge_share(gabor[None])[0] == pytest.approx(1)


def test_the_share_is_that_of_a_least_squares_fit() -> None:
    kernel = np.random.default_rng(3).normal(size=(7, 7))
    planes = edges.gabors(7)
    assert len(planes) == 648
    rest = []
    for plane in planes:
        columns = np.column_stack([np.ones(49), *plane])
        _, residual, *_ = np.linalg.lstsq(columns, kernel.ravel(), rcond=None)
        rest.append(residual[0])
    expected = 1 - min(rest) / ((kernel - kernel.mean()) ** 2).sum()
    assert edges.edge_share(kernel[None])[0] == pytest.approx(expected)


def test_kernels_are_compared_before_and_after() -> None:
    found = rows("early-layers-edges")
    run = CnnRun(edges.setting(False, 1))
    before = {name: run.network.get_submodule(name).weight.detach().clone() for name in edges.LAYERS}
    run.advance(15)
    for row in found[:2]:
        after = run.network.get_submodule(row["layer"]).weight.detach()
        assert after.shape[-1] == edges.SIDE
        for what, weight in (("untrained", before[row["layer"]]), ("trained", after),
                             ("added", after - before[row["layer"]])):  # fmt: skip
            each = weight.flatten(0, 1).double().numpy()
            assert row[what] == pytest.approx(np.mean([edges.edge_share(k[None])[0] for k in each]), abs=2e-3)


# --- randomization -----------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::UserWarning")  # Captum tells of its hooks
def test_maps_are_captums_and_their_correlation_scipys() -> None:
    run = CnnRun(CnnSpec(seed=1))
    run.advance(10)
    spec, x, target = run.spec, run.pictures.test_x[2:3], int(run.pictures.test_y[2])
    dense, everything = randomizing.survived(run, 2, "guided_backprop")
    maps = []
    for layers in (0, 2, 4):
        network = own_copy(run.network)
        make_random(network, spec, layers)
        maps.append(attr.GuidedBackprop(Score(network, target, None)).attribute(x.clone(), target=0).abs().sum(1))
    for share, later in ((dense, maps[1]), (everything, maps[2])):
        expected = spearmanr(maps[0].detach().numpy().ravel(), later.detach().numpy().ravel()).statistic
        assert share == pytest.approx(expected, abs=1e-6)


def test_each_network_and_method_has_its_row() -> None:
    found = rows("guided-backprop-survives")
    assert [(row["network"], row["seed"], row["method"]) for row in found] == [
        (network, seed, method) for network in randomizing.SETTINGS for seed in (1, 2) for method in randomizing.METHODS
    ]
    run = CnnRun(CnnSpec(seed=1))
    run.advance(10)
    shares = [randomizing.survived(run, index, "grad_cam")[0] for index in range(randomizing.PICTURES)]
    assert found[5]["dense"] == pytest.approx(np.mean(shares), abs=0.02)
