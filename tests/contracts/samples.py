"""Random legal specs of any lab, made from the rules of its fields alone."""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import strategies as st

from dlviz.core import rules
from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Lab, discover

LABS = [*discover()[0].values()]


def values(rule: rules.Rule) -> st.SearchStrategy[Any]:
    """Every value that a rule accepts; of sizes and counts the small ones, which obey the same laws in less time."""
    match rule:
        case rules.Range(whole=True, log=True):
            return st.integers(int(rule.low), min(int(rule.high), 16))  # widths and batches; small ones do
        case rules.Range(whole=True):
            return st.integers(int(rule.low), int(rule.high))
        case rules.Range():
            return st.floats(rule.low, rule.high)
        case rules.Choice():
            return st.sampled_from(rule.options)
        case rules.Several():
            most = rule.at_most if rule.repeat else min(rule.at_most, len(rule.options))
            words = st.sampled_from(rule.options)
            return st.lists(words, min_size=rule.at_least, max_size=most, unique=not rule.repeat).map(tuple)
        case rules.Sizes():
            return st.lists(
                st.integers(rule.low, min(rule.high, 8)), min_size=rule.at_least, max_size=rule.at_most
            ).map(tuple)  # fmt: skip
        case rules.Flag():
            return st.booleans()
        case rules.Coded() | rules.Text():
            return st.just("")  # its text means something only to the lab, whose own tests make it
        case rules.Numbers():
            return st.just(())  # how many there must be, only the lab knows
    raise AssertionError(f"No strategy for the rule {type(rule).__name__}: add one here.")


@st.composite
def legal_specs(draw: st.DrawFn, lab: Lab, roles: tuple[rules.Role, ...] = ()) -> Any:
    """A legal spec: random values for every field (or those of the roles given), conflicts taken out one by one."""
    fields = specs.rules(lab.spec)
    wanted = {name: draw(values(rule)) for name, rule in fields.items() if not roles or rule.role in roles}
    spec = lab.spec()
    for name, value in wanted.items():
        try:
            spec = dataclasses.replace(spec, **{name: value})
        except InvalidInput:
            continue  # legal alone, not beside the others
    return spec
