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
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from dlviz.core.errors import InvalidInput

Role = Literal["structure", "data", "points", "live", "view"]
S = TypeVar("S")


@dataclass(frozen=True, kw_only=True)
class Rule(ABC):
    """What a field accepts. Subclasses say how a value is checked, read from text and written."""

    role: Role = "structure"
    label: str = ""
    unit: str = ""
    help: str = ""

    @abstractmethod
    def check(self, name: str, value: Any) -> None:
        """Raise `InvalidInput` about `name` unless `value` is acceptable."""

    @abstractmethod
    def parse(self, name: str, text: str) -> Any:
        """The value that a link or a command line means by `text`; `InvalidInput` where it means none."""

    def text(self, value: Any) -> str:
        """The value as `parse` reads it."""
        return str(value)

    def describe(self) -> dict[str, Any]:
        """The rule as plain JSON: `kind` and the limits, for components and `dlviz labs --json`."""
        plain = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {"kind": type(self).__name__.lower(), **plain}


@dataclass(frozen=True)
class Range(Rule):
    """A number between two ends, both allowed. `whole` asks for an integer."""

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def check(self, name: str, value: Any) -> None:
        rule = f"must be {'a whole number ' if self.whole else ''}in [{self.low:g}, {self.high:g}]"
        attempt = f"{self.middle():g}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidInput(name, rule, value, attempt)
        if value == value:  # not NaN: the nearest value that works
            nearest = min(max(value, self.low), self.high)
            attempt = f"{round(nearest) if self.whole else nearest:g}"
        if not self.low <= value <= self.high or (self.whole and not isinstance(value, int)):
            raise InvalidInput(name, rule, value, attempt)

    def middle(self) -> float:
        """A value that surely works, for the end of an error sentence."""
        middle = math.sqrt(self.low * self.high) if self.log and self.low > 0 else (self.low + self.high) / 2
        return int(middle) if self.whole else middle

    def parse(self, name: str, text: str) -> float | int:
        try:
            number = float(text)
        except ValueError:
            rule = f"must be a number in [{self.low:g}, {self.high:g}]"
            raise InvalidInput(name, rule, text, f"{self.middle():g}") from None
        return int(number) if self.whole and math.isfinite(number) and number == int(number) else number

    def text(self, value: Any) -> str:
        short = f"{value:g}"
        return short if float(short) == value else repr(value)  # a link must give back the very same number


@dataclass(frozen=True)
class Choice(Rule):
    """One word out of a list. `labels` are what a person reads, in the same order."""

    options: tuple[str, ...]
    labels: tuple[str, ...] = ()

    def check(self, name: str, value: Any) -> None:
        if value not in self.options:
            raise InvalidInput(name, f"must be one of {', '.join(self.options)}", value, self.options[0])

    def parse(self, name: str, text: str) -> str:
        return text.strip()


@dataclass(frozen=True)
class Several(Rule):
    """Some of a list of words. With `repeat`, in any order and as often as wished (one per layer)."""

    options: tuple[str, ...]
    labels: tuple[str, ...] = ()
    repeat: bool = False
    at_least: int = 1
    at_most: int = 32

    def check(self, name: str, value: Any) -> None:
        attempt = ",".join(self.options[: max(self.at_least, 1)])
        if not isinstance(value, tuple) or not self.at_least <= len(value) <= self.at_most:
            raise InvalidInput(name, f"must name {self.at_least} to {self.at_most} of {', '.join(self.options)}",
                               value, attempt)  # fmt: skip
        for word in value:
            if word not in self.options:
                raise InvalidInput(name, f"must be made of {', '.join(self.options)}", word, attempt)
        if not self.repeat and len(set(value)) != len(value):
            raise InvalidInput(name, "must not name anything twice", ",".join(value), ",".join(dict.fromkeys(value)))

    def parse(self, name: str, text: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in text.split(",") if word.strip())

    def text(self, value: Any) -> str:
        return ",".join(value)


@dataclass(frozen=True)
class Sizes(Rule):
    """A list of whole numbers, such as the widths of hidden layers: `8,8`; `none` for an empty one."""

    low: int
    high: int
    at_most: int
    at_least: int = 0

    def check(self, name: str, value: Any) -> None:
        count = f"{self.at_least} to {self.at_most} whole numbers in [{self.low}, {self.high}]"
        attempt = ",".join([str((self.low + self.high) // 2)] * max(min(2, self.at_most), self.at_least))
        good = isinstance(value, tuple) and self.at_least <= len(value) <= self.at_most
        if not good or any(isinstance(n, bool) or not isinstance(n, int) for n in value):
            raise InvalidInput(name, f"must be {count}", value, attempt)
        if any(not self.low <= n <= self.high for n in value):
            fitted = ",".join(str(min(max(n, self.low), self.high)) for n in value)
            raise InvalidInput(name, f"must be {count}", self.text(value), fitted)

    def parse(self, name: str, text: str) -> tuple[int, ...]:
        words = [] if text.strip() in ("", "none") else text.split(",")
        if not all(re.fullmatch(r"\s*[+-]?\d{1,9}\s*", word) for word in words):
            attempt = ",".join([str(self.high // 2 or self.low)] * 2)
            raise InvalidInput(name, f"must be whole numbers in [{self.low}, {self.high}], commas between", text,
                               attempt)  # fmt: skip
        return tuple(int(word) for word in words)

    def text(self, value: Any) -> str:
        return ",".join(str(n) for n in value) or "none"


@dataclass(frozen=True)
class Flag(Rule):
    """Yes or no; `on` and `off` in links and on the command line."""

    def check(self, name: str, value: Any) -> None:
        if not isinstance(value, bool):
            raise InvalidInput(name, "must be on or off", value, "on")

    def parse(self, name: str, text: str) -> bool:
        known = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}
        if text.strip().lower() not in known:
            raise InvalidInput(name, "must be on or off", text, "on")
        return known[text.strip().lower()]

    def text(self, value: Any) -> str:
        return "on" if value else "off"


@dataclass(frozen=True)
class Coded(Rule):
    """A compact text made by the program, not typed by a person, such as a list of points."""

    at_most: int
    pattern: str = r"[A-Za-z0-9_.-]*"

    def check(self, name: str, value: Any) -> None:
        if not isinstance(value, str) or len(value) > self.at_most or not re.fullmatch(self.pattern, value):
            raise InvalidInput(name, f"must be at most {self.at_most} characters of letters, digits, _ . -", value,
                               "leaving it out")  # fmt: skip

    def parse(self, name: str, text: str) -> str:
        return text


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
        if isinstance(value, str) and not isinstance(known[name], Choice | Coded):
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
