"""Picture files for the command line: what is read, what is said about it, and what is refused in one line."""

from __future__ import annotations

import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlviz.data import picture_files
from dlviz.data.picture_files import PictureProblem, open_picture, read_picture
from tests.data.picture_samples import BAD, GOOD, GREY_16, sideways

Write = Callable[[str, bytes], Path]


@pytest.fixture
def file(tmp_path: Path) -> Write:
    def write(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return write


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_refused_in_one_line(name: str, file: Write) -> None:
    data, words = BAD[name]
    path = file(name, data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # no word of Pillow's own comes through
        with pytest.raises(PictureProblem) as caught:
            read_picture(path)
    assert str(caught.value) == words


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_is_read_and_what_was_done_is_said(name: str, file: Write) -> None:
    data, notes, colours = GOOD[name]
    picture, said = open_picture(file(name, data), side=8)
    assert said == notes
    assert picture.shape[1:] == (8, 8)
    assert picture.dtype == np.float32
    if colours is not None:
        for side, colour in zip((slice(0, 3), slice(5, 8)), colours, strict=True):
            found = picture[:, :, side].mean((1, 2)) * 255
            assert np.abs(found - np.array(colour)).max() < 12, name  # lossy kinds are a little off


def test_the_shape_and_the_values_are_those_of_the_file(file: Write) -> None:
    pixels = np.arange(3 * 5 * 7, dtype=np.uint8).reshape(5, 7, 3)
    path = file("a.png", b"")
    Image.fromarray(pixels).save(path)
    found = read_picture(path)
    assert found.shape == (3, 5, 7)
    np.testing.assert_array_equal(found, pixels.transpose(2, 0, 1).astype(np.float32) / 255)
    Image.fromarray(pixels[..., 0]).save(path)
    assert read_picture(path).shape == (1, 5, 7)
    np.testing.assert_array_equal(read_picture(path)[0], pixels[..., 0].astype(np.float32) / 255)


def test_sixteen_bits_keep_the_upper_eight(file: Write) -> None:
    found = read_picture(file("deep.png", GOOD["deep.png"][0]))
    np.testing.assert_array_equal(found[0], (GREY_16 >> 8).astype(np.float32) / 255)


def test_a_picture_taken_sideways_is_turned_upright(file: Write) -> None:
    found = read_picture(file("sideways.jpg", sideways()))
    assert found.shape == (3, 32, 16)
    assert found[0, :14].mean() > 0.9  # red above
    assert found[2, 18:].mean() > 0.9  # blue below


def test_reducing_averages_what_it_leaves_out(file: Write) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (24, 32), dtype=np.uint8)
    path = file("a.png", b"")
    Image.fromarray(pixels).save(path)
    middle = pixels[:, 4:28].astype(np.float64) / 255
    expected = middle.reshape(6, 4, 6, 4).mean((1, 3))
    np.testing.assert_allclose(read_picture(path, side=6)[0], expected, atol=0.003)  # Pillow rounds to bytes


def test_a_bomb_is_refused_before_it_goes_off(file: Write) -> None:
    path = file("bomb.png", BAD["bomb.png"][0])
    tracemalloc.start()
    with pytest.raises(PictureProblem):
        read_picture(path)
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()


def test_a_file_too_long_is_not_even_opened(file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_files, "MOST_BYTES", 2**20)
    path = file("long.png", bytes(3 * 2**20))
    with pytest.raises(PictureProblem, match=r"^long.png has 3 MB. At most 1 are read. Try a smaller copy.$"):
        read_picture(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PictureProblem, match=r"cannot be opened: No such file or directory.$"):
        read_picture(tmp_path / "absent.png")
