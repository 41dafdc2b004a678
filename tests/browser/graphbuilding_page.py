"""The stage of the Graph lab in a browser, and the same run here: opened, read, waited for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dlviz.core import spec as specs
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec

CLOSE = 1e-4
STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.graph)"
LIVE = "[...globalThis[Symbol.for('dlviz.sessions')].values()][0]"
TALL = {"width": 1440, "height": 12_000}
PHONE = {"width": 390, "height": 12_000}


def open_stage(page: Any, app: str, step: int = 0, **settings: Any) -> Any:
    """Go to the lab and wait until embeddings and curves are drawn."""
    query = {f"graph.{name}": value for name, value in settings.items()}
    page.goto(f"{app}/graph?{urlencode(query | {'graph.step': step})}")
    wait_for(page, f"shown.embedding?.step === {step} && shown.curves?.step === {step}")
    return page


def read(page: Any) -> Any:
    return page.evaluate(f"() => {STAGE}.dlviz.graph()")


def wait_for(page: Any, condition: str, arg: Any = None) -> None:
    """Wait until a JavaScript expression of `shown` (what the stage shows) and `arg` holds; what is not drawn: null."""
    script = f"""(arg) => {{
        const shown = {STAGE}?.dlviz.graph();
        try {{ return Boolean(shown && ({condition})); }} catch (problem) {{
            if (problem instanceof TypeError) return false;
            throw problem;
        }}
    }}"""
    page.wait_for_function(script, arg=arg, timeout=60_000)


def show(page: Any, spec: GraphSpec, steps: int) -> GraphRun:
    """Bring the page to a run of this spec after so many steps; the same run, here."""
    page.mouse.move(5, 5)  # a pointer that rests on a picture points at what comes under it
    for command in ({"do": "set", "changes": specs.values(spec)}, {"do": "reset"}, {"do": "advance", "steps": steps}):
        page.evaluate(f"(command) => {STAGE}.dlviz.ask(command)", command)
    same = "Object.keys(arg[0]).every((name) => JSON.stringify(shown.spec[name]) === JSON.stringify(arg[0][name]))"
    drawn = "shown.embedding?.step === arg[1] && shown.curves?.step === arg[1] && shown.step === arg[1]"
    wait_for(page, f"{same} && {drawn}", [specs.values(spec), steps])
    run = GraphRun(spec)
    run.advance(steps)
    return run
