"""The panel Variants in the real app: every card against torch and against the server, pooling's winners, the flip."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch
from scipy import signal
from torch import Tensor
from torch.nn import functional

from dlviz.labs.convolution import kernels, model
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec
from tests.browser.convolution_page import link
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

TOLERANCE = 1e-5
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.panel === 'variants')"
SPECS: dict[str, dict[str, Any]] = {
    "grey": {},
    "rgb": {"channels": "rgb", "kernel": ("sobel_horizontal", "laplacian"), "bias": (0.25,), "side": 9},
    "maps": {"channels": "maps", "kernel": ("emboss", "random", "gaussian"), "kernel_size": 5, "picture": "noise"},
    "edited, turned": {"channels": "rgb", "weights": tuple(i / 4 - 3 for i in range(27)), "flip": True, "side": 8},
    "grouped on the stage": {"channels": "maps", "kernel": ("edge", "cross"), "groups": 2, "padding": "same"},
    "pooling on the stage": {"channels": "rgb", "layer": "max_pool", "kernel_size": 2, "stride": 2, "side": 11},
    "turned by name": {"kernel": ("emboss",), "flip": True, "kernel_size": 4},
    "two cells": {"side": 2, "kernel_size": 2},
}  # fmt: skip


def open_panel(page: Any, app: str, **settings: Any) -> Any:
    joined = {k: "_".join(map(str, v)) if k in ("bias", "weights") else v for k, v in settings.items()}
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 4200})  # what is off screen is not drawn
    page.goto(link(app, **joined, panel="Variants"))
    page.wait_for_function(f"() => {PANEL}?.dlviz.ready")
    return page


def read(page: Any, name: str) -> Any:
    return page.evaluate(f"(name) => {PANEL}.dlviz[name]()", name)


def cards_of(page: Any) -> dict[str, dict[str, Any]]:
    return {card["key"]: card for card in read(page, "cards")}


def floats(values: list[float]) -> Tensor:
    return torch.tensor(values, dtype=torch.float32)


def by_torch(card: dict[str, Any]) -> Tensor:
    """The output of a card's layers on its input, each step by the function of torch that is meant."""
    values = floats(card["input"]).reshape(1, card["shapes"][0]["inputs"], *card["shapes"][0]["input_size"])
    for shape, weight, bias in zip(card["shapes"], card["weights"], card["biases"], strict=True):
        kernel, stride, dilation, groups = (shape[n] for n in ("kernel_size", "stride", "dilation", "groups"))
        top, bottom, left, right = shape["padding"]
        match shape["kind"]:
            case "max":
                values = functional.max_pool2d(values, kernel, stride)
            case "average":
                values = functional.avg_pool2d(values, kernel, stride)
            case "transposed":
                w = floats(weight).reshape(shape["inputs"], -1, *kernel)
                values = functional.conv_transpose2d(values, w, floats(bias), stride)
            case _ if shape["input_size"][0] == 1 and kernel[0] == 1:
                w = floats(weight).reshape(shape["outputs"], -1, kernel[1])
                row = functional.pad(values[:, :, 0], (left, right))
                values = functional.conv1d(row, w, floats(bias), stride[1], 0, dilation[1], groups)[:, :, None]
            case _:
                w = floats(weight).reshape(shape["outputs"], -1, *kernel)
                padded = functional.pad(values, (left, right, top, bottom))
                values = functional.conv2d(padded, w, floats(bias), stride, 0, dilation, groups)
    return values[0]


def by_server(spec: ConvolutionSpec, card: dict[str, Any]) -> ConvolutionRun:
    """A run of the settings that the card's button sends; raises where the server would refuse them."""
    given: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in (card["settings"] or {}).items()
    }
    return ConvolutionRun(dataclasses.replace(spec, **given))


@pytest.mark.parametrize("name", SPECS)
def test_every_card_is_torchs_and_what_the_stage_would_show(page: Any, app: str, name: str) -> None:
    open_panel(page, app, **SPECS[name])
    spec = ConvolutionSpec(**SPECS[name])
    cards = cards_of(page)
    assert len(cards) == 13
    assert sum(card["current"] for card in cards.values()) == 1
    for key, card in cards.items():
        if card["wrong"]:
            assert key == "grouped", key
            assert spec.channels == "grey"
            continue
        output = np.array(card["output"])
        scale = max(1.0, np.abs(output).max())
        assert np.abs(output - by_torch(card).flatten().numpy()).max() < TOLERANCE * scale, key
        run = by_server(spec, card)
        with torch.no_grad():
            wanted = run.target(run.picture[None]).flatten().numpy()
        assert output.shape == wanted.shape, key
        assert np.abs(output - wanted).max() < TOLERANCE * scale, key
        assert [shape["output_size"] for shape in card["shapes"]] == [list(x.output_size) for x in run.spec.layers], key
        counted = [(shape["parameters"], shape["multiplications"]) for shape in card["shapes"]]
        assert counted == [(layer.parameters, layer.multiplications) for layer in run.spec.layers], key
        assert sum(counts[0] for counts in counted) == sum(p.numel() for p in run.target.parameters()), key


def test_winners_are_torchs(page: Any, app: str) -> None:
    open_panel(page, app, channels="rgb", picture="photo", side=9)
    card = cards_of(page)["max_pool"]
    values = floats(card["input"]).reshape(1, 3, 9, 9)
    found = functional.max_pool2d(values, 2, 2, return_indices=True)[1][0]
    wanted = [(c, *divmod(int(i), 9)) for c in range(3) for i in found[c].flatten()]
    assert [tuple(winner) for winner in card["winners"]] == wanted


@pytest.mark.parametrize(
    ("kernel", "symmetry", "says"),
    [
        ("emboss", "other", "another kernel"),
        ("gaussian", "same", "the same after half a turn"),
        ("sobel_vertical", "negative", "its own negative"),
    ],
)
def test_the_flip_is_scipys(page: Any, app: str, kernel: str, symmetry: str, says: str) -> None:
    open_panel(page, app, kernel=[kernel], channels="rgb", picture="photo")
    shown = read(page, "flip")
    assert shown["symmetry"] == symmetry
    picture = ConvolutionRun(ConvolutionSpec(channels="rgb", picture="photo")).picture[0].numpy().astype(float)
    rows = np.array(kernels.kernel(kernel, 3))
    assert np.array(shown["kernel"]).reshape(3, 3).tolist() == rows.tolist()
    correlated = signal.correlate2d(picture, rows, "valid")
    convolved = signal.convolve2d(picture, rows, "valid")
    for ours, theirs in zip(shown["results"], (correlated, convolved, convolved - correlated), strict=True):
        assert np.abs(np.array(ours).reshape(theirs.shape) - theirs).max() < TOLERANCE
    assert says in page.locator(".variants .flip-words").inner_text()
    page.locator(".variants .flip").get_by_role("button", name="Turn the kernel on the stage").click()
    page.locator(".variants .flip").get_by_role("button", name="Leave the turn out on the stage").wait_for()


def test_the_named_kernels_in_the_browser_are_pythons(chromium: Any) -> None:
    with static_page(chromium) as page:
        for k in range(1, 8):
            for name in kernels.KERNELS:
                needed = 2 if name in kernels.NEEDS_TWO else 3 if name in kernels.NEEDS_THREE else 1
                if k < needed:
                    continue
                ours = page.evaluate(
                    "async ([name, k]) => { const m = await import('/variants/kernels.js');"
                    " return [m.kernel(name, k), m.profile(name, k), m.leastSize(name)]; }",
                    [name, k],
                )
                square = [value for row in kernels.kernel(name, k) for value in row]
                assert ours[0] == pytest.approx(square, abs=1e-12), (name, k)
                assert ours[1] == pytest.approx(kernels.profile(name, k), abs=1e-12), (name, k)
                assert ours[2] == needed


def test_on_the_stage_opens_the_variant_there(page: Any, app: str) -> None:
    open_panel(page, app, channels="rgb", kernel=["sobel_horizontal", "average"])
    for key in ("causal", "transposed", "separable", "max_pool", "global_average_pool", "grouped", "dilated"):
        before = cards_of(page)[key]
        page.evaluate(
            f"(key) => {{ const d = {PANEL}; const i = d.dlviz.cards().findIndex((c) => c.key === key);"
            " d.shadowRoot.querySelectorAll('.variant')[i].querySelector('button').click(); }",
            key,
        )
        page.wait_for_function(f"(key) => {PANEL}.dlviz.cards().find((card) => card.key === key).current", arg=key)
        after = cards_of(page)[key]
        assert after["output"] == pytest.approx(before["output"], abs=TOLERANCE), key
        assert after["input"] == before["input"], key  # of a one-dimensional layer too: the whole picture is remembered
        title = page.locator(".variants .variant.current h4").inner_text()
        assert page.locator(".variants .variant.current .here").inner_text() == "on the stage", title


def test_a_causal_answer_sees_only_the_past(page: Any, app: str) -> None:
    open_panel(page, app)
    card = page.locator(".variants article[aria-label='Causal']")
    output = card.locator(".thumbs").last.locator("canvas")
    box = output.bounding_box()
    for column in (0, 1, 6, 11):
        output.hover(position={"x": (column + 0.5) * box["width"] / 12, "y": box["height"] / 2})
        lit = cards_of(page)["causal"]["lit"]
        assert [x for _, _, x in lit] == list(range(max(0, column - 2), column + 1))
        assert f"nothing after {column + 1}" in card.locator(".reading").inner_text()
    page.mouse.move(1, 1)
    assert card.locator(".reading").inner_text() == "1 × 12 → 1 × 12"


def test_separable_against_full_in_words(page: Any, app: str) -> None:
    open_panel(page, app, channels="rgb")
    full = torch.nn.Conv2d(3, 3, 3)
    two = torch.nn.Sequential(torch.nn.Conv2d(3, 3, 3, groups=3), torch.nn.Conv2d(3, 3, 1))
    counts = [sum(p.numel() for p in layer.parameters()) for layer in (two, full)]
    words = page.locator(".variants .compared").inner_text()
    assert f"{counts[0]} parameters instead of {counts[1]}, 2 times fewer" in words
    assert "286 parameters instead of 1,792" in words


def test_a_row_alone_says_what_is_missing_and_mends_it(page: Any, app: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 3000})
    page.goto(link(app, layer="conv1d", panel="Variants"))
    page.locator(".variants").wait_for(state="attached")
    button = page.get_by_role("button", name="Put a two-dimensional convolution on the stage")
    panel = page.locator(".variants article[aria-label='Convolution']")
    page.wait_for_function(
        f"() => {PANEL} && ({PANEL}.dlviz.ready || {PANEL}.shadowRoot.querySelector('.missing button'))"
    )
    if button.is_visible():
        button.click()
    panel.wait_for()
    page.wait_for_function(f"() => {PANEL}.dlviz.ready")
    assert len(cards_of(page)) == 13


def test_channels_are_offered_where_there_is_one(page: Any, app: str) -> None:
    open_panel(page, app)
    assert "One channel cannot be split" in cards_of(page)["grouped"]["wrong"]
    page.locator(".variants").get_by_role("button", name="Give it four maps").click()
    page.wait_for_function(f"() => {PANEL}.dlviz.cards().find((card) => card.key === 'grouped').wrong === ''")
    assert cards_of(page)["grouped"]["shapes"][0]["groups"] == 2


def test_named_weights_of_a_card_are_those_of_the_server(page: Any, app: str) -> None:
    open_panel(page, app, channels="maps", kernel=["sobel_vertical", "edge"])
    spec = ConvolutionSpec(channels="maps", kernel=("sobel_vertical", "edge"))
    for key, card in cards_of(page).items():
        if not card["weights"][0]:
            continue
        wanted, _ = model.designed(by_server(spec, card).spec)
        for ours, theirs in zip(card["weights"], wanted, strict=True):
            assert ours == pytest.approx(theirs.flatten().tolist(), abs=1e-6), key


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}], indirect=True)
@pytest.mark.parametrize("channels", ["grey", "maps"])
def test_nothing_scrolls_sideways_on_a_phone(page: Any, app: str, channels: str) -> None:
    open_panel(page, app, channels=channels, kernel=["sobel_vertical", "average", "laplacian", "edge"])
    over = page.evaluate(f"""() => {{
      const root = {PANEL}.shadowRoot.querySelector('.dlviz');
      const right = root.getBoundingClientRect().right + 1;
      const isOver = (e) => e.getBoundingClientRect().right > right;
      return [...root.querySelectorAll('*')].filter(isOver).map((e) => String(e.className));
    }}""")
    assert over == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
