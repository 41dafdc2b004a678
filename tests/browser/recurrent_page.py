"""The Recurrent lab in the real app: opening it with settings, and asking its stage what it shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dlviz.core import spec as specs
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec

STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.stage === 'recurrent')"
READY = f"() => {STAGE}?.dlviz.ready === true"
# What the stage shows belongs to these settings and this step.
SHOWS = f"""([spec, step]) => {{
    const {{ dlviz }} = {STAGE};
    const shown = dlviz.ready && dlviz.numbers().spec;
    return shown && dlviz.step() === step && Object.keys(spec).every((name) => spec[name] === shown[name]);
}}"""


def open_recurrent(page: Any, app: str, step: int = 0, **settings: Any) -> Any:
    """Go to the lab and wait until its cells have states. Returns the page."""
    query = {f"recurrent.{name}": value for name, value in settings.items()}
    page.goto(f"{app}/recurrent?{urlencode(query | {'recurrent.step': step})}")
    page.wait_for_function(READY, timeout=60_000)
    return page


def stage(page: Any, name: str, *given: Any) -> Any:
    """What the stage's `host.dlviz[name](...given)` answers."""
    return page.evaluate(f"([name, given]) => {STAGE}.dlviz[name](...given)", [name, list(given)])


def wait_for_stage(page: Any, condition: str, arg: Any = None) -> Any:
    """Wait until a JavaScript expression of `dlviz` (the stage's view for tests) and `arg` holds; what it came to."""
    found = page.wait_for_function(f"(arg) => {{ const dlviz = {STAGE}.dlviz; return {condition}; }}", arg=arg)
    return found.json_value()


def show(page: Any, spec: RecurrentSpec, steps: int) -> RecurrentRun:
    """Bring the page to a run of this spec after so many steps; the same run, here."""
    for command in ({"do": "set", "changes": specs.values(spec)}, {"do": "reset"}, {"do": "advance", "steps": steps}):
        page.evaluate(f"(command) => {STAGE}.dlviz.ask(command)", command)
    page.wait_for_function(SHOWS, arg=[specs.values(spec), steps], timeout=60_000)
    run = RecurrentRun(spec)
    run.advance(steps)
    return run
