"""Specs: frozen dataclasses whose annotated fields are the whole truth about a lab's settings.

One line gives a field its default, its check, its widget, its link key, its command-line flag and
its error text:

    learning_rate: Annotated[float, Range(1e-5, 10, log=True, role="live", help="…")] = 0.03

A rule turns text into a value (`parse`), a value into text (`text`), refuses what cannot work
(`check`) and describes itself to a component (`describe`). `role` says what a change does to a
running model:

    structure  the model is built again, training restarts
    data       the data are made again, training restarts
    points     the data are replaced under the running model, training goes on
    live       the running model takes it at once
    view       only the picture changes
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from dlviz.core.errors import InvalidInput
from dlviz.core.rules import Choice, Coded, Role, Rule, Text

S = TypeVar("S")

# Rules are asked for at every snapshot, and reading the hints takes most of a millisecond.
_RULES: dict[type, Mapping[str, Rule]] = {}


def rules(cls: type) -> Mapping[str, Rule]:
    """The rule of each field of a spec class, in the order of its definition."""
    if cls not in _RULES:
        _RULES[cls] = MappingProxyType(_read_rules(cls))
    return _RULES[cls]


def _read_rules(cls: type) -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for name, hint in get_type_hints(cls, include_extras=True).items():
        extras = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
        rule = next((extra for extra in extras if isinstance(extra, Rule)), None)
        if rule is not None:
            found[name] = rule
    return found


def check(spec: Any) -> None:
    """Raise `InvalidInput` for the first field that its rule refuses, then for the first `conflicts`."""
    for name, rule in rules(type(spec)).items():
        rule.check(f"{type(spec).__name__}.{name}", getattr(spec, name))
    for _field, problem in conflicts(spec):
        raise problem


def conflicts(spec: Any) -> Iterator[tuple[str, InvalidInput]]:
    """Pairs (field, error) for fields that are each legal but do not go together."""
    find = getattr(spec, "conflicts", None)
    if find is not None:
        yield from find()


class Checked:
    """Base of every spec: an instance that exists is legal."""

    def __post_init__(self) -> None:
        check(self)


def read(cls: type[S], texts: Mapping[str, str], base: S | None = None) -> S:
    """A spec from texts (command line): the first bad or unknown entry raises `InvalidInput`."""
    values: dict[str, Any] = {}
    known = rules(cls)
    for name, text in texts.items():
        if name not in known:
            raise InvalidInput(f"{cls.__name__}", f"has the fields {', '.join(known)}", name, next(iter(known)))
        values[name] = known[name].parse(f"{cls.__name__}.{name}", text)
        known[name].check(f"{cls.__name__}.{name}", values[name])
    return dataclasses.replace(base or cls(), **values)  # type: ignore[type-var]


def read_leniently(cls: type[S], texts: Mapping[str, str]) -> tuple[S, list[str]]:
    """A spec from a link: what cannot be used falls back to its default, each with a line saying so."""
    spec, ignored = cls(), []
    good: dict[str, str] = {}
    for name, text in texts.items():
        try:
            read(cls, {name: text})
        except InvalidInput as problem:
            if name in rules(cls) and _legal_alone(cls, name, text):
                good[name] = text  # a conflict with a default: the other entries of the link may settle it
            else:
                ignored.append(str(problem))
        else:
            good[name] = text
    while True:
        try:
            return read(cls, good, spec), ignored
        except InvalidInput as problem:
            ignored.append(str(problem))
            culprit = problem.what.rpartition(".")[2]
            good.pop(culprit if culprit in good else next(reversed(good)))


def _legal_alone(cls: type, name: str, text: str) -> bool:
    rule = rules(cls)[name]
    try:
        rule.check(name, rule.parse(name, text))
    except InvalidInput:
        return False
    return True


def texts(spec: Any, only_changed: bool = True) -> dict[str, str]:
    """The spec as texts for a link or a command line; fields at their default are left out."""
    default = type(spec)()
    return {
        name: rule.text(getattr(spec, name))
        for name, rule in rules(type(spec)).items()
        if not only_changed or getattr(spec, name) != getattr(default, name)
    }


def values(spec: Any) -> dict[str, Any]:
    """The spec as plain JSON values; tuples become lists."""
    found = {name: getattr(spec, name) for name in rules(type(spec))}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def from_values(cls: type[S], changes: Mapping[str, Any], base: S | None = None) -> S:
    """A spec from JSON values (a command over the socket). Bad or unknown entries raise `InvalidInput`."""
    known = rules(cls)
    clean: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in known:
            raise InvalidInput(f"{cls.__name__}", f"has the fields {', '.join(known)}", name, next(iter(known)))
        if isinstance(value, str) and not isinstance(known[name], Choice | Coded | Text):
            value = known[name].parse(f"{cls.__name__}.{name}", value)
        clean[name] = tuple(value) if isinstance(value, list) else value
    return dataclasses.replace(base or cls(), **clean)  # type: ignore[type-var]


def roles_of_change(before: Any, after: Any) -> set[Role]:
    """The roles of the fields in which two specs differ: what a running model must do about it."""
    return {rule.role for name, rule in rules(type(before)).items() if getattr(before, name) != getattr(after, name)}


def describe(cls: type) -> list[dict[str, Any]]:
    """Every field as plain JSON: name, default, and its rule; for components, `labs` and the docs."""
    default = cls()
    described = []
    for name, rule in rules(cls).items():
        value = getattr(default, name)
        entry = {"name": name, "default": list(value) if isinstance(value, tuple) else value, **rule.describe()}
        entry["label"] = entry["label"] or name.replace("_", " ")
        described.append(entry)
    return described


def link(slug: str, spec: Any, extra: Iterable[tuple[str, str]] = ()) -> dict[str, str]:
    """The query parameters of a link that opens this spec: `{"playground.dataset": "xor"}`."""
    return {f"{slug}.{name}": text for name, text in [*texts(spec).items(), *extra]}
