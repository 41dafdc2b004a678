"""Rules: what a field of a spec accepts, how it is read from text and written, and what it refuses in words."""

from __future__ import annotations

import base64
import dataclasses
import math
import re
import zlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Literal

from dlviz.core.errors import InvalidInput

Role = Literal["structure", "data", "points", "live", "view"]


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
        return _shortest(value)


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


@dataclass(frozen=True)
class Numbers(Rule):
    """A list of numbers, such as the cells of a kernel: `-1_0_1`; `none` for an empty one.

    Underscores part them, so that a link stays readable and a comma may stand in a decimal number.
    """

    low: float
    high: float
    at_most: int

    def check(self, name: str, value: Any) -> None:
        rule = f"must be at most {self.at_most} numbers in [{self.low:g}, {self.high:g}]"
        if not isinstance(value, tuple) or len(value) > self.at_most:
            given = f"{len(value)} numbers" if isinstance(value, tuple) else value
            raise InvalidInput(name, rule, given, "none")
        for number in value:
            good = isinstance(number, int | float) and not isinstance(number, bool)
            if not good or not self.low <= number <= self.high:
                raise InvalidInput(name, rule, number, "0.5")

    def parse(self, name: str, text: str) -> tuple[float, ...]:
        words = [] if text.strip() in ("", "none") else text.split("_")
        try:
            return tuple(float(word) for word in words)
        except ValueError:
            rule = "must be numbers with _ between"
            raise InvalidInput(name, rule, text, "-1_0_1") from None

    def text(self, value: Any) -> str:
        return "_".join(_shortest(number) for number in value) or "none"


PACKED = "z~"  # before the letters of a packed text in a link
PLAIN_LENGTH = 200  # characters up to which a text stands in a link as it is


@dataclass(frozen=True)
class Text(Rule):
    """Words that a person typed or pasted. In a link a long one is packed (zlib, base64)."""

    at_most: int

    def check(self, name: str, value: Any) -> None:
        if not isinstance(value, str):
            raise InvalidInput(name, "must be a text", value, "some words")
        if len(value) > self.at_most:
            rule = f"must be at most {self.at_most:,} characters"
            raise InvalidInput(name, rule, f"{len(value):,} characters", "a part of it")
        try:
            value.encode()
        except UnicodeEncodeError as problem:
            broken = f"half of a letter (U+{ord(value[problem.start]):04X})"
            raise InvalidInput(name, "must be a text of whole letters", broken, "copying it again") from None

    def parse(self, name: str, text: str) -> str:
        if not text.startswith(PACKED):
            return text
        try:
            packed = base64.urlsafe_b64decode(text.removeprefix(PACKED) + "===")
            unpacking = zlib.decompressobj()
            # A few bytes may unpack to gigabytes; a letter has at most four.
            unpacked = unpacking.decompress(packed, 4 * self.at_most + 4).decode()
            if not unpacking.eof and not unpacking.unconsumed_tail:
                raise ValueError("it breaks off")
        except (ValueError, zlib.error):
            raise InvalidInput(name, "must be a text, or one packed by this program", text, "leaving it out") from None
        return unpacked

    def text(self, value: Any) -> str:
        if len(value) <= PLAIN_LENGTH and not value.startswith(PACKED):
            return str(value)
        return PACKED + base64.urlsafe_b64encode(zlib.compress(value.encode(), 9)).decode().rstrip("=")


def _shortest(number: float) -> str:
    """The shortest text that gives back the very same number."""
    short = f"{number:g}"
    return short if float(short) == number else repr(number)
