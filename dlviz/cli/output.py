"""What commands print: JSON for programs, aligned text for people. Results go to stdout, complaints to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def as_json(value: Any) -> str:
    """One line of strict JSON; what is not a finite number becomes null, because JSON has no NaN."""
    return json.dumps(_finite(value), default=_plain, ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, float):
        return value if abs(value) <= sys.float_info.max else None
    if isinstance(value, Mapping):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    return value


def say(text: str = "") -> None:
    """A line of a result, at once: a program may be reading while we still train."""
    print(text, flush=True)


def complain(text: str, json_wanted: bool) -> None:
    """One line saying what went wrong."""
    line = as_json({"error": text}) if json_wanted else f"dlviz: {text}"
    print(line, file=sys.stderr, flush=True)


def shown(value: Any) -> str:
    """A value in a table: six digits are enough for a reader."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def table(rows: Sequence[Mapping[str, Any]], indent: str = "  ") -> str:
    """Rows of equal keys as aligned columns with a head."""
    if not rows:
        return ""
    columns = list(rows[0])
    cells = [columns, *([shown(row.get(column, "")) for column in columns] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
    return "\n".join((indent + line).rstrip() for line in lines)
