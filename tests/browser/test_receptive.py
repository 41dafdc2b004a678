"""The receptive field panel: its arithmetic against torch's autograd, and what a person sees and sends."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from tests.browser.convolution_page import open_lab
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.receptive)"
SESSION = "globalThis[Symbol.for('dlviz.sessions')].get('convolution/page')"
PHONE = {"viewport": {"width": 390, "height": 5000}, "color_scheme": "dark"}

Stack = list[dict[str, int]]
NAMED: list[Stack] = [
    [{"k": 3, "s": 1, "d": 1}] * 2,
    [{"k": 5, "s": 1, "d": 1}],
    [{"k": 3, "s": 1, "d": 1}] * 3,
    [{"k": 3, "s": 1, "d": d} for d in (1, 2, 4)],
    [{"k": 3, "s": 2, "d": 1}] * 3,
    [{"k": 3, "s": 1, "d": 2}] * 2,
    [{"k": 1, "s": 4, "d": 3}, {"k": 4, "s": 3, "d": 2}, {"k": 2, "s": 1, "d": 4}],
]


def stacks() -> list[Stack]:
    """The named ones, and random ones whose field torch can go back through in a moment."""
    chance = random.Random(5)
    found = list(NAMED)
    while len(found) < 60:
        stack = [{"k": chance.randint(1, 7), "s": chance.randint(1, 3), "d": chance.randint(1, 4)}
                 for _ in range(chance.randint(1, 6))]  # fmt: skip
        side = 1
        for layer in reversed(stack):
            side = (side - 1) * layer["s"] + layer["d"] * (layer["k"] - 1) + 1
        if side <= 260:
            found.append(stack)
    return found


def ones(stack: Stack) -> nn.Sequential:
    layers = nn.Sequential(*(nn.Conv2d(1, 1, e["k"], e["s"], 0, e["d"], bias=False) for e in stack)).double()
    for parameter in layers.parameters():
        nn.init.ones_(parameter)
    return layers


def through_torch(stack: Stack, side: int, at: tuple[int, int]) -> tuple[np.ndarray, list[int]]:
    """The gradient of one cell of the last map in the picture (its number of paths), and the size of every map."""
    picture = torch.zeros(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    sizes, found = [side], picture
    for layer in ones(stack):
        found = layer(found)
        sizes.append(found.shape[-1])
    found[0, 0, at[0], at[1]].backward()
    assert picture.grad is not None
    return picture.grad[0, 0].numpy(), sizes


@pytest.fixture(scope="module")
def blank(browser: Any) -> Iterator[Any]:
    with static_page(browser) as page:
        page.evaluate("async () => { window.stack = await import('/receptive/stack.js'); }")
        yield page


def ask(page: Any, name: str, *given: Any) -> Any:
    code = """([name, given]) => { const answer = stack[name](...given);
      return ArrayBuffer.isView(answer) ? [...answer] : answer; }"""
    return page.evaluate(code, [name, list(given)])


def test_paths_are_the_gradient_of_ones_kernels(blank: Any) -> None:
    for stack in stacks():
        side = ask(blank, "sideFor", stack, 2)
        paths = np.array(ask(blank, "pathsOf", stack))
        rows = ask(blank, "rowsOf", stack, side)
        gradient, sizes = through_torch(stack, side, (0, 1))
        assert [row["side"] for row in rows] == sizes, stack
        assert sizes[-1] == 2, "the smallest picture that leaves two cells"
        expected = np.zeros((side, side))
        start, field = rows[-1]["jump"], rows[-1]["field"]
        assert len(paths) == field
        expected[:field, start : start + field] = np.outer(paths, paths)
        np.testing.assert_array_equal(gradient, expected, err_msg=str(stack))
        weights = sum(parameter.numel() for parameter in ones(stack).parameters())
        assert rows[-1]["weights"] == weights


def test_a_picture_one_cell_smaller_leaves_nothing(blank: Any) -> None:
    for stack in stacks():
        side = ask(blank, "sideFor", stack)
        assert ask(blank, "rowsOf", stack, side)[-1]["side"] == 1
        assert ask(blank, "rowsOf", stack, side - 1)[-1]["side"] == 0


def test_cones_are_the_cells_with_a_gradient(blank: Any) -> None:
    for stack in stacks()[:30]:
        side = ask(blank, "sideFor", stack, 3)
        for level in range(1, len(stack) + 1):
            cone = ask(blank, "coneOf", stack, level, 1)
            gradient, _ = through_torch(stack[:level], side, (1, 1))
            assert cone[0] == np.flatnonzero(gradient.sum(0)).tolist()
            edges = ask(blank, "edgesOf", stack[:level], level, 1)
            assert edges == [[cells[0], cells[-1]] for cells in cone]
            middle = ask(blank, "middleOf", stack[:level], 1)
            assert all(cell in cells for cell, cells in zip(middle, cone, strict=True))
            assert ask(blank, "reached", stack[:level]) == len(cone[0])
            low, high = ask(blank, "spanOf", ask(blank, "rowsOf", stack, side), level, 1)
            assert (low, high) == (cone[0][0], cone[0][-1])


def test_spread_and_middle_are_those_of_the_distribution(blank: Any) -> None:
    for stack in stacks()[:20]:
        paths = np.array(ask(blank, "pathsOf", stack))
        cells = np.arange(len(paths))
        mean = np.average(cells, weights=paths)
        assert ask(blank, "spread", paths.tolist()) == pytest.approx(
            np.sqrt(np.average((cells - mean) ** 2, weights=paths)), abs=1e-9
        )
        near = np.abs(cells - (len(paths) - 1) / 2) <= len(paths) / 4
        found = ask(blank, "middleShare", paths.tolist())
        grid = np.outer(paths, paths)
        assert found["cells"] == near.sum()
        assert found["share"] == pytest.approx(grid[np.ix_(near, near)].sum() / grid.sum())


@pytest.mark.parametrize(("stack", "numbers"), [(NAMED[0], (5, 18, 25)), (NAMED[2], (7, 27, 49))])
def test_the_textbook_comparison(blank: Any, stack: Stack, numbers: tuple[int, int, int]) -> None:
    for channels in (1, 64):
        found = ask(blank, "comparison", stack, channels)
        several = [nn.Conv2d(channels, channels, e["k"], bias=False).weight.numel() for e in stack]
        one = nn.Conv2d(channels, channels, numbers[0], bias=False).weight.numel()
        assert found == {"field": numbers[0], "stack": sum(several), "one": one}
    assert numbers[1:] == tuple(ask(blank, "comparison", stack, 1)[part] for part in ("stack", "one"))


# --- on the page ---------------------------------------------------------------------------------


def shown(page: Any) -> Any:
    return page.evaluate(f"() => {PANEL}.dlviz.receptive()")


def open_panel(page: Any, app: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 2600})  # what is out of sight is not drawn
    open_lab(page, app, panel="Receptive field")


def wait(page: Any, condition: str) -> None:
    page.wait_for_function(f"() => {{ const now = {PANEL}?.dlviz.receptive(); return now && ({condition}); }}")


def test_presets_say_what_they_cost_and_go_into_the_link(page: Any, app: str) -> None:
    open_panel(page, app)
    wait(page, "now.rows.length === 3")
    sentence = page.locator(".receptive .sentence")
    assert sentence.inner_text() == (
        "Two layers see 5 × 5 cells with 18 weights for a channel in and a channel out; one 5 × 5 layer needs 25."
    )
    assert "(3² + 3²) · 64² = 73,728 weights, against 5² · 64² = 102,400: 28 % fewer." in shown(page)["cost"]
    page.get_by_role("button", name="Three 3 × 3").click()
    wait(page, "now.rows.length === 4")
    assert "7 × 7 cells with 27 weights" in sentence.inner_text()
    assert sentence.inner_text().endswith("one 7 × 7 layer needs 49.")
    page.get_by_role("button", name="Dilated 1, 2, 4").click()
    wait(page, "now.rows.at(-1).field === 15")
    page.wait_for_function(f"() => {SESSION}.scene.numbers.spec.stack_dilations.join() === '1,2,4'")
    spec = page.evaluate(f"() => {SESSION}.scene.numbers.spec")
    assert (spec["stack_kernels"], spec["stack_strides"]) == ([3, 3, 3], [1, 1, 1])
    page.wait_for_function("() => location.search.includes('stack_dilations=1,2,4')")
    page.reload()
    wait(page, "now.rows.at(-1).field === 15")
    assert page.get_by_role("button", name="Dilated 1, 2, 4").get_attribute("aria-pressed") == "true"


def test_the_table_is_its_own_editor(page: Any, app: str) -> None:
    open_panel(page, app)
    wait(page, "now.rows.length === 3")
    page.get_by_role("button", name="Larger stride of layer 1").click()
    wait(page, "now.layers[0].s === 2")
    page.get_by_role("button", name="Larger dilation of layer 2").click()
    page.get_by_role("button", name="Add a layer").click()
    wait(page, "now.rows.length === 4")
    now = shown(page)
    assert now["layers"] == [{"k": 3, "s": 2, "d": 1}, {"k": 3, "s": 1, "d": 2}, {"k": 3, "s": 1, "d": 2}]
    side = now["rows"][0]["side"]
    gradient, sizes = through_torch(now["layers"], side, (0, 0))
    line = page.locator(".stack-table .line").last.inner_text()
    assert "11 + (3 − 1) · 2 · 2" in line
    assert now["rows"][-1]["field"] == np.flatnonzero(gradient.sum(0)).max() + 1 == 19
    assert f"{sizes[-1]} × {sizes[-1]}" in line
    page.get_by_role("button", name="Remove layer 1").click()
    wait(page, "now.rows.length === 3 && now.layers[0].d === 2")
    assert "cells are reached at all" in page.locator(".receptive .meaning").inner_text()
    page.get_by_role("button", name="Remove layer 2").click()
    wait(page, "now.rows.length === 2")
    assert page.get_by_role("button", name="Remove layer 1").is_disabled()


def test_pointing_at_a_cell_tells_what_it_sees(page: Any, app: str) -> None:
    open_panel(page, app)
    wait(page, "now.rows.length === 3")
    side = page.locator(".receptive canvas.side")
    side.scroll_into_view_if_needed()
    box = side.bounding_box()
    names, cell = 112, min(54, (box["width"] - 112) / 12)
    page.mouse.move(box["x"] + names + 2.5 * cell, box["y"] + 18 + 66)  # layer 1, the cell in the middle of 2, 3, 4
    reading = page.locator(".receptive .side-view")
    reading.get_by_text("Cell 2 of layer 1 sees 3 cells of the picture: 2 to 4.").wait_for()
    side.focus()
    page.keyboard.press("ArrowRight")
    wait(page, "now.pointed.at === 4 && now.pointed.level === 2")
    assert shown(page)["cone"][0] == [4, 5, 6, 7, 8]


def test_the_field_moves_where_the_picture_is_pressed(page: Any, app: str) -> None:
    open_panel(page, app)
    wait(page, "now.rows.length === 3")
    field = page.locator(".receptive canvas.field")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    cell = box["width"] / 12
    page.mouse.click(box["x"] + 8.5 * cell, box["y"] + 3.5 * cell)
    wait(page, "now.squares[2][0][0] === 1")
    assert shown(page)["squares"] == [[[3, 3], [8, 8]], [[2, 4], [7, 9]], [[1, 5], [6, 10]]]
    assert page.evaluate(f"() => {SESSION}.shared.get('convolution.focus')") == {
        "kind": "input", "channel": 0, "y": 3, "x": 8,
    }  # fmt: skip
    page.mouse.move(0, 0)
    assert page.evaluate(f"() => {SESSION}.shared.get('convolution.focus')") is None


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_nothing_scrolls_sideways(page: Any, app: str) -> None:
    page.goto(f"{app}/convolution?convolution.panel=Receptive+field&convolution.stack_kernels=7,7,7,7,7,7"
              "&convolution.stack_strides=4,4,4,4,4,4&convolution.stack_dilations=4,4,4,4,4,4")  # fmt: skip
    wait(page, "now.rows.length === 7")
    assert shown(page)["rows"][-1]["field"] == 1 + 24 * (4**6 - 1) // 3
    assert page.evaluate("() => document.scrollingElement.scrollWidth - innerWidth") <= 0
    panel = page.locator(".receptive")
    assert panel.evaluate("(e) => e.scrollWidth - e.clientWidth") <= 0
