"""Own pictures in a link: what is written is read, and what is no picture is refused in words."""

from __future__ import annotations

import base64
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.labs.convolution import pictures, pixels
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import MOST_SIDE, OWN_PIXELS_LENGTH, ConvolutionSpec


@given(side=st.integers(1, MOST_SIDE), channels=st.sampled_from((1, 3)), seed=st.integers(0, 99))
def test_what_is_written_is_read(side: int, channels: int, seed: int) -> None:
    data = np.random.default_rng(seed).integers(0, 256, side * side * channels, dtype=np.uint8).tobytes()
    text = pixels.encode(data)
    assert re.fullmatch(r"[A-Za-z0-9_-]*", text), "letters that need no escaping in a link"
    assert len(text) <= OWN_PIXELS_LENGTH
    assert pixels.decode(text) == (side, channels, data)
    assert base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) == data, "plain base64, as the browser writes it"


def test_nothing_is_no_picture() -> None:
    assert pixels.decode("")[0] == 0
    assert pixels.encode(b"") == ""


@pytest.mark.parametrize("count", [2, 5, 6, 10, 13, 48, 1023])
def test_what_is_not_square_is_refused(count: int) -> None:
    if count == 48:
        assert pixels.decode(pixels.encode(bytes(count)))[:2] == (4, 3)
        return
    with pytest.raises(InvalidInput, match="must be the bytes of a square picture of one or three channels") as refused:
        pixels.decode(pixels.encode(bytes(count)))
    assert "Got" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_letters_that_are_no_bytes_are_refused() -> None:
    with pytest.raises(InvalidInput, match="square picture"):
        pixels.decode("A")


def own(side: int, channels: int = 1, seed: int = 0) -> tuple[np.ndarray, str]:
    data = np.random.default_rng(seed).integers(0, 256, (channels, side, side), dtype=np.uint8)
    return data, pixels.encode(data.tobytes())


def test_the_stage_shows_the_bytes_over_255() -> None:
    data, text = own(9)
    shown = pictures.load(ConvolutionSpec(picture="own", own_pixels=text, side=9))
    assert np.array_equal(shown.numpy(), data.astype(np.float32) / 255)


def test_three_channels_stay_three_in_rgb_and_become_luminance_in_grey() -> None:
    data, text = own(6, 3)
    rgb = pictures.load(ConvolutionSpec(picture="own", own_pixels=text, side=6, channels="rgb"))
    assert np.array_equal(rgb.numpy(), data.astype(np.float32) / 255)
    grey = pictures.load(ConvolutionSpec(picture="own", own_pixels=text, side=6))
    wanted = np.tensordot([0.299, 0.587, 0.114], data.astype(float) / 255, 1)
    assert grey[0].numpy() == pytest.approx(wanted, abs=1e-6)


def test_another_size_is_drawn_at_the_size_of_the_stage() -> None:
    _, text = own(10)
    shown = pictures.load(ConvolutionSpec(picture="own", own_pixels=text, side=5))
    assert shown.shape == (1, 5, 5)
    assert 0 <= float(shown.min()) < float(shown.max()) <= 1


def test_a_run_refuses_what_is_no_picture_and_stays_as_it_was() -> None:
    run = ConvolutionRun(ConvolutionSpec())
    run.advance(3)
    before = run.snapshot()
    for text in ("A", pixels.encode(bytes(5)), "A" * (OWN_PIXELS_LENGTH + 1), "ä", "A B"):
        with pytest.raises(InvalidInput, match="own_pixels"):
            run.set({"picture": "own", "own_pixels": text})
    assert specs.values(run.spec) == before.plain["spec"]
    assert run.step == 3
