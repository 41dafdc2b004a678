"""What the network is given: torchvision's own transforms, and what cannot be used said in words."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from dlviz.core.errors import InvalidInput
from dlviz.core.vision import torchvision
from dlviz.data.photos import FILES, photo
from dlviz.labs.cnn.imagenet.network import Normalise
from dlviz.labs.cnn.imagenet.preparing import Crop, middle_square, prepare, read_crop, read_pixels


@pytest.mark.parametrize("name", FILES)
def test_the_middle_is_that_of_torchvisions_transforms(name: str) -> None:
    transforms = torchvision.transforms
    square = Image.fromarray(photo(name, None))
    both = transforms.Compose([
        transforms.Resize(256, transforms.InterpolationMode.BICUBIC), transforms.CenterCrop(224), transforms.ToTensor()
    ])  # fmt: skip
    found = prepare(square, read_crop(None))
    assert torch.equal(found, both(square))
    scaled = transforms.Normalize([127 / 255] * 3, [128 / 255] * 3)(found)
    torch.testing.assert_close(Normalise()(found[None])[0], scaled)


def test_a_crop_is_pillows_crop_where_it_falls_on_pixels() -> None:
    square = Image.fromarray(photo("astronaut", None))  # 512 × 512
    found = prepare(square, Crop(0.25, 0.125, 224 / 512))
    cut = np.asarray(square.crop((128, 64, 352, 288))).transpose(2, 0, 1)
    np.testing.assert_array_equal((found * 255).round().numpy(), cut)
    moved = prepare(square, Crop(0.25 + 0.5 / 512, 0.125, 224 / 512))  # half a pixel: no longer
    assert not torch.equal(moved, found)
    # Between the pixels it is the cubic of R. Keys with a = −1/2, which torch has as well.
    alone = torch.from_numpy(photo("astronaut", None).transpose(2, 0, 1).astype(np.float32))[None, :, 64:, 128:]
    large = nn.functional.interpolate(alone[:, :, :64, :64], 448, mode="bicubic", antialias=True)[0]
    half = prepare(square, Crop(0.25, 0.125, 32 / 512)) * 255  # the first 32 pixels as 224
    # Rounded to bytes after the rows (whose error the columns' weights, 1.25 in all at most, carry on) and at the end.
    assert (half[:, 20:200, 20:200] - large[:, 20:200, 20:200]).abs().max() <= 0.5 * 1.25 + 0.5


def test_the_middle_square_of_any_array() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (20, 33, 3), dtype=np.uint8)
    given = pixels.transpose(2, 0, 1).astype(np.float32) / 255
    np.testing.assert_array_equal(np.asarray(middle_square(given)), pixels[:, 6:26])
    grey = np.asarray(middle_square(given[0]))
    np.testing.assert_array_equal(grey, np.repeat(pixels[:, 6:26, :1], 3, 2))
    np.testing.assert_array_equal(np.asarray(middle_square(given[:1])), grey)


def test_pixels_from_a_browser() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (224, 224, 3), dtype=np.uint8)
    found = read_pixels(base64.b64encode(pixels.tobytes()).decode())
    np.testing.assert_array_equal((found.numpy() * 255).round().astype(np.uint8), pixels.transpose(2, 0, 1))


@pytest.mark.parametrize(
    ("read", "given", "words"),
    [
        (read_crop, [0.5, 0, 0.6], "imagenet.crop must lie inside the picture and have a size from 0.0625 to 1. Got"),
        (read_crop, [0, -0.1, 0.5], "must lie inside the picture"),
        (read_crop, [0, 0, 0.01], "must lie inside the picture"),
        (read_crop, [0, 0, float("nan")], "must lie inside the picture"),
        (read_crop, [0, 0], "imagenet.crop must be left, top and size as shares of the side. Got [0, 0]"),
        (read_crop, [0, 0, True], "must be left, top and size"),
        (read_crop, "middle", "must be left, top and size"),
        (read_pixels, "abc", "imagenet.pixels must be 150,528 bytes in base 64, 224 × 224 × 3. Got '0 bytes'"),
        (read_pixels, "QUJD", "Got '3 bytes'"),
        (read_pixels, 7, "Got '0 bytes'"),
        (
            middle_square,
            np.zeros((2, 4, 4)),
            "imagenet.input must have one channel or three, rows and columns. Got '2 × 4",
        ),
        (middle_square, np.zeros((3, 0, 4)), "must have one channel or three, rows and columns. Got '3 × 0 × 4'"),
        (middle_square, 0.5, "Got 'a single number'"),
        (middle_square, "a cat", "imagenet.input must be numbers in rows of the same length"),
        (middle_square, np.full((3, 4, 4), 2.0), "imagenet.input must lie in [0, 1]. Got '2 to 2'"),
        (middle_square, np.full((3, 4, 4), np.nan), "Got 'values that are not numbers'"),
    ],
)
def test_what_cannot_be_is_said(read: Any, given: Any, words: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        read(given)
    assert words in str(problem.value)
