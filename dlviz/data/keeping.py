"""Data sets that are fetched once, when a person asks, and kept on this machine: where they lie, and how they come
there, whole or not at all.

Nothing here imports torch, so that a page can ask what is there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

from dlviz.core.errors import DlvizError
from dlviz.core.lab import Progress
from dlviz.data.fetching import SILENCE, FetchProblem, Source, end_with_parent, in_words, watch

VARIABLE = "DLVIZ_DATA"  # the folder they are kept in
WATCHED = "--watched"
WHOLE = "whole.npz"  # what the child leaves in its room
WAIT = 0.5  # seconds between two looks at what somebody else fetches

Work = Callable[[dict[str, Any]], None]
Fetch = Callable[[str], Generator[Progress, None, dict[str, Any]]]


def folder() -> Path:
    """Where fetched data sets are kept."""
    given = os.environ.get(VARIABLE, "").strip()
    return Path(given) if given else Path.home() / ".cache" / "dlviz"


def file_of(name: str) -> Path:
    """The file of a data set."""
    return folder() / f"{name}.npz"


def room_of(name: str) -> Path:
    """Where a data set is put together."""
    return folder() / f".fetching.{name}"


def fetch_once(
    name: str, sources: Sequence[Source], module: str, without: str
) -> Generator[Progress, None, dict[str, Any]]:
    """Fetch a data set and keep it, whole or not at all; `Progress` counts bytes. Several sessions fetch it once.

    `python -m module --watched` does the work in a process of its own: it reads an order (`name`, `room`, `sources`)
    and leaves `whole.npz` in the room. Raises `FetchProblem`, whose words end with `without`: what works all the same.
    """
    total = sum(source.size for source in sources)
    while not file_of(name).is_file():
        room = take_room(name, without)
        if room is None:
            yield Progress(_bytes_in(room_of(name)), total, "another session fetches it", rest=WAIT)
            continue
        order = {"name": name, "room": str(room), "sources": in_words(sources)}
        try:
            yield from watch([sys.executable, "-m", module, WATCHED], order)
            (room / WHOLE).replace(file_of(name))
        except (FetchProblem, OSError) as problem:
            raise FetchProblem(f"{problem} {without}") from problem
        finally:
            shutil.rmtree(room, ignore_errors=True)
    return {"name": name, "bytes": total}


def take_room(name: str, without: str) -> Path | None:
    """An empty folder to work in, or None while somebody else works in it. Raises `FetchProblem`."""
    room = room_of(name)
    try:
        room.parent.mkdir(parents=True, exist_ok=True)
        newest = max((each.stat().st_mtime for each in (room, *room.glob("*"))), default=0.0) if room.is_dir() else None
        if newest is not None and time.time() - newest > 2 * SILENCE:
            shutil.rmtree(room, ignore_errors=True)  # whoever worked in it is gone
        room.mkdir()
    except FileExistsError:
        return None
    except OSError as problem:
        words = f"Nothing can be written to {folder()} ({problem.strerror})."
        raise FetchProblem(f"{words} Set {VARIABLE} to a folder that can. {without}") from problem
    return room


def _bytes_in(room: Path) -> int:
    found = 0
    for file in room.glob("*"):
        with contextlib.suppress(OSError):  # gone meanwhile
            found += file.stat().st_size
    return found


def from_the_command_line(words: list[str], work: Work, fetch: Fetch) -> int:
    """Fetch the sets named; 2 and one line where that cannot be. With `--watched`: `work`, as `fetch_once` orders."""
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
            print(f"{name}: kept in {folder()}")
    except DlvizError as problem:
        print(f"dlviz: {problem}", file=sys.stderr)
        return 2
    return 0


def _print_progress(name: str, progress: Progress) -> None:
    if sys.stdout.isatty():
        share = f" of {progress.total / 1e6:,.1f} ({progress.done / progress.total:.0%})" if progress.total else ""
        print(f"\r{name}: {progress.done / 1e6:,.1f} MB{share}", end="\r", flush=True)
