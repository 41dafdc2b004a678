"""The Convolution lab at the screen: hovering on 32 × 32 cells, the slide, a photo of 512 × 512, a changed setting.

All of it is computed in the page; the page's own clock is used, as in `bench.browser`.
"""

from __future__ import annotations

from statistics import median
from typing import Any

from bench.browser import PATIENCE, PROBE
from bench.report import Measurement, percentile
from tests import browsing

LAB = "/convolution?convolution.side=32"
PHOTO = "/convolution?convolution.panel=Photo&convolution.kernel="
KERNELS = ("sobel_vertical", "gaussian", "laplacian", "average", "emboss")
SIZE = {"width": 1440, "height": 1300}  # the grids and their transport without scrolling
SLID = 4.0  # seconds
HOVERS = 80
# What stands in the host of a component, whichever shadow root that is in.
EXPOSED = """(name) => {
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.dlviz && name in element.dlviz) return element.dlviz;
      const found = element.shadowRoot && look(element.shadowRoot);
      if (found) return found;
    }
    return null;
  };
  return look(document);
}"""


def open_page(browser: Any, address: str) -> Any:
    """A page of the lab with the probe in it, when it knows its scene."""
    page = browser.new_context(viewport=SIZE).new_page()
    page.add_init_script(f"{PROBE}\nwindow.exposed = {EXPOSED};")
    page.goto(address)
    page.wait_for_function("() => benchmark.session()?.frame && exposed('middle')?.ready", timeout=PATIENCE)
    page.wait_for_timeout(1000)
    return page


def hovering(page: Any, grid: str) -> list[float]:
    """Milliseconds of the page's own work for each hover over a cell of a grid: its handlers and the redraw."""
    page.evaluate("() => benchmark.watch()")
    for k in range(HOVERS):
        place = (k % 3, (k // 3) % 3) if grid == "kernel" else (3 + (7 * k) % 24, 3 + (11 * k) % 24)
        x, y = page.evaluate("([grid, y, x]) => exposed('middle').middle(grid, [y, x])", [grid, *place])
        page.mouse.move(x, y)
        page.wait_for_timeout(40)
    work: list[float] = page.evaluate("() => benchmark.seen().hovers")
    return work


def sliding(page: Any) -> tuple[float, list[float]]:
    """Frames a second while the filter slides at 60 places a second, and the milliseconds that each frame takes."""
    page.evaluate("() => exposed('middle').speed(60)")
    page.get_by_role("button", name="Slide", exact=True).click()
    page.wait_for_timeout(500)
    page.evaluate("""() => {
      window.counted = { frames: 0, places: exposed('middle').slide().index, from: performance.now() };
      const next = () => { counted.frames += 1; requestAnimationFrame(next); };
      requestAnimationFrame(next);
    }""")
    page.wait_for_timeout(SLID * 1000)
    seen: dict[str, Any] = page.evaluate("""() => {
      const seconds = (performance.now() - counted.from) / 1000;
      const { index } = exposed('middle').slide();
      return { frames: counted.frames / seconds, places: (index - counted.places) / seconds,
               timings: exposed('middle').timings() };
    }""")
    if seen["places"] < 1:
        raise RuntimeError("The filter did not slide while it was watched.")
    page.get_by_role("button", name="Pause", exact=True).click()
    return seen["frames"], seen["timings"]


def photographs(page: Any) -> list[float]:
    """Milliseconds for which the page computes on a photo of 512 × 512, one kernel after the other."""
    found = []
    for name in KERNELS:
        page.evaluate("(name) => { benchmark.session().set({ kernel: [name] }); }", name)
        page.wait_for_function(
            "(name) => benchmark.session().scene.numbers.spec.kernel[0] === name"
            " && exposed('filtered')?.version() === benchmark.session().scene.version",
            arg=name,
            timeout=PATIENCE,
        )
        page.wait_for_timeout(200)
        found.append(page.evaluate("() => exposed('filtered').ms()"))
    return found


def settings(page: Any) -> list[float]:
    """Milliseconds from a click on a control to the picture that shows its effect, the server asked."""
    answers = []
    for _ in range(4):
        for label in ("Same", "Full", "Valid"):
            page.evaluate("() => benchmark.awaitScene()")
            page.get_by_role("radio", name=label, exact=True).click()
            page.wait_for_function("() => benchmark.answered !== null", timeout=PATIENCE)
            answers.append(page.evaluate("() => benchmark.answered"))
            page.wait_for_timeout(150)
    return answers


def measure() -> list[Measurement]:
    """Everything, on one server."""
    with browsing.app() as address, browsing.chromium() as browser:
        page = open_page(browser, address + LAB)
        over = {grid: hovering(page, grid) for grid in ("output", "input", "kernel")}
        rate, draws = sliding(page)
        answers = settings(page)
        page.context.close()
        page = open_page(browser, address + PHOTO + "sharpen")
        filtered = photographs(page)
        page.context.close()
    return [
        *(
            Measurement(f"hover over the {grid}, 95 %", percentile(work, 0.95), "ms", 16.0, "less",
                        how=f"handlers and redraw, 32 × 32 cells, {len(work)} hovers")
            for grid, work in over.items()
        ),
        Measurement("frames a second while sliding", rate, "frames/s", 55.0, how=f"{SLID:g} s at 60 places a second"),
        Measurement("drawing a frame of the slide, 95 %", percentile(draws, 0.95), "ms", 16.0, "less",
                    how=f"the stage's own clock, {len(draws)} frames"),
        Measurement("a photo of 512 × 512 filtered", median(filtered), "ms", 150.0, "less",
                    how=f"grey, median of {len(filtered)} kernels of 3 × 3"),
        Measurement("a setting's answer, 95 %", percentile(answers, 0.95), "ms", 150.0, "less",
                    how=f"click to picture, {len(answers)} changes of padding"),
    ]  # fmt: skip
