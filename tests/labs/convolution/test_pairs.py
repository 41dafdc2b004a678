"""The pairs: their pictures, what the hidden filter answers, and which of them the screen gets."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Generator
from torch.nn import functional

from dlviz.labs.convolution import pairs
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import CHANNELS, ConvolutionSpec

KINDS = ("noise", "digits", "photos", "flat")


@pytest.mark.parametrize("channels", CHANNELS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", [3, 12, 32])
def test_pictures_have_the_size_of_the_stage(kind: str, channels: str, side: int) -> None:
    spec = ConvolutionSpec(pairs=kind, channels=channels, side=side)
    found = pairs.inputs(spec, Generator().manual_seed(4))
    assert found.shape == (pairs.TRAIN + pairs.TEST, CHANNELS[channels], side, side)
    assert torch.isfinite(found).all()
    again = pairs.inputs(spec, Generator().manual_seed(4))
    torch.testing.assert_close(found, again, rtol=0, atol=0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_one_dimensional_layer_gets_one_row(kind: str) -> None:
    spec = ConvolutionSpec(layer="conv1d", pairs=kind)
    assert pairs.inputs(spec, Generator().manual_seed(4)).shape == (pairs.TRAIN + pairs.TEST, 1, 1, 12)


def test_what_the_pictures_are() -> None:
    def of(kind: str) -> torch.Tensor:
        return pairs.inputs(ConvolutionSpec(pairs=kind), Generator().manual_seed(4))

    assert (of("flat") == 0.5).all()
    noise = of("noise")
    assert abs(noise.mean()) < 0.02
    assert abs(noise.std() - 1) < 0.02
    for kind in ("digits", "photos"):
        assert of(kind).min() >= 0
        assert of(kind).max() <= 1
        assert len(of(kind).flatten(1).unique(dim=0)) > 200, "nearly all pictures differ"


def test_answers_are_the_hidden_filters_with_noise_of_the_size_asked_for() -> None:
    exact, blurred = (ConvolutionRun(ConvolutionSpec(pair_noise=noise)) for noise in (0.0, 0.5))
    torch.testing.assert_close(exact.inputs, blurred.inputs, rtol=0, atol=0)
    sobel = torch.tensor([[[[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]]])
    torch.testing.assert_close(exact.answers, functional.conv2d(exact.inputs, sobel), rtol=1e-5, atol=1e-5)
    assert (blurred.answers - exact.answers).std().item() == pytest.approx(0.5, rel=0.02)


def test_the_screen_gets_test_pairs() -> None:
    run = ConvolutionRun(ConvolutionSpec(channels="rgb", kernel=("edge", "average")))
    arrays = run.scene().arrays
    assert arrays["pairs"].shape == (6, 3, 12, 12)
    assert arrays["answers"].shape == (6, 2, 10, 10)
    np.testing.assert_array_equal(arrays["pairs"], run.inputs[pairs.TRAIN : pairs.TRAIN + 6].numpy())
    np.testing.assert_array_equal(arrays["answers"], run.answers[pairs.TRAIN : pairs.TRAIN + 6].numpy())


def test_large_pairs_are_fewer() -> None:
    large = ConvolutionSpec(side=32, channels="maps", kernel=("edge",) * 8, kernel_size=7, padding="full")
    arrays = ConvolutionRun(large).scene().arrays
    assert 1 <= len(arrays["pairs"]) < 6
    assert arrays["pairs"].size + arrays["answers"].size <= pairs.SHOWN_NUMBERS


def test_losses_of_large_layers_are_measured_on_a_part() -> None:
    small, large = (
        pairs.measured(ConvolutionSpec(side=side, channels="maps", kernel=("edge",) * 8, kernel_size=7))
        for side in (7, 32)
    )
    assert small == {"train": slice(0, 192), "test": slice(192, 256)}
    assert 8 <= large["train"].stop < 192
    assert large["test"].start == 192
