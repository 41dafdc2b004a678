"""The stage of the Convolution lab in the real app: every number on it against torch, and what answers to a hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from dlviz.labs.convolution import model, pictures
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec
from tests.browser.convolution_page import open_lab, stage, wait_for_stage

pytestmark = pytest.mark.browser

FEW_CELLS = {"side": 6, "digit": 3}


def computed(**settings: Any) -> tuple[Any, list[torch.Tensor]]:
    """The layers of a spec in torch, and [input, after the first, …] without the batch dimension."""
    lists: dict[str, Any] = {k: tuple(value) if isinstance(value, list) else value for k, value in settings.items()}
    spec = ConvolutionSpec(**lists)
    network, found = model.target(spec).requires_grad_(), [pictures.load(spec)]
    with torch.no_grad():
        for layer in network:
            found.append(layer(found[-1][None])[0])
    return network, found


def hover(page: Any, grid: str, place: tuple[int, int], which: int = 0) -> None:
    """Point at a cell, and wait until it is what the stage shows."""
    page.locator(f".{grid} canvas.cells, .pair-{grid} canvas.cells").nth(which).scroll_into_view_if_needed()
    page.mouse.move(*stage(page, "middle", grid, list(place), which))
    kind = "ky" if grid == "kernel" else "y"
    wait_for_stage(page, f"dlviz.focus()?.kind === arg[0] && dlviz.focus().{kind} === arg[1] && dlviz.lit()",
                   [grid, place[0]])  # fmt: skip
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


LAYERS: list[dict[str, Any]] = [
    {"channels": "rgb", "kernel": ["random", "gaussian"], "padding": "same", "bias": "0.5_-1.25"},
    {"padding": "number", "padding_amount": 2, "padding_mode": "reflect", "dilation": 2, "stride": 2, "kernel_size": 2,
     "kernel": ["random"]},
    {"layer": "transposed", "channels": "rgb", "kernel": ["random", "sharpen"], "stride": 2, "padding": "number"},
    {"layer": "separable", "channels": "rgb", "kernel": ["random"]},
    {"layer": "causal", "kernel": ["random"], "dilation": 2},
    {"layer": "max_pool", "channels": "maps", "kernel_size": 3, "stride": 2, "padding": "number"},
    {"layer": "average_pool", "kernel_size": 2, "stride": 2, "padding": "number"},
    {"layer": "global_average_pool", "channels": "rgb"},
]  # fmt: skip


def of_link(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings as a spec has them, from those of a link."""
    bias = settings.get("bias")
    return settings | ({"bias": tuple(map(float, bias.split("_")))} if bias else {})


@pytest.mark.parametrize("settings", LAYERS, ids=lambda s: f"{s.get('layer', 'conv2d')}-{s.get('padding', 'valid')}")
def test_outputs_products_and_sums_are_those_of_torch(page: Any, app: str, settings: dict[str, Any]) -> None:
    network, found = computed(**FEW_CELLS, **of_link(settings))
    open_lab(page, app, **FEW_CELLS, **settings)
    for at, expected in enumerate(found):
        np.testing.assert_allclose(stage(page, "outputs")[at], expected.flatten(), atol=1e-5)
    if len(found) > 2:  # the stage explains one of the two layers at a time
        check_a_cell(page, network[0], found[0], found[1])
        page.locator(".stage-choice", has_text="Pointwise").click()
        wait_for_stage(page, "dlviz.shown().layer === 1")
    check_a_cell(page, network[-1], found[-2], found[-1])


def check_a_cell(page: Any, sliding: Any, taken: torch.Tensor, made: torch.Tensor) -> None:
    """The last cell of the last map: its terms, the sum, the bias and the result as they are written."""
    o, (rows, columns) = made.shape[0] - 1, made.shape[1:]
    stage(page, "choose", "filter", o)
    hover(page, "output", (rows // 2, columns - 1))
    shown = stage(page, "shown")
    assert (shown["o"], shown["y"], shown["x"]) == (o, rows // 2, columns - 1)
    terms, numbers = stage(page, "terms"), stage(page, "arithmetic")
    result = made[o, rows // 2, columns - 1].detach().item()
    layer = sliding.layer
    assert numbers["result"] == pytest.approx(result, abs=1e-5)
    assert as_number(numbers["result_text"]) == pytest.approx(result, abs=6e-4)
    if layer.kind == "max":
        winners = [term["value"] for term in terms if term["wins"]]
        assert winners == [pytest.approx(result)]
        assert numbers["values"] == sum(term["inside"] for term in terms)
        return
    if layer.kind == "average":
        assert as_number(numbers["sum_text"]) / as_number(numbers["bias_text"]) == pytest.approx(result, abs=1e-3)
        return
    products = gradient_products(sliding, taken, (o, rows // 2, columns - 1))
    for term in terms:
        value = taken[term["channel"], term["y"], term["x"]].item() if term["inside"] else 0.0
        assert term["value"] == pytest.approx(value, abs=1e-6)
        assert term["product"] == pytest.approx(term["value"] * term["weight"], abs=1e-6)
    assert sum(term["product"] for term in terms) == pytest.approx(products, abs=1e-5)
    assert numbers["running"] == pytest.approx(np.cumsum([term["product"] for term in terms]).tolist(), abs=1e-6)
    assert numbers["bias"] == pytest.approx(sliding.bias[o].item())
    assert as_number(numbers["sum_text"]) + as_number(numbers["bias_text"]) == pytest.approx(result, abs=2e-3)


def gradient_products(sliding: Any, taken: torch.Tensor, cell: tuple[int, int, int]) -> float:
    """The sum of all products of an output cell: its gradient by the weights, times the weights."""
    made = sliding(taken[None])[0][cell]
    (gradient,) = torch.autograd.grad(made, sliding.weight)
    return float((gradient * sliding.weight).sum())


def as_number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def test_an_output_cell_lights_its_patch_and_a_dilated_one_its_taps(page: Any, app: str) -> None:
    open_lab(page, app, **FEW_CELLS, dilation=2, padding="same")
    hover(page, "output", (0, 3))
    lit = stage(page, "lit")
    assert sorted(map(tuple, lit["input"])) == [(y, x) for y in (-2, 0, 2) for x in (1, 3, 5)]
    assert lit["output"] == [[0, 3]]


def test_an_input_cell_lights_what_it_goes_into_with_the_weights_it_meets(page: Any, app: str) -> None:
    settings: dict[str, Any] = FEW_CELLS | {"stride": 2, "padding": "number", "kernel": ["random"]}
    network, found = computed(**settings)
    open_lab(page, app, **settings)
    hover(page, "input", (3, 2))
    picture = found[0].clone().requires_grad_()
    made = network(picture[None])[0, 0]
    touched = {}
    for y in range(made.shape[0]):
        for x in range(made.shape[1]):
            (gradient,) = torch.autograd.grad(made[y, x], picture, retain_graph=True)
            if gradient[0, 3, 2] != 0:
                touched[y, x] = gradient[0, 3, 2].item()
    assert {tuple(cell) for cell in stage(page, "lit")["output"]} == set(touched)
    met = sorted(network[0].weight[0, 0, ky, kx].item() for ky, kx in stage(page, "lit")["kernel"])
    assert met == pytest.approx(sorted(touched.values()))
    words = stage(page, "arithmetic")["written"]
    assert f"goes into {len(touched)} outputs, through {len(touched)} weights" in words


def test_a_weight_lights_every_cell_it_stands_on_padding_included(page: Any, app: str) -> None:
    open_lab(page, app, **FEW_CELLS, padding="same")
    hover(page, "kernel", (0, 2))
    lit = stage(page, "lit")
    assert {tuple(cell) for cell in lit["input"]} == {(y - 1, x + 1) for y in range(6) for x in range(6)}
    assert len(lit["output"]) == 36
    assert "stands on 36 cells in turn, 11 of them in the padding" in stage(page, "arithmetic")["written"]


def test_the_keyboard_walks_pins_and_lets_go(page: Any, app: str) -> None:
    open_lab(page, app, **FEW_CELLS)
    output = page.locator(".output canvas.cells").first
    output.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    wait_for_stage(page, "dlviz.focus()?.y === 1 && dlviz.focus().x === 1")
    assert "row 2, column 2" in output.get_attribute("aria-label")
    page.keyboard.press("Enter")
    chip = page.get_by_role("button", name="Pinned: row 2, column 2")
    chip.wait_for()
    assert stage(page, "happened", "pinned") is True
    page.keyboard.press("Escape")
    chip.wait_for(state="hidden")
    assert stage(page, "pinned") is None


def test_a_click_pins_and_the_chip_lets_go(page: Any, app: str) -> None:
    open_lab(page, app, **FEW_CELLS)
    hover(page, "output", (2, 1))
    page.mouse.down()
    page.mouse.up()
    page.mouse.move(5, 5)
    wait_for_stage(page, "dlviz.pinned()?.y === 2 && dlviz.shown().y === 2 && dlviz.shown().x === 1")
    page.get_by_role("button", name="Pinned: row 3, column 2").click()
    wait_for_stage(page, "dlviz.pinned() === null")


def test_the_slide_fills_the_output_in_and_comes_to_its_end(page: Any, app: str) -> None:
    open_lab(page, app, **FEW_CELLS)
    assert stage(page, "slide")["known"] is None
    page.get_by_role("button", name="One place on").click()
    page.get_by_role("button", name="One place on").click()
    wait_for_stage(page, "dlviz.slide().known === 2 && dlviz.shown().x === 1")
    page.get_by_role("button", name="One place back").click()
    wait_for_stage(page, "dlviz.slide().known === 1")
    page.get_by_role("button", name="Slide", exact=True).click()
    stage(page, "speed", 60)
    page.get_by_role("button", name="Pause").wait_for()
    wait_for_stage(page, "dlviz.happened('slid') && !dlviz.slide().playing")
    assert stage(page, "slide")["index"] == 15
    wait_for_stage(page, "dlviz.slide().known === 16")  # the last picture is drawn in the animation frame after it


def test_term_by_term_the_sum_grows_product_by_product(page: Any, app: str) -> None:
    open_lab(page, app, **FEW_CELLS, kernel=["random"])
    page.get_by_role("button", name="Term by term").click()
    running = []
    for count in range(1, 10):
        page.get_by_role("button", name="One place on").click()
        wait_for_stage(page, "dlviz.arithmetic().known === arg", count)
        running.append(stage(page, "arithmetic")["running"][-1])
        assert stage(page, "slide")["known"] == (1 if count == 9 else 0)
    network, found = computed(**FEW_CELLS, kernel=["random"])
    products = (found[0][0, :3, :3] * network[0].weight[0, 0]).flatten().cumsum(0)
    assert running == pytest.approx(products.tolist(), abs=1e-6)


def test_the_slide_goes_over_one_map_after_the_other(page: Any, app: str) -> None:
    open_lab(page, app, **FEW_CELLS, kernel=["random", "average"])
    maps = page.get_by_role("radiogroup", name="Output maps").get_by_role("radio")
    assert [maps.nth(k).get_attribute("title") for k in range(maps.count())] == ["Random", "Averaging"]
    page.get_by_role("button", name="Every map").click()
    scrub = page.get_by_role("slider", name="Place of the filter")
    scrub.focus()
    for _ in range(17):
        scrub.press("ArrowRight")
    wait_for_stage(page, "dlviz.shown().o === 1 && dlviz.shown().x === 0 && dlviz.slide().known === 1")
    assert page.get_by_text("place 17 of 32").is_visible()
    scrub.press("End")
    wait_for_stage(page, "dlviz.slide().known === 16 && dlviz.happened('slid')")


@pytest.mark.parametrize(
    "settings",
    [
        {"padding": "number", "padding_amount": 1, "stride": 2},
        {"padding": "full", "dilation": 3, "kernel_size": 2},
        {"padding": "same", "kernel_size": 4, "kernel": ["gaussian"]},
        {"layer": "transposed", "stride": 3, "padding": "number", "dilation": 2},
        {"layer": "causal", "kernel": ["gaussian"]},
    ],
    ids=lambda s: "-".join(map(str, s.values())),
)
def test_the_formula_has_the_numbers_of_the_layer_and_its_result(page: Any, app: str, settings: dict[str, Any]) -> None:
    network, found = computed(**{"side": 12, **settings})
    parameters = sum(parameter.numel() for parameter in network.parameters())
    open_lab(page, app, side=12, **settings)
    assert stage(page, "shape") == list(found[-1].shape)
    for text in stage(page, "formula"):
        written, answer = text.split(" = ")
        for words in ("Rows and columns ", "Rows ", "Columns ", "Length "):
            written = written.removeprefix(words)
        python = written.replace("−", "-").replace("·", "*").replace("⌊", "int(").replace("⌋", ")")
        assert eval(python) == int(answer)
        assert int(answer) == found[-1].shape[1 if text.startswith("Rows ") and "columns" not in text else 2]
    assert page.locator(".cost .big").first.inner_text() == str(parameters)


def test_a_number_of_the_formula_lights_what_it_is(page: Any, app: str) -> None:
    open_lab(page, app, **FEW_CELLS, padding="same", stride=1)
    page.locator(".part[data-part=padding]").first.hover()
    page.get_by_text("1 cell of padding before and after").wait_for()


def test_hovering_is_answered_within_a_frame_at_32_cells(page: Any, app: str) -> None:
    open_lab(page, app, side=32, channels="rgb", kernel=["random"], kernel_size=5, padding="same")
    for grid in ("output", "input"):
        for k in range(12):
            hover(page, grid, (2 * k, 31 - 2 * k))
    times = sorted(stage(page, "timings")[2:])
    assert times[len(times) // 2] < 16, times


def test_the_weights_being_learned_can_be_shown_instead(page: Any, app: str) -> None:
    open_lab(page, app, **FEW_CELLS, panel="Learn the kernel")
    learned = page.get_by_role("radio", name="Learned")
    assert not learned.is_visible()
    bar = page.get_by_role("toolbar", name="Training")
    bar.get_by_role("button", name="One step").click()
    learned.click()
    wait_for_stage(page, "dlviz.learned() >= 1 && dlviz.ready")
    run = ConvolutionRun(ConvolutionSpec(side=6, digit=3))
    run.advance(stage(page, "learned"))
    with torch.no_grad():
        np.testing.assert_allclose(stage(page, "outputs")[1], run.network(run.picture[None]).flatten(), atol=1e-5)
    page.get_by_role("radio", name="Designed").click()
    wait_for_stage(page, "dlviz.learned() === null")
    with torch.no_grad():
        np.testing.assert_allclose(stage(page, "outputs")[1], run.target(run.picture[None]).flatten(), atol=1e-5)


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
@pytest.mark.parametrize("settings", [{}, {"channels": "maps", "kernel": ["random"] * 8, "kernel_size": 7, "side": 20}])
def test_on_a_phone_nothing_scrolls_sideways(page: Any, app: str, settings: dict[str, Any]) -> None:
    open_lab(page, app, **settings)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("page", [{"reduced_motion": "reduce"}], indirect=True)
def test_with_less_motion_the_slide_goes_a_place_at_a_press(page: Any, app: str) -> None:
    open_lab(page, app, **FEW_CELLS)
    page.get_by_role("button", name="Slide", exact=True).click()
    wait_for_stage(page, "dlviz.slide().known === 1")
    assert stage(page, "slide")["playing"] is False
