"""The two settings that are compared: all that the run of the page has, but for what is said of each."""

from __future__ import annotations

import dataclasses
from typing import Any

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.labs.gan.spec import GanSpec

SIDES = ("first", "second")
# What the two may differ in.
APART = ("loss", "batch_norm", "spectral_norm", "discriminator_steps", "label_smoothing", "instance_noise",
         "rate_ratio", "clip", "penalty")  # fmt: skip
USUAL: dict[str, dict[str, Any]] = {"first": {"loss": "minimax"}, "second": {"loss": "nonsaturating"}}


def specs_of(spec: GanSpec, first: Any, second: Any) -> dict[str, GanSpec]:
    """The spec of each side: `spec` with both players moving, and what is asked of that side.

    `first`, `second`: {setting: value}, or a text as in a link, "loss=hinge&discriminator_steps=5"; None for both:
    minimax beside non-saturating. Raises `InvalidInput`.
    """
    given = {"first": first, "second": second}
    if first is None and second is None:
        given = dict(USUAL)
    base = dataclasses.replace(spec, moves="both")
    return {side: _changed(f"losses.{side}", base, given[side]) for side in SIDES}


def _changed(name: str, base: GanSpec, given: Any) -> GanSpec:
    if given is None:
        return base
    if isinstance(given, str):
        changes: dict[str, Any] = dict(part.partition("=")[::2] for part in given.split("&") if part)
    elif isinstance(given, dict):
        changes = given
    else:
        raise InvalidInput(name, "must be settings by name", given, "loss=hinge")
    for setting in changes:
        if setting not in APART:
            raise InvalidInput(name, f"may differ in {', '.join(APART)}", setting, "loss=hinge")
    return specs.read(GanSpec, changes, base) if isinstance(given, str) else specs.from_values(GanSpec, changes, base)


def told(spec: GanSpec) -> dict[str, Any]:
    """What a side has of all that the two may differ in, as plain values."""
    found = specs.values(spec)
    return {name: found[name] for name in APART}
