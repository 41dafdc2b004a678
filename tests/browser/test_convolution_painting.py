"""Pictures of one's own on the stage of the Convolution lab: painted, chosen as a file, dropped, pasted, refused."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from dlviz.labs.convolution import pictures
from tests.browser.convolution_knobs import assert_torch_agrees, picked, press, spec_of, wait_for
from tests.browser.convolution_page import open_lab, stage, wait_for_stage
from tests.data.picture_samples import BAD, saved

pytestmark = pytest.mark.browser


def stroke(page: Any, *places: tuple[int, int]) -> None:
    points = [stage(page, "middle", "input", list(place)) for place in places]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    page.mouse.up()


def painted(page: Any) -> np.ndarray:
    """The picture of the scene as bytes (channel, row, column), by the reader of Python."""
    return (pictures.load(spec_of(page)) * 255).round().numpy().astype(int)


def test_what_is_painted_is_the_picture(page: Any, app: str) -> None:
    open_lab(page, app, digit=0, side=8)
    original = painted(page)
    press("Paint on it")(page)
    stroke(page, (1, 1), (1, 6), (4, 6))
    wait_for(page, picture="own")
    expected = original.copy()
    expected[0, 1, 1:7] = expected[0, 1:5, 6] = 255  # a fast hand leaves no gaps
    np.testing.assert_array_equal(painted(page), expected)

    page.get_by_role("radio", name="Pen: One third").click()
    stroke(page, (7, 0), (7, 3))
    expected[0, 7, 0:4] = 84
    wait_for_stage(page, "dlviz.spec().own_pixels !== arg", stage(page, "spec")["own_pixels"])
    np.testing.assert_array_equal(painted(page), expected)

    page.get_by_role("radio", name="Eraser").click()
    before = stage(page, "spec")["own_pixels"]
    stroke(page, (1, 1), (1, 3))
    wait_for_stage(page, "dlviz.spec().own_pixels !== arg", before)
    expected[0, 1, 1:4] = 0
    np.testing.assert_array_equal(painted(page), expected)
    assert_torch_agrees(page)

    press("Undo")(page)
    wait_for(page, own_pixels=before)
    press("Invert")(page)
    wait_for_stage(page, "dlviz.spec().own_pixels !== arg", before)
    press("Clear")(page)
    wait_for_stage(page, "/^A+$/.test(dlviz.spec().own_pixels)")
    assert painted(page).max() == 0
    for _ in range(4):
        press("Undo")(page)
    wait_for(page, picture="digit", digit=0, own_pixels="")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Paint on it")).to_be_visible()


def test_a_pen_has_a_colour_where_the_picture_has_three_channels(page: Any, app: str) -> None:
    open_lab(page, app, channels="rgb", side=6, picture="impulse")
    press("Paint on it")(page)
    page.get_by_role("radio", name="Pen: Yellow").click()
    stroke(page, (0, 0), (0, 2))
    wait_for(page, picture="own")
    np.testing.assert_array_equal(painted(page)[:, 0, :3], [[255] * 3, [255] * 3, [0] * 3])


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"channels": "maps"}, "computed, not painted"), ({"layer": "conv1d"}, "One row only")],
)
def test_what_cannot_be_painted_says_why(page: Any, app: str, settings: dict[str, str], words: str) -> None:
    open_lab(page, app, **settings)
    expect(page.get_by_role("button", name="Paint on it")).to_be_disabled()
    expect(page.locator(".why-not", has_text=words)).to_be_visible()


# --- pictures from outside -------------------------------------------------------------------


def give(page: Any, name: str, data: bytes) -> None:
    page.locator(".controls input[type=file]").set_input_files({"name": name, "mimeType": "", "buffer": data})


def hand_over(page: Any, how: str, name: str, data: bytes) -> None:
    """Drop or paste a file."""
    page.evaluate("""([how, name, data]) => {
      const stage = [...document.querySelectorAll("*")].find((e) => e.dlviz?.stage === "convolution");
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name, { type: "image/png" }));
      const options = { bubbles: true, composed: true, cancelable: true };
      if (how === "paste") document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, ...options }));
      const place = stage.shadowRoot.querySelector(".knob-boxes");
      if (how === "drop") place.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, ...options }));
    }""", [how, name, base64.b64encode(data).decode()])  # fmt: skip


def test_a_picture_that_is_brought_is_the_picture_of_the_stage(page: Any, app: str) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    data = saved(Image.fromarray(pixels), "PNG")
    open_lab(page, app, side=8, channels="rgb")
    give(page, "mine.png", data)
    wait_for(page, picture="own", side=8)
    np.testing.assert_array_equal(painted(page), pixels.transpose(2, 0, 1))
    expect(page.locator(".notice p")).to_have_text("mine.png is the picture now, 8 × 8.")
    picked("channels", "Grey")(page)
    wait_for(page, channels="grey")
    for how, shade in (("paste", 51), ("drop", 204)):
        hand_over(page, how, "flat.png", saved(Image.new("RGB", (30, 20), (shade,) * 3), "PNG"))
        wait_for_stage(page, "dlviz.spec().own_pixels !== arg", stage(page, "spec")["own_pixels"])
        np.testing.assert_array_equal(painted(page), np.full((1, 8, 8), shade))
        expect(page.locator(".notice p")).to_contain_text("now, 8 × 8 in grey. The middle square of 30 × 20 is taken.")


@pytest.mark.parametrize("name", ["bomb.png", "notes.png", "one.png", "half.jpeg"])
def test_a_file_that_is_no_picture_is_refused_and_nothing_is_lost(page: Any, app: str, name: str) -> None:
    data, words = BAD[name]
    open_lab(page, app, picture="noise")
    before = stage(page, "outputs")
    give(page, name, data)
    expect(page.locator(".notice.wrong p")).to_have_text(words)
    assert stage(page, "outputs") == before
    assert stage(page, "spec")["picture"] == "noise"
