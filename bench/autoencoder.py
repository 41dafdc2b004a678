"""The Autoencoder lab: training with its page open, how soon the plane can be read, and the page's decoding."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from bench.attention import HOVER
from bench.beside import bare_loop, steps_a_second, watched
from bench.browser import PATIENCE, PROBE
from bench.recurrent import RATE
from bench.report import Measurement
from dlviz.core.lab import find, load
from dlviz.training.local import LocalEngine
from tests import browsing

SIZE = {"width": 1440, "height": 3400}  # the stage and the panel in sight at once
STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.autoencoder?.()?.step != null)"
WALK = "[...document.querySelectorAll('*')].map((e) => e.dlviz?.interpolate?.()?.milliseconds).find(Boolean)"
ROUNDS, WATCHED = 3, 4.0  # seconds
SURE = 0.8
SECONDS, PIECE = 30.0, 50


def measure() -> list[Measurement]:
    """Every measurement of this file; about two minutes."""
    engine = LocalEngine(workers=1)
    try:
        beside = watched(engine, "autoencoder", {}, piece=5, warm=20, rounds=3, least_frames=4)
    finally:
        engine.close()
    return [*beside, readable(), *on_the_page()]


def readable() -> Measurement:
    """The share of cells of the manifold inside the data that the classifier is sure of, after 30 s of training."""
    lab = find("autoencoder")
    run, manifold = load(lab.run)(lab.spec()), load(lab.panel("manifold").probe)
    began = perf_counter()
    while perf_counter() - began < SECONDS:
        run.advance(PIECE)
    found = manifold(run)
    inside = found["inside"] == 1
    share = float((found["confidence"][inside] > SURE).mean())
    how = f"a 2-D VAE, {run.step:,} steps, {int(inside.sum())} of 400 cells inside, confidence over {SURE}"
    return Measurement("cells of the manifold read surely after 30 s", 100 * share, "%", 80, how=how)


def on_the_page() -> list[Measurement]:
    """Training with the page open beside the bare loop, in turns; pointing at the plane; a strip of 15 pictures."""
    found = []
    with browsing.app() as address, browsing.chromium() as browser, bare_loop("autoencoder", {}, 5, 20) as loop:
        page = browser.new_context(viewport=SIZE).new_page()
        page.add_init_script(PROBE)
        page.goto(f"{address}/autoencoder?autoencoder.panel=Interpolate")
        page.wait_for_function(f"() => {STAGE} && {WALK}", timeout=PATIENCE)
        page.wait_for_timeout(2000)
        times = page.evaluate(HOVER, {"selector": "canvas.plane", "count": 60})
        how = "500 points, pointer to decoded picture, 60 places, median"
        found.append(Measurement("pointing at the plane of codes", median(times), "ms", 16, better="less", how=how))
        how = "9 pictures decoded, blended and read by the classifier"
        found.append(Measurement("a way of 9 pictures", page.evaluate(WALK), "ms", 100, better="less", how=how))
        ratios = []
        for _ in range(ROUNDS):
            alone = steps_a_second(loop)
            page.get_by_role("button", name="Play", exact=True).first.click()
            page.wait_for_timeout(1000)
            ratios.append(page.evaluate(RATE, WATCHED) / alone)
            page.get_by_role("button", name="Pause", exact=True).first.click()
            page.wait_for_timeout(500)
        how = "stage and Interpolate in sight, browser on the same two cores"
        name = "autoencoder: training with the page open / bare loop"
        found.append(Measurement(name, median(ratios), "x", 0.9, how=how))
    return found
