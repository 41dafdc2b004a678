"""The run that belongs to this browser session and lab, and the settings its link asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Lab
from dlviz.training.engine import RunHandle, get_engine

# A link may ask for a trained state; past this many steps replaying would keep the reader waiting.
MOST_OPENING_STEPS = 50_000


@dataclass(frozen=True)
class Opening:
    """What a link asks for: the spec, steps to train before the first picture, hidden controls, complaints."""

    spec: Any
    steps: int
    hidden: tuple[str, ...]
    ignored: tuple[str, ...]


def read_link(lab: Lab) -> Opening:
    """The opening state of a lab from the link; what cannot be used is named in `ignored`."""
    prefix = f"{lab.slug}."
    given = {name[len(prefix) :]: text for name, text in st.query_params.items() if name.startswith(prefix)}
    given.pop("panel", None)
    ignored: list[str] = []
    hidden = _hidden(lab, given.pop("hide", ""), ignored)
    # A link that changes the run's settings opens at its own beginning unless it names a step, or a trained run ships.
    step_text = given.pop("step", "")
    spec: Any
    spec, complaints = specs.read_leniently(lab.spec, given)
    shipped = (lab.spec(), *(specs.from_values(lab.spec, each.changes) for each in lab.presets if each.trained))
    same_run = any(specs.roles_of_change(each, spec) <= {"view"} for each in shipped)
    steps = _steps(step_text, lab.opening_steps if same_run else 0, ignored)
    return Opening(spec, steps, hidden, (*complaints, *ignored))


def _hidden(lab: Lab, text: str, ignored: list[str]) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    known = specs.rules(lab.spec)
    rule, attempt = "must name settings of the lab", next(iter(known))
    ignored += [str(InvalidInput(f"{lab.slug}.hide", rule, name, attempt)) for name in names if name not in known]
    return tuple(name for name in names if name in known)


def _steps(text: str, otherwise: int, ignored: list[str]) -> int:
    if not text:
        return otherwise
    if text.isdecimal() and int(text[:9]) <= MOST_OPENING_STEPS:
        return int(text)
    ignored.append(str(InvalidInput("step", f"must be a whole number in [0, {MOST_OPENING_STEPS}]", text, "1000")))
    return otherwise


def run_of(lab: Lab) -> tuple[RunHandle, Opening]:
    """This session's run of the lab: the one it has, or a new one as the link (or the last visit) says."""
    engine, key = get_engine(), f"{lab.slug}/run"
    held: tuple[RunHandle, Opening] | None = st.session_state.get(key)
    if held is not None and engine.alive(held[0].id):
        return held
    opening = read_link(lab)
    if held is not None and not any(name.startswith(f"{lab.slug}.") for name in st.query_params):
        # Back from another page: the link is bare, but the reader's settings are not forgotten.
        opening = replace(held[1], spec=_last_spec(lab, held), ignored=())
    handle = engine.start(lab.slug, opening.spec, opening_steps=opening.steps)
    st.session_state[key] = (handle, opening)
    return handle, opening


def _last_spec(lab: Lab, held: tuple[RunHandle, Opening]) -> Any:
    from dlviz.training.frames import decode

    scene = held[0].scene()
    return held[1].spec if scene is None else specs.from_values(lab.spec, decode(scene).numbers["spec"])
