"""The commands of docs/architecture.md, one function each: (driver, command) → the answer.

An answer is the numbers and arrays of the reply; None where the reply comes later.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Claim, load
from dlviz.core.rules import Flag, Range
from dlviz.training import checkpoints, jobs

if TYPE_CHECKING:
    from dlviz.training.driver import Driver

Command = Mapping[str, Any]
Answer = tuple[dict[str, Any], dict[str, np.ndarray]] | None

MOST_STEPS = 100_000_000
TOKEN_LENGTH = 100
DONE: Answer = ({}, {})


def carry_out(driver: Driver, command: Command) -> None:
    """Do what `command` says. What cannot be done gives a note with the error's own words."""
    token = command.get("token")
    token = token if isinstance(token, str) and len(token) <= TOKEN_LENGTH else None
    try:
        do = command.get("do")
        if not isinstance(do, str) or do not in COMMANDS:
            raise InvalidInput("do", f"must be one of {', '.join(COMMANDS)}", do, "play")
        answer = COMMANDS[do](driver, {**command, "token": token})
        if do in ("set", "reset") or driver.run.spec != driver.scene_spec:
            driver.send_scene()
        if token and answer is not None:
            driver.reply(token, do, *answer)
    except Exception as problem:  # noqa: BLE001 - a command comes from outside; the run must outlive all of them
        driver.note("error", jobs.in_words(problem), token)


def play(driver: Driver, command: Command) -> Answer:
    on = _flag(command, "on")
    steps = _whole(command, "steps", 1) if command.get("steps") is not None else None
    if on:
        driver.start("playing", None if steps is None else driver.live_step + steps)
    else:
        driver.pause()
    return DONE


def advance(driver: Driver, command: Command) -> Answer:
    steps = _whole(command, "steps", 1)
    driver.start("advancing", driver.live_step + steps, command["token"])
    return None


def reset(driver: Driver, command: Command) -> Answer:
    spec = driver.run.spec
    if command.get("seed") is not None:
        spec = specs.from_values(type(spec), {"seed": command["seed"]}, spec)
    driver.start_over(spec)
    return DONE


def set_(driver: Driver, command: Command) -> Answer:
    """`trained`: go on from a checkpoint of the new settings where one ships, and stand still there."""
    changes = _mapping(command, "changes")
    trained = "trained" in command and _flag(command, "trained")
    if trained:
        driver.pause()
    driver.change(changes)
    if trained:
        if driver.live_step:  # the same settings as before: nothing has begun anew
            driver.start_over(driver.run.spec)
        checkpoints.open_trained(driver)
    return DONE


def edit(driver: Driver, command: Command) -> Answer:
    index = command.get("index")
    if not isinstance(index, list):
        raise InvalidInput("edit.index", "must be a list of whole numbers", index, "[0, 0]")
    driver.edit(str(command.get("array")), tuple(index), command.get("value"))  # type: ignore[arg-type]
    return DONE


def speed(driver: Driver, command: Command) -> Answer:
    value = command.get("steps_per_second")
    if value is not None:
        Range(0.1, 1_000_000, log=True).check("speed.steps_per_second", value)
    driver.limit_speed(value)
    return DONE


def seek(driver: Driver, command: Command) -> Answer:
    step = _whole(command, "step", 0) if command.get("step") is not None else None
    driver.look_at(step)
    return {"step": driver.run.step}, {}


def branch(driver: Driver, command: Command) -> Answer:
    step = _whole(command, "step", 0) if command.get("step") is not None else None
    child = driver.branch(step)
    driver.children.append(child)
    return {"run": child.id, "step": child.run.step}, {}


def probe(driver: Driver, command: Command) -> Answer:
    panel = driver.lab.panel(str(command.get("panel")))
    if not panel.probe:
        known = [p.slug for p in driver.lab.panels if p.probe]
        raise InvalidInput(
            "probe.panel", f"must be one of {', '.join(known)}", panel.slug, known[0] if known else "code"
        )
    options = _mapping(command, "options") if command.get("options") is not None else {}
    found = load(panel.probe)(driver.run, **options)
    if isinstance(found, Generator):
        jobs.begin(driver, jobs.Job(command["token"], "probe", {"panel": panel.slug}, found))
        return None
    numbers, arrays = jobs.answer(found)
    return {"panel": panel.slug, **numbers}, arrays


def claim(driver: Driver, command: Command) -> Answer:
    found = _claim(driver, command.get("slug"))
    jobs.begin(driver, jobs.Job(command["token"], "claim", {"slug": found.slug}, found.experiment()))
    return None


def fetch(driver: Driver, command: Command) -> Answer:
    if not driver.lab.fetch:
        raise InvalidInput("fetch", "is not offered by this lab", driver.lab.slug, "another lab")
    name = str(command.get("name"))
    jobs.begin(driver, jobs.Job(command["token"], "fetch", {"name": name}, load(driver.lab.fetch)(name)))
    return None


def cancel(driver: Driver, command: Command) -> Answer:
    return {"cancelled": jobs.cancel(driver, str(command.get("of")))}, {}


def code(driver: Driver, command: Command) -> Answer:
    if not driver.lab.code:
        raise InvalidInput("code", "is not offered by this lab", driver.lab.slug, "another lab")
    return {"text": load(driver.lab.code)(driver.run.spec)}, {}


def keep(driver: Driver, command: Command) -> Answer:
    return {"on": _flag(command, "on")}, {}  # who holds the run decides how long it lives


COMMANDS: dict[str, Callable[[Driver, Command], Answer]] = {
    "play": play,
    "advance": advance,
    "reset": reset,
    "set": set_,
    "edit": edit,
    "speed": speed,
    "seek": seek,
    "branch": branch,
    "probe": probe,
    "claim": claim,
    "fetch": fetch,
    "cancel": cancel,
    "code": code,
    "keep": keep,
}


def _whole(command: Command, name: str, low: int) -> int:
    Range(low, MOST_STEPS, whole=True).check(f"{command['do']}.{name}", command.get(name))
    return int(command[name])


def _flag(command: Command, name: str) -> bool:
    Flag().check(f"{command['do']}.{name}", command.get(name))
    return command[name]


def _mapping(command: Command, name: str) -> dict[str, Any]:
    value = command.get(name)
    if not isinstance(value, dict):
        raise InvalidInput(f"{command['do']}.{name}", "must be an object of names and values", value, "{}")
    return value


def _claim(driver: Driver, slug: Any) -> Claim:
    known = {claim.slug: claim for claim in driver.lab.claim_list()}
    if slug not in known:
        raise InvalidInput("claim.slug", f"must be one of {', '.join(known)}", slug, next(iter(known), "another lab"))
    return known[slug]
