"""The Recurrent lab: a character LSTM of 128 units with its page open, and what the page itself computes of it."""

from __future__ import annotations

from statistics import median
from typing import Any

from bench.beside import bare_loop, steps_a_second, watched
from bench.browser import PATIENCE, PROBE
from bench.report import Measurement
from dlviz.training.local import LocalEngine
from tests import browsing

SETTINGS: dict[str, Any] = {"hidden_size": 128}
PAGE = "/recurrent?recurrent.hidden_size=128&recurrent.panel=Gates"
SIZE = {"width": 1440, "height": 2600}  # stage and strip in sight at once
ROUNDS = 3
WATCHED = 4.0  # seconds

RATE = """async (seconds) => {
  const session = benchmark.session();
  const at = () => [session.newest.step, performance.now()];
  const [step, began] = at();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const [after, now] = at();
  return ((after - step) / (now - began)) * 1000;
}"""


def measure() -> list[Measurement]:
    """Every measurement of this file; about two minutes."""
    engine = LocalEngine(workers=1)
    try:
        beside = watched(engine, "recurrent", SETTINGS, piece=5, warm=20, rounds=ROUNDS, least_frames=4)
    finally:
        engine.close()
    return [*beside, *on_the_page()]


def on_the_page() -> list[Measurement]:
    """Steps a second while stage and gate strip are on a real screen, beside the bare loop, in turns."""
    with browsing.app() as address, browsing.chromium() as browser, bare_loop("recurrent", SETTINGS, 5, 20) as loop:
        page = browser.new_context(viewport=SIZE).new_page()
        page.add_init_script(PROBE)
        page.goto(address + PAGE)
        page.wait_for_function("() => benchmark.session()?.frame", timeout=PATIENCE)
        found = []
        for _ in range(ROUNDS):
            alone = steps_a_second(loop)
            page.get_by_role("button", name="Play", exact=True).click()
            page.wait_for_timeout(1000)
            found.append(page.evaluate(RATE, WATCHED) / alone)
            page.get_by_role("button", name="Pause", exact=True).click()
            page.wait_for_timeout(500)
    how = "128 units, stage and gate strip in sight, browser on the same two cores"
    return [Measurement("recurrent: training with the page open / bare loop", median(found), "x", 0.9, how=how)]
