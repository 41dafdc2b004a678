"""The Photo panel: what it shows against torch, and what a person does with it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from dlviz.data.photos import photo
from dlviz.labs.convolution import photographs
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec
from tests.browser.convolution_knobs import picked
from tests.browser.convolution_page import open_lab

pytestmark = pytest.mark.browser
NARROW = {"viewport": {"width": 390, "height": 844}}
PHOTO = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.panel === 'photo')?.dlviz"


def view(page: Any, name: str, *given: Any) -> Any:
    return page.evaluate(f"([name, given]) => {PHOTO}[name](...given)", [name, list(given)])


def wait_until(page: Any, condition: str, arg: Any = None) -> None:
    page.wait_for_function(f"(arg) => {{ const dlviz = {PHOTO}; return dlviz && ({condition}); }}", arg=arg)


def show_panel(page: Any, app: str, **changes: Any) -> None:
    """What is out of sight is not computed, so the panel is scrolled to."""
    open_lab(page, app, panel="Photo", **changes)
    page.locator(".photo-panel .wipe").scroll_into_view_if_needed()
    wait_until(page, "dlviz.version() !== null && dlviz.cell()")


def open_photo(page: Any, app: str, **changes: Any) -> ConvolutionRun:
    show_panel(page, app, **changes)
    return ConvolutionRun(ConvolutionSpec(**changes))


def assert_filtered(page: Any, run: ConvolutionRun, o: int = 0, step: int = 7) -> dict[str, Any]:
    found = view(page, "filtered", step)
    expected = photographs.slid(run, photographs.planes(photo(run.spec.photo), run.spec.channels), o)
    assert (found["height"], found["width"]) == tuple(expected.shape)
    assert np.allclose(found["values"], expected.flatten()[::step], atol=1e-5)
    return found


def test_the_photo_shows_what_torch_makes_of_it(page: Any, app: str) -> None:
    run = open_photo(page, app)
    found = assert_filtered(page, run)
    expected = photographs.slid(run, photographs.planes(photo("chelsea"), "grey"), 0)
    assert np.isclose(found["range"]["least"], expected.min(), atol=1e-5)
    assert np.isclose(found["range"]["most"], expected.max(), atol=1e-5)
    assert (expected.abs() > found["range"]["limit"]).float().mean() <= 0.006
    panel = page.locator(".photo-panel")
    text = panel.inner_text()
    assert "512 × 512 pixels in, 510 × 510 out" in text
    assert "Stéfan van der Walt" in text
    assert f"{found['ms']:.1f} ms" in panel.locator(".time").inner_text()
    left = view(page, "pixel", "before", 100, 40)
    assert left[:3] == photo("chelsea")[40, 100].tolist()


def test_a_change_of_the_kernel_is_followed_at_once(page: Any, app: str) -> None:
    open_photo(page, app)
    picked("kernel", "Gaussian")(page)
    page.wait_for_function(f"() => {PHOTO}.filtered(1000).mapping === 'clamp'")
    assert_filtered(page, ConvolutionRun(ConvolutionSpec(kernel=("gaussian",))))
    shade = view(page, "pixel", "after", 200, 200)
    value = view(page, "at", 200, 200)
    assert abs(shade[0] - 255 * value) <= 1
    page.locator(".photo-panel").get_by_role("radio", name="Coffee").click()
    page.wait_for_function(f"() => {PHOTO}.version() !== null && document.location.search.includes('photo=coffee')")
    assert_filtered(page, ConvolutionRun(ConvolutionSpec(kernel=("gaussian",), photo="coffee")))


def test_the_line_is_dragged_and_moved_with_keys(page: Any, app: str) -> None:
    open_photo(page, app)
    line = page.get_by_role("slider", name="Line between Original and Filtered")
    line.scroll_into_view_if_needed()
    sheet, grip = page.locator(".photo-panel .wipe").bounding_box(), line.bounding_box()
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(sheet["x"] + 0.25 * sheet["width"], y, steps=4)
    page.mouse.up()
    assert view(page, "wipe") == pytest.approx(0.25, abs=0.01)
    assert view(page, "happened") is True
    line.focus()
    before = view(page, "wipe")
    for key, change in (("ArrowRight", 0.02), ("Shift+ArrowLeft", -0.1)):
        page.keyboard.press(key)
        assert view(page, "wipe") - before == pytest.approx(change, abs=1e-6)
        before = view(page, "wipe")
    page.keyboard.press("End")
    assert line.get_attribute("aria-valuenow") == "100"
    page.keyboard.press("Home")
    assert line.get_attribute("aria-valuetext") == "at 0 % of the width"


@pytest.mark.parametrize("changes", [
    {}, {"channels": "rgb", "kernel": ["sharpen"], "bias": "0.25"}, {"stride": 2, "padding": "full", "dilation": 2},
    {"layer": "separable", "channels": "rgb"}, {"layer": "max_pool", "kernel_size": 5},
    {"layer": "average_pool", "channels": "rgb"},
    {"layer": "conv1d", "kernel_size": 5}, {"layer": "transposed", "stride": 2},
], ids=str)  # fmt: skip
def test_a_pixel_opens_into_products_that_add_up(page: Any, app: str, changes: dict[str, Any]) -> None:
    settings = {**changes}
    if "kernel" in settings:
        settings["kernel"] = tuple(settings["kernel"])
    if "bias" in settings:
        settings["bias"] = (float(settings["bias"]),)
    show_panel(page, app, **changes)
    wipe = page.locator(".photo-panel .wipe")
    wipe.scroll_into_view_if_needed()
    wipe.hover(position={"x": 120, "y": 90})
    first = view(page, "cell")["place"]
    wipe.hover(position={"x": 333, "y": 301})
    wait_until(page, "String(dlviz.cell().place) !== arg", ",".join(map(str, first)))
    cell = view(page, "cell")
    row, column = cell["place"]
    run = ConvolutionRun(ConvolutionSpec(**settings))
    picture = photographs.planes(photo("chelsea"), run.spec.channels)
    answer = photographs.slid(run, picture, 0)
    assert cell["result"] == pytest.approx(float(answer[row, column]), abs=1e-5)
    for part in cell["parts"]:
        seen = [
            (p, w, v) for p, w, v in zip(part["patch"], part["weights"], part["products"], strict=True) if p is not None
        ]
        assert all(v == pytest.approx(p * w, abs=1e-6) for p, w, v in seen)
    title = page.locator(".magnifier .where").inner_text()
    assert title == f"Row {row + 1}, column {column + 1}"
    if not changes:
        grey = picture[0, row : row + 3, column : column + 3]
        assert np.allclose(np.array(cell["parts"][0]["patch"]).reshape(3, 3), grey, atol=1e-6)
        assert "= " in page.locator(".magnifier .sum").inner_text()
        wipe.focus()
        page.keyboard.press("ArrowRight")
        assert page.locator(".magnifier .where").inner_text() == f"Row {row + 1}, column {column + 2}"


def test_pools_say_what_they_took(page: Any, app: str) -> None:
    show_panel(page, app, layer="average_pool", channels="rgb")
    assert page.locator(".magnifier .sum").inner_text().startswith("The mean of 9 is")
    show_panel(page, app, layer="global_average_pool", channels="rgb")
    mean = photo("chelsea")[..., 0].mean() / 255
    assert page.locator(".magnifier .sum").inner_text() == f"The mean of all 262,144 pixels: {mean:.3g}."


def test_a_smaller_answer_is_shown_beside_at_its_own_size(page: Any, app: str) -> None:
    open_photo(page, app, stride=4)
    page.get_by_role("radio", name="At its own size").click()
    before, after = (page.locator(f".photo-panel .wipe .{side} canvas").bounding_box() for side in ("before", "after"))
    assert after["width"] / before["width"] == pytest.approx(128 / 512, abs=0.01)
    assert after["x"] > before["x"] + before["width"]
    page.mouse.move(before["x"] + 0.5 * before["width"], before["y"] + 0.25 * before["height"])
    row, column = view(page, "cell")["place"]
    assert (row, column) == (pytest.approx(31, abs=1), pytest.approx(63, abs=1))
    page.mouse.move(after["x"] + 0.25 * after["width"], after["y"] + 0.75 * after["height"])
    row, column = view(page, "cell")["place"]
    assert (row, column) == (pytest.approx(96, abs=1), pytest.approx(32, abs=1))


def test_colours_apart_and_the_shades_are_a_choice(page: Any, app: str) -> None:
    open_photo(page, app)
    panel = page.locator(".photo-panel")
    panel.get_by_role("radio", name="Each colour").click()
    wait_until(page, "dlviz.filtered(1000).each")
    found = view(page, "filtered", 11)
    run = ConvolutionRun(ConvolutionSpec())
    colours = torch.from_numpy(photo("chelsea").transpose(2, 0, 1).copy()).float() / 255
    expected = torch.stack([photographs.slid(run, plane[None], 0) for plane in colours])
    assert np.allclose(found["values"], expected.flatten()[::11], atol=1e-5)
    assert found["mapping"] == "middle"
    limit = found["range"]["limit"]
    grey = np.clip(255 * (0.5 + expected[:, 50, 60].numpy() / (2 * limit)), 0, 255)
    assert np.allclose(view(page, "pixel", "after", 60, 50)[:3], grey, atol=1.1)
    panel.get_by_role("radio", name="Absolute").click()
    wait_until(page, "dlviz.filtered(1000).mapping === 'absolute'")
    shade = np.clip(255 * np.abs(expected[:, 50, 60].numpy()) / limit, 0, 255)
    assert np.allclose(view(page, "pixel", "after", 60, 50)[:3], shade, atol=1.1)
    panel.get_by_role("radio", name="green").click()
    row, column = view(page, "cell")["place"]
    assert view(page, "cell")["result"] == pytest.approx(float(expected[1, row, column]), abs=1e-5)


def test_a_picture_of_ones_own_and_a_file_that_is_none(page: Any, app: str, tmp_path: Any) -> None:
    open_photo(page, app)
    chance = np.random.default_rng(1).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    Image.fromarray(chance).save(tmp_path / "mine.png")
    (tmp_path / "text.png").write_text("no picture")
    field = page.locator(".photo-panel input[type=file]")
    field.set_input_files(tmp_path / "text.png")
    problem = page.locator(".photo-chooser .problem")
    page.wait_for_function("e => e.textContent !== ''", arg=problem.element_handle())
    assert "text.png" in problem.inner_text()
    assert view(page, "filtered", 1000)["width"] == 510, "nothing is lost"
    field.set_input_files(tmp_path / "mine.png")
    wait_until(page, "dlviz.filtered(1000).width === 58")
    expected = photographs.slid(ConvolutionRun(ConvolutionSpec()), photographs.planes(chance, "grey"), 0)
    assert np.allclose(view(page, "filtered", 1)["values"], expected.flatten(), atol=1e-5)
    assert problem.inner_text() == ""
    page.locator(".photo-panel").get_by_role("radio", name="Cat").click()
    wait_until(page, "dlviz.filtered(1000).width === 510")


@pytest.mark.parametrize("page", [NARROW], indirect=True)
def test_nothing_is_too_wide_for_a_telephone(page: Any, app: str) -> None:
    open_photo(page, app, kernel_size=7)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator(".photo-panel").bounding_box()
    for part in (".wipe", ".magnifier", ".photos", ".knobs"):
        inner = page.locator(f".photo-panel {part}").bounding_box()
        assert inner["x"] >= box["x"] - 1, part
        assert inner["x"] + inner["width"] <= box["x"] + box["width"] + 1, part
