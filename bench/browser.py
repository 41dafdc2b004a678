"""What a person at the screen gets: a real Chromium on a real server, measured inside the page.

The page's own clock is used throughout. `browser_probe.js` is loaded before the page's scripts: it adds
up the time that animation frames take, and hears the live session's events.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

from bench.report import Measurement, percentile
from tests import browsing

SPIRAL = "/playground?playground.dataset=spiral&playground.hidden_layers=8,8"
READY = "() => benchmark.session()?.frame"
TRIALS = 3
WATCHED = 8.0  # seconds of training that are watched
SIZE = {"width": 1440, "height": 900}
PROBE = (Path(__file__).parent / "browser_probe.js").read_text(encoding="utf-8")
PATIENCE = 120_000  # ms


def moments_drawn(page: Any, find: str, name: str, seconds: float) -> float:
    """How many different steps a second a stage draws; `find` finds its element, which exposes itself as `name`."""
    code = f"""async ([name, seconds]) => {{
      const stage = {find};
      const seen = new Set();
      const end = performance.now() + 1000 * seconds;
      while (performance.now() < end) {{
        await new Promise(requestAnimationFrame);
        seen.add(stage.dlviz[name]().step);
      }}
      return seen.size / seconds;
    }}"""
    rate: float = page.evaluate(code, [name, seconds])
    return rate


def open_page(browser: Any, address: str) -> Any:
    """A page in a profile of its own (nothing cached), when its first picture is there."""
    page = browser.new_context(viewport=SIZE).new_page()
    page.add_init_script(PROBE)
    page.goto(address + SPIRAL)
    page.wait_for_function("() => benchmark.firstPicture !== null", timeout=PATIENCE)
    return page


def first_picture(browser: Any, address: str) -> list[float]:
    """Seconds from the request to the first picture drawn, of several visits to a warm server."""
    seconds = []
    for _ in range(TRIALS + 1):
        page = open_page(browser, address)
        seconds.append(page.evaluate("() => benchmark.firstPicture") / 1000)
        page.context.close()
    return seconds[1:]  # the first visit warms the server


def first_frame_after_play(browser: Any, address: str) -> list[float]:
    """Seconds from pressing Play to the first picture of a later step."""
    seconds = []
    for _ in range(TRIALS):
        page = open_page(browser, address)
        page.wait_for_timeout(800)
        page.evaluate("() => benchmark.awaitStep()")
        page.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_function("() => benchmark.answered !== null", timeout=PATIENCE)
        seconds.append(page.evaluate("() => benchmark.answered") / 1000)
        page.context.close()
    return seconds


def training(page: Any) -> dict[str, Any]:
    """Press Play and watch: frames, epochs, and the milliseconds each animation frame took."""
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(1500)
    page.evaluate("() => benchmark.watch()")
    page.wait_for_timeout(WATCHED * 1000)
    seen: dict[str, Any] = page.evaluate("() => benchmark.seen()")
    return seen


def hovering(page: Any) -> list[float]:
    """Milliseconds of the page's own work for each hover over a neuron: its handlers and the redraw."""
    neurons = page.get_by_role("button", name="neuron", exact=False)
    boxes = [box for box in (neurons.nth(i).bounding_box() for i in range(neurons.count())) if box]
    page.evaluate("() => benchmark.watch()")
    for box in [*boxes, *boxes]:
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(60)
    work: list[float] = page.evaluate("() => benchmark.seen().hovers")
    return work


def control_answers(page: Any) -> list[float]:
    """Milliseconds from using a control to the picture that shows its effect, while training runs."""
    answers: list[float] = []

    def answer(act: Any) -> None:
        page.evaluate("() => benchmark.awaitScene()")
        act()
        page.wait_for_function("() => benchmark.answered !== null", timeout=PATIENCE)
        answers.append(page.evaluate("() => benchmark.answered"))
        page.wait_for_timeout(150)

    def button(name: str) -> Any:
        return page.get_by_role("button", name=name, exact=True)

    for _ in range(4):
        answer(lambda: button("Remove a neuron from layer 1").click())
        answer(lambda: button("Add a neuron to layer 1").click())
        answer(lambda: button("Remove a hidden layer").click())
        answer(lambda: button("Add a hidden layer").click())
        for activation in ("relu", "tanh"):
            choice = page.get_by_role("combobox", name="Activation of layer 1")
            answer(lambda choice=choice, activation=activation: choice.select_option(activation))
    return answers


def measure() -> list[Measurement]:
    """Everything, on one server."""
    with browsing.app() as address, browsing.chromium() as browser:
        pictures = first_picture(browser, address)
        starts = first_frame_after_play(browser, address)
        page = open_page(browser, address)
        page.wait_for_timeout(1000)
        hovers = hovering(page)
        seen = training(page)
        answers = control_answers(page)
        page.context.close()
    return [
        Measurement("epochs a second, watched in the browser", seen["epochs_per_second"], "epochs/s", 100.0,
                    how=f"{WATCHED:g} s of the spiral, viewer attached"),
        Measurement("pictures a second while training", seen["frames_per_second"], "frames/s", 20.0,
                    how="frames drawn, same time"),
        Measurement("drawing a frame while training, 95 %", percentile(seen["draws"], 0.95), "ms", 16.0, "less",
                    how="all work of an animation frame with a new moment"),
        Measurement("hover to redrawn picture, 95 %", percentile(hovers, 0.95), "ms", 16.0, "less",
                    how=f"handlers and redraw, {len(hovers)} hovers"),
        Measurement("a control's answer, 95 %", percentile(answers, 0.95), "ms", 150.0, "less",
                    how=f"input to picture, while training, {len(answers)} changes"),
        Measurement("first picture of the page", median(pictures), "s", 1.5, "less", how="warm server, empty cache"),
        Measurement("Play to the first frame", median(starts), "s", 0.5, "less", how=f"median of {TRIALS}"),
    ]  # fmt: skip
