"""The panel Channels in the real app: partial sums, totals and counts against torch, and what can be touched there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec
from tests.browser.convolution_page import link

pytestmark = pytest.mark.browser

TOLERANCE = 1e-5
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.panel === 'channels')"
SPECS: dict[str, dict[str, Any]] = {
    "rgb, four filters": {
        "channels": "rgb", "kernel": ("sobel_vertical", "average", "laplacian", "random"),
        "bias": (0.5, -1.0, 0.0, 2.0),
    },
    "groups, reflected": {
        "channels": "maps", "kernel": ("edge", "gaussian"), "groups": 2, "padding": "number", "padding_amount": 2,
        "padding_mode": "reflect", "stride": 2,
    },
    "separable": {"channels": "rgb", "layer": "separable", "kernel": ("gaussian", "sharpen")},
    "transposed": {"channels": "rgb", "layer": "transposed", "kernel": ("cross", "emboss"), "stride": 2, "side": 6},
    "max pooling": {"channels": "rgb", "layer": "max_pool", "kernel_size": 2, "stride": 2},
    "causal": {"channels": "rgb", "layer": "causal", "kernel": ("sobel_vertical",)},
}  # fmt: skip


def open_panel(page: Any, app: str, **settings: Any) -> Any:
    joined = {k: "_".join(map(str, v)) if k in ("bias", "weights") else v for k, v in settings.items()}
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 3200})  # what is off screen is not drawn
    page.goto(link(app, **joined, panel="Channels"))
    page.wait_for_function(f"() => {PANEL}?.dlviz.ready")
    return page


def read(page: Any, name: str) -> Any:
    return page.evaluate(f"(name) => {PANEL}.dlviz[name]()", name)


def wait_for(page: Any, condition: str, arg: Any = None) -> None:
    page.wait_for_function(f"(arg) => {{ const d = {PANEL}?.dlviz; return d?.ready && ({condition}); }}", arg=arg)


def by_torch(spec: ConvolutionSpec, layer: int, o: int, y: int, x: int) -> tuple[dict[int, float], float, torch.Tensor]:
    """Partial sum of every channel at a cell, the total, and all maps of a layer, one channel at a time."""
    run = ConvolutionRun(spec)
    values = run.picture[None]
    for before in list(run.target)[:layer]:
        values = before(values)
    sliding: Any = run.target[layer]
    whole = sliding(values)[0]
    pools = not sliding.layer.has_weights
    bias = 0.0 if pools else float(sliding.bias[o])
    sums = {}
    for channel in range(values.shape[1]):
        if pools:
            if channel == o:
                sums[channel] = float(whole[o, y, x])
            continue
        alone = torch.zeros_like(values)
        alone[:, channel] = values[:, channel]
        sums[channel] = float(sliding(alone)[0, o, y, x]) - bias
    return sums, float(whole[o, y, x]), whole


@pytest.mark.parametrize("name", SPECS)
def test_partial_sums_and_total_are_torchs(page: Any, app: str, name: str) -> None:
    open_panel(page, app, **SPECS[name])
    spec = ConvolutionSpec(**SPECS[name])
    shown = read(page, "opened")
    assert shown["layer"] == len(spec.layers) - 1
    for o in range(spec.layers[-1].outputs):
        page.evaluate(f"(o) => {PANEL}.shadowRoot.querySelectorAll('.map-name')[o].click()", o)
        wait_for(page, "d.opened().cell.o === arg", o)
        shown = read(page, "opened")
        cell = shown["cell"]
        sums, total, maps = by_torch(spec, shown["layer"], cell["o"], cell["y"], cell["x"])
        seen = {row["channel"] for row in shown["rows"]}
        for row in shown["rows"]:
            assert row["sum"] == pytest.approx(sums[row["channel"]], abs=TOLERANCE)
            if spec.layer != "max_pool":
                assert sum(row["products"]) == pytest.approx(row["sum"], abs=TOLERANCE)
        assert all(value == pytest.approx(0, abs=TOLERANCE) for c, value in sums.items() if c not in seen)
        assert shown["total"] == pytest.approx(total, abs=TOLERANCE)
        assert np.abs(np.array(read(page, "maps")["values"]) - maps.flatten().numpy()).max() < TOLERANCE


def test_it_opens_at_the_cell_farthest_from_zero_with_its_numbers_written(page: Any, app: str) -> None:
    open_panel(page, app, **SPECS["rgb, four filters"])
    shown = read(page, "opened")
    *_, maps = by_torch(ConvolutionSpec(**SPECS["rgb, four filters"]), 0, 0, 0, 0)
    first = maps[0].abs()
    assert (shown["cell"]["y"], shown["cell"]["x"]) == divmod(int(first.argmax()), first.shape[1])
    panel = page.locator(".channels")
    assert panel.locator(".total").inner_text() == f"{shown['total']:.3f}".replace("-", "−")
    written = panel.locator(".channel-row .sum").all_inner_texts()
    assert written == [f"{row['sum']:.3f}".replace("-", "−") for row in shown["rows"]]
    assert panel.locator(".partial").count() == 4  # three channels and the bias


def test_pointing_opens_a_cell_and_a_click_pins_it(page: Any, app: str) -> None:
    open_panel(page, app, channels="rgb", kernel=("sobel_vertical", "average"))
    second = page.locator(".channels .map canvas").nth(1)
    box = second.bounding_box()

    def at(row: int, column: int) -> dict[str, float]:
        return {"x": (column + 0.5) * box["width"] / 10, "y": (row + 0.5) * box["height"] / 10}

    second.hover(position=at(2, 3))
    wait_for(page, "JSON.stringify(d.opened().cell) === JSON.stringify({o: 1, y: 2, x: 3})")
    second.click(position=at(4, 5))
    page.locator(".channels .map canvas").first.hover(position=at(0, 0))
    wait_for(page, "d.opened().cell.o === 0 && d.opened().cell.y === 0")
    page.mouse.move(1, 1)
    wait_for(page, "JSON.stringify(d.opened().cell) === JSON.stringify({o: 1, y: 4, x: 5})")
    page.locator(".channels .total-side .chip").click()
    page.locator(".channels .total-side .chip").wait_for(state="hidden")


def test_a_channel_outside_the_group_says_so(page: Any, app: str) -> None:
    open_panel(page, app, channels="maps", kernel=("edge", "gaussian"), groups=2)
    unseen = page.locator(".channels .unseen-row")
    assert unseen.count() == 2
    assert "is in group 1 of 2, this channel is not" in unseen.first.inner_text()
    page.locator(".channels .map-name").nth(1).click()
    wait_for(page, "d.opened().rows.map((row) => row.channel).join() === '2,3'")


@pytest.mark.parametrize("name", ["rgb, four filters", "groups, reflected", "separable", "transposed", "causal"])
def test_counts_are_torchs(page: Any, app: str, name: str) -> None:
    open_panel(page, app, **SPECS[name])
    page.locator(".channels .formula .result").nth(2).wait_for()
    shown = [int(text.replace(",", "")) for text in page.locator(".channels .formula .result").all_inner_texts()]
    run = ConvolutionRun(ConvolutionSpec(**SPECS[name]))
    values, products = run.picture[None], 0
    for sliding in run.target:
        made: Any = sliding(values)
        weight: Any = sliding.weight
        # Each weight of a convolution is used once for every output cell, of a transposed one for every input cell.
        places = (values if SPECS[name].get("layer") == "transposed" else made).shape[-2:]
        products += weight.numel() * math.prod(places)
        values = made
    dense = nn.Linear(run.picture.numel(), values.numel(), device="meta")
    assert shown == [
        sum(p.numel() for p in run.target.parameters()), products, sum(p.numel() for p in dense.parameters())
    ]  # fmt: skip


def test_pooling_counts_nothing(page: Any, app: str) -> None:
    open_panel(page, app, **SPECS["max pooling"])
    page.locator(".channels .formula").first.get_by_text("pooling has no weights").wait_for()


def numel(layer: nn.Module) -> int:
    return sum(p.numel() for p in layer.parameters())


def test_known_layers_are_torchs(page: Any, app: str) -> None:
    open_panel(page, app)
    shown = [int(text.replace(",", "")) for text in page.locator(".channels .example b").all_inner_texts()]
    known = [
        nn.Linear(256 * 256 * 3, 1000, device="meta"), nn.Conv2d(3, 64, 3, device="meta"),
        nn.Conv2d(1, 6, 5, device="meta"), nn.Linear(400, 120, device="meta"),
        nn.Conv2d(3, 64, 3, device="meta"), nn.Linear(512 * 7 * 7, 4096, device="meta"),
    ]  # fmt: skip
    assert shown == [numel(layer) for layer in known]
    assert shown[:2] == [196_609_000, 1_792]
    assert shown[-1] == 102_764_544


def test_the_calculator_counts_and_explains_what_it_cannot(page: Any, app: str) -> None:
    open_panel(page, app)
    sizes = {"Height": 17, "Width": 31, "Channels": 5, "Dense units": 12, "Filters": 9, "Kernel": 7}
    for name, value in sizes.items():
        page.locator(".channels .size-field").filter(has_text=name).locator("input").fill(str(value))
    wanted = [numel(nn.Linear(17 * 31 * 5, 12, device="meta")), numel(nn.Conv2d(5, 9, 7, device="meta"))]
    assert read(page, "calculator") == wanted
    assert [text.replace(",", "") for text in page.locator(".channels .answer b").all_inner_texts()] == [
        str(n) for n in wanted
    ]
    words = page.locator(".channels .calculator .problem")
    for name, typed, says in [
        ("Height", "0", "Height must be a whole number from 1 to 10,000. Got 0. Try 256."),
        ("Width", "abc", "Width must be a whole number from 1 to 10,000. Got abc. Try 256."),
        ("Channels", "", "Channels must be a whole number from 1 to 4,096. Got nothing. Try 3."),
        ("Filters", "2.5", "Filters must be a whole number from 1 to 10,000. Got 2.5. Try 64."),
        ("Kernel", "20", "Kernel must fit on the picture, whose shorter side has 17 cells. Got 20. Try 3."),
    ]:
        typed_into = page.locator(".channels .size-field").filter(has_text=name).locator("input")
        typed_into.fill(typed)
        assert words.inner_text() == says
        assert typed_into.get_attribute("aria-invalid") == "true"
        assert read(page, "calculator") == wanted  # nothing lost
        typed_into.fill(str(sizes[name]))
        assert words.inner_text() == ""
    page.get_by_role("rowheader", name="VGG-16, first dense layer (fc6)").click()
    assert read(page, "calculator")[0] == 102_764_544


def test_three_channels_and_a_further_filter_keep_what_was_edited(page: Any, app: str) -> None:
    open_panel(page, app, weights=[1, 2, 3, 4, 5, 6, 7, 8, 9])
    before = np.array(read(page, "maps")["values"])
    page.get_by_role("button", name="Give it three channels (RGB)").click()
    wait_for(page, "d.opened().rows.length === 3")
    run = ConvolutionRun(ConvolutionSpec(channels="rgb"))
    weight = torch.arange(1.0, 10).reshape(1, 1, 3, 3).expand(1, 3, 3, 3) / 3
    wanted = functional.conv2d(run.picture[None], weight).flatten().numpy()
    assert np.abs(np.array(read(page, "maps")["values"]) - wanted).max() < TOLERANCE * 10  # numbers up to 20
    page.locator(".channels").get_by_role("button", name="Add a filter").click()
    wait_for(page, "d.maps().count === 2")
    values = np.array(read(page, "maps")["values"])
    assert np.abs(values[: len(wanted)] - wanted).max() < TOLERANCE * 10
    average = functional.conv2d(run.picture[None], torch.full((1, 3, 3, 3), 1 / 27)).flatten().numpy()
    assert np.abs(values[len(wanted) :] - average).max() < TOLERANCE
    assert len(before) == len(wanted)


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}], indirect=True)
def test_nothing_scrolls_sideways_on_a_phone(page: Any, app: str) -> None:
    open_panel(page, app, channels="maps", kernel=("sobel_vertical", "average", "laplacian", "edge"), kernel_size=7)
    over = page.evaluate(f"""() => {{
      const root = {PANEL}.shadowRoot.querySelector('.dlviz');
      const right = root.getBoundingClientRect().right + 1;
      const isOver = (e) => e.getBoundingClientRect().right > right;
      return [...root.querySelectorAll('*')].filter(isOver).map((e) => e.className);
    }}""")
    assert over == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
