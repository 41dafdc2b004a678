"""The stage of the Autoencoder lab in a browser, and the same run here: opened, read, waited for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import torch

from dlviz.core import spec as specs
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec

CLOSE = 2e-5
STAGE = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.autoencoder)"
TALL = {"width": 1440, "height": 12_000}
PHONE = {"width": 390, "height": 12_000}
SMALL = {"dataset": "digits", "hidden": "32,16"}
VAE = AutoencoderSpec(dataset="digits", hidden=(32, 16), latent=5, picture=3)


def open_stage(page: Any, app: str, step: int = 0, **settings: Any) -> Any:
    """Go to the lab and wait until its hourglass is drawn."""
    query = {f"autoencoder.{name}": value for name, value in {**SMALL, **settings}.items()}
    page.goto(f"{app}/autoencoder?{urlencode(query | {'autoencoder.step': step})}")
    wait_for(page, f"shown.hourglass?.step === {step} && shown.hourglass.shown_step === {step}")
    return page


def read(page: Any) -> Any:
    return page.evaluate(f"() => {STAGE}.dlviz.autoencoder()")


def wait_for(page: Any, condition: str, arg: Any = None) -> None:
    """Wait until a JavaScript expression of `shown` (what the stage shows) and `arg` holds; what is not drawn: null."""
    script = f"""(arg) => {{
        const shown = {STAGE}?.dlviz.autoencoder();
        try {{ return Boolean(shown && ({condition})); }} catch (problem) {{
            if (problem instanceof TypeError) return false;
            throw problem;
        }}
    }}"""
    page.wait_for_function(script, arg=arg, timeout=60_000)


def show(page: Any, spec: AutoencoderSpec, steps: int) -> AutoencoderRun:
    """Bring the page to a run of this spec after so many steps; the same run, here."""
    for command in ({"do": "set", "changes": specs.values(spec)}, {"do": "reset"}, {"do": "advance", "steps": steps}):
        page.evaluate(f"(command) => {STAGE}.dlviz.ask(command)", command)
    same = "Object.keys(arg[0]).every((name) => JSON.stringify(shown.spec[name]) === JSON.stringify(arg[0][name]))"
    drawn = "shown.hourglass?.step === arg[1] && shown.hourglass.shown_step === arg[1] && shown.curves.step === arg[1]"
    wait_for(page, f"{same} && {drawn}", [specs.values(spec), steps])
    run = AutoencoderRun(spec)
    run.advance(steps)
    return run


def outputs(run: AutoencoderRun, z: torch.Tensor | None = None) -> dict[str, torch.Tensor]:
    """What each module of the network makes of the picture on screen, by name; decoded from μ, or from z."""
    seen: dict[str, torch.Tensor] = {}
    pixels, label = run.picture.batch
    hooks = [
        module.register_forward_hook(lambda _m, _g, after, name=name: seen.__setitem__(name, after[0].detach()))
        for name, module in run.network.named_modules()
    ]
    with torch.no_grad():
        code = run.network.encode(pixels, label)
        decoded = run.network.decode(code.mean if z is None else z, label)
        seen |= {"mean": code.mean[0], "again": run.network.pictures(decoded)[0]}
    for hook in hooks:
        hook.remove()
    return seen
