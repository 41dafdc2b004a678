"""The pictures on the stage: what each one is, in every size and every number of channels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import scipy.ndimage
import torch

from dlviz.data.digits import mnist_5k
from dlviz.data.photos import photo
from dlviz.labs.convolution import pictures
from dlviz.labs.convolution.spec import CHANNELS, MOST_SIDE, PICTURES, ConvolutionSpec

DRAWN = [name for name in PICTURES if name != "own"]


def load(**settings: object) -> np.ndarray:
    return pictures.load(ConvolutionSpec(**{"kernel": ("identity",), "kernel_size": 1, **settings})).numpy()


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("channels", CHANNELS)
def test_every_picture_fills_every_size(picture: str, channels: str) -> None:
    for side in (1, 2, 3, 12, MOST_SIDE):
        found = load(picture=picture, channels=channels, side=side)
        assert found.shape == (CHANNELS[channels], side, side)
        assert found.dtype == np.float32
        assert np.isfinite(found).all()
        if channels != "maps":
            assert found.min() >= 0
            assert found.max() <= 1
            row = load(picture=picture, channels=channels, side=side, layer="conv1d")
            assert np.array_equal(row, found[:, side // 2 : side // 2 + 1])


@pytest.mark.parametrize("picture", DRAWN)
def test_a_picture_can_be_painted_over_without_loss(picture: str) -> None:
    """Grey and RGB stand in steps of 1/255, so that the link keeps them in bytes; a grey photo is mixed from three."""
    for channels in ("grey", "rgb"):
        if (picture, channels) == ("photo", "grey"):
            continue
        steps = load(picture=picture, channels=channels, side=13) * 255
        assert np.abs(steps - steps.round()).max() < 1e-4


@pytest.mark.parametrize("picture", DRAWN)
def test_rgb_channels_differ(picture: str) -> None:
    red, green, blue = load(picture=picture, channels="rgb", side=12)
    assert not np.array_equal(red, green)
    assert not np.array_equal(green, blue)


def test_the_checkerboard_of_the_textbook() -> None:
    assert load(picture="checkerboard", side=5)[0].tolist() == [[1, 0, 1, 0, 1], [0, 1, 0, 1, 0]] * 2 + [
        [1, 0, 1, 0, 1]
    ]


def test_one_dot_is_one_dot_in_the_middle() -> None:
    found = load(picture="impulse", side=9)[0]
    assert np.argwhere(found).tolist() == [[4, 4]]
    assert found[4, 4] == 1


def test_a_ramp_rises_from_left_to_right() -> None:
    assert load(picture="ramp", side=6)[0, 3] == pytest.approx(np.linspace(0, 1, 6))


def test_a_digit_is_mnist_s_at_its_own_size() -> None:
    digits, labels = mnist_5k()
    for digit in range(10):
        first = digits[np.flatnonzero(labels == digit)[0]]
        assert np.array_equal((load(digit=digit, side=28)[0] * 255).round(), first)


def test_a_photo_is_the_photo_at_that_size() -> None:
    found = load(picture="photo", photo="chelsea", channels="rgb", side=24)
    assert np.array_equal((found * 255).round(), photo("chelsea", 24).transpose(2, 0, 1))
    grey = load(picture="photo", photo="chelsea", side=24)[0] * 255
    assert np.abs(grey - cv2.cvtColor(photo("chelsea", 24), cv2.COLOR_RGB2GRAY)).max() <= 0.51  # OpenCV's are bytes


def test_noise_comes_from_the_seed_alone() -> None:
    torch.manual_seed(0)
    first = load(picture="noise", seed=3)
    torch.rand(7)
    assert np.array_equal(load(picture="noise", seed=3), first)
    assert not np.array_equal(load(picture="noise", seed=4), first)


def test_four_maps_are_the_picture_its_edges_and_its_laplacian() -> None:
    grey = load(side=16)[0].astype(float)
    maps = load(side=16, channels="maps")
    across, down = (scipy.ndimage.sobel(grey, axis=axis, mode="nearest") for axis in (1, 0))
    wanted = [grey, across, down, scipy.ndimage.laplace(grey, mode="nearest")]
    assert maps == pytest.approx(np.stack(wanted) / 4, abs=1e-6)


def test_grey_is_opencv_s_luminance() -> None:
    colours = torch.rand(2, 3, 5, 5, generator=torch.Generator().manual_seed(0))
    for colour, grey in zip(colours, pictures.to_grey(colours), strict=True):
        wanted = cv2.cvtColor(colour.permute(1, 2, 0).numpy(), cv2.COLOR_RGB2GRAY)
        assert grey[0].numpy() == pytest.approx(wanted, abs=1e-6)


def test_reducing_averages_and_keeps_the_range() -> None:
    fine = torch.zeros(1, 1, 32, 32)
    fine[..., ::2] = 1
    assert pictures.resized(fine, 8).std() < 0.05, "stripes finer than a cell become grey, not stripes of another width"
    assert pictures.resized(fine, 8).mean() == pytest.approx(0.5, abs=0.02)
    assert torch.equal(pictures.resized(fine, 32), fine)
