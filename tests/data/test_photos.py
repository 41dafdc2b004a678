"""The photographs that arrive with scikit-image."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import skimage.data
from skimage.transform import downscale_local_mean

from dlviz.core.errors import InvalidInput
from dlviz.data import packages
from dlviz.data.photos import CREDITS, FILES, FULL_SIDE, photo

each = pytest.mark.parametrize("name", FILES)


@each
def test_it_is_square_at_any_size_and_cannot_be_written(name: str) -> None:
    for side in (1, 24, FULL_SIDE):
        found = photo(name, side)
        assert found.shape == (side, side, 3)
        assert found.dtype == np.uint8
        with pytest.raises(ValueError, match="read-only"):
            found[0, 0] = 1
    assert photo(name) is photo(name)
    assert np.ptp(photo(name)) > 150, "a picture of something"


@each
def test_everyone_who_took_one_is_named(name: str) -> None:
    assert set(CREDITS) == set(FILES)
    assert "," in CREDITS[name], "who, and on what terms"


def test_they_are_scikit_image_s() -> None:
    assert np.array_equal(photo("astronaut"), skimage.data.astronaut())
    assert np.array_equal(photo("camera"), np.repeat(skimage.data.camera()[..., None], 3, 2))


def test_reducing_takes_the_mean_of_every_block() -> None:
    wanted = downscale_local_mean(skimage.data.astronaut().astype(float), (8, 8, 1))
    # Pillow rounds to bytes twice, down the columns and along the rows.
    assert np.abs(photo("astronaut", 64) - wanted).max() <= 1


def test_the_middle_is_what_stays_of_a_wide_one() -> None:
    whole = skimage.data.chelsea()  # 300 × 451
    left = (451 - 300) // 2
    assert np.array_equal(photo("chelsea", 300), whole[:, left : left + 300])


def test_a_name_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match=r"photo must be one of astronaut, .*Got 'lena'\. Try astronaut\."):
        photo("lena")


def test_without_scikit_image_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str) -> Any:
        assert name == "skimage"

    monkeypatch.setattr(packages, "find_spec", nowhere)
    with pytest.raises(FileNotFoundError, match=r"come with scikit-image\. Try pip install -r requirements\.txt"):
        photo.__wrapped__("camera")
