"""The builder and the draw pad of the CNN lab: what they compute equals the plan, scipy and the run's own picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from playwright.sync_api import expect
from scipy import ndimage

from dlviz.core import spec as specs
from dlviz.labs.cnn import data, plan
from dlviz.labs.cnn.spec import SETS, CnnSpec
from tests.browser.static_page import static_page
from tests.labs.cnn.test_plan import drawn_settings, unchecked

pytestmark = pytest.mark.browser
STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlvizPad)"
NARROW = {"viewport": {"width": 390, "height": 844}}


def ask(page: Any, expression: str, arg: Any = None) -> Any:
    """A JavaScript expression of `builder`, `pad`, `stage` and `arg`, once the stage shows what there is."""
    return page.wait_for_function(wrapped(f"{{ value: {expression} }}"), arg=arg).json_value()["value"]


def wait(page: Any, condition: str, arg: Any = None) -> None:
    page.wait_for_function(wrapped(condition), arg=arg)


def wrapped(expression: str) -> str:
    return f"""(arg) => {{ const host = {STAGE}; if (!host?.dlviz?.ready) return null;
      const [builder, pad, stage] = [host.dlvizBuilder, host.dlvizPad, host.dlviz]; return {expression}; }}"""


def spec_of(page: Any) -> CnnSpec:
    return specs.from_values(CnnSpec, ask(page, "pad.spec()"))


# --- pure parts ------------------------------------------------------------------------------------


def test_rows_conflicts_and_ways_out_equal_those_of_the_plan(chromium: Any) -> None:
    drawn: list[dict[str, Any]] = []

    @settings(max_examples=200, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(changes=drawn_settings())
    def draw(changes: dict[str, Any]) -> None:
        drawn.append(changes)

    draw()
    with static_page(chromium) as page:
        found = page.evaluate(
            """async (all) => {
              const plan = await import("/cnn/plan.js");
              return [plan.SETS, all.map((spec) => [plan.clash(spec), plan.mended(spec),
                                                    plan.rowsOf({...spec, ...plan.mended(spec)})])];
            }""",
            [{name: list(v) if isinstance(v, tuple) else v for name, v in each.items()} for each in drawn],
        )
    assert found[0] == {name: [channels, side, len(classes)] for name, (channels, side, classes) in SETS.items()}
    clashes = 0
    for changes, (clash, mended, rows) in zip(drawn, found[1], strict=True):
        spec = unchecked(changes)
        known = plan.clash(spec)
        clashes += known is not None
        expected = known and {name: getattr(known, name) for name in ("field", "rule", "given", "row")}
        assert (clash and {name: clash[name] for name in ("field", "rule", "given", "row")}) == expected
        assert {name: tuple(value) for name, value in mended.items()} == plan.mended(spec)
        legal = CnnSpec(**{**changes, **plan.mended(spec)})
        assert rows == [row.describe() for row in legal.rows]
    assert 50 < clashes < 200


def test_moving_turning_and_scaling_equal_scipy(chromium: Any) -> None:
    random = np.random.default_rng(5)
    poses = [(0, 0, 0, 1), (1, 0, 0, 1), (-3, 2, 0, 1), (0, 0, 30, 1), (0, 0, 0, 1.5), (2, -1, -75, 0.7), (40, 0, 0, 1)]
    cases = [(random.random((c, 9, 9), np.float32), pose) for c in (1, 3) for pose in poses]
    with static_page(chromium) as page:
        found = page.evaluate(
            """async (all) => {
              const raster = await import("/lib/raster.js");
              return all.map(([data, shape, [dx, dy, turn, scale]]) =>
                [...raster.warped(Float32Array.from(data), shape, {dx, dy, turn, scale})]);
            }""",
            [[x.flatten().tolist(), list(x.shape), pose] for x, pose in cases],
        )
    for (x, (dx, dy, turn, scale)), values in zip(cases, found, strict=True):
        angle = np.deg2rad(turn)
        back = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) / scale
        middle = np.array([4.0, 4.0])
        start = middle - back @ (middle + [dy, dx])
        outside = {"mode": "grid-constant", "cval": 0.0} if len(x) == 1 else {"mode": "nearest"}
        expected = [ndimage.affine_transform(plane, back, start, order=1, **outside) for plane in x]
        np.testing.assert_allclose(np.reshape(values, x.shape), expected, atol=1e-6)
    moved = np.reshape(found[1], (9, 9))
    assert np.array_equal(moved[:, 1:], cases[1][0][0][:, :-1])  # one cell to the right, bit for bit
    assert not moved[:, 0].any()


# --- in the app --------------------------------------------------------------------------------------


def test_the_network_is_edited_in_place_and_a_draft_that_fails_is_marked(page: Any, app: str) -> None:
    page.goto(f"{app}/cnn?cnn.examples=200&cnn.dataset=digits")
    wait(page, "builder.rows().length > 0")
    assert ask(page, "builder.rows()") == [row.describe() for row in spec_of(page).rows]
    assert ask(page, "builder.split()") == "200 to train on, 180 to validate, 360 to test; none is in two."

    page.get_by_role("button", name="Add a block").click()
    wait(page, "pad.spec().channels.join() === '16,32,64'")
    page.get_by_role("button", name="More: Maps of block 1").click()
    wait(page, "pad.spec().channels.join() === '32,32,64'")
    kernel = page.get_by_label("Kernel size of block 2", exact=True)
    kernel.fill("5")
    kernel.press("Enter")
    wait(page, "pad.spec().kernel_sizes.join() === '3,5,3'")
    legal = spec_of(page)
    assert ask(page, "builder.rows()") == [row.describe() for row in legal.rows]
    assert ask(page, "builder.total()") == plan.parameter_count(legal)
    page.locator(".row-line[data-row=conv2]").hover()
    assert ask(page, "builder.words()").startswith(
        "conv2: 32 × 4 × 4 → 32 × 4 × 4. Parameters: (5 × 5 × 32 + 1) × 32 = 25,632"
    )

    # A fourth block finds nothing left to halve: it is shown and marked, and the run goes on as it was.
    page.get_by_role("button", name="Add a block").click()
    expect(page.locator(".row-line.clash")).to_have_attribute("data-row", "pool4")
    expect(page.locator(".net-card.clashing .wrong")).to_have_text("pool4 is given 1 × 1, and half of it is nothing.")
    assert spec_of(page) == legal
    page.get_by_role("button", name="Use maps 32, 32, 64", exact=False).click()
    expect(page.locator(".row-line.clash")).to_have_count(0)
    assert ask(page, "builder.waiting()") is False

    kernel.fill("nine")
    kernel.press("Enter")
    assert "“nine” is not a whole number from 1 to 7" in ask(page, "builder.words()")
    kernel.press("Escape")
    page.get_by_role("button", name="Remove block 3").click()
    wait(page, "pad.spec().channels.length === 2")
    page.get_by_role("button", name="Remove dense 1").click()
    wait(page, "pad.spec().dense_units.length === 0")
    page.locator(".fold-head", has_text="Pictures").click()
    page.locator("[data-field=dataset] select").select_option("shapes")
    wait(page, "pad.spec().dataset === 'shapes' && builder.rows()[0].input_shape[0] === 3")
    assert ask(page, "builder.rows()") == [row.describe() for row in spec_of(page).rows]


def test_what_is_drawn_is_the_picture_that_the_run_has(page: Any, app: str) -> None:
    page.goto(f"{app}/cnn?cnn.examples=200&cnn.picture=7")
    wait(page, "pad.bytes().length === 784")
    first = data.load(CnnSpec()).test_x[7]
    assert ask(page, "pad.bytes()") == (first.flatten() * 255).round().int().tolist()

    page.get_by_label("Move right by one cell").click()
    page.get_by_label("Move down by one cell").click()
    wait(page, "!pad.busy()")
    expected = np.zeros((28, 28), int)
    expected[1:, 1:] = (first[0, :-1, :-1] * 255).round().int().numpy()
    assert ask(page, "pad.bytes()") == expected.flatten().tolist() == run_bytes(page)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    wait(page, "!pad.busy()")
    assert run_bytes(page) == (first.flatten() * 255).round().int().tolist()

    page.get_by_role("button", name="Clear").click()
    wait(page, "!pad.busy()")
    assert ask(page, "pad.words()").startswith("Nothing is drawn yet")
    assert set(run_bytes(page)) == {0}

    ask(page, "void pad.live().play(true)")
    canvas = page.locator(".pad-canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    cell = box["width"] / 28
    page.mouse.move(box["x"] + 5 * cell, box["y"] + 14 * cell)
    page.mouse.down()
    page.mouse.move(box["x"] + 23 * cell, box["y"] + 14 * cell, steps=12)
    page.mouse.up()
    wait(page, "!pad.busy()")
    ask(page, "void pad.live().play(false)")
    drawn = np.reshape(ask(page, "pad.bytes()"), (28, 28))
    assert drawn.flatten().tolist() == run_bytes(page)
    assert (drawn[13:15, 5:23] > 180).all()  # two cells wide, from end to end
    assert not drawn[:12].any()
    assert not drawn[16:].any()
    assert ask(page, "pad.words()") == ""
    times = ask(page, "pad.times()")
    assert np.median(times) < 400  # of a machine that others use; on a quiet one a few frames

    page.get_by_label("The next test picture").click()
    wait(page, "pad.spec().own_pixels === '' && pad.spec().picture === 8")
    wait(page, "pad.bytes().join() === arg", ",".join(
        str(v) for v in (data.load(CnnSpec()).test_x[8].flatten() * 255).round().int().tolist()
    ))  # fmt: skip


@pytest.mark.parametrize("page", [NARROW], indirect=True)
def test_on_a_narrow_screen_nothing_is_cut_off(page: Any, app: str) -> None:
    page.goto(f"{app}/cnn?cnn.examples=200&cnn.dataset=shapes")
    wait(page, "pad.bytes().length === 3072")
    page.locator(".fold-head", has_text="Network").click()
    page.get_by_role("button", name="Draw", exact=True).click()
    box = page.locator(".pad-canvas").bounding_box()
    assert box["width"] >= 224
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("Pen: Red").click()
    cell = box["width"] / 32
    page.locator(".pad-canvas").click(position={"x": 5.5 * cell, "y": 7.5 * cell})
    wait(page, "!pad.busy()")
    pixels = np.reshape(ask(page, "pad.bytes()"), (3, 32, 32))
    assert pixels[:, 7, 5].tolist() == [255, 0, 0]
    assert pixels.flatten().tolist() == run_bytes(page)


def run_bytes(page: Any) -> list[int]:
    """The picture in the run's own scene, in bytes."""
    return [round(255 * value) for value in ask(page, "pad.scenePicture()")]
