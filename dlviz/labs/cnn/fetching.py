"""Fetch data sets that do not come with a package: `python -m dlviz.labs.cnn.fetching cifar10`.

The page's command `fetch` does the same: `fetch` watches a process of its own (this module, with `--watched`) that
downloads, unpacks and writes the set into a room beside the others; only what is whole is moved out of it.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np

from dlviz.core.errors import DlvizError, InvalidInput
from dlviz.core.lab import Progress
from dlviz.data.fetching import (
    SILENCE,
    FetchProblem,
    download,
    end_with_parent,
    from_words,
    in_words,
    tell_by_lines,
    watch,
)
from dlviz.labs.cnn import arriving, online
from dlviz.labs.cnn.sources import SOURCES, WITHOUT

WATCHED = "--watched"
WAIT = 0.5  # seconds between two looks at what somebody else fetches


def fetch(name: str) -> Generator[Progress, None, dict[str, Any]]:
    """Fetch a data set and keep it, whole or not at all; `Progress` counts bytes. Several sessions fetch it once.

    Raises `InvalidInput` for a name there is not, `FetchProblem` in words where the network does not give it.
    """
    if name not in SOURCES:
        raise InvalidInput("fetch.name", f"must be one of {', '.join(SOURCES)} to be fetched", name, "cifar10")
    sources = SOURCES[name]
    total = sum(source.size for source in sources)
    while not online.is_here(name):
        room = _take_room(name)
        if room is None:
            yield Progress(_bytes_in(_room_of(name)), total, "another session fetches it", rest=WAIT)
            continue
        order = {"name": name, "room": str(room), "sources": in_words(sources)}
        try:
            yield from watch([sys.executable, "-m", "dlviz.labs.cnn.fetching", WATCHED], order)
            (room / "whole.npz").replace(online.file_of(name))
        except (FetchProblem, OSError) as problem:
            raise FetchProblem(f"{problem} {WITHOUT[name]}") from problem
        finally:
            shutil.rmtree(room, ignore_errors=True)
    return {"name": name, "bytes": total}


def _room_of(name: str) -> Path:
    return online.folder() / f".fetching.{name}"


def _take_room(name: str) -> Path | None:
    """An empty folder to work in, or None while somebody else works in it. Raises `FetchProblem`."""
    room = _room_of(name)
    try:
        room.parent.mkdir(parents=True, exist_ok=True)
        newest = max((each.stat().st_mtime for each in (room, *room.glob("*"))), default=0.0) if room.is_dir() else None
        if newest is not None and time.time() - newest > 2 * SILENCE:
            shutil.rmtree(room, ignore_errors=True)  # whoever worked in it is gone
        room.mkdir()
    except FileExistsError:
        return None
    except OSError as problem:
        words = f"Nothing can be written to {online.folder()} ({problem.strerror})."
        raise FetchProblem(f"{words} Set {online.VARIABLE} to a folder that can. {WITHOUT[name]}") from problem
    return room


def _bytes_in(room: Path) -> int:
    found = 0
    for file in room.glob("*"):
        with contextlib.suppress(OSError):  # gone meanwhile
            found += file.stat().st_size
    return found


def work(order: dict[str, Any]) -> None:
    """In the child: fetch, unpack, write `whole.npz` into the room."""
    room, sources = Path(order["room"]), from_words(order["sources"])
    download(sources, room, tell_by_lines)
    total = sum(source.size for source in sources)
    tell_by_lines(total, total, "unpacking")
    pictures, labels = arriving.read(order["name"], room)
    np.savez(room / "whole.npz", pictures=pictures, labels=labels)


def main(words: list[str]) -> int:
    """Fetch the sets named on the command line; 2 and one line where that cannot be."""
    if words == [WATCHED]:
        order = json.loads(end_with_parent())
        try:
            work(order)
        except (FetchProblem, OSError) as problem:
            print(json.dumps({"problem": str(problem)}), flush=True)
            return 1
        return 0
    try:
        for name in words or [""]:
            for progress in fetch(name):
                _print_progress(name, progress)
                time.sleep(progress.rest)
            print(f"{name}: kept in {online.folder()}")
    except DlvizError as problem:
        print(f"dlviz: {problem}", file=sys.stderr)
        return 2
    return 0


def _print_progress(name: str, progress: Progress) -> None:
    if sys.stdout.isatty():
        share = progress.done / max(1, progress.total)
        print(
            f"\r{name}: {progress.done / 1e6:,.1f} MB of {progress.total / 1e6:,.1f} ({share:.0%})",
            end="\r",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
