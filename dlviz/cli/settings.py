"""Arguments that several commands share: a lab, its settings, a number of steps."""

from __future__ import annotations

import argparse
import re
from typing import Any

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Lab, find, load

STEPS_AT_MOST = 10_000_000
DEFAULT_STEPS = 1000


def lab_arguments(parser: argparse.ArgumentParser, steps: str = str(DEFAULT_STEPS)) -> None:
    """LAB, --set, --seed, --steps; `steps` is the default of the last."""
    parser.add_argument("lab", metavar="LAB", help="which lab; `python -m dlviz labs` lists them")
    parser.add_argument(
        "--set", metavar="NAME=VALUE", action="append", default=[], dest="changes", help="a setting; may be repeated"
    )
    parser.add_argument("--preset", metavar="SLUG", help="begin with a preset of the lab")
    parser.add_argument("--seed", metavar="S", help="short for --set seed=S")
    parser.add_argument("--steps", metavar="N", default=steps, help="training steps (%(default)s)")


def pairs(given: list[str], option: str) -> dict[str, str]:
    """`["noise=20", "seed=3"]` as a dict; raises `InvalidInput` for an entry without a name or an equals sign."""
    found: dict[str, str] = {}
    for entry in given:
        name, equals, text = entry.partition("=")
        if not equals or not name.strip():
            raise InvalidInput(option, "must be NAME=VALUE", entry, f"{option} learning_rate=0.1")
        found[name.strip().removeprefix("--")] = text
    return found


def whole_number(text: str, option: str, low: int, high: int, attempt: int) -> int:
    """A whole number in [low, high], or `InvalidInput`."""
    if not re.fullmatch(r"[+-]?\d{1,12}", text.strip()) or not low <= int(text) <= high:
        raise InvalidInput(option, f"must be a whole number in [{low}, {high}]", text, str(attempt))
    return int(text)


def read_lab(args: argparse.Namespace) -> tuple[Lab, Any, int]:
    """The lab, the spec and the steps that the arguments of `lab_arguments` ask for."""
    lab = find(args.lab)
    changes = pairs(args.changes, "--set")
    if args.seed is not None:
        changes["seed"] = args.seed
    base = specs.from_values(lab.spec, lab.preset(args.preset).changes) if args.preset else None
    spec: Any = specs.read(lab.spec, changes, base)
    return lab, spec, whole_number(args.steps, "--steps", 0, STEPS_AT_MOST, DEFAULT_STEPS)


def new_run(lab: Lab, spec: Any) -> Any:
    """The lab's run at step 0, on one thread: the same curve on every machine."""
    from dlviz.core.device import use_threads

    use_threads(1)
    return load(lab.run)(spec)
