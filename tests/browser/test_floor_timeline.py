"""The timeline: scrubbing, playing back, branching, comparing, reading values off."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.browser.fake_run import loss
from tests.browser.harness import Harness

DATA = {"run": "fake", "session": "test", "slug": "playground"}
SIDE = 11  # px that the strip leaves free at both ends


def open_at(mounted: Any, component: str, step: int) -> Any:
    page = mounted(component, data=DATA)
    page.evaluate("() => { window.live = harness.session('test'); }")
    page.wait_for_function("() => live.frame")
    for _ in range(math.ceil(step / 100)):
        page.evaluate("() => live.advance(100)")
    page.wait_for_function(f"() => live.frame.step === {step}")
    page.wait_for_timeout(60)
    return page


@pytest.fixture
def timeline(mounted: Any) -> Any:
    return open_at(mounted, "timeline", 400)


def click_share(page: Any, selector: str, share: float) -> None:
    box = page.locator(selector).bounding_box()
    page.mouse.click(box["x"] + SIDE + share * (box["width"] - 2 * SIDE), box["y"] + box["height"] * 0.7)


def test_a_press_on_the_strip_shows_that_moment(timeline: Any) -> None:
    share = math.log1p(100) / math.log1p(400)
    click_share(timeline, "canvas.strip", share)
    timeline.wait_for_function("() => live.frame.step === 100")
    slider = timeline.get_by_role("slider", name="Moment of the run")
    timeline.wait_for_timeout(60)
    assert slider.get_attribute("aria-valuenow") == "100"
    assert slider.get_attribute("aria-valuemax") == "400"
    assert slider.get_attribute("aria-valuetext") == f"Step 100 · training loss {loss(100):.3f}"
    timeline.get_by_role("radio", name="Linear").click()
    timeline.wait_for_timeout(60)
    click_share(timeline, "canvas.strip", 0.5)
    timeline.wait_for_function("() => live.frame.step === 200")
    click_share(timeline, "canvas.strip", 1)
    timeline.wait_for_function("() => live.frame.step === 400 && live.looking === null")


def test_dragging_scrubs(timeline: Any) -> None:
    box = timeline.locator("canvas.strip").bounding_box()
    y = box["y"] + 50
    timeline.evaluate("() => { window.seen = []; live.on('frame', (frame) => seen.push(frame.step)); }")
    timeline.mouse.move(box["x"] + box["width"] - 40, y)
    timeline.mouse.down()
    for share in np.linspace(0.95, 0, 12):
        timeline.mouse.move(box["x"] + SIDE + share * (box["width"] - 2 * SIDE), y)
        timeline.wait_for_timeout(20)
    timeline.mouse.up()
    timeline.wait_for_function("() => live.frame.step === 0")
    seen = timeline.evaluate("() => seen")
    assert len(set(seen)) >= 4
    assert seen[1:] == sorted(seen[1:], reverse=True)


def test_keys_walk_through_the_moments(timeline: Any) -> None:
    slider = timeline.get_by_role("slider", name="Moment of the run")
    slider.focus()
    for key, step in [
        ("ArrowLeft", 350),
        ("ArrowLeft", 300),
        ("ArrowRight", 350),
        ("Home", 0),
        ("PageUp", 50),
        ("End", 400),
    ]:
        slider.press(key)
        timeline.wait_for_function(f"() => live.frame.step === {step}", timeout=3000)


def test_playing_back_ends_at_now(timeline: Any) -> None:
    timeline.clock.install()
    timeline.evaluate("() => { window.seen = new Set(); live.on('frame', (frame) => seen.add(frame.step)); }")
    timeline.get_by_role("button", name="Play back").click()
    timeline.get_by_role("button", name="Stop").wait_for()
    for _ in range(80):
        timeline.clock.run_for(100)
        if timeline.evaluate("() => live.looking === null && seen.size > 3"):
            break
    seen = timeline.evaluate("() => [...seen].sort((a, b) => a - b)")
    assert seen[0] == 0
    assert seen[-1] == 400
    assert len(seen) >= 7
    assert timeline.evaluate("() => [live.frame.step, live.looking]") == [400, None]
    timeline.clock.run_for(100)
    timeline.get_by_role("button", name="Play back").wait_for()


def test_branch_here_and_compare(timeline: Any, serve_static: tuple[str, Harness]) -> None:
    timeline.evaluate("() => live.scrub(200)")
    timeline.get_by_role("button", name="Branch here").click()
    timeline.get_by_role("radio", name="Run 2 from step 200").wait_for()
    assert [c["step"] for c in serve_static[1].commands("fake", "branch")] == [200]
    timeline.wait_for_function("() => live.frame && live.frame.step === 200 && live.shown !== 'fake'")
    timeline.get_by_role("button", name="Compare").click()
    timeline.wait_for_function("() => live.compared")
    timeline.get_by_role("radio", name="Run 1").click()
    timeline.wait_for_function("() => live.shown === 'fake'")
    assert timeline.get_by_role("radio", name="Run 1").get_attribute("aria-checked") == "true"


def test_what_was_changed_under_way_can_be_read(timeline: Any) -> None:
    timeline.evaluate("() => live.set({learning_rate: 0.1})")
    timeline.wait_for_function("() => (live.state.marks ?? []).length === 1")
    timeline.evaluate("() => live.advance(400)")
    timeline.wait_for_function("() => live.frame.step === 800")
    timeline.wait_for_timeout(60)
    box = timeline.locator("canvas.strip").bounding_box()
    share = math.log1p(400) / math.log1p(800)
    timeline.mouse.move(box["x"] + SIDE + share * (box["width"] - 2 * SIDE), box["y"] + 55)
    timeline.get_by_text("Step 400: learning rate 0.1").wait_for()


def test_what_is_out_of_sight_is_not_drawn(mounted: Any) -> None:
    page = open_at(mounted, "timeline", 100)
    page.evaluate("""() => { window.drawn = 0; const shadow = document.getElementById("timeline").shadowRoot;
      const pen = shadow.querySelector("canvas").getContext("2d"); const clear = pen.clearRect.bind(pen);
      pen.clearRect = (...where) => { drawn += 1; clear(...where); };
      document.getElementById("timeline").style.marginTop = "3000px"; }""")
    page.wait_for_timeout(100)
    page.evaluate("() => { drawn = 0; live.play(true); }")
    page.wait_for_timeout(400)
    assert page.evaluate("() => drawn") == 0
    page.evaluate("() => document.getElementById('timeline').scrollIntoView()")
    page.wait_for_function("() => drawn > 3")


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}], indirect=True)
def test_canvases_fit_their_place_at_the_screen_resolution(timeline: Any) -> None:
    size = "(canvas) => [canvas.width / canvas.clientWidth, canvas.height / canvas.clientHeight, canvas.clientWidth]"
    across, down, width = timeline.locator("canvas.strip").evaluate(size)
    assert (across, down, width) == (2, 2, 358)
    timeline.set_viewport_size({"width": 600, "height": 844})
    timeline.wait_for_timeout(120)
    assert timeline.locator("canvas.strip").evaluate(size)[0] == 2
