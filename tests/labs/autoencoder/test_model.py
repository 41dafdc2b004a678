"""The network and its objective against torch's own layers, torch.distributions, and closed forms."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.distributions import Bernoulli, Independent, Normal, kl_divergence

from dlviz.labs.autoencoder import objective
from dlviz.labs.autoencoder.model import build
from dlviz.labs.autoencoder.spec import SETS, AutoencoderSpec

SPECS = [
    AutoencoderSpec(),
    AutoencoderSpec(kind="plain", hidden=(), activation="linear", latent=5, likelihood="gaussian"),
    AutoencoderSpec(kind="sparse", hidden=(30, 20, 10), latent=40, dataset="digits"),
    AutoencoderSpec(kind="conditional", dataset="sprites", latent=3),
    AutoencoderSpec(kind="denoising", network="convolutional", dataset="faces", channels=(4, 6, 8)),
    AutoencoderSpec(kind="conditional", network="convolutional", dataset="digits", channels=(5,), activation="relu"),
    AutoencoderSpec(network="convolutional", dataset="mnist", channels=(3, 4, 5)),
]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.dataset}-{spec.kind}-{spec.network}")
def test_every_row_has_the_shape_and_the_parameters_that_its_module_has(spec: AutoencoderSpec) -> None:
    network, rows = build(spec), {row.name: row for row in spec.rows}
    seen: dict[str, tuple[int, ...]] = {}

    def remember(name: str) -> Any:
        return lambda _module, _given, after: seen.__setitem__(name, tuple(after.shape[1:]))

    modules = {name: module for name, module in network.named_modules() if name in rows}
    assert modules.keys() == rows.keys()
    for name, module in modules.items():
        module.register_forward_hook(remember(name))
        assert rows[name].parameters == sum(values.numel() for values in module.parameters())
    labels = torch.tensor([0, 1])
    again = network.decode(network.encode(torch.rand(2, *spec.picture_shape), labels).at(None), labels)
    assert seen == {name: row.output_shape for name, row in rows.items()}
    assert again.shape == (2, *spec.picture_shape)
    assert sum(row.parameters for row in rows.values()) == sum(values.numel() for values in network.parameters())


def test_a_dense_one_is_784_256_128_z_and_its_mirror_image() -> None:
    linear = [(row.input_shape[0], row.output_shape[0]) for row in AutoencoderSpec().rows if row.kind == "linear"]
    assert linear == [(784, 256), (256, 128), (128, 2), (128, 2), (2, 128), (128, 256), (256, 784)]


@pytest.mark.parametrize("dataset", SETS)
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_transposed_convolutions_give_back_every_side(dataset: str, layers: int) -> None:
    spec = AutoencoderSpec(dataset=dataset, network="convolutional", channels=(2,) * layers)
    side = spec.picture_shape[1]
    for row in spec.rows:
        if row.kind == "conv":
            side = nn.Conv2d(1, 1, 3, 2, 1)(torch.zeros(1, 1, side, side)).shape[-1]
            assert row.output_shape[1:] == (side, side)
    assert spec.rows[-1].output_shape == spec.picture_shape


def test_the_reconstruction_is_the_log_probability_of_torchs_distributions() -> None:
    pictures = torch.randint(0, 2, (5, 1, 8, 8)).float()
    decoded = torch.randn(5, 1, 8, 8)
    bernoulli = Independent(Bernoulli(logits=decoded), 3).log_prob(pictures)
    found = objective.reconstruction(build(AutoencoderSpec(dataset="digits")), decoded, pictures)
    torch.testing.assert_close(found, -bernoulli)
    gaussian = Independent(Normal(decoded, 1.0), 3).log_prob(pictures) - Independent(Normal(decoded, 1.0), 3).log_prob(
        decoded
    )
    found = objective.reconstruction(build(AutoencoderSpec(dataset="digits", likelihood="gaussian")), decoded, pictures)
    torch.testing.assert_close(found, -gaussian)


@settings(max_examples=50, deadline=None)
@given(mean=st.floats(-5, 5), log_variance=st.floats(-8, 4))
def test_kl_is_the_closed_form_in_value_and_gradient(mean: float, log_variance: float) -> None:
    mine = torch.tensor([mean, log_variance], dtype=torch.double, requires_grad=True)
    theirs = mine.detach().clone().requires_grad_()
    found = objective.divergence(mine[0], mine[1])
    wanted = kl_divergence(Normal(theirs[0], (theirs[1] / 2).exp()), Normal(0.0, 1.0))
    torch.testing.assert_close(found, wanted, check_dtype=False, rtol=1e-5, atol=1e-6)
    found.backward()
    wanted.backward()
    torch.testing.assert_close(mine.grad, theirs.grad, rtol=1e-5, atol=1e-6)


def test_inactivity_is_the_divergence_of_two_coins() -> None:
    code = torch.rand(200, 7) * 0.3
    wanted = sum(kl_divergence(Bernoulli(torch.tensor(0.05)), Bernoulli(code[:, unit].mean())) for unit in range(7))
    torch.testing.assert_close(objective.inactivity(code, 0.05), wanted)


def test_a_code_is_mean_and_spread_times_epsilon() -> None:
    network = build(AutoencoderSpec(dataset="digits", latent=3))
    code = network.encode(torch.rand(4, 1, 8, 8))
    epsilon = torch.randn(4, 3)
    assert code.log_variance is not None
    torch.testing.assert_close(code.at(epsilon), code.mean + code.log_variance.exp().sqrt() * epsilon)
    assert code.at(None) is code.mean


def test_damage_is_of_the_amount_and_kind_asked_for() -> None:
    pictures = torch.full((40, 3, 20, 20), 0.5)
    chance = torch.Generator().manual_seed(0)
    masked = objective.damaged(pictures, "masking", 0.3, chance)
    assert set(masked.unique().tolist()) == {0.0, 0.5}
    assert (masked == 0).float().mean().item() == pytest.approx(0.3, abs=0.01)
    assert (masked[:, 0] == masked[:, 2]).all()  # the channels of a cell are hit together
    salted = objective.damaged(pictures, "salt_pepper", 0.4, chance)
    for value in (0.0, 1.0):
        assert (salted == value).float().mean().item() == pytest.approx(0.2, abs=0.01)
    noisy = objective.damaged(pictures, "gaussian", 0.1, chance)
    assert noisy.std().item() == pytest.approx(0.1, abs=0.003)
    assert objective.damaged(pictures, "gaussian", 1.0, chance).aminmax() == (0.0, 1.0)
    for kind in ("gaussian", "masking", "salt_pepper"):
        assert objective.damaged(pictures, kind, 0.0, chance).equal(pictures)


def test_beta_rises_in_a_line_and_stays() -> None:
    spec = AutoencoderSpec(beta=4, warmup=100)
    assert [objective.beta_at(spec, step) for step in (0, 25, 100, 500)] == [0, 1, 4, 4]
    assert objective.beta_at(dataclasses.replace(spec, warmup=0), 0) == 4
