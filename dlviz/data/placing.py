"""Points of a plane as text that fits a link: two base-64 digits a coordinate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dlviz.core.errors import InvalidInput

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
LEVELS = len(DIGITS) ** 2  # that a coordinate can have


def decode(text: str, half_width: float, field: str) -> list[tuple[float, float]]:
    """What `encode` wrote. Raises `InvalidInput` about `field`."""
    if len(text) % 4:
        raise InvalidInput(field, "must be four characters a point", f"{len(text)} characters", "the whole link again")
    for letter in text:
        if letter not in DIGITS:
            raise InvalidInput(field, "must be letters, digits, - or _", letter, "the whole link again")
    digits = [DIGITS.index(letter) for letter in text]
    levels = [high * len(DIGITS) + low for high, low in zip(digits[::2], digits[1::2], strict=True)]
    values = [level / (LEVELS - 1) * 2 * half_width - half_width for level in levels]
    return list(zip(values[::2], values[1::2], strict=True))


def encode(points: Iterable[Sequence[float]], half_width: float) -> str:
    """Points (x, y) as text, each coordinate at the nearest of 4,096 levels; what lies outside ±`half_width` is put on
    the edge."""
    return "".join(_digits(value, half_width) for point in points for value in point)


def _digits(value: float, half_width: float) -> str:
    share = (min(max(value, -half_width), half_width) + half_width) / (2 * half_width)
    return "".join(DIGITS[k] for k in divmod(round(share * (LEVELS - 1)), len(DIGITS)))
