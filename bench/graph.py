"""The Graph lab: training with its page open, karate in two seconds, 200 nodes and 600 edges while they train."""

from __future__ import annotations

from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from bench.beside import bare_loop, steps_a_second, watched
from bench.browser import PATIENCE, PROBE, moments_drawn
from bench.recurrent import RATE
from bench.report import Measurement
from dlviz.core.lab import find, load
from dlviz.data.graphs import coding
from dlviz.data.graphs.graph import graph_of
from dlviz.data.graphs.laying import lay
from dlviz.training.local import LocalEngine
from tests import browsing

SIZE = {"width": 1440, "height": 1400}
STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.graph?.()?.step != null)"
# Frames that the page draws while a node is dragged about.
DRAGGED = f"""async (seconds) => {{
  const stage = {STAGE};
  const canvas = (stage.shadowRoot ?? stage).querySelector(".graph-editor canvas");
  const box = canvas.getBoundingClientRect();
  const {{nodes}} = stage.dlviz.graph().editor;
  const [x, y] = [box.left + nodes[0].x, box.top + nodes[0].y];
  const tell = (kind, dx) => canvas.dispatchEvent(new PointerEvent(kind,
    {{clientX: x + dx, clientY: y, pointerId: 7, button: kind === "pointermove" ? -1 : 0, buttons: 1, bubbles: true, isPrimary: true}}));
  canvas.setPointerCapture = () => {{}};
  tell("pointerdown", 0);
  let frames = 0;
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {{
    tell("pointermove", 40 * Math.sin(frames / 5));
    await new Promise(requestAnimationFrame);
    frames += 1;
  }}
  tell("pointerup", 0);
  return frames / seconds;
}}"""  # noqa: E501
ROUNDS, WATCHED = 3, 4.0  # seconds
NODES, EDGES = 200, 600
STEPS, SECONDS = 200, 2.0


def measure() -> list[Measurement]:
    """Every measurement of this file; about two minutes."""
    engine = LocalEngine(workers=1)
    try:
        beside = watched(engine, "graph", {}, piece=10, warm=50, rounds=3, least_frames=4)
    finally:
        engine.close()
    return [*beside, karate(), *on_the_page()]


def karate() -> Measurement:
    """Seconds for the default run's 200 steps, measured at each."""
    lab = find("graph")
    load(lab.run)(lab.spec()).advance(1)  # what is imported once is no part of it
    began = perf_counter()
    run = load(lab.run)(lab.spec())
    run.advance(STEPS)
    took = perf_counter() - began
    right = run.measured_now().numbers["held_accuracy"]
    how = f"default settings, {STEPS} steps, {right:.0%} of the others right"
    return Measurement("karate trained", took, "s", SECONDS, better="less", how=how)


def large() -> dict[str, Any]:
    """Settings of a random graph with 200 nodes and 600 edges, two classes."""
    chance = np.random.default_rng(1)
    edges: set[tuple[int, int]] = set()
    while len(edges) < EDGES:
        a, b = sorted(int(k) for k in chance.choice(NODES, 2, replace=False))
        edges.add((a, b))
    labels = np.arange(NODES) % 2
    graph = graph_of(
        [str(k) for k in range(NODES)], lay(NODES, np.array(sorted(edges))), sorted(edges), labels=labels,
        given=np.arange(NODES) < 20, classes=("A", "B"),
    )  # fmt: skip
    return {"dataset": "own", "graph": coding.write(graph)}


def on_the_page() -> list[Measurement]:
    """Training with the page open beside the bare loop, in turns; then a large graph: moments a second while it trains,
    frames a second while a node is dragged, time to draw the stage."""
    found = []
    with browsing.app() as address, browsing.chromium() as browser, bare_loop("graph", {}, 10, 50) as loop:
        page = browser.new_context(viewport=SIZE).new_page()
        page.add_init_script(PROBE)
        page.goto(f"{address}/graph")
        page.wait_for_function(f"() => {STAGE}", timeout=PATIENCE)
        page.wait_for_timeout(2000)
        ratios = []
        for _ in range(ROUNDS):
            alone = steps_a_second(loop)
            play(page, on=True)
            ratios.append(page.evaluate(RATE, WATCHED) / alone)
            play(page, on=False)
        how = "stage in sight, browser on the same two cores"
        found.append(Measurement("graph: training with the page open / bare loop", median(ratios), "x", 0.9, how=how))
        page.evaluate(f"(changes) => {STAGE}.dlviz.change(changes)", large())
        page.wait_for_function(f"() => {STAGE}.dlviz.graph().editor?.nodes?.length === {NODES}", timeout=PATIENCE)
        how = f"{NODES} nodes, {EDGES} edges"
        dragged = page.evaluate(DRAGGED, 2)
        found.append(Measurement("frames a second while a node is dragged", dragged, "per s", 30, how=how))
        play(page, on=True)
        rate = moments_drawn(page, STAGE, "graph", 3)
        play(page, on=False)
        found.append(Measurement("moments drawn a second while it trains", rate, "per s", 30, how=how))
        times = page.evaluate(f"() => {STAGE}.dlviz.timings()")
        how += ", all that is in sight of the stage, median"
        found.append(Measurement("drawing a moment of the stage", median(times), "ms", 16, better="less", how=how))
    return found


def play(page: Any, *, on: bool) -> None:
    """Press Play or Pause, and give it a moment."""
    page.get_by_role("button", name="Play" if on else "Pause", exact=True).first.click()
    page.wait_for_timeout(1000 if on else 500)
