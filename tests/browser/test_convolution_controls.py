"""The controls of the Convolution lab in the real app: every knob reaches the layer, and nothing a person does is lost.

Whatever is on the screen is compared with torch, which gets the settings that the page says it has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from dlviz.core import spec as specs
from dlviz.labs.convolution import model
from dlviz.labs.convolution.spec import LAYERS, ConvolutionSpec
from tests.browser.convolution_knobs import (
    assert_torch_agrees,
    knob,
    more,
    picked,
    press,
    spec_of,
    typed,
    wait_for,
)
from tests.browser.convolution_page import open_lab, stage, wait_for_stage

pytestmark = pytest.mark.browser
NARROW = {"viewport": {"width": 390, "height": 844}}


STEPS: list[tuple[Callable[[Any], None], dict[str, Any]]] = [
    (typed("digit", "7"), {"digit": 7}),
    (picked("picture", "Photo"), {"picture": "photo"}),
    (picked("photo", "Coffee"), {"photo": "coffee"}),
    (picked("picture", "Noise"), {"picture": "noise"}),
    (typed("side", "10"), {"side": 10}),
    (more("side"), {"side": 11}),
    (more("kernel_size"), {"kernel_size": 4}),
    (picked("kernel", "Emboss"), {"kernel": ["emboss"]}),
    (more("stride"), {"stride": 2}),
    (more("dilation"), {"dilation": 2}),
    (picked("padding", "Full"), {"padding": "full"}),
    (picked("padding_mode", "Reflect"), {"padding_mode": "reflect"}),
    (picked("padding", "A number"), {"padding": "number"}),
    (more("padding_amount"), {"padding_amount": 2}),
    (picked("channels", "RGB"), {"channels": "rgb"}),
    (press("Add a filter"), {"kernel": ["emboss", "sobel_vertical"]}),
    (press("Add a filter"), {"kernel": ["emboss", "sobel_vertical", "sobel_horizontal"]}),
    (typed("groups", "3"), {"groups": 3}),
    (typed("bias", "-0,5"), {"bias": [0, 0, -0.5]}),
    (more("bias"), {"bias": [0, 0, -0.4]}),
    (lambda page: page.get_by_role("radio", name="Filter 1", exact=True).click(), {}),
    (picked("kernel", "Averaging"), {"kernel": ["average", "sobel_vertical", "sobel_horizontal"]}),
    (lambda page: knob(page, "flip").get_by_role("switch").click(), {"flip": True}),
    (typed("groups", "1"), {"groups": 1}),
    (press("Remove filter 1"), {"kernel": ["sobel_vertical", "sobel_horizontal"], "bias": [0, -0.4]}),
]


def test_every_knob_reaches_the_layer(page: Any, app: str) -> None:
    open_lab(page, app)
    assert_torch_agrees(page)
    for act, settings in STEPS:
        act(page)
        wait_for(page, **settings)


def test_every_layer_can_be_chosen_and_shows_what_applies_to_it(page: Any, app: str) -> None:
    open_lab(page, app, channels="rgb", side=9)
    labels = dict(zip(LAYERS, specs.rules(ConvolutionSpec)["layer"].labels, strict=True))  # type: ignore[attr-defined]
    shown: dict[str, set[str]] = {}
    for layer in [*LAYERS[1:], "conv2d"]:
        picked("layer", labels[layer])(page)
        wait_for(page, layer=layer)
        shown[layer] = set(page.evaluate("""() => {
          const root = [...document.querySelectorAll('*')].find((e) => e.dlviz?.stage === 'convolution').shadowRoot;
          const seen = [...root.querySelectorAll('.controls [data-field]')].filter((e) => e.checkVisibility());
          return seen.map((e) => e.dataset.field);
        }"""))  # fmt: skip
        expect(page.locator(".controls .refusal")).to_have_count(0)
    everywhere = {"picture", "digit", "side", "channels", "layer"}
    assert shown["global_average_pool"] == everywhere
    assert shown["max_pool"] == everywhere | {"kernel_size", "stride", "dilation", "padding"}
    assert shown["pointwise"] == everywhere | {"bias", "flip", "stride", "groups"}
    geometry = {"kernel", "bias", "flip", "kernel_size", "stride", "dilation"}
    assert shown["causal"] == everywhere | geometry | {"padding_mode"}
    assert shown["depthwise"] == everywhere | geometry | {"padding"}
    assert shown["conv2d"] == everywhere | geometry | {"padding", "groups"}


# --- what is refused -------------------------------------------------------------------------


def test_a_refused_combination_is_said_where_it_comes_from_and_can_be_settled(page: Any, app: str) -> None:
    open_lab(page, app, padding="same", picture="noise")
    before = stage(page, "outputs")
    more("stride")(page)
    refusal = page.locator("[data-refused=padding]")
    expect(refusal.locator("p")).to_have_text(
        "Padding must not be same with a stride of 2, which makes 6 cells of 12. Got 'same'. Try valid."
    )
    assert refusal.evaluate("e => e.parentElement.dataset.field") == "padding"
    expect(knob(page, "stride").locator("input")).to_have_value("1")
    assert stage(page, "outputs") == before
    refusal.get_by_role("button", name="Set Padding to Valid as well").click()
    wait_for(page, stride=2, padding="valid", picture="noise")
    expect(refusal).to_have_count(0)


def test_a_kernel_larger_than_the_picture_is_refused_by_name_of_the_sizes(page: Any, app: str) -> None:
    open_lab(page, app, side=4)
    typed("kernel_size", "6")(page)
    refusal = page.locator("[data-refused=kernel_size]")
    expect(refusal.locator("p")).to_have_text(
        "Kernel size must be at most 4: the picture has 4 × 4 cells. Got 6. Try 4."
    )
    expect(knob(page, "kernel_size").locator("input")).to_have_value("3")
    refusal.get_by_role("button", name="Use 4").click()
    wait_for(page, kernel_size=4, side=4)


@pytest.mark.parametrize("page", [NARROW], indirect=True)
def test_a_refusal_whose_control_is_folded_away_is_said_all_the_same(page: Any, app: str) -> None:
    open_lab(page, app, side=3)
    page.locator(".group-head", has_text="Picture").click()
    knob(page, "side").locator(".stepper button").first.click()
    refusal = page.locator(".refusals .refusal")
    expect(refusal).to_be_visible()
    expect(refusal.locator("p")).to_contain_text("the picture has 2 × 2 cells")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    refusal.get_by_role("button", name="Close").click()
    expect(refusal).to_have_count(0)


def test_a_size_that_is_no_number_is_answered_at_once(page: Any, app: str) -> None:
    open_lab(page, app)
    typed("side", "many")(page)
    expect(knob(page, "side").locator(".bubble-line")).to_have_text(
        "“many” is not a whole number from 1 to 32. Try 12."
    )
    typed("bias", "1,2,3")(page)
    expect(knob(page, "bias").locator(".bubble-line")).to_have_text("“1,2,3” is not a number from −100 to 100. Try 0.")
    wait_for(page, side=12, bias=[])
    knob(page, "bias").locator("input").press("Escape")
    expect(knob(page, "bias").locator(".bubble-line")).to_have_text("")
    expect(knob(page, "bias").locator("input")).to_have_value("0")


def test_an_answer_of_the_server_does_not_wipe_what_is_being_typed(page: Any, app: str) -> None:
    open_lab(page, app)
    more("stride")(page)
    knob(page, "side").locator("input").fill("9")
    wait_for(page, stride=2)
    expect(knob(page, "side").locator("input")).to_have_value("9")
    knob(page, "side").locator("input").press("Enter")
    wait_for(page, stride=2, side=9)


# --- the cells of a kernel -------------------------------------------------------------------

SOBEL = [-1, 0, 1, -2, 0, 2, -1, 0, 1]


def test_a_cell_is_edited_in_place(page: Any, app: str) -> None:
    open_lab(page, app)
    press("Edit cells")(page)
    field = page.locator(".cell-editor input")
    expect(field).to_have_value("-1")
    for bad, words in {
        "half": "“half” is not a number. Try −1.",
        "": "“” is not a number. Try −1.",
        "101": "A weight lies between −100 and 100. Got 101.",
    }.items():
        field.fill(bad)
        field.press("Enter")
        expect(page.locator(".cell-editor .wrong")).to_have_text(words)
        expect(field).to_have_value(bad)
    wait_for(page, weights=[])
    field.fill("−2,5e0")
    field.press("Tab")  # takes it, and goes on to the next cell
    wait_for(page, weights=[-2.5, *SOBEL[1:]])
    expect(page.locator(".cell-editor .label")).to_have_text("Weight in row 1, column 2")
    for key in ("ArrowUp", "ArrowUp", "Shift+ArrowDown"):
        field.press(key)
    expect(field).to_have_value("-0.8")
    field.press("Escape")
    expect(field).to_have_count(0)
    wait_for(page, weights=[-2.5, *SOBEL[1:]])
    expect(knob(page, "kernel").locator("select")).to_have_value("edited")


def test_a_cell_is_dragged_up_and_down(page: Any, app: str) -> None:
    open_lab(page, app)
    x, y = stage(page, "middle", "kernel", [1, 1])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 20, steps=4)
    page.mouse.move(x, y - 50, steps=4)
    page.mouse.up()
    wait_for(page, weights=[*SOBEL[:4], 1, *SOBEL[5:]])
    expect(page.locator(".cell-editor")).to_have_count(0)


def test_the_cell_that_is_seen_is_the_one_that_changes_also_in_a_turned_kernel(page: Any, app: str) -> None:
    open_lab(page, app, flip="on", kernel="sobel_vertical,average", channels="rgb")
    page.get_by_role("radio", name="Filter 2", exact=True).click()
    press("Edit cells")(page)
    page.locator(".cell-editor input").fill("5")
    page.locator(".cell-editor input").press("Enter")
    wait_for_stage(page, "dlviz.spec().weights.length === 54")
    assert_torch_agrees(page)
    slid = model.target(spec_of(page))[0].weight
    assert slid[1, 0].flatten().tolist() == pytest.approx([5] + [1 / 27] * 8)
    assert spec_of(page).weights[27:36] == pytest.approx([1 / 27] * 8 + [5])


def test_a_change_of_shape_keeps_what_was_edited(page: Any, app: str) -> None:
    nine = [float(i) for i in range(1, 10)]
    open_lab(page, app, weights="_".join(str(int(w)) for w in nine), bias="0.5")
    more("kernel_size")(page)
    rows = [*nine[:3], 0, *nine[3:6], 0, *nine[6:], 0, 0, 0, 0, 0]
    wait_for(page, kernel_size=4, weights=[*rows[:15], 0])
    typed("kernel_size", "3")(page)
    wait_for(page, kernel_size=3, weights=nine)
    press("Add a filter")(page)
    wait_for(page, weights=nine * 2)
    picked("channels", "RGB")(page)
    wait_for(page, channels="rgb")
    assert spec_of(page).weights == pytest.approx([w / 3 for w in nine] * 6)
    picked("layer", "Max pooling")(page)
    wait_for(page, layer="max_pool")
    typed("kernel_size", "2")(page)
    wait_for(page, kernel_size=2)
    picked("layer", "Convolution")(page)
    wait_for(page, layer="conv2d", kernel_size=2)
    assert len(spec_of(page).weights) == 24
    picked("layer", "Depthwise separable")(page)
    wait_for(page, layer="separable", weights=[])
    notice = page.locator(".notice")
    expect(notice).to_contain_text("do not fit this layer")
    notice.get_by_role("button", name="Undo").click()
    wait_for(page, layer="conv2d", kernel_size=2)
    assert len(spec_of(page).weights) == 24
    picked("kernel", "Averaging")(page)
    wait_for(page, weights=[])
