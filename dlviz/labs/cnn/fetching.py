"""Fetch data sets that do not come with a package: `python -m dlviz.labs.cnn.fetching cifar10`.

The page's command `fetch` does the same: a process of its own (this module, with `--watched`) downloads, unpacks and
writes the set into a room beside the others; only what is whole is moved out of it.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.data.fetching import download, from_words, tell_by_lines
from dlviz.data.keeping import WHOLE, fetch_once, from_the_command_line
from dlviz.labs.cnn import arriving
from dlviz.labs.cnn.sources import SOURCES, WITHOUT


def fetch(name: str) -> Generator[Progress, None, dict[str, Any]]:
    """Fetch a data set and keep it (see `keeping.fetch_once`).

    Raises `InvalidInput` for a name there is not, `FetchProblem` in words where the network does not give it.
    """
    if name not in SOURCES:
        raise InvalidInput("fetch.name", f"must be one of {', '.join(SOURCES)} to be fetched", name, "cifar10")
    return (yield from fetch_once(name, SOURCES[name], "dlviz.labs.cnn.fetching", WITHOUT[name]))


def work(order: dict[str, Any]) -> None:
    """In the child: fetch, unpack, write `whole.npz` into the room."""
    room, sources = Path(order["room"]), from_words(order["sources"])
    download(sources, room, tell_by_lines)
    total = sum(source.size for source in sources)
    tell_by_lines(total, total, "unpacking")
    pictures, labels = arriving.read(order["name"], room)
    np.savez(room / WHOLE, pictures=pictures, labels=labels)


def main(words: list[str]) -> int:
    """Fetch the sets named on the command line; 2 and one line where that cannot be."""
    return from_the_command_line(words, work, fetch)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
