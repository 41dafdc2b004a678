"""The Classical panel in the app: what it shows against OpenCV called directly, its sliders, and its steps."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from dlviz.data.photos import photo
from dlviz.labs.convolution import classical, operations
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec
from tests.browser.convolution_page import open_lab
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser
NARROW = {"viewport": {"width": 390, "height": 844}}
DARK = {"color_scheme": "dark"}
CAT = photo("chelsea")
GREY = cv2.cvtColor(CAT, cv2.COLOR_RGB2GRAY)
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.panel === 'classical')?.dlviz"


def view(page: Any, name: str, *given: Any) -> Any:
    return page.evaluate(f"([name, given]) => {PANEL}[name](...given)", [name, list(given)])


def array(page: Any, name: str) -> np.ndarray:
    found = view(page, "array", name)
    return np.array(found["data"]).reshape(found["shape"])


def wait_for(page: Any, **options: Any) -> None:
    """Until the pictures of these settings are shown, and what is measured has followed."""
    holds = (
        "shown && shown.measured && Object.entries(arg).every(([k, v]) => JSON.stringify(shown.options[k]) === "
        "JSON.stringify(v))"
    )
    page.wait_for_function(f"(arg) => {{ const shown = {PANEL}?.shown(); return {holds}; }}", arg=options)


def open_panel(page: Any, app: str, **changes: Any) -> Any:
    open_lab(page, app, panel="Classical", **changes)
    panel = page.locator(".classical-panel")
    panel.locator(".wipe").scroll_into_view_if_needed()
    wait_for(page, operation="canny")
    return panel


def choose(page: Any, operation: str) -> None:
    page.locator(f".operations button[value={operation}]").click()
    wait_for(page, operation=operation)


def settings_of(page: Any) -> dict[str, Any]:
    options = view(page, "shown")["options"]
    return {name: value for name, value in options.items() if name not in ("keep", "photo")}


def test_every_operation_shows_what_opencv_makes(page: Any, app: str) -> None:
    panel = open_panel(page, app)
    run = ConvolutionRun(ConvolutionSpec())
    for operation in operations.OPERATIONS:
        choose(page, operation)
        expected = classical.classical(run, **settings_of(page))
        result = array(page, "result")
        assert np.allclose(result, expected["result"], rtol=1e-6), operation
        text = panel.locator(".made").inner_text()
        is_one = operation not in ("median", "threshold", "canny")
        assert ("is not a convolution." in text) == (not is_one), operation
        if is_one:
            assert array(page, "difference") == expected["difference"]
            assert np.array_equal(array(page, "kernel"), expected["kernel"])
            assert "largest difference" in text
        else:
            f_a, f_b, f_sum = expected["example"][4:].astype(int)
            assert f"f(a) + f(b) = {f_a} + {f_b}, but f(a + b) = {f_sum}." in text
            assert f"{100 * float(expected['broken']):.1f} %" in text
        if result.dtype.kind != "f" and operation not in ("canny", "sobel", "laplacian"):
            y, x = 30, 40
            assert view(page, "pixel", "after", x, y)[:3] == np.broadcast_to(result[y, x], 3).tolist(), operation
        assert panel.locator(".script pre").inner_text().strip() == str(expected.state["code"]).strip()


def test_a_slider_is_answered(page: Any, app: str) -> None:
    open_panel(page, app)
    choose(page, "gaussian")
    page.get_by_role("slider", name="Radius").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    wait_for(page, operation="gaussian", size=15)
    assert np.array_equal(array(page, "result"), cv2.GaussianBlur(CAT, (15, 15), 2))
    page.get_by_role("radio", name="torch's convolution").click()
    page.wait_for_function(f"() => {PANEL}.array('convolution')")
    slid = array(page, "convolution")
    assert np.abs(slid - array(page, "result")).max() == pytest.approx(float(array(page, "difference")), abs=1e-4)
    assert np.abs(slid - array(page, "result")).max() < 1.1
    assert np.allclose(view(page, "pixel", "before", 7, 9)[:3], slid[9, 7], atol=0.51)


def test_the_thresholds_of_canny_are_dragged_on_the_histogram(page: Any, app: str) -> None:
    panel = open_panel(page, app)
    wait_for(page, operation="canny", low=50, high=100)
    panel.locator(".histogram").scroll_into_view_if_needed()
    bars = panel.locator(".histogram .bars").bounding_box()
    most = float(array(page, "thinned").max())
    end = 100 * np.ceil(most / 100)
    y = bars["y"] + bars["height"] / 2
    page.mouse.move(bars["x"] + bars["width"] * 100 / end, y)
    page.mouse.down()
    page.mouse.move(bars["x"] + bars["width"] * 150 / end, y, steps=5)
    page.mouse.up()
    high = view(page, "shown")["settings"]["high"]
    assert high == pytest.approx(150, abs=2)
    wait_for(page, operation="canny", low=50, high=high)
    calm = cv2.GaussianBlur(GREY, (5, 5), 0)
    edges = cv2.Canny(calm, 50, high, L2gradient=True)
    assert np.array_equal(array(page, "result"), edges)
    lower = panel.locator(".histogram [role=slider]").first
    lower.focus()
    page.keyboard.press("End")  # past the upper one, which is pushed along
    wait_for(page, operation="canny", low=end, high=end)
    assert panel.locator(".histogram [role=slider]").last.get_attribute("aria-valuenow") == f"{end:g}"


def test_the_words_on_canny_count_its_pixels(page: Any, app: str) -> None:
    panel = open_panel(page, app)
    classes, result = array(page, "classes"), array(page, "result")
    strong, weak = int((classes == 2).sum()), int((classes == 1).sum())
    kept = int(((classes == 1) & (result > 0)).sum())
    text = panel.locator(".controls").inner_text()
    assert f"{strong:,} strong pixels and {weak:,} weak ones; {kept:,} of the weak" in text
    assert f"{100 * (result > 0).mean():.1f} % of the picture is edge" in text
    tiles = panel.locator(".tile")
    assert tiles.count() == 8
    for i in range(8):
        tiles.nth(i).click()
        assert tiles.nth(i).get_attribute("aria-pressed") == "true"
        assert panel.locator(".wipe .after .tag").inner_text() == tiles.nth(i).inner_text()
    panel.get_by_role("button", name="Blurred").click()
    assert view(page, "pixel", "after", 50, 60)[0] == cv2.GaussianBlur(GREY, (5, 5), 0)[60, 50]
    assert view(page, "shown")["step"] == "blurred"


def test_otsu_sets_the_level_and_a_hand_takes_it_back(page: Any, app: str) -> None:
    open_panel(page, app)
    choose(page, "threshold")
    page.get_by_role("switch", name="Otsu").click()
    wait_for(page, operation="threshold", otsu=True)
    level, expected = cv2.threshold(GREY, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    assert np.array_equal(array(page, "result"), expected)
    slider = page.locator(".histogram [role=slider]")
    assert slider.get_attribute("aria-valuenow") == f"{level:g}"
    slider.focus()
    page.keyboard.press("ArrowRight")
    wait_for(page, operation="threshold", otsu=False, level=int(level) + 1)
    assert page.get_by_role("switch", name="Otsu").get_attribute("aria-checked") == "false"


def test_a_picture_of_ones_own_reaches_opencv_and_what_is_too_small_is_said(page: Any, app: str, tmp_path: Any) -> None:
    panel = open_panel(page, app)
    chance = np.random.default_rng(2).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(chance).save(tmp_path / "mine.png")
    Image.fromarray(chance[:3, :3]).save(tmp_path / "small.png")
    choose(page, "median")
    panel.locator("input[type=file]").set_input_files(tmp_path / "mine.png")
    page.wait_for_function(f"() => {PANEL}.array('result')?.shape[0] === 64")
    assert np.array_equal(array(page, "photo"), chance)
    assert np.array_equal(array(page, "result"), cv2.medianBlur(chance, 9))
    panel.locator("input[type=file]").set_input_files(tmp_path / "small.png")
    page.wait_for_function(f"() => {PANEL}.array('result')?.shape[0] === 3")
    page.locator(".operations button[value=resize]").click()
    problem = panel.locator(".controls > .problem")
    page.wait_for_function("e => e.textContent.includes('at least 4 × 4 pixels')", arg=problem.element_handle())
    page.get_by_role("radio", name="Cat").click()
    wait_for(page, operation="resize", photo="chelsea")
    assert problem.inner_text() == ""
    assert array(page, "result").shape == (128, 128, 3)


def test_a_large_noisy_picture_is_made_small_enough_to_be_sent(chromium: Any) -> None:
    """512 × 512 of pure noise is the worst there is: as a PNG it has 800 kB."""
    with static_page(chromium) as page:
        text = page.evaluate("""async () => {
          const { asText } = await import("/classical/asking.js");
          const noise = (_, i) => (i % 4 === 3 ? 255 : 256 * Math.random());
          const pixels = Uint8ClampedArray.from({length: 4 * 512 * 512}, noise);
          return asText({pixels, width: 512, height: 512});
        }""")
    assert len(text) <= classical.MOST_LETTERS
    assert classical.decoded(text).shape == (512, 512, 3)


def test_every_setting_of_a_control_is_accepted(chromium: Any) -> None:
    with static_page(chromium) as page:
        found = page.evaluate("""async () => {
          const { OPERATIONS, FIRST, fromControl, toControl } = await import("/classical/operations.js");
          return OPERATIONS.flatMap(({slug, fields}) => fields.flatMap((field) => {
            const ends = field.options ?? (field.kind === "flag" ? [true, false] : [field.low, field.high]);
            const wide = slug === "canny" ? {low: 0, high: 1500} : {}; // so that the two thresholds do not meet
            return ends.map((end) => {
              const value = fromControl(field, end);
              const back = toControl(field, value) === end;
              return {...FIRST[slug], ...wide, operation: slug, [field.name]: value, back};
            });
          }));
        }""")
    assert {each["operation"] for each in found} == set(operations.OPERATIONS) - {"grey"}
    for each in found:
        assert each.pop("back")
        operations.Operation(**each)


@pytest.mark.parametrize("page", [NARROW, NARROW | DARK], indirect=True)
def test_nothing_is_too_wide_for_a_telephone(page: Any, app: str) -> None:
    panel = open_panel(page, app)
    for operation in ("canny", "resize", "sobel"):
        choose(page, operation)
        page.get_by_role("radio", name="Side by side").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        box = panel.bounding_box()
        for part in (".wipe", ".operations", ".made", ".script"):
            inner = panel.locator(part).bounding_box()
            assert inner["x"] + inner["width"] <= box["x"] + box["width"] + 1, part
