"""The editor of the Graph lab in a browser: opened, read, pressed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.graph)"
LIVE = "[...globalThis[Symbol.for('dlviz.sessions')].values()][0]"
TALL = {"viewport": {"width": 1440, "height": 12_000}, "reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True, "reduced_motion": "reduce"}
AREA = "section.graph-editor"
CANVAS = f"{AREA} .ge-drawing canvas"


def wait_for(page: Any, condition: str, arg: Any = None) -> dict[str, Any]:
    """Wait until an expression of `now` (what the editor shows) and `arg` holds; what it shows then."""
    page.wait_for_function(
        f"""(arg) => {{
            const now = {STAGE}?.dlviz.graph()?.editor;
            try {{ return Boolean(now && ({condition})); }} catch (problem) {{
                if (problem instanceof TypeError) return false;
                throw problem;
            }}
        }}""",
        arg=arg,
        timeout=60_000,
    )
    return now(page)


def now(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(f"() => {STAGE}.dlviz.graph().editor")
    return found


def opened(page: Any, app: str, steps: int = 0, **settings: Any) -> dict[str, Any]:
    """The editor with these settings, at rest after exactly so many steps."""
    page.goto(
        f"{app}/graph?{urlencode({f'graph.{name}': value for name, value in settings.items()} | {'graph.step': steps})}"
    )
    wait_for(page, "now.nodes.length > 0")
    page.wait_for_function(
        f"(steps) => {LIVE}.state.live_step === steps && {STAGE}.dlviz.graph().step === steps",
        arg=steps,
        timeout=60_000,
    )
    return wait_for(page, "now.nodes.every((node) => node.x > 0)")


def settled(page: Any, condition: str = "true", arg: Any = None) -> dict[str, Any]:
    """As `wait_for`, when the run has taken the newest edit too."""
    return wait_for(page, f"!now.isAhead && ({condition})", arg)


def tool(page: Any, name: str) -> None:
    page.locator(f'{AREA} [data-tool="{name}"]').click()
    wait_for(page, "now.tool === arg", name)


def spot(page: Any, node: int) -> tuple[float, float]:
    """Where a node is drawn, on the page."""
    box, seen = page.locator(CANVAS).bounding_box(), now(page)["nodes"][node]
    return box["x"] + seen["x"], box["y"] + seen["y"]


def middle(page: Any, edge: int) -> tuple[float, float]:
    """A place on an edge that no node lies near."""
    seen = now(page)
    (ax, ay), (bx, by) = (spot(page, seen["edges"][edge][end]) for end in "ab")
    return (ax + bx) / 2, (ay + by) / 2


def click(page: Any, node: int) -> None:
    page.mouse.click(*spot(page, node))


def drag(page: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for share in (0.3, 0.7, 1):
        page.mouse.move(start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
    page.mouse.up()


def weights(page: Any) -> dict[str, list[float]]:
    """All parameters of the moment on screen, by name."""
    found: dict[str, list[float]] = page.evaluate(
        f"""() => Object.fromEntries(Object.entries({LIVE}.frame.arrays).filter(([name]) => name.startsWith('state/'))
            .map(([name, {{data}}]) => [name, [...data]]))"""
    )
    return found


def step(page: Any) -> int:
    return int(page.evaluate(f"() => {LIVE}.state.live_step"))


def advance(page: Any, steps: int) -> None:
    wanted = step(page) + steps
    page.evaluate(f"(steps) => {{ {LIVE}.advance(steps); }}", steps)
    page.wait_for_function(f"(wanted) => {STAGE}.dlviz.graph().step === wanted", arg=wanted, timeout=60_000)
