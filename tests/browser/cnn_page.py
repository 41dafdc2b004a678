"""The CNN lab in the real app: opening it with settings, and asking its stage what it shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.stage === 'cnn')"
READY = f"() => {STAGE}?.dlviz.ready === true"
# A network that is made and trained in no time, with every kind of row.
SMALL = {"dataset": "digits", "channels": [3, 4], "dense_units": [6], "examples": 100}


def link(app: str, **settings: Any) -> str:
    """The address of the lab with these settings; lists are joined with commas."""
    joined = {k: ",".join(map(str, v)) if isinstance(v, list | tuple) else v for k, v in settings.items()}
    query = "&".join(f"cnn.{name}={quote(str(value), safe=',')}" for name, value in joined.items())
    return f"{app}/cnn?{query}"


def open_cnn(page: Any, app: str, **settings: Any) -> Any:
    """Go to the lab and wait until its maps are painted. Returns the page. `panel="Attribution"` opens that panel."""
    page.goto(link(app, **settings))
    page.wait_for_function(READY, timeout=60_000)
    return page


def stage(page: Any, name: str, *given: Any) -> Any:
    """What the stage's `host.dlviz[name](...given)` answers."""
    return page.evaluate(f"([name, given]) => {STAGE}.dlviz[name](...given)", [name, list(given)])


def wait_for_stage(page: Any, condition: str, arg: Any = None) -> Any:
    """Wait until a JavaScript expression of `dlviz` (the stage's view for tests) and `arg` holds; what it came to."""
    found = page.wait_for_function(f"(arg) => {{ const dlviz = {STAGE}.dlviz; return {condition}; }}", arg=arg)
    return found.json_value()


def ask(page: Any, panel: str = "feature_maps", **options: Any) -> dict[str, Any]:
    """The arrays of a probe as the page gets them: name → {shape, data}, parameters under `state/`."""
    return page.evaluate(
        f"""async (command) => {{
            const answer = await {STAGE}.dlviz.ask(command);
            if (answer.kind !== "reply") throw new Error(answer.numbers.text);
            return Object.fromEntries(Object.entries(answer.arrays)
                .map(([name, array]) => [name, {{ shape: array.shape, data: [...array.data] }}]));
        }}""",
        {"do": "probe", "panel": panel, "options": options},
    )


def point(page: Any, row: str, channel: int, y: int | None = None, x: int | None = None) -> None:
    """Bring a map of the stage to the middle of the screen and point at one of its cells."""
    page.mouse.move(2, 2)
    page.locator(f"[data-row={row}] canvas.tiles").evaluate("(e) => e.scrollIntoView({block: 'center'})")
    page.wait_for_function(
        f"""async ([row, channel, y, x]) => {{
            const at = () => {STAGE}.dlviz.middle(row, channel, y, x).join();
            const before = at();
            for (let k = 0; k < 3; k += 1) await new Promise((done) => requestAnimationFrame(done));
            return at() === before;
        }}""",
        arg=[row, channel, y, x],
    )
    page.mouse.move(*stage(page, "middle", row, channel, y, x))
    wait_for_stage(page, "dlviz.focus()?.row === arg[0] && dlviz.focus().channel === arg[1]", [row, channel])


def open_map(page: Any, row: str, channel: int, y: int | None = None, x: int | None = None) -> dict[str, Any]:
    """Click a map at a cell; what the opened map shows once its exact numbers are there."""
    point(page, row, channel, y, x)
    page.mouse.click(*stage(page, "middle", row, channel, y, x))
    condition = "dlviz.opened()?.row === arg[0] && dlviz.opened().channel === arg[1] && dlviz.opened()"
    found: dict[str, Any] = wait_for_stage(page, condition, [row, channel])
    return found
