"""The matrix that the page builds against torch, entry by entry, and how it is joined to the rest of the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from dlviz.labs.convolution.model import Sliding, by_name
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec
from tests.browser.convolution_page import open_lab
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

BUILD = """async ({ layers, arrays, at, o, channels }) => {
  const { readLayers, through } = await import("/lib/conv.js");
  const { matrixOf } = await import("/matrix/sparse.js");
  const words = await import("/matrix/words.js");
  const typed = {};
  for (const [name, data] of Object.entries(arrays)) typed[name] = { data: Float32Array.from(data) };
  const built = readLayers({ numbers: { layers }, arrays: typed });
  const taken = through(built, typed.input.data)[at];
  const layer = built[at];
  const began = performance.now();
  const matrix = matrixOf(layer, taken, o, channels);
  const took = performance.now() - began;
  const flat = ({ rows, cols, entries: { starts, columns, values } }) => {
    const found = [];
    for (let r = 0; r < rows; r += 1) {
      for (let e = starts[r]; e < starts[r + 1]; e += 1) found.push([r, columns[e], values[e]]);
    }
    return { rows, cols, entries: found };
  };
  const cells = layer.height * layer.width;
  const input = channels.flatMap((channel) => [...taken.subarray(channel * cells, (channel + 1) * cells)]);
  const turned = matrix.transposed();
  const counts = matrix.count();
  return {
    ...flat(matrix), turned: flat(turned), product: [...matrix.times(input)], counts, took,
    back: [...turned.times(matrix.times(input))],
    said: words.size(matrix, counts, layer), structure: words.structure(layer),
    places: [...new Set(matrix.taps)].map((tap) => matrix.placesOf(tap).length),
  };
}"""


@pytest.fixture(scope="module")
def blank(chromium: Any) -> Iterator[Any]:
    with static_page(chromium) as page:
        yield page


def built(page: Any, run: ConvolutionRun, at: int, o: int, channels: list[int]) -> dict[str, Any]:
    scene = run.scene()
    arrays = {name: np.asarray(array).ravel().tolist() for name, array in scene.arrays.items()}
    given = {"layers": scene.numbers["layers"], "arrays": arrays, "at": at, "o": o, "channels": channels}
    found: dict[str, Any] = page.evaluate(BUILD, given)
    return found


def dense(found: dict[str, Any]) -> np.ndarray:
    matrix = np.zeros((found["rows"], found["cols"]))
    for row, column, value in found["entries"]:
        assert matrix[row, column] == 0, "one entry a place"
        matrix[row, column] = value
    return matrix


def by_torch(sliding: Sliding, o: int, channels: list[int]) -> np.ndarray:
    """Column by column: what the layer makes of a picture with a single 1, its bias taken away."""
    layer = sliding.layer
    h, w = layer.input_size
    ones = torch.zeros(len(channels) * h * w, layer.inputs, h, w)
    for i, channel in enumerate(channels):
        for cell in range(h * w):
            ones[i * h * w + cell, channel, cell // w, cell % w] = 1
    with torch.no_grad():
        columns = sliding(ones) - sliding(torch.zeros(1, layer.inputs, h, w))
    return columns[:, o].flatten(1).T.numpy()


SETTINGS: list[dict[str, Any]] = [
    {},
    {"padding": "same", "kernel_size": 4},
    {"padding": "full", "stride": 2, "kernel": ("random",)},
    {"padding": "number", "padding_amount": 3, "padding_mode": "reflect", "kernel_size": 5, "kernel": ("random",)},
    {"padding": "number", "padding_amount": 2, "padding_mode": "replicate", "stride": 3, "kernel": ("random",)},
    {"padding": "same", "padding_mode": "circular", "dilation": 2, "kernel": ("random",)},
    {"dilation": 3, "stride": 2, "kernel": ("emboss", "average"), "bias": (0.5, -1.25)},
    {"channels": "rgb", "kernel": ("random", "edge")},
    {"channels": "maps", "kernel": ("random",) * 4, "groups": 2, "padding": "same"},
    {"layer": "transposed", "stride": 2, "kernel": ("random",)},
    {"layer": "transposed", "channels": "maps", "kernel": ("random",) * 4, "groups": 2, "padding": "number",
     "dilation": 2, "side": 7},
    {"layer": "depthwise", "channels": "rgb", "flip": True},
    {"layer": "pointwise", "channels": "rgb", "kernel": ("identity",) * 3},
    {"layer": "separable", "channels": "rgb", "kernel": ("random",) * 2},
    {"layer": "conv1d", "kernel": ("random",), "padding": "same"},
    {"layer": "causal", "kernel": ("random",), "dilation": 2},
    {"layer": "average_pool", "kernel_size": 2, "stride": 2, "padding": "number"},
    {"layer": "global_average_pool", "channels": "rgb"},
]  # fmt: skip


@pytest.mark.parametrize("changes", SETTINGS, ids=str)
def test_every_entry_is_torchs(blank: Any, changes: dict[str, Any]) -> None:
    spec = ConvolutionSpec(**{"side": 9, **changes})
    run = ConvolutionRun(spec)
    taken = run.picture[None]
    for at, sliding in enumerate(run.target):
        assert isinstance(sliding, Sliding)
        layer = sliding.layer
        o = layer.outputs - 1
        channels = [o] if layer.kind == "average" else list(range(layer.inputs))
        found = built(blank, run, at, o, channels)
        expected = by_torch(sliding, o, channels)
        matrix = dense(found)
        np.testing.assert_allclose(matrix, expected, atol=1e-6)
        with torch.no_grad():
            made = sliding(taken)
        bias = by_name(run.target).get(f"bias.{at}")
        product = np.array(found["product"]) + (0 if bias is None else bias[o].item())
        np.testing.assert_allclose(product, made[0, o].flatten().numpy(), atol=1e-5)
        np.testing.assert_array_equal(dense(found["turned"]), matrix.T)
        np.testing.assert_allclose(found["back"], matrix.T @ matrix @ taken[0, channels].flatten().numpy(), atol=1e-4)
        counts = found["counts"]
        assert counts["all"] == matrix.size
        assert counts["filled"] == np.count_nonzero(matrix)
        assert counts["numbers"] == len(np.unique(matrix[matrix != 0]))
        if len(channels) > 1:  # a channel alone is a part of it
            part = dense(built(blank, run, at, o, channels[1:2]))
            cells = expected.shape[1] // layer.inputs
            np.testing.assert_allclose(part, expected[:, cells : 2 * cells], atol=1e-6)
        taken = made


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("amount", [0, 1])
def test_turned_over_it_is_the_transposed_convolution(blank: Any, stride: int, amount: int) -> None:
    spec = ConvolutionSpec(side=9, kernel=("random",), stride=stride, padding="number", padding_amount=amount)
    run = ConvolutionRun(spec)
    found = built(blank, run, 0, 0, [0])
    with torch.no_grad():
        made = run.target(run.picture[None])
        back = functional.conv_transpose2d(made, run.target[0].weight, stride=stride, padding=amount)
    assert back.shape[-1] == 9
    np.testing.assert_allclose(found["back"], back.flatten().numpy(), atol=1e-4)


def test_max_pooling_selects_the_winners_of_this_picture(blank: Any) -> None:
    spec = ConvolutionSpec(side=9, layer="max_pool", kernel_size=3, stride=2, padding="number", channels="maps")
    run = ConvolutionRun(spec)
    found = built(blank, run, 0, 2, [2])
    layer = spec.layers[0]
    made, winners = functional.max_pool2d(run.picture[None], 3, 2, 1, return_indices=True)
    expected = np.zeros((25, 81))
    expected[np.arange(25), winners[0, 2].flatten().numpy()] = 1
    np.testing.assert_array_equal(dense(found), expected)
    np.testing.assert_allclose(found["product"], made[0, 2].flatten().numpy(), atol=1e-6)
    assert layer.kind == "max"
    assert "has no matrix" in found["structure"]
    assert found["said"] == "25 × 81 = 2,025 entries, 25 of them a 1 (1.2 %), one in each row."


def test_the_sentence_has_the_numbers(blank: Any) -> None:
    found = built(blank, ConvolutionRun(ConvolutionSpec(side=12, kernel=("random",))), 0, 0, [0])
    assert found["said"] == (
        "100 × 144 = 14,400 entries, 900 not zero (6.3 %), 9 different numbers. 9 weights stand in 900 places. "
        "A dense layer has 14,400 free weights here."
    )
    assert found["places"] == [100] * 9
    sobel = built(blank, ConvolutionRun(ConvolutionSpec(side=12)), 0, 0, [0])
    assert (
        "600 not zero (4.2 %), 4 different numbers. 9 weights stand in 900 places, and 300 of these hold a 0."
        in (sobel["said"])
    )


def test_it_is_built_within_a_tenth_of_a_second(blank: Any) -> None:
    spec = ConvolutionSpec(side=32, channels="rgb", kernel=("random",), kernel_size=5, padding="same")
    run = ConvolutionRun(spec)
    took = min(built(blank, run, 0, 0, [0, 1, 2])["took"] for _ in range(3))
    assert took < 100


# --- in the app ----------------------------------------------------------------------------------------------

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.matrix)"


def shown(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.matrix()")
    return found


def open_panel(page: Any, app: str, **settings: Any) -> Any:
    open_lab(page, app, panel="As a matrix", **settings)
    page.wait_for_function(f"() => {PANEL}?.dlviz.matrix()?.rows > 0")
    return page


def hover(page: Any, row: float, column: float) -> None:
    """Point at an entry by its row and column, −1 for the strips; once it is drawn and has found its place."""
    page.locator(".matrix .over").scroll_into_view_if_needed()
    page.wait_for_function(
        f"""() => {{
          const {{ top }} = {PANEL}.getBoundingClientRect();
          const still = window.lastTop === top && {PANEL}.shadowRoot.querySelector(".over").style.height;
          window.lastTop = top;
          return still;
        }}""",
        polling=250,
    )
    canvas = page.locator(".matrix .over")
    box, found = canvas.bounding_box(), shown(page)
    across, down = (box["width"] - 21) / found["cols"], (box["height"] - 21) / found["rows"]
    x = box["width"] - 7 if column < 0 else (column + 0.5) * across
    y = 7 if row < 0 else 21 + (row + 0.5) * down
    canvas.hover(position={"x": x, "y": y})


SHARED = '[...globalThis[Symbol.for("dlviz.sessions")].values()][0].shared'


def focus(page: Any) -> Any:
    """What the page is told that the pointer is on."""
    return page.evaluate(f'() => {SHARED}.get("convolution.focus") ?? null')


def point_elsewhere(page: Any, value: dict[str, Any]) -> None:
    """As the stage does when the pointer is on one of its cells."""
    page.evaluate(f'(value) => {SHARED}.set("convolution.focus", value)', value)


def test_pointing_is_joined_to_the_page_both_ways(page: Any, app: str) -> None:
    open_panel(page, app)
    run = ConvolutionRun(ConvolutionSpec())
    with torch.no_grad():
        made = run.target(run.picture[None])[0, 0].flatten().numpy()
    np.testing.assert_allclose(shown(page)["product"], made, atol=1e-5)

    hover(page, 34, 34 // 10 * 12 + 4)  # the first weight of the row, at column 40
    page.wait_for_function(f"() => {PANEL}.dlviz.matrix().lit.tap === 0")
    assert focus(page) == {"kind": "kernel", "layer": 0, "o": 0, "channel": 0, "ky": 0, "kx": 0}
    found = shown(page)
    assert (found["row"], found["lit"]["rows"], found["lit"]["columns"]) == (34, [34], [40])
    assert found["lit"]["places"] == [[y * 10 + x, y * 12 + x] for y in range(10) for x in range(10)]
    assert found["sum"] == pytest.approx(made[34], abs=1e-5)
    assert page.locator(".product .term.lit").count() == 1
    weights, cells = run.target[0].weight.flatten().tolist(), run.picture[0, 3:6, 4:7].flatten().tolist()
    assert page.locator(".product .term").count() == sum(weight != 0 for weight in weights)
    said = page.locator(".product .sum").inner_text().replace("−", "-")
    assert float(said.removeprefix("= ")) == pytest.approx(np.dot(weights, cells), abs=6e-4)

    hover(page, 34, 3)  # where no weight stands: the row
    page.wait_for_function(f"() => {PANEL}.dlviz.matrix().lit.tap === null")
    assert focus(page) == {"kind": "output", "layer": 0, "o": 0, "y": 3, "x": 4}
    hover(page, -1, 40)
    page.wait_for_function(f"() => {PANEL}.dlviz.matrix().lit.rows.length === 0")
    assert focus(page) == {"kind": "input", "layer": 0, "channel": 0, "y": 3, "x": 4}
    page.mouse.move(2, 2)
    page.wait_for_function(f"() => {PANEL}.dlviz.matrix().lit.columns.length === 0")
    assert focus(page) is None

    point_elsewhere(page, {"kind": "output", "layer": 0, "o": 0, "y": 7, "x": 1})
    found = shown(page)
    assert (found["row"], found["lit"]["rows"]) == (71, [71])
    point_elsewhere(page, {"kind": "input", "channel": 0, "y": 2, "x": 5})
    assert shown(page)["lit"]["columns"] == [29]
    point_elsewhere(page, {"kind": "kernel", "o": 0, "channel": 0, "ky": 1, "kx": 2})
    found = shown(page)
    assert (found["lit"]["tap"], len(found["lit"]["places"])) == (5, 100)


def test_the_pointer_may_come_before_the_first_drawing(page: Any, app: str) -> None:
    """The panel opens below the edge of the window, where nothing is drawn yet."""
    open_panel(page, app)
    page.evaluate(
        f"""() => {{
          const canvas = {PANEL}.shadowRoot.querySelector(".over");
          const {{ left, top }} = canvas.getBoundingClientRect();
          const at = {{ clientX: left + 50, clientY: top + 60, bubbles: true }};
          canvas.dispatchEvent(new PointerEvent("pointermove", at));
        }}"""
    )
    lit = shown(page)["lit"]
    assert all(isinstance(at, int) and at >= 0 for at in [*lit["rows"], *lit["columns"]]), lit


def test_turned_over_and_by_keyboard(page: Any, app: str) -> None:
    open_panel(page, app, kernel="average", padding="same", side=8)
    run = ConvolutionRun(ConvolutionSpec(kernel=("average",), padding="same", side=8))
    with torch.no_grad():
        made = run.target(run.picture[None])
        back = functional.conv_transpose2d(made, run.target[0].weight, padding=1).flatten().numpy()
    page.get_by_role("radio", name="Mᵀ").click()
    page.wait_for_function(f"() => {PANEL}.dlviz.matrix().turned")
    np.testing.assert_allclose(shown(page)["side"], back, atol=1e-5)
    page.locator(".matrix .over").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    found = shown(page)
    assert found["row"] == 2
    assert found["lit"]["columns"] == [1]
    assert found["sum"] == pytest.approx(back[2], abs=1e-5)
    assert "The cell at row 1, column 3 of what Mᵀ makes of the map." in page.locator(".product").inner_text()


def test_pointing_answers_at_once_on_the_largest_picture(page: Any, app: str) -> None:
    open_panel(page, app, side=32, padding="same", kernel_size=5)
    assert shown(page)["built"] < 100
    took = page.evaluate(
        f"""() => {{
          const canvas = {PANEL}.shadowRoot.querySelector(".over");
          const box = canvas.getBoundingClientRect();
          const times = [];
          for (let i = 0; i < 40; i += 1) {{
            const at = {{ clientX: box.left + 100 + 12 * i, clientY: box.top + 130 + 12 * i, bubbles: true }};
            const began = performance.now();
            canvas.dispatchEvent(new PointerEvent("pointermove", at));
            times.push(performance.now() - began);
          }}
          return times.sort((a, b) => a - b)[20];
        }}"""
    )
    assert took < 16
