"""The networks' plan, training, measurements, probes and refusals of the GAN lab."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors
from torch import nn

from dlviz.core.errors import InvalidInput
from dlviz.data import placing
from dlviz.labs.gan import data, probe, scoring
from dlviz.labs.gan.measuring import judge
from dlviz.labs.gan.plan import HALF_WIDTH
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.labs.gan.turning import turn
from dlviz.training import classifiers

SMALL = {"generator_hidden": (16,), "discriminator_hidden": (16,), "examples": 200, "batch_size": 32}
CONVOLUTIONAL = {"network": "dcgan", "channels": (6, 4), "batch_norm": "both", "noise_dimensions": 5, "examples": 60,
                 "batch_size": 8}  # fmt: skip
SPECS = [
    GanSpec(),
    GanSpec(**SMALL, dataset="grid25", batch_norm="both", conditional=True),
    GanSpec(**SMALL, dataset="digits", conditional=True, batch_norm="generator"),
    GanSpec(**CONVOLUTIONAL, dataset="mnist", conditional=True),
    GanSpec(**CONVOLUTIONAL, dataset="sprites", spectral_norm=True),
    GanSpec(**{**CONVOLUTIONAL, "channels": (3,)}, dataset="digits"),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"{s.dataset}-{s.network}")
def test_the_plan_is_the_network(spec: GanSpec) -> None:
    """Shapes and parameters of every row, as torch has them."""
    run = GanRun(spec)
    shapes: dict[str, tuple[int, ...]] = {}
    for player in ("generator", "discriminator"):
        for name, module in getattr(run.network, player).named_children():
            module.register_forward_hook(
                lambda _m, _g, after, name=f"{player}.{name}": shapes.__setitem__(name, tuple(after.shape[1:]))
            )
    run.network(run.shown.z[:2], run.shown.labels[:2])
    assert {row.name: row.output_shape for row in spec.rows} == shapes
    assert sum(row.parameters for row in spec.rows) == sum(p.numel() for p in run.network.parameters())
    for row in spec.rows:
        module = run.network.get_submodule(row.name)
        assert row.parameters == sum(p.numel() for p in module.parameters()), row.name


def test_a_dcgan_has_no_dense_layers() -> None:
    network = GanRun(GanSpec(**CONVOLUTIONAL, dataset="mnist")).network
    assert not any(isinstance(module, nn.Linear) for module in network.modules())
    assert isinstance(network.generator.tanh, nn.Tanh)
    assert not hasattr(network.discriminator, "norm1")


def test_the_ring_is_covered_by_the_recommended_settings() -> None:
    run = GanRun(GanSpec())
    run.advance(3000)
    numbers = run.measured_now().numbers
    assert numbers["modes"] == 8
    assert numbers["quality"] > 0.7


def test_scores_equal_other_peoples() -> None:
    chance = torch.Generator().manual_seed(3)
    real, fake = torch.randn(80, 4, generator=chance), torch.randn(80, 4, generator=chance) * 0.7 + 0.5
    mean, other = real.numpy().mean(0), fake.numpy().mean(0)
    cov, other_cov = np.cov(real.numpy().T), np.cov(fake.numpy().T)
    wanted = ((mean - other) ** 2).sum() + np.trace(cov + other_cov - 2 * sqrtm(cov @ other_cov).real)
    assert scoring.frechet(real, fake) == pytest.approx(wanted, rel=1e-4)
    assert scoring.frechet(real, real) == pytest.approx(0, abs=1e-6)
    a, b = real[:, 0], fake[:, 0]
    truth = [1] * 80 + [0] * 80
    assert scoring.separation(a, b) == pytest.approx(roc_auc_score(truth, torch.cat([a, b]).numpy()), abs=1e-6)
    reach = NearestNeighbors(n_neighbors=4).fit(real).kneighbors(real)[0][:, 3]
    distance = np.linalg.norm(fake.numpy()[:, None] - real.numpy(), axis=2)
    assert scoring.precision_and_recall(real, fake)[0] == pytest.approx((distance <= reach).any(1).mean())
    assert scoring.precision_and_recall(real, fake)[1] == pytest.approx(scoring.precision_and_recall(fake, real)[0])
    pairs = np.linalg.norm(real.numpy()[:, None] - real.numpy(), axis=2)
    assert scoring.spread(real) == pytest.approx(pairs[~np.eye(80, dtype=bool)].mean(), rel=1e-5)
    counts = torch.tensor([10, 0, 30, 60])
    assert scoring.covered(counts, 100) == 3
    assert scoring.entropy(counts) == pytest.approx(-sum(p * math.log(p) for p in (0.1, 0.3, 0.6)))
    assert scoring.entropy(torch.zeros(4)) == 0


def test_a_fake_is_on_the_mode_within_three_deviations() -> None:
    spec = GanSpec(**SMALL)
    real = data.load(spec)
    assert real.centers is not None
    at = real.centers[2] + torch.tensor([[0.0, 0.0], [0.14, 0.0], [0.16, 0.0]])
    judged = judge(spec, real, at)
    assert judged.mode.tolist() == [2, 2, -1]
    assert judged.mode_counts is not None
    assert judged.mode_counts.tolist() == [0, 0, 2, 0, 0, 0, 0, 0]


def test_a_picture_is_what_the_classifier_is_sure_of() -> None:
    spec = GanSpec(**SMALL, dataset="digits")
    real = data.load(spec)
    judged = judge(spec, real, real.held_x[:100])
    reader = classifiers.shipped("digits")
    assert reader is not None
    share = classifiers.logits(reader, (real.held_x[:100] + 1) / 2).softmax(1)
    for mode, row in zip(judged.mode.tolist(), share, strict=True):
        assert mode == (int(row.argmax()) if row.max() > 0.8 else -1)


def test_real_examples_of_a_mixture_are_even_and_as_wide_as_said() -> None:
    real = data.load(GanSpec(examples=4000))
    assert real.centers is not None
    off = real.x - real.centers[real.y]
    assert torch.bincount(real.y).tolist() == [500] * 8
    assert off.std().item() == pytest.approx(real.spread, rel=0.05)
    np.testing.assert_allclose(np.linalg.norm(real.centers, axis=1), 1, atol=1e-6)


# --- probes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"{s.dataset}-{s.network}")
def test_samples_are_what_the_networks_make_of_z(spec: GanSpec) -> None:
    run = GanRun(spec)
    run.advance(2)
    found = probe.samples(run, count=12)
    network = copy.deepcopy(run.network).eval()
    labels = torch.from_numpy(found["label"]).long()
    with torch.no_grad():
        fake = network.generator(torch.from_numpy(found["z"]), labels)
        logits = network.discriminator(fake, labels)[:, 0]
    wanted = fake if spec.is_planar else (fake + 1) / 2
    np.testing.assert_allclose(found["samples"], wanted, atol=1e-6)
    np.testing.assert_allclose(found["d_fake"], logits.sigmoid(), atol=1e-6)
    if not spec.is_planar:
        assert found["samples"].min() >= 0
        assert found["samples"].max() <= 1


def test_the_map_and_the_gradient_are_of_the_discriminator() -> None:
    run = GanRun(GanSpec(**SMALL, loss="minimax"))
    run.advance(20)
    found = probe.stage(run, side=16)
    network = copy.deepcopy(run.network).eval()
    at = np.linspace(-HALF_WIDTH, HALF_WIDTH, 33)[1::2]
    for row, column in ((0, 0), (3, 11), (15, 2)):
        place = torch.tensor([[at[column], at[15 - row]]], dtype=torch.float32)
        assert found["d_map"][row, column] == pytest.approx(network.discriminator(place).item(), abs=1e-5)
    x = torch.from_numpy(found["fake"][:5]).double()
    network = network.double()

    def loss(points: torch.Tensor) -> torch.Tensor:
        return torch.log(1 - torch.sigmoid(network.discriminator(points)[:, 0]))

    h = 1e-6  # by differences, which know nothing of autograd
    for axis in range(2):
        step = torch.zeros(2, dtype=torch.double)
        step[axis] = h
        np.testing.assert_allclose(
            found["gradient"][:5, axis], ((loss(x + step) - loss(x - step)) / (2 * h)).detach(), atol=1e-4
        )


@pytest.mark.parametrize("spec", [*SPECS[:3], GanSpec(**SMALL, discriminator_steps=3, loss="wgangp")], ids=str)
def test_a_turn_that_is_shown_is_the_turn_that_is_taken(spec: GanSpec) -> None:
    run = GanRun(spec)
    run.advance(3)
    shown = turn(run)
    assert shown["d_loss"].shape == (spec.discriminator_steps,)
    run.advance(1)
    after = probe.weights(run)
    for name, values in after.state.items():
        np.testing.assert_array_equal(shown.state[f"after/{name}"], values)
    run.network.eval()
    with torch.no_grad():
        np.testing.assert_array_equal(shown["after"], run.network.generator(run.shown.z, run.shown.labels))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"noise_dimensions": 10_000}, "256"),
        ({"discriminator_steps": 0}, "1"),
        ({"network": "dcgan"}, "needs pictures"),
        ({"dataset": "circle", "conditional": True}, "needs classes"),
        ({"dataset": "own"}, "at least 2 different points"),
        ({"dataset": "own", "own_points": placing.encode([(0.1, 0.2)] * 5, HALF_WIDTH)}, "at least 2 different points"),
        ({"dataset": "own", "own_points": "abc"}, "four characters a point"),
        ({"dataset": "own", "own_points": "ab!d"}, "letters"),
        ({"batch_size": 1}, "2"),
    ],
)
def test_what_cannot_be_is_said(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        GanSpec(**changes)  # type: ignore[arg-type]


def test_own_points_are_where_they_were_drawn() -> None:
    points = [(-1.2, 0.3), (0.5, -0.7), (1.5, 1.5)]
    text = placing.encode(points, HALF_WIDTH)
    np.testing.assert_allclose(placing.decode(text, HALF_WIDTH, "x"), points, atol=3 / 4095)
    real = data.load(GanSpec(dataset="own", own_points=text, examples=600))
    for k, point in enumerate(points):
        np.testing.assert_allclose(real.x[k::3].mean(0), point, atol=0.01)


@pytest.mark.parametrize(
    ("options", "words"), [({"count": 0}, "1, 500"), ({"label": 1}, "conditional"), ({"seed": -1}, "whole number")]
)
def test_options_that_cannot_be_are_refused(options: dict[str, int], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        probe.samples(GanRun(GanSpec(**SMALL)), **options)  # type: ignore[arg-type]
