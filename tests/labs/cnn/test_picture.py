"""The picture one looks at: a test picture, or the bytes that a person drew."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn import data, picture
from dlviz.labs.cnn.spec import SETS, CnnSpec


def coded(pixels: np.ndarray) -> str:
    return base64.urlsafe_b64encode(pixels.tobytes()).decode().rstrip("=")


@pytest.mark.parametrize("dataset", ["mnist", "digits", "shapes"])
def test_what_was_drawn_is_the_picture(dataset: str) -> None:
    channels, side, _ = SETS[dataset]
    pixels = np.random.default_rng(3).integers(0, 256, (channels, side, side), dtype=np.uint8)
    spec = CnnSpec(dataset=dataset, own_pixels=coded(pixels))
    found = picture.load(spec, data.load(spec)).numpy()
    assert np.array_equal(found, pixels.astype(np.float32) / 255)


def test_without_a_drawing_it_is_a_test_picture() -> None:
    spec = CnnSpec(dataset="digits", picture=999)
    pictures = data.load(spec)
    assert picture.load(spec, pictures).equal(pictures.test_x[999 % len(pictures.test_x)])


def test_a_drawing_of_another_size_is_refused() -> None:
    words = r"CnnSpec.own_pixels must be 3072 bytes \(3 × 32 × 32\). Got '784 bytes'. Try leaving it out."
    with pytest.raises(InvalidInput, match=words):
        CnnSpec(dataset="shapes", own_pixels=coded(np.zeros(784, np.uint8)))


def test_letters_that_are_no_bytes_are_refused() -> None:
    spec = CnnSpec(own_pixels="." * len(coded(np.zeros(784, np.uint8))))
    with pytest.raises(InvalidInput, match="must be 784 bytes"):
        picture.load(spec, data.load(spec))
