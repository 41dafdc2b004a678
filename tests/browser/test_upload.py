"""Pictures that a person brings, read in the browser: the files of every kind, good and bad, made on the spot."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.browser.static_page import static_page
from tests.data.picture_samples import BAD, GOOD, GREY_16, saved, sideways

pytestmark = pytest.mark.browser

READ = """async ([name, data, side]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const begun = performance.now();
  try {
    const found = await upload.readPicture(new File([bytes], name), {side});
    return {...found, pixels: [...found.pixels], seconds: (performance.now() - begun) / 1000};
  } catch (problem) {
    return {problem: problem.message, kind: problem.constructor.name};
  }
}"""


@pytest.fixture(scope="module")
def page(chromium: Any) -> Any:
    with static_page(chromium) as opened:
        opened.evaluate("""async () => { window.upload = await import("/lib/upload.js"); }""")
        yield opened


@pytest.fixture(scope="module")
def read(page: Any) -> Any:
    """`read(name, bytes, side)`: what the browser makes of a file, pixels as an array (height, width, 4)."""

    def read(name: str, data: bytes, side: int = 512) -> dict[str, Any]:
        found = page.evaluate(READ, [name, base64.b64encode(data).decode(), side])
        if "pixels" in found:
            found["pixels"] = np.array(found["pixels"], np.uint8).reshape(found["height"], found["width"], 4)
        return found

    return read


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_refused_in_one_line(read: Any, name: str) -> None:
    data, words = BAD[name]
    assert read(name, data) == {"problem": words, "kind": "Error"}


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_is_read_and_what_was_done_is_said(read: Any, name: str) -> None:
    data, notes, colours = GOOD[name]
    found = read(name, data, 8)
    assert found["notes"] == notes
    assert found["name"] == name
    edge = min(8, min(Image.open(io.BytesIO(data)).size))
    assert found["pixels"].shape == (edge, edge, 4)
    assert (found["pixels"][..., 3] == 255).all()
    if colours is not None:
        for side, colour in zip((slice(0, 3), slice(-3, None)), colours, strict=True):
            seen = found["pixels"][:, side, :3].reshape(-1, 3).mean(0)
            assert np.abs(seen - np.array(colour)).max() < 12, name


def test_a_small_picture_keeps_its_pixels(read: Any) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    found = read("a.png", saved(Image.fromarray(pixels), "PNG"), 16)
    np.testing.assert_array_equal(found["pixels"][..., :3], pixels)
    assert found["notes"] == []


def test_sixteen_bits_keep_the_upper_eight(read: Any) -> None:
    found = read("deep.png", GOOD["deep.png"][0])
    seen = found["pixels"][..., :3].astype(int)
    assert np.abs(seen - (GREY_16 >> 8).astype(int)[..., None]).max() <= 1  # Chromium rounds where others cut


def test_a_picture_taken_sideways_is_turned_upright(read: Any) -> None:
    found = read("sideways.jpg", sideways(), 16)
    assert found["pixels"][:6, :, 0].mean() > 230  # red above
    assert found["pixels"][10:, :, 2].mean() > 230  # blue below


@pytest.mark.parametrize("edge", [64, 100, 500])
def test_reducing_averages_what_it_leaves_out(read: Any, edge: int) -> None:
    """Noise loses its contrast as the average of so many pixels does; taking every n-th would keep it."""
    pixels = np.random.default_rng(1).integers(0, 2, (edge, edge), dtype=np.uint8) * 255
    found = read("noise.png", saved(Image.fromarray(pixels), "PNG"), 12)
    assert found["pixels"].shape == (12, 12, 4)
    seen = found["pixels"][..., 0].astype(float)
    assert abs(seen.mean() - pixels.mean()) < 4
    assert seen.std() < 3 * 127.5 * 12 / edge


def test_the_middle_square_is_taken(read: Any) -> None:
    image = Image.new("L", (300, 100), 0)
    image.paste(255, (100, 0, 200, 100))
    found = read("wide.png", saved(image, "PNG"), 20)
    assert found["pixels"][..., :3].min() == 255
    assert found["notes"] == ["The middle square of 300 × 100 is taken."]


def test_twenty_megapixels_are_read_within_seconds(read: Any) -> None:
    data = saved(Image.linear_gradient("L").resize((5000, 4000)), "JPEG", quality=60)
    found = read("large.jpg", data)
    assert found["pixels"].shape == (512, 512, 4)
    assert found["seconds"] < 5


def test_a_file_too_long_is_not_even_opened(page: Any) -> None:
    words = page.evaluate("""async () => {
      const long = { name: "film.png", size: 40 * 2 ** 20, arrayBuffer() { throw new Error("opened"); } };
      return upload.readPicture(long).catch((problem) => problem.message);
    }""")
    assert words == "film.png has 40 MB. At most 32 are read. Try a smaller copy."


def test_what_was_read_is_reduced_again_for_the_stage(page: Any, read: Any) -> None:
    pixels = np.kron(np.random.default_rng(2).integers(0, 256, (8, 8, 3), dtype=np.uint8), np.ones((4, 4, 1), np.uint8))
    data = base64.b64encode(saved(Image.fromarray(pixels.astype(np.uint8)), "PNG")).decode()
    small = page.evaluate("""async (data) => {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      return [...upload.resizePicture(await upload.readPicture(new File([bytes], "a.png")), 8)];
    }""", data)  # fmt: skip
    seen = np.array(small).reshape(8, 8, 4)[..., :3]
    # Chromium's best reduction looks a little past the edge of each block.
    assert np.abs(seen.astype(float) - pixels[::4, ::4]).mean() < 20
