"""The GAN lab: training with its page open, the ring covered in a minute, how many moments a second are drawn."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from bench.beside import bare_loop, steps_a_second, watched
from bench.browser import PATIENCE, PROBE, moments_drawn
from bench.recurrent import RATE
from bench.report import Measurement
from dlviz.core.lab import find, load
from dlviz.training.local import LocalEngine
from tests import browsing

SIZE = {"width": 1440, "height": 1400}
STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.gan?.()?.step != null)"
ROUNDS, WATCHED = 3, 4.0  # seconds
SECONDS, PIECE = 60.0, 50


def measure() -> list[Measurement]:
    """Every measurement of this file; about two minutes."""
    engine = LocalEngine(workers=1)
    try:
        beside = watched(engine, "gan", {}, piece=5, warm=20, rounds=3, least_frames=4)
    finally:
        engine.close()
    return [*beside, covered(), *on_the_page()]


def covered() -> Measurement:
    """Seconds until the default run covers all eight modes of the ring."""
    lab = find("gan")
    run = load(lab.run)(lab.spec())
    began = perf_counter()
    while perf_counter() - began < SECONDS:
        run.advance(PIECE)
        if run.measured_now().numbers["modes"] == 8:
            break
    took = perf_counter() - began
    how = f"default settings, 8 of 8 after {run.step:,} steps"
    return Measurement("the ring of 8 covered", took, "s", SECONDS, better="less", how=how)


def on_the_page() -> list[Measurement]:
    """Training with the page open beside the bare loop, in turns; moments drawn a second; time to draw one."""
    found = []
    with browsing.app() as address, browsing.chromium() as browser, bare_loop("gan", {}, 5, 20) as loop:
        page = browser.new_context(viewport=SIZE).new_page()
        page.add_init_script(PROBE)
        page.goto(f"{address}/gan")
        page.wait_for_function(f"() => {STAGE}", timeout=PATIENCE)
        page.wait_for_timeout(2000)
        ratios, rates = [], []
        for _ in range(ROUNDS):
            alone = steps_a_second(loop)
            page.get_by_role("button", name="Play", exact=True).first.click()
            page.wait_for_timeout(1000)
            ratios.append(page.evaluate(RATE, WATCHED) / alone)
            rates.append(moments_drawn(page, STAGE, "gan", 2))
            page.get_by_role("button", name="Pause", exact=True).first.click()
            page.wait_for_timeout(500)
        times = page.evaluate(f"() => {STAGE}.dlviz.timings()")
        how = "stage in sight, browser on the same two cores"
        found.append(Measurement("gan: training with the page open / bare loop", median(ratios), "x", 0.9, how=how))
        found.append(Measurement("moments of the plane drawn a second", median(rates), "per s", 30, how=how))
        how = "map, grid, arrows and all else of the stage, median"
        found.append(Measurement("drawing a moment of the stage", median(times), "ms", 16, better="less", how=how))
    return found
