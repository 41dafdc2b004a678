"""Fetch larger data sets of graphs: `python -m dlviz.labs.graph.larger.fetching cora`; see dlviz/data/keeping.py."""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.data.fetching import download, from_words, tell_by_lines
from dlviz.data.keeping import WHOLE, fetch_once, file_of, from_the_command_line
from dlviz.labs.graph.larger import arriving
from dlviz.labs.graph.larger.sources import LARGER, WITHOUT

MODULE = "dlviz.labs.graph.larger.fetching"


def fetch(name: str) -> Generator[Progress, None, dict[str, Any]]:
    """Fetch a data set and keep it. Raises `InvalidInput` for a name there is not, `FetchProblem` in words where the
    network does not give it."""
    if name not in LARGER:
        raise InvalidInput("fetch.name", f"must be one of {', '.join(LARGER)} to be fetched", name, "cora")
    return (yield from fetch_once(name, LARGER[name].sources, MODULE, WITHOUT))


def is_here(name: str) -> bool:
    """Whether a data set has been fetched."""
    return file_of(name).is_file()


def read(name: str) -> dict[str, np.ndarray]:
    """The arrays of a data set as `arriving.read` has them. Raises `InvalidInput` where it has not been fetched."""
    if name not in LARGER:
        raise InvalidInput("larger.name", f"must be one of {', '.join(LARGER)}", name, "cora")
    if not is_here(name):
        rule = "must be on this machine, and this one has to be fetched first"
        raise InvalidInput("larger.name", rule, name, f"Fetch, under Larger data, or python -m {MODULE} {name}")
    with np.load(file_of(name)) as kept:
        return dict(kept)


def work(order: dict[str, Any]) -> None:
    """In the child: fetch, read, write `whole.npz` into the room."""
    room = Path(order["room"])
    download(from_words(order["sources"]), room, tell_by_lines)
    tell_by_lines(1, 1, "unpacking")
    np.savez_compressed(room / WHOLE, **arriving.read(LARGER[order["name"]], room))  # type: ignore[arg-type]


def main(words: list[str]) -> int:
    """Fetch the sets named on the command line; 2 and one line where that cannot be."""
    return from_the_command_line(words, work, fetch)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
