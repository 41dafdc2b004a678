"""The train bar as a person uses it: by pointer, by keyboard, on a phone, when things go wrong."""

from __future__ import annotations

from typing import Any

import pytest

from dlviz.core import spec as specs
from dlviz.labs.playground.spec import PlaygroundSpec
from tests.browser.harness import Harness

DATA = {"run": "fake", "session": "test", "slug": "playground", "fields": specs.describe(PlaygroundSpec)}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def bar(mounted: Any) -> Any:
    page = mounted("trainbar", data=DATA)
    page.evaluate("() => { window.live = harness.session('test'); }")
    page.wait_for_function("() => live.frame")
    return page


def heard(page: Any, harness: Harness, do: str, count: int = 1) -> list[dict[str, Any]]:
    """The commands of that kind, once there are so many."""
    for _ in range(100):
        if len(harness.commands("fake", do)) >= count:
            break
        page.wait_for_timeout(20)
    found = harness.commands("fake", do)
    assert len(found) == count, found
    return [{k: v for k, v in command.items() if k not in ("do", "token")} for command in found]


def figure(page: Any, label: str) -> str:
    return page.locator(f".figure:has-text('{label}') .value").inner_text()


def test_play_shows_pause_at_once_and_says_it_absolutely(bar: Any, serve_static: Any) -> None:
    run = serve_static[1].run("fake")
    obey, run.do_play = run.do_play, lambda command: []  # a server that is slow to answer
    bar.get_by_role("button", name="Play").click()
    bar.get_by_role("button", name="Pause").wait_for(timeout=1500)
    run.do_play = obey
    bar.evaluate("() => live.send({do: 'play', on: true})")
    bar.wait_for_function("() => live.frame.step > 100")
    bar.get_by_role("button", name="Pause").click()
    assert heard(bar, serve_static[1], "play", 3) == [{"on": True}, {"on": True}, {"on": False}]


def test_step_epoch_and_reset(bar: Any, serve_static: Any) -> None:
    bar.get_by_role("button", name="One step").click()
    bar.wait_for_function("() => live.frame.step === 1")
    bar.get_by_role("button", name="One step").click(modifiers=["Shift"])
    bar.get_by_role("button", name="One epoch").click()
    bar.wait_for_function("() => live.frame.step === 51")
    bar.wait_for_timeout(60)
    assert figure(bar, "Epoch") == "2"
    assert figure(bar, "Step") == "51"
    assert sum(command["steps"] for command in serve_static[1].commands("fake", "advance")) == 1 + 25 + 25
    bar.get_by_role("button", name="Reset").click()
    bar.wait_for_function("() => live.frame.step === 0")


def test_keys_work_unless_they_are_needed_elsewhere(bar: Any, serve_static: Any) -> None:
    harness = serve_static[1]
    bar.keyboard.press("ArrowRight")
    bar.keyboard.press("Shift+ArrowRight")
    bar.wait_for_function("() => live.frame.step === 26")
    asked = len(harness.commands("fake", "advance"))
    bar.keyboard.press("Space")
    bar.wait_for_function("() => live.newest.numbers.playing")
    bar.keyboard.press("r")
    bar.wait_for_function("() => live.newest.numbers.playing === false && live.frame.step === 0")
    bar.get_by_label("Learning rate", exact=True).last.focus()
    bar.keyboard.type("r ")
    bar.keyboard.press("ArrowRight")
    bar.wait_for_timeout(120)
    assert len(harness.commands("fake", "reset")) == 1
    assert len(harness.commands("fake", "advance")) == asked


def test_the_learning_rate_is_dragged_and_typed(bar: Any, serve_static: Any) -> None:
    harness = serve_static[1]
    typed = bar.locator(".learning-rate input[type=text]")
    typed.fill("0.1")
    typed.press("Enter")
    assert heard(bar, harness, "set", 1) == [{"changes": {"learning_rate": 0.1}}]
    slider = bar.locator(".learning-rate input[type=range]")
    slider.focus()
    for _ in range(8):
        slider.press("ArrowRight")
    bar.wait_for_timeout(200)
    rates = [command["changes"]["learning_rate"] for command in harness.commands("fake", "set")]
    assert rates == sorted(set(rates)), "every press moves it, and only up"
    assert 0.1 < rates[-1] < 0.2
    typed.fill("abc")
    typed.press("Enter")
    assert "Give a number from 1×10⁻⁵ to 10" in bar.locator(".learning-rate .wrong").inner_text()
    assert len(harness.commands("fake", "set")) == len(rates)


def test_speed_is_asked_for_and_measured(bar: Any, serve_static: Any) -> None:
    bar.get_by_role("radio", name="100").click()
    assert heard(bar, serve_static[1], "speed", 1) == [{"steps_per_second": 100}]
    bar.get_by_role("button", name="Play").click()
    bar.wait_for_function("() => live.frame.step > 3")
    bar.wait_for_timeout(60)
    assert bar.locator(".measured").inner_text() == "now 100"
    bar.get_by_role("radio", name="Full").click()
    assert heard(bar, serve_static[1], "speed", 2)[1] == {"steps_per_second": None}


def test_a_goal_shows_how_far_it_is(bar: Any) -> None:
    bar.get_by_role("radio", name="100").click()
    bar.evaluate("() => { live.play(true, 1000); }")
    bar.wait_for_function("() => live.frame.step > 20")
    assert 0 < int(bar.get_by_role("progressbar").get_attribute("aria-valuenow")) < 60
    assert bar.locator(".figure.time .label").inner_text() == "Remaining"


def test_a_refused_command_is_a_quiet_line(bar: Any) -> None:
    bar.evaluate("() => { live.set({learning_rate: 99}); }")
    line = bar.locator(".line")
    line.get_by_text("must be in [1e-05, 10]. Got 99. Try 10.").wait_for()
    line.get_by_role("button", name="Hide this message").click()
    assert line.inner_text() == ""


def test_markup_in_a_note_stays_text(bar: Any) -> None:
    code = """() => live.emit("note", {numbers: {level: "error", text: "<img src=x onerror=alert(1)>", offers: []}})"""
    bar.evaluate(code)
    assert bar.locator(".line").inner_text().startswith("<img src=x")
    assert bar.locator(".line img").count() == 0


def test_divergence_offers_a_way_out(bar: Any, serve_static: Any) -> None:
    halve = {"label": "Halve the learning rate and go on",
             "commands": [{"do": "set", "changes": {"learning_rate": 0.015}}, {"do": "play", "on": True}]}  # fmt: skip
    text = "Training stopped at step 120: weight.0 is not a number."
    code = """([text, offer]) => live.emit("note", {numbers: {level: "diverged", text, offers: [offer]}})"""
    bar.evaluate(code, [text, halve])
    card = bar.get_by_role("alert").filter(has_text=text)
    card.get_by_role("button", name="Halve the learning rate and go on").click()
    assert heard(bar, serve_static[1], "set", 1) == [{"changes": {"learning_rate": 0.015}}]
    assert heard(bar, serve_static[1], "play", 1) == [{"on": True}]
    bar.locator(".diverged").wait_for(state="hidden", timeout=2000)


def test_looking_back_is_said_and_ended(bar: Any) -> None:
    bar.evaluate("async () => { await live.advance(100); await live.advance(100); }")
    bar.wait_for_function("() => live.frame.step === 200")
    bar.evaluate("() => live.scrub(100)")
    chip = bar.get_by_role("button", name="Looking at step 100")
    chip.wait_for()
    assert figure(bar, "Step") == "100"
    bar.get_by_role("button", name="One step").click()  # one moment on, nothing is trained
    bar.wait_for_function("() => live.frame.step === 150")
    bar.get_by_role("button", name="Looking at step 150").click()
    bar.wait_for_function("() => live.frame.step === 200")
    bar.locator(".status").wait_for(state="hidden", timeout=2000)


def test_the_address_follows_the_setup_and_leaves_the_rest(mounted: Any, page: Any) -> None:
    mounted("trainbar", data=DATA)
    page.evaluate("() => { window.live = harness.session('test'); }")
    page.wait_for_function("() => live.frame")
    page.evaluate(
        "history.replaceState(null, '', location.href + '&playground.hide=noise&playground.noise=20&lesson=3')"
    )
    page.evaluate("() => live.set({dataset: 'xor', hidden_layers: [8, 8]})")
    page.wait_for_function("() => location.search.includes('xor')")
    query = dict(part.split("=") for part in page.evaluate("() => location.search.slice(1)").split("&"))
    assert query == {"theme": "light", "playground.hide": "noise", "lesson": "3", "playground.dataset": "xor",
                     "playground.hidden_layers": "8,8"}  # fmt: skip


def test_copy_link_names_the_step(bar: Any) -> None:
    bar.context.grant_permissions(["clipboard-read", "clipboard-write"])
    bar.evaluate("async () => { await live.set({dataset: 'spiral'}); await live.advance(75); }")
    bar.wait_for_function("() => live.frame.step === 75")
    bar.get_by_role("button", name="Copy link").click()
    bar.get_by_text("Copied").wait_for(state="attached")
    copied = bar.evaluate("() => navigator.clipboard.readText()")
    assert "playground.dataset=spiral" in copied
    assert "playground.step=75" in copied
    assert "playground.step" not in bar.evaluate("() => location.href")


def test_a_hidden_learning_rate_is_hidden(mounted: Any) -> None:
    page = mounted("trainbar", data={**DATA, "hide": ["learning_rate"]})
    page.get_by_role("button", name="Play").wait_for()
    assert page.locator(".learning-rate").count() == 0


def test_a_run_that_is_gone_is_reported_once(mounted: Any) -> None:
    page = mounted("trainbar", data={**DATA, "run": "gone-2"})
    page.wait_for_function("() => harness.triggers.length > 0")
    page.wait_for_timeout(400)
    triggers = page.evaluate("() => harness.triggers")
    assert [(t["name"], t["value"]["run"]) for t in triggers] == [("lost", "gone-2")]
    page.evaluate("(data) => harness.update('trainbar', data)", DATA)
    page.wait_for_function("() => harness.session('test').frame")
    page.locator(".status").wait_for(state="hidden", timeout=2000)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_nothing_is_cut_and_everything_is_there(bar: Any) -> None:
    assert bar.evaluate("() => document.documentElement.scrollWidth") == 390
    assert bar.locator("button.play").bounding_box()["width"] >= 42
    assert not bar.locator(".speed").is_visible()
    bar.get_by_role("button", name="Speed and learning rate").click()
    assert bar.locator(".speed").is_visible()
    assert bar.locator(".learning-rate").is_visible()
    assert bar.evaluate("() => document.documentElement.scrollWidth") == 390


def test_leaving_the_page_leaves_nothing_behind(bar: Any) -> None:
    bar.evaluate("() => harness.unmount('trainbar')")
    bar.keyboard.press("Space")
    bar.wait_for_timeout(60)
    assert bar.evaluate("() => live.state.playing") is False
    assert bar.evaluate("() => [...live.listeners.values()].every((all) => all.size === 0)")


@pytest.mark.parametrize(("part", "trains"), [("page", False), ("training", True)])
def test_where_training_is_one_panel_the_bar_is_two(mounted: Any, part: str, trains: bool) -> None:
    """One holds what trains and hears its keys, the other the link and what the server has to say."""
    page = mounted("trainbar", data={**DATA, "part": part})
    page.evaluate("() => { window.live = harness.session('test'); }")
    page.wait_for_function("() => live.frame")
    assert page.get_by_role("button", name="Play").count() == trains
    assert page.get_by_role("button", name="Copy").count() == (not trains)
    page.evaluate("() => live.ask({do: 'dance'})")
    assert page.get_by_role("status").filter(has_text="dance").count() == (not trains)
    page.keyboard.press("ArrowRight")
    if trains:
        page.wait_for_function("() => live.frame.step === 1")
    else:
        page.evaluate("() => live.ask({do: 'code'})")
        assert page.evaluate("() => live.newest.step") == 0
