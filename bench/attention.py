"""The Attention lab: training with its page open, hovers over its pictures, a mask, and a sentence through BERT."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import Any

from bench.beside import bare_loop, steps_a_second, watched
from bench.browser import PATIENCE, PROBE
from bench.recurrent import RATE
from bench.report import Measurement
from dlviz.core.lab import find, load
from dlviz.training.jobs import to_the_end
from dlviz.training.local import LocalEngine
from tests import browsing

SETTINGS: dict[str, Any] = {}
SIZE = {"width": 1440, "height": 4200}  # stage and panel in sight at once
ROUNDS = 3
WATCHED = 4.0  # seconds
SENTENCE = (
    "The cat that had slept on the warm mat all day woke up, looked at the dog and asked itself why it was so "
    "tired when it was not yet dark outside."
)
LARGE = "attention.layers=4&attention.heads=8&attention.width=64&attention.length=64"
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.{name} && !e.dlviz.stage)"

# Pointing at one place after the other; what the page works on it, to the picture, in ms each.
HOVER = """async ({selector, count}) => {
  const canvas = [...document.querySelectorAll('*')].map((e) => e.shadowRoot?.querySelector(selector)).find(Boolean);
  const box = canvas.getBoundingClientRect();
  const found = [];
  for (let i = 0; i < count; i += 1) {
    const [x, y] = [0.3 + 0.02 * (i % 20), 0.4 + 0.02 * (i % 17)];
    const at = {clientX: box.left + box.width * x, clientY: box.top + box.height * y};
    const began = performance.now();
    canvas.dispatchEvent(new PointerEvent('pointermove', {...at, bubbles: true, composed: true}));
    const heard = performance.now() - began;
    await new Promise((done) => requestAnimationFrame(() => {
      const drawing = performance.now();
      setTimeout(() => done(found.push(heard + performance.now() - drawing)));
    }));
  }
  return found;
}"""


def measure() -> list[Measurement]:
    """Every measurement of this file; about two minutes."""
    engine = LocalEngine(workers=1)
    try:
        beside = watched(engine, "attention", SETTINGS, piece=5, warm=20, rounds=ROUNDS, least_frames=4)
    finally:
        engine.close()
    return [*beside, *of_bert(), *on_the_page()]


def of_bert() -> list[Measurement]:
    """Milliseconds of a sentence of about thirty tokens through the real BERT, every weight kept."""
    lab = find("attention")
    run, probe = load(lab.run)(lab.spec()), load(lab.panel("bert").probe)
    to_the_end(probe(run, text=SENTENCE))  # it is loaded
    found = []
    for _ in range(9):
        began = perf_counter()
        trace = to_the_end(probe(run, text=SENTENCE))
        found.append(1000 * (perf_counter() - began))
    how = f"{len(trace['tokens'])} tokens, on the server, one thread, 9 readings"
    return [Measurement("BERT reads a sentence", median(found), "ms", 400, better="less", how=how)]


def on_the_page() -> list[Measurement]:
    """Training with the page open beside the bare loop, in turns; then hovers over a large network's heads."""
    found = []
    with browsing.app() as address, browsing.chromium() as browser:
        with bare_loop("attention", SETTINGS, 5, 20) as loop:
            page = browser.new_context(viewport=SIZE).new_page()
            page.add_init_script(PROBE)
            page.goto(f"{address}/attention?attention.panel=Heads")
            page.wait_for_function("() => benchmark.session()?.frame", timeout=PATIENCE)
            ratios = []
            for _ in range(ROUNDS):
                alone = steps_a_second(loop)
                page.get_by_role("button", name="Play", exact=True).click()
                page.wait_for_timeout(1000)
                ratios.append(page.evaluate(RATE, WATCHED) / alone)
                page.get_by_role("button", name="Pause", exact=True).click()
                page.wait_for_timeout(500)
            how = "2 layers × 4 heads, stage and Heads in sight, browser on the same two cores"
            found.append(
                Measurement("attention: training with the page open / bare loop", median(ratios), "x", 0.9, how=how)
            )
            page.close()
        page = browser.new_context(viewport=SIZE).new_page()
        page.goto(f"{address}/attention?attention.panel=Heads&{LARGE}")
        page.wait_for_function(f"() => {PANEL.format(name='heads')}", timeout=PATIENCE)
        page.wait_for_timeout(2000)
        times = page.evaluate(HOVER, {"selector": ".heads canvas.pattern", "count": 60})
        how = "64 × 64 cells, 4 × 8 heads, pointer to picture, 60 hovers, median"
        found.append(Measurement("hover over a pattern", median(times), "ms", 16, better="less", how=how))
    return found
