"""The answers are computed, and so are the reasons that can be."""

from __future__ import annotations

import numpy as np
import torch
from torch.distributions import Normal, kl_divergence

from dlviz.labs.autoencoder.claims import averaging
from dlviz.labs.autoencoder.model import build
from dlviz.labs.autoencoder.presets import PRESETS
from dlviz.labs.autoencoder.questions import QUESTIONS
from dlviz.labs.autoencoder.spec import AutoencoderSpec

BY_SLUG = {question.slug: question for question in QUESTIONS}


def answer(slug: str) -> str:
    return BY_SLUG[slug].options[BY_SLUG[slug].answer]


def test_there_are_twelve_and_the_right_one_stands_everywhere() -> None:
    assert len(QUESTIONS) == 12
    assert {question.answer for question in QUESTIONS} == {0, 1, 2, 3}
    known = {preset.slug for preset in PRESETS}
    assert all(not question.action or question.action in known for question in QUESTIONS)
    assert all(len(question.options) == len(question.because) for question in QUESTIONS)


def test_parameters_are_counted() -> None:
    first = build(AutoencoderSpec()).encoder.linear1
    assert answer("parameters") == f"{sum(values.numel() for values in first.parameters()):,}"
    last = build(AutoencoderSpec()).decoder.output
    assert sum(values.numel() for values in last.parameters()) == (256 + 1) * 784


def test_nats_are_torchs() -> None:
    for slug, mean in (("kl", 0.0), ("kl-far", 2.0)):
        found = kl_divergence(Normal(mean, 1.0), Normal(0.0, 1.0)).item()
        assert answer(slug) == f"{found:g} nats"
    assert answer("elbo") == f"−{140 + 6}"


def test_z_has_a_derivative_only_with_the_trick() -> None:
    mean, spread = torch.tensor(0.3, requires_grad=True), torch.tensor(0.7, requires_grad=True)
    z = Normal(mean, spread).rsample()
    assert torch.autograd.grad(z, mean, retain_graph=True)[0] == 1
    epsilon = ((z - mean) / spread).item()
    assert torch.autograd.grad(z, spread)[0].item() - epsilon < 1e-6
    assert not Normal(mean, spread).sample().requires_grad


def test_the_middle_of_two_codes_is_nearer_to_the_origin() -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 2000, 100))
    norms, middle = np.linalg.norm(a, axis=1), np.linalg.norm((a + b) / 2, axis=1)
    assert abs(norms.mean() - 10) < 0.1
    assert abs(middle.mean() - 10 / np.sqrt(2)) < 0.1
    assert (norms < middle.mean()).mean() < 0.001


def test_the_mean_has_the_least_squared_error() -> None:
    both = averaging.bars()
    middle = both.mean(0)
    assert ((both - middle) ** 2).mean() < ((both - both[0]) ** 2).mean()
