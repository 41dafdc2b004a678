"""The stage of the GAN lab in a browser, and the same run here: opened, read, waited for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import torch

from dlviz.core import spec as specs
from dlviz.core.events import Event
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec

CLOSE = 1e-4
STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.gan)"
TALL = {"width": 1440, "height": 12_000}
PHONE = {"width": 390, "height": 12_000}


def open_stage(page: Any, app: str, step: int = 0, **settings: Any) -> Any:
    """Go to the lab and wait until both players are drawn."""
    query = {f"gan.{name}": value for name, value in settings.items()}
    page.goto(f"{app}/gan?{urlencode(query | {'gan.step': step})}")
    wait_for(page, f"shown.players?.step === {step}")
    return page


def read(page: Any) -> Any:
    return page.evaluate(f"() => {STAGE}.dlviz.gan()")


def wait_for(page: Any, condition: str, arg: Any = None) -> None:
    """Wait until a JavaScript expression of `shown` (what the stage shows) and `arg` holds; what is not drawn: null."""
    script = f"""(arg) => {{
        const shown = {STAGE}?.dlviz.gan();
        try {{ return Boolean(shown && ({condition})); }} catch (problem) {{
            if (problem instanceof TypeError) return false;
            throw problem;
        }}
    }}"""
    page.wait_for_function(script, arg=arg, timeout=60_000)


def show(page: Any, spec: GanSpec, steps: int) -> tuple[GanRun, list[Event]]:
    """Bring the page to a run of this spec after so many steps; the same run, here, and what it told on the way."""
    for command in ({"do": "set", "changes": specs.values(spec)}, {"do": "reset"}, {"do": "advance", "steps": steps}):
        page.evaluate(f"(command) => {STAGE}.dlviz.ask(command)", command)
    same = "Object.keys(arg[0]).every((name) => JSON.stringify(shown.spec[name]) === JSON.stringify(arg[0][name]))"
    drawn = "shown.players?.step === arg[1] && shown.curves?.step === arg[1] && shown.step === arg[1]"
    wait_for(page, f"{same} && {drawn}", [specs.values(spec), steps])
    run = GanRun(spec)
    return run, run.advance(steps)


def layers_of(run: GanRun, index: int, real: int | None = None) -> dict[str, torch.Tensor]:
    """What every row makes of one fake of the noise shown, by name, and `example`: what D is shown (a real one, where
    its place is given)."""
    network, shown = run.network.eval(), run.shown
    seen: dict[str, torch.Tensor] = {}
    hooks = [
        network.get_submodule(row.name).register_forward_hook(
            lambda _m, _g, after, name=row.name: seen.__setitem__(name, after[0].detach())
        )
        for row in run.spec.rows
    ]
    one = slice(index, index + 1)
    with torch.no_grad():
        fake = network.generator(shown.z[one], shown.labels[one])
        example, labels = (fake, shown.labels[one]) if real is None else (run.real.x[[real]], run.real.y[[real]])
        seen["logit"] = network.discriminator(example, labels)[0, 0]
    for hook in hooks:
        hook.remove()
    return seen | {"fake": fake[0], "example": example[0]}
