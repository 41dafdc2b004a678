"""The panel ImageNet: what the browser cuts out equals Pillow, what it shows equals the probe called here."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import expect

from dlviz.data.photos import photo
from dlviz.labs.cnn.imagenet.asking import imagenet
from dlviz.labs.cnn.imagenet.labels import names
from dlviz.labs.cnn.imagenet.preparing import Crop, prepare, read_pixels
from dlviz.labs.cnn.imagenet.stages import NAMES
from dlviz.training.jobs import to_the_end
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.imagenet)"
NARROW = {"viewport": {"width": 390, "height": 844}}
FAST = 5  # methods of the wall that are asked by themselves


def ask(**options: Any) -> Any:
    return to_the_end(imagenet(None, **options))  # type: ignore[arg-type]


def shown(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.imagenet()")
    return found


def wait(page: Any, condition: str, arg: Any = None) -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) and `arg` holds; what it shows then."""
    page.wait_for_function(
        f"(arg) => {{ const now = {PANEL}?.dlviz.imagenet(); return now && ({condition}); }}", arg=arg, timeout=90_000
    )
    return shown(page)


def move(page: Any, left: float, top: float, size: float) -> dict[str, Any]:
    page.evaluate(f"(crop) => {PANEL}.dlviz.move(crop)", {"left": left, "top": top, "size": size})
    return wait(page, "now.probabilities")


def check_answer(page: Any, found: dict[str, Any], trace: Any) -> None:
    """The bars, in numbers and as written."""
    np.testing.assert_allclose(found["probabilities"], trace["probabilities"], rtol=1e-4, atol=1e-9)
    assert found["top"] == trace["top"].tolist()
    first = float(trace["probabilities"].max())
    verdict = page.locator(".imagenet .verdict").inner_text().replace("\u00a0", " ")
    assert verdict == f"{names()[found['top'][0]]}, {first * 100:.1f} %"
    written = page.locator(".imagenet .bars .share").all_inner_texts()
    assert written == [f"{trace['probabilities'][k] * 100:.1f} %" for k in found["top"]]


def test_the_cut_is_pillows_byte_for_byte(chromium: Any) -> None:
    random = np.random.default_rng(3)
    squares = [photo("chelsea", None), photo("coins", None), random.integers(0, 256, (60, 60, 3), dtype=np.uint8)]
    crops = [Crop(), Crop(0, 0, 1), Crop(0.31, 0.123, 0.4), Crop(0.5, 0.25, 1 / 16), Crop(0.013, 0.6, 0.37)]
    with static_page(chromium) as page:
        for square in squares:
            found = page.evaluate(
                """async ([text, side, crops]) => {
                  const { encoded, resample } = await import("/imagenet/resample.js");
                  const pixels = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
                  const picture = { pixels, depth: 3, width: side, height: side };
                  return crops.map((crop) => encoded(resample(picture, crop)));
                }""",
                [base64.b64encode(square.tobytes()).decode(), len(square), [vars(crop) for crop in crops]],
            )
            for crop, text in zip(crops, found, strict=True):
                expected = prepare(Image.fromarray(square), crop)
                assert torch.equal(read_pixels(text), expected), crop


def to(page: Any, part: str) -> None:
    """Bring a part to the middle of the screen: what is out of sight is neither asked for nor drawn."""
    page.locator(f".imagenet {part}").first.evaluate("(e) => e.scrollIntoView({block: 'center'})")


def opened(page: Any, app: str) -> dict[str, Any]:
    """Go to the panel and wait for its first answer."""
    page.goto(f"{app}/cnn?cnn.panel=ImageNet")
    page.locator(".imagenet .look").wait_for(timeout=60_000)
    to(page, ".look")
    return wait(page, "now.probabilities")


def test_a_photograph_and_a_picture_of_ones_own_are_answered(page: Any, app: str, tmp_path: Path) -> None:
    found = opened(page, app)
    check_answer(page, found, ask(photo="coffee"))
    expect(page.locator(".imagenet .lead").first).to_contain_text("4,652,008 parameters")
    assert "The 350 × 350 pixels in the frame, of 400 × 400, reduced to 224 × 224" in found["cut"]

    # --- the frame
    frame = page.locator("canvas.frame")
    page.get_by_role("button", name="Astronaut: a football helmet?").click()
    found = wait(page, "now.photo === 'astronaut' && now.probabilities && now.says.includes('astronaut')")
    trace = ask(photo="astronaut")
    check_answer(page, found, trace)
    assert found["says"].startswith("None of its 1,000 names contains “astronaut”")
    assert f"football helmet at {trace['probabilities'].max() * 100:.0f}\u00a0%" in found["says"]
    move(page, 0.1, 0.1, 0.5)
    box = frame.bounding_box()
    side = box["width"]
    page.mouse.move(box["x"] + 0.3 * side, box["y"] + 0.3 * side)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * side, box["y"] + 0.5 * side, steps=4)
    page.mouse.up()
    found = wait(page, "now.probabilities")
    crop = [found["crop"][name] for name in ("left", "top", "size")]
    assert crop == pytest.approx([0.4, 0.3, 0.5], abs=2e-3)
    trace = ask(photo="astronaut", crop=crop)
    check_answer(page, found, trace)
    assert np.array_equal(read_pixels(page.evaluate(f"() => {PANEL}.dlviz.bytes()")), trace["input"])
    frame.focus()
    page.keyboard.press("ArrowLeft")
    assert shown(page)["crop"]["left"] == pytest.approx(crop[0] - 0.02)
    page.keyboard.press("Home")
    assert shown(page)["crop"] == {"left": 0.0625, "top": 0.0625, "size": 0.875}

    # --- what it is given
    given = page.locator(".imagenet .given canvas")
    box = given.bounding_box()
    page.mouse.move(box["x"] + 100.5 / 224 * box["width"], box["y"] + 50.5 / 224 * box["height"])
    trace = ask(photo="astronaut")
    values = (trace["input"][:, 50, 100] * 255).round()
    words = shown(page)["pixel"]
    assert words.startswith("Row 51, column 101: red ")
    for name, value in zip(("red", "green", "blue"), values, strict=True):
        written = re.search(rf"{name} (\d+) → (−?[\d.]+)", words)
        assert written
        assert int(written[1]) == value
        assert float(written[2].replace("−", "-")) == pytest.approx((value - 127) / 128, rel=5e-3, abs=1e-4)

    # --- a picture of one's own, and a file that is none
    Image.fromarray(photo("camera", None)).save(tmp_path / "mine.png")
    (tmp_path / "text.png").write_text("no picture")
    chooser = page.locator(".imagenet input[type=file]")
    chooser.set_input_files(tmp_path / "text.png")
    expect(page.locator(".imagenet .photo-chooser .problem")).to_contain_text("text.png is not a picture")
    chooser.set_input_files(tmp_path / "mine.png")
    found = wait(page, "now.own && now.probabilities && now.says.includes('whatever the picture shows')")
    check_answer(page, found, ask(photo="camera"))


def test_its_maps_and_what_speaks_for_a_class(page: Any, app: str) -> None:
    opened(page, app)
    trace = ask(photo="coffee")
    # --- the maps
    to(page, "[data-stage=stage3]")
    found = wait(page, "now.maps.rows.slice(2, 5).every((row) => row.version === now.version)")
    for row, stage in list(zip(found["maps"]["rows"], NAMES, strict=True))[2:5]:
        known = ask(photo="coffee", only="maps", stage=stage)
        assert row["channels"] == known["channels"].tolist()
        assert row["shape"].replace(",", "") == " × ".join(map(str, trace[f"maps.{stage}"].shape))
        first, step, size = known["field"]
        assert row["sees"] == f"a cell sees {size} × {size}"
    at = ["stage3", 2, 10, 17]
    page.mouse.move(*page.evaluate(f"(at) => {PANEL}.dlviz.middle(...at)", at))
    found = wait(page, "now.maps.field")
    known = ask(photo="coffee", only="maps", stage="stage3")
    first, step, size = known["field"].tolist()
    assert found["maps"]["field"] == {"top": first + 10 * step, "bottom": first + 10 * step + size - 1,
                                      "left": first + 17 * step, "right": first + 17 * step + size - 1}  # fmt: skip
    channel = int(known["channels"][2])
    exact = trace["maps.stage3"][channel]
    assert found["maps"]["says"].startswith(f"stage3 · map {channel + 1} · 28 × 28 · ")
    low, high = known["range"][2].tolist()
    value = page.evaluate(f"(at) => {PANEL}.dlviz.valueAt(...at)", at)
    assert value == pytest.approx(exact[10, 17], abs=(high - low) / 500)
    page.mouse.click(*page.evaluate(f"(at) => {PANEL}.dlviz.middle(...at)", at))
    found = wait(page, "now.maps.opened?.values")
    assert (found["maps"]["opened"]["stage"], found["maps"]["opened"]["channel"]) == ("stage3", channel)
    np.testing.assert_allclose(np.reshape(found["maps"]["opened"]["values"], (28, 28)), exact, rtol=1e-5)
    page.locator(".imagenet").get_by_role("button", name="Close").click()

    # --- the wall
    to(page, ".part .controls")
    page.get_by_role("button", name="the runner-up").click()
    to(page, ".wall")
    condition = "now.wall.question.minus !== null && now.wall.tiles.slice(0, arg).every((tile) => tile.known)"
    found = wait(page, condition, FAST)
    a, b = trace["top"][:2].tolist()
    assert found["wall"]["question"] == {"target": a, "minus": b}
    check_tiles(page, found["wall"]["tiles"][:FAST], photo="coffee", target=a, minus=b)
    score = float(trace["logits"][a] - trace["logits"][b])
    said = f"f is the logit of {names()[a]} less that of {names()[b]}: {score:.2f}."
    assert found["wall"]["words"].startswith(said)
    assert "Captum's Guided Backprop changes the gradient at ReLU only" in found["wall"]["notes"]
    to(page, ".part .controls")
    page.get_by_role("button", name="the runner-up").click()
    field = page.locator(".imagenet .class-field input").first
    field.fill("cat")
    field.press("Enter")
    expect(page.locator(".class-field .problem").first).to_contain_text("No class is called “cat”. ")
    field.fill("space shuttle")
    field.press("Enter")
    steps = page.locator(".imagenet .knob", has_text="Steps").locator("input[type=text]")
    steps.fill("4")
    steps.press("Enter")
    to(page, ".wall")
    page.get_by_role("button", name="Ask: 4 passes").click()
    shuttle = names().index("space shuttle")
    found = wait(page, "now.wall.question.target === arg && now.wall.tiles[6].known", shuttle)
    assert [tile["known"] for tile in found["wall"]["tiles"]] == [True] * 5 + [False, True, False]
    check_tiles(page, [found["wall"]["tiles"][6]], photo="coffee", target=shuttle, steps=4)


def check_tiles(page: Any, tiles: list[dict[str, Any]], **options: Any) -> None:
    for tile in tiles:
        values = ask(method=tile["method"], only="attribution", **options)["signed"].ravel()
        size = np.abs(values).max()
        found = page.evaluate(f"(slug) => {PANEL}.dlviz.valuesOf(slug)", tile["method"])
        np.testing.assert_allclose(found, values, atol=1e-3 * size, err_msg=tile["method"])
        assert tile["limit"] == pytest.approx(np.quantile(np.abs(values), 0.99), rel=5e-3), tile["method"]


def test_what_the_server_cannot_answer_is_said_and_the_panel_lives(mounted: Any) -> None:
    page = mounted("imagenet")
    expect(page.locator(".photo-chooser .problem")).to_have_text("There is no command probe.")
    expect(page.locator(".imagenet .look")).to_be_hidden()
    expect(page.locator(".imagenet .wall")).to_be_hidden()


@pytest.mark.parametrize("page", [NARROW], indirect=True)
def test_nothing_is_too_wide_for_a_telephone(page: Any, app: str) -> None:
    opened(page, app)
    page.locator("[data-stage=stem]").scroll_into_view_if_needed()
    wait(page, "now.maps.rows[0].version === now.version")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    whole = page.locator(".imagenet").bounding_box()
    for part in (".look", ".frame", ".bars", "[data-stage=stem] .tiles", ".controls .group", ".wall"):
        box = page.locator(f".imagenet {part}").first.bounding_box()
        assert box["x"] >= whole["x"] - 1, part
        assert box["x"] + box["width"] <= whole["x"] + whole["width"] + 1, part
